"""What people do to write an idea together: invite, take the invitation back, accept, decline, leave."""

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import keep_as_it_is, open_to
from campaign.campaigns.incentives import declare_own, keep_staff
from campaign.campaigns.ruling import Agreement, hold_to_rules
from campaign.clock import now
from campaign.coauthors.access import may_join
from campaign.coauthors.models import CoAuthorInvitation
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.feedback.giving import drop_mark
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.ideas.joining import join, when_joined
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.mail import send_mail
from campaign.methods.actions import drop_from_ballots
from campaign.verifications.access import check_verified
from campaign.votes.actions import hand_back
from campaign.votes.ended import ended_support

MOST = 8  # Who wrote an idea is named on its card.


class NotAmongThem(Refused):
    code = "not_among_them"
    message = _l("Choose somebody who wrote a remark or an amendment to this idea, and was not asked yet.")


class TooManyAuthors(Refused):
    code, message = "too_many_authors", _l("An idea has eight co-authors at most, those who were asked included.")


class NoInvitation(Refused):
    code, message = "no_invitation", _l("This invitation was taken back, or has its answer already.")


class CampaignOver(Refused):
    code, message = "campaign_over", _l("This campaign is not open, so its ideas keep their authors.")


def invite_coauthor(idea: Idea, by: Person, person_id: int) -> None:
    """Ask somebody who took part in the idea's talk to write it together. They are told. Asked again, nothing happens."""
    lock(idea)
    _check_open(idea)
    check_not_suspended(idea.campaign.brand_id, by)
    if db.session.get(CoAuthorInvitation, (idea.id, person_id)) or any(
        one.person_id == person_id for one in idea.coauthors
    ):
        return
    person = may_join(idea, person_id)
    if person is None:
        raise NotAmongThem
    asked = db.select(db.func.count()).select_from(CoAuthorInvitation).filter_by(idea_id=idea.id, declined_at=None)
    if len(idea.coauthors) + (db.session.scalar(asked) or 0) >= MOST:
        raise TooManyAuthors
    db.session.add(CoAuthorInvitation(idea=idea, person=person))
    send_mail(
        person.email,
        person.language,
        "coauthor-invited",
        idea=idea,
        reader=person,
        by=by,
        brand=idea.campaign.brand,
    )


def uninvite_coauthor(idea: Idea, person_id: int) -> None:
    """Take an invitation back that waits for its answer. Done twice, it is done once."""
    lock(idea)
    invitation = db.session.get(CoAuthorInvitation, (idea.id, person_id), populate_existing=True)
    if invitation is not None and invitation.declined_at is None:
        db.session.delete(invitation)


def accept_invitation(
    idea: Idea, person: Person, agreement: Agreement | None = None, received: tuple[str, str] = ("", "")
) -> None:
    """Be one of the idea's authors from now on. A vote for it is handed back, it leaves their ballots, and a mark is taken off.

    What they gave in a vote that is over stays: its result is known. Accepted again, nothing happens. What the campaign asks of who gives an idea is asked of them too.

    `agreement`: what they ticked, needed where they have not accepted the campaign's rules. `received`: what they say they
    have from the brand.
    """
    lock(idea)
    if any(one.person_id == person.id for one in idea.coauthors):
        return
    _check_open(idea)
    check_not_suspended(idea.campaign.brand_id, person)
    _waiting(idea, person)
    check_verified(idea.campaign, person, "idea", f"{idea.url}/invitation")
    rules = hold_to_rules(idea.campaign, person, agreement)
    keep_staff(idea.campaign, person)
    declare_own(idea.campaign, person, *received)
    join(idea, person, rules.id if rules else None)
    record("idea.joined", idea, by=person)
    db.session.flush()
    drop_from_ballots(idea, person)
    if ended_support(idea.campaign) is None:
        hand_back(idea, [person.id])
    drop_mark(idea, person)
    announce(idea.campaign.board, "idea.joined", ideas=[idea.id])
    _tell(idea, person, joined=True)


def decline_invitation(idea: Idea, person: Person) -> None:
    """Say no. Nobody is asked twice."""
    lock(idea)
    invitation = db.session.get(CoAuthorInvitation, (idea.id, person.id), populate_existing=True)
    if invitation is not None and invitation.declined_at is not None:
        return
    _waiting(idea, person).declined_at = now()
    _tell(idea, person, joined=False)


def leave_idea(idea: Idea, person: Person) -> None:
    """Be no longer one of the idea's authors. What they wrote stays, with its versions. Done twice, it is done once."""
    lock(idea)
    theirs = next((one for one in idea.coauthors if one.person_id == person.id), None)
    if theirs is None:
        return
    idea.coauthors.remove(theirs)
    record("idea.left", idea, by=person)
    announce(idea.campaign.board, "idea.left", ideas=[idea.id])


def _check_open(idea: Idea) -> None:
    keep_as_it_is(idea.campaign)
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind)
    if not idea.campaign.is_open:
        raise CampaignOver


def _waiting(idea: Idea, person: Person) -> CoAuthorInvitation:
    invitation = db.session.get(CoAuthorInvitation, (idea.id, person.id), populate_existing=True)
    if invitation is None or invitation.declined_at is not None:
        raise NoInvitation
    return invitation


def _drop_invitation(idea: Idea, person: Person) -> None:
    """An author is asked nothing any more, however they became one."""
    mine = CoAuthorInvitation.idea_id == idea.id, CoAuthorInvitation.person_id == person.id
    db.session.execute(db.delete(CoAuthorInvitation).where(*mine))


when_joined(_drop_invitation)


def _tell(idea: Idea, person: Person, joined: bool) -> None:
    if not open_to(idea.author, idea.campaign):
        return
    send_mail(
        idea.author.email,
        idea.author.language,
        "coauthor-answered",
        idea=idea,
        person=person,
        joined=joined,
        brand=idea.campaign.brand,
    )
