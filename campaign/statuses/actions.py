"""Saying where an idea stands: who is meant to look, what is decided, and why."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.access import who_see
from campaign.campaigns.models import Campaign
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.ideas.following import tell_followers
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.notices.posting import tell
from campaign.statuses.closing import closes, tell_turned
from campaign.statuses.lists import hold_list, statuses_of
from campaign.statuses.models import Status, StatusChange, stamp_of


class NoSuchStatus(Refused):
    code, field = "no_such_status", "status"
    message = _l("This status is no longer on the campaign’s list. Choose among those that are.")


class NotFromHere(Refused):
    code, field = "not_from_here", "status"
    message = _l(
        "From where the idea stands, this status can’t follow. Somebody who manages the campaign can say why it does all the same."
    )


class StatusReasonMissing(Refused):
    code, message, field = "reason_missing", _l("Say why: everybody reads it with the status."), "reason"


class SetMeanwhile(Refused):
    code, field = "set_meanwhile", "status"


class BallotRunning(Refused):
    code, field = "ballot_running", "status"
    message = _l(
        "People are filling in ballots on which this idea stands, so its votes can’t be frozen now. "
        "Set this status when the stage is over, or choose one that leaves votes open."
    )


class StaysFrozen(BallotRunning):
    message = _l(
        "People are filling in ballots on which this idea doesn’t stand, because its votes are frozen: who has handed one in could not choose it. "
        "Set this status when the stage is over, or choose one that freezes votes as well."
    )


def standing_of(idea: Idea, statuses: list[Status]) -> Status:
    """Where the idea stands, on a list that was read."""
    return next((status for status in statuses if status.id and status.id == idea.status_id), statuses[0])


def following_for(idea: Idea) -> tuple[list[Status], list[Status]]:
    """What may follow on where the idea stands, and what else is on the list."""
    statuses = statuses_of(idea.campaign)
    present = standing_of(idea, statuses)
    others = [status for status in statuses if status is not present]
    following = [status for status in others if status.key in present.leads_to]
    return following, [status for status in others if status not in following]


def check_may_stand(idea: Idea) -> None:
    """Raise IdeaWithdrawn where the idea has left the board."""
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back, so it stands nowhere any more."))


def set_status(
    idea: Idea, by: Person, key: str, reason: str = "", *, read: int | None = None, freely: bool = False
) -> None:
    """Say where the idea stands. Its authors and who follows it are told; said twice by the same person, it is done once.

    `read`: the state of its history that they had before them; what a colleague has said since then is not overwritten.
    `freely`: whether they may go any way, with a reason. Raises NotFromHere, StatusReasonMissing, SetMeanwhile and BallotRunning.
    """
    lock(idea)
    check_may_stand(idea)
    statuses = hold_list(idea.campaign)
    present, changes = standing_of(idea, statuses), changes_of(idea)
    wanted = next((status for status in statuses if status.key == key), None)
    if wanted is None:
        raise NoSuchStatus
    if read is not None and read != stamp_of(changes):
        if wanted is present and changes and changes[-1].by_id == by.id:
            return  # A second click.
        raise _meanwhile(changes, present)
    if wanted is present:
        return
    usual = wanted.key in present.leads_to
    if not usual and not freely:
        raise NotFromHere
    if not reason and (not usual or wanted.kind == "declined"):
        raise StatusReasonMissing
    check_ballots(idea.campaign, present, wanted)
    give_status(idea, wanted)
    change = change_to(idea, wanted, by, reason)
    db.session.flush()
    tell_turned([idea.id], closes(present), closes(wanted))
    record("idea.status_set", idea, by, why=reason, status=[_told(present), _told(wanted)], unusual=not usual)
    announce(idea.campaign.board, "idea.status_set", ideas=[idea.id])
    tell_followers("status", idea.campaign, idea)
    tell_authors(idea, change, by)


def changes_of(idea: Idea) -> list[StatusChange]:
    """Where the idea has stood, in the order of time. One query."""
    found = db.select(StatusChange).where(StatusChange.idea_id == idea.id).order_by(StatusChange.id)
    return list(db.session.scalars(found))


def check_ballots(campaign: Campaign, present: Status, wanted: Status, field: str = "status") -> None:
    """Raise BallotRunning where votes would be frozen or freed by the other status, and people choose among ideas on ballots now."""
    if present.freezes_votes != wanted.freezes_votes and campaign.accepts_ballots:
        raise BallotRunning(field=field) if wanted.freezes_votes else StaysFrozen(field=field)


def give_status(idea: Idea, status: Status) -> None:
    idea.status = None if status.begins else status


def change_to(idea: Idea, status: Status, by: Person, reason: str = "") -> StatusChange:
    """Write down that the idea was given this status."""
    told = {"key": status.key, "kind": status.kind, "colour": status.colour, "names": dict(status.names)}
    change = StatusChange(idea_id=idea.id, by=by, reason=reason, **told)
    db.session.add(change)
    return change


def _told(status: Status) -> dict[str, Any]:
    return {"key": status.key, "names": dict(status.names)}


def tell_authors(idea: Idea, change: StatusChange, by: Person) -> None:
    """Tell the idea's authors of this change, but not who made it, nor those to whom the campaign is not open any more."""
    authors, details, said = who_see(idea.campaign, idea.authors), {"status": change.all_names}, {"change": change}
    tell(authors, "own", "status", idea.campaign, idea, by=by, mail="idea-status", details=details, said=said)


def _meanwhile(changes: list[StatusChange], present: Status) -> SetMeanwhile:
    if not changes:
        return SetMeanwhile(_("Where this idea stands was changed meanwhile. Look again, then choose."))
    return SetMeanwhile(
        _(
            "%(name)s has already set it to “%(status)s” meanwhile. Nothing of yours was kept: choose again if it should stand elsewhere.",
            name=changes[-1].by.name,
            status=present.name,
        )
    )
