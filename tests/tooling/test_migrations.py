"""The migrations lead from nothing to the models, and back."""

from collections.abc import Iterator
from pathlib import Path

import alembic.command
import pytest
from alembic.config import Config
from flask import Flask
from sqlalchemy import inspect

from campaign import create_app
from campaign.extensions import db
from campaign.settings import Settings


@pytest.fixture
def empty(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has no table."""
    app = create_app(
        Settings.from_environment({"DATABASE_URL": empty_database_url, "INSTANCE": str(tmp_path)})
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def migrations(empty: Flask) -> Config:
    return empty.extensions["migrate"].migrate.get_config()


def test_migrations_and_models_say_the_same(migrations):
    alembic.command.upgrade(migrations, "heads")
    alembic.command.check(migrations)  # Raises with each difference.


def test_migrations_can_be_undone_and_done_again(migrations):
    alembic.command.upgrade(migrations, "heads")
    alembic.command.downgrade(migrations, "base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    alembic.command.upgrade(migrations, "heads")
