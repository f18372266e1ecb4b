"""A campaign whose open stage is voted on in one way or another, and ideas to vote on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Stage
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from tests.calendars import until
from tests.campaign_cast import suggest
from tests.makers import make_brand, make_campaign, make_person


@dataclass
class Scene:
    """ana runs the campaign and had the ideas; bea, carl and drew vote."""

    ana: Person
    bea: Person
    carl: Person
    drew: Person
    campaign: Campaign
    ideas: list[Idea]

    @property
    def stage(self) -> Stage:
        assert self.campaign.stage is not None
        return self.campaign.stage

    def vote_by(self, method: str, **settings: Any) -> None:
        self.stage.method, self.stage.method_settings = method, settings
        db.session.commit()


@pytest.fixture
def scene(app):
    with app.app_context():
        people = [make_person(name) for name in ("ana", "bea", "carl", "drew")]
        campaign = make_campaign(make_brand(people[0]), people[0], slug="cans")
        until(campaign, ideas_until=now())
        ideas = []
        for number in range(5):
            idea = Idea(
                campaign=campaign,
                author=people[0],
                title=f"Idea number {number}",
                language="en",
                heat=0.0,
                lot=number + 1,
            )
            db.session.add(idea)
            ideas.append(idea)
        db.session.commit()
        yield Scene(*people, campaign, ideas)


@pytest.fixture
def voted_by(app, cast, soda_campaign) -> Callable[..., list[int]]:
    """`voted_by("dots", points=10)`: people vote on soda like this; gives the ids of four ideas of bea's."""

    def choose(method: str, **settings: Any) -> list[int]:
        with app.app_context():
            stage = db.session.get_one(Campaign, soda_campaign).stage
            assert stage is not None
            stage.method, stage.method_settings = method, settings
            db.session.commit()
        return [
            suggest(app, soda_campaign, cast["bea"], f"The idea {name}") for name in ("one", "two", "three", "four")
        ]

    return choose
