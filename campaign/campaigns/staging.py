"""What a setup asks of a campaign's stages, and what it may no longer ask once people have seen them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.campaigns.kinds import switched
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.setup import Setup, WantedStage
from campaign.campaigns.voting import settings_of
from campaign.clock import now
from campaign.errors import Refused
from campaign.extensions import db
from campaign.languages import moment


class StageBegun(Refused):
    code, field = "stage_begun", "stages"


class StagesOverlap(Refused):
    code, field = "stages_overlap", "stages"
    message = _l("Two stages begin at the same moment. Give each some time of its own.")


class RulesFrozen(Refused):
    code, field = "rules_frozen", "stages"


class NoStage(Refused):
    code, field = "no_stage", "stages"
    message = _l("A campaign has at least one stage.")


class EndsTooSoon(Refused):
    code, field = "ends_too_soon", "ends_at"
    message = _l("The campaign would end before its last stage begins. Choose a later date, or none.")


def write_stages(campaign: Campaign, setup: Setup) -> None:
    """Add, change and take away. Stages that aren't mentioned stay as they are.

    Raises NoStage, StagesOverlap, EndsTooSoon; and StageBegun where what has begun in public would begin at another time.
    """
    known = {stage.id: stage for stage in campaign.stages if stage.id}
    for wanted in setup.stages:
        stage = known.get(wanted.id) if wanted.id else None
        if not campaign.is_draft:
            _keep_what_has_begun(stage, wanted)
        if stage and not wanted.kind:
            campaign.stages.remove(stage)
        elif stage:
            _change(stage, wanted)
        elif wanted.kind:
            stage = Stage(opens_at=wanted.opens_at)
            campaign.stages.append(stage)
            _change(stage, wanted)
    campaign.stages.sort(key=lambda stage: stage.opens_at)
    if not same_moment(campaign.ends_at, setup.ends_at):
        campaign.ends_at = setup.ends_at
    moments = [stage.opens_at for stage in campaign.stages]
    if not moments:
        raise NoStage
    if len(set(moments)) < len(moments):
        raise StagesOverlap
    if campaign.ends_at is not None and campaign.ends_at <= moments[-1]:
        raise EndsTooSoon


def _change(stage: Stage, wanted: WantedStage) -> None:
    assert wanted.opens_at is not None
    if not same_moment(stage.opens_at, wanted.opens_at):
        stage.opens_at = wanted.opens_at
    stage.kind = wanted.kind
    if stage.names != wanted.names:
        stage.names = wanted.names
    for switch, on in switched(wanted.switches).items():
        setattr(stage, switch, on)
    if wanted.method is not None and _rules_of(wanted) != _rules_of(stage):
        _keep_rules_of_ballots(stage)
        stage.method, stage.method_settings = wanted.method, wanted.method_settings


def _rules_of(stage: Stage | WantedStage) -> tuple[str, dict[str, int]]:
    # A new stage has no column's default yet; what was never set is as usual.
    method = stage.method or "approval"
    return method, settings_of(method, stage.method_settings or {})


def _keep_rules_of_ballots(stage: Stage) -> None:
    # Asked anew: the campaign is locked by now, and whoever voted while we waited for it has committed.
    with db.session.no_autoflush:
        since = db.session.scalar(db.select(Stage.first_ballot_at).where(Stage.id == stage.id)) if stage.id else None
    if since is not None:
        raise RulesFrozen(
            _(
                "Somebody voted in “%(stage)s” on %(date)s. Since then, how people vote in it stays as it is: it would change what they chose.",
                stage=stage.name,
                date=moment(since),
            )
        )


def _keep_what_has_begun(stage: Stage | None, wanted: WantedStage) -> None:
    if stage is None:
        if wanted.kind and wanted.opens_at <= now():
            raise StageBegun(_("A new stage begins in the future: %(date)s is over.", date=moment(wanted.opens_at)))
        return
    begun = stage.opens_at <= now()
    if begun and not wanted.kind:
        raise StageBegun(_("“%(stage)s” has begun, so it stays.", stage=stage.name))
    if begun and not same_moment(stage.opens_at, wanted.opens_at):
        raise StageBegun(_("“%(stage)s” has begun, so its beginning stays as it was.", stage=stage.name))
    if not begun and wanted.kind and wanted.opens_at <= now():
        raise StageBegun(_("“%(stage)s” can begin from now on, not before: choose a later moment.", stage=stage.name))


def same_moment(one: Any, other: Any) -> bool:
    """Forms know minutes, so a moment that differs by less was not touched."""
    if one is None or other is None:
        return one is other
    return bool(one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0))
