"""Doubtful votes are set aside from the totals, with a reason, until a person decides."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("aside", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "vote_network",
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_vote_network_voter_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("voter_id", "network", name=op.f("pk_vote_network")),
    )
    op.create_index(op.f("ix_vote_network_day"), "vote_network", ["day"])
    op.create_table(
        "doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("group", sa.String(length=60), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=5), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.CheckConstraint("decision IN ('count', 'leave')", name=op.f("ck_doubt_decision")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_doubt_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_doubt_decided_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_doubt_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_doubt_voter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
        sa.UniqueConstraint("idea_id", "voter_id", name=op.f("uq_doubt_idea_id_voter_id")),
    )
    op.create_index("ix_doubt_campaign_id", "doubt", ["campaign_id", "decision"])


def downgrade() -> None:
    op.drop_table("doubt")
    op.drop_table("vote_network")
    # Totals would leave out what nothing then says is set aside.
    op.execute(
        "UPDATE idea SET votes = votes + (SELECT count(*) FROM vote WHERE vote.idea_id = idea.id AND vote.aside) "
        "WHERE id IN (SELECT idea_id FROM vote WHERE aside)"
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_column("aside")
