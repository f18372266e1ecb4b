"""An idea that the team has said something about."""

import pytest

from campaign.brands.models import Membership
from campaign.extensions import db
from campaign.statuses.actions import set_status


@pytest.fixture
def stands(people, resealable):
    """`stands("planned")`: bea's idea stands there, as ana says."""

    def place(key, reason="", freely=True):
        set_status(
            resealable, people.ana, key, reason or ("Too dear." if key == "declined" else "Because."), freely=freely
        )
        db.session.commit()
        return resealable

    return place


@pytest.fixture
def gives(app, cast):
    """`gives("carl", "evaluator")`: they have this role in soda."""

    def give(name, role):
        with app.app_context():
            brand = db.session.scalar(db.text("SELECT id FROM brand WHERE slug = 'soda'"))
            db.session.add(Membership(brand_id=brand, person_id=cast[name], role=role))
            db.session.commit()

    return give
