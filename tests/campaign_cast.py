"""The campaigns of the tests: ana's soda asks how its can should change, and bea has an idea.

`soda_campaign`, `soda_draft` and `soda_idea` are ids, for tests of pages; `campaign`, `draft` and `resealable` are the same as
rows, for tests of rules.
"""

from datetime import timedelta

import pytest
from flask import Flask

from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign, CampaignText, Category, Publication, Tag
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea, IdeaVersion
from tests.calendars import stages_of
from tests.cast import People


def stage(app: Flask, brand: str = "soda", published: bool = True, **given) -> int:
    """Put a campaign into the database, open now and in two languages unless told otherwise."""
    with app.app_context():
        today = now().replace(microsecond=0)
        dates = {
            "opens_at": today - timedelta(days=2),
            "ideas_until": today + timedelta(days=10),
            "votes_until": today + timedelta(days=20),
        }
        campaign = Campaign(
            **{
                "slug": "soda",
                "brand": db.session.scalars(db.select(Brand).filter_by(slug=brand)).one(),
                "stages": stages_of(**{**dates, **{name: given.pop(name) for name in dates if name in given}}),
                "answers_by": today + timedelta(days=30),
                "texts": {
                    "en": CampaignText(
                        language="en",
                        title="The can of tomorrow",
                        brief="What would you change?",
                        gift="A crate.",
                    ),
                    "fr": CampaignText(
                        language="fr", title="La canette de demain", brief="Que changer ?", gift="Une caisse."
                    ),
                },
                **given,
            }
        )
        if published:
            owner = db.session.scalars(db.text("SELECT person_id FROM membership WHERE role = 'owner' LIMIT 1")).one()
            campaign.publication = Publication(by_id=owner, at=campaign.opens_at - timedelta(days=3))
        db.session.add(campaign)
        db.session.commit()
        return campaign.id


def suggest(app: Flask, campaign_id: int, author_id: int, title: str = "A can you can reseal", **given) -> int:
    """Put an idea on a campaign's board."""
    with app.app_context():
        idea = Idea(
            **{"language": "en", "heat": 0.0, "lot": 1, "text": "With a cap that turns.", **given},
            campaign_id=campaign_id,
            author_id=author_id,
            title=title,
        )
        idea.versions = [
            IdeaVersion(number=1, title=title, text=idea.text, language=idea.language, editor_id=author_id)
        ]
        db.session.add(idea)
        db.session.commit()
        app.extensions.pop("board_counts", None)  # Nobody announced it, so what was counted before would stay.
        return idea.id


@pytest.fixture
def soda_campaign(app: Flask, cast: dict[str, int]) -> int:
    """An open campaign of ana's brand, at /campaigns/soda, with a category and two tags."""
    return stage(
        app,
        categories=[Category(slug="can", names={"en": "The can", "fr": "La canette"})],
        tags=[Tag(slug="summer", name="summer"), Tag(slug="studied", name="studied", staff_only=True)],
    )


@pytest.fixture
def soda_draft(app: Flask, cast: dict[str, int]) -> int:
    """A campaign that ana has not published yet, at /campaigns/next."""
    today = now().replace(second=0, microsecond=0)
    return stage(app, published=False, slug="next", opens_at=today + timedelta(days=1))


@pytest.fixture
def soda_idea(app: Flask, cast: dict[str, int], soda_campaign: int) -> int:
    """bea's idea on the open campaign."""
    return suggest(app, soda_campaign, cast["bea"])


@pytest.fixture
def campaign(people: People, soda_campaign: int) -> Campaign:
    return db.session.get_one(Campaign, soda_campaign)


@pytest.fixture
def draft(people: People, soda_draft: int) -> Campaign:
    return db.session.get_one(Campaign, soda_draft)


@pytest.fixture
def resealable(people: People, soda_idea: int) -> Idea:
    return db.session.get_one(Idea, soda_idea)
