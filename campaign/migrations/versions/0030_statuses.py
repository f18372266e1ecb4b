"""A campaign has a list of statuses, an idea stands at one of them, and enough supporters qualify it for review."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NEWS = "'answered', 'withdrawn', {}'outcome'"


def upgrade() -> None:
    op.create_table(
        "status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("colour", sa.String(length=10), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("leads_to", sa.JSON(), nullable=False),
        sa.Column("freezes_votes", sa.Boolean(), nullable=False),
        sa.Column("freezes_comments", sa.Boolean(), nullable=False),
        sa.Column("freezes_edits", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('open', 'review', 'accepted', 'declined', 'done')", name=op.f("ck_status_kind")),
        sa.CheckConstraint(
            "colour IN ('grey', 'blue', 'teal', 'green', 'amber', 'brown', 'red', 'purple')",
            name=op.f("ck_status_colour"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_status_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status")),
        sa.UniqueConstraint("campaign_id", "key", name=op.f("uq_status_campaign_id_key")),
    )
    op.create_table(
        "status_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("colour", sa.String(length=10), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_status_change_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_status_change_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_change")),
    )
    op.create_index("ix_status_change_idea_id", "status_change", ["idea_id", "id"])
    op.create_table(
        "waiting_mark",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_waiting_mark_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_waiting_mark")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("qualifies_at", sa.Integer(), nullable=True))
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("qualified_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(op.f("fk_idea_status_id"), "status", ["status_id"], ["id"])
        batch_op.create_index("ix_idea_status", ["campaign_id", "status_id", "qualified_at"])
    _tell_of(NEWS.format("'status', "))


def downgrade() -> None:
    op.execute("DELETE FROM following_news WHERE what = 'status'")
    _tell_of(NEWS.format(""))
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.drop_index("ix_idea_status")
        batch_op.drop_constraint(op.f("fk_idea_status_id"), type_="foreignkey")
        batch_op.drop_column("qualified_at")
        batch_op.drop_column("status_id")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("qualifies_at")
    op.drop_table("waiting_mark")
    op.drop_table("status_change")
    op.drop_table("status")


def _tell_of(news: str) -> None:
    with op.batch_alter_table("following_news", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_following_news_what"), type_="check")
        batch_op.create_check_constraint(op.f("ck_following_news_what"), f"what IN ({news})")
