"""A draft of an answer is the team's, until it is given."""

import re

import pytest

from campaign.answers.actions import AnsweredMeanwhile, Words, answer_idea
from campaign.answers.drafting import drop_draft, keep_draft
from campaign.answers.models import AnswerDraft, stamp_of
from campaign.extensions import db
from campaign.history import Entry
from tests.answers.conftest import NO, YES


def read(page: str) -> str:
    return re.search(r'name="read"[^>]* value="([^"]*)"', page)[1]


def drafts():
    return db.session.scalars(db.select(AnswerDraft)).all()


def test_it_is_kept_for_the_team_and_told_to_nobody(app, ana, bea, nobody, mails, soda_idea):
    ana.post(f"/ideas/{soda_idea}/answer", text=YES, read="", draft="1")
    assert YES in ana.get(f"/ideas/{soda_idea}/answer").text
    for reader in (bea, nobody):
        assert YES not in reader.get(f"/ideas/{soda_idea}").text
    assert mails.to("bea@example.org") == []
    with app.app_context():
        assert db.session.scalars(db.select(Entry)).all() == []


def test_a_draft_may_be_short_and_an_answer_says_why(app, ana, soda_idea):
    assert ana.post(f"/ideas/{soda_idea}/answer", text="Yes.", read="", draft="1").status_code == 302
    page = ana.get(f"/ideas/{soda_idea}/answer").text
    assert ana.post(f"/ideas/{soda_idea}/answer", text="Yes.", read=read(page)).status_code == 422


def test_giving_the_answer_uses_it_up(people, resealable):
    draft = keep_draft(resealable, people.ana, Words(YES))
    answer_idea(resealable, people.ana, YES, read=stamp_of(None, draft))
    db.session.commit()
    assert drafts() == []


def test_a_colleagues_draft_is_not_overwritten_unseen(people, resealable):
    keep_draft(resealable, people.ana, Words(YES), "")
    db.session.commit()
    for write in (keep_draft, answer_idea):
        with pytest.raises(AnsweredMeanwhile) as refused:
            write(resealable, people.drew, Words(NO), read="")
        assert str(refused.value.message).startswith("Ana has kept another draft meanwhile")
        db.session.rollback()
    assert [draft.text for draft in drafts()] == [YES]


def test_the_page_shows_the_draft_that_came_between(ana, people, resealable):
    keep_draft(resealable, people.drew, Words(YES))
    db.session.commit()
    answer = ana.post(f"/ideas/{resealable.id}/answer", text=NO, read="", draft="1")
    assert answer.status_code == 422
    assert YES in answer.text
    assert NO in answer.text
    assert ana.post(f"/ideas/{resealable.id}/answer", text=NO, read=read(answer.text), draft="1").status_code == 302
    db.session.expire_all()
    assert [(draft.text, draft.by) for draft in drafts()] == [(NO, people.ana)]


def test_what_was_answered_meanwhile_takes_no_draft(people, resealable):
    answer_idea(resealable, people.ana, YES)
    db.session.commit()
    with pytest.raises(AnsweredMeanwhile):
        keep_draft(resealable, people.drew, Words(NO), "")


def test_kept_twice_it_is_one_and_taken_away_twice_it_is_gone(people, resealable):
    first = keep_draft(resealable, people.ana, Words(YES)).at
    assert keep_draft(resealable, people.ana, Words(YES)).at == first
    drop_draft(resealable)
    drop_draft(resealable)
    assert drafts() == []


@pytest.mark.parametrize(("who", "status"), [("bea", 404), ("carl", 404), ("drew", 404), ("nobody", 302)])
def test_nobody_else_takes_it_away(request, people, resealable, who, status):
    keep_draft(resealable, people.ana, Words(YES))
    db.session.commit()
    assert request.getfixturevalue(who).post(f"/ideas/{resealable.id}/answer/draft/removal").status_code == status
    assert len(drafts()) == 1


def test_an_answer_can_be_given_without_a_mail(ana, mails, nobody, soda_idea):
    ana.post(f"/ideas/{soda_idea}/answer", text=YES, read="", quiet="y")
    assert YES in nobody.get(f"/ideas/{soda_idea}").text
    assert mails.to("bea@example.org") == []
