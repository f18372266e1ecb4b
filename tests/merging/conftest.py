"""Two ideas that say the same: bea's, which carl and drew support, and one of carl's, which drew and ana support."""

import pytest

from campaign.brands.models import Membership
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_idea
from tests.campaign_cast import suggest
from tests.makers import make_person
from tests.voting import cast_vote


@pytest.fixture
def twin_idea(app, cast, soda_campaign, soda_idea):
    return found_by_words(app, suggest(app, soda_campaign, cast["carl"], "A can with a lid that closes again"))


def found_by_words(app, idea_id):
    with app.app_context():
        index_idea(db.session.get_one(Idea, idea_id))
        db.session.commit()
    return idea_id


@pytest.fixture
def lid(people, twin_idea):
    return db.session.get_one(Idea, twin_idea)


@pytest.fixture
def mod_of_soda(people):
    """`mod_of_soda(idea)`: its author, who moderates soda's campaigns by now."""

    def join(idea):
        db.session.add(Membership(brand=people.soda, person=idea.author, role="moderator"))
        db.session.commit()
        return idea.author

    return join


@pytest.fixture
def voters(people):
    """Six who wrote nothing."""
    made = [make_person(f"voter{number}") for number in range(6)]
    db.session.commit()
    return made


@pytest.fixture
def supported(people, resealable, lid, voters):
    """Of six, three support bea's idea alone, one supports both, and two support carl's alone; and carl supports bea's."""
    for idea, some in ((resealable, voters[:4]), (lid, voters[3:])):
        for voter in some:
            cast_vote(idea, voter, f"vote-of-{voter.id}")
    db.session.commit()
    return resealable, lid
