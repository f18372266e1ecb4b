"""What misses its step leaves the board, takes no votes, and can be given more time."""

from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.actions import IdeaExpired, restore_idea
from campaign.ideas.models import Idea
from campaign.ladder.access import expired_idea_for
from campaign.ladder.actions import CampaignOver, TimeReasonMissing, give_time
from campaign.ladder.keeping import expire, look
from campaign.ladder.models import Climb, Expiry
from campaign.ladder.showing import progress_of
from campaign.live.models import Change
from campaign.votes.actions import count_ballots
from campaign.votes.allowance import votes_left
from campaign.votes.ballots import Ballot
from campaign.votes.models import Vote
from campaign.votes.returning import returned_to
from tests.ladder.conftest import days_pass, support, vote_on
from tests.makers import make_idea
from tests.votes.test_closing_meanwhile import meanwhile, told
from tests.voting import cast_vote


def entries(what):
    return list(db.session.scalars(db.select(Entry).where(Entry.what == what)))


def test_a_missed_step_takes_the_idea_off_the_board(people, climbing, mails):
    support(climbing, 1)
    days_pass(climbing, 10)
    assert climbing.withdrawal.kind == "expired"
    expiry = climbing.expiry
    assert (expiry.step, expiry.supporters, expiry.votes, expiry.returned) == (1, 2, 1, False)
    [entry] = entries("idea.expired")
    assert (entry.by_id, entry.details) == (None, {"supporters": 2, "votes": 1})
    [change] = [change for change in db.session.scalars(db.select(Change)) if "idea.expired" in change.news["kinds"]]
    assert change.news["gone"] == [climbing.id]
    assert [mail["Subject"] for mail in mails.to("bea@example.org")] == ["The time of “A can you can reseal” ran out"]
    for _process in range(2):
        look()
    assert len(entries("idea.expired")) == 1
    with pytest.raises(IdeaExpired):
        cast_vote(climbing, people.carl, "too-late-0")
    with pytest.raises(IdeaExpired):
        restore_idea(climbing, people.bea)


def test_a_moment_before_its_end_nothing_happens(climbing):
    days_pass(climbing, 10, seconds=-60)
    assert not climbing.withdrawn


def test_no_vote_is_counted_after_the_end_whoever_looks_first(people, climbing):
    support(climbing, 1)
    vote_on(climbing.campaign_id, 10, 1)
    with pytest.raises(IdeaExpired):
        cast_vote(climbing, people.carl, "too-late-0")
    look()
    db.session.expire_all()
    assert climbing.expiry.votes == 1


def test_the_later_steps_can_be_missed_too(climbing):
    support(climbing, 3)
    days_pass(climbing, 10)
    assert (climbing.expiry.step, climbing.expiry.supporters, climbing.expiry.votes) == (2, 4, 3)


def test_where_each_has_so_many_votes_they_come_back(people, campaign, climbing):
    campaign.stages[0].method_settings = {"cap": 1}
    db.session.commit()
    cast_vote(climbing, people.carl, "first-vote")
    db.session.commit()
    assert votes_left(campaign, people.carl.id) == 0
    days_pass(climbing, 10)
    assert climbing.expiry.returned
    assert votes_left(campaign, people.carl.id) == 1
    assert [vote.idea_id for vote in returned_to(people.carl)] == [climbing.id]
    give_time(climbing, people.ana, 7, "Summer.")
    db.session.commit()
    assert climbing.votes == 0
    assert votes_left(campaign, people.carl.id) == 1


def test_without_a_limit_its_votes_wait_for_it(people, climbing, mails):
    support(climbing, 1)
    days_pass(climbing, 10)
    voter = db.session.get_one(Person, db.session.scalars(db.select(Vote.voter_id)).one())
    [notice] = returned_to(voter)  # Everybody who supports it hears, whether or not a vote comes back.
    assert (notice.idea_id, notice.vote is None) == (climbing.id, False)
    assert returned_to(people.carl) == []
    for _time in range(2):
        give_time(climbing, people.ana, 7, "Summer.")
        db.session.commit()
    assert (climbing.withdrawn, climbing.expiry, climbing.votes) == (False, None, 1)
    assert progress_of(climbing).left in ("7 days left", "6 days left")
    [entry] = entries("idea.extended")
    assert (entry.by_id, entry.why, entry.details) == (people.ana.id, "Summer.", {"days": 7})
    assert mails.to("bea@example.org")[-1]["Subject"] == "“A can you can reseal” is back on the board"
    support(climbing, 1)
    assert progress_of(climbing).step == 1
    days_pass(climbing, 8)
    assert climbing.expiry.step == 2


def test_more_time_needs_a_reason_and_a_campaign_that_goes_on(people, campaign, climbing):
    days_pass(climbing, 10)
    with pytest.raises(TimeReasonMissing):
        give_time(climbing, people.ana, 7, "")
    campaign.ends_at = now() - timedelta(seconds=1)
    with pytest.raises(CampaignOver):
        give_time(climbing, people.ana, 7, "Summer.")


def test_nothing_expires_while_voting_is_not_open(campaign, climbing):
    campaign.stages[0].accepts_votes = campaign.stages[1].accepts_votes = False
    db.session.commit()
    days_pass(climbing, 9)
    assert not climbing.withdrawn
    assert progress_of(climbing).rests


def test_many_expire_in_one_look(people, campaign, climbing):
    others = [make_idea(campaign, people.carl, category=campaign.categories[0]) for _idea in range(45)]
    db.session.commit()
    days_pass(climbing, 11)
    assert all(idea.withdrawn for idea in (climbing, *others))
    assert db.session.scalar(db.select(db.func.count()).select_from(Expiry)) == 46


def test_the_last_vote_and_the_end_of_the_time_the_vote_first(app, people, climbing):
    """The vote is counted in time, and holds the idea: whoever lets it expire waits, and finds that it has arrived."""
    support(climbing, 1)
    idea, carl, campaign = climbing.id, people.carl.id, climbing.campaign_id
    vote_on(campaign, 6)
    count_ballots([Ballot(carl, idea, "made-in-time", "cast")])

    def time_passes():
        vote_on(campaign, 4, 1)
        look()

    with meanwhile(app, time_passes) as given:
        db.session.commit()
    assert given == [None]
    db.session.expire_all()
    assert (climbing.votes, climbing.withdrawn, db.session.get_one(Climb, idea).step) == (2, False, 1)


def test_the_last_vote_and_the_end_of_the_time_the_end_first(app, people, climbing):
    """The end is being written when the vote comes: it waits, and is refused."""
    support(climbing, 1)
    idea, carl = climbing.id, people.carl.id
    lock(climbing)
    expire(climbing, 2)
    db.session.flush()
    with meanwhile(app, lambda: told(count_ballots([Ballot(carl, idea, "made-too-late", "cast")]))) as given:
        db.session.commit()
    assert given == [["idea_expired"]]
    db.session.expire_all()
    assert (db.session.get_one(Idea, idea).votes, climbing.expiry.votes) == (1, 1)


def test_the_door_to_more_time(people, climbing):
    with pytest.raises(NotThere):
        expired_idea_for(people.ana, climbing.id)  # It has not run out.
    days_pass(climbing, 10)
    assert expired_idea_for(people.ana, climbing.id) == climbing
    for stranger in (people.bea, people.drew):
        with pytest.raises(NotThere):
            expired_idea_for(stranger, climbing.id)
