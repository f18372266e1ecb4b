"""The mail to each person who is invited: a worker sends it, some at a time, once others than the team may see the campaign.

The mail, and that it was sent, are one transaction: a crash neither loses nor doubles one.
"""

import secrets

import structlog

from campaign.accounts.access import digest
from campaign.accounts.models import Person
from campaign.campaigns.audience import Invitee
from campaign.campaigns.models import KEPT_PRIVATE, Campaign
from campaign.clock import now
from campaign.database import begin_writing, lock
from campaign.extensions import db
from campaign.history import record
from campaign.jobs import job
from campaign.mail import send_mail

AT_ONCE = 50  # People in one transaction: whoever votes meanwhile waits for its end.

log = structlog.get_logger()


@job("audience.mails")
def send_invitations() -> None:
    """Write to everybody who is invited and was not written to, each once. Commits some at a time."""
    ended = db.and_(Campaign.ends_at.is_not(None), Campaign.ends_at <= now())
    open_ones = db.select(Campaign.id).where(
        Campaign.publication.has(), Campaign.visibility == "invited", ~Campaign.closing.has(), ~ended
    )
    awaits = Invitee.mailed_at.is_(None), Invitee.campaign_id.in_(open_ones)
    next_ones = db.select(Invitee).where(*awaits).order_by(Invitee.id).limit(AT_ONCE)
    next_ones = next_ones.with_for_update(skip_locked=True, of=Invitee).execution_options(populate_existing=True)
    # Asked without the writer's turn first: mostly nobody waits, and a worker looks every minute.
    while db.session.scalar(db.select(Invitee.id).where(*awaits).limit(1)) is not None:
        begin_writing()
        some = list(db.session.scalars(next_ones))
        if not some:  # Another worker is at them.
            break
        spoken = dict(
            db.session.execute(
                db.select(Person.email, Person.language).where(Person.email.in_([one.email for one in some]))
            ).all()
        )
        for one in some:
            _write_to(one, spoken.get(one.email, one.invited_by.language))
        db.session.commit()
    db.session.rollback()


def _write_to(invitee: Invitee, language: str) -> None:
    token = secrets.token_urlsafe(32)
    invitee.token_hash, invitee.mailed_at = digest(token), now()
    campaign = invitee.campaign
    send_mail(
        invitee.email,
        language,
        "campaign-invited",
        campaign=campaign,
        brand=campaign.brand,
        email=invitee.email,
        token=token,
    )


@job("audience.purged")
def purge_audiences() -> None:
    """Delete the addresses of those who never came to a campaign that is over, on the date of private answers or a while after it.

    Commits each campaign; done twice, it is done once.
    """
    never_came = db.select(Invitee.id).where(Invitee.campaign_id == Campaign.id, Invitee.came_at.is_(None))
    over = db.or_(Campaign.private_until <= now(), Campaign.ends_at <= now() - KEPT_PRIVATE, Campaign.closing.has())
    found = db.select(Campaign).where(never_came.exists(), over).order_by(Campaign.id)
    for campaign in db.session.scalars(found).all():
        if not _is_due(campaign):
            continue
        lock(campaign)
        if not _is_due(campaign):
            db.session.rollback()
            continue
        gone = db.delete(Invitee).where(Invitee.campaign_id == campaign.id, Invitee.came_at.is_(None))
        number = len(db.session.execute(gone.returning(Invitee.id)).all())
        record("audience.purged", campaign, number=number)
        slug = campaign.slug
        db.session.commit()
        log.info("audience.purged", campaign=slug, number=number)
    db.session.rollback()


def _is_due(campaign: Campaign) -> bool:
    """Whether it is over, and the date for private answers, or else a month, has passed since."""
    forgets_at = campaign.forgets_at
    return (campaign.is_closed or campaign.has_ended) and forgets_at is not None and forgets_at <= now()
