"""Campaigns ask for verifications before ideas, votes or comments; teams record what people gave on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "verification_version",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_verification_version_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_verification_version_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "number", name=op.f("pk_verification_version")),
    )
    op.create_table(
        "verified",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("said", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('age', 'postcode', 'list')", name=op.f("ck_verified_kind")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_verified_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_verified_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", "kind", name=op.f("pk_verified")),
    )
    op.create_index("ix_verified_person_id", "verified", ["person_id"])
    op.create_table(
        "verified_phone",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_verified_phone_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_verified_phone")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_verified_phone_number_hash")),
    )
    op.create_table(
        "phone_code",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_with", sa.String(length=2), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_phone_code_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_phone_code")),
    )
    op.create_index("ix_phone_code_sent_at", "phone_code", ["sent_at"])
    op.create_table(
        "listed",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("hashed", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_listed_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_listed_person_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("campaign_id", "hashed", name=op.f("pk_listed")),
        sa.UniqueConstraint("campaign_id", "person_id", name=op.f("uq_listed_campaign_id_person_id")),
    )
    op.create_index("ix_listed_person_id", "listed", ["person_id"])
    op.create_table(
        "recorded_idea",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("how IN ('paper', 'phone', 'event', 'other')", name=op.f("ck_recorded_idea_how")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_recorded_idea_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_recorded_idea_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_recorded_idea")),
    )
    op.create_index("ix_recorded_idea_by_id", "recorded_idea", ["by_id"])
    op.create_table(
        "paper_voter",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_paper_voter_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paper_voter_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_paper_voter")),
        sa.UniqueConstraint("campaign_id", "reference", name=op.f("uq_paper_voter_campaign_id_reference")),
    )
    op.create_table(
        "paper_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("how IN ('paper', 'phone', 'event', 'other')", name=op.f("ck_paper_vote_how")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_paper_vote_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_paper_vote_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voter_id"], ["paper_voter.person_id"], name=op.f("fk_paper_vote_voter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_vote")),
        sa.UniqueConstraint("idea_id", "voter_id", name=op.f("uq_paper_vote_idea_id_voter_id")),
    )
    op.create_index("ix_paper_vote_by_id", "paper_vote", ["by_id"])
    op.create_index("ix_paper_vote_voter_id", "paper_vote", ["voter_id"])
    op.create_table(
        "paper_vote_removal",
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_paper_vote_removal_by_id")),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["paper_vote.id"], name=op.f("fk_paper_vote_removal_vote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_paper_vote_removal")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asks_first", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column("paper_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("paper_since")
        batch_op.drop_column("asks_first")
    op.drop_table("paper_vote_removal")
    op.drop_table("paper_vote")
    op.drop_table("paper_voter")
    op.drop_table("recorded_idea")
    op.drop_table("listed")
    op.drop_table("phone_code")
    op.drop_table("verified_phone")
    op.drop_table("verified")
    op.drop_table("verification_version")
