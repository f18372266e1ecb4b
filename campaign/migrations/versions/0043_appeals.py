"""Second looks at what was taken down: appeals by authors, and a second person where the campaign asks; and when moderators had a mail."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("moderating", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirms_hides", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("appeal_days", sa.Integer(), nullable=False, server_default="5"))
    with op.batch_alter_table("moderating", schema=None) as batch_op:
        batch_op.alter_column("confirms_hides", server_default=None)
        batch_op.alter_column("appeal_days", server_default=None)
    _causes("'first', 'filter', 'reports', 'team', 'edited'")
    op.create_table(
        "second_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('appeal', 'confirm')", name=op.f("ck_second_look_kind")),
        sa.CheckConstraint("outcome IN ('upheld', 'put_back', 'lapsed')", name=op.f("ck_second_look_outcome")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_second_look_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_second_look_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_second_look_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_look")),
        sa.UniqueConstraint("case_id", "kind", name=op.f("uq_second_look_case_id_kind")),
    )
    op.create_index("ix_second_look_waiting", "second_look", ["kind", "outcome", "due_at"])
    op.create_table(
        "waiting_mail",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_waiting_mail_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_waiting_mail")),
    )


def downgrade() -> None:
    op.drop_table("waiting_mail")
    op.drop_table("second_look")
    # Who goes back finds them among what the team came upon.
    op.execute("UPDATE moderation_case SET cause = 'team' WHERE cause = 'edited'")
    _causes("'first', 'filter', 'reports', 'team'")
    with op.batch_alter_table("moderating", schema=None) as batch_op:
        batch_op.drop_column("appeal_days")
        batch_op.drop_column("confirms_hides")


def _causes(causes: str) -> None:
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_moderation_case_cause"), type_="check")
        batch_op.create_check_constraint(op.f("ck_moderation_case_cause"), f"cause IN ({causes})")
