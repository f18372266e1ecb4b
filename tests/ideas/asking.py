"""Questions that a campaign of the tests asks, and what is typed in reply."""

from datetime import timedelta

from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import Question, questions_of
from campaign.clock import now
from campaign.extensions import db

WHERE = {"en": "Where would you use it?", "fr": "Où l’utiliseriez-vous ?"}
SIZE = [{"en": "Small", "fr": "Petite"}, {"en": "Large", "fr": "Grande"}]


def ask(app, campaign_id, *questions, days=30):
    """Let the campaign ask these, its private answers deleted in so many days; gives their ids."""
    with app.app_context():
        campaign = db.session.get_one(Campaign, campaign_id)
        campaign.private_until = now() + timedelta(days=days)
        asked = [Question(campaign_id=campaign_id, position=place, **given) for place, given in enumerate(questions)]
        db.session.add_all(asked)
        db.session.commit()
        return [question.id for question in asked]


def a(kind="text", **given):
    """A question as a row, a line of text unless told otherwise."""
    return {"kind": kind, "names": WHERE, **given}


def key_of(app, campaign_id, number, place):
    """What stands for a choice in the form."""
    with app.app_context():
        return questions_of(db.session.get_one(Campaign, campaign_id))[number].options[place][0]


def typed(**given):
    """An idea as its form sends it."""
    return {
        "key": "key-of-this-page",
        "title": "A can you can reseal",
        "text": "Turn it, and the bubbles stay.",
        "category": "can",
        "language": "en",
        **given,
    }
