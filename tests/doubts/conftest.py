"""A board on which machines voted among people."""

import json
from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Stage
from campaign.clock import now
from campaign.doubts.looking import look, look_at_ballots
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ledger.verifying import verify
from campaign.methods.actions import hand_in, take_back
from campaign.methods.counting import tally
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


def said_on_ballot(method, best, other):
    """A ballot of this method, as it is kept, on which one idea is put before another."""
    marks = {"ranked": [best, other], "duels": [[best, other, ""]], "statements": [[best, 1], [other, -1]]}
    marks["up_down"] = marks["statements"]
    return json.dumps(marks.get(method, [[best, 1]]), separators=(",", ":"))


@pytest.fixture
def filled_in(app, soda_campaign, cast):
    """On the ballots of 9 machines and 2 people, idea `bought` comes first; on those of 5 people, idea `liked` does."""

    class Scene:
        bought = suggest(app, soda_campaign, cast["carl"], title="A can made of gold")
        liked = suggest(app, soda_campaign, cast["carl"], title="A can made of paper")
        machines: list[int]
        people: list[int]
        stage: int

        def hand_in(self, people, best, key="a-key-of-theirs"):
            other = self.liked if best == self.bought else self.bought
            with app.app_context():
                stage = db.session.get_one(Stage, self.stage)
                content = said_on_ballot(stage.method, best, other)
                for number in people:
                    hand_in(
                        stage.id, db.session.get_one(Person, number), key, lambda before, frame: content, {best, other}
                    )
                db.session.commit()

        def take_back(self, person):
            with app.app_context():
                take_back(self.stage, db.session.get_one(Person, person), "taken-back")
                db.session.commit()

        def look(self):
            with app.app_context():
                aside = look_at_ballots(db.session.get_one(Campaign, soda_campaign))
                db.session.commit()
                return aside

        def counted(self):
            """How many ballots count, and who wins by the rule that decides."""
            with app.app_context():
                tallied = tally(db.session.get_one(Stage, self.stage))
                return tallied.people, tallied.counts[0].outcome.winners

        def problems(self):
            with app.app_context():
                return verify(db.session.get_one(Campaign, soda_campaign)).problems

    def fill_in(method="dots"):
        scene = Scene()
        with app.app_context():
            stage = db.session.get_one(Campaign, soda_campaign).stage
            stage.method = method
            stage.method_settings = {"budget": 100} if method == "budget" else {}
            scene.stage = stage.id
            for idea in db.session.scalars(db.select(Idea)):
                idea.cost = 60
            scene.people = [
                make_person(f"p{number}", joined_at=now() - timedelta(days=9), password_hash="x").id
                for number in range(7)
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
        scene.hand_in([*scene.machines, *scene.people[:2]], scene.bought)
        scene.hand_in(scene.people[2:], scene.liked)
        return scene

    return fill_in
