"""Answers have versions, drafts, templates and due dates; ideas have somebody who answers them, and notes that stay in the team."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

FEASIBLE = "feasible IN ('', 'yes', 'partly', 'no')"


def upgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_days", sa.JSON(), nullable=True))
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
        for column in _more():
            batch_op.add_column(column)
        batch_op.create_check_constraint(op.f("ck_answer_feasible"), FEASIBLE)
    op.create_table(
        "answer_version",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_said(),
        sa.CheckConstraint(FEASIBLE, name=op.f("ck_answer_version_feasible")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_version_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_answer_version_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", "number", name=op.f("pk_answer_version")),
    )
    # What an answer said before it was changed was not kept until now, so what stands is the first that is known.
    op.execute(
        "INSERT INTO answer_version (idea_id, number, by_id, at, text, role, feasible, timing) "
        "SELECT idea_id, 1, by_id, coalesce(edited_at, at), text, role, '', '' FROM answer"
    )
    op.create_table(
        "answer_draft",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        *_said(),
        sa.CheckConstraint(FEASIBLE, name=op.f("ck_answer_draft_feasible")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_draft_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_answer_draft_idea_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_answer_draft")),
    )
    op.create_table(
        "assignment",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_assignment_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_assignment_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_person_id"), "assignment", ["person_id"])
    op.create_table(
        "answer_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('soon', 'overdue')", name=op.f("ck_answer_reminder_kind")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_answer_reminder_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_answer_reminder_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_reminder")),
    )
    for name, columns, where in (
        ("uq_answer_reminder_person", ["idea_id", "kind", "person_id"], "person_id IS NOT NULL"),
        ("uq_answer_reminder_team", ["idea_id", "kind"], "person_id IS NULL"),
    ):
        op.create_index(
            name, "answer_reminder", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    op.create_table(
        "reminder_round",
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_reminder_round_brand_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("pk_reminder_round")),
    )
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_answer_template_brand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_template_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_answer_template_brand_id_name")),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_note_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["parent_id"], ["note.id"], name=op.f("fk_note_parent_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_note_author_id_key")),
    )
    op.create_index(op.f("ix_note_idea_id"), "note", ["idea_id", "id"])
    op.create_index(op.f("ix_note_parent_id"), "note", ["parent_id"])
    op.create_table(
        "note_mention",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_mention_note_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_note_mention_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "person_id", name=op.f("pk_note_mention")),
    )
    op.create_index(op.f("ix_note_mention_person_id"), "note_mention", ["person_id"])


def downgrade() -> None:
    for table in (
        "note_mention",
        "note",
        "answer_template",
        "reminder_round",
        "answer_reminder",
        "assignment",
        "answer_draft",
        "answer_version",
    ):
        op.drop_table(table)
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_answer_feasible"), type_="check")
        for column in (*_more(), sa.Column("version")):
            batch_op.drop_column(column.name)
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("answer_days")


def _more() -> list[sa.Column]:
    return [
        sa.Column("cost", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("feasible", sa.String(length=6), server_default="", nullable=False),
        sa.Column("timing", sa.String(length=120), server_default="", nullable=False),
    ]


def _said() -> list[sa.Column]:
    return [
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        *_more(),
    ]
