"""What an idea's status keeps from happening to it, as sentences for who tries."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.edit_ends import also_ends_edits
from campaign.ideas.models import Idea
from campaign.statuses.models import Named, Status


class VotesFrozen(Refused):
    code, message = "votes_frozen", _l("Where this idea stands, its votes stay as they are.")

    def __init__(self, named: Named) -> None:
        # Said in the language of whoever hears it: a socket's answer is written when the list is long out of sight.
        super().__init__(_l("This idea stands at “%(status)s”: its votes stay as they are.", status=named))


class RemarksFrozen(Refused):
    code, message = "remarks_frozen", _l("Where this idea stands, it takes no remarks now.")

    def __init__(self, named: Named) -> None:
        super().__init__(
            _l("This idea stands at “%(status)s” and takes no remarks now. What was said stays.", status=named)
        )


class FeedbackFrozen(Refused):
    code, message = "feedback_frozen", _l("Where this idea stands, it takes no feedback now.")

    def __init__(self, named: Named) -> None:
        super().__init__(
            _l("This idea stands at “%(status)s” and takes no feedback now. What was given stays.", status=named)
        )


def frozen_votes(ideas: Any) -> Any:
    """A statement for those of these ideas whose votes are frozen, with their status: (idea, status)."""
    found = db.select(Idea.id, Idea.status_id).join(Status, Status.id == Idea.status_id)
    return found.where(Idea.id.in_(ideas), Status.freezes_votes)


def names_of(statuses: Collection[int]) -> dict[int, Named]:
    """What these statuses are called, by their ids. One query."""
    found = db.select(Status.id, Status.key, Status.names).where(Status.id.in_(statuses))
    return {status: Named(key, names) for status, key, names in db.session.execute(found)}


def check_votes(*ideas: Idea) -> None:
    """Raise VotesFrozen where the status of one of these ideas, as it is stored now, keeps its votes as they are."""
    for _idea, status in db.session.execute(frozen_votes([idea.id for idea in ideas])):
        raise VotesFrozen(names_of({status})[status])


def may_be_chosen() -> Any:
    """The condition for an idea to stand on ballots: one whose votes are frozen when a ballot is handed in can't be chosen."""
    frozen = db.select(Status.id).where(Status.id == Idea.status_id, Status.freezes_votes)
    return ~frozen.exists()


def check_remarks(idea: Idea, no: type[RemarksFrozen | FeedbackFrozen] = RemarksFrozen) -> None:
    """Raise RemarksFrozen, or `no`, where the idea's status, as it is stored now, lets nobody say anything."""
    found = db.select(Status).join(Idea, Idea.status_id == Status.id).where(Idea.id == idea.id)
    status = db.session.scalar(found.execution_options(populate_existing=True))
    if status is not None and status.freezes_comments:
        raise no(status.named)


def _why_no_edits(idea: Idea) -> str | None:
    if idea.status is None or not idea.status.freezes_edits:
        return None
    return _("The idea stands at “%(status)s”, so it stays as it is.", status=idea.status.name)


also_ends_edits(_why_no_edits)
