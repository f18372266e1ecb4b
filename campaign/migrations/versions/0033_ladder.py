"""A campaign has a ladder of supporters and days; what misses a step expires. Authors promote their idea by a short link."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NEWS = "'answered', 'withdrawn', 'status', {}'outcome'"
KINDS = "'withdrawn', 'retired', 'merged'"


def upgrade() -> None:
    op.create_table(
        "ladder_clock",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("ran", sa.BigInteger(), nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_ladder_clock_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_ladder_clock")),
    )
    op.create_table(
        "climb",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("step >= 0", name=op.f("ck_climb_step")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_climb_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_climb_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_climb")),
    )
    op.create_index("ix_climb_due", "climb", ["campaign_id", "due"])
    op.create_table(
        "step_reached",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_step_reached_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", "number", name=op.f("pk_step_reached")),
    )
    op.create_table(
        "expiry",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_expiry_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_expiry")),
    )
    op.create_table(
        "promotion_marks",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=10), nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.CheckConstraint("tool IN ('links', 'kit', 'poster')", name=op.f("ck_promotion_marks_tool")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_promotion_marks_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "tool", name=op.f("pk_promotion_marks")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ladder", sa.JSON(), nullable=True))
    _leave_for(f"{KINDS}, 'expired'", "kind IN ('withdrawn', 'expired')")
    _tell_of(NEWS.format("'step', 'expired', 'extended', "))


def downgrade() -> None:
    op.execute("DELETE FROM following_news WHERE what IN ('step', 'expired', 'extended')")
    _tell_of(NEWS.format(""))
    op.execute("DELETE FROM withdrawal WHERE kind = 'expired'")
    _leave_for(KINDS, "kind = 'withdrawn'")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("ladder")
    for table in ("promotion_marks", "expiry", "step_reached", "climb", "ladder_clock"):
        op.drop_table(table)


def _leave_for(kinds: str, without: str) -> None:
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_withdrawal_kind"), type_="check")
        batch_op.drop_constraint(op.f("ck_withdrawal_into"), type_="check")
        batch_op.create_check_constraint(op.f("ck_withdrawal_kind"), f"kind IN ({kinds})")
        batch_op.create_check_constraint(op.f("ck_withdrawal_into"), f"({without}) = (into_id IS NULL)")


def _tell_of(news: str) -> None:
    with op.batch_alter_table("following_news", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_following_news_what"), type_="check")
        batch_op.create_check_constraint(op.f("ck_following_news_what"), f"what IN ({news})")
