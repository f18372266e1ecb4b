"""A board of any size is listed and counted at the price of one page: indexes for it, and the number up to which counts hold."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("board_sequence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("beyond_votes", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE board_sequence SET beyond_votes = seq")
    with op.batch_alter_table("board_sequence", schema=None) as batch_op:
        batch_op.alter_column("beyond_votes", existing_type=sa.BigInteger(), server_default=None)
    op.create_index("ix_idea_shuffled", "idea", ["campaign_id", "lot"])
    op.create_index("ix_idea_answered", "idea", ["campaign_id", "answered_at", "submitted_at"])


def downgrade() -> None:
    op.drop_index("ix_idea_answered", "idea")
    op.drop_index("ix_idea_shuffled", "idea")
    with op.batch_alter_table("board_sequence", schema=None) as batch_op:
        batch_op.drop_column("beyond_votes")
