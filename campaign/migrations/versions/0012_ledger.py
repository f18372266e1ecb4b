"""Every entry of the book of ballots bears a mark, and becomes a leaf of its campaign's log."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ballot_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mark", sa.String(length=32), nullable=True))
    op.create_table(
        "ballot_log",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_ballot_log_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_ballot_log")),
        sa.UniqueConstraint("origin", name=op.f("uq_ballot_log_origin")),
    )
    op.create_table(
        "ballot_tile",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_entry", sa.BigInteger(), nullable=True),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_ballot_tile_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "level", "number", name=op.f("pk_ballot_tile")),
    )
    with op.batch_alter_table("ballot_tile", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_tile_first_entry", ["campaign_id", "first_entry"], unique=False)
    reading = op.create_table(
        "book_reading",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("unmarked_until", sa.BigInteger(), nullable=False),
        sa.Column("key_name", sa.String(length=16), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_book_reading_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_reading")),
    )
    entry = sa.table("ballot_entry", sa.column("id", sa.BigInteger))
    last = sa.select(sa.literal(1), sa.literal(0), sa.func.coalesce(sa.func.max(entry.c.id), 0))
    op.execute(reading.insert().from_select(["id", "until", "unmarked_until"], last))


def downgrade() -> None:
    op.drop_table("book_reading")
    with op.batch_alter_table("ballot_tile", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_tile_first_entry")
    op.drop_table("ballot_tile")
    op.drop_table("ballot_log")
    with op.batch_alter_table("ballot_entry", schema=None) as batch_op:
        batch_op.drop_column("mark")
