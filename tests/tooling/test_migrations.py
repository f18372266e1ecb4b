"""The migrations lead from nothing to the models, and back."""

from collections.abc import Iterator
from pathlib import Path

import alembic.command
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, inspect
from sqlalchemy.exc import IntegrityError

from campaign import create_app
from campaign.accounts.models import Person, SignIn
from campaign.extensions import db
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import Idea, IdeaEmbedding
from campaign.settings import Settings


@pytest.fixture
def empty(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has no table."""
    app = create_app(Settings.from_environment({"DATABASE_URL": empty_database_url, "INSTANCE": str(tmp_path)}))
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


def test_the_rules_of_a_table_are_those_of_its_model(migrations):
    """Alembic compares columns, keys and indexes, and leaves out what a CHECK says."""
    alembic.command.upgrade(migrations, "heads")
    for table in db.metadata.tables.values():
        ruled = {
            check.name: plain(str(check.sqltext)) for check in table.constraints if isinstance(check, CheckConstraint)
        }
        stored = {
            check["name"]: plain(check["sqltext"]) for check in inspect(db.engine).get_check_constraints(table.name)
        }
        assert stored.keys() == ruled.keys(), table.name
        if db.engine.dialect.name == "sqlite":  # PostgreSQL keeps a rule in words of its own.
            assert stored == ruled, table.name


def plain(rule: str) -> str:
    return "".join(rule.split())


def test_migrations_can_be_undone_and_done_again(migrations):
    alembic.command.upgrade(migrations, "heads")
    alembic.command.downgrade(migrations, "base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    alembic.command.upgrade(migrations, "heads")


CHANGE = """
from alembic import op

revision, down_revision = "later", "0001"


def upgrade():
    with op.batch_alter_table("person") as person:
        person.create_check_constraint("later", "id > 0")
"""


def test_rows_survive_the_change_of_a_table_that_others_point_to(migrations, tmp_path):
    alembic.command.upgrade(migrations, "0001")
    person = Person(email="ana@example.org", name="Ana")
    db.session.add(person)
    db.session.flush()
    db.session.add(SignIn(id="secret", person_id=person.id))
    db.session.commit()
    (tmp_path / "later.py").write_text(CHANGE)
    ours = ScriptDirectory.from_config(migrations).versions
    migrations.set_main_option("path_separator", "newline")
    migrations.set_main_option("version_locations", f"{ours}\n{tmp_path}")

    alembic.command.upgrade(migrations, "later")
    assert db.session.scalars(db.select(SignIn.id)).all() == ["secret"]
    with pytest.raises(IntegrityError):
        db.session.execute(db.insert(SignIn).values(id="other", person_id=2))


def test_ideas_that_were_there_before_are_found_by_their_title_and_wait_for_their_vector(app, people, campaign):
    idea = submit_idea(campaign, people.bea, "L’été, à la plage !", language="fr", category=campaign.categories[0])
    idea_id = idea.id
    db.session.commit()
    db.session.remove()
    migrations = app.extensions["migrate"].migrate.get_config()
    [ours] = [one for one in ScriptDirectory.from_config(migrations).walk_revisions() if "embeddings" in one.path]
    alembic.command.downgrade(migrations, str(ours.down_revision))
    alembic.command.upgrade(migrations, "heads")
    assert db.session.get_one(Idea, idea_id).title_key == "l ete a la plage"
    assert db.session.get_one(IdeaEmbedding, idea_id).model == ""
