"""Telling those who follow: what happened is a row of its own transaction, and a worker makes notices of it, some at a time.

A notice, the mail to who wants it at once, and how far the news has come are one transaction: a crash neither loses nor doubles one.
"""

from collections.abc import Collection
from typing import Any

from campaign.accounts.models import Person
from campaign.campaigns.access import sees, who_see
from campaign.campaigns.models import Campaign, Stage, Tag
from campaign.campaigns.turning import when_a_stage_begins
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.ideas.actions import when_suggested
from campaign.ideas.following import AT_ONCE, Following
from campaign.ideas.models import CoAuthor, Idea, idea_tag
from campaign.jobs import job, wake
from campaign.mail import send_mail
from campaign.notices.aside import in_sight
from campaign.notices.ending import ending_url
from campaign.notices.models import CampaignFollowing, Notice, NoticeNews, PersonFollowing, TagFollowing
from campaign.notices.posting import note
from campaign.notices.wishes import how_to_tell


def spread(
    what: str,
    campaign: Campaign,
    idea: Idea | None = None,
    by: Person | None = None,
    comment_id: int | None = None,
    reply_to_id: int | None = None,
    **details: Any,
) -> None:
    """Have everybody told who follows what this is about, but for those (`told`, among the details) who were told otherwise."""
    about = {"idea_id": idea.id if idea else None, "by_id": by.id if by else None, "comment_id": comment_id}
    news = NoticeNews(what=what, campaign_id=campaign.id, reply_to_id=reply_to_id, details=details, **about)
    db.session.add(news)
    wake("notices")


def tell_mentioned(people: Collection[Person], idea: Idea, by: Person, comment_id: int) -> set[int]:
    """Tell these people that a remark mentions them, each once, however often it is edited. Gives whom it need not be told to otherwise.

    Who may not see the campaign, or wants to hear nothing of mentions, isn't told. For few: five queries.
    """
    about = db.select(Notice.person_id).where(Notice.comment_id == comment_id, Notice.what == "mentioned")
    told = set(db.session.scalars(about)) if people else set()
    others = [person for person in people if person.id not in told | {by.id}]
    if not others:
        return told
    seeing = who_see(idea.campaign, others)
    wished = how_to_tell([person.id for person in seeing], ["mentioned"], idea.campaign_id)
    called = [person for person in seeing if wished[person.id, "mentioned"] != "nothing"]
    kinds = {person.id: "mentioned" for person in called}
    for notice in note(called, kinds, "mentioned", idea.campaign, idea, by, comment_id=comment_id):
        _send(notice)
    return told | set(kinds)


def was_told(comment_id: int) -> bool:
    """Whether anybody was told of this remark, or is about to be."""
    told = [db.select(row.id).where(row.comment_id == comment_id).exists() for row in (Notice, NoticeNews)]
    return bool(db.session.scalar(db.select(db.or_(*told))))


def forget_remark(comment_id: int) -> None:
    """Tell nobody any more of a remark that is gone."""
    for row in (Notice, NoticeNews):
        gone = db.delete(row).where(row.comment_id == comment_id)
        db.session.execute(gone.execution_options(synchronize_session=False))


def _tell_of_stage(campaign: Campaign, stage: Stage) -> None:
    spread("outcome" if stage.kind == "outcome" else "stage", campaign, stage=dict(stage.names))


def _tell_of_idea(idea: Idea) -> None:
    spread("suggested", idea.campaign, idea, by=idea.author)


when_a_stage_begins(_tell_of_stage)
when_suggested(_tell_of_idea)


@job("notices")
def tell_news() -> None:
    """Tell what waits, to each person once."""
    first = (
        db.select(NoticeNews)
        .where(*in_sight(NoticeNews))
        .order_by(NoticeNews.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while True:
        begin_writing()
        news = db.session.scalars(first).first()  # Another worker is at the one that is locked.
        if news is None:
            db.session.rollback()
            return
        _tell_some(news)
        db.session.commit()


def _tell_some(news: NoticeNews) -> None:
    everybody = _who(news).subquery()
    person_id = everybody.c[0]
    next_ones = db.select(person_id).where(person_id > news.reached).distinct().order_by(person_id).limit(AT_ONCE)
    people = db.session.scalars(next_ones).all()
    if not people or (news.idea is not None and news.idea.withdrawn):
        db.session.delete(news)
        return
    shown = db.select(Person).where(Person.id.in_(people), sees(news.campaign)).order_by(Person.id)
    told = {news.by_id, *news.details.get("told", ())}  # Whose act it was, and who heard of it in another way.
    seeing = [person for person in db.session.scalars(shown) if person.id not in told]
    kinds = {person.id: _kind(news, person) for person in seeing}
    by = db.session.get(Person, news.by_id) if news.by_id else None
    details = {name: said for name, said in news.details.items() if name != "told"}
    about: dict[str, Any] = {"comment_id": news.comment_id, "details": details, "at": news.at}
    for notice in note(seeing, kinds, news.what, news.campaign, news.idea, by, **about):
        _send(notice)
    news.reached = people[-1]


def _kind(news: NoticeNews, person: Person) -> str:
    if news.what == "commented":
        assert news.idea is not None
        return "reply" if person.id == news.reply_to_id else "own_remarks" if news.idea.is_by(person) else "said"
    return {"suggested": "suggested", "update": "update"}.get(news.what, "campaign")


def _who(news: NoticeNews) -> Any:
    """Whom this concerns, whoever of them may see it by now."""
    idea = Following.idea_id == news.idea_id, Following.at <= news.at
    followers = db.select(Following.person_id).where(*idea)
    campaign = CampaignFollowing.campaign_id == news.campaign_id, CampaignFollowing.at <= news.at
    of_campaign = db.select(CampaignFollowing.person_id).where(*campaign)
    if news.what == "update":
        return followers
    if news.what == "stage":
        return of_campaign
    if news.what == "outcome":
        # Who follows an idea of the campaign is told by the news of ideas.
        told = db.select(Following.person_id).join(Idea, Idea.id == Following.idea_id)
        told = told.where(Idea.campaign_id == news.campaign_id, Following.at <= news.at)
        return of_campaign.where(CampaignFollowing.person_id.not_in(told))
    joined = db.select(CoAuthor.person_id).where(CoAuthor.idea_id == news.idea_id)
    authors = db.select(Idea.author_id).where(Idea.id == news.idea_id).union(joined).subquery()
    author_ids = db.select(authors.c[0])
    if news.what == "commented":
        replied = db.select(Person.id).where(Person.id == news.reply_to_id)
        return followers.union(author_ids, replied)
    of_people = db.select(PersonFollowing.person_id).where(
        PersonFollowing.followed_id.in_(author_ids), PersonFollowing.at <= news.at
    )
    tags = db.select(idea_tag.c.tag_id).join(Tag, Tag.id == idea_tag.c.tag_id)
    tags = tags.where(idea_tag.c.idea_id == news.idea_id, ~Tag.staff_only)
    of_tags = db.select(TagFollowing.person_id).where(TagFollowing.tag_id.in_(tags), TagFollowing.at <= news.at)
    return of_campaign.union(of_people, of_tags)


def _send(notice: Notice) -> None:
    """A mail of one notice, to who wants it at once."""
    person = notice.person
    send_mail(
        person.email,
        person.language,
        "notice",
        reader=person,
        notice=notice,
        brand=notice.campaign.brand,
        unsubscribe=ending_url(person, notice.kind, notice.campaign),
    )
