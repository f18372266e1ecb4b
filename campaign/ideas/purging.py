"""Private answers, and how to reach who gave an idea on paper, are deleted on the date that was told, or a while after the campaign: the ideas stay. Every worker looks, and every server once a day."""

import structlog

from campaign.answer_files import AnswerFile
from campaign.campaigns.models import KEPT_PRIVATE, Campaign
from campaign.campaigns.questions import Question, Reply, private_answers_wait
from campaign.clock import now
from campaign.database import lock
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import Draft, Idea, RecordedIdea
from campaign.ideas.replies import DraftAnswerFile
from campaign.jobs import job
from campaign.storage import folder

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
    there = db.or_(
        _private_replies(Campaign.id).exists(),
        _contacts(Campaign.id).exists(),
        *(part.exists() for part in _in_drafts(Campaign.id)),
    )
    over = db.or_(Campaign.private_until <= now(), Campaign.ends_at <= now() - KEPT_PRIVATE, Campaign.closing.has())
    found = db.select(Campaign).where(over, there)
    return [campaign for campaign in db.session.scalars(found.order_by(Campaign.id)) if _is_due(campaign)]


def _is_due(campaign: Campaign) -> bool:
    forgets_at = campaign.forgets_at
    return forgets_at is not None and forgets_at <= now()


def _in_drafts(campaign_id: object) -> tuple[db.Select, db.Select]:
    """The drafts with private answers, and the private documents that wait with drafts."""
    drafts = db.select(Draft.id).where(Draft.campaign_id == campaign_id, _holds_private())
    files = db.select(DraftAnswerFile.file_id).join(Question, Question.id == DraftAnswerFile.question_id)
    return drafts, files.where(Question.campaign_id == campaign_id, DraftAnswerFile.private)


def _contacts(campaign_id: object) -> db.Select:
    """The ideas from paper with a note of how to reach their authors."""
    found = db.select(RecordedIdea.idea_id).join(Idea, Idea.id == RecordedIdea.idea_id)
    return found.where(Idea.campaign_id == campaign_id, RecordedIdea.contact.is_not(None))


def _wait_elsewhere(campaign: Campaign) -> bool:
    waiting = (*_in_drafts(campaign.id), _contacts(campaign.id))
    return any(db.session.scalar(found.limit(1)) is not None for found in waiting)


private_answers_wait(_wait_elsewhere)


def _purge(campaign: Campaign) -> int:
    lock(campaign)  # Its team may be moving the date right now.
    if not _is_due(campaign):
        return 0
    questions = db.select(Question.id).where(Question.campaign_id == campaign.id)
    gone = db.session.execute(
        db.delete(Reply)
        .where(Reply.question_id.in_(questions), Reply.sealed.is_not(None))
        .returning(Reply.file_id)
        .execution_options(synchronize_session=False)
    ).all()
    waiting = db.session.execute(
        db.delete(DraftAnswerFile)
        .where(DraftAnswerFile.question_id.in_(questions), DraftAnswerFile.private)
        .returning(DraftAnswerFile.file_id)
        .execution_options(synchronize_session=False)
    ).all()
    _delete_files([row.file_id for row in (*gone, *waiting) if row.file_id])
    found = db.select(Draft).where(Draft.campaign_id == campaign.id, _holds_private()).with_for_update()
    for draft in db.session.scalars(found.execution_options(populate_existing=True)):
        draft.fields = {name: value for name, value in draft.fields.items() if name != "sealed"}
    noted = db.update(RecordedIdea).where(RecordedIdea.idea_id.in_(_contacts(campaign.id))).values(contact=None)
    db.session.execute(noted.execution_options(synchronize_session=False))
    if gone:
        record("answers.purged", campaign, number=len(gone))
    return len(gone)


def _delete_files(ids: list[int]) -> None:
    """Files first, rows with the commit: after a crash, the rows still tell which files they are."""
    for file in db.session.scalars(db.select(AnswerFile).where(AnswerFile.id.in_(ids))):
        for name in file.files:
            (folder() / name).unlink(missing_ok=True)
    db.session.execute(db.delete(AnswerFile).where(AnswerFile.id.in_(ids)).execution_options(synchronize_session=False))


def _private_replies(campaign_id: object) -> db.Select:
    return (
        db.select(Reply.idea_id)
        .join(Question, Question.id == Reply.question_id)
        .where(Question.campaign_id == campaign_id, Reply.sealed.is_not(None))
    )


def _holds_private() -> object:
    return Draft.fields["sealed"].as_string().is_not(None)
