"""Somebody who moderates, and what they find."""

import pytest

from campaign.accounts.models import Person
from campaign.brands.models import Brand, Membership
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.actions import submit_idea
from campaign.moderation.rules import Rules, choose_rules
from tests.cast import browser_of
from tests.makers import make_person


@pytest.fixture
def mod_id(app, cast):
    """Max moderates soda's campaigns."""
    with app.app_context():
        max_ = make_person("max")
        soda = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
        db.session.add(Membership(brand=soda, person=max_, role="moderator"))
        db.session.commit()
        return max_.id


@pytest.fixture
def mod(app, mod_id):
    return browser_of(app, mod_id)


@pytest.fixture
def moderator(people, mod_id):
    return db.session.get_one(Person, mod_id)


@pytest.fixture
def reads_first(app, cast, soda_campaign):
    """Soda's campaign reads ideas and remarks before it publishes them."""
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        choose_rules(campaign, db.session.get_one(Person, cast["ana"]), Rules(True, True, 2))
        db.session.commit()


@pytest.fixture
def suggested(campaign):
    """`suggested(person, "A can that folds")`: an idea, as its author sends it."""

    def send(author, title="A can that folds"):
        idea = submit_idea(campaign, author, title, "Along two lines.", language="en", category=campaign.categories[0])
        db.session.commit()
        return idea

    return send
