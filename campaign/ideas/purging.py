"""Private answers are deleted on the date that was told: the ideas stay. Every worker looks, and every server once a day."""

import structlog

from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import Question, Reply
from campaign.clock import now
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import Draft
from campaign.jobs import job

log = structlog.get_logger()


@job("answers.purged")
def purge_private_answers() -> None:
    """Delete every private answer whose date has come, those in drafts too. Commits each campaign.

    However many processes do this at once, each answer is deleted once, and written down once.
    """
    for campaign in _due():
        slug = campaign.slug
        number = _purge(campaign)
        db.session.commit()
        if number:
            log.info("answers.purged", campaign=slug, number=number)


def _due() -> list[Campaign]:
    """The campaigns that still hold something whose date has come."""
    drafts = db.select(Draft.id).where(Draft.campaign_id == Campaign.id, _holds_private())
    found = db.select(Campaign).where(
        Campaign.private_until <= now(), db.or_(_private_replies(Campaign.id).exists(), drafts.exists())
    )
    return list(db.session.scalars(found.order_by(Campaign.id)))


def _purge(campaign: Campaign) -> int:
    begin_writing()
    ideas = db.select(Question.id).where(Question.campaign_id == campaign.id)
    gone = db.session.execute(
        db.delete(Reply)
        .where(Reply.question_id.in_(ideas), Reply.sealed.is_not(None))
        .returning(Reply.idea_id)
        .execution_options(synchronize_session=False)
    ).all()
    found = db.select(Draft).where(Draft.campaign_id == campaign.id, _holds_private()).with_for_update()
    for draft in db.session.scalars(found.execution_options(populate_existing=True)):
        draft.fields = {name: value for name, value in draft.fields.items() if name != "sealed"}
    if gone:
        record("answers.purged", campaign, number=len(gone))
    return len(gone)


def _private_replies(campaign_id: object) -> db.Select:
    return (
        db.select(Reply.idea_id)
        .join(Question, Question.id == Reply.question_id)
        .where(Question.campaign_id == campaign_id, Reply.sealed.is_not(None))
    )


def _holds_private() -> object:
    return Draft.fields["sealed"].as_string().is_not(None)
