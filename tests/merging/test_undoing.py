"""Two ideas again: each with what it had, with what came to either since, and without whoever stepped out."""

import pytest

from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.history import Entry
from campaign.ideas.actions import TitleTaken
from campaign.ideas.models import Idea
from campaign.ladder.climbing import begin_climbs
from campaign.ladder.keeping import expire
from campaign.ladder.models import LadderClock
from campaign.merging.actions import step_out, undo_merge
from campaign.votes.models import Vote
from campaign.votes.moving import recount
from tests.campaign_cast import suggest
from tests.makers import make_idea, make_person
from tests.merging.test_merging import check, ids, merge, supporters
from tests.voting import cast_vote, vote_anew_by, withdraw_vote


def standing(idea):
    """Everything of an idea that an undo has to bring back."""
    db.session.expire_all()
    votes = db.session.execute(
        db.select(Vote.voter_id, Vote.version, Vote.cast_at, Vote.aside)
        .where(Vote.idea_id == idea.id)
        .order_by(Vote.voter_id)
    ).all()
    return votes, idea.votes, idea.unconfirmed, round(idea.heat, 6), idea.byline, idea.comments, idea.withdrawn


def undo(people, idea):
    undo_merge(idea, people.ana, "They differ after all.")
    db.session.commit()


@pytest.fixture
def told(people, supported):
    """With votes of authors, and one for what an idea said before."""
    one, other = supported
    cast_vote(one, people.carl, "carls-vote")
    cast_vote(other, people.bea, "beas-vote")
    one.version = one.worded = 2
    one.unconfirmed = one.votes
    post_comment(one, people.drew, "For left hands?", key="drews-remark")
    recount(one)  # The tests' ideas begin with a heat of nought.
    recount(other)
    db.session.commit()
    return one, other


def test_both_are_as_they_were(people, told):
    one, other = told
    before = standing(one), standing(other)
    merge(people, one, other)
    assert standing(one) != before[0]
    undo(people, one)
    assert (standing(one), standing(other)) == before
    check(one.campaign)
    undo(people, one)  # A second click.
    whats = db.session.scalars(db.select(Entry.what).where(Entry.subject == "idea").order_by(Entry.id)).all()
    assert whats == ["idea.merged", "idea.unmerged"]


def test_votes_given_since_stay_with_the_other(people, supported, voters):
    one, other = supported
    cast_vote(other, voters[1], "given-at-first")
    withdraw_vote(other, voters[1], "and-thought-better")
    db.session.commit()
    merge(people, one, other)
    late = make_person("late")
    cast_vote(other, late, "a-late-vote")
    cast_vote(other, voters[0], "from-an-old-page")  # Moved, and says so again: it is a vote for this one.
    cast_vote(other, voters[1], "from-an-old-page")  # So is that of who had given one here, and taken it back, before.
    db.session.commit()
    undo(people, one)
    assert supporters(one) == ids(voters[:4])
    assert supporters(other) == ids([*voters[3:], late, *voters[:2]])
    check(one.campaign)


def test_who_stepped_out_stays_out(people, supported, voters):
    one, other = supported
    merge(people, one, other)
    step_out(one, voters[0])
    withdraw_vote(other, voters[1], "by-the-button")
    withdraw_vote(other, voters[3], "had-voted-for-both")
    withdraw_vote(other, voters[2], "out-and-in-again")
    cast_vote(other, voters[2], "in-again-after-all")
    db.session.commit()
    undo(people, one)
    assert supporters(one) == set()
    assert supporters(other) == ids([voters[2], *voters[4:]])
    check(one.campaign)


def test_remarks_stay_where_they_were_written(people, supported):
    one, other = supported
    merge(people, one, other)
    post_comment(other, people.drew, "And a straw?", key="drews-other")
    db.session.commit()
    undo(people, one)
    assert (one.comments, other.comments) == (0, 1)


def test_merged_and_undone_again_and_again(people, told):
    one, other = told
    before = standing(one), standing(other)
    for _time in range(2):
        merge(people, one, other)
        undo(people, one)
        merge(people, other, one)
        undo(people, other)
    assert (standing(one), standing(other)) == before
    check(one.campaign)


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_merged_ideas_each_is_undone_by_itself(app, people, cast, told, voters, soda_campaign, first):
    one, other = told
    third = db.session.get_one(Idea, suggest(app, soda_campaign, cast["bea"], "A third lid"))
    cast_vote(third, voters[0], "for-the-third-too")
    cast_vote(third, voters[5], "for-the-third-too")
    cast_vote(third, people.carl, "for-the-third-too")
    recount(third)
    db.session.commit()
    before = [standing(idea) for idea in (one, other, third)]
    merge(people, one, other)
    merge(people, third, other)
    assert supporters(other) == ids(voters)
    assert other.byline == "Carl, Bea"
    merged = [one, third]
    undo(people, merged[first])
    assert other.byline == "Carl, Bea"  # Of whom the other merge still speaks.
    assert voters[0].id in supporters(other)  # By the idea that is still in it.
    check(one.campaign)
    undo(people, merged[1 - first])
    assert [standing(idea) for idea in (one, other, third)] == before
    check(one.campaign)


def test_under_a_cap_a_vote_that_was_freed_and_given_elsewhere_stays_there(people, supported, voters):
    one, other = supported
    vote_anew_by(one.campaign.stage, "approval", cap=2)
    merge(people, one, other)
    third = make_idea(one.campaign, people.drew, "Something else altogether", category=one.campaign.categories[0])
    cast_vote(third, voters[3], "with-the-vote-freed")
    cast_vote(third, voters[0], "with-the-one-left")
    db.session.commit()
    undo(people, one)
    assert supporters(one) == ids(voters[:3])  # The fourth had voted for both, and has given both votes.
    assert supporters(third) == ids([voters[0], voters[3]])
    check(one.campaign)


def test_under_a_cap_an_undo_gives_nobody_more_votes_where_the_other_idea_has_expired(people, supported, voters):
    one, other = supported
    one.campaign.stage.method_settings = {"cap": 1}
    set_ladder_past(one.campaign)
    merge(people, one, other)
    begin_climbs(one.campaign)
    expire(other, 9)
    third = make_idea(one.campaign, people.drew, "Something else altogether", category=one.campaign.categories[0])
    db.session.commit()
    cast_vote(third, voters[0], "with-the-vote-returned")
    db.session.commit()
    undo(people, one)
    assert supporters(third) == ids([voters[0]])
    assert supporters(one) == ids(voters[1:4])  # The first has given the one vote that came back to them.


def set_ladder_past(campaign):
    """A ladder, though people have voted."""
    campaign.ladder = [[9, 10]]
    db.session.add(LadderClock(campaign_id=campaign.id))
    db.session.commit()


def test_a_title_that_was_taken_meanwhile_makes_it_impossible(people, supported):
    one, other = supported
    merge(people, one, other)
    make_idea(one.campaign, people.drew, one.title, category=one.campaign.categories[0])
    db.session.commit()
    with pytest.raises(TitleTaken):
        undo_merge(one, people.ana)
