"""Campaigns have rules in versions, people accept them, and what somebody has from a brand is declared."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LICENCES = ("own", "by", "by-sa", "zero")


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("licence", sa.String(length=8), nullable=False),
        sa.Column("contract", sa.String(length=16), nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.Integer(), nullable=True),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("concern_remarks", sa.Boolean(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("contract IN ('cooperation', 'collaboration')", name=op.f("ck_rules_contract")),
        sa.CheckConstraint(f"licence IN {LICENCES}", name=op.f("ck_rules_licence")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_rules_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_rules_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_rules_campaign_id_number")),
    )
    op.create_table(
        "rules_acceptance",
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("of_age", sa.Boolean(), nullable=False),
        sa.Column("from_country", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rules_acceptance_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rules_id"], ["rules.id"], name=op.f("fk_rules_acceptance_rules_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rules_id", "person_id", name=op.f("pk_rules_acceptance")),
    )
    with op.batch_alter_table("rules_acceptance", schema=None) as batch_op:
        batch_op.create_index("ix_rules_acceptance_person_id", ["person_id"], unique=False)
    op.create_table(
        "incentive",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('staff', 'sample', 'reward')", name=op.f("ck_incentive_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_incentive_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_incentive_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_incentive_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", name=op.f("pk_incentive")),
    )
    with op.batch_alter_table("incentive", schema=None) as batch_op:
        batch_op.create_index("ix_incentive_person_id", ["person_id"], unique=False)
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("builds_on", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.alter_column("builds_on", existing_type=sa.String(length=200), server_default=None)
        batch_op.create_foreign_key(op.f("fk_idea_rules_id"), "rules", ["rules_id"], ["id"])
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_comment_rules_id"), "rules", ["rules_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_comment_rules_id"), type_="foreignkey")
        batch_op.drop_column("rules_id")
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_idea_rules_id"), type_="foreignkey")
        batch_op.drop_column("builds_on")
        batch_op.drop_column("rules_id")
    op.drop_table("incentive")
    op.drop_table("rules_acceptance")
    op.drop_table("rules")
