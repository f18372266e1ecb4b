"""A campaign can be for the people whom it invites."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

BEFORE = "'public', 'unlisted', 'members'"


def upgrade() -> None:
    _be_seen_by(f"{BEFORE}, 'invited'")
    op.create_table(
        "invitee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(length=43), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_invitee_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_invitee_invited_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitee_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitee")),
        sa.UniqueConstraint("campaign_id", "email", name=op.f("uq_invitee_campaign_id_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitee_token_hash")),
    )
    op.create_index(op.f("ix_invitee_email"), "invitee", ["email"])
    op.create_index(op.f("ix_invitee_person_id"), "invitee", ["person_id"])


def downgrade() -> None:
    op.drop_table("invitee")
    # Its own team sees it still, and nobody else does whom it did not invite.
    op.execute("UPDATE campaign SET visibility = 'members' WHERE visibility = 'invited'")
    _be_seen_by(BEFORE)


def _be_seen_by(those: str) -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_campaign_visibility"), type_="check")
        batch_op.create_check_constraint(op.f("ck_campaign_visibility"), f"visibility IN ({those})")
