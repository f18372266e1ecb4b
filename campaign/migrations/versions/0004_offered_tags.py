"""A tag remembers that the team named it for people to choose."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.alter_column("offered", existing_type=sa.Boolean(), server_default=None)
    # Those that came with no idea can only be the team's.
    tag = sa.table("tag", sa.column("id", sa.Integer), sa.column("offered", sa.Boolean))
    idea_tag = sa.table("idea_tag", sa.column("tag_id", sa.Integer))
    op.execute(tag.update().where(tag.c.id.not_in(sa.select(idea_tag.c.tag_id))).values(offered=True))


def downgrade() -> None:
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.drop_column("offered")
