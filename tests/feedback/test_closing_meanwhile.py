"""Remarks and feedback that come while their campaign closes: what is stored first is what counts."""

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.actions import close_campaign
from campaign.campaigns.rules import Terms
from campaign.campaigns.ruling import Agreement, state_rules
from campaign.extensions import db
from campaign.feedback.actions import CommentsClosed, edit_comment, post_comment
from campaign.feedback.giving import FeedbackClosed, give_feedback
from campaign.feedback.models import Comment, Feedback
from campaign.ideas.models import Idea
from tests.feedback.test_giving import ask_for_feedback
from tests.votes.test_closing_meanwhile import meanwhile


def remark(idea, person):
    post_comment(idea, person, "And for left hands?", key="carls-remark")


def feedback(idea, person):
    give_feedback(idea, person, "The cap", "A straw", None)


def edit(idea, person):
    edit_comment(db.session.scalars(db.select(Comment)).one(), "Quite otherwise.")


@pytest.mark.parametrize(("act", "no"), [(remark, CommentsClosed), (feedback, FeedbackClosed), (edit, CommentsClosed)])
def test_nothing_is_said_once_a_closing_is_stored(app, people, resealable, act, no):
    ask_for_feedback(resealable.campaign)
    if act is edit:
        remark(resealable, people.carl)
    db.session.commit()
    idea, carl = resealable.id, people.carl.id
    close_campaign(resealable.campaign, people.ana, "Enough.")
    with meanwhile(app, lambda: act(db.session.get_one(Idea, idea), db.session.get_one(Person, carl))) as told:
        db.session.commit()
    assert isinstance(told[0], no)
    assert db.session.scalars(db.select(Feedback)).all() == []
    assert list(db.session.scalars(db.select(Comment.text))) == (["And for left hands?"] if act is edit else [])


@pytest.mark.parametrize("likes", ["The cap", "The straw"])
def test_feedback_that_is_given_again_stands_under_the_rules_of_then(people, resealable, likes):
    ask_for_feedback(resealable.campaign)
    numbers = []
    for said in ("Be kind.", "Be kind and short."):
        texts = {code: {"rules": said} for code in ("en", "fr")}
        state_rules(resealable.campaign, people.ana, Terms(concern_remarks=True, texts=texts))
        db.session.commit()
        agreement = Agreement(number=len(numbers) + 1, accepts=True)
        give_feedback(resealable, people.carl, likes if numbers else "The cap", "", None, agreement)
        db.session.commit()
        numbers.append(db.session.scalars(db.select(Feedback.rules_id)).one())
    assert numbers[0] != numbers[1]
    edited = db.session.scalars(db.select(Feedback.edited_at)).one()
    assert (edited is not None) == (likes != "The cap")
