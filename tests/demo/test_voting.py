"""The demo's dice: the same each time, and as the content asks."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from campaign.demo.voting import LAST_MINUTES, Ballot, cast_ballots

TODAY = datetime(2026, 11, 22, 11, 30, 20, tzinfo=UTC)
BALLOTS = [
    Ballot(1, 1, "shop", 90, TODAY - timedelta(days=9)),
    Ballot(2, 2, "waste", 40, TODAY - timedelta(days=4)),
    Ballot(3, 1, "shop", 9, TODAY - timedelta(days=8), until=TODAY - timedelta(days=7)),
]


def acts():
    dice = random.Random(7)
    return cast_ballots(BALLOTS, [1, 2, 3], list(range(4, 150)), TODAY, ZoneInfo("Europe/Paris"), dice)


def test_the_same_dice_give_the_same_votes():
    assert acts() == acts()


def test_each_idea_gets_its_votes_from_others_once_each():
    for ballot in BALLOTS:
        voters = [act.voter_id for act in acts() if act.idea_id == ballot.idea_id and act.act == "cast"]
        assert len(voters) == len(set(voters)) == ballot.votes
        assert ballot.author_id not in voters


def test_acts_come_in_the_order_of_time_and_none_lies_ahead():
    moments = [act.at for act in acts()]
    assert moments == sorted(moments)
    assert moments[-1] <= TODAY


def test_the_last_minutes_are_as_lively_as_they_are_told():
    running = int(TODAY.timestamp() // 60)
    minutes = [int(act.at.timestamp() // 60) for act in acts()]
    lately = [minutes.count(running - back) for back in reversed(range(len(LAST_MINUTES)))]
    assert sum(lately) > 20
    assert all(given <= told for given, told in zip(lately, LAST_MINUTES, strict=True))


def test_people_vote_by_day():
    hours = [act.at.astimezone(ZoneInfo("Europe/Paris")).hour for act in acts() if act.act == "cast"]
    assert sum(1 <= hour <= 5 for hour in hours) < len(hours) / 20
