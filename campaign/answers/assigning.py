"""Who of the team is to answer an idea."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.answers.access import colleagues_on
from campaign.answers.actions import check_answerable
from campaign.answers.clock import due_at
from campaign.answers.drafting import Done, each
from campaign.answers.models import Assignment
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.notices import posting


class NotAColleague(Refused):
    code, field = "not_a_colleague", "person"
    message = _l("This person doesn’t answer ideas of this campaign. Choose somebody who does.")


class TakenMeanwhile(Refused):
    code, field = "taken_meanwhile", "person"


def stamp_of_assignment(assignment: Assignment | None) -> str:
    """Whose the idea is, as somebody read it; empty where it is nobody's."""
    return f"{assignment.person_id} {assignment.at.isoformat()}" if assignment else ""


def assignment_of(idea: Idea) -> Assignment | None:
    return db.session.get(Assignment, idea.id, populate_existing=True)


def assign(idea: Idea, by: Person, to: Person | None, read: str | None = None) -> None:
    """Have this colleague answer the idea; None: whoever comes to it. They are told. Said again, it changes nothing.

    `read`: whose it was when they looked; what a colleague has said since then is not overwritten. Raises NotAColleague, TakenMeanwhile.
    """
    if _assign(idea, by, to, read):
        announce(idea.campaign.board, "answer.assigned")


def _assign(idea: Idea, by: Person, to: Person | None, read: str | None) -> bool:
    lock(idea)
    check_answerable(idea)
    assignment = assignment_of(idea)
    before = assignment.person if assignment else None
    if before is to:
        return False
    if to is not None and to not in colleagues_on(idea.campaign, "answer"):
        raise NotAColleague
    if read is not None and read != stamp_of_assignment(assignment):
        raise _taken(assignment)
    if to is None:
        db.session.delete(assignment)
    elif assignment is None:
        db.session.add(Assignment(idea_id=idea.id, person=to, by=by))
    else:
        assignment.person, assignment.by, assignment.at = to, by, now()
    db.session.flush()
    told: dict[str, Any] = {"assigned": [one.id if one else None for one in (before, to)]}
    if to is not None:
        told["person"] = to.id
    record("idea.assigned", idea, by, **told)
    if to is not None:
        said = {"by": by, "due": due_at(idea)}
        posting.tell([to], "team", "assigned", idea.campaign, idea, by=by, mail="answer-assigned", said=said)
    return True


def assign_many(campaign: Campaign, by: Person, to: Person | None, chosen: Mapping[int, str]) -> Done:
    """The same for many ideas, each with the stamp of whose it was: those that somebody else took are refused, and the others go."""
    done = each(campaign, chosen, lambda idea: _assign(idea, by, to, chosen[idea.id]))
    if done.ideas:
        announce(campaign.board, "answer.assigned")  # Once, when all ideas are held: boards come last.
    return done


def _taken(assignment: Assignment | None) -> TakenMeanwhile:
    if assignment is None:
        return TakenMeanwhile(_("It was given back to the team meanwhile. Choose again if it should be somebody’s."))
    return TakenMeanwhile(
        _(
            "%(name)s has it by now (%(by)s said so). Choose again if it should be somebody else’s.",
            name=assignment.person.name,
            by=assignment.by.name,
        )
    )
