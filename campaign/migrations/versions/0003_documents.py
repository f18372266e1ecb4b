"""Ideas have documents beside their pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_document_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("key", name=op.f("uq_document_key")),
    )
    op.create_table(
        "idea_document",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_document_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_idea_document_document_id")),
        sa.PrimaryKeyConstraint("idea_id", "document_id", name=op.f("pk_idea_document")),
        sa.UniqueConstraint("document_id", name=op.f("uq_idea_document_document_id")),
    )
    op.create_table(
        "draft_document",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_draft_document_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_draft_document_document_id")),
        sa.PrimaryKeyConstraint("draft_id", "document_id", name=op.f("pk_draft_document")),
    )
    with op.batch_alter_table("idea_version", schema=None) as batch_op:
        # Versions that are there already had none.
        batch_op.add_column(sa.Column("documents", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("idea_version", schema=None) as batch_op:
        batch_op.alter_column("documents", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("idea_version", schema=None) as batch_op:
        batch_op.drop_column("documents")
    op.drop_table("draft_document")
    op.drop_table("idea_document")
    op.drop_table("document")
