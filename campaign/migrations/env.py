"""Migrations, run by Flask-Migrate on whichever database the app uses."""

from alembic import context
from flask import current_app

from campaign.extensions import db

# Made by hand in the migrations, differently on each database: see ideas/searching.py.
BY_HAND = ("idea_search",)


def ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Whether the comparison of models and database should look at this."""
    return not (kind == "table" and name is not None and name.startswith(BY_HAND))


def run() -> None:
    with db.engine.connect() as connection:
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
        connection.commit()


run()
