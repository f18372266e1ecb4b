"""The door to reasons: whoever may know the totals reads them, in an order that tells nothing; everybody reads their own."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.access import campaign_for
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import NOBODY, counts_shown
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.access import idea_for_team
from campaign.ideas.models import Idea
from campaign.methods.access import ballot_of
from campaign.methods.papers import marks_in
from campaign.reasons.models import SIDES, Reason, ReasonHiding
from campaign.votes.models import BallotDoubt, BallotName, Vote

FIRST = 3  # Of each side, on an idea's own page.
PAGE = 30


class ReasonsSealed(Refused):
    code, status = "reasons_sealed", 409
    message = _l("Counts are sealed, and reasons tell how many have voted. They open with the counts.")


class Standing(NamedTuple):
    """How somebody votes on an idea now."""

    side: str
    stage: Stage | None  # None: by support.
    named: bool


@dataclass(frozen=True)
class Told:
    """A reason as it is read: without a name where the vote has none."""

    side: str
    text: str
    place: int
    idea_id: int
    voter: Person | None = None
    hidden: str = ""  # Why, for who moderates.


@dataclass(frozen=True)
class Reasons:
    """Some of the reasons of one side, and where the next page begins."""

    told: list[Told] = field(default_factory=list)
    cursor: int | None = None


@dataclass
class Beside:
    """What stands on an idea's own page."""

    own: Reason | None = None
    why_hidden: str = ""  # Its own, told to its author.
    sides: dict[str, list[Told]] = field(default_factory=lambda: {side: [] for side in SIDES})

    @property
    def people(self) -> set[int]:
        return {told.voter.id for some in self.sides.values() for told in some if told.voter}


def standing_of(asker: Asker, idea: Idea, supported: Collection[int] | None = None) -> Standing | None:
    """How this person votes on the idea, where votes are open and say so of one idea. Two queries at most.

    `supported`: the ideas that they support, where that was asked already; then there is none where votes are secret.
    """
    campaign, stage = idea.campaign, idea.campaign.stage
    if not asker.is_authenticated or stage is None:
        return None
    if campaign.accepts_support:
        if supported is not None and (idea.id not in supported or not campaign.has_named_voters):
            return Standing("for", None, False) if idea.id in supported else None
        named = db.session.scalar(db.select(Vote.named).filter_by(idea_id=idea.id, voter_id=asker.id))
        return None if named is None else Standing("for", None, named)
    if not campaign.accepts_ballots or stage.method != "up_down":
        return None
    mark = marks_in(ballot_of(asker, stage)).get(idea.id, 0)
    if mark == 0:
        return None
    if mark < 0:
        return Standing("against", stage, False)
    return Standing("for", stage, db.session.get(BallotName, (stage.id, asker.id, idea.id)) is not None)


def own_reason(asker: Asker, idea: Idea) -> Reason | None:
    """What this person says about their own vote."""
    return db.session.get(Reason, (idea.id, asker.id)) if asker.is_authenticated else None


def hiding_of(reason: Reason) -> ReasonHiding | None:
    return db.session.get(ReasonHiding, (reason.idea_id, reason.voter_id))


def reasons_beside(idea: Idea, asker: Asker, most: int = FIRST) -> Beside:
    """The first of each side, and this person's own. One query.

    While the totals are sealed for them, and of an idea that left the board, there is nothing but their own.
    """
    me = asker.id if asker.is_authenticated else 0
    mine = (Reason.voter_id == me) & (Reason.idea_id == idea.id)
    others = db.false()
    if not idea.withdrawn and counts_shown(idea.campaign, asker):
        others = _of(idea) & _counts(idea) & ReasonHiding.idea_id.is_(None) & (Reason.voter_id != me)
    place = db.func.row_number().over(partition_by=(Reason.side, mine), order_by=Reason.place)
    some = _with_hiding(db.select(Reason.idea_id, Reason.voter_id, place.label("number"))).where(mine | others)
    few = some.subquery("few")
    found = _with_hiding(db.select(Reason, ReasonHiding.why))
    found = found.join(few, db.and_(few.c.idea_id == Reason.idea_id, few.c.voter_id == Reason.voter_id))
    beside = Beside()
    for reason, why in db.session.execute(found.where(few.c.number <= most).order_by(Reason.place)):
        if reason.voter_id == me:
            beside.own, beside.why_hidden = reason, why or ""
        else:
            beside.sides[reason.side].append(_told(reason, why))
    return beside


