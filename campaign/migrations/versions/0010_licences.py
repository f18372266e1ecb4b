"""A campaign names the licence of its ideas, and each idea keeps the one it came under."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LICENCES = ("own", "by", "by-sa", "zero")


def upgrade() -> None:
    for table in ("campaign", "idea"):
        # What is there was shared as campaigns said until now.
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("licence", sa.String(length=8), nullable=False, server_default="own"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("licence", existing_type=sa.String(length=8), server_default=None)
            batch_op.create_check_constraint(op.f(f"ck_{table}_licence"), f"licence IN {LICENCES}")


def downgrade() -> None:
    for table in ("campaign", "idea"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_licence"), type_="check")
            batch_op.drop_column("licence")
