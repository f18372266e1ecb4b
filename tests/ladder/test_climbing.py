"""Steps: enough supporters in time buy more of it, once, and never so that it tells a sealed figure."""

import pytest

from campaign.campaigns.actions import close_campaign, reopen_campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.following import follow, tell_news
from campaign.ladder.actions import LadderFrozen, LadderUneven, NoSupport, set_ladder
from campaign.ladder.keeping import look
from campaign.ladder.models import Climb, StepReached
from campaign.ladder.showing import progress_of, said_steps
from campaign.ladder.timing import DAY, clock_at, write_clock
from campaign.live.models import Change
from campaign.methods.versions import Wanted, make_version
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from tests.ladder.conftest import STEPS, days_pass, support, vote_on
from tests.makers import make_idea, make_person
from tests.voting import cast_vote, withdraw_vote


def entries(what):
    return list(db.session.scalars(db.select(Entry).where(Entry.what == what)))


def test_the_last_supporter_of_a_step_buys_more_time(people, climbing, mails):
    follow(people.drew, climbing)
    vote_on(climbing.campaign_id, 9)
    support(climbing, 1)
    assert progress_of(climbing).step == 0
    support(climbing, 1)
    climb = progress_of(climbing)
    assert (climb.step, climb.supporters, climb.left) == (1, 4, "4 days left")  # And some hours, minus the blink.
    [entry] = entries("idea.step_reached")
    assert (entry.by_id, entry.subject_id, entry.details) == (None, climbing.id, {"step": 1, "supporters": 2})
    kinds = [kind for change in db.session.scalars(db.select(Change)) for kind in change.news["kinds"]]
    assert kinds.count("idea.step_reached") == 1
    [mail] = mails.to("bea@example.org")
    assert mail["Subject"] == "“A can you can reseal” has reached 2 supporters"
    assert "4 supporters, and for that it has got 5 days more" in mail.get_body(("plain",)).get_content()
    tell_news()
    assert [mail["Subject"] for mail in mails.to("drew@example.org")] == ["“A can you can reseal” has reached a step"]


def test_who_is_early_keeps_what_was_left(climbing):
    support(climbing, 2)
    assert progress_of(climbing).left == "9 days left"  # Of the ten, and not the five of the next step.


def test_many_votes_at_once_take_several_steps_once(climbing):
    ballots = [Ballot(make_person().id, climbing.id, "a-vote-00", "cast") for _one in range(5)]
    for _time in range(2):
        count_ballots(ballots)  # The second time as a replay.
        db.session.commit()
    look()
    db.session.expire_all()
    assert progress_of(climbing).arrived
    assert [one.number for one in db.session.scalars(db.select(StepReached))] == [1, 2]
    assert len(entries("idea.step_reached")) == 1
    days_pass(climbing, 400)
    assert not climbing.withdrawn


def test_a_step_stays_when_supporters_leave_and_come_back(people, climbing):
    support(climbing, 1)
    cast_vote(climbing, people.carl, "first-vote")
    withdraw_vote(climbing, people.carl, "second-thought")
    cast_vote(climbing, people.carl, "third-thought")
    db.session.commit()
    assert len(entries("idea.step_reached")) == 1


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_under_seal_nobody_climbs_or_falls_and_no_time_passes(app, nobody, campaign, climbing, mails, seal):
    support(climbing, 1)
    campaign.stages[0].shows_counts = seal
    db.session.commit()
    support(climbing, 2)
    days_pass(climbing, 30)
    climb = db.session.get_one(Climb, climbing.id)
    assert (climb.step, climbing.withdrawn) == (0, False)
    assert entries("idea.step_reached") == mails.to("bea@example.org") == []
    for page in ("/campaigns/soda", climbing.url):
        text = nobody.get(page).text
        assert "the time rests until the counts are shown" in text
        assert "of 2 supporters" not in text
    campaign.stages[0].shows_counts = "always"
    db.session.commit()
    for _process in range(2):
        look()
    db.session.expire_all()
    assert progress_of(climbing).step == 1
    assert len(entries("idea.step_reached")) == 1


def test_the_clock_goes_only_while_people_can_vote(people, campaign, climbing):
    moment = now()
    begun = clock_at(campaign, moment)
    assert clock_at(campaign, moment.replace(year=moment.year + 1)) - begun < 21 * DAY  # Voting ends in twenty days.
    close_campaign(campaign, people.ana)
    db.session.commit()
    shut = clock_at(campaign, now())
    assert clock_at(campaign, moment.replace(year=moment.year + 1)) == shut
    assert progress_of(climbing).rests == "the time rests until people can vote"
    write_clock(campaign, now())
    reopen_campaign(campaign, people.ana)
    db.session.commit()
    assert clock_at(campaign, now()) >= shut
    assert progress_of(climbing).rests == ""


def test_looking_again_counts_no_time_twice(campaign, climbing):
    write_clock(campaign, now())
    db.session.commit()
    moment = now()
    told = clock_at(campaign, moment)
    for _process in range(3):
        write_clock(campaign, moment)
    db.session.commit()
    assert clock_at(campaign, moment) == told


def test_ideas_that_come_later_begin_at_the_foot(people, campaign, climbing):
    vote_on(campaign.id, 8)
    other = make_idea(campaign, people.carl, category=campaign.categories[0])
    db.session.commit()
    assert progress_of(other).left == "9 days left"
    assert progress_of(climbing).left == "1 day left"


def test_the_ladder_freezes_with_the_first_ballot(people, campaign, climbing):
    set_ladder(campaign, people.ana, [[3, 10]])
    set_ladder(campaign, people.ana, STEPS)
    db.session.commit()
    assert len(entries("ladder.changed")) == 3
    support(climbing, 1)
    with pytest.raises(LadderFrozen):
        set_ladder(campaign, people.ana, [[1, 10]])
    set_ladder(campaign, people.ana, STEPS)  # Nothing would be different.
    make_version(campaign, people.ana, Wanted(1, "More room.", explanation="One more week."))
    assert campaign.ladder == STEPS


@pytest.mark.parametrize("steps", [[[2, 10], [2, 5]], [[0, 10]], [[2, 0]], [[n + 1, 1] for n in range(7)]])
def test_a_ladder_leads_upwards(people, campaign, steps):
    with pytest.raises(LadderUneven):
        set_ladder(campaign, people.ana, steps)


def test_without_support_there_is_nothing_to_count(people, campaign):
    for stage in campaign.stages:
        stage.method = "dots"
    with pytest.raises(NoSupport):
        set_ladder(campaign, people.ana, STEPS)


def test_the_ladder_reads_as_a_sentence(people):
    assert said_steps([[100, 60], [1000, 180]]) == "100 supporters within 60 days; then 1,000 within 180 days more."
    assert said_steps([[1, 1]]) == "1 supporter within 1 day."


def test_votes_ask_one_question_more_with_a_ladder_and_none_without(queries, people, campaign, resealable):
    def asked():
        ballots = [Ballot(make_person().id, resealable.id, "a-vote-00", "cast") for _one in range(8)]
        with queries() as said:
            count_ballots(ballots)
        db.session.commit()
        return [statement for statement in said if "climb" in statement]

    assert asked() == []
    campaign.stages[0].first_ballot_at = None
    db.session.commit()
    set_ladder(campaign, people.ana, [[1000, 10]])
    db.session.commit()
    assert len(asked()) == 2  # Who is too late, and who has arrived: for all eight at once.