def reasons_of(
    idea: Idea, asker: Asker, side: str, most: int, after: int | None = None, moderates: bool = False
) -> Reasons:
    """What others say on one side; nothing while the totals are sealed for this person. One query.

    What is hidden is there for who moderates. Of ideas that were merged into this one, their voters' reasons stand here.
    """
    if idea.withdrawn or not counts_shown(idea.campaign, asker):
        return Reasons()
    found = _counted(idea).where(Reason.side == side)
    if not moderates:
        found = found.where(ReasonHiding.idea_id.is_(None))
    if asker.is_authenticated:
        found = found.where(Reason.voter_id != asker.id)
    if after is not None:
        found = found.where(Reason.place > after)
    rows = db.session.execute(found.order_by(Reason.place).limit(most + 1)).all()
    shown = rows[:most]
    return Reasons([_told(*row) for row in shown], shown[-1].Reason.place if len(rows) > most else None)


def every_reason(campaign: Campaign) -> Iterator[tuple[Idea, Told]]:
    """All that everybody may read in a campaign, by its ideas, for a file that goes anywhere. Raises ReasonsSealed."""
    if not counts_shown(campaign, NOBODY):
        raise ReasonsSealed
    with_some = db.select(Reason.idea_id).join(Idea, Idea.id == Reason.idea_id).where(Idea.campaign_id == campaign.id)
    of_these = Idea.id.in_(with_some) & ~Idea.withdrawal.has()
    merged = Idea.absorbed.any()
    ideas = db.select(Idea).where(Idea.campaign_id == campaign.id, of_these | merged, ~Idea.withdrawal.has())
    for idea in db.session.scalars(ideas.options(joinedload(Idea.absorbed)).order_by(Idea.id)).unique().all():
        rows = db.session.execute(_counted(idea).where(ReasonHiding.idea_id.is_(None)).order_by(Reason.place)).all()
        yield from ((idea, _told(*row)) for row in rows)


def reason_to_moderate_for(asker: Asker, idea_id: int, place: int) -> Reason:
    """The reason, for who moderates the campaign and may know of it. Nobody moderates what they wrote themselves."""
    idea = idea_for_team(asker, idea_id, "moderate")
    if not counts_shown(idea.campaign, asker) or not 0 < place < 2**31:
        raise NotThere
    reason = db.session.scalar(db.select(Reason).filter_by(idea_id=idea.id, place=place))
    if reason is None or reason.voter_id == asker.id:
        raise NotThere
    return reason


def campaign_to_read_out_for(asker: Asker, slug: str) -> Campaign:
    """The campaign, for who may have its reasons as a file."""
    return campaign_for(asker, slug, to="analyse")


def _counted(idea: Idea) -> Any:
    """The reasons of the votes that count for an idea, with why each is hidden."""
    return _with_hiding(db.select(Reason, ReasonHiding.why)).where(_of(idea), _counts(idea))


def _of(idea: Idea) -> Any:
    return Reason.idea_id.in_([idea.id, *idea.origins])


def _counts(idea: Idea) -> Any:
    vote = Vote.idea_id == idea.id, Vote.voter_id == Reason.voter_id
    ballot = Reason.stage_id.is_not(None) & ~BallotDoubt.on(Reason.stage_id, Reason.voter_id)
    return ballot | db.select(Vote.voter_id).where(*vote, ~Vote.aside).exists()


def _with_hiding(found: Any) -> Any:
    hidden = ReasonHiding.idea_id == Reason.idea_id, ReasonHiding.voter_id == Reason.voter_id
    return found.select_from(Reason).outerjoin(ReasonHiding, db.and_(*hidden))


def _told(reason: Reason, why: str | None) -> Told:
    return Told(
        reason.side, reason.text, reason.place, reason.idea_id, reason.voter if reason.named else None, why or ""
    )
