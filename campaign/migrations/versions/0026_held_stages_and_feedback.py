"""Stages are held shut until they are ready, and can ask for feedback; people without an account can suggest ideas."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("accepts_feedback", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("campaign_text", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scale", sa.String(length=120), nullable=False, server_default=""))
    op.create_table(
        "feedback",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("likes", sa.Text(), nullable=False),
        sa.Column("misses", sa.Text(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=True),
        sa.Column("rules_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mark BETWEEN 1 AND 5", name=op.f("ck_feedback_mark")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_feedback_author_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_feedback_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["rules_id"], ["rules.id"], name=op.f("fk_feedback_rules_id")),
        sa.PrimaryKeyConstraint("idea_id", "author_id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_author_id", "feedback", ["author_id"])
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("takes_guests", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "guest_idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_guest_idea_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_guest_idea_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_idea")),
        sa.UniqueConstraint("key", name=op.f("uq_guest_idea_key")),
    )
    op.create_index("ix_guest_idea_at", "guest_idea", ["at"])


def downgrade() -> None:
    op.drop_table("guest_idea")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("takes_guests")
    op.drop_table("feedback")
    with op.batch_alter_table("campaign_text", schema=None) as batch_op:
        batch_op.drop_column("scale")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_column("accepts_feedback")
        batch_op.drop_column("held")
