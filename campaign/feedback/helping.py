"""Finding a remark helpful, and reading the best first.

How good a remark is: the share of those who could have found it helpful and did, drawn towards the average of the talk while few could.

    (helpful + 5 × average) ÷ (judges + 5)

*helpful*: how many find it so. *judges*: how many people, other than its author, found anything in this talk helpful since the remark
was there. *average*: all that is helpful ÷ all judges, over the remarks of the talk. A remark nobody has judged yet stands in the
middle, and an old one has no lead. It is a fraction and compared as one, so equals are equal, and the older comes first.
"""

from bisect import bisect_left
from collections.abc import Collection
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.brands.suspensions import check_not_suspended
from campaign.clock import now
from campaign.database import insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.feedback.actions import RemarkTakenBack, RemarkUnseen, check_open
from campaign.feedback.models import Comment, CommentHelpful
from campaign.feedback.pins import standing_idea
from campaign.live import announce
from campaign.verifications.access import check_verified

JUDGES = 10_000  # Of more, those count who judged last.
DRAWN = 5  # How many judges of average opinion each remark begins with.


class OwnRemark(Refused):
    code, message = "own_remark", _l("You wrote this remark: others say whether it helps.")


class Helpful(NamedTuple):
    """How many find a remark helpful, and whether the reader does."""

    many: int = 0
    mine: bool = False


class Judged(NamedTuple):
    """What is known of a remark."""

    id: int
    author_id: int
    at: datetime
    helpful: int


def find_helpful(comment: Comment, person: Person) -> None:
    """Say that a remark helps. Said again, it changes nothing."""
    lock(comment)  # Whoever takes it down at this moment waits, or is waited for.
    idea = standing_idea(comment)
    check_open(idea)
    if comment.deletion is not None:
        raise RemarkTakenBack(_l("This remark was taken back by its author."))
    if comment.hold is not None:
        raise RemarkUnseen(_l("A moderator looks at this remark, or has taken it down."))
    if comment.author_id == person.id:
        raise OwnRemark
    check_not_suspended(idea.campaign.brand_id, person)
    check_verified(idea.campaign, person, "comment", f"{idea.url}#comments")
    said = insert(CommentHelpful).values(comment_id=comment.id, person_id=person.id, at=now())
    if db.session.execute(said.on_conflict_do_nothing().returning(CommentHelpful.comment_id)).first():
        announce(idea.campaign.board, "comment.helpful", ideas=[idea.id])


def find_helpful_no_more(comment: Comment, person: Person) -> None:
    """Take that back, while the talk is open. Done twice, it is done once."""
    idea = standing_idea(comment)
    check_open(idea)
    mine = CommentHelpful.comment_id == comment.id, CommentHelpful.person_id == person.id
    gone = db.delete(CommentHelpful).where(*mine).returning(CommentHelpful.comment_id)
    if db.session.execute(gone.execution_options(synchronize_session=False)).first():
        announce(idea.campaign.board, "comment.helpful", ideas=[idea.id])


def helpful_of(comments: Collection[int], reader: Asker) -> dict[int, Helpful]:
    """How helpful these remarks are found, by their ids. One query."""
    if not comments:
        return {}
    me = reader.id if reader.is_authenticated else 0
    mine = db.func.max(db.case((CommentHelpful.person_id == me, 1), else_=0))
    found = db.select(CommentHelpful.comment_id, db.func.count(), mine).where(CommentHelpful.comment_id.in_(comments))
    rows = db.session.execute(found.group_by(CommentHelpful.comment_id)).all()
    return {comment_id: Helpful(count, bool(own)) for comment_id, count, own in rows}


def last_judgements(ideas: list[int]) -> dict[int, datetime]:
    """When each person last found a remark on these ideas helpful: of more than JUDGES, the last of them. One query."""
    last = db.func.max(CommentHelpful.at)
    found = db.select(CommentHelpful.person_id, last)
    found = found.join(Comment, Comment.id == CommentHelpful.comment_id).where(Comment.idea_id.in_(ideas))
    found = found.group_by(CommentHelpful.person_id).order_by(last.desc(), CommentHelpful.person_id).limit(JUDGES)
    return dict(db.session.execute(found).all())


def best_first(remarks: Collection[Judged], judgements: dict[int, datetime]) -> list[int]:
    """The ids of these remarks, the best first. `judgements`: when each person last judged in this talk."""
    moments = sorted(judgements.values())

    def judges(remark: Judged) -> int:
        since = len(moments) - bisect_left(moments, remark.at)
        own = judgements.get(remark.author_id)
        # Two clocks of two servers may differ: who found it helpful was there.
        return max(since - (own is not None and own >= remark.at), remark.helpful)

    counted = {remark.id: (remark.helpful, judges(remark)) for remark in remarks}
    helpful, judged = (sum(row[place] for row in counted.values()) for place in (0, 1))
    average = Fraction(helpful, judged or 1)
    # Many remarks were judged alike, and a fraction takes its time.
    shares = {alike: (alike[0] + DRAWN * average) / (alike[1] + DRAWN) for alike in set(counted.values())}
    places = {share: place for place, share in enumerate(sorted(set(shares.values()), reverse=True))}
    place = {alike: places[share] for alike, share in shares.items()}
    return sorted(counted, key=lambda id_: (place[counted[id_]], id_))
