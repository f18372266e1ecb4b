"""Who evaluates which ideas: dealt out evenly, never to an author, and never to somebody who could have read the others' cards."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.access import MAY
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import insert, lock
from campaign.errors import Refused
from campaign.evaluation.criteria import scorecard_of
from campaign.evaluation.models import Card, Reviewing, Scorecard
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import CoAuthor, Idea
from campaign.ideas.totals import on_board
from campaign.live import announce
from campaign.statuses.lists import statuses_of

AT_ONCE = 500  # Rows of one statement.
EACH_MOST = 20


class NobodyChosen(Refused):
    code, message, field = "nobody_chosen", _l("Choose at least one person who evaluates."), "reviewers"


class NoIdeas(Refused):
    code, message, field = "no_ideas", _l("There is no such idea on the board."), "which"


class CriteriaMissing(Refused):
    code, message = "criteria_missing", _l("Set the criteria first: reviewers mark ideas by them.")


@dataclass(frozen=True)
class Dealt:
    """What came of asking people to evaluate ideas."""

    given: int  # New pairs of an idea and a reviewer.
    short: int  # Ideas that have fewer reviewers than was asked for.


def reviewers_of(campaign: Campaign) -> list[Person]:
    """Everybody in the team whose role lets them evaluate this campaign's ideas, by name. One query."""
    return list(db.session.scalars(_people_who("evaluate", campaign).order_by(Person.name, Person.id)))


def ideas_to_deal(campaign: Campaign, status: str | None = None, chosen: Collection[int] | None = None) -> list[int]:
    """The ideas of the board: all, those of a status by its key, or of those that were chosen."""
    found = db.select(Idea.id).where(*on_board(campaign)).order_by(Idea.id)
    if status is not None:
        there = next((one for one in statuses_of(campaign) if one.key == status), None)
        if there is None or not (there.id or there.begins):
            return []  # Nothing ever stood at a status that has no row yet.
        found = found.where(Idea.status_id.is_(None) if there.begins else Idea.status_id == there.id)
    if chosen is not None:
        found = found.where(Idea.id.in_(chosen))
    return list(db.session.scalars(found))


def assign(
    campaign: Campaign, by: Person, reviewers: Sequence[Person], ideas: Iterable[int], each: int | None = None
) -> Dealt:
    """Ask these people to evaluate these ideas, `each` of them by so many, evenly; or by all of them. Asked again, nothing is added.

    Nobody gets an idea of their own. Who could read cards of an idea that are submitted already isn't asked for one: it wouldn't be blind.
    """
    lock(campaign)  # Two who deal at once would both see the same hands empty.
    scorecard = scorecard_of(campaign)
    if scorecard is None:
        raise CriteriaMissing
    entitled = {person.id for person in reviewers_of(campaign)}
    people = [person.id for person in reviewers if person.id in entitled]
    if not people:
        raise NobodyChosen
    wanted = list(ideas)
    if not wanted:
        raise NoIdeas
    each = min(each or len(people), len(people))
    barred = _barred(campaign)
    there: dict[int, set[int]] = {}
    load = dict.fromkeys(people, 0)
    pairs = db.select(Reviewing.idea_id, Reviewing.reviewer_id).join(Idea, Idea.id == Reviewing.idea_id)
    for idea, reviewer in db.session.execute(pairs.where(Idea.campaign_id == campaign.id)):
        there.setdefault(idea, set()).add(reviewer)
        if reviewer in load:
            load[reviewer] += 1
    rows, short = [], 0
    for turn, idea in enumerate(wanted):
        has = there.get(idea, set())
        room = each - len(has & load.keys())
        free = [person for person in people if person not in has and person not in barred.get(idea, ())]
        # Among those with as much to do, another begins each time, so that not always the same two meet.
        free.sort(key=lambda person: (load[person], (people.index(person) - turn) % len(people)))
        for person in free[: max(room, 0)]:
            load[person] += 1
            rows.append({"idea_id": idea, "reviewer_id": person, "at": now()})
        short += room > len(free)
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Reviewing).values(rows[start : start + AT_ONCE]).on_conflict_do_nothing())
    if rows:
        record("evaluation.assigned", campaign, by, ideas=len({row["idea_id"] for row in rows}), people=len(people))
        announce(campaign.board, "evaluation.assigned")
    return Dealt(len(rows), short)


def take_assignments_back(campaign: Campaign, by: Person, reviewer: Person, idea: Idea | None = None) -> int:
    """Ask somebody no more for what they have not submitted yet, of one idea or of all. Gives how many. Their drafts stay theirs."""
    lock(campaign)
    scorecard = scorecard_of(campaign)
    done = db.select(Card.idea_id).where(
        Card.reviewer_id == reviewer.id,
        Card.submitted_at.is_not(None),
        Card.scorecard_id == (scorecard.id if scorecard else 0),
    )
    theirs = db.select(Idea.id).where(Idea.campaign_id == campaign.id)
    open_ones: Any = db.delete(Reviewing).where(
        Reviewing.reviewer_id == reviewer.id, Reviewing.idea_id.in_(theirs), Reviewing.idea_id.not_in(done)
    )
    if idea is not None:
        open_ones = open_ones.where(Reviewing.idea_id == idea.id)
    open_ones = open_ones.returning(Reviewing.idea_id).execution_options(synchronize_session=False)
    gone = len(db.session.execute(open_ones).all())
    if gone:
        record("evaluation.unassigned", campaign, by, ideas=gone, person=reviewer.id)
        announce(campaign.board, "evaluation.unassigned")
    return gone


def _barred(campaign: Campaign) -> dict[int, set[int]]:
    """{idea: people} who must not evaluate it: its authors, and who may read the cards that it has already, by whichever version of the
    criteria: an earlier one would tell them enough. Four queries.
    """
    authors = db.select(Idea.id, Idea.author_id).where(Idea.campaign_id == campaign.id)
    joined = db.select(CoAuthor.idea_id, CoAuthor.person_id).join(Idea, Idea.id == CoAuthor.idea_id)
    barred: dict[int, set[int]] = {}
    for idea, person in db.session.execute(authors.union_all(joined.where(Idea.campaign_id == campaign.id))):
        barred.setdefault(idea, set()).add(person)
    readers = set(db.session.scalars(_people_who("analyse", campaign).with_only_columns(Person.id)))
    submitted = db.select(Card.idea_id).join(Scorecard, Scorecard.id == Card.scorecard_id)
    submitted = submitted.where(Scorecard.campaign_id == campaign.id, Card.submitted_at.is_not(None))
    for idea in db.session.scalars(submitted.distinct()):
        barred.setdefault(idea, set()).update(readers)
    return barred


def _people_who(may: str, campaign: Campaign) -> Any:
    """A statement for those whose role in the brand, or in this campaign, allows it."""
    roles = [role for role, rights in MAY.items() if may in rights]
    theirs = db.select(Membership.person_id).where(
        Membership.brand_id == campaign.brand_id,
        Membership.role.in_(roles),
        db.or_(Membership.campaign_id.is_(None), Membership.campaign_id == campaign.id),
    )
    return db.select(Person).where(Person.id.in_(theirs))
