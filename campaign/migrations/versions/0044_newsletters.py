"""Brands write newsletters to those who asked for them, and say from which level on people may do some things."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ACTS = ("links", "pictures", "merges", "reports")
LEAVING = sa.text("sent_at IS NOT NULL AND done_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "newsletter_subscription",
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_newsletter_subscription_brand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_newsletter_subscription_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("brand_id", "person_id", name=op.f("pk_newsletter_subscription")),
    )
    op.create_index(op.f("ix_newsletter_subscription_person_id"), "newsletter_subscription", ["person_id"])
    op.create_table(
        "newsletter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("segment", sa.String(length=12), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "segment IN ('everybody', 'participants', 'accepted', 'followers')", name=op.f("ck_newsletter_segment")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_newsletter_brand_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_newsletter_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_newsletter_by_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_newsletter_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter")),
        sa.UniqueConstraint("brand_id", "key", name=op.f("uq_newsletter_brand_id_key")),
    )
    op.create_index(op.f("ix_newsletter_campaign_id"), "newsletter", ["campaign_id"])
    op.create_index("ix_newsletter_leaving", "newsletter", ["id"], sqlite_where=LEAVING, postgresql_where=LEAVING)
    op.create_table(
        "gating",
        sa.Column("brand_id", sa.Integer(), nullable=False),
        *(sa.Column(act, sa.String(length=7), nullable=True) for act in ACTS),
        *(sa.CheckConstraint(f"{act} IN ('new', 'known', 'trusted')", name=op.f(f"ck_gating_{act}")) for act in ACTS),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_gating_brand_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("pk_gating")),
    )


def downgrade() -> None:
    op.drop_table("gating")
    op.drop_table("newsletter")
    op.drop_table("newsletter_subscription")
