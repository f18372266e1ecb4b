"""Versions of how people vote in a stage: what stood from when on, and the next one, as far as it leaves given votes what they are.

From the first ballot on, nothing may come to mean something else. What gives everybody more room does not: more time, more votes or
duels for each person, a word of explanation. Such a change is a version of its own, with its reason, and stays readable. The end of a
vote moves in no other way; a vote that is over can go on, unless its counts were sealed until then.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import CountsWereShown, keep_seal
from campaign.campaigns.staging import same_moment
from campaign.campaigns.voting import SETTINGS
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.jobs import wake
from campaign.languages import moment
from campaign.live import announce
from campaign.methods.models import VotingVersion
from campaign.votes.facts import note_rules

# What each person may have more of, by the method. More points or a higher mark would make less of those already given.
ROOM = {"approval": "cap", "duels": "duels"}


class NoVoteYet(Refused):
    code, message = "no_vote_yet", _l("Nobody has voted yet, so how people vote is changed in the settings.")


class VoteOver(Refused):
    code, message = "vote_over", _l("Nobody votes at this moment, so there is nothing to change.")


class VersionPassed(Refused):
    code, message = (
        "version_passed",
        _l("A colleague made a new version since you opened this page. Look at it, then say what should be different."),
    )


class VersionRefused(Refused):
    code, status = "version_refused", 422


@dataclass(frozen=True)
class Wanted:
    """What the next version should say. `after`: the number of the version that it is to follow."""

    after: int
    why: str
    ends_at: datetime | None = None  # None: as it is.
    room: int | None = None  # None: as it is.
    no_limit: bool = False
    explanation: str = ""


def versions_of(stage: Stage) -> list[VotingVersion]:
    """How people voted in this stage and vote now, the latest first. One query."""
    found = db.select(VotingVersion).where(VotingVersion.stage_id == stage.id).order_by(VotingVersion.number.desc())
    return list(db.session.scalars(found)) or [_first(stage)]


def version_number(stage: Stage) -> int:
    """The version by which people vote now. One query."""
    numbers = db.select(db.func.max(VotingVersion.number)).where(VotingVersion.stage_id == stage.id)
    return db.session.scalar(numbers) or 1


def _first(stage: Stage) -> VotingVersion:
    return VotingVersion(
        stage_id=stage.id,
        number=1,
        at=stage.first_ballot_at or stage.opens_at,
        why="",
        method=stage.method,
        method_settings=stage.counted_by,
        ends_at=stage.ends_at,
        explanation="",
    )


def check_changeable(campaign: Campaign) -> Stage:
    """The stage of which a new version can be made now. Raises VoteOver, NoVoteYet, and CountsWereShown."""
    stage = campaign.stage
    if stage is None or campaign.is_draft or campaign.is_closed:
        raise VoteOver
    if stage.first_ballot_at is None:
        raise NoVoteYet if stage.accepts_votes else VoteOver
    if campaign.has_ended:
        keep_seal(campaign)
    return stage


def can_change(campaign: Campaign, stage: Stage) -> bool:
    """Whether a new version can be made of this stage now."""
    try:
        return check_changeable(campaign) is stage
    except (VoteOver, NoVoteYet, CountsWereShown):
        return False


def make_version(campaign: Campaign, by: Person, wanted: Wanted) -> VotingVersion:
    """Let people vote by this from now on. Asked again, it is the same version. Does not commit.

    It stands in the history, every open board hears of it, and who has voted in the stage gets a mail. Raises what would mean less
    than was promised, or something else.
    """
    lock(campaign)
    for each in campaign.stages:
        db.session.refresh(each)  # As it is now that nobody else changes it.
    stage = check_changeable(campaign)
    latest = versions_of(stage)[0]
    settings = _settings(stage, wanted)
    ends_at = _end(stage, wanted)
    if latest.number == wanted.after + 1 and _says(latest, by, wanted, settings, ends_at):
        return latest  # A second click.
    if latest.number != wanted.after:
        raise VersionPassed
    changes = _changes(stage, latest, settings, ends_at, wanted.explanation)
    if not changes:
        raise VersionRefused(_("Nothing is different yet: give people more time or more room, or explain something."))
    db.session.add(latest)  # The first is written down with the second.
    _move_end(stage, ends_at)
    changed = changes.keys() & SETTINGS.keys()
    kept = {name: value for name, value in stage.method_settings.items() if name not in changed}
    stage.method_settings = kept | {name: settings[name] for name in changed & settings.keys()}
    version = VotingVersion(
        stage_id=stage.id,
        number=latest.number + 1,
        at=now(),
        by=by,
        why=wanted.why,
        method=stage.method,
        method_settings=stage.counted_by,
        ends_at=ends_at,
        explanation=wanted.explanation,
        told_until=0,
    )
    db.session.add(version)
    told = {"kind": stage.kind, "names": dict(stage.names)}
    assert stage.first_ballot_at is not None
    fact = note_rules(stage, stage.first_ballot_at)
    record("voting.changed", campaign, by, wanted.why, stage=told, number=version.number, changes=changes, fact=fact)
    announce(campaign.board, "campaign.changed")
    wake("voting.tell")
    return version


def _says(
    latest: VotingVersion, by: Person, wanted: Wanted, settings: dict[str, Any], ends_at: datetime | None
) -> bool:
    same = latest.why == wanted.why and latest.explanation == wanted.explanation and latest.by_id == by.id
    room = settings.items() <= latest.method_settings.items() and (not wanted.no_limit or "cap" not in settings)
    return same and room and same_moment(latest.ends_at, ends_at)


def _settings(stage: Stage, wanted: Wanted) -> dict[str, Any]:
    """The numbers that would hold. More for each person, or as it is."""
    settings = stage.counted_by
    name = ROOM.get(stage.method)
    if name is None or name not in settings:
        return settings
    if wanted.no_limit and name == "cap":
        return {key: value for key, value in settings.items() if key != name}
    if wanted.room is None:
        return settings
    if wanted.room < settings[name]:
        raise VersionRefused(_("People count on what they have: it can be more, not less."), "room")
    if wanted.room > SETTINGS[name].most:
        raise VersionRefused(_("%(most)d at most.", most=SETTINGS[name].most), "room")
    return settings | {name: wanted.room}


def _end(stage: Stage, wanted: Wanted) -> datetime | None:
    same = wanted.ends_at is None or same_moment(wanted.ends_at, stage.ends_at)
    if same and stage.has_passed:
        raise VersionRefused(_("This vote is over. Say until when it goes on."), "ends_at")
    if wanted.ends_at is None or same:
        return stage.ends_at
    if stage.ends_at is not None and wanted.ends_at < stage.ends_at:
        raise VersionRefused(_("People count on the end that they were told: it can be later, not earlier."), "ends_at")
    if wanted.ends_at <= now():
        raise VersionRefused(_("This moment has passed. Choose one that is still to come."), "ends_at")
    following = _following(stage)
    if len(following) > 1 and wanted.ends_at >= following[1].opens_at:
        raise VersionRefused(_("Another stage begins before that. Move it first, in the settings."), "ends_at")
    if following and stage.campaign.ends_at is not None and wanted.ends_at >= stage.campaign.ends_at:
        raise VersionRefused(_("The campaign ends before that. Move its end first, in the settings."), "ends_at")
    answers_by = stage.campaign.answers_by
    if answers_by is not None and wanted.ends_at > answers_by:
        raise VersionRefused(
            _(
                "You promised answers by %(date)s, and they come after people have voted. Move that date first, in the settings.",
                date=moment(answers_by),
            ),
            "ends_at",
        )
    return wanted.ends_at


def _following(stage: Stage) -> list[Stage]:
    later = [other for other in stage.campaign.stages if other.opens_at > stage.opens_at]
    return sorted(later, key=lambda other: other.opens_at)


def _move_end(stage: Stage, ends_at: datetime | None) -> None:
    if same_moment(ends_at, stage.ends_at) or ends_at is None:
        return
    if following := _following(stage):
        following[0].opens_at = ends_at
    else:
        stage.campaign.ends_at = ends_at


def _changes(
    stage: Stage, latest: VotingVersion, settings: dict[str, Any], ends_at: datetime | None, explanation: str
) -> dict[str, Any]:
    """What would be different, as the history keeps it: {what: [before, after]}."""
    changes: dict[str, Any] = {}
    before = stage.counted_by
    if before != settings:
        name = ROOM[stage.method]
        changes[name] = [before.get(name), settings.get(name)]
    if not same_moment(stage.ends_at, ends_at):
        changes["ends_at"] = [_written(stage.ends_at), _written(ends_at)]
    if explanation != latest.explanation:
        changes["explanation"] = [latest.explanation, explanation]
    return changes


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
