"""What is told to people: what rests while it is out of sight, whether it stood in sight before, and which remark a reply answers."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

READ = sa.text("read_at IS NOT NULL")
RESTING = ("notice", "notice_news")


def upgrade() -> None:
    for table in RESTING:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("resting", sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("resting", existing_type=sa.Boolean(), server_default=None)
    op.create_index("ix_notice_read", "notice", ["read_at"], sqlite_where=READ, postgresql_where=READ)
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stood", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.alter_column("stood", existing_type=sa.Boolean(), server_default=None)
    cases = sa.table("moderation_case", *map(sa.column, ("verdict", "told_at")), sa.column("stood", sa.Boolean()))
    told = cases.c.verdict == "approved", cases.c.told_at.is_not(None)
    op.execute(cases.update().where(*told).values(stood=True))
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reply_to_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_comment_reply_to_id"), "comment", ["reply_to_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(op.f("ix_comment_reply_to_id"), ["reply_to_id"])


def downgrade() -> None:
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_comment_reply_to_id"))
        batch_op.drop_constraint(op.f("fk_comment_reply_to_id"), type_="foreignkey")
        batch_op.drop_column("reply_to_id")
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_column("stood")
    op.drop_index("ix_notice_read", "notice")
    # What rests is told to nobody, as it was before.
    for table in RESTING:
        op.execute(f"DELETE FROM {table} WHERE resting")  # noqa: S608 Our own names.
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("resting")
