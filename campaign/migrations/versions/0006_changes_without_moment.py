"""A board's change is known by its number: when it was made was written and never read."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("board_change", schema=None) as batch_op:
        batch_op.drop_column("made_at")


def downgrade() -> None:
    with op.batch_alter_table("board_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
    change = sa.table("board_change", sa.column("made_at", sa.DateTime(timezone=True)))
    op.execute(change.update().values(made_at=datetime.now(UTC)))
    with op.batch_alter_table("board_change", schema=None) as batch_op:
        batch_op.alter_column("made_at", existing_type=sa.DateTime(timezone=True), nullable=False)
