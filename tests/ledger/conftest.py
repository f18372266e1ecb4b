"""A campaign in which people have voted, and its log."""

from dataclasses import dataclass

import pytest
from flask import current_app

from campaign import settings
from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ledger.appending import append_to_logs, check_key
from campaign.ledger.models import BallotLog, BookReading
from tests.makers import make_brand, make_campaign, make_idea, make_person
from tests.voting import cast_vote, withdraw_vote


@dataclass
class Scene:
    """ana runs the campaign and had two ideas; ten others voted, and one of them took a vote back."""

    ana: Person
    voters: list[Person]
    campaign: Campaign
    first: Idea
    second: Idea

    @property
    def log(self) -> BallotLog:
        return db.session.get_one(BallotLog, self.campaign.id, populate_existing=True)


def start_anew_after_an_update():
    """As the first start on a database from before it was held by the key what is older. Commits."""
    db.session.execute(db.update(BookReading).values(begun=None))
    db.session.execute(db.update(BallotLog).values(witnessed_at=None))
    db.session.commit()
    (settings.current().instance / "log_begun").unlink(missing_ok=True)
    current_app.extensions.pop("log_beginning_settled", None)
    check_key()


@pytest.fixture
def scene(app):
    with app.app_context():
        ana = make_person("ana")
        campaign = make_campaign(make_brand(ana), ana, slug="cans")
        scene = Scene(
            ana,
            [make_person(f"voter{number}") for number in range(10)],
            campaign,
            make_idea(campaign, ana),
            make_idea(campaign, ana),
        )
        for number, voter in enumerate(scene.voters):
            cast_vote(scene.first, voter, f"first-vote-{number}")
            if number % 2:
                cast_vote(scene.second, voter, f"second-vote-{number}")
        withdraw_vote(scene.second, scene.voters[1], "taken-back")
        db.session.commit()
        append_to_logs()
        yield scene
