"""Merging where ideas have feedback, stand somewhere, or qualify for review."""

import pytest

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.giving import give_feedback
from campaign.feedback.summary import feedback_on, marks_of
from campaign.ideas.actions import IdeaMerged, IdeaRetired
from campaign.ideas.models import Idea
from campaign.merging.actions import merge_ideas, step_out, undo_merge
from campaign.merging.retiring import retire_idea
from campaign.statuses.actions import set_status
from campaign.statuses.freezing import VotesFrozen
from campaign.statuses.lists import own_list
from tests.feedback.test_giving import ask_for_feedback
from tests.merging.test_merging import WHY, merge, supporters
from tests.merging.test_undoing import undo


@pytest.fixture
def marked(people, supported):
    """drew has told both authors what he thinks, ana only the mark; and carl, who wrote one, has marked the other."""
    one, other = supported
    ask_for_feedback(one.campaign)
    give_feedback(one, people.drew, "The lid", "", 2)
    give_feedback(other, people.drew, "The sound", "", 5)
    give_feedback(other, people.ana, "", "", 4)
    give_feedback(one, people.carl, "", "", 1)
    give_feedback(other, people.bea, "A cap", "", 3)
    db.session.commit()
    return supported


def marks(idea):
    found = marks_of(idea)
    return found.people, {mark: people for mark, people in found.counts.items() if people}


def test_an_author_who_came_by_a_merge_gives_no_mark_until_it_is_undone(people, marked):
    one, other = marked
    before = marks(other)
    assert before == (3, {3: 1, 4: 1, 5: 1})
    merge(people, one, other)
    assert marks(other) == (3, {4: 1, 5: 1}), "bea is one of its authors, and her words stay"
    [hers] = [said for said in feedback_on(other, counts_shown=True).feedback if said.author == people.bea]
    assert (hers.likes, hers.counted_mark) == ("A cap", None)
    undo(people, one)
    assert marks(other) == before
    assert hers.counted_mark == 3


def test_feedback_on_a_merged_idea_is_read_at_the_other_and_keeps_its_marks(people, marked):
    one, other = marked
    merge(people, one, other)
    said = [
        (each.idea_id, each.author_id, each.counted_mark) for each in feedback_on(other, counts_shown=True).feedback
    ]
    assert sorted(said) == sorted(
        [
            (one.id, people.drew.id, 2),
            (one.id, people.carl.id, 1),
            (other.id, people.drew.id, 5),
            (other.id, people.ana.id, 4),
            (other.id, people.bea.id, None),
        ]
    )
    assert marks(one) == (2, {1: 1, 2: 1})
    with pytest.raises(IdeaMerged):
        give_feedback(one, people.ana, "More", "", 3)
    undo(people, one)
    assert {each.idea_id for each in feedback_on(other, counts_shown=True).feedback} == {other.id}


def test_a_retired_idea_takes_no_feedback(people, marked):
    one, other = marked
    retire_idea(one, other, people.bea, WHY)
    db.session.commit()
    with pytest.raises(IdeaRetired):
        give_feedback(one, people.ana, "More", "", 3)


def test_its_page_says_on_which_idea_feedback_was_given(
    app, ana, carl, drew, nobody, soda_campaign, soda_idea, twin_idea
):
    with app.app_context():
        ask_for_feedback(db.session.get_one(Campaign, soda_campaign))
        db.session.commit()
    drew.post(f"/ideas/{soda_idea}/feedback", likes="The old lid", misses="", mark="2")
    drew.post(f"/ideas/{twin_idea}/feedback", likes="The new lid", misses="", mark="4")
    ana.post(f"/ideas/{soda_idea}/merging?with={twin_idea}", reason=WHY)
    for page in (f"/ideas/{twin_idea}", f"/ideas/{twin_idea}/feedback"):
        told = nobody.get(page).text
        assert "The old lid" in told
        assert told.count('class="feedback__from"') == 1
        assert f'href="/ideas/{soda_idea}"' in told[told.index('class="feedback__from"') :]


@pytest.fixture
def frozen(people, supported):
    """A function by which an idea comes to stand where votes are frozen."""
    own_list(supported[0].campaign)[1].freezes_votes = True

    def freeze(idea):
        set_status(idea, people.ana, "under-review")
        db.session.commit()

    return freeze


@pytest.mark.parametrize("which", [0, 1])
def test_where_votes_are_frozen_none_moves(people, supported, frozen, which):
    one, other = supported
    frozen(supported[which])
    with pytest.raises(VotesFrozen, match="votes_frozen"):
        merge_ideas(one, other, people.ana, WHY)


def test_a_merge_into_what_was_frozen_since_stands(people, supported, voters, frozen):
    one, other = supported
    merge(people, one, other)
    frozen(other)
    with pytest.raises(VotesFrozen):
        undo_merge(one, people.ana)
    db.session.rollback()
    with pytest.raises(VotesFrozen):
        step_out(one, voters[0])
    db.session.rollback()
    assert len(supporters(other)) == 6


def test_an_idea_whose_votes_are_frozen_is_not_retired(people, supported, frozen):
    one, other = supported
    frozen(one)
    with pytest.raises(VotesFrozen):
        retire_idea(one, other, people.bea, WHY)


def test_what_has_left_the_board_stands_nowhere(people, supported):
    one, other = supported
    merge(people, one, other)
    with pytest.raises(IdeaMerged):
        set_status(one, people.ana, "planned")


def test_votes_that_come_together_qualify_an_idea_and_the_mark_stays(people, supported):
    one, other = supported
    one.campaign.qualifies_at = 5
    db.session.commit()
    merge(people, one, other)
    assert (other.votes, other.qualified, one.qualified) == (6, True, False)
    undo(people, one)
    assert (other.votes, db.session.get_one(Idea, other.id).qualified) == (3, True)


def test_what_stood_somewhere_stands_there_again(people, supported):
    one, other = supported
    set_status(one, people.ana, "under-review")
    db.session.commit()
    merge(people, one, other)
    undo(people, one)
    assert one.status.key == "under-review"
