"""Views of ideas are counted, orders are drawn from them, and places are told with what is uncertain about them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exposure", sa.String(length=10), nullable=False, server_default="shuffled"))
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.alter_column("exposure", existing_type=sa.String(length=10), server_default=None)
        batch_op.create_check_constraint(op.f("ck_campaign_exposure"), "exposure IN ('shuffled', 'guaranteed')")
    op.create_table(
        "idea_exposure",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.Column("votes_before", sa.Integer(), nullable=False),
        _of_campaign("idea_exposure"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_exposure_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_idea_exposure")),
    )
    op.create_index(op.f("ix_idea_exposure_campaign_id"), "idea_exposure", ["campaign_id"])
    op.create_table(
        "drawing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lanes", sa.Integer(), nullable=False),
        sa.Column("ideas", sa.Integer(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
        _of_campaign("drawing"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawing")),
    )
    op.create_index("ix_drawing_campaign_id", "drawing", ["campaign_id", "id"])
    op.create_table(
        "drawing_lane",
        sa.Column("drawing_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drawing_id"], ["drawing.id"], name=op.f("fk_drawing_lane_drawing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("drawing_id", "lane", name=op.f("pk_drawing_lane")),
    )
    op.create_table(
        "standing",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        _of_campaign("standing"),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_standing")),
    )


def _of_campaign(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["campaign_id"], ["campaign.id"], name=op.f(f"fk_{table}_campaign_id"), ondelete="CASCADE"
    )


def downgrade() -> None:
    op.drop_table("standing")
    op.drop_table("drawing_lane")
    op.drop_table("drawing")
    op.drop_table("idea_exposure")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_campaign_exposure"), type_="check")
        batch_op.drop_column("exposure")
