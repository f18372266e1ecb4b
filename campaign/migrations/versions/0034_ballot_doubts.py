"""Doubtful ballots are set aside from the count of their stage, with a reason, until a person decides."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ballot_doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("group", sa.String(length=60), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=5), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.CheckConstraint("decision IN ('count', 'leave')", name=op.f("ck_ballot_doubt_decision")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_ballot_doubt_decided_by_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_ballot_doubt_stage_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_ballot_doubt_voter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_doubt")),
        sa.UniqueConstraint("stage_id", "voter_id", name=op.f("uq_ballot_doubt_stage_id_voter_id")),
    )


def downgrade() -> None:
    op.drop_table("ballot_doubt")
