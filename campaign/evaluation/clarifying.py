"""Sending an idea back to its authors with a question, their answer, and going on. Nobody else learns of it."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import who_see
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.evaluation.models import Clarification
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.ideas.edit_ends import also_reopens_edits
from campaign.ideas.models import Idea
from campaign.notices import posting


class OwnQuestion(Refused):
    code, message = "own_idea", _l("You are one of its authors, so others of your team ask and go on.")


class AskedAlready(Refused):
    code = "asked_already"
    message = _l("This idea is with its authors already. Go on with it first, or wait for their answer.")


class DueInPast(Refused):
    code, message, field = "due_in_past", _l("Give them until a day that is still to come."), "due"


class SaysNothing(Refused):
    code, field = "says_nothing", "reply"
    message = _l("Change the idea, or answer in words: the team needs one of the two.")


class AlreadyResumed(Refused):
    code = "already_resumed"
    message = _l("The team has gone on with this idea meanwhile, so nothing waits for your answer any more.")


def clarifications_of(idea: Idea) -> list[Clarification]:
    """Everything that the idea's authors were asked, the latest first. One query."""
    every = db.select(Clarification).where(Clarification.idea_id == idea.id)
    return list(db.session.scalars(every.order_by(Clarification.id.desc())))


def open_clarification(idea: Idea) -> Clarification | None:
    """The question with which the idea is with its authors now."""
    waits = db.select(Clarification).where(Clarification.idea_id == idea.id, Clarification.resumed_at.is_(None))
    return db.session.scalar(waits.execution_options(populate_existing=True))


def send_back(idea: Idea, by: Person, question: str, due: datetime) -> Clarification:
    """Ask the idea's authors something, until a day. They are told, and can change the idea until the team goes on.

    Asked twice in the same words, it is asked once. Raises AskedAlready, OwnQuestion and DueInPast.
    """
    lock(idea)
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back, so there is nobody to ask."))
    if idea.is_by(by):
        raise OwnQuestion
    if (there := open_clarification(idea)) is not None:
        if (there.by_id, there.question) == (by.id, question):
            return there
        raise AskedAlready
    if due <= now():
        raise DueInPast
    asked = Clarification(idea_id=idea.id, by=by, question=question, due=due, version=idea.version)
    db.session.add(asked)
    db.session.flush()
    record("clarification.asked", idea, by, until=due.isoformat())
    authors, said = who_see(idea.campaign, idea.authors), {"asked": asked}
    posting.tell(authors, "own", "asked", idea.campaign, idea, by=by, mail="clarification-asked", said=said)
    return asked


def answer_clarification(idea: Idea, author: Person, words: str) -> None:
    """Answer what the team asked, in words, by having changed the idea, or both. Whoever asked is told. Sent twice, it is one answer."""
    lock(idea)
    if not idea.is_by(author):
        raise NotThere
    check_not_suspended(idea.campaign.brand_id, author)
    asked = open_clarification(idea)
    if asked is None:
        raise AlreadyResumed
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind)
    if asked.replied_at is not None and (asked.reply, asked.replied_version) == (words, idea.version):
        return
    if not words and idea.version == asked.version:
        raise SaysNothing
    asked.reply, asked.replied_by, asked.replied_at, asked.replied_version = words, author, now(), idea.version
    db.session.flush()
    record("clarification.answered", idea, author)
    asker, said = who_see(idea.campaign, [asked.by]), {"asked": asked}
    posting.tell(asker, "team", "clarified", idea.campaign, idea, by=author, mail="clarification-answered", said=said)


def resume(idea: Idea, by: Person) -> None:
    """Go on with the idea, answered or not: what its campaign says of changes holds again. Done twice, it is done once."""
    lock(idea)
    if idea.is_by(by):
        raise OwnQuestion
    asked = open_clarification(idea)
    if asked is None:
        return
    asked.resumed_by, asked.resumed_at = by, now()
    record("clarification.resumed", idea, by)


def waiting_in(campaign_id: int) -> list[Clarification]:
    """The campaign's ideas that are with their authors, or back from them, the first due before the others. One query."""
    found = db.select(Clarification).join(Clarification.idea).options(db.contains_eager(Clarification.idea))
    waits = found.where(Idea.campaign_id == campaign_id, Clarification.resumed_at.is_(None))
    return list(db.session.scalars(waits.order_by(Clarification.due, Clarification.id)))


also_reopens_edits(lambda idea: open_clarification(idea) is not None)
