"""Inviting people to a campaign, and inviting them no longer; and what is written down when they come."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.actions import tidy_email
from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.audience import Invitee, invites
from campaign.campaigns.models import Campaign
from campaign.campaigns.readiness import Lack, miss_with
from campaign.clock import now
from campaign.database import insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.jobs import wake

MOST = 20_000  # People whom one campaign invites.
AT_ONCE = 500


class TooManyInvited(Refused):
    code, field, message = "too_many_invited", "addresses", _l("That would be more people than a campaign can invite.")


def invite_people(campaign: Campaign, by: Person, addresses: Iterable[str]) -> int:
    """Invite these addresses; gives how many are new. Each has one mail, once others than the team may see the campaign.

    Who is invited already stays so, and has no second mail. Raises NotAnAddress and TooManyInvited.
    """
    tidied = sorted({tidy_email(address) for address in addresses})
    lock(campaign)
    before = _count(campaign)
    at = now()
    rows = [{"campaign_id": campaign.id, "email": email, "invited_by_id": by.id, "invited_at": at} for email in tidied]
    for start in range(0, len(rows), AT_ONCE):
        some = insert(Invitee).values(rows[start : start + AT_ONCE])
        db.session.execute(some.on_conflict_do_nothing(index_elements=["campaign_id", "email"]))
    number = _count(campaign)
    if number > MOST:
        raise TooManyInvited  # Counted when they are there: most of a list that comes again is on it already.
    if added := number - before:
        record("audience.invited", campaign, by, number=added)
        wake("audience.mails")
    return added


def invite_no_longer(campaign: Campaign, by: Person, invitee_id: int) -> bool:
    """Shut somebody out again; what they gave stays. Done twice, it is done once. Whether they were invited."""
    return bool(_remove(campaign, by, Invitee.id == invitee_id))


def invite_nobody_awaited(campaign: Campaign, by: Person) -> int:
    """Withdraw every invitation that nobody has followed yet; gives how many these were."""
    return _remove(campaign, by, Invitee.came_at.is_(None))


def note_coming(campaign: Campaign, person: Asker) -> bool:
    """Write down that somebody who is invited has come; whether that is new. From then on, it is their account that is invited."""
    if not campaign.is_for_invited or not person.is_authenticated:
        return False
    theirs = db.select(Invitee.id, Invitee.came_at).where(
        Invitee.campaign_id == campaign.id, invites(person.id, person.email)
    )
    mine = db.session.execute(theirs.order_by(Invitee.person_id.is_(None)).limit(1)).first()
    if mine is None or mine.came_at is not None:
        return False
    came = db.update(Invitee).where(Invitee.id == mine.id, Invitee.came_at.is_(None))
    came = came.values(person_id=person.id, came_at=now()).returning(Invitee.id)
    return db.session.scalar(came, execution_options={"synchronize_session": False}) is not None


def _count(campaign: Campaign) -> int:
    return db.session.scalar(db.select(db.func.count()).where(Invitee.campaign_id == campaign.id)) or 0


def _remove(campaign: Campaign, by: Person, which: Any) -> int:
    lock(campaign)
    gone = db.delete(Invitee).where(Invitee.campaign_id == campaign.id, which).returning(Invitee.id)
    number = len(db.session.execute(gone, execution_options={"synchronize_session": False}).all())
    if number:
        record("audience.removed", campaign, by, number=number)
    return number


def _missing_people(campaign: Campaign) -> Iterator[Lack]:
    if campaign.visibility == "invited" and not _count(campaign):
        yield Lack("addresses", _("Nobody is invited yet, so nobody but your team would see it."), "audience")


miss_with(_missing_people)
