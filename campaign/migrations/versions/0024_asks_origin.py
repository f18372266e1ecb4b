"""A campaign can ask whose an idea is also where it states no rules."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Until now nobody was asked unless there were rules.
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asks_origin", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.alter_column("asks_origin", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("asks_origin")
