"""A campaign that asks people to verify something before they act."""

import pytest

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.verifications.asking import Wish, add_to_list, ask_for

WHY = "Only people who can vote in the town take part."


@pytest.fixture
def asks(app, cast, soda_campaign):
    """`asks(vote=["age"])`: soda asks this, as ana says."""

    def ask(age=16, areas=("75", "6900"), members=("A-17", "carl@example.org"), **acts):
        from campaign.accounts.models import Person

        with app.app_context():
            campaign, ana = db.session.get_one(Campaign, soda_campaign), db.session.get_one(Person, cast["ana"])
            add_to_list(campaign, ana, members)
            ask_for(campaign, ana, Wish(acts, age, tuple(areas), WHY))
            db.session.commit()

    return ask
