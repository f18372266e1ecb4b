"""The door to endorsements: whoever may see the idea reads the names under it; a moderator also those that were hidden."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import aliased

from campaign.brands.access import Asker
from campaign.endorsements.models import Endorsement, EndorsementHiding, NameConsent
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.access import idea_for_team
from campaign.ideas.models import Idea

FIRST = 4  # On an idea's own page.
PAGE = 40


@dataclass(frozen=True)
class Endorsed:
    """Some of the names under an idea, the newest first, and how many there are."""

    endorsements: list[Endorsement] = field(default_factory=list)
    hidden: dict[int, EndorsementHiding] = field(default_factory=dict)  # By the endorsement's number.
    own: Endorsement | None = None  # That of who asked, which stands before the others.
    total: int = 0
    cursor: int | None = None

    @property
    def people(self) -> set[int]:
        return {endorsement.person_id for endorsement in self.endorsements}


def endorsements_of(
    idea: Idea, asker: Asker, most: int = FIRST, before: int | None = None, moderates: bool = False
) -> Endorsed:
    """What this person may read, their own first: of what is hidden nothing else, but for who moderates. Two queries at most.

    Ideas that were merged into this one have theirs here too.
    """
    if idea.withdrawn:
        return Endorsed()
    on = _on(idea)
    me = asker.id if asker.is_authenticated else 0
    mine = (Endorsement.person_id == me) & (Endorsement.idea_id == idea.id)
    seen = db.true() if moderates else EndorsementHiding.idea_id.is_(None) | mine
    found = _with_hiding(db.select(Endorsement, EndorsementHiding)).where(on, seen)
    page = found if before is None else found.where(Endorsement.id < before, ~mine)
    rows = db.session.execute(page.order_by(mine.desc(), Endorsement.id.desc()).limit(most + 1)).unique().all()
    shown, total = rows[:most], len(rows)
    if len(rows) > most or before is not None:
        public = db.select(db.func.count(Endorsement.id)).select_from(Endorsement)
        total = db.session.scalar(_with_hiding(public).where(on, seen)) or 0
    return Endorsed(
        [row.Endorsement for row in shown],
        {row.Endorsement.id: row.EndorsementHiding for row in shown if row.EndorsementHiding},
        next((row.Endorsement for row in shown if row.Endorsement.person_id == me), None),
        total,
        shown[-1].Endorsement.id if len(rows) > most else None,
    )


def _on(idea: Idea) -> Any:
    """What stands under the idea and under those that were merged into it: of each person once, what they put under the idea itself first."""
    on = Endorsement.idea_id.in_([idea.id, *idea.origins])
    if not idea.origins:
        return on
    other = aliased(Endorsement)
    theirs = other.person_id == Endorsement.person_id, other.idea_id.in_([idea.id, *idea.origins])
    comes_first = (other.idea_id == idea.id) | (other.id > Endorsement.id)
    return on & ((Endorsement.idea_id == idea.id) | ~db.select(other.id).where(*theirs, comes_first).exists())


def _with_hiding(found: Any) -> Any:
    of_it = (
        EndorsementHiding.idea_id == Endorsement.idea_id,
        EndorsementHiding.person_id == Endorsement.person_id,
    )
    return found.outerjoin(EndorsementHiding, db.and_(*of_it))


def own_endorsement(asker: Asker, idea: Idea) -> Endorsement | None:
    """What this person put under the idea."""
    if not asker.is_authenticated:
        return None
    return db.session.scalar(db.select(Endorsement).filter_by(idea_id=idea.id, person_id=asker.id))


def hiding_of(idea_id: int, person_id: int) -> EndorsementHiding | None:
    return db.session.get(EndorsementHiding, (idea_id, person_id))


def has_consented(person: Asker) -> bool:
    """Whether this person said once that their name may be read by everybody."""
    return bool(person.is_authenticated) and db.session.get(NameConsent, person.id) is not None


def endorsement_to_moderate_for(asker: Asker, idea_id: int, person_id: int) -> Endorsement:
    """The endorsement, for who moderates the campaign. Nobody moderates what they wrote themselves."""
    idea = idea_for_team(asker, idea_id, "moderate")
    theirs = db.select(Endorsement).filter_by(idea_id=idea.id, person_id=person_id)
    endorsement = db.session.scalar(theirs) if 0 < person_id < 2**31 and person_id != asker.id else None
    if endorsement is None:
        raise NotThere
    return endorsement
