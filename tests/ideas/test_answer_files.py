"""Documents in answer to a question: kept while the rest is put right, encrypted, and opened by those who may read them."""

import io
from datetime import timedelta

import pytest

from campaign import settings
from campaign.answer_files import AnswerFile
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.purging import purge_private_answers
from campaign.leftovers import sweep
from tests.ideas.asking import a, ask, typed
from tests.pictures import pdf
from tests.refusals import sentence_at

NEW = "/campaigns/soda/ideas/new"
INSIDE = "what only the team should read"


@pytest.fixture
def asked(app, soda_campaign):
    """The id of a private question for a document, which must be answered."""
    return ask(app, soda_campaign, a("file", private=True, required=True))[0]


def plan(number, words=INSIDE, name="Plan of Carl.pdf"):
    return {f"question-{number}": (pdf(words), name)}


def stored(app):
    with app.app_context():
        folder = settings.current().instance / "files"
        return [file.read_bytes() for file in folder.iterdir()] if folder.is_dir() else []


def test_the_team_opens_it_and_nobody_else(app, ana, bea, carl, drew, nobody, asked):
    idea = carl.post(NEW, **typed(), data=plan(asked)).location
    assert "Plan of Carl.pdf (PDF, 1 KB)" in ana.get(idea).text
    opened = ana.get(f"{idea}/answers/{asked}")
    assert INSIDE.encode() in opened.data
    assert opened.headers["Content-Disposition"] == 'attachment; filename="Plan of Carl.pdf"'
    assert "no-store" in opened.headers["Cache-Control"]
    for other in (bea, carl, drew, nobody):
        assert other.get(f"{idea}/answers/{asked}").status_code == 404
        assert "Plan of Carl" not in other.get(idea).text
    assert ana.get(f"{idea}/answers/{asked + 1}").status_code == 404
    assert not any(INSIDE.encode() in data for data in stored(app))
    with app.app_context():
        assert b"Carl" not in db.session.scalars(db.select(AnswerFile)).one().sealed_name


def test_in_the_open_everybody_opens_it(app, carl, nobody, soda_campaign):
    [number] = ask(app, soda_campaign, a("file"))
    idea = carl.post(NEW, **typed(), data=plan(number)).location
    assert INSIDE.encode() in nobody.get(f"{idea}/answers/{number}").data


def test_it_is_chosen_once_however_often_the_form_comes_back(app, ana, carl, asked):
    page = carl.post(NEW, **typed(title="short"), data=plan(asked))
    assert page.status_code == 422
    assert "Plan of Carl.pdf" in page.text
    assert sentence_at(page.text, f"question-{asked}") == ""
    begun = carl.get(NEW).text  # It waits with the draft.
    assert "Plan of Carl.pdf" in begun
    key = begun.split(f'name="question-{asked}-kept" value="')[1].split('"')[0]
    idea = carl.post(NEW, **typed(), **{f"question-{asked}-kept": key}).location
    assert INSIDE.encode() in ana.get(f"{idea}/answers/{asked}").data
    edited = {f"question-{asked}-kept": key}
    assert carl.post(f"{idea}/edit", **typed(text="Anew.", version="1"), **edited).status_code == 302
    assert INSIDE.encode() in ana.get(f"{idea}/answers/{asked}").data
    replaced = carl.post(f"{idea}/edit", **typed(text="Anew.", version="2"), data={**edited, **plan(asked, "another")})
    assert replaced.status_code == 302
    assert b"another" in ana.get(f"{idea}/answers/{asked}").data
    removed = carl.post(f"{idea}/edit", **typed(version="2"), **edited, **{f"question-{asked}-removed": "y"})
    assert "Choose a document." in sentence_at(removed.text, f"question-{asked}")


@pytest.mark.one_database
def test_what_is_no_document_is_said_beside_its_question(app, carl, asked):
    assert "Choose a document." in sentence_at(carl.post(NEW, **typed()).text, f"question-{asked}")
    page = carl.post(NEW, **typed(), data={f"question-{asked}": (pdf(), "plan.pdf"), "documents": (pdf(), "other.pdf")})
    assert page.status_code == 302
    wrong = carl.post(
        NEW, **typed(key="other", title="A can that floats"), data={f"question-{asked}": (io.BytesIO(b"no"), "a.pdf")}
    )
    assert "isn’t a whole PDF" in sentence_at(wrong.text, f"question-{asked}")


def test_nobody_brings_somebody_elses_document(app, ana, bea, carl, asked):
    carl.post(NEW, **typed(title="short"), data=plan(asked))
    with app.app_context():
        key = db.session.scalars(db.select(AnswerFile.key)).one()
    page = bea.post(NEW, **typed(), **{f"question-{asked}-kept": key})
    assert "Choose a document." in sentence_at(page.text, f"question-{asked}")
    assert "Plan of Carl" not in page.text


def test_on_the_date_the_files_are_gone_those_of_drafts_too(app, ana, bea, carl, asked, soda_campaign):
    idea = carl.post(NEW, **typed(), data=plan(asked)).location
    bea.post(NEW, **typed(title="short"), data=plan(asked))
    assert len(stored(app)) == 2
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).private_until = now()
        db.session.commit()
    assert ana.get(f"{idea}/answers/{asked}").status_code == 404
    with app.app_context():
        purge_private_answers()
        assert db.session.scalars(db.select(AnswerFile)).all() == []
    assert stored(app) == []
    assert ana.get(idea).status_code == 200


def test_what_a_draft_waits_with_stays_and_what_was_replaced_goes_after_a_day(app, carl, asked):
    carl.post(NEW, **typed(title="short"), data=plan(asked))
    carl.post(NEW, **typed(title="short"), data=plan(asked, "another"))
    with app.app_context():
        db.session.execute(db.update(AnswerFile).values(uploaded_at=now() - timedelta(days=2)))
        db.session.commit()
        assert sweep() == 1
    assert len(stored(app)) == 1
    assert "Plan of Carl.pdf" in carl.get(NEW).text
