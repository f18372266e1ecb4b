from datetime import timedelta

import pytest

from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign, CampaignText, Publication
from campaign.clock import now
from campaign.extensions import db
from tests.calendars import stages_of


@pytest.fixture
def employ(app, cast):
    """Give somebody of the cast a role in the brand soda: `employ("bea", "manager")`. Gives the membership's id."""

    def employ(name, role, campaign=None):
        with app.app_context():
            member = Membership(brand_id=1, person_id=cast[name], role=role, campaign_id=campaign)
            db.session.add(member)
            db.session.commit()
            return member.id

    return employ


@pytest.fixture
def open_campaign(app, cast):
    """Put a campaign of soda on the shelf. Gives its id."""

    def open_campaign(slug="fizz", visibility="public", published=True, brand=1, begins=-1, ends=10):
        with app.app_context():
            campaign = Campaign(
                slug=slug,
                brand_id=brand,
                visibility=visibility,
                stages=stages_of(*(now() + timedelta(days=days) for days in (begins, ends, ends))),
                texts={"en": CampaignText(language="en", title=f"The {slug} of tomorrow")},
            )
            if published:
                campaign.publication = Publication(by_id=cast["ana"])
            db.session.add(campaign)
            db.session.commit()
            return campaign.id

    return open_campaign
