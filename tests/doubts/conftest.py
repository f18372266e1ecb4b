"""A board on which machines voted among people."""

from datetime import timedelta

import pytest

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.doubts.looking import look
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ledger.verifying import verify
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from tests.campaign_cast import suggest
from tests.makers import make_person


@pytest.fixture
def voted(app, soda_campaign, cast):
    """Idea `bought` has the votes of 9 machines and of 2 people, idea `liked` those of 5 people."""

    class Scene:
        bought = suggest(app, soda_campaign, cast["carl"], title="A can made of gold")
        liked = suggest(app, soda_campaign, cast["carl"], title="A can made of paper")
        machines: list[int]

        def vote(self, idea, *people, act="cast", key="a-key-of-theirs"):
            with app.app_context():
                count_ballots([Ballot(person, idea, f"{key}-{act}", act) for person in people])
                db.session.commit()

        def look(self):
            with app.app_context():
                aside = look(db.session.get_one(Campaign, soda_campaign))
                db.session.commit()
                return aside

        def totals(self):
            with app.app_context():
                rows = {idea.id: idea.votes for idea in db.session.scalars(db.select(Idea))}
                return rows[self.bought], rows[self.liked]

        def problems(self):
            with app.app_context():
                return verify(db.session.get_one(Campaign, soda_campaign)).problems

    scene = Scene()
    with app.app_context():
        people = [
            make_person(f"p{number}", joined_at=now() - timedelta(days=9), password_hash="x").id for number in range(7)
        ]
        scene.machines = [
            make_person(
                f"m{number}",
                email=f"m{number}@mailinator.com",
                joined_at=now() - timedelta(minutes=2),
                password_hash="x",
            ).id
            for number in range(9)
        ]
        db.session.commit()
    scene.vote(scene.bought, *scene.machines, *people[:2])
    scene.vote(scene.liked, *people[2:])
    return scene
