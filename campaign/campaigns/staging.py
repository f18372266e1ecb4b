"""What a setup asks of a campaign's stages, and what it may no longer ask once people have seen them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.campaigns.kinds import switched
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import CountsWereShown, keep_seal_of
from campaign.campaigns.setup import Setup, WantedStage
from campaign.campaigns.voting import settings_of
from campaign.clock import now
from campaign.errors import Refused
from campaign.extensions import db
from campaign.languages import moment, number

AT_ONCE = timedelta(
    seconds=2
)  # After which what begins now begins: what it lacks still keeps it shut, as at any other hour.


class StageBegun(Refused):
    code, field = "stage_begun", "stages"


class StagesOverlap(Refused):
    code, field = "stages_overlap", "stages"
    message = _l("Two stages begin at the same moment. Give each some time of its own.")


class RulesFrozen(Refused):
    code, field = "rules_frozen", "stages"


class EndTold(Refused):
    code = "end_told"


class NoStage(Refused):
    code, field = "no_stage", "stages"
    message = _l("A campaign has at least one stage.")


class EndsTooSoon(Refused):
    code, field = "ends_too_soon", "ends_at"
    message = _l("The campaign would end before its last stage begins. Choose a later date, or none.")


def write_stages(campaign: Campaign, setup: Setup) -> None:
    """Add, change and take away. Stages that aren't mentioned stay as they are.

    Raises NoStage, StagesOverlap, EndsTooSoon; StageBegun where what has begun in public would begin at another time; RulesFrozen
    where somebody has voted, or where support that was given would choose another number of ideas; and CountsWereShown where a sealed vote that is over would go on, because the stage after it was held
    and now begins later, or takes votes from now on.
    """
    over = [] if campaign.is_draft else [stage for stage in campaign.stages if stage.has_passed]
    known = {stage.id: stage for stage in campaign.stages if stage.id}
    for asked in setup.stages:
        stage = known.get(asked.id) if asked.id else None
        wanted = asked if campaign.is_draft else _from_now_on(stage, asked)
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
    _check_dates(campaign)
    _keep_seals_of(over)


def _check_dates(campaign: Campaign) -> None:
    moments = [stage.opens_at for stage in campaign.stages]
    if not moments:
        raise NoStage
    if len(set(moments)) < len(moments):
        raise StagesOverlap
    if campaign.ends_at is not None and campaign.ends_at <= moments[-1]:
        raise EndsTooSoon


def _keep_seals_of(over: list[Stage]) -> None:
    for stage in over:
        if not stage.has_passed:
            keep_seal_of(stage)


def _change(stage: Stage, wanted: WantedStage) -> None:
    assert wanted.opens_at is not None
    if not same_moment(stage.opens_at, wanted.opens_at):
        stage.opens_at = wanted.opens_at
    stage.kind = wanted.kind
    stage.shows_counts = wanted.shows_counts
    if stage.names != wanted.names:
        stage.names = wanted.names
    for switch, on in switched(wanted.switches).items():
        setattr(stage, switch, on)
    if wanted.method is not None and _rules_of(wanted) != _rules_of(stage):
        _keep_rules_of_ballots(stage)
        _keep_number_chosen(stage.campaign, wanted)
        stage.method, stage.method_settings = wanted.method, wanted.method_settings


def _rules_of(stage: Stage | WantedStage) -> tuple[str, dict[str, Any]]:
    # A new stage has no column's default yet; what was never set is as usual.
    method = stage.method or "approval"
    return method, settings_of(method, stage.method_settings or {})


def _keep_rules_of_ballots(stage: Stage) -> None:
    since = _first_ballot_in(stage) or _first_support_for(stage)
    if since is not None:
        refused = RulesFrozen(
            _(
                "Somebody voted in “%(stage)s” on %(date)s. Since then, how people vote in it stays as it is: it would change what they chose.",
                stage=stage.name,
                date=moment(since),
            )
        )
        refused.leads_to = (f"{stage.campaign.url}/voting/new", _("Give more time or more room in a new version"))
        raise refused


def _keep_number_chosen(campaign: Campaign, wanted: WantedStage) -> None:
    """Support that was given counts in later stages as well: how many ideas it chooses can't be said anew once it is seen who leads."""
    if wanted.method != "approval" or not campaign.id or campaign.is_draft:
        return
    given = db.select(Stage).where(Stage.campaign_id == campaign.id, Stage.method == "approval")
    given = given.where(Stage.first_ballot_at.is_not(None)).order_by(Stage.first_ballot_at, Stage.id).limit(1)
    with db.session.no_autoflush:
        first = db.session.scalar(given)
    if first is None or first.first_ballot_at is None:
        return
    chosen = settings_of("approval", first.method_settings)["seats"]
    if settings_of("approval", wanted.method_settings)["seats"] != chosen:
        raise RulesFrozen(
            _(
                "People have supported ideas since %(date)s, in “%(stage)s”, and that support counts in later stages as well. So as many ideas are chosen as was said then: %(count)s.",
                count=number(chosen),
                stage=first.name,
                date=moment(first.first_ballot_at),
            )
        )


