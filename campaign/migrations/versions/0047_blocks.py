"""Whoever is suspended by an act that can be undone is told when it can't be any more, and undone, what stood there before stands there again."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("suspension", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("suspension", sa.Column("replaced", sa.JSON(none_as_null=True), nullable=True))
    op.execute("UPDATE suspension SET told_at = at")


def downgrade() -> None:
    with op.batch_alter_table("suspension") as table:
        table.drop_column("replaced")
        table.drop_column("told_at")
