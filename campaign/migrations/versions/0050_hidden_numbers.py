"""The numbers that clients are told of a board don't count what some of them may not know; orders are drawn under seal as well, and logs shown no further."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

TABLES = ("board_sequence", "board_change")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("hidden", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("ballot_log", sa.Column("shown_size", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("ballot_log", sa.Column("shown_checkpoint", sa.Text(), nullable=False, server_default=""))
    op.add_column("ballot_log", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    # What is signed by now has been shown.
    op.execute("UPDATE ballot_log SET shown_size = size, shown_checkpoint = checkpoint, shown_at = signed_at")
    # Counted again by the worker, which then knows.
    op.add_column("standing", sa.Column("moved", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("drawing", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    shown = (("ballot_log", column) for column in ("shown_size", "shown_checkpoint", "shown_at"))
    for table, column in (("drawing", "blind"), ("standing", "moved"), *shown):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("hidden")
