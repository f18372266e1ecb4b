"""Ideas and remarks wait for a moderator, or are taken down: cases, reports, who is trusted, and how a campaign is moderated."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KINDS = "'withdrawn', 'retired', 'merged', 'expired'"


def upgrade() -> None:
    op.create_table(
        "moderating",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("ideas_first", sa.Boolean(), nullable=False),
        sa.Column("remarks_first", sa.Boolean(), nullable=False),
        sa.Column("hides_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_moderating_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_moderating")),
    )
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=7), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=7), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("was_kept", sa.String(length=6), nullable=True),
        sa.Column("batch", sa.String(length=32), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("subject IN ('idea', 'comment')", name=op.f("ck_moderation_case_subject")),
        sa.CheckConstraint("cause IN ('first', 'filter', 'reports', 'team')", name=op.f("ck_moderation_case_cause")),
        sa.CheckConstraint("verdict IN ('approved', 'hidden')", name=op.f("ck_moderation_case_verdict")),
        sa.CheckConstraint("was_kept IN ('held', 'hidden')", name=op.f("ck_moderation_case_was_kept")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_moderation_case_author_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_moderation_case_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_moderation_case_decided_by_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_moderation_case_holder_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_moderation_case_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
    )
    op.create_index(
        "uq_moderation_case_open",
        "moderation_case",
        ["subject", "subject_id"],
        unique=True,
        sqlite_where=sa.text("verdict IS NULL"),
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.create_index("ix_moderation_case_campaign", "moderation_case", ["campaign_id", "verdict", "cause", "id"])
    op.create_index("ix_moderation_case_subject", "moderation_case", ["subject", "subject_id", "id"])
    op.create_index("ix_moderation_case_batch", "moderation_case", ["batch"])
    op.create_index(op.f("ix_moderation_case_author_id"), "moderation_case", ["author_id"])
    op.create_index(op.f("ix_moderation_case_idea_id"), "moderation_case", ["idea_id"])
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=7), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=8), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_report_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name=op.f("fk_report_reporter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint(
            "subject",
            "subject_id",
            "version",
            "reporter_id",
            name=op.f("uq_report_subject_subject_id_version_reporter_id"),
        ),
    )
    op.create_index(op.f("ix_report_case_id"), "report", ["case_id"])
    op.create_index(op.f("ix_report_reporter_id"), "report", ["reporter_id"])
    op.create_table(
        "trusted",
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_trusted_brand_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_trusted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trusted_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("brand_id", "person_id", name=op.f("pk_trusted")),
    )
    op.create_table(
        "comment_hold",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('held', 'hidden')", name=op.f("ck_comment_hold_kind")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_hold_comment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_hold")),
    )
    _leave_for(f"{KINDS}, 'held', 'hidden'", "(kind IN ('retired', 'merged')) = (into_id IS NOT NULL)")


def downgrade() -> None:
    # Who goes back shows what was out of sight only to those who look for it: among what was taken back.
    op.execute("UPDATE withdrawal SET kind = 'withdrawn' WHERE kind IN ('held', 'hidden')")
    _leave_for(KINDS, "(kind IN ('withdrawn', 'expired')) = (into_id IS NULL)")
    for table in ("comment_hold", "trusted", "report", "moderation_case", "moderating"):
        op.drop_table(table)


def _leave_for(kinds: str, into: str) -> None:
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_withdrawal_kind"), type_="check")
        batch_op.drop_constraint(op.f("ck_withdrawal_into"), type_="check")
        batch_op.create_check_constraint(op.f("ck_withdrawal_kind"), f"kind IN ({kinds})")
        batch_op.create_check_constraint(op.f("ck_withdrawal_into"), into)
