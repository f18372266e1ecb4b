"""The brand answers an idea: once, signed, dated, and its author hears of it."""

import re
from datetime import timedelta

import pytest

from campaign.answers.actions import AnsweredMeanwhile, answer_idea
from campaign.answers.models import Answer, stamp_of
from campaign.brands.models import Membership
from campaign.campaigns.models import Closing
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.actions import IdeaWithdrawn
from campaign.ideas.models import Idea, Withdrawal
from campaign.live.models import Change
from tests.refusals import sentence_at

YES = "Yes: we try your cap in three shops from January."
NO = "No: the cap costs more than the can, and here is why."


def given(app):
    with app.app_context():
        answer = db.session.scalars(db.select(Answer)).one_or_none()
        return answer and (answer.text, answer.role, answer.by.name)


def read(page: str) -> str:
    return re.search(r'name="read"[^>]* value="([^"]*)"', page)[1]


def test_ana_answers_and_it_stands_under_the_idea(app, ana, nobody, soda_idea):
    answer = ana.post(f"/ideas/{soda_idea}/answer", text=YES, role="head of shops", read="")
    assert answer.location == f"/ideas/{soda_idea}#answer"
    assert given(app) == (YES, "head of shops", "Ana")
    page = nobody.get(f"/ideas/{soda_idea}").text
    assert YES in page
    assert "head of shops, Soda" in page


def test_its_page_keeps_the_way_to_the_settings(ana, soda_campaign, soda_idea):
    assert 'href="/campaigns/soda/settings"' in ana.get(f"/ideas/{soda_idea}/answer").text


def test_the_author_has_one_mail(ana, soda_idea, mails):
    ana.post(f"/ideas/{soda_idea}/answer", text=YES, role="head of shops", read="")
    ana.post(
        f"/ideas/{soda_idea}/answer",
        text=NO,
        role="head of shops",
        read=read(ana.get(f"/ideas/{soda_idea}/answer").text),
    )
    [mail] = mails.to("bea@example.org")
    assert mail["Subject"] == "Soda answered your idea “A can you can reseal”"
    words = mail.get_body(("plain",)).get_content()
    assert YES in words
    assert mails.link("bea@example.org") == f"/ideas/{soda_idea}#answer"


def test_a_second_click_is_no_colleague_who_was_quicker(app, ana, soda_idea, mails):
    for _click in range(2):
        answer = ana.post(f"/ideas/{soda_idea}/answer", text=YES, role="head of shops", read="")
        assert answer.location == f"/ideas/{soda_idea}#answer"
    assert given(app) == (YES, "head of shops", "Ana")
    assert len(mails.to("bea@example.org")) == 1


def test_who_answers_their_own_idea_needs_no_mail(app, people, campaign, mails, resealable):
    resealable.author = people.ana
    db.session.flush()
    answer_idea(resealable, people.ana, YES)
    db.session.commit()
    assert mails.to("ana@example.org") == []


def test_an_answer_is_told_and_written_down(people, resealable):
    answer_idea(resealable, people.ana, YES)
    db.session.commit()
    assert resealable.answered_at == resealable.answer.at
    assert db.session.scalars(db.select(Change)).one().news == {
        "ideas": [resealable.id],
        "kinds": ["idea.answered"],
    }
    entry = db.session.scalars(db.select(Entry)).one()
    assert (entry.what, entry.subject_id, entry.by_id) == ("idea.answered", resealable.id, people.ana.id)


def test_a_changed_answer_keeps_its_first_date_and_shows_the_second(people, resealable):
    answer = answer_idea(resealable, people.ana, YES)
    answer.at = resealable.answered_at = first = now() - timedelta(days=3)
    db.session.commit()
    answer_idea(resealable, people.ana, NO)
    db.session.commit()
    assert (answer.text, answer.at, resealable.answered_at) == (NO, first, first)
    assert answer.edited_at > first


def test_an_answer_kept_as_it_was_shows_no_change(people, resealable):
    answer_idea(resealable, people.ana, YES, "head of shops")
    db.session.commit()
    assert answer_idea(resealable, people.ana, YES, "head of shops").edited_at is None
    assert len(db.session.scalars(db.select(Entry)).all()) == 1


