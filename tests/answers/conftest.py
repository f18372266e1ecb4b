"""Colleagues of ana's team, and ideas that wait for their answer."""

from datetime import timedelta

import pytest

from campaign.brands.models import Brand, Membership
from campaign.clock import now
from campaign.extensions import db
from tests.campaign_cast import suggest

YES = "Yes: we try your cap in three shops from January."
NO = "No: the cap costs more than the can, and here is why."


@pytest.fixture
def joins(app, cast):
    """`joins("carl", "manager")`: carl works for soda from now on; with a campaign's id, on that alone."""

    def join(name, role="manager", campaign=None):
        with app.app_context():
            brand = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
            db.session.add(Membership(brand=brand, person_id=cast[name], role=role, campaign_id=campaign))
            db.session.commit()

    return join


@pytest.fixture
def waiting(app, cast, soda_campaign):
    """`waiting(12)`: the id of an idea of bea's that came so many days ago."""
    numbers = iter(range(1, 1000))

    def give(days, **more):
        number = next(numbers)
        return suggest(
            app,
            soda_campaign,
            cast["bea"],
            f"A can that sings, number {number}",
            submitted_at=now() - timedelta(days=days),
            lot=number,
            **more,
        )

    return give
