"""A decision is about what its page showed: nothing that a colleague or an author did meanwhile is overwritten, one at a time or many at once."""

import re

import pytest

from campaign.brands.models import Membership
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.actions import edit_idea
from campaign.ideas.models import CoAuthor
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import (
    AlreadyHandled,
    AppealedMeanwhile,
    ChangedMeanwhile,
    LookedTwice,
    appeal,
    hide,
    put_back,
    read_of,
    trust,
    uphold,
)
from campaign.moderation.models import Case, Trusted
from campaign.moderation.rules import Rules, choose_rules
from tests.campaign_cast import suggest
from tests.makers import make_person

WHY = "It shows a trade mark."
FINE = "The mark is free."
CONSOLE = "/campaigns/soda/console"
PROGRAM = {"Accept": "application/json"}


def change(idea, title, text="Along two lines."):
    words = {"language": "en", "category": idea.campaign.categories[0], "tags": (), "pictures": (), "documents": ()}
    edit_idea(idea, idea.author, title, text, **words)
    db.session.commit()


@pytest.fixture
def zoe(people):
    """A third who moderates."""
    person = make_person("zoe")
    db.session.add(Membership(brand=people.soda, person=person, role="moderator"))
    db.session.commit()
    return person


@pytest.fixture
def down(people, resealable, moderator):
    resealable.category = resealable.campaign.categories[0]
    case = hide(resealable, moderator, WHY)
    db.session.commit()
    return case


def test_an_appeal_that_a_colleague_answered_is_not_answered_again(people, moderator, zoe, resealable, down):
    look = appeal(resealable, people.bea, "The mark is mine.")
    page = read_of(resealable, [look])
    uphold(down, people.ana, "It is not.", page)
    db.session.commit()
    with pytest.raises(LookedTwice) as refusal:
        put_back(down, zoe, FINE, page)
    assert str(refusal.value.message) == "Already handled by Ana: it stays down."
    with pytest.raises(LookedTwice) as refusal:
        uphold(down, zoe, "No.", page)
    assert "Ana" in str(refusal.value.message)
    assert resealable.unseen
    put_back(down, zoe, FINE, read_of(resealable, [look]))  # Whoever has read that may still put it back.
    assert not resealable.unseen


def test_a_second_person_reads_an_appeal_that_came_meanwhile(people, campaign, moderator, resealable):
    choose_rules(campaign, people.ana, Rules(confirms_hides=True))
    case = hide(resealable, moderator, WHY)
    page = read_of(resealable, case.looks)
    appeal(resealable, people.bea, "The mark is mine.")
    db.session.commit()
    for act in (lambda: uphold(case, people.ana, "So it is.", page), lambda: put_back(case, people.ana, FINE, page)):
        with pytest.raises(AppealedMeanwhile):
            act()


def test_what_was_taken_down_anew_is_not_put_back_by_an_older_page(people, zoe, moderator, resealable, down):
    put_back(down, people.ana, FINE)
    with pytest.raises(AlreadyHandled, match="already_handled"):
        put_back(down, zoe, FINE)
    hide(resealable, moderator, "It insults somebody.")
    with pytest.raises(AlreadyHandled) as refusal:
        put_back(down, zoe, FINE)
    assert str(refusal.value.message) == "Already handled by Max: taken down."
    assert resealable.unseen


def test_words_that_nobody_has_read_are_not_put_back(people, moderator, zoe, reads_first, suggested):
    idea = suggested(people.carl, "Cheap pills")
    case = open_case_about(idea)
    hide(idea, moderator, WHY)
    db.session.commit()
    change(idea, "Cheaper pills")
    assert idea.withdrawal.kind == "held"
    with pytest.raises(ChangedMeanwhile):
        put_back(case, zoe, FINE)
    assert idea.unseen


def test_a_remark_that_was_edited_since_is_read_again(people, moderator, zoe, resealable):
    remark = post_comment(resealable, people.carl, "Rude words.")
    case = hide(remark, moderator, WHY)
    with pytest.raises(ChangedMeanwhile):
        put_back(case, zoe, FINE, "another version")
    assert put_back(case, zoe, FINE, read_of(remark))
    assert put_back(case, zoe, FINE, read_of(remark)).decided_by == zoe  # A second click.


@pytest.fixture
def ideas(people, reads_first, suggested):
    """Three of bea's that wait."""
    return [suggested(people.bea, f"A can of kind {number}") for number in range(3)]


