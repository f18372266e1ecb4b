"""What was there before the ballot logs is held by the key; each log says when it was last witnessed, and when it was found damaged."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("book_reading", sa.Column("begun", sa.String(length=32), nullable=True))
    op.add_column("ballot_log", sa.Column("witnessed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ballot_log", sa.Column("damaged_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ballot_log", schema=None) as batch_op:
        batch_op.drop_column("damaged_at")
        batch_op.drop_column("witnessed_at")
    with op.batch_alter_table("book_reading", schema=None) as batch_op:
        batch_op.drop_column("begun")
