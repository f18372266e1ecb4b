"""The pairs of ideas that people are asked to choose between are kept, so that each is answered once."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_pair",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_shown_pair_stage_id")),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_shown_pair_voter_id")),
        sa.ForeignKeyConstraint(["first_id"], ["idea.id"], name=op.f("fk_shown_pair_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["idea.id"], name=op.f("fk_shown_pair_second_id")),
        sa.PrimaryKeyConstraint("stage_id", "voter_id", "number", name=op.f("pk_shown_pair")),
        sa.UniqueConstraint(
            "stage_id",
            "voter_id",
            "first_id",
            "second_id",
            name=op.f("uq_shown_pair_stage_id_voter_id_first_id_second_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("shown_pair")