def cases_of(ideas):
    return [open_case_about(idea).id for idea in ideas]


def fields_of(page, form):
    """What a form of a page sends besides what is ticked: the inputs in it, and those that name it."""
    inside = re.search(rf"<form[^>]*{form}.*?</form>", page, re.DOTALL)[0]
    outside = "".join(re.findall(rf"<input[^>]*form=\"{form}\"[^>]*>", page))
    found = re.findall(r'<input type="hidden"[^>]*name="([^"]+)" value="([^"]*)"', inside + outside)
    return {name: value for name, value in found if name != "csrf_token"}


def test_of_the_chosen_what_was_edited_meanwhile_waits_on(people, mod, ideas):
    page = mod.get(f"{CONSOLE}/first").text
    numbers = cases_of(ideas)
    change(ideas[1], "Cheap pills")
    fields = {**fields_of(page, "chosen"), "case": numbers, "act": "approve"}
    answer = mod.post(f"{CONSOLE}/decisions", data=fields, headers=PROGRAM)
    assert answer.json["said"] == "2 approved."
    assert answer.json["refused"] == ["Its author has changed it meanwhile. Read it as it is now, then decide."]
    db.session.expire_all()
    assert [idea.unseen for idea in ideas] == [False, True, False]


@pytest.mark.parametrize(("act", "verdict"), [("trust", "approved"), ("hide_all", "hidden")])
def test_of_all_that_somebody_sent_what_was_edited_meanwhile_waits_on(people, mod, ideas, act, verdict):
    page = mod.get(f"{CONSOLE}/first").text
    numbers = cases_of(ideas)
    change(ideas[1], "Cheap pills")
    fields = {**fields_of(page, "console__acts"), "act": act, "reason": "Spam."}
    assert fields["case"] == str(numbers[0])
    answer = mod.post(f"{CONSOLE}/decisions", data=fields, headers=PROGRAM)
    assert answer.json["refused"] == []
    assert answer.json["said"].endswith("1 of theirs waits on: look at it by itself.")
    db.session.expire_all()
    assert [db.session.get_one(Case, number).verdict for number in numbers] == [verdict, None, verdict]


def test_one_that_cannot_be_approved_does_not_keep_the_others_from_it(app, people, mod, ideas, campaign, moderator):
    suggest(app, campaign.id, people.carl.id, ideas[1].title, lot=9)
    db.session.add(CoAuthor(idea=ideas[2], person=moderator))
    db.session.commit()
    [first, *_others] = cases_of(ideas)
    answer = mod.post(f"{CONSOLE}/decisions", case=first, act="trust", key="k", headers=PROGRAM)
    assert answer.json["said"] == "Approved. 2 of theirs wait on: look at each."
    db.session.expire_all()
    assert [idea.unseen for idea in ideas] == [False, True, True]
    assert db.session.scalars(db.select(Trusted.person_id)).all() == [people.bea.id]


def test_nobody_is_trusted_where_the_one_in_question_cannot_be_approved(people, mod, ideas, moderator):
    db.session.add(CoAuthor(idea=ideas[0], person=moderator))
    db.session.commit()
    answer = mod.post(f"{CONSOLE}/decisions", case=cases_of(ideas)[0], act="trust", headers=PROGRAM)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "own_contribution")
    db.session.expire_all()
    assert all(idea.unseen for idea in ideas)
    assert db.session.scalars(db.select(Trusted)).all() == []


def test_what_is_reported_is_approved_with_the_rest_where_it_was_pressed(people, moderator, ideas):
    case = open_case_about(ideas[2])
    case.cause = "reports"
    db.session.commit()
    assert trust(case, moderator, "batch") == 3


def test_what_a_colleague_is_answering_is_refused_in_a_page_that_is_older(app, people, mod, zoe, resealable):
    case = hide(resealable, people.ana, WHY)
    appeal(resealable, people.bea, "The mark is mine.")
    db.session.commit()
    page = mod.get(f"{CONSOLE}/appeals").text
    fields = {**fields_of(page, "console__acts"), "act": "put_back", "reason": FINE}
    uphold(case, zoe, "No.")
    db.session.commit()
    answer = mod.post(f"{CONSOLE}/decisions", data=fields, headers=PROGRAM)
    assert answer.json["error"]["message"] == "Already handled by Zoe: it stays down."
