"""What somebody gave, on all boards: their ideas, what they said of others, their votes and ballots."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from campaign.accounts.models import Person
from campaign.campaigns.access import seen_by
from campaign.campaigns.models import Campaign, Stage
from campaign.extensions import db
from campaign.feedback.models import Comment, Feedback
from campaign.ideas.following import Following
from campaign.ideas.holding import in_sight_of
from campaign.ideas.models import CoAuthor, Idea, Withdrawal
from campaign.ideas.orders import NoSuchPage
from campaign.merging.access import moved_of
from campaign.notices.following import campaigns_followed, people_followed, tags_followed
from campaign.text import excerpt
from campaign.votes.models import BallotEntry, StageBallot, Vote
from campaign.votes.returning import returned_to

bp = Blueprint("mine", __name__, url_prefix="/profile")

SHOWN = 30  # On one page.
LAST = 5  # Of each sort, where all sorts stand on one page.
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@bp.get("/mine")
@login_required
def show() -> ResponseReturnValue:
    """The last of everything that the asker gave and follows, with what became of it. The number of queries is fixed."""
    seen = _seen(current_user)
    return render_template(
        "mine/show.html",
        ideas=_some(_own(current_user), LAST),
        ballots=_ballots_of(current_user)[:LAST],
        supported=_some(_supported(current_user), LAST),
        said=_said(current_user, LAST)[:LAST],
        followed=_some(_followed(current_user), LAST),
        excerpt=excerpt,
        returned=returned_to(current_user, *seen),
        moved=moved_of(current_user, *seen),
    )


@bp.get("/ideas")
@login_required
def ideas() -> ResponseReturnValue:
    """The asker's ideas, those that they wrote with others included, the newest first, also those that they took back."""
    return _page("mine/ideas.html", _own(current_user))


@bp.get("/remarks")
@login_required
def remarks() -> ResponseReturnValue:
    """The asker's remarks and feedback, the newest first. What they took back is gone. Two queries, however much they said."""
    before = _moment(request.args["from"]) if "from" in request.args else None
    said = _said(current_user, SHOWN, before)
    shown = said[:SHOWN]
    # Nobody says two things in the same microsecond, so a moment is place enough.
    onwards = f"{request.path}?from={(shown[-1].at - EPOCH) // MICROSECOND}" if len(said) > SHOWN else None
    return render_template("mine/remarks.html", said=shown, excerpt=excerpt, next_url=onwards, first=before is None)


@bp.get("/followed")
@login_required
def followed() -> ResponseReturnValue:
    """What the asker follows: ideas, the newest first, with what became of each; and campaigns, people and tags."""
    return _page(
        "mine/followed.html",
        _followed(current_user),
        campaigns=campaigns_followed(current_user),
        people=people_followed(current_user),
        tags=tags_followed(current_user),
    )


@bp.get("/votes")
@login_required
def votes() -> ResponseReturnValue:
    """The ballots that the asker has handed in, and the ideas that they support, the newest first."""
    seen = _seen(current_user)
    return _page(
        "mine/votes.html",
        _supported(current_user),
        ballots=_ballots_of(current_user),
        returned=returned_to(current_user, *seen),
        moved=moved_of(current_user, *seen),
    )


def _ballots_of(person: Person) -> list[Any]:
    """The latest ballots of this person, as rows of stage and moment. One query, and one for the stages of their campaigns."""
    handed_in = (
        db.select(Stage, BallotEntry.at)
        .join(StageBallot, StageBallot.stage_id == Stage.id)
        .join(BallotEntry, BallotEntry.id == StageBallot.entry_id)
        .join(Stage.campaign)
        .where(StageBallot.voter_id == person.id, seen_by(person))
        .options(contains_eager(Stage.campaign).options(joinedload(Campaign.brand), selectinload(Campaign.stages)))
    )
    return list(db.session.execute(handed_in.order_by(BallotEntry.id.desc()).limit(SHOWN)).unique())


def _moment(cursor: str) -> datetime:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 18):
        raise NoSuchPage
    return EPOCH + int(cursor) * MICROSECOND


def _own(person: Person) -> Any:
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.person_id == person.id)
    return db.select(Idea).where(db.or_(Idea.author_id == person.id, Idea.id.in_(joined)), *_seen(person))


def _supported(person: Person) -> Any:
    withdrawn = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id).exists()
    given = db.select(Idea).join(Vote, Vote.idea_id == Idea.id).where(Vote.voter_id == person.id, ~withdrawn)
    return given.where(*_seen(person))


def _followed(person: Person) -> Any:
    listed = db.select(Idea).join(Following, Following.idea_id == Idea.id).where(Following.person_id == person.id)
    return listed.where(*_seen(person))


def _said(person: Person, most: int, before: datetime | None = None) -> list[Any]:
    """What this person said, the newest first: as many as `most`, and more where there are more. Two queries."""
    seen, board = _seen(person), joinedload(Idea.campaign).joinedload(Campaign.brand)
    said: list[Any] = []
    for kind in (Comment, Feedback):
        mine = db.select(kind).join(kind.idea).where(kind.author_id == person.id, *seen)
        whole = (board, joinedload(Idea.withdrawal), joinedload(Idea.status))
        mine = mine.options(contains_eager(kind.idea).options(*whole))
        if kind is Comment:
            mine = mine.where(~Comment.deletion.has())
        if before is not None:
            mine = mine.where(kind.at < before)
        said += db.session.scalars(mine.order_by(kind.at.desc()).limit(most + 1)).unique()
    return sorted(said, key=lambda one: one.at, reverse=True)


def _seen(person: Person) -> tuple[Any, ...]:
    """A campaign may have been narrowed since to people among whom this one isn't; an idea may be out of sight of all but its authors."""
    return Idea.campaign_id.in_(db.select(Campaign.id).where(seen_by(person))), in_sight_of(person)


def _page(template: str, listed: Any, **more: Any) -> ResponseReturnValue:
    """One page of these ideas. The number of queries is fixed."""
    if (after := request.args.get("from")) is not None:
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise NoSuchPage
        listed = listed.where(Idea.id < int(after))
    found = _some(listed, SHOWN + 1)
    return render_template(
        template,
        ideas=found[:SHOWN],
        next_url=f"{request.path}?from={found[SHOWN - 1].id}" if len(found) > SHOWN else None,
        first=after is None,
        **more,
    )


def _some(listed: Any, most: int) -> list[Idea]:
    """The newest of these ideas. One query, and one for the stages of their campaigns."""
    board = joinedload(Idea.campaign)
    whole = (joinedload(getattr(Idea, part)) for part in ("withdrawal", "author", "recorded", "status"))
    listed = listed.options(*whole, board.joinedload(Campaign.brand), board.selectinload(Campaign.stages))
    return list(db.session.scalars(listed.order_by(Idea.id.desc()).limit(most)).unique())
