"""The rail under the title: what is over, what is now, and how long it lasts."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale

from campaign.campaigns.models import Closing
from campaign.campaigns.timeline import time_left, timeline
from campaign.clock import now
from tests.calendars import stage_called, until


@pytest.fixture
def rail(app, campaign):
    """The stages as (key, note, state), with dates a number of days from now."""

    def told(opens, ideas, votes, received=417, answers=None, language="en"):
        days = {"opens_at": opens, "ideas_until": ideas, "votes_until": votes}
        later = timedelta(hours=6, minutes=1)
        until(campaign, **{name: now() + timedelta(days=after) + later for name, after in days.items()})
        campaign.answers_by = answers and now() + timedelta(days=answers)
        with app.test_request_context(), force_locale(language):
            return [(stage.key, stage.note, stage.state) for stage in timeline(campaign, received)]

    return told


def states(rail):
    return [state for _key, _note, state in rail]


def notes(rail):
    return {key: note for key, note, _state in rail}


def test_before_it_opens_there_is_the_brief(rail):
    told = rail(2, 10, 20)
    assert states(told) == ["now", "later", "later", "later"]
    assert notes(told)["brief"].startswith("published on ")
    assert notes(told)["conception"].startswith("from ")


def test_while_ideas_come_in_the_rail_says_how_long(rail):
    told = rail(-2, 4, 20)
    assert states(told) == ["past", "now", "later", "later"]
    assert notes(told)["conception"] == "4 days and 6 hours left"
    assert notes(told)["vote"].startswith("already open, until ")


def test_while_people_vote_the_ideas_are_counted(rail):
    told = rail(-9, -2, 4)
    assert states(told) == ["past", "past", "now", "later"]
    assert notes(told)["conception"] == "417 received"
    assert notes(told)["vote"] == "4 days and 6 hours left"


@pytest.mark.parametrize(
    ("language", "begins", "ends"),
    [
        ("en", "from 2 Jun, 14:00", "from 2 Jun, 16:30"),
        ("fr", "dès le 2 juin à 14\u00a0h", "dès le 2 juin à 16\u00a0h\u00a030"),
    ],
)
def test_stages_that_begin_on_the_same_day_say_at_what_hour(app, campaign, language, begins, ends):
    year = now().year + 1
    day = datetime(year, 6, 2, tzinfo=ZoneInfo("Europe/Paris"))
    until(
        campaign,
        opens_at=day - timedelta(days=9),
        ideas_until=day.replace(hour=14),
        votes_until=day.replace(hour=16, minute=30),
    )
    with app.test_request_context(), force_locale(language):
        told = {stage.key: stage.note.replace(f" {year}", "") for stage in timeline(campaign)}
    assert (told["vote"], told["outcome"]) == (begins, ends)
    assert not re.search("[:h]", told["conception"].removeprefix("dès le")), "alone on its day"


def test_after_the_vote_there_is_what_comes_next(rail):
    told = rail(-9, -5, -2, answers=7)
    assert states(told) == ["past", "past", "past", "now"]
    assert notes(told)["outcome"].startswith("answers by ")


def test_a_vote_of_another_kind_is_not_open_while_people_support_ideas(campaign, rail):
    rail(-2, 4, 20)
    stage_called(campaign, "vote").method = "statements"
    assert notes(rail(-2, 4, 20))["vote"].startswith("from ")


def test_once_it_has_ended_no_answers_are_announced(campaign, rail):
    rail(-9, -5, -2, answers=-1)
    campaign.ends_at = now() - timedelta(days=1)
    assert notes(rail(-9, -5, -2, answers=-1))["outcome"].startswith("until ")


def test_one_idea_and_many_are_told_differently(rail):
    assert notes(rail(-9, -2, 4, received=1))["conception"] == "1 received"
    assert notes(rail(-9, -2, 4, received=1204))["conception"] == "1,204 received"


def test_a_closed_campaign_is_over_whatever_its_dates(people, campaign, rail):
    campaign.closing = Closing(by=people.ana, at=now())
    told = rail(-2, 4, 20)
    assert states(told) == ["past", "past", "past", "now"]
    assert notes(told)["outcome"].startswith("closed on ")
    assert notes(told)["conception"] == "417 received"
    assert notes(told)["vote"] == "did not open", "its day never came"


def test_what_a_closing_cut_short_ended_that_day(people, campaign, rail):
    campaign.closing = Closing(by=people.ana, at=now())
    told = rail(-9, -2, 40)
    assert notes(told)["vote"] == notes(told)["outcome"].replace("closed on", "until")


def test_a_draft_stays_at_its_brief(draft, app):
    until(draft, opens_at=now() - timedelta(days=1))
    with app.test_request_context():
        told = timeline(draft)
    assert told[0].note == "a draft, for your team only"
    assert [stage.state for stage in told] == ["now", "later", "later", "later"]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"days": 30, "hours": 2}, "30 days"),
        ({"days": 4, "hours": 6}, "4 days and 6 hours"),
        ({"days": 1, "hours": 1}, "1 day and 1 hour"),
        ({"days": 1}, "1 day"),
        ({"hours": 2, "minutes": 1}, "2 hours and 1 minute"),
        ({"hours": 2}, "2 hours"),
        ({"minutes": 1}, "1 minute"),
        ({"seconds": 20}, "less than a minute"),
        ({"seconds": -20}, "less than a minute"),
    ],
)
def test_what_is_left_is_told_in_the_two_units_that_matter(app, left, words):
    with app.test_request_context():
        assert time_left(now() + timedelta(**left) + timedelta(seconds=1)) == words
