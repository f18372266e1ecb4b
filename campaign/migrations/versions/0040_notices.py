"""People are told of what happens as notices, by their wishes; they follow campaigns, people and tags; authors write news."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.CheckConstraint("how IN ('at_once', 'daily', 'weekly', 'page', 'nothing')", name=op.f("ck_notice_wish_how")),
        sa.CheckConstraint(
            "kind IN ('own', 'own_remarks', 'reply', 'followed', 'update', 'said', 'suggested', 'campaign')",
            name=op.f("ck_notice_wish_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_wish_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notice_wish")),
    )
    op.create_table(
        "person_following",
        sa.Column("followed_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("followed_id <> person_id", name=op.f("ck_person_following_other")),
        sa.ForeignKeyConstraint(
            ["followed_id"], ["person.id"], name=op.f("fk_person_following_followed_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_following_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("followed_id", "person_id", name=op.f("pk_person_following")),
    )
    op.create_index(op.f("ix_person_following_person_id"), "person_following", ["person_id"])

    op.create_table(
        "campaign_following",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_following_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_campaign_following_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", name=op.f("pk_campaign_following")),
    )
    op.create_index(op.f("ix_campaign_following_person_id"), "campaign_following", ["person_id"])

    op.create_table(
        "campaign_wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "how IN ('at_once', 'daily', 'weekly', 'page', 'nothing')", name=op.f("ck_campaign_wish_how")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_wish_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_campaign_wish_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "campaign_id", name=op.f("pk_campaign_wish")),
    )
    op.create_index(op.f("ix_campaign_wish_campaign_id"), "campaign_wish", ["campaign_id"])

    op.create_table(
        "tag_following",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_tag_following_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_tag_following_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", "person_id", name=op.f("pk_tag_following")),
    )
    op.create_index(op.f("ix_tag_following_person_id"), "tag_following", ["person_id"])

    op.create_table(
        "idea_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_idea_update_author_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_update_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["removed_by_id"], ["person.id"], name=op.f("fk_idea_update_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_update")),
        sa.UniqueConstraint("idea_id", "key", name=op.f("uq_idea_update_idea_id_key")),
    )
    op.create_index("ix_idea_update_idea", "idea_update", ["idea_id", "id"])

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=6), nullable=True),
        sa.CheckConstraint("digest IN ('daily', 'weekly')", name=op.f("ck_notice_digest")),
        sa.CheckConstraint(
            "kind IN ('own', 'own_remarks', 'reply', 'followed', 'update', 'said', 'suggested', 'campaign')",
            name=op.f("ck_notice_kind"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_notice_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_notice_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_notice_comment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_notice_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_campaign_id"), "notice", ["campaign_id"])
    op.create_index(op.f("ix_notice_comment_id"), "notice", ["comment_id"])
    op.create_index(op.f("ix_notice_idea_id"), "notice", ["idea_id"])
    op.create_index("ix_notice_person", "notice", ["person_id", "id"])
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["person_id"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "ix_notice_waiting",
        "notice",
        ["digest", "at"],
        sqlite_where=sa.text("digest IS NOT NULL"),
        postgresql_where=sa.text("digest IS NOT NULL"),
    )

    op.create_table(
        "notice_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "what IN ('suggested', 'commented', 'update', 'stage', 'outcome')", name=op.f("ck_notice_news_what")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_notice_news_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_notice_news_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_notice_news_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_notice_news_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reply_to_id"], ["person.id"], name=op.f("fk_notice_news_reply_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_news")),
    )


def downgrade() -> None:
    for table in (
        "notice_news",
        "notice",
        "idea_update",
        "tag_following",
        "campaign_wish",
        "campaign_following",
        "person_following",
        "notice_wish",
    ):
        op.drop_table(table)
