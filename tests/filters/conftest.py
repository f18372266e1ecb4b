"""Somebody who moderates soda, and an age for the cast, who otherwise all have just signed up."""

from datetime import timedelta

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.filters.choosing import Chosen, choose
from campaign.ideas.actions import submit_idea
from tests.moderation.conftest import mod, mod_id, moderator  # noqa: F401


@pytest.fixture
def suggested(campaign):
    """`suggested(person, "A can that folds")`: an idea, as its author sends it."""

    def send(author, title="A can that folds", text="Along two lines."):
        idea = submit_idea(campaign, author, title, text, language="en", category=campaign.categories[0])
        db.session.commit()
        return idea

    return send


@pytest.fixture
def looks_for(people):
    """`looks_for(coarse=True)`: what soda's filters look for."""

    def begin(**chosen):
        choose(people.soda, people.ana, Chosen(**chosen))
        db.session.commit()

    return begin


@pytest.fixture
def joined(people):
    """`joined(people.bea, days=3)`: when somebody signed up."""

    def since(person, days):
        person.joined_at = now() - timedelta(days=days)
        db.session.commit()

    return since