def test_a_colleagues_answer_is_not_overwritten_unseen(people, resealable):
    answer_idea(resealable, people.ana, YES, read="")
    db.session.commit()
    with pytest.raises(AnsweredMeanwhile) as refused:
        answer_idea(resealable, people.drew, NO, read="")
    assert str(refused.value.message).startswith("Ana has answered meanwhile")
    db.session.rollback()
    assert answer_idea(resealable, people.drew, NO, read=stamp_of(resealable.answer)).text == NO


def test_what_was_typed_meanwhile_is_still_there_and_can_be_sent(app, ana, soda_idea):
    ana.post(f"/ideas/{soda_idea}/answer", text=YES, read="")
    answer = ana.post(f"/ideas/{soda_idea}/answer", text=NO, read="")
    assert answer.status_code == 422
    assert YES in answer.text
    assert NO in answer.text
    assert given(app)[0] == YES
    ana.post(f"/ideas/{soda_idea}/answer", text=NO, read=read(answer.text))
    assert given(app)[0] == NO


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bea", 404), ("carl", 404), ("drew", 404), ("nobody", 302)])
def test_only_those_who_answer_for_the_brand_do(request, app, who, status, soda_idea):
    person = request.getfixturevalue(who)
    assert person.get(f"/ideas/{soda_idea}/answer").status_code == status
    if who != "ana":
        assert person.post(f"/ideas/{soda_idea}/answer", text=YES).status_code == status
        assert given(app) is None


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("moderator", 404), ("evaluator", 404), ("analyst", 404)]
)
@pytest.mark.parametrize("whole", [True, False])
def test_roles_answer_as_they_may(app, cast, carl, soda_campaign, soda_idea, role, status, whole):
    with app.app_context():
        brand = db.session.get_one(Idea, soda_idea).campaign.brand
        db.session.add(
            Membership(brand=brand, person_id=cast["carl"], role=role, campaign_id=None if whole else soda_campaign)
        )
        db.session.commit()
    assert carl.get(f"/ideas/{soda_idea}/answer").status_code == status


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write your answer first."),
        ("   ", "Write your answer first."),
        ("Thank you.", "A little more: 20 characters at least, so that it says why."),
        ("é" * 5001, "5,000 characters at most, and this has 5,001."),
        ("a" * 10_000_000, "5,000 characters at most, and this has 10,000,000."),
    ],
)
def test_an_answer_that_will_not_do_is_refused_beside_it(app, ana, soda_idea, text, sentence):
    answer = ana.post(f"/ideas/{soda_idea}/answer", text=text, role="head of shops", read="")
    assert answer.status_code == 422
    assert sentence_at(answer.text, "text") == sentence
    assert text.strip() in answer.text
    assert 'value="head of shops"' in answer.text
    assert given(app) is None


def test_a_signature_has_its_length(app, ana, soda_idea):
    answer = ana.post(f"/ideas/{soda_idea}/answer", text=YES, role="x" * 61, read="")
    assert sentence_at(answer.text, "role") == "60 characters at most, and this has 61."


def test_a_script_is_only_text_in_page_and_mail(ana, soda_idea, mails):
    ana.post(f"/ideas/{soda_idea}/answer", text=f"<script>alert(1)</script> {YES}", role="<b>boss</b>", read="")
    assert "<script>alert" not in ana.get(f"/ideas/{soda_idea}").text
    html = mails.to("bea@example.org")[0].get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "<b>boss" not in html


def test_an_idea_taken_back_needs_no_answer(people, resealable):
    resealable.withdrawal = Withdrawal(reason="It leaked.")
    db.session.commit()
    with pytest.raises(IdeaWithdrawn):
        answer_idea(resealable, people.ana, YES)


def test_an_idea_taken_back_in_the_same_moment_is_not_answered(people, resealable, elsewhere):
    assert not resealable.withdrawn
    elsewhere(lambda: db.session.add(Withdrawal(idea_id=resealable.id, reason="I found a better one.")))
    with pytest.raises(IdeaWithdrawn):
        answer_idea(resealable, people.ana, YES)


def test_a_closed_campaign_still_answers(app, ana, cast, soda_campaign, soda_idea):
    with app.app_context():
        db.session.add(Closing(campaign_id=soda_campaign, by_id=cast["ana"]))
        db.session.commit()
    assert ana.post(f"/ideas/{soda_idea}/answer", text=YES, read="").status_code == 302


@pytest.mark.parametrize("idea", ["0", "999", "99999999999999999999", "x"])
def test_an_idea_that_is_not_there_is_not_answered(ana, soda_campaign, idea):
    assert ana.get(f"/ideas/{idea}/answer").status_code == 404
