"""At most so many votes for each person and campaign, where a stage says so: counted as they come, whoever sends them at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import BigInteger, ColumnElement, Integer, func, tuple_

from campaign.campaigns.models import Campaign
from campaign.database import given, packed, prepared
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board, stands
from campaign.statuses.closing import closed_by_status
from campaign.votes.ballots import Ballot
from campaign.votes.models import BallotEntry, Vote


class NoVoteLeft(Refused):
    code = "no_vote_left"
    message = _l("You have given all your votes. Take one back to give it to another idea.")

    def __init__(self, cap: int) -> None:
        super().__init__(
            ngettext(
                "You have given your one vote. Take it back to give it to another idea.",
                "You have given all your %(num)s votes. Take one back to give it to another idea.",
                cap,
            )
        )


class Subject(Protocol):
    """What is voted on: as much of it as is asked here."""

    campaign_id: int


def cap_of(campaign: Campaign) -> int | None:
    """How many votes each person has on this campaign now; None: as many as they like."""
    stage = campaign.stage
    return stage.method_settings.get("cap") if stage is not None and stage.method == "approval" else None


def votes_left(campaign: Campaign, voter: int) -> int | None:
    """How many votes this person can still give."""
    if (cap := cap_of(campaign)) is None:
        return None
    theirs = db.select(func.count()).select_from(Vote).join(Idea, Idea.id == Vote.idea_id)
    given = db.session.scalar(theirs.where(Vote.voter_id == voter, *counted_on(campaign))) or 0
    return max(cap - given, 0)


def counted_on(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    """The condition for an idea's votes to be among those that its campaign allows each person.

    A vote whose idea left the board, or was closed by a status, came back to its voter.
    """
    return *on_board(campaign), ~closed_by_status()


def beyond_cap(idea: Idea) -> list[int]:
    """Who supports the idea, held by who asks, and has given more votes than each has, this one included.

    Until the commit none of its supporters gives another.
    """
    campaign = idea.campaign
    if (cap := cap_of(campaign)) is None:
        return []
    supporters = db.select(Vote.voter_id).where(Vote.idea_id == idea.id)
    _take_turns(sorted((campaign.id, voter) for voter in db.session.scalars(supporters)))
    given = db.select(Vote.voter_id).join(Idea, Idea.id == Vote.idea_id).group_by(Vote.voter_id)
    given = given.where(*counted_on(campaign), Vote.voter_id.in_(supporters))
    return list(db.session.scalars(given.having(func.count() > cap).order_by(Vote.voter_id)))


def keep_within_caps(
    ballots: Sequence[Ballot],
    refused: list[Refused | None],
    ideas: Mapping[int, Subject],
    campaigns: Mapping[int, Campaign],
) -> list[int | None]:
    """Refuse, in the order of the ballots, those that are one vote too many; gives what each voter has left after theirs.

    To be asked when ideas and campaigns are locked. A repeat is refused nothing: its first receipt is what it gets.
    """
    left: list[int | None] = [None] * len(ballots)
    caps = {key: cap for key, campaign in campaigns.items() if (cap := cap_of(campaign)) is not None}
    if not caps:
        return left
    capped = [
        place
        for place, ballot in enumerate(ballots)
        if ballot.idea in ideas and ideas[ballot.idea].campaign_id in caps and not isinstance(refused[place], NotThere)
    ]
    if not capped:
        return left
    pairs = sorted({(ideas[ballots[place].idea].campaign_id, ballots[place].voter) for place in capped})
    _take_turns(pairs)
    held: dict[tuple[int, int], set[int]] = {pair: set() for pair in pairs}
    for campaign, voter, idea in db.session.execute(_held(), {"asked_rows": packed(pairs)}):
        held[campaign, voter].add(idea)
    done = _done([ballots[place] for place in capped])
    for place in capped:
        ballot = ballots[place]
        campaign = ideas[ballot.idea].campaign_id
        mine, cap = held[campaign, ballot.voter], caps[campaign]
        repeated = (ballot.voter, ballot.idea, ballot.key) in done
        done.add((ballot.voter, ballot.idea, ballot.key))
        if refused[place] is None and not repeated:
            if ballot.act == "withdraw":
                mine.discard(ballot.idea)
            elif ballot.idea not in mine and len(mine) >= cap:
                refused[place] = NoVoteLeft(cap)
                done.discard(
                    (ballot.voter, ballot.idea, ballot.key)
                )  # Nothing is kept of it: sent again, it may have room.
            else:
                mine.add(ballot.idea)
        left[place] = max(cap - len(mine), 0)
    return left


def _take_turns(pairs: list[tuple[int, int]]) -> None:
    # Two votes of one person for two ideas hold no lock in common, so each would find room where there is for one only.
    # In the order of the pairs, as everywhere. SQLite's writers take turns anyway.
    if db.session.get_bind().dialect.name == "sqlite":
        return
    db.session.execute(_turns(), {"asked_rows": packed((campaign << 32 | voter,) for campaign, voter in pairs)}).all()


@prepared
def _turns() -> Any:
    asked = given("asked", turn=BigInteger)
    # OFFSET keeps the order: without it, the rows could be locked as they happen to come.
    ordered = db.select(asked.c.turn).order_by(asked.c.turn).offset(0).subquery()
    return db.select(func.pg_advisory_xact_lock(ordered.c.turn))


@prepared
def _held() -> Any:
    asked = given("asked", campaign=Integer, voter=Integer)
    theirs = db.select(Idea.campaign_id, Vote.voter_id, Vote.idea_id).join(Idea, Idea.id == Vote.idea_id)
    of_them = tuple_(Idea.campaign_id, Vote.voter_id).in_(db.select(*asked.c))
    return theirs.where(of_them, stands(), ~closed_by_status())  # As in counted_on.


def _done(ballots: list[Ballot]) -> set[tuple[int, int, str]]:
    keys = [(ballot.voter, ballot.idea, ballot.key) for ballot in ballots]
    table = BallotEntry.__table__.c
    found = db.select(table.voter_id, table.idea_id, table.key).where(
        tuple_(table.voter_id, table.idea_id, table.key).in_(keys)
    )
    return {(voter, idea, key) for voter, idea, key in db.session.execute(found)}
