"""Each contribution keeps the version of the rules that it came under, and what comes after a new one comes under that."""

import pytest

from campaign.amendments.actions import accept_amendment, propose_amendment
from campaign.campaigns.rules import Terms
from campaign.campaigns.ruling import Agreement, RulesUnaccepted, state_rules
from campaign.coauthors.actions import accept_invitation, invite_coauthor
from campaign.extensions import db
from campaign.feedback.actions import edit_comment, post_comment
from campaign.feedback.models import Comment
from campaign.ideas.actions import edit_idea, submit_idea
from campaign.ideas.models import Idea
from tests.ideas.test_editing import edit

ONE, TWO = Agreement(1, accepts=True), Agreement(2, accepts=True)


def state(campaign, by, said, remarks=True):
    state_rules(campaign, by, Terms(concern_remarks=remarks, texts={code: {"rules": said} for code in ("en", "fr")}))
    db.session.commit()


def reword(idea, by, text, agreement=None, tags=()):
    edit_idea(
        idea,
        by,
        idea.title,
        text,
        language="en",
        category=idea.category,
        tags=tags,
        pictures=(),
        documents=(),
        agreement=agreement,
    )
    db.session.commit()


def numbers(idea):
    return [version.rules_id and rules_number(version.rules_id) for version in idea.versions]


def rules_number(rules_id):
    return db.session.scalar(db.text("SELECT number FROM rules WHERE id = :id"), {"id": rules_id})


@pytest.fixture
def under_one(campaign, people):
    """bea's idea, which came under the first version; then a second was stated."""
    state(campaign, people.ana, "Be kind.")
    given = {"language": "en", "category": campaign.categories[0], "agreement": ONE, "origin": "own"}
    idea = submit_idea(campaign, people.bea, "A can you can reseal", "With a cap.", **given)
    post_comment(idea, people.carl, "And for left hands?", key="carls-remark", agreement=ONE)
    db.session.commit()
    state(campaign, people.ana, "Be kind and short.")
    return idea


def test_other_words_come_under_the_rules_of_now_and_other_tags_under_those_of_before(people, under_one):
    with pytest.raises(RulesUnaccepted):
        reword(under_one, people.bea, "With a cap that clicks.")
    db.session.rollback()
    reword(under_one, people.bea, "With a cap.", tags=["summer"])
    assert numbers(under_one) == [1, 1]
    reword(under_one, people.bea, "With a cap that clicks.", TWO)
    assert numbers(under_one) == [1, 1, 2]
    assert under_one.rules.number == 1


def test_an_amendment_becomes_the_ideas_words_under_the_rules_that_its_author_accepted(people, under_one):
    given = {"why": "Left hands.", "read": 1, "key": "one", "agreement": TWO}
    amendment = propose_amendment(under_one, people.carl, under_one.title, "With a lid.", **given)
    db.session.commit()
    assert rules_number(amendment.rules_id) == 2
    accept_amendment(amendment, people.bea, read=1)
    db.session.commit()
    assert numbers(under_one) == [1, 2]


def test_a_co_author_joins_under_the_rules_of_now(people, under_one):
    invite_coauthor(under_one, people.bea, people.carl.id)
    db.session.commit()
    with pytest.raises(RulesUnaccepted):
        accept_invitation(under_one, people.carl)
    db.session.rollback()
    accept_invitation(under_one, people.carl, TWO)
    db.session.commit()
    [carl] = under_one.coauthors
    assert rules_number(carl.rules_id) == 2


def test_a_remark_that_says_something_else_comes_under_the_rules_of_now(people, under_one):
    remark = db.session.scalars(db.select(Comment)).one()
    assert rules_number(remark.rules_id) == 1
    with pytest.raises(RulesUnaccepted):
        edit_comment(remark, "And for both hands?")
    edit_comment(remark, "And for both hands?", TWO)
    db.session.commit()
    assert rules_number(remark.rules_id) == 2


def test_the_forms_ask_for_it_with_all_that_was_typed_kept(app, ana, bea, carl, under_one):
    idea, remark = under_one.id, db.session.scalars(db.select(Comment.id)).one()
    assert "version 2" in bea.get(f"/ideas/{idea}/edit").text
    refused = edit(bea, idea)
    assert refused.status_code == 422
    assert "Now with a cap that clicks." in refused.text
    assert edit(bea, idea, rules="2", accepts="y").status_code == 302
    assert edit(bea, idea, text="Now with a lid.").status_code == 302, "it is accepted once"
    page = f"/comments/{remark}/edit"
    assert "version 2" in carl.get(page).text
    refused = carl.post(page, text="And for both hands?")
    assert refused.status_code == 422
    assert "And for both hands?" in refused.text
    assert carl.post(page, text="And for both hands?", rules="2", accepts="y").status_code == 302
    with app.app_context():
        assert db.session.get_one(Idea, idea).version == 3
