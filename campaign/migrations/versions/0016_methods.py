"""Each stage has a method of voting; ballots of other methods than support stand in the same book."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None

METHODS = ("approval", "dots", "score", "up_down", "statements", "ranked", "duels", "budget")
OF_BALLOTS = sa.text("stage_id IS NOT NULL")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("method", sa.String(length=12), nullable=False, server_default="approval"))
        batch_op.add_column(sa.Column("method_settings", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("first_ballot_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.alter_column("method", existing_type=sa.String(length=12), server_default=None)
        batch_op.alter_column("method_settings", existing_type=sa.JSON(), server_default=None)
        batch_op.create_check_constraint(op.f("ck_stage_method"), f"method IN {METHODS}")
    with op.batch_alter_table("ballot_entry", schema=None) as batch_op:
        batch_op.alter_column("idea_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("stage_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("content", sa.Text(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_ballot_entry_stage_id"), "stage", ["stage_id"], ["id"])
        batch_op.create_check_constraint(op.f("ck_ballot_entry_about"), "(idea_id IS NULL) <> (stage_id IS NULL)")
    op.create_index(
        "uq_ballot_entry_stage",
        "ballot_entry",
        ["stage_id", "voter_id", "key"],
        unique=True,
        sqlite_where=OF_BALLOTS,
        postgresql_where=OF_BALLOTS,
    )
    op.create_table(
        "stage_ballot",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_stage_ballot_stage_id")),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_stage_ballot_voter_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ballot_entry.id"], name=op.f("fk_stage_ballot_entry_id")),
        sa.PrimaryKeyConstraint("stage_id", "voter_id", name=op.f("pk_stage_ballot")),
    )
    # Where people have voted already, the rules are what they were.
    op.execute(
        """
        UPDATE stage SET first_ballot_at = (
            SELECT min(entry.at) FROM ballot_entry AS entry
            WHERE entry.campaign_id = stage.campaign_id AND entry.at >= stage.opens_at
            AND NOT EXISTS (
                SELECT 1 FROM stage AS later WHERE later.campaign_id = stage.campaign_id
                AND later.opens_at > stage.opens_at AND later.opens_at <= entry.at
            )
        )
        """
    )


def downgrade() -> None:
    # What was voted by other methods can't be told in the tables of before.
    op.drop_table("stage_ballot")
    op.execute("DELETE FROM ballot_entry WHERE stage_id IS NOT NULL")
    op.drop_index("uq_ballot_entry_stage", table_name="ballot_entry")
    with op.batch_alter_table("ballot_entry", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ballot_entry_about"), type_="check")
        batch_op.drop_constraint(op.f("fk_ballot_entry_stage_id"), type_="foreignkey")
        batch_op.drop_column("content")
        batch_op.drop_column("stage_id")
        batch_op.alter_column("idea_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_stage_method"), type_="check")
        batch_op.drop_column("first_ballot_at")
        batch_op.drop_column("method_settings")
        batch_op.drop_column("method")
