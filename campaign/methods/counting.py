"""The counts of one stage: each rule that can read its ballots, over the same ballots, in words and figures."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.campaigns.models import Stage
from campaign.campaigns.voting import settings_of
from campaign.counting.approval import approval
from campaign.counting.ballots import Approvals, Duels, Marks, Rankings
from campaign.counting.dots import dots
from campaign.counting.duels import duels
from campaign.counting.equal_shares import equal_shares
from campaign.counting.greedy_budget import greedy_budget
from campaign.counting.instant_runoff import instant_runoff
from campaign.counting.outcomes import Outcome, Place
from campaign.counting.places import places_of_sums, places_of_ups_and_downs
from campaign.counting.proportional import proportional
from campaign.counting.schulze import schulze
from campaign.counting.score import score
from campaign.counting.statements import statements
from campaign.counting.transferable import transferable
from campaign.counting.up_and_down import up_and_down
from campaign.extensions import db
from campaign.ideas.listing import on_board
from campaign.ideas.models import Idea
from campaign.methods.lots import Seed, seed_of
from campaign.votes.models import StageBallot, Vote

BALLOTS_MOST = 20_000
IDEAS_MOST = {"ranked": 150, "duels": 150, "budget": 300}  # Where what is counted grows with their square or worse.


@dataclass(frozen=True)
class Rule:
    """One way to count, in words. `figures`: which numbers of its outcome to show, with their headings."""

    name: Any
    explained: Any
    figures: Mapping[str, Any]


RULES = {
    "approval": Rule(_l("Most supported"), _l("The ideas that most people support win."), {"votes": _l("Votes")}),
    "proportional": Rule(
        _l("Proportional shortlist"),
        _l(
            "Everybody has an equal part of the places, and ideas are taken by those who support them. So people who agree get as many places as they are many."
        ),
        {"votes": _l("Votes")},
    ),
    "dots": Rule(
        _l("Most points"),
        _l("The points that people gave are added up."),
        {"points": _l("Points"), "people": _l("Given by")},
    ),
    "score": Rule(
        _l("Sum of marks"),
        _l("All marks of an idea are added up. Who gave it none gives it nothing. The mean decides nothing."),
        {"sums": _l("Sum"), "means": _l("Mean"), "marked": _l("Marked by")},
    ),
    "up_and_down": Rule(
        _l("For minus against"),
        _l("Votes against are taken from votes for."),
        {"net": _l("Balance"), "ups": _l("For"), "downs": _l("Against")},
    ),
    "statements": Rule(
        _l("Agreement"),
        _l(
            "The share of those who agree among all who saw the idea, held a little towards the middle, so that one lone “agree” doesn’t come first."
        ),
        {"agreement": _l("Agreement"), "agree": _l("Agree"), "disagree": _l("Disagree"), "pass": _l("Pass")},
    ),
    "schulze": Rule(
        _l("Schulze: every idea against every other"),
        _l(
            "Who stands above another on more ballots wins that duel. Who wins all duels comes first; where they run in a circle, the strongest chains of duels decide."
        ),
        {"duels won": _l("Duels won")},
    ),
    "instant_runoff": Rule(
        _l("Instant run-off: the last one leaves"),
        _l("The idea with the fewest first places leaves, and its ballots go to their next choice, until one is left."),
        {"first places": _l("First places"), "votes when it ended": _l("At the end")},
    ),
    "transferable": Rule(
        _l("Transferable vote: several winners"),
        _l(
            "Who reaches the quota is elected, and what they have beyond it goes to the next choices. Where nobody reaches it, the last one leaves. So each large group gets some of the winners."
        ),
        {"first places": _l("First places")},
    ),
    "duels": Rule(
        _l("Strength in duels"),
        _l(
            "From all answers an idea’s strength is estimated: one point more is to win 2.7 times as often as to lose. The range says how sure that is."
        ),
        {"strengths": _l("Strength"), "lowest": _l("From"), "highest": _l("To"), "won": _l("Won"), "met": _l("Duels")},
    ),
    "equal_shares": Rule(
        _l("Equal shares"),
        _l(
            "Everybody gets the same part of the money. An idea is paid by those who chose it, as soon as they can pay it together; next is always the one that asks least of them. What is left at the end goes by votes."
        ),
        {"votes": _l("Votes"), "cost": _l("Cost")},
    ),
    "greedy_budget": Rule(
        _l("By votes alone"),
        _l("The most chosen idea is paid first, then the next that still fits. It stands here to compare."),
        {"votes": _l("Votes"), "cost": _l("Cost")},
    ),
}


@dataclass(frozen=True)
class Count:
    """One rule's outcome, with the places that the figures leave open where the rule has them."""

    outcome: Outcome
    places: Mapping[int, Place]

    @property
    def rule(self) -> Rule:
        return RULES[self.outcome.rule]


@dataclass(frozen=True)
class Tally:
    """All counts of a stage. The first is the one that decides."""

    people: int
    counts: list[Count]
    seed: Seed


class TooMany(Exception):
    """More than can be counted while somebody waits."""


def tally(stage: Stage) -> Tally:
    """Count the stage's ballots by every rule that can read them. Ideas that were taken back don't count.

    Raises TooMany.
    """
    _check_size(stage)
    standing = db.select(Idea.id, Idea.cost).where(*on_board(stage.campaign))
    costs: dict[int, Any] = dict(db.session.execute(standing).all())
    given = settings_of(stage.method, stage.method_settings)
    ballots = list(_supports(stage) if stage.method == "approval" else _contents(stage))
    seed = seed_of(stage)
    return Tally(len(ballots), COUNTED[stage.method](ballots, costs, given, seed.words), seed)


