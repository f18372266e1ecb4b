"""Votes are for what an idea said when they were given; amendments, co-authors, lineage."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Columns of tables that have rows already, with what these rows get: nothing was asked of anybody until now.
NEW = {
    "vote": [("version", sa.Integer(), "1")],
    "campaign": [("edits_until_answer", sa.Boolean(), "false")],
    "idea": [("worded", sa.Integer(), "1"), ("unconfirmed", sa.Integer(), "0")],
}


def upgrade() -> None:
    for table, columns in NEW.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind, default in columns:
                batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=sa.text(default)))
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind, _default in columns:
                batch_op.alter_column(name, existing_type=kind, server_default=None)
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edit_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("edit_votes", sa.Integer(), nullable=True))
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_idea_parent_id"), "idea", ["parent_id"], ["id"])
        batch_op.create_index(op.f("ix_idea_parent_id"), ["parent_id"])
    with op.batch_alter_table("idea_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("amender_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_idea_version_amender_id"), "person", ["amender_id"], ["id"])
    op.create_table(
        "co_author",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_co_author_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_co_author_person_id")),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_co_author")),
    )
    op.create_index(op.f("ix_co_author_person_id"), "co_author", ["person_id"])
    op.create_table(
        "co_author_invitation",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_co_author_invitation_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_co_author_invitation_person_id")),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_co_author_invitation")),
    )
    op.create_index(op.f("ix_co_author_invitation_person_id"), "co_author_invitation", ["person_id"])
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_amendment_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_amendment_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_amendment_author_id_key")),
    )
    op.create_index("ix_amendment_idea", "amendment", ["idea_id", "id"])
    op.create_table(
        "amendment_end",
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.CheckConstraint("how IN ('accepted', 'refused', 'withdrawn')", name=op.f("ck_amendment_end_how")),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["amendment.id"], name=op.f("fk_amendment_end_amendment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_amendment_end_by_id")),
        sa.PrimaryKeyConstraint("amendment_id", name=op.f("pk_amendment_end")),
    )
    op.create_table(
        "declined_mail",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_declined_mail_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "mail", name=op.f("pk_declined_mail")),
    )
    op.create_table(
        "rewording",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("told_until", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_rewording_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", "version", name=op.f("pk_rewording")),
    )


def downgrade() -> None:
    op.drop_table("rewording")
    op.drop_table("declined_mail")
    op.drop_table("amendment_end")
    op.drop_table("amendment")
    op.drop_table("co_author_invitation")
    op.drop_table("co_author")
    with op.batch_alter_table("idea_version", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_idea_version_amender_id"), type_="foreignkey")
        batch_op.drop_column("amender_id")
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_idea_parent_id"))
        batch_op.drop_constraint(op.f("fk_idea_parent_id"), type_="foreignkey")
        batch_op.drop_column("parent_id")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("edit_votes")
        batch_op.drop_column("edit_hours")
    for table, columns in reversed(NEW.items()):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _kind, _default in reversed(columns):
                batch_op.drop_column(name)
