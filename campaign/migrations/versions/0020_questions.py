"""Campaigns ask questions beside the idea, prefill its text, and say how many ideas one person can give."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ADDED = (
    ("campaign", "ideas_each", sa.Integer(), "0"),
    ("campaign_text", "template", sa.Text(), ""),
    ("idea_version", "answers", sa.JSON(), "[]"),
)


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("low", sa.JSON(), nullable=False),
        sa.Column("high", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'long', 'one', 'several', 'scale', 'file')", name=op.f("ck_question_kind")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_question_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index("ix_question_campaign_id", "question", ["campaign_id"])
    op.create_table(
        "answer_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_file_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
        sa.UniqueConstraint("key", name=op.f("uq_answer_file_key")),
    )
    op.create_table(
        "draft_answer_file",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_draft_answer_file_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_draft_answer_file_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["answer_file.id"], name=op.f("fk_draft_answer_file_file_id")),
        sa.PrimaryKeyConstraint("draft_id", "question_id", name=op.f("pk_draft_answer_file")),
    )
    op.create_table(
        "reply",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(value IS NULL) <> (sealed IS NULL)", name=op.f("ck_reply_open_or_sealed")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_reply_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_reply_question_id")),
        sa.ForeignKeyConstraint(["file_id"], ["answer_file.id"], name=op.f("fk_reply_file_id")),
        sa.PrimaryKeyConstraint("idea_id", "question_id", name=op.f("pk_reply")),
        sa.UniqueConstraint("file_id", name=op.f("uq_reply_file_id")),
    )
    op.create_index("ix_reply_question_id", "reply", ["question_id"])
    for table, column, kind, default in ADDED:
        op.add_column(table, sa.Column(column, kind, nullable=False, server_default=default))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=kind, server_default=None)
    op.add_column("campaign", sa.Column("private_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("private_until")
    for table, column, _kind, _default in ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    op.drop_table("reply")
    op.drop_table("draft_answer_file")
    op.drop_table("answer_file")
    op.drop_table("question")
