"""A brand says something about itself, in each language that it chose to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("brand", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("brand", schema=None) as batch_op:
        batch_op.alter_column("about", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("brand", schema=None) as batch_op:
        batch_op.drop_column("about")
