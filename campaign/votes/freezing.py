"""From the first ballot of a stage on, how people vote in it stays as it is: what somebody chose must not come to mean something else."""

from collections.abc import Iterable

from campaign.campaigns.models import Campaign, Stage
from campaign.clock import now
from campaign.extensions import db
from campaign.history import record
from campaign.votes.facts import note_rules


def freeze_rules(campaigns: Iterable[Campaign]) -> None:
    """Note the first ballot of the stages that these campaigns are in, once. Whoever changes the rules holds the campaign, as we do."""
    for campaign in campaigns:
        stage = campaign.stage
        if stage is None or stage.first_ballot_at is not None:
            continue
        table = Stage.__table__.c
        first, at = db.update(Stage.__table__).where(table.id == stage.id, table.first_ballot_at.is_(None)), now()
        if db.session.execute(first.values(first_ballot_at=at).returning(table.id)).first():
            told = {"kind": stage.kind, "names": dict(stage.names)}
            record("stage.rules_frozen", campaign, stage=told, fact=note_rules(stage, at))
