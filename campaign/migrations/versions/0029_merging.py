"""Ideas that say the same are merged into one, or retired in favour of one."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=9), nullable=False, server_default="withdrawn"))
        batch_op.add_column(sa.Column("into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_withdrawal_into_id"), "idea", ["into_id"], ["id"])
        batch_op.create_index(op.f("ix_withdrawal_into_id"), ["into_id"])
        batch_op.create_check_constraint(op.f("ck_withdrawal_kind"), "kind IN ('withdrawn', 'retired', 'merged')")
        batch_op.create_check_constraint(op.f("ck_withdrawal_into"), "(kind = 'withdrawn') = (into_id IS NULL)")
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(length=9), server_default=None)
    op.create_table(
        "duplicate",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_order")),
        sa.ForeignKeyConstraint(["declined_by_id"], ["person.id"], name=op.f("fk_duplicate_declined_by_id")),
        sa.ForeignKeyConstraint(["first_id"], ["idea.id"], name=op.f("fk_duplicate_first_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["second_id"], ["idea.id"], name=op.f("fk_duplicate_second_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_duplicate")),
    )
    op.create_index(op.f("ix_duplicate_second_id"), "duplicate", ["second_id"])
    op.create_table(
        "duplicate_proposal",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id", "second_id"],
            ["duplicate.first_id", "duplicate.second_id"],
            name=op.f("fk_duplicate_proposal_first_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_duplicate_proposal_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("first_id", "second_id", "person_id", name=op.f("pk_duplicate_proposal")),
    )
    op.create_index(op.f("ix_duplicate_proposal_person_id"), "duplicate_proposal", ["person_id"])
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_merge_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_merge_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["into_id"], ["idea.id"], name=op.f("fk_merge_into_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_into_id"), "merge", ["into_id"])
    op.create_index(
        "uq_merge_standing",
        "merge",
        ["idea_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "merged_vote",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=6), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.CheckConstraint("what IN ('moved', 'both', 'own', 'author')", name=op.f("ck_merged_vote_what")),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"], name=op.f("fk_merged_vote_merge_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_merged_vote_voter_id")),
        sa.PrimaryKeyConstraint("merge_id", "voter_id", name=op.f("pk_merged_vote")),
    )
    op.create_index("ix_merged_vote_voter", "merged_vote", ["voter_id", "read"])
    op.create_table(
        "merging_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=7), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("what IN ('merged', 'undone', 'retired')", name=op.f("ck_merging_news_what")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_merging_news_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"], name=op.f("fk_merging_news_merge_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merging_news")),
    )


def downgrade() -> None:
    for table in ("merging_news", "merged_vote", "merge", "duplicate_proposal", "duplicate"):
        op.drop_table(table)
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_withdrawal_into"), type_="check")
        batch_op.drop_constraint(op.f("ck_withdrawal_kind"), type_="check")
        batch_op.drop_index(op.f("ix_withdrawal_into_id"))
        batch_op.drop_constraint(op.f("fk_withdrawal_into_id"), type_="foreignkey")
        batch_op.drop_column("into_id")
        batch_op.drop_column("kind")
