"""What people do with endorsements: put their name to an idea, take it back; hide one, and show it again."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.incentives import keep_staff
from campaign.campaigns.ruling import Agreement, hold_to_rules
from campaign.campaigns.wording import check_words
from campaign.clock import now
from campaign.database import insert, lock
from campaign.endorsements.access import has_consented
from campaign.endorsements.models import Endorsement, EndorsementHiding, NameConsent
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.statuses.freezing import check_remarks
from campaign.verifications.access import check_verified


class EndorsingClosed(Refused):
    code, message = (
        "endorsing_closed",
        _l("Nobody can put their name to ideas of this campaign now. The names that stand there stay."),
    )


class OwnToEndorse(Refused):
    code, message = "own_to_endorse", _l("You wrote this idea: your name stands over it already.")


class NameNotPublic(Refused):
    code, field, status = "name_not_public", "public", 422
    message = _l("Say first that you know it: your name will be there for everybody to read.")


def endorse(
    idea: Idea, person: Person, text: str, public: bool = False, agreement: Agreement | None = None
) -> Endorsement:
    """Put the person's name to the idea, with a sentence or without. Done again, it says what it says now.

    `public`: they ticked that their name is for everybody to read, which is asked before the first time. `agreement`: what they
    ticked of the campaign's rules, where these concern remarks and were not accepted yet.
    """
    lock(idea)
    check_open(idea)
    if idea.is_by(person):
        raise OwnToEndorse
    check_not_suspended(idea.campaign.brand_id, person)
    if not has_consented(person):
        if not public:
            raise NameNotPublic
        consent = insert(NameConsent).values(person_id=person.id, at=now())
        db.session.execute(consent.on_conflict_do_nothing())
    there = db.session.scalar(db.select(Endorsement).filter_by(idea_id=idea.id, person_id=person.id))
    check_words(idea.campaign, person, idea.language, text, there.text if there else "")
    rules = hold_to_rules(idea.campaign, person, agreement, remark=True)
    if there is not None:
        if there.text != text:
            there.text, there.edited_at = text, now()
        return there
    check_verified(idea.campaign, person, "comment", f"{idea.url}/endorsements")
    endorsement = Endorsement(idea=idea, person=person, text=text, rules_id=rules.id if rules else None)
    db.session.add(endorsement)  # The idea is held, so nobody else does it for them meanwhile.
    db.session.flush()
    keep_staff(idea.campaign, person)
    announce(idea.campaign.board, "idea.endorsed", ideas=[idea.id])
    return endorsement


def withdraw_endorsement(idea: Idea, person: Person) -> None:
    """Take the name away again, at any time. Its words are gone for good; done twice, it is done once."""
    lock(idea)
    there = db.session.scalar(db.select(Endorsement).filter_by(idea_id=idea.id, person_id=person.id))
    if there is None:
        return
    db.session.delete(there)
    announce(idea.campaign.board, "idea.endorsed", ideas=[idea.id])


def hide_endorsement(endorsement: Endorsement, by: Person, why: str) -> None:
    """Let nobody but its author and who moderates read it. Its author finds why. Hidden again, the first reason stays."""
    lock(endorsement.idea)
    hiding = insert(EndorsementHiding).values(
        idea_id=endorsement.idea_id, person_id=endorsement.person_id, by_id=by.id, why=why, at=now()
    )
    hidden = hiding.on_conflict_do_nothing().returning(EndorsementHiding.__table__.c.idea_id)
    if db.session.execute(hidden).first():
        record("endorsement.hidden", endorsement.idea, by, why, person=endorsement.person_id)
        announce(endorsement.idea.campaign.board, "idea.endorsed", ideas=[endorsement.idea_id])


def show_endorsement(endorsement: Endorsement, by: Person) -> None:
    """Let everybody read it again. Shown again, nothing happens."""
    lock(endorsement.idea)
    hiding = db.session.get(EndorsementHiding, (endorsement.idea_id, endorsement.person_id))
    if hiding is None:
        return
    db.session.delete(hiding)
    record("endorsement.shown", endorsement.idea, by, person=endorsement.person_id)
    announce(endorsement.idea.campaign.board, "idea.endorsed", ideas=[endorsement.idea_id])


def check_open(idea: Idea) -> None:
    """Raise why nobody can put their name to the idea now. It follows the remarks: where people may speak, they may sign."""
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back."))
    if not idea.campaign.accepts_comments:
        raise EndorsingClosed
    check_remarks(idea)
