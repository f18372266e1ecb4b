"""Telling by mail what becomes of an idea, to whoever asked for it: its status, its answer, the campaign's outcome, its being taken back.

What happened is a row of its own transaction; a worker sends the mails, some at a time, and so nobody waits for thousands of them.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import CheckConstraint, ForeignKey, Select, String
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from campaign import settings
from campaign.accounts.links import LinkOver
from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.access import sees
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.turning import when_a_stage_begins
from campaign.clock import now
from campaign.database import UTCDateTime, begin_writing, insert
from campaign.extensions import db
from campaign.ideas.holding import in_sight
from campaign.ideas.models import UNSEEN, Idea, Withdrawal
from campaign.jobs import job, wake
from campaign.mail import send_mail

AT_ONCE = 100  # People told in one transaction.
RESTS = timedelta(days=30)  # So long news of an idea that is out of sight waits for it; later it is none.


class Following(db.Model):
    """Somebody wants to be told by mail what becomes of an idea. Deleting the row ends it."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class FollowingNews(db.Model):
    """Something that is still being told to those who follow: an idea, or all of a campaign's."""

    __table_args__ = (
        CheckConstraint(
            "what IN ('answered', 'withdrawn', 'status', 'step', 'expired', 'extended', 'outcome')", name="what"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(10))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))  # None: the campaign's.
    reached: Mapped[int] = mapped_column(default=0)  # Everybody up to this id was told.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


def follow(person: Person, idea: Idea) -> None:
    """Tell this person from now on what becomes of the idea. Asked again, it changes nothing."""
    asked = insert(Following).values(person_id=person.id, idea_id=idea.id, at=now())
    db.session.execute(asked.on_conflict_do_nothing())


def unfollow(person: Person, *ideas: Any) -> None:
    """Tell this person no more about these ideas: conditions on Following."""
    theirs = db.delete(Following).where(Following.person_id == person.id, *ideas)
    db.session.execute(theirs.execution_options(synchronize_session=False))


def is_following(person: Asker, idea: Idea) -> bool:
    if not person.is_authenticated:
        return False
    return db.session.get(Following, (idea.id, person.id)) is not None


def tell_followers(what: str, campaign: Campaign, idea: Idea | None = None) -> None:
    """Have everybody told who follows the idea, or any idea of the campaign."""
    db.session.add(FollowingNews(what=what, campaign_id=campaign.id, idea_id=idea.id if idea else None))
    wake("following")


def tell_followers_of(what: str, ideas: Select[Any]) -> None:
    """The same of all these ideas (a statement of their ids) that somebody follows. They stay in the database, however many they are."""
    followed = db.select(Idea.campaign_id, Idea.id, db.literal(what), db.literal(0), db.literal(now(), UTCDateTime))
    followed = followed.where(Idea.id.in_(ideas), db.exists().where(Following.idea_id == Idea.id))
    columns = ["campaign_id", "idea_id", "what", "reached", "at"]
    db.session.execute(db.insert(FollowingNews.__table__).from_select(columns, followed.order_by(Idea.id)))
    wake("following")


# Of the people who follow these ideas of theirs, those who are to have a mail now.
Choose = Callable[[FollowingNews, list[Person], dict[int, list[Idea]]], list[Person]]
_choosing: list[Choose] = []


def choose_with(choose: Choose) -> None:
    """Have the slice of notices keep what people are told, in the transaction that sends it, and say who wants a mail of it."""
    _choosing.append(choose)


class OutcomeTold(db.Model):
    """Those who follow ideas of a campaign were told of its outcome: once, by its stage or by the page that says it."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


# Where a campaign's outcome is read, and whether that is still being written.
Where = Callable[[Campaign], tuple[str, bool]]
_where: list[Where] = []


def lead_to_outcome(where: Where) -> None:
    """Have the slice of outcome pages say where a campaign's is."""
    _where.append(where)


def outcome_url(campaign: Campaign) -> str:
    """Where the campaign's outcome is read now."""
    return next((where(campaign)[0] for where in _where), campaign.url)


Tell = Callable[[Campaign], None]
_telling: list[Tell] = []


def when_the_outcome_is_told(tell: Tell) -> None:
    """Have a slice tell others than those who follow ideas, in the same transaction, so that they are told as rightly and as often: once."""
    _telling.append(tell)


def tell_outcome(campaign: Campaign) -> None:
    """Have everybody told of the campaign's outcome who follows one of its ideas, or the campaign. However often it is said, once."""
    told = insert(OutcomeTold).values(campaign_id=campaign.id, at=now()).on_conflict_do_nothing()
    if db.session.execute(told.returning(OutcomeTold.campaign_id)).first() is not None:
        tell_followers("outcome", campaign)
        for tell in _telling:
            tell(campaign)


