"""People can vote on several named scales; counts keep how sure the places are."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BEFORE = ("approval", "dots", "score", "up_down", "statements", "ranked", "duels", "budget")
NOW = ("approval", "dots", "score", "scales", "up_down", "statements", "ranked", "duels", "budget")


def upgrade() -> None:
    _let(NOW)
    op.add_column("stage_count", sa.Column("places", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("stage_count", "places")
    # What was voted on several scales can't be told by the methods of before.
    of_scales = "IN (SELECT id FROM stage WHERE method = 'scales')"
    for table in ("ballot_name", "ballot_doubt", "stage_ballot", "ballot_entry", "voting_version", "stage_count"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE stage_id {of_scales}"))  # noqa: S608  No word of it is from outside.
    op.execute(
        sa.text(
            "UPDATE stage SET method = 'approval', method_settings = '{}', first_ballot_at = NULL WHERE method = 'scales'"
        )
    )
    _let(BEFORE)


def _let(methods: tuple[str, ...]) -> None:
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_stage_method"), type_="check")
        batch_op.create_check_constraint(op.f("ck_stage_method"), f"method IN {methods}")
