"""An idea that climbs: two supporters within 10 days, then four within 5 more."""

import pytest

from campaign.extensions import db
from campaign.ladder.actions import set_ladder
from campaign.ladder.keeping import look
from campaign.ladder.models import LadderClock
from campaign.ladder.timing import DAY
from tests.makers import make_person
from tests.voting import cast_vote

STEPS = [[2, 10], [4, 5]]


@pytest.fixture
def climbing(people, campaign, resealable):
    set_ladder(campaign, people.ana, STEPS)
    db.session.commit()
    return resealable


def support(idea, times):
    for _time in range(times):
        cast_vote(idea, make_person(), "a-vote-00")
    db.session.commit()
    db.session.refresh(idea)


def vote_on(campaign_id, days, seconds=0):
    """Let people have voted for so long."""
    clock = db.session.get_one(LadderClock, campaign_id)
    clock.ran += days * DAY + seconds * 1_000_000
    db.session.commit()


def days_pass(idea, days, seconds=1):
    """So many days of voting pass, and somebody looks."""
    vote_on(idea.campaign_id, days, seconds)
    look()
    db.session.expire_all()
