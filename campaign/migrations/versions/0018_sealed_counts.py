"""A stage says when its counts are shown; votes that come back are told, and by mail what becomes of an idea."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SHOWN = ("always", "voted", "ended")


def upgrade() -> None:
    # Until now all counts were shown.
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shows_counts", sa.String(length=6), nullable=False, server_default="always"))
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.alter_column("shows_counts", existing_type=sa.String(length=6), server_default=None)
        batch_op.create_check_constraint(op.f("ck_stage_shows_counts"), f"shows_counts IN {SHOWN}")
    op.create_table(
        "returned_vote",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_returned_vote_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["voter_id"], ["person.id"], name=op.f("fk_returned_vote_voter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_id", "voter_id", name=op.f("pk_returned_vote")),
    )
    op.create_index("ix_returned_vote_voter", "returned_vote", ["voter_id", "at"])
    op.create_table(
        "following",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_following_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_following_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_following")),
    )
    op.create_index("ix_following_person_id", "following", ["person_id"])
    op.create_table(
        "following_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("what IN ('answered', 'withdrawn', 'outcome')", name=op.f("ck_following_news_what")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_following_news_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_following_news_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_following_news")),
    )


def downgrade() -> None:
    op.drop_table("following_news")
    op.drop_table("following")
    op.drop_table("returned_vote")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_stage_shows_counts"), type_="check")
        batch_op.drop_column("shows_counts")
