"""A campaign goes through stages of its own, in place of three dates."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = (
    "brief", "conception", "development", "communication", "sale", "review", "vote", "test", "feedback", "outcome"
)  # fmt: skip
SWITCHES = ("accepts_ideas", "accepts_votes", "accepts_comments", "accepts_edits")
OPEN = {
    "conception": ("accepts_ideas", "accepts_votes", "accepts_comments", "accepts_edits"),
    "vote": ("accepts_votes", "accepts_comments"),
    "outcome": ("accepts_comments",),
}

campaign = sa.table(
    "campaign",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("opens_at", "ideas_until", "votes_until", "ends_at")),
)
stage = sa.table(
    "stage",
    sa.column("campaign_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("names", sa.JSON),
    sa.column("opens_at", sa.DateTime(timezone=True)),
    *(sa.column(name, sa.Boolean) for name in SWITCHES),
)


def upgrade() -> None:
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in SWITCHES),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_stage_kind")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_stage_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
    )
    op.create_index("ix_stage_campaign_id", "stage", ["campaign_id", "opens_at"])
    op.create_index("ix_stage_opens_at", "stage", ["opens_at"])
    for kind, begin in (("conception", "opens_at"), ("vote", "ideas_until"), ("outcome", "votes_until")):
        opened = [sa.literal(switch in OPEN[kind]) for switch in SWITCHES]
        rows = sa.select(campaign.c.id, sa.literal(kind), sa.literal("{}", sa.String), campaign.c[begin], *opened)
        if kind == "vote":
            rows = rows.where(campaign.c.ideas_until < campaign.c.votes_until)
        if op.get_bind().dialect.name == "postgresql":
            rows = rows.with_only_columns(
                campaign.c.id,
                sa.literal(kind),
                sa.cast(sa.literal("{}", sa.String), sa.JSON),
                campaign.c[begin],
                *opened,
            )
        op.execute(stage.insert().from_select(["campaign_id", "kind", "names", "opens_at", *SWITCHES], rows))
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(op.f("ck_campaign_dates"), type_="check")
        for name in ("opens_at", "ideas_until", "votes_until"):
            batch_op.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        for name in ("opens_at", "ideas_until", "votes_until"):
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    # What three dates can tell: the first beginning, and when the last stage ends that takes ideas, or votes.
    begins = sa.select(sa.func.min(stage.c.opens_at)).where(stage.c.campaign_id == campaign.c.id)
    op.execute(campaign.update().values(opens_at=begins.scalar_subquery()))
    for name, switch in (("votes_until", "accepts_votes"), ("ideas_until", "accepts_ideas")):
        op.execute(
            f"""
            UPDATE campaign SET {name} = coalesce(
              (SELECT min(following.opens_at) FROM stage AS following
               WHERE following.campaign_id = campaign.id AND following.opens_at > (
                 SELECT max(allowing.opens_at) FROM stage AS allowing
                 WHERE allowing.campaign_id = campaign.id AND allowing.{switch})),
              ends_at, '2100-01-01 00:00:00')
            """  # noqa: S608  The names are those above.
        )
    op.execute("UPDATE campaign SET ideas_until = votes_until WHERE ideas_until > votes_until")
    op.drop_table("stage")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        for name in ("opens_at", "ideas_until", "votes_until"):
            batch_op.alter_column(name, existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_campaign_dates"), "opens_at < ideas_until AND ideas_until <= votes_until"
        )
        batch_op.drop_column("ends_at")