def _check_size(stage: Stage) -> None:
    # Nothing else is served meanwhile: what takes longer than a page may take is not begun.
    ideas = db.select(db.func.count()).select_from(Idea).where(Idea.campaign_id == stage.campaign_id)
    if (db.session.scalar(ideas) or 0) > IDEAS_MOST.get(stage.method, 3000):
        raise TooMany
    if stage.method == "approval":
        many = db.select(db.func.sum(Idea.votes)).where(Idea.campaign_id == stage.campaign_id)
    else:
        many = db.select(db.func.count()).select_from(StageBallot).where(StageBallot.stage_id == stage.id)
    if (db.session.scalar(many) or 0) > BALLOTS_MOST:
        raise TooMany


def _contents(stage: Stage) -> Iterable[Any]:
    found = db.select(StageBallot.content).where(StageBallot.stage_id == stage.id)
    return [json.loads(content) for content in db.session.scalars(found)]


def _supports(stage: Stage) -> Iterable[list[int]]:
    """The ideas that each voter supports. Support is given to an idea, whichever stage it was given in.

    Without what was set aside, as on the board, so that all who count come to the same winners.
    """
    found = db.select(Vote.voter_id, Vote.idea_id).join(Idea, Idea.id == Vote.idea_id)
    mine: dict[int, list[int]] = {}
    for voter, idea in db.session.execute(found.where(Idea.campaign_id == stage.campaign_id, ~Vote.aside)):
        mine.setdefault(voter, []).append(idea)
    return mine.values()


Given = Mapping[str, int]


def _approval(ballots: list[Any], costs: Mapping[int, Any], given: Given, seed: str) -> list[Count]:
    profile = Approvals.of(costs, ([idea for idea in ballot if idea in costs] for ballot in ballots))
    seats = given["seats"]
    # Without the cap: who had more votes before a stage with one keeps them.
    first = approval(profile, seed=seed, seats=seats)
    counts = [Count(first, places_of_sums(profile.votes(), profile.people))]
    if seats > 1:
        counts.append(Count(proportional(profile, seed=seed, seats=seats), {}))
    return counts


def _marks(ballots: list[Any], costs: Mapping[int, Any]) -> Marks:
    return Marks.of(costs, ({idea: mark for idea, mark in ballot if idea in costs} for ballot in ballots))


def _dots(ballots: list[Any], costs: Mapping[int, Any], given: Given, seed: str) -> list[Count]:
    profile = _marks(ballots, costs)
    outcome = dots(profile, seed=seed, points=given["points"], seats=given["seats"])
    return [Count(outcome, places_of_sums(profile.sums(), profile.people, given["points"]))]


def _score(ballots: list[Any], costs: Mapping[int, Any], given: Given, seed: str) -> list[Count]:
    profile = _marks(ballots, costs)
    outcome = score(profile, seed=seed, highest=given["highest"], seats=given["seats"])
    return [Count(outcome, places_of_sums(profile.sums(), profile.people, given["highest"]))]


def _up_down(ballots: list[Any], costs: Mapping[int, Any], given: Given, seed: str) -> list[Count]:
    profile = _marks(ballots, costs)
    outcome = up_and_down(profile, seed=seed, seats=given["seats"])
    return [Count(outcome, places_of_ups_and_downs(profile.times(1), profile.times(-1), profile.people))]


def _statements(ballots: list[Any], costs: Mapping[int, Any], given: Given, seed: str) -> list[Count]:
    return [Count(statements(_marks(ballots, costs), seed=seed, seats=given["seats"]), {})]


def _ranked(ballots: list[Any], costs: Mapping[int, Any], given: Given, seed: str) -> list[Count]:
    profile = Rankings.of(costs, ([idea for idea in ballot if idea in costs] for ballot in ballots))
    seats = given["seats"]
    single = [Count(schulze(profile, seed=seed, seats=seats), {}), Count(instant_runoff(profile, seed=seed), {})]
    several = Count(transferable(profile, seed=seed, seats=seats), {})
    return [several, *single] if seats > 1 else [*single, several]


def _duels(ballots: list[Any], costs: Mapping[int, Any], given: Given, seed: str) -> list[Count]:
    answers = (
        (preferred, other)
        for ballot in ballots
        for preferred, other, undecided in ballot
        if not undecided and preferred in costs and other in costs
    )
    outcome = duels(Duels.of(costs, answers), seed=seed, seats=given["seats"])
    return [Count(outcome, outcome.places)]


def _budget(ballots: list[Any], costs: Mapping[int, Any], given: Given, seed: str) -> list[Count]:
    cents = {idea: int(cost * 100) for idea, cost in costs.items() if cost is not None}
    profile = Approvals.of(cents, ([idea for idea, _mark in ballot if idea in cents] for ballot in ballots))
    budget = given["budget"] * 100
    # The parts are raised by a euro for each person at a time, and in a large budget by so much that it ends in time.
    shares = equal_shares(profile, cents, budget, seed=seed, step=max(100, budget // 2000))
    return [Count(shares, {}), Count(greedy_budget(profile, cents, budget, seed=seed), {})]


COUNTED: dict[str, Callable[[list[Any], Mapping[int, Any], Given, str], list[Count]]] = {
    "approval": _approval,
    "dots": _dots,
    "score": _score,
    "up_down": _up_down,
    "statements": _statements,
    "ranked": _ranked,
    "duels": _duels,
    "budget": _budget,
}
