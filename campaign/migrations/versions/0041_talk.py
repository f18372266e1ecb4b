"""People find remarks helpful, call each other by name in them, and a brand pins one above the others."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

OWN, OTHERS = "'own', 'own_remarks', 'reply'", "'followed', 'update', 'said', 'suggested', 'campaign'"


def upgrade() -> None:
    op.create_table(
        "comment_helpful",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_helpful_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_comment_helpful_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_helpful")),
    )
    op.create_index(op.f("ix_comment_helpful_person_id"), "comment_helpful", ["person_id"])
    op.create_table(
        "comment_mention",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_mention_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_comment_mention_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_mention")),
    )
    op.create_index(op.f("ix_comment_mention_person_id"), "comment_mention", ["person_id"])
    op.create_table(
        "comment_pin",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_comment_pin_by_id")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_pin_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_comment_pin_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_comment_pin")),
    )
    op.create_index(op.f("ix_comment_pin_comment_id"), "comment_pin", ["comment_id"])
    _tell(f"{OWN}, 'mentioned', {OTHERS}")


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'mentioned'")
    op.execute("DELETE FROM notice_wish WHERE kind = 'mentioned'")
    _tell(f"{OWN}, {OTHERS}")
    for table in ("comment_pin", "comment_mention", "comment_helpful"):
        op.drop_table(table)


def _tell(kinds: str) -> None:
    """Let notices, and what people wish of them, be of these kinds."""
    for table in ("notice", "notice_wish"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_{table}_kind"), f"kind IN ({kinds})")
