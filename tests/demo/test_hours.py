"""The demo tells its story at whatever hour somebody starts the server for the first time."""

from datetime import UTC, datetime, time

import pytest

from campaign.campaigns.fields import zone
from campaign.clock import as_of
from campaign.demo.loading import load_demo
from campaign.extensions import db
from campaign.ideas.models import Idea

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("hour", [time(0, 7), time(8, 55), time(23, 50)])
def test_it_is_told_at_any_hour(app, hour):
    with app.app_context():
        there = datetime.now(UTC).astimezone(zone())
        with as_of(datetime.combine(there.date(), hour, there.tzinfo).astimezone(UTC)):
            load_demo()
        assert db.session.scalar(db.select(db.func.count(Idea.id))) > 50
