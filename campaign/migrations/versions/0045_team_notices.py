"""Notices tell who works for a brand what colleagues and authors do: a kind of its own."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

KINDS = "'own', 'own_remarks', 'reply', 'mentioned', 'followed', 'update', 'said', 'suggested', 'campaign'"


def upgrade() -> None:
    _tell(f"{KINDS}, 'team'")


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'team'")
    op.execute("DELETE FROM notice_wish WHERE kind = 'team'")
    _tell(KINDS)


def _tell(kinds: str) -> None:
    """Let notices, and what people wish of them, be of these kinds."""
    for table in ("notice", "notice_wish"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_{table}_kind"), f"kind IN ({kinds})")
