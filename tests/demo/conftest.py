"""The demo, loaded once for the tests that only look at it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from campaign import create_app
from campaign.campaigns.models import Campaign
from campaign.demo.loading import demo_campaign, load_demo
from campaign.extensions import db
from campaign.settings import Settings


@pytest.fixture(scope="session")
def demo_app(databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    url = databases.copy()
    folder = tmp_path_factory.mktemp("demo")
    app = create_app(Settings.from_environment({"DATABASE_URL": url, "INSTANCE": str(folder)}))
    with app.app_context():
        load_demo()
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[Campaign]:
    """The campaign that everybody lands on. Whoever changes something rolls it back."""
    with demo_app.app_context():
        found = demo_campaign()
        assert found is not None
        yield found


def retold(slug: str) -> Campaign:
    return db.session.scalars(db.select(Campaign).filter_by(slug=slug)).one()


@pytest.fixture
def drinks(demo_app: Flask) -> Iterator[Campaign]:
    """The campaign that is over."""
    with demo_app.app_context():
        yield retold("la-boisson-qui-manque")


@pytest.fixture
def cups(demo_app: Flask) -> Iterator[Campaign]:
    """The product test."""
    with demo_app.app_context():
        yield retold("gobelets-a-l-essai")
