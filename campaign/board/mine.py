"""What somebody gave, on all boards: their ideas, and the ideas that they support."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from sqlalchemy.orm import joinedload

from campaign.accounts.models import Person
from campaign.campaigns.access import seen_by
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.models import CoAuthor, Idea, Withdrawal
from campaign.ideas.orders import NoSuchPage
from campaign.merging.access import moved_of
from campaign.votes.models import Vote
from campaign.votes.returning import returned_to

bp = Blueprint("mine", __name__, url_prefix="/profile")

SHOWN = 30  # On one page.


@bp.get("/ideas")
@login_required
def ideas() -> ResponseReturnValue:
    """The asker's ideas, those that they wrote with others included, the newest first, also those that they took back."""
    return _page("mine/ideas.html", db.select(Idea).where(_written_by(current_user), *_seen(current_user)))


@bp.get("/votes")
@login_required
def votes() -> ResponseReturnValue:
    """The ideas that the asker supports, the newest first."""
    withdrawn = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id).exists()
    supported = db.select(Idea).join(Vote, Vote.idea_id == Idea.id).where(Vote.voter_id == current_user.id, ~withdrawn)
    seen = _seen(current_user)
    return _page(
        "mine/votes.html",
        supported.where(*seen),
        returned=returned_to(current_user, *seen),
        moved=moved_of(current_user, *seen),
    )


def _written_by(person: Person) -> Any:
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.person_id == person.id)
    return db.or_(Idea.author_id == person.id, Idea.id.in_(joined))


def _seen(person: Person) -> tuple[Any, ...]:
    """A campaign may have been narrowed since to people among whom this one isn't."""
    return (Idea.campaign_id.in_(db.select(Campaign.id).where(seen_by(person))),)


def _page(template: str, listed: Any, **more: Any) -> ResponseReturnValue:
    """One page of these ideas. The number of queries is fixed."""
    if (after := request.args.get("from")) is not None:
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise NoSuchPage
        listed = listed.where(Idea.id < int(after))
    board = joinedload(Idea.campaign)
    whole = joinedload(Idea.withdrawal), joinedload(Idea.author), joinedload(Idea.recorded)
    listed = listed.options(*whole, board.joinedload(Campaign.brand), board.selectinload(Campaign.stages))
    found = list(db.session.scalars(listed.order_by(Idea.id.desc()).limit(SHOWN + 1)).unique())
    return render_template(
        template,
        ideas=found[:SHOWN],
        next_url=f"{request.path}?from={found[SHOWN - 1].id}" if len(found) > SHOWN else None,
        first=after is None,
        **more,
    )
