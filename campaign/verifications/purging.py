"""What people showed is deleted when nothing asks for it any more: on the date of private answers, or a while after the campaign."""

from datetime import timedelta

import structlog

from campaign.campaigns.models import KEPT_PRIVATE, Campaign
from campaign.clock import now
from campaign.database import lock
from campaign.extensions import db
from campaign.history import record
from campaign.jobs import job
from campaign.verifications.models import Listed, PhoneCode, Verified

CODES_KEPT = timedelta(days=1)

log = structlog.get_logger()


@job("verifications.purged")
def purge_verifications() -> None:
    """Delete what people showed campaigns that are over, and codes that nobody typed. Commits each campaign; done twice, it is done once."""
    db.session.execute(db.delete(PhoneCode).where(PhoneCode.sent_at < now() - CODES_KEPT))
    db.session.commit()
    for campaign in _holding():
        lock(campaign)
        if not _is_due(campaign):
            db.session.rollback()
            continue
        gone = [
            len(
                db.session.execute(
                    db.delete(kind).where(kind.campaign_id == campaign.id).returning(kind.campaign_id),
                    execution_options={"synchronize_session": False},
                ).all()
            )
            for kind in (Verified, Listed)
        ]
        record("verifications.purged", campaign, number=gone[0])
        slug = campaign.slug
        db.session.commit()
        log.info("verifications.purged", campaign=slug, number=gone[0])


def _holding() -> list[Campaign]:
    holds = [db.select(kind.campaign_id).where(kind.campaign_id == Campaign.id).exists() for kind in (Verified, Listed)]
    over = db.or_(Campaign.private_until <= now(), Campaign.ends_at <= now() - KEPT_PRIVATE, Campaign.closing.has())
    found = db.select(Campaign).where(db.or_(*holds), over).order_by(Campaign.id)
    return [campaign for campaign in db.session.scalars(found) if _is_due(campaign)]


def _is_due(campaign: Campaign) -> bool:
    """Whether it is over, and the date for private answers, or else a month, has passed since."""
    forgets_at = campaign.forgets_at
    return (campaign.is_closed or campaign.has_ended) and forgets_at is not None and forgets_at <= now()