def _first_ballot_in(stage: Stage) -> datetime | None:
    # Asked anew: the campaign is locked by now, and whoever voted while we waited for it has committed.
    with db.session.no_autoflush:
        return db.session.scalar(db.select(Stage.first_ballot_at).where(Stage.id == stage.id)) if stage.id else None


def _first_support_for(stage: Stage) -> datetime | None:
    """When the first of the support came in that a stage counts with its own: support goes from stage to stage.

    Before it begins, how it will count can still be said otherwise.
    """
    if not stage.id or stage.method != "approval" or stage.campaign.is_draft or stage.opens_at > now():
        return None
    earlier = db.select(db.func.min(Stage.first_ballot_at)).where(
        Stage.campaign_id == stage.campaign_id, Stage.method == "approval", Stage.opens_at <= stage.opens_at
    )
    with db.session.no_autoflush:
        return db.session.scalar(earlier)


@dataclass(frozen=True)
class ToldEnd:
    """Until when people who have voted in a stage were told that it goes on."""

    stage: Stage
    ends_at: datetime | None
    first_ballot_at: datetime


def told_end(campaign: Campaign) -> ToldEnd | None:
    """The end of the vote that the campaign is in, or that was its last, once somebody has voted."""
    stage = None if campaign.is_draft else campaign.stage
    since = _first_ballot_in(stage) if stage is not None else None
    return ToldEnd(stage, stage.ends_at, since) if stage is not None and since is not None else None


def keep_told_end(told: ToldEnd | None) -> None:
    """Raise EndTold where the vote would end at another moment now: that is said in a version of how people vote, to those who voted."""
    if told is None or same_moment(told.ends_at, told.stage.ends_at):
        return
    campaign = told.stage.campaign
    names = {"stage": told.stage.name, "date": moment(told.first_ballot_at)}
    field = "ends_at" if told.stage is campaign.stages[-1] else "stages"
    if campaign.is_closed:
        raise EndTold(
            _(
                "Somebody voted in “%(stage)s” on %(date)s, and everybody was told until when. Open the campaign again before you move that end.",
                **names,
            ),
            field,
        )
    refused = EndTold(
        _(
            "Somebody voted in “%(stage)s” on %(date)s, and everybody was told until when. That end moves in a new version of how people vote, of which they hear.",
            **names,
        ),
        field,
    )
    refused.leads_to = (f"{campaign.url}/voting/new", _("Move the end in a new version"))
    raise refused


def _from_now_on(stage: Stage | None, wanted: WantedStage) -> WantedStage:
    """Forms know minutes: whoever lets a stage begin in the one that is running lets it begin now."""
    moment = now()
    if not same_moment(wanted.opens_at, moment) or wanted.opens_at > moment:
        return wanted
    if stage is not None and same_moment(stage.opens_at, wanted.opens_at):
        return wanted  # It began in this minute, and nobody touched it.
    return replace(wanted, opens_at=moment + AT_ONCE)


def _keep_what_has_begun(stage: Stage | None, wanted: WantedStage) -> None:
    if stage is None:
        if wanted.kind and wanted.opens_at <= now():
            raise StageBegun(_("A new stage begins in the future: %(date)s is over.", date=moment(wanted.opens_at)))
        return
    if stage.is_held:
        # Nobody has been in it: it may change like one that is to come, and begin as soon as it is ready, or later.
        if wanted.kind and wanted.opens_at <= now() and not same_moment(stage.opens_at, wanted.opens_at):
            raise StageBegun(
                _("“%(stage)s” can begin from now on, not before: choose a later moment.", stage=stage.name)
            )
        return
    begun = stage.opens_at <= now()
    if begun and not wanted.kind:
        raise StageBegun(_("“%(stage)s” has begun, so it stays.", stage=stage.name))
    if begun and not same_moment(stage.opens_at, wanted.opens_at):
        raise StageBegun(_("“%(stage)s” has begun, so its beginning stays as it was.", stage=stage.name))
    if begun and stage.shows_counts != wanted.shows_counts:
        # Who voted under seal was told until when, the team included.
        raise StageBegun(_("“%(stage)s” has begun, so when its counts are shown stays as it was.", stage=stage.name))
    if begun and stage.accepts_votes != ("accepts_votes" in wanted.switches):
        _keep_whether_votes(stage)
    if not begun and wanted.kind and wanted.opens_at <= now():
        raise StageBegun(_("“%(stage)s” can begin from now on, not before: choose a later moment.", stage=stage.name))


def _keep_whether_votes(stage: Stage) -> None:
    since = _first_ballot_in(stage)
    if since is not None:
        raise RulesFrozen(
            _(
                "Somebody voted in “%(stage)s” on %(date)s. Since then, whether people vote in it stays as it is.",
                stage=stage.name,
                date=moment(since),
            )
        )
    earlier = [other for other in stage.campaign.stages if other.opens_at < stage.opens_at]
    if any(other.shows_counts != "always" and _first_ballot_in(other) is not None for other in earlier):
        raise CountsWereShown(field="stages")


def same_moment(one: Any, other: Any) -> bool:
    """Forms know minutes, so a moment that differs by less was not touched."""
    if one is None or other is None:
        return one is other
    return bool(one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0))
