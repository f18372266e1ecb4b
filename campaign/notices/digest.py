"""The mail of a day or a week: what somebody was not told yet, grouped by idea.

It waits for no row of its own: a notice says which mail it waits for, and says so no more in the transaction that sends it. So each is told
once, by whichever worker, whenever the one before it was killed.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from campaign import settings
from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.ideas.following import rests
from campaign.jobs import job
from campaign.mail import send_mail
from campaign.notices.ending import DIGESTS, ending_url
from campaign.notices.listing import PARTS, grouped, shown_to
from campaign.notices.models import Notice

HOUR, DAY = 8, 0  # In the zone of the installation; of a week, on Monday.
SOME = 20  # People in one transaction.
GROUPS = 20  # In one mail. What more there is stands in the page.
STALE = ("suggested", "commented", "mentioned", "update")  # Nothing to be told of an idea that has left the board.


@job("digests")
def send_digests() -> None:
    """Send what is due by now, each notice in one mail only."""
    due, reached = _due(now()), 0
    while True:
        begin_writing()
        waiting = db.select(Notice.person_id).where(due, Notice.person_id > reached).distinct()
        people = db.session.scalars(waiting.order_by(Notice.person_id).limit(SOME)).all()
        if not people:
            db.session.rollback()
            return
        for person in db.session.scalars(db.select(Person).where(Person.id.in_(people)).order_by(Person.id)).all():
            _send(person, due)
        reached = people[-1]
        db.session.commit()


def last_hour(moment: datetime, weekly: bool = False) -> datetime:
    """When the last mails of a day, or of a week, were due."""
    there = moment.astimezone(ZoneInfo(settings.current().timezone))
    hour = there.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if weekly:
        hour -= timedelta(days=(there.weekday() - DAY) % 7)
    if hour > there:
        hour -= timedelta(days=7 if weekly else 1)
    return hour


def _due(moment: datetime) -> Any:
    daily = db.and_(Notice.digest == "daily", Notice.at <= last_hour(moment))
    weekly = db.and_(Notice.digest == "weekly", Notice.at <= last_hour(moment, weekly=True))
    to_authors = Notice.kind.in_(("own", "own_remarks"))  # Who read their idea wherever it is.
    return db.and_(db.or_(daily, weekly), ~Notice.resting, db.or_(~rests(Notice), to_authors))


def _send(person: Person, due: Any) -> None:
    """One mail of all that is due to this person; none where nothing is left to tell."""
    mine = db.select(Notice).where(Notice.person_id == person.id, due).options(*PARTS)
    mine = mine.with_for_update(of=Notice, skip_locked=True).execution_options(populate_existing=True)
    notices = db.session.scalars(mine).unique().all()  # Those that are locked are another worker's.
    shown = set(
        db.session.scalars(db.select(Notice.id).where(due, *shown_to(person)))
    )  # As in the page: of what is out of sight, not even the title is told.
    for notice in notices:
        notice.digest = None
    told = [notice for notice in notices if notice.id in shown and _is_news(notice)]
    if not told:
        return
    groups = grouped(told)
    brands = {group.newest.campaign.brand_id: group.newest.campaign.brand for group in groups}
    send_mail(
        person.email,
        person.language,
        "digest",
        reader=person,
        groups=groups[:GROUPS],
        more=max(len(groups) - GROUPS, 0),
        brand=next(iter(brands.values())) if len(brands) == 1 else None,
        unsubscribe=ending_url(person, DIGESTS),
    )


def _is_news(notice: Notice) -> bool:
    return notice.read_at is None and not (notice.what in STALE and notice.idea is not None and notice.idea.withdrawn)
