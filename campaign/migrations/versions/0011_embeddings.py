"""Ideas know their title without its accents and marks, and what it means as a vector."""

import sqlalchemy as sa
from alembic import op

from campaign.text import title_key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    op.create_table(
        "idea_embedding",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_embedding_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_idea_embedding_campaign_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_idea_embedding")),
    )
    op.create_index("ix_idea_embedding_waiting", "idea_embedding", ["model", "idea_id"])
    op.create_index("ix_idea_embedding_made", "idea_embedding", ["campaign_id", "made_at"])
    # What is there already waits for the worker.
    op.execute(
        "INSERT INTO idea_embedding (idea_id, campaign_id, model, asked) SELECT id, campaign_id, '', 1 FROM idea"
    )

    op.add_column("idea", sa.Column("title_key", sa.String(length=200), nullable=False, server_default=""))
    idea = sa.table("idea", sa.column("id", sa.Integer), sa.column("title", sa.String), sa.column("title_key"))
    connection, last = op.get_bind(), 0
    keep = idea.update().where(idea.c.id == sa.bindparam("idea_id")).values(title_key=sa.bindparam("key"))
    while rows := connection.execute(
        sa.select(idea.c.id, idea.c.title).where(idea.c.id > last).order_by(idea.c.id).limit(AT_ONCE)
    ).all():
        connection.execute(keep, [{"idea_id": row.id, "key": title_key(row.title)} for row in rows])
        last = rows[-1].id
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.alter_column("title_key", existing_type=sa.String(length=200), server_default=None)
    op.create_index("ix_idea_title_key", "idea", ["campaign_id", "title_key"])


def downgrade() -> None:
    op.drop_index("ix_idea_title_key", table_name="idea")
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.drop_column("title_key")
    op.drop_table("idea_embedding")
