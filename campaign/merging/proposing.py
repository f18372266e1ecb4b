"""Saying that two ideas are the same, and a moderator's no. Nothing is ever merged here."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.gates import check_gate
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import open_to
from campaign.clock import now
from campaign.database import begin_writing, insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.mail import send_mail
from campaign.merging.checks import CampaignOver, check_not_own, check_pair
from campaign.merging.models import Duplicate, DuplicateProposal


class LeftApart(Refused):
    code, field = "left_apart", "other"

    def __init__(self, why: str) -> None:
        super().__init__(_("The team has looked at these two, and leaves them apart: “%(why)s”", why=why))


class NoReason(Refused):
    code, message, field = "no_reason", _l("Say why. Whoever proposed it reads it."), "reason"


def propose_duplicate(idea: Idea, other: Idea, by: Person) -> None:
    """Say that two ideas are the same. Said again by the same person, whichever way round, nothing happens.

    Raises LeftApart where the team has looked at the two already.
    """
    begin_writing()
    check_pair(idea, other)
    if not idea.campaign.is_open:
        raise CampaignOver
    check_not_suspended(idea.campaign.brand_id, by)
    check_gate("merges", by, idea.campaign.brand_id)
    pair = dict(zip(("first_id", "second_id"), sorted((idea.id, other.id)), strict=True))
    db.session.execute(insert(Duplicate).values(**pair, why="").on_conflict_do_nothing())
    there = db.session.get_one(Duplicate, (pair["first_id"], pair["second_id"]), populate_existing=True)
    if there.declined_at is not None:
        raise LeftApart(there.why)
    said = insert(DuplicateProposal).values(**pair, person_id=by.id, at=now()).on_conflict_do_nothing()
    if db.session.scalar(said.returning(DuplicateProposal.person_id)) is not None:
        record("duplicate.proposed", idea, by=by, other=other.id, title=other.title)
        announce(idea.campaign.board, "duplicate.proposed")


def leave_apart(pair: Duplicate, by: Person, reason: str) -> None:
    """Decide that the two are not the same. Whoever proposed it is told why. Decided again, nothing happens."""
    lock(pair)
    if pair.declined_at is not None:
        return
    check_not_own(by, pair.first, pair.second)
    if not reason:
        raise NoReason
    pair.declined_at, pair.declined_by_id, pair.why = now(), by.id, reason
    record("duplicate.declined", pair.first, by=by, why=reason, other=pair.second_id, title=pair.second.title)
    campaign = pair.first.campaign
    announce(campaign.board, "duplicate.declined")
    for proposal in pair.proposals:
        person = proposal.person
        if person.id != by.id and open_to(person, campaign):
            send_mail(
                person.email,
                person.language,
                "duplicate-declined",
                reader=person,
                pair=pair,
                brand=campaign.brand,
            )