def _tell_outcome(campaign: Campaign, stage: Stage) -> None:
    # Where somebody is writing the page, it is told when that is published: one mail, which leads to something.
    if stage.kind == "outcome" and not any(where(campaign)[1] for where in _where):
        tell_outcome(campaign)


when_a_stage_begins(_tell_outcome)


@job("following")
def tell_news() -> None:
    """Send what waits, each mail once: it leaves with the note that it was sent.

    What a moderator looks at, or has taken down, waits until it is in sight again. A campaign's outcome doesn't wait for single ideas: who
    follows only such as are out of sight is not told of it.
    """
    first = db.select(FollowingNews).where(~rests(FollowingNews)).order_by(FollowingNews.id).limit(1)
    first = first.with_for_update(skip_locked=True, of=FollowingNews)
    while True:
        begin_writing()
        news = db.session.scalars(first).first()  # Another worker is at the one that is locked.
        if news is None:
            db.session.rollback()
            return
        _tell_some(news)
        db.session.commit()


def rests(news: Any) -> Any:
    """The condition for news to be of an idea that is out of sight, and not so old that it will never be told."""
    unseen = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == news.idea_id, Withdrawal.kind.in_(UNSEEN))
    return db.and_(news.at > now() - RESTS, unseen.exists())


def change_told(news: FollowingNews, idea: Idea) -> Any:
    """The change of the idea's status of which this news is: the last until then, whatever came later."""
    return next((change for change in reversed(idea.status_changes) if change.at <= news.at), None)


def _tell_some(news: FollowingNews) -> None:
    of = Following.idea_id == news.idea_id if news.idea_id else Idea.campaign_id == news.campaign_id
    after = Following.person_id > news.reached, Following.at <= news.at
    of = db.and_(of, in_sight())  # A moderator may take it down at any time.
    following = db.select(Following.person_id).join(Idea, Idea.id == Following.idea_id).where(of, *after)
    people = db.session.scalars(following.distinct().order_by(Following.person_id).limit(AT_ONCE)).all()
    if not people:
        db.session.delete(news)
        return
    whole = db.select(Following).join(Following.idea).where(of, Following.person_id.in_(people))
    ideas: dict[int, list[Idea]] = defaultdict(list)
    for one in db.session.scalars(whole.options(joinedload(Following.idea)).order_by(Following.idea_id)):
        ideas[one.person_id].append(one.idea)
    found = db.select(Person).where(Person.id.in_(people), sees(news.campaign)).order_by(Person.id)
    leads_to = outcome_url(news.campaign) if news.what == "outcome" else news.campaign.url
    seeing = list(db.session.scalars(found))
    for choose in _choosing:
        seeing = choose(news, seeing, ideas)
    for person in seeing:
        _tell(person, news, ideas[person.id], leads_to)
    news.reached = people[-1]


def _tell(person: Person, news: FollowingNews, ideas: list[Idea], leads_to: str) -> None:
    about = {"idea": news.idea_id} if news.idea_id else {"campaign": news.campaign_id}
    send_mail(
        person.email,
        person.language,
        f"following-{news.what}",
        name=person.name,
        campaign=news.campaign,
        brand=news.campaign.brand,
        idea=ideas[0],
        ideas=ideas[:5],
        leads_to=leads_to,
        change=change_told(news, ideas[0]) if news.what == "status" else None,
        unsubscribe=f"{settings.current().address}/following/{_signer().dumps({'person': person.id, **about})}",
    )


def read_ending(token: str) -> tuple[Person, Campaign, Idea | None]:
    """Whose wish a link in a mail ends, and about what. Raises LinkOver."""
    try:
        said = _signer().loads(token)
        person, idea = db.session.get(Person, said["person"]), None
        if "idea" in said:
            idea = db.session.get(Idea, said["idea"])
            campaign = idea.campaign if idea else None
        else:
            campaign = db.session.get(Campaign, said["campaign"])
    except BadData:
        raise LinkOver from None
    if person is None or campaign is None:
        raise LinkOver
    return person, campaign, idea


def end_following(token: str) -> None:
    """What a link in a mail asks: no more of these mails. It works for as long as there is somebody to ask it, and twice."""
    person, campaign, idea = read_ending(token)
    of = Idea.id == idea.id if idea else Idea.campaign_id == campaign.id
    unfollow(person, Following.idea_id.in_(db.select(Idea.id).where(of)))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="link.following")
