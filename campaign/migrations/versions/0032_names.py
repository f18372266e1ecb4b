"""Voters are listed by name where a campaign says so, people put their name to ideas, and a vote has a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names_voters", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("has_named_voters", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("merged_vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named", sa.Boolean(), server_default=sa.false(), nullable=False))
    named = sa.text("named")
    op.create_index(
        "ix_vote_named", "vote", ["idea_id", "cast_at", "voter_id"], sqlite_where=named, postgresql_where=named
    )
    op.create_table(
        "naming_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_naming_version_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_naming_version_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_naming_version")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_naming_version_campaign_id_number")),
    )
    op.create_table(
        "ballot_name",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_ballot_name_idea_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_ballot_name_stage_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_ballot_name_voter_id")),
        sa.PrimaryKeyConstraint("stage_id", "voter_id", "idea_id", name=op.f("pk_ballot_name")),
    )
    op.create_index("ix_ballot_name_idea", "ballot_name", ["idea_id", "at", "voter_id"])
    op.create_table(
        "endorsement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=280), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_endorsement_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_endorsement_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rules_id"], ["rules.id"], name=op.f("fk_endorsement_rules_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
        sa.UniqueConstraint("idea_id", "person_id", name=op.f("uq_endorsement_idea_id_person_id")),
    )
    op.create_index("ix_endorsement_idea", "endorsement", ["idea_id", "id"])
    op.create_index(op.f("ix_endorsement_person_id"), "endorsement", ["person_id"])
    _hiding("endorsement_hiding", "person_id")
    op.create_table(
        "name_consent",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_name_consent_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_name_consent")),
    )
    op.create_table(
        "reason",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=7), nullable=False),
        sa.Column("named", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("side IN ('for', 'against')", name=op.f("ck_reason_side")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_reason_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["rules_id"], ["rules.id"], name=op.f("fk_reason_rules_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_reason_stage_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_reason_voter_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", "voter_id", name=op.f("pk_reason")),
        sa.UniqueConstraint("idea_id", "place", name=op.f("uq_reason_idea_id_place")),
    )
    op.create_index(op.f("ix_reason_voter_id"), "reason", ["voter_id"])
    _hiding("reason_hiding", "voter_id")


def downgrade() -> None:
    for table in (
        "reason_hiding",
        "reason",
        "name_consent",
        "endorsement_hiding",
        "endorsement",
        "ballot_name",
        "naming_version",
    ):
        op.drop_table(table)
    op.drop_index("ix_vote_named", "vote")
    with op.batch_alter_table("merged_vote", schema=None) as batch_op:
        batch_op.drop_column("named")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_column("named")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("has_named_voters")
        batch_op.drop_column("names_voters")


def _hiding(table: str, whose: str) -> None:
    op.create_table(
        table,
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column(whose, sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f(f"fk_{table}_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f(f"fk_{table}_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint([whose], ["person.id"], name=op.f(f"fk_{table}_{whose}"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", whose, name=op.f(f"pk_{table}")),
    )
