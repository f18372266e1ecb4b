"""Reviewers evaluate ideas by criteria; ideas go back to their authors with a question; a roadmap and an outcome page."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_milestone_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index("ix_milestone_campaign", "milestone", ["campaign_id", "due"])
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_outcome_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_outcome_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_outcome_campaign_id_number")),
    )
    op.create_index(
        "uq_outcome_draft",
        "outcome",
        ["campaign_id"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "outcome_told",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_outcome_told_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_outcome_told")),
    )
    op.create_table(
        "scorecard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_scorecard_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_scorecard_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_scorecard_campaign_id_number")),
    )
    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("lows", sa.JSON(), nullable=False),
        sa.Column("highs", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_criterion_weight")),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_criterion_scorecard_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
    )
    op.create_index(op.f("ix_criterion_scorecard_id"), "criterion", ["scorecard_id"])
    op.create_table(
        "outcome_picture",
        sa.Column("outcome_id", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_outcome_picture_image_id")),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_picture_outcome_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outcome_id", "image_id", name=op.f("pk_outcome_picture")),
    )
    op.create_index(op.f("ix_outcome_picture_image_id"), "outcome_picture", ["image_id"])
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("to_team", sa.Text(), nullable=False),
        sa.Column("to_authors", sa.Text(), nullable=False),
        sa.Column("marks_to_authors", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_card_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_card_reviewer_id")),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_card_scorecard_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint(
            "idea_id", "reviewer_id", "scorecard_id", name=op.f("uq_card_idea_id_reviewer_id_scorecard_id")
        ),
    )
    op.create_index(op.f("ix_card_reviewer_id"), "card", ["reviewer_id"])
    op.create_index("ix_card_scorecard", "card", ["scorecard_id", "idea_id"])
    op.create_table(
        "clarification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_version", sa.Integer(), nullable=True),
        sa.Column("resumed_by_id", sa.Integer(), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_clarification_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_clarification_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["replied_by_id"], ["person.id"], name=op.f("fk_clarification_replied_by_id")),
        sa.ForeignKeyConstraint(["resumed_by_id"], ["person.id"], name=op.f("fk_clarification_resumed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
    )
    op.create_index("ix_clarification_idea", "clarification", ["idea_id", "id"])
    op.create_index(
        "uq_clarification_open",
        "clarification",
        ["idea_id"],
        unique=True,
        sqlite_where=sa.text("resumed_at IS NULL"),
        postgresql_where=sa.text("resumed_at IS NULL"),
    )
    op.create_table(
        "milestone_idea",
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_milestone_idea_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_milestone_idea_milestone_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("milestone_id", "idea_id", name=op.f("pk_milestone_idea")),
    )
    op.create_index(op.f("ix_milestone_idea_idea_id"), "milestone_idea", ["idea_id"])
    op.create_table(
        "outcome_idea",
        sa.Column("outcome_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_outcome_idea_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_idea_outcome_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outcome_id", "idea_id", name=op.f("pk_outcome_idea")),
    )
    op.create_index(op.f("ix_outcome_idea_idea_id"), "outcome_idea", ["idea_id"])
    op.create_table(
        "reviewing",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_reviewing_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["person.id"], name=op.f("fk_reviewing_reviewer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_id", "reviewer_id", name=op.f("pk_reviewing")),
    )
    op.create_index(op.f("ix_reviewing_reviewer_id"), "reviewing", ["reviewer_id"])
    op.create_table(
        "card_mark",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.CheckConstraint("mark BETWEEN 1 AND 5", name=op.f("ck_card_mark_mark")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_mark_card_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_card_mark_criterion_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("card_id", "criterion_id", name=op.f("pk_card_mark")),
    )
    op.create_index(op.f("ix_card_mark_criterion_id"), "card_mark", ["criterion_id"])
    # Where the stage of the outcome has begun, those who follow were told by it.
    told = "SELECT DISTINCT stage.campaign_id, CURRENT_TIMESTAMP FROM stage"
    begun = "JOIN publication ON publication.campaign_id = stage.campaign_id WHERE stage.kind = 'outcome' AND stage.opens_at <= CURRENT_TIMESTAMP AND NOT stage.held"
    op.execute(f"INSERT INTO outcome_told (campaign_id, at) {told} {begun}")


def downgrade() -> None:
    tables = (
        "card_mark",
        "reviewing",
        "outcome_idea",
        "milestone_idea",
        "clarification",
        "card",
        "outcome_picture",
        "criterion",
        "scorecard",
        "outcome_told",
        "outcome",
        "milestone",
    )
    for table in tables:
        op.drop_table(table)
