"""Votes are for what an idea said when they were given."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
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
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("edit_votes")
        batch_op.drop_column("edit_hours")
    for table, columns in reversed(NEW.items()):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _kind, _default in reversed(columns):
                batch_op.drop_column(name)
