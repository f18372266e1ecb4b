"""carl and drew evaluate for soda; bea has ideas; ana owns the brand."""

import pytest

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.evaluation.assigning import assign
from campaign.evaluation.criteria import WantedCriterion, scorecard_of, set_criteria
from campaign.evaluation.scoring import Given, save_card
from campaign.extensions import db
from campaign.ideas.models import Idea

WANTED = [
    WantedCriterion({"en": "Effect", "fr": "Effet"}, 50, {"en": "none", "fr": "aucun"}, {"en": "large", "fr": "grand"}),
    WantedCriterion({"en": "Effort", "fr": "Effort"}, 25),
]
CRITERIA = {
    "name_en_1": "Effect",
    "name_fr_1": "Effet",
    "low_en_1": "none",
    "weight_1": "50",
    "name_en_2": "Effort",
    "name_fr_2": "Effort",
    "weight_2": "25",
}


@pytest.fixture
def team(app, cast):
    """`team(carl="evaluator")`: they have this role in soda, too."""

    def give(**roles):
        with app.app_context():
            brand = db.session.scalar(db.text("SELECT id FROM brand WHERE slug = 'soda'"))
            for name, role in roles.items():
                db.session.add(Membership(brand_id=brand, person_id=cast[name], role=role))
            db.session.commit()

    return give


@pytest.fixture
def criteria(app, cast, soda_campaign):
    """The campaign has two criteria, of which one weighs twice as much. Gives their ids."""
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        scorecard = set_criteria(campaign, campaign.publication.by, WANTED)
        db.session.commit()
        return [criterion.id for criterion in scorecard.criteria]


@pytest.fixture
def asked(app, cast, team, criteria, soda_idea):
    """carl and drew evaluate for soda, and are asked for bea's idea."""
    team(carl="evaluator", drew="evaluator")
    with app.app_context():
        campaign = scorecard_campaign()
        people = [db.session.get_one(Person, cast[name]) for name in ("carl", "drew")]
        assign(campaign, campaign.publication.by, people, [soda_idea])
        db.session.commit()
    return soda_idea


def scorecard_campaign():
    return db.session.scalars(db.select(Campaign).filter_by(slug="soda")).one()


@pytest.fixture
def gives_marks(app, cast, asked):
    """`gives_marks("carl", 5, 2)`: they submit these marks for bea's idea."""

    def give(name, *marks, submit=True, **words):
        with app.app_context():
            campaign = scorecard_campaign()
            scorecard = scorecard_of(campaign)
            keys = [criterion.id for criterion in scorecard.criteria]
            idea, person = db.session.get_one(Idea, asked), db.session.get_one(Person, cast[name])
            save_card(idea, person, scorecard.number, Given(dict(zip(keys, marks, strict=False)), **words), submit)
            db.session.commit()

    return give
