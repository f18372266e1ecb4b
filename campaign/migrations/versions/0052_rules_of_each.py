"""Amendments, versions of ideas and co-authors keep under which version of the rules they came."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TABLES = ("amendment", "idea_version", "co_author")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("rules_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_rules_id"), "rules", ["rules_id"], ["id"])
    # The first words of an idea came with it. What came later was asked nothing, and says nothing.
    op.execute(
        "UPDATE idea_version SET rules_id = (SELECT idea.rules_id FROM idea WHERE idea.id = idea_version.idea_id) "
        "WHERE number = 1"
    )


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_rules_id"), type_="foreignkey")
            batch_op.drop_column("rules_id")
