"""What authors write to those who follow their idea, at most once in a week."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_babel import gettext as _

from campaign.accounts.models import Person
from campaign.brands.gates import check_gate
from campaign.brands.suspensions import check_not_suspended
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea
from campaign.languages import moment
from campaign.live import announce
from campaign.notices.models import IdeaUpdate, Notice, NoticeNews
from campaign.notices.spreading import spread

PAUSE = timedelta(days=7)
SHOWN = 10

# What keeps an author from sending these words as news of an idea.
Judge = Callable[[Idea, Person, str], Refused | None]
_judges: list[Judge] = []


class TooSoon(Refused):
    code, field = "update_too_soon", "text"


def judge_updates_with(judge: Judge) -> None:
    """Have a slice look at the words of news before they are sent: they go to many people, and stand in everybody's sight at once."""
    _judges.append(judge)


def shown_updates(idea: Idea) -> list[IdeaUpdate]:
    """What the authors wrote, the latest first. There are few, one in a week at most."""
    return [update for update in idea.updates if update.removed_at is None][:SHOWN]


def next_update_at(idea: Idea) -> datetime | None:
    """When the authors may write again; None: now. What was taken away counts, for it was sent."""
    last = db.session.scalar(db.select(db.func.max(IdeaUpdate.at)).where(IdeaUpdate.idea_id == idea.id))
    return last + PAUSE if last is not None and last + PAUSE > now() else None


def write_update(idea: Idea, author: Person, text: str, key: str) -> IdeaUpdate:
    """Write news to those who follow the idea. Sent again with the same key, it is the same.

    Raises IdeaWithdrawn, TooSoon, and what keeps these words from being sent.
    """
    lock(idea)  # A co-author may be writing in this moment.
    sent = db.session.scalar(db.select(IdeaUpdate).filter_by(idea_id=idea.id, key=key))
    if sent is not None:
        return sent
    if not idea.is_by(author):
        raise NotThere
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind)
    check_not_suspended(idea.campaign.brand_id, author)
    if (since := next_update_at(idea)) is not None:
        raise TooSoon(
            _(
                "News can be sent once in seven days: the next from %(moment)s. Your words stay here.",
                moment=moment(since),
            )
        )
    check_gate("links", author, idea.campaign.brand_id, text)
    for judge in _judges:
        if (refusal := judge(idea, author, text)) is not None:
            raise refusal
    update = IdeaUpdate(idea_id=idea.id, author_id=author.id, key=key, text=text, at=now())
    db.session.add(update)
    db.session.flush()
    announce(idea.campaign.board, "idea.updated", ideas=[idea.id])
    spread("update", idea.campaign, idea, by=author, update=update.id)
    return update


def remove_update(update: IdeaUpdate, by: Person, why: str = "") -> None:
    """Take an update off the page: its words are gone, and who was not told yet is told no more. Done twice, it is done once."""
    lock(update)
    if update.removed_at is not None:
        return
    update.text, update.removed_at, update.removed_by_id = "", now(), by.id
    # First what is still being told: a worker who is at it is waited for, and what it noted goes as well.
    telling = db.select(NoticeNews).where(NoticeNews.idea_id == update.idea_id, NoticeNews.what == "update")
    for news in db.session.scalars(telling.with_for_update(of=NoticeNews)):
        if news.details.get("update") == update.id:
            db.session.delete(news)
    db.session.flush()
    about = (
        Notice.idea_id == update.idea_id,
        Notice.what == "update",
        Notice.at >= update.at,
        Notice.at < update.at + PAUSE,
    )
    db.session.execute(db.delete(Notice).where(*about).execution_options(synchronize_session=False))
    record("idea.update_removed", update.idea, by=by, why=why)
    announce(update.idea.campaign.board, "idea.updated", ideas=[update.idea_id])
