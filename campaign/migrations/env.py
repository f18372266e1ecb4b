"""Migrations, run by Flask-Migrate on whichever database the app uses."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from campaign.extensions import db

# Made by hand in the migrations, differently on each database: see ideas/searching.py.
BY_HAND = ("idea_search",)


def ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Whether the comparison of models and database should look at this."""
    return not (kind == "table" and name is not None and name.startswith(BY_HAND))


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew and dropping the old one.

    With foreign keys on, the drop would be refused, or would delete what hangs on its rows. They are checked before the commit.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()  # Within a transaction the switch would do nothing.
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    with db.engine.connect() as connection, unguarded(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=ours,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            **{
                name: value
                for name, value in current_app.extensions["migrate"].configure_args.items()
                if name not in {"render_as_batch", "compare_type"}
            },
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite" and (
            broken := connection.execute(text("PRAGMA foreign_key_check")).first()
        ):
            raise RuntimeError(f"a migration left a row that points to nothing: {broken}")
        connection.commit()


run()
