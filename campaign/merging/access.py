"""Doors and questions of merging: the other idea of a pair, what waits for a moderator, and what a merge would make of votes."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.errands import Errand, ask_of_team
from campaign.campaigns.models import Campaign
from campaign.database import prepared
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.access import idea_for
from campaign.ideas.filtering import Wish
from campaign.ideas.listing import list_ideas
from campaign.ideas.models import Idea, Withdrawal, disclose
from campaign.ideas.similar import similar_ideas
from campaign.merging.models import Duplicate, DuplicateProposal, Merge, MergedVote
from campaign.votes.models import Vote

SHOWN = 12  # Ideas to choose from; the search finds the others.


def other_idea_for(person: Asker, idea: Idea, number: object) -> Idea:
    """The other idea of a pair, by what a form or an address says of it; of the same campaign, or it isn't there."""
    text = str(number or "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotThere
    other = idea_for(person, int(text))
    if other.campaign_id != idea.campaign_id:
        raise NotThere
    return other


def choosable(idea: Idea, query: str) -> list[Idea]:
    """Ideas that could be meant by "the same as…": those that match what somebody looks for, or else those that say nearly the same.

    To be asked before anything is written.
    """
    if query:
        found = list_ideas(idea.campaign, Wish(order="new", query=query), size=SHOWN + 1).ideas
    else:
        found = [one.idea for one in similar_ideas(idea.campaign, idea.title, idea.text)]
    return [one for one in found if one.id != idea.id][:SHOWN]


def pair_of(idea: Idea, other: Idea) -> Duplicate | None:
    """What was proposed about these two, if anything."""
    first, second = sorted((idea.id, other.id))
    return db.session.get(Duplicate, (first, second))


def waiting_pairs(campaign: Campaign) -> list[Duplicate]:
    """The pairs that wait for a moderator: proposed, not declined, and both on the board. The most proposed first. The number of queries is fixed."""
    found, first, second = _waiting(db.select(Duplicate), campaign)
    said = (
        db.select(db.func.count())
        .select_from(DuplicateProposal)
        .where(DuplicateProposal.first_id == Duplicate.first_id, DuplicateProposal.second_id == Duplicate.second_id)
    )
    whole = [
        contains_eager(which, alias=idea).options(
            joinedload(Idea.author), joinedload(Idea.recorded), selectinload(Idea.coauthors)
        )
        for which, idea in ((Duplicate.first, first), (Duplicate.second, second))
    ]
    found = found.options(*whole, selectinload(Duplicate.proposals))
    found = found.order_by(said.scalar_subquery().desc(), Duplicate.first_id, Duplicate.second_id).limit(200)
    pairs = list(db.session.scalars(found).unique())
    disclose(campaign, [idea for pair in pairs for idea in (pair.first, pair.second)])
    return pairs


def count_waiting_pairs(campaign: Campaign) -> int:
    """How many they are. One query, on each page of the board that somebody of the team opens."""
    return db.session.scalar(_how_many_wait(), {"campaign": campaign.id}) or 0


@prepared
def _how_many_wait() -> Any:
    return _count_waiting(bindparam("campaign"))


def _count_waiting(campaign_id: Any) -> Any:
    # From the pairs, which are few: with its index on campaigns, SQLite takes the ideas of one for fewer, and begins with all of them.
    pair, first = Duplicate.__table__.c, Idea.__table__.alias("first")
    gone = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id.in_((pair.first_id, pair.second_id))).exists()
    waiting = db.select(db.func.count()).select_from(Duplicate.__table__.join(first, first.c.id == pair.first_id))
    return waiting.where(first.c.campaign_id + 0 == campaign_id, pair.declined_at.is_(None), ~gone)


ask_of_team(
    Errand(
        "duplicates",
        "moderate",
        _l("Ideas that are the same"),
        "/duplicates",
        lambda campaign, person: _count_waiting(campaign.id).scalar_subquery(),
        place=31,
    )
)


def _waiting(of: Any, campaign: Campaign) -> tuple[Any, Any, Any]:
    first, second = aliased(Idea), aliased(Idea)
    gone = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id.in_((first.id, second.id))).exists()
    joined = of.join(first, Duplicate.first).join(second, Duplicate.second)
    return joined.where(first.campaign_id + 0 == campaign.id, Duplicate.declined_at.is_(None), ~gone), first, second


def merges_of(campaign: Campaign) -> list[Merge]:
    """The merges that stand in a campaign, the latest first. Three queries."""
    idea = aliased(Idea)
    found = db.select(Merge).join(idea, Merge.idea).where(idea.campaign_id == campaign.id, Merge.undone_at.is_(None))
    parts = (
        contains_eager(Merge.idea, alias=idea).selectinload(Idea.coauthors),
        joinedload(Merge.into).selectinload(Idea.coauthors),
        joinedload(Merge.by),
    )
    return list(db.session.scalars(found.options(*parts).order_by(Merge.id.desc()).limit(200)))


class Union(NamedTuple):
    """What a merge would make of the votes of two ideas."""

    idea: int
    into: int
    both: int  # Who voted for both, and counts once.
    together: int


def union_of(idea: Idea, into: Idea) -> Union:
    """How many would support the two as one: authors of either don't. One query."""
    writers = idea.author_ids | into.author_ids
    on_a, on_b = (
        db.select(Vote.voter_id).where(Vote.idea_id == each.id, ~Vote.aside).subquery() for each in (idea, into)
    )
    people = db.select(on_a.c.voter_id).union(db.select(on_b.c.voter_id)).subquery()
    together = db.select(db.func.count()).select_from(people).where(people.c.voter_id.not_in(writers))
    both = db.select(db.func.count()).select_from(on_a).join(on_b, on_a.c.voter_id == on_b.c.voter_id)
    row = db.session.execute(db.select(both.scalar_subquery(), together.scalar_subquery())).one()
    return Union(idea.votes, into.votes, row[0], row[1])


def merged_vote_of(person: Person, idea: Idea) -> MergedVote | None:
    """What the merge of an idea that stands did with this person's vote; None where it had none to touch."""
    merge = Merge.idea_id == idea.id, Merge.undone_at.is_(None), MergedVote.voter_id == person.id
    return db.session.scalar(db.select(MergedVote).join(MergedVote.merge).where(*merge, MergedVote.what != "author"))


def moved_of(person: Person, *seen: Any) -> list[MergedVote]:
    """The votes of this person that a merge moved or took back, and of which they have not read yet. `seen`: conditions on Idea. One query."""
    idea = aliased(Idea, name="merged_idea")
    found = (
        db.select(MergedVote)
        .join(MergedVote.merge)
        .join(Idea, Idea.id == Merge.into_id)
        .join(idea, idea.id == Merge.idea_id)
        .where(MergedVote.voter_id == person.id, ~MergedVote.read, MergedVote.what.in_(("moved", "both")), *seen)
        .where(Merge.undone_at.is_(None))
        .options(
            contains_eager(MergedVote.merge).contains_eager(Merge.into),
            contains_eager(MergedVote.merge).contains_eager(Merge.idea.of_type(idea)),
        )
    )
    return list(db.session.scalars(found.order_by(Merge.id.desc()).limit(20)))


def note_moved_read(person: Person, merges: list[int]) -> None:
    """The notices about these merges were read."""
    theirs = db.update(MergedVote).where(MergedVote.voter_id == person.id, MergedVote.merge_id.in_(merges))
    db.session.execute(theirs.values(read=True).execution_options(synchronize_session=False))
