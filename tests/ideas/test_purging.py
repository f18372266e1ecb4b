"""Private answers are gone on the date that was told; the ideas stay."""

from datetime import timedelta

import pytest

from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import Reply
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Draft, Idea
from campaign.ideas.purging import purge_private_answers
from tests.ideas.asking import a, ask, typed

NEW = "/campaigns/soda/ideas/new"
SECRET = "In the bath, with my cat"


@pytest.fixture
def answered(app, bea, carl, soda_campaign):
    """Carl's idea and bea's draft, each with an open and a private answer; gives the private question's id."""
    open_one, private = ask(app, soda_campaign, a(), a(names={"en": "And at home?"}, private=True))
    answers = {f"question-{open_one}": "On a train", f"question-{private}": SECRET}
    carl.post(NEW, **typed(), **answers)
    bea.post("/campaigns/soda/draft", **typed(title="A can that floats"), **answers)
    return private


def let_the_date_come(app, campaign_id):
    with app.app_context():
        db.session.get_one(Campaign, campaign_id).private_until = now() - timedelta(seconds=1)
        db.session.commit()


def what_is_left(app):
    with app.app_context():
        sealed = [reply.sealed for reply in db.session.scalars(db.select(Reply)) if reply.sealed]
        acts = list(db.session.scalars(db.select(Entry).filter_by(what="answers.purged")))
        draft = db.session.scalars(db.select(Draft)).one()
        return len(sealed), [(act.by_id, act.details) for act in acts], "sealed" in draft.fields


def test_on_their_date_the_answers_are_deleted_and_the_idea_stays(app, ana, bea, nobody, soda_campaign, answered):
    with app.app_context():
        purge_private_answers()
    assert what_is_left(app) == (1, [], True)  # Their date hasn't come.
    let_the_date_come(app, soda_campaign)
    for _again in range(2):
        with app.app_context():
            purge_private_answers()
        assert what_is_left(app) == (0, [(None, {"number": 1})], False)
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Idea.id))) == 1
    assert "On a train" in nobody.get("/ideas/1").text
    assert 'value="On a train"' in bea.get(NEW).text
    history = ana.get("/campaigns/soda/history").text
    assert "deleted the private answers at their date" in history
    assert "1 answer" in history


def test_from_their_date_on_nobody_reads_or_gives_them_deleted_or_not(app, ana, bea, carl, soda_campaign, answered):
    assert SECRET in ana.get("/ideas/1").text
    let_the_date_come(app, soda_campaign)
    for page in ("/ideas/1", "/ideas/1/edit"):
        assert SECRET not in ana.get(page).text
        assert SECRET not in carl.get(page).text
    assert f"question-{answered}" not in bea.get(NEW).text
    bea.post(NEW, **typed(title="A can that floats"), **{f"question-{answered}": SECRET})
    assert what_is_left_of(app) == 1


def what_is_left_of(app):
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(Reply).where(Reply.sealed.is_not(None)))


def test_two_workers_at_once_write_it_down_once(app, at_once, soda_campaign, answered):
    let_the_date_come(app, soda_campaign)

    def purge():
        yield
        purge_private_answers()

    with app.app_context():
        at_once(purge, purge, purge)
    assert what_is_left(app) == (0, [(None, {"number": 1})], False)
