"""Telling what became of an idea that was merged or retired: its authors at once, its supporters and followers by a worker."""

from collections.abc import Collection

from campaign.accounts.models import Person
from campaign.campaigns.access import open_to, sees
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.ideas.following import Following
from campaign.ideas.models import Idea
from campaign.jobs import job, wake
from campaign.merging.models import Merge, MergedVote, MergingNews
from campaign.notices.posting import tell
from campaign.votes.models import Vote

AT_ONCE = 100  # People told in one transaction.


def tell_supporters(what: str, idea: Idea, merge: Merge | None = None) -> None:
    """Have everybody told who supported the idea or follows it: that it was merged, retired, or stands by itself again."""
    db.session.add(MergingNews(what=what, idea_id=idea.id, merge_id=merge.id if merge else None))
    wake("merging")


def tell_authors(merge: Merge, by: Person) -> None:
    """Tell the authors of both ideas, at once, that they were merged or, where that was undone, are two again."""
    told, what = {by.id}, "undone" if merge.undone_at else "merged"
    for mine, other in ((merge.idea, merge.into), (merge.into, merge.idea)):
        authors = [author for author in mine.authors if author.id not in told and open_to(author, mine.campaign)]
        said = {"mine": mine, "other": other, "merge": merge}
        tell(authors, "own", what, mine.campaign, mine, mail="merged-authors", said=said)
        told |= mine.author_ids


@job("merging")
def tell_news() -> None:
    """Send what waits, each mail once: it leaves with the note that it was sent."""
    first = db.select(MergingNews).order_by(MergingNews.id).limit(1).with_for_update(skip_locked=True)
    while True:
        begin_writing()
        news = db.session.scalars(first).first()  # Another worker is at the one that is locked.
        if news is None:
            db.session.rollback()
            return
        _tell_some(news)
        db.session.commit()


def _tell_some(news: MergingNews) -> None:
    supported = _supporters(news)
    following = db.select(Following.person_id).where(Following.idea_id == news.idea_id, Following.at <= news.at)
    everybody = supported.union(following).subquery()
    person_id = everybody.c[0]
    next_ones = db.select(person_id).where(person_id > news.reached).order_by(person_id).limit(AT_ONCE)
    people = db.session.scalars(next_ones).all()
    if not people:
        db.session.delete(news)
        return
    how = _how(news, people)
    shown = db.select(Person).where(Person.id.in_(people), sees(news.idea.campaign)).order_by(Person.id)
    authors = news.idea.author_ids
    for person in db.session.scalars(shown).all():
        if person.id not in authors:
            _tell(person, news, how.get(person.id, "follows"))
    news.reached = people[-1]


def _supporters(news: MergingNews) -> db.Select[tuple[int]]:
    if news.what == "retired":
        return db.select(Vote.voter_id).where(Vote.idea_id == news.idea_id)
    touched = MergedVote.merge_id == news.merge_id, MergedVote.what.in_(("moved", "both"))
    return db.select(MergedVote.voter_id).where(*touched)


def _how(news: MergingNews, people: Collection[int]) -> dict[int, str]:
    """What became of each one's vote: moved, both, back (it counts for the idea again), rests (retired: they may give it anew)."""
    if news.what == "merged":
        touched = db.select(MergedVote.voter_id, MergedVote.what).where(MergedVote.merge_id == news.merge_id)
        return dict(db.session.execute(touched.where(MergedVote.voter_id.in_(people))).all())
    there = db.select(Vote.voter_id).where(Vote.idea_id == news.idea_id, Vote.voter_id.in_(people))
    return dict.fromkeys(db.session.scalars(there), "back" if news.what == "undone" else "rests")


def _tell(person: Person, news: MergingNews, how: str) -> None:
    other = news.merge.into if news.merge else news.idea.retired_for
    undone = news.merge is not None and news.merge.undone_at is not None
    if other is None or other.unseen or news.idea.unseen:
        return  # A moderator looks at one of the two, or has taken it down: nobody else reads its title.
    if undone != (news.what == "undone"):
        return  # Undone, or put back, before everybody was told: what is true now is told by the news after this one.
    reason = news.merge.reason if news.merge else news.idea.withdrawal.reason if news.idea.withdrawal else ""
    said = {"how": how, "other": other, "reason": reason}
    tell([person], "followed", news.what, news.idea.campaign, news.idea, mail=f"idea-{news.what}", said=said)
