"""A publication remembers up to which moment the passing of its campaign's dates was told."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_until", sa.DateTime(timezone=True), nullable=True))
    # What passed before is no news: nobody is told of it now.
    publication = sa.table("publication", sa.column("told_until", sa.DateTime(timezone=True)))
    op.execute(publication.update().values(told_until=datetime.now(UTC)))
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.alter_column("told_until", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_column("told_until")
