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
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@bp.get("/ideas")
@login_required
def ideas() -> ResponseReturnValue:
    """The asker's ideas, those that they wrote with others included, the newest first, also those that they took back."""
    return _page("mine/ideas.html", db.select(Idea).where(_written_by(current_user), *_seen(current_user)))


@bp.get("/remarks")
@login_required
def remarks() -> ResponseReturnValue:
    """The asker's remarks and feedback, the newest first. What they took back is gone. Two queries, however much they said."""
    before = _moment(request.args["from"]) if "from" in request.args else None
    seen = _seen(current_user)
    board = joinedload(Idea.campaign).joinedload(Campaign.brand)
    said: list[Any] = []
    for kind in (Comment, Feedback):
        mine = db.select(kind).join(kind.idea).where(kind.author_id == current_user.id, *seen)
        mine = mine.options(contains_eager(kind.idea).options(board, joinedload(Idea.withdrawal)))
        if kind is Comment:
            mine = mine.where(~Comment.deletion.has())
        if before is not None:
            mine = mine.where(kind.at < before)
        said += db.session.scalars(mine.order_by(kind.at.desc()).limit(SHOWN + 1)).unique()
    said.sort(key=lambda one: one.at, reverse=True)
    shown = said[:SHOWN]
    # Nobody says two things in the same microsecond, so a moment is place enough.
    onwards = f"{request.path}?from={(shown[-1].at - EPOCH) // MICROSECOND}" if len(said) > SHOWN else None
    return render_template("mine/remarks.html", said=shown, excerpt=excerpt, next_url=onwards, first=before is None)


@bp.get("/followed")
@login_required
def followed() -> ResponseReturnValue:
    """What the asker follows: ideas, the newest first, with what became of each; and campaigns, people and tags."""
    listed = db.select(Idea).join(Following, Following.idea_id == Idea.id).where(Following.person_id == current_user.id)
    return _page(
        "mine/followed.html",
        listed.where(*_seen(current_user)),
        campaigns=campaigns_followed(current_user),
        people=people_followed(current_user),
        tags=tags_followed(current_user),
    )


@bp.get("/votes")
@login_required
def votes() -> ResponseReturnValue:
    """The ballots that the asker has handed in, and the ideas that they support, the newest first."""
    withdrawn = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id).exists()
    supported = db.select(Idea).join(Vote, Vote.idea_id == Idea.id).where(Vote.voter_id == current_user.id, ~withdrawn)
    seen = _seen(current_user)
    return _page(
        "mine/votes.html",
        supported.where(*seen),
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


def _written_by(person: Person) -> Any:
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.person_id == person.id)
    return db.or_(Idea.author_id == person.id, Idea.id.in_(joined))


def _seen(person: Person) -> tuple[Any, ...]:
    """A campaign may have been narrowed since to people among whom this one isn't; an idea may be out of sight of all but its authors."""
    return Idea.campaign_id.in_(db.select(Campaign.id).where(seen_by(person))), in_sight_of(person)


def _page(template: str, listed: Any, **more: Any) -> ResponseReturnValue:
    """One page of these ideas. The number of queries is fixed."""
    if (after := request.args.get("from")) is not None:
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise NoSuchPage
        listed = listed.where(Idea.id < int(after))
    board = joinedload(Idea.campaign)
    whole = (joinedload(getattr(Idea, part)) for part in ("withdrawal", "author", "recorded", "status"))
    listed = listed.options(*whole, board.joinedload(Campaign.brand), board.selectinload(Campaign.stages))
    found = list(db.session.scalars(listed.order_by(Idea.id.desc()).limit(SHOWN + 1)).unique())
    return render_template(
        template,
        ideas=found[:SHOWN],
        next_url=f"{request.path}?from={found[SHOWN - 1].id}" if len(found) > SHOWN else None,
        first=after is None,
        **more,
    )
