"""Replies are found by their remark; authors are told by a worker where very many ideas move to another status."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_comment_parent_id"), "comment", ["parent_id"])
    op.create_table(
        "untold_change",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["status_change.id"], name=op.f("fk_untold_change_change_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_untold_change")),
    )


def downgrade() -> None:
    op.drop_table("untold_change")
    op.drop_index(op.f("ix_comment_parent_id"), "comment")
