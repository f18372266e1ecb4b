"""The counts of one stage: each rule that can read its ballots, over the same ballots, in words and figures."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.campaigns.models import Stage
from campaign.campaigns.scales import scales_in
from campaign.campaigns.voting import settings_of
from campaign.counting.approval import approval, most_approved
from campaign.counting.ballots import Approvals, Duels, Rankings
from campaign.counting.dots import dots
from campaign.counting.duels import duels
from campaign.counting.equal_shares import Quick, equal_shares, step_of
from campaign.counting.greedy_budget import greedy_budget
from campaign.counting.instant_runoff import instant_runoff
from campaign.counting.outcomes import Outcome, Place
from campaign.counting.places import places_of_agreement, places_of_sums, places_of_ups_and_downs
from campaign.counting.proportional import proportional
from campaign.counting.resampling import places_by_drawing
from campaign.counting.scales import finest, scales, shares_in_parts
from campaign.counting.schulze import schulze
from campaign.counting.score import score
from campaign.counting.statements import statements
from campaign.counting.telling import Heard, nobody
from campaign.counting.transferable import transferable
from campaign.counting.up_and_down import up_and_down
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.methods.comparing import ANY_MOST, compared, times_on, without_others
from campaign.methods.doubted import Doubted
from campaign.methods.lots import Seed, seed_of
from campaign.methods.reading import (
    Tell,
    TooMany,
    contents,
    gathered,
    marks_of,
    steps_of,
    sums_of,
    supports,
    tell_nobody,
)
from campaign.votes.models import StageBallot

# What is counted while somebody waits for the page, which answers within a tenth of a second: so many ballots, of so many ideas, and a budget
# of so much money. All else is counted by a worker.
AT_ONCE, FEW_AT_ONCE = 2000, {"budget": 300}
IDEAS_AT_ONCE = {"ranked": 60, "duels": 60, "budget": 30}
ANY_AT_ONCE, MONEY_AT_ONCE = 1000, 20_000
# Ballots are drawn and counted again two hundred times, of so many ideas, in a worker: so many ballots each time.
IDEAS_DRAWN, RANKINGS_DRAWN, BUDGETS_DRAWN, SHORTLISTS_DRAWN = 100, 1000, 300, 500
STEPS_DRAWN = 20  # Into which a part is cut, where its completion raises it.
MARKS_AT_ONCE, FEW_MARKS_AT_ONCE = 100_000, {"ranked": 20_000}  # Each takes a microsecond, and some five in a ranking.


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
    "scales": Rule(
        _l("All scales together"),
        _l(
            "Each step counts as a share of the highest step of its scale, so all scales weigh the same. The shares are added up over all people and all scales. Who left a scale out gives it nothing."
        ),
        {"shares": _l("Sum"), "mean share": _l("Mean of the highest"), "steps given": _l("Answers")},
    ),
    "scale": Rule(
        _l("One scale"),
        _l(
            "The lowest step counts nothing, and each further one counts one more. They are added up. On its own, a scale decides nothing."
        ),
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
            "Everybody gets the same part of the money. An idea is paid by those who chose it, as soon as they can pay it together; next is always the one that asks least of them. As long as something more fits, each part is raised by one euro, or by a hundredth where it is below a hundred euros, and all is counted anew. What is left at the end goes by votes."
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
    """One rule's outcome, with the places that the figures leave open where the rule has them. `scale`: the number of the one it is about."""

    outcome: Outcome
    places: Mapping[int, Place]
    scale: int | None = None

    @property
    def rule(self) -> Rule:
        return RULES[self.outcome.rule]


Places = dict[str, dict[int, Place]]  # By the names of the rules, then by idea.


@dataclass(frozen=True)
class Tally:
    """All counts of a stage. The first is the one that decides."""

    people: int
    counts: list[Count]
    seed: Seed
    left_out: int = 0  # Ideas that were too many to be compared: see comparing.py.


@dataclass(frozen=True)
class Ready:
    """Ballots that were read, and the rules that wait for them. Nothing of it touches the database: a rule may run anywhere.

    A rule that takes long tells how far it is.
    """

    people: int
    rules: list[
        tuple[str, Callable[[Heard], Count]]
    ]  # By the names of the rules, in the order in which they are shown.
    seed: Seed
    left_out: int = 0
    draw: Callable[[Heard], Places] | None = (
        None  # The places by those rules that have none of their own: see resampling.py.
    )


def tally(stage: Stage) -> Tally:
    """Count the stage's ballots by every rule that can read them. Ideas that were taken back don't count. For few enough ballots."""
    ready = read_ballots(stage)
    return Tally(ready.people, [count(nobody) for _rule, count in ready.rules], ready.seed, ready.left_out)


def ballots_of(stage: Stage) -> int:
    """About how many ballots there are to read. One query."""
    if stage.method == "approval":
        many = db.select(db.func.sum(Idea.votes)).where(Idea.campaign_id == stage.campaign_id)
    else:
        many = db.select(db.func.count()).select_from(StageBallot).where(StageBallot.stage_id == stage.id)
    return int(db.session.scalar(many) or 0)


def counted_at_once(stage: Stage, times: int = 1) -> bool:
    """Whether the count, made so many times, takes no longer than a page may. Nothing else is served meanwhile."""
    if settings_of(stage.method, stage.method_settings).get("budget", 0) > MONEY_AT_ONCE:
        return False  # The more money, the more often its parts may be raised.
    ideas = _ideas_of(stage)
    if ideas * times > IDEAS_AT_ONCE.get(stage.method, ANY_AT_ONCE):
        return False
    ballots = ballots_of(stage) * times
    marks = 0 if stage.method in ("approval", "duels") else ballots * ideas  # At most: of support, totals are kept.
    enough = ballots <= min(AT_ONCE, FEW_AT_ONCE.get(stage.method, AT_ONCE))
    return enough and marks <= FEW_MARKS_AT_ONCE.get(stage.method, MARKS_AT_ONCE)


def draws_places(stage: Stage) -> bool:
    """Whether how sure the places are is found by counting ballots that are drawn again: by a worker, whoever counts the votes."""
    seats = settings_of(stage.method, stage.method_settings).get("seats", 1)
    drawn = stage.method in ("ranked", "budget") or (stage.method == "approval" and seats > 1)
    return drawn and _ideas_of(stage) <= IDEAS_DRAWN


def _ideas_of(stage: Stage) -> int:
    ideas = db.select(db.func.count()).select_from(Idea).where(Idea.campaign_id == stage.campaign_id)
    return int(db.session.scalar(ideas) or 0)


def read_ballots(stage: Stage, tell: Tell = tell_nobody, otherwise: Doubted | None = None) -> Ready:
    """The stage's ballots, each different one once, and what counts them. Tells how many were read. Raises TooMany.

    `otherwise`: with these counted as they aren't now.
    """
    if _ideas_of(stage) > ANY_MOST:
        raise TooMany("ideas")
    standing = db.select(Idea.id, Idea.cost).where(*on_board(stage.campaign))
    costs: dict[int, Any] = dict(db.session.execute(standing).all())
    seed = seed_of(stage)
    return COUNTED[stage.method](Reading(stage, costs, stage.counted_by, seed, tell, otherwise))


@dataclass(frozen=True)
class Reading:
    """What a method's ballots are read with."""

    stage: Stage
    costs: Mapping[int, Any]
    given: Mapping[str, int]
    seed: Seed
    tell: Tell
    otherwise: Doubted | None = None  # Ballots that count as they don't now: see effects.py.

    def contents(self) -> Iterable[Any]:
        return contents(self.stage, self.tell, self.otherwise)

    def ready(
        self,
        people: int,
        *rules: tuple[str, Callable[[Heard], Count]],
        left_out: int = 0,
        draw: Callable[[Heard], Places] | None = None,
    ) -> Ready:
        return Ready(people, list(rules), self.seed, left_out, draw)

    def drawing(
        self, profile: Any, people_most: int, **rules: Callable[[Any], Outcome]
    ) -> Callable[[Heard], Places] | None:
        """What draws these ballots again. None where there is none, or where so many counts would take hours."""
        if not profile.people or len(profile.ideas) > IDEAS_DRAWN:
            return None
        return lambda tell: places_by_drawing(profile, rules, seed=self.seed.words, people_most=people_most, tell=tell)

    def compared(self, ideas: Collection[int], times: Mapping[int, int]) -> Collection[int]:
        return compared(ideas, times, self.stage.method, self.seed.words)

    def standing_on(self, ideas: Collection[int], ballots: Counter[tuple[int, ...]]) -> tuple[tuple[int, ...], Any]:
        """The ideas that are compared, and the ballots with those alone."""
        standing = self.compared(ideas, times_on(ballots))
        return tuple(standing), ballots if standing is ideas else without_others(ballots, standing)


def _approval(reading: Reading) -> Ready:
    seats, seed, stage = reading.given["seats"], reading.seed.words, reading.stage
    # Without the cap: who had more votes before a stage with one keeps them.
    if seats == 1:
        votes, people = sums_of(stage, reading.costs, reading.tell)
        return reading.ready(
            people,
            ("approval", lambda _tell: Count(most_approved(votes, people, seed=seed), places_of_sums(votes, people))),
        )
    profile = Approvals(tuple(reading.costs), gathered(supports(stage, reading.costs, reading.tell)))
    return reading.ready(
        profile.people,
        (
            "approval",
            lambda _tell: Count(
                approval(profile, seed=seed, seats=seats), places_of_sums(profile.votes(), profile.people)
            ),
        ),
        ("proportional", lambda _tell: Count(proportional(profile, seed=seed, seats=seats), {})),
        draw=reading.drawing(
            profile, SHORTLISTS_DRAWN, proportional=lambda drawn: proportional(drawn, seed=seed, seats=seats)
        ),
    )


def _dots(reading: Reading) -> Ready:
    people, profile = marks_of(reading.costs, reading.contents())
    points, seats, seed = reading.given["points"], reading.given["seats"], reading.seed.words

    def count(_tell: Heard) -> Count:
        outcome = dots(profile, seed=seed, points=points, seats=seats)
        return Count(outcome, places_of_sums(profile.sums(), people, points))

    return reading.ready(people, ("dots", count))


def _score(reading: Reading) -> Ready:
    people, profile = marks_of(reading.costs, reading.contents())
    highest, seats, seed = reading.given["highest"], reading.given["seats"], reading.seed.words

    def count(_tell: Heard) -> Count:
        outcome = score(profile, seed=seed, highest=highest, seats=seats)
        return Count(outcome, places_of_sums(profile.sums(), people, highest))

    return reading.ready(people, ("score", count))


def _scales(reading: Reading) -> Ready:
    highest = [scale.highest for scale in scales_in(reading.given)]
    people, profiles = steps_of(reading.costs, len(highest), reading.contents())
    seats, seed = reading.given["seats"], reading.seed.words
    if not highest:
        return reading.ready(people)

    def together(_tell: Heard) -> Count:
        outcome = scales(profiles, seed=seed, highest=highest, seats=seats)
        most = finest(highest) * len(highest)
        return Count(outcome, places_of_sums(shares_in_parts(profiles, highest), people, most))

    def alone(number: int, _tell: Heard) -> Count:
        profile, most = profiles[number], highest[number]
        outcome = replace(score(profile, seed=seed, highest=most, seats=seats), rule="scale")
        return Count(outcome, places_of_sums(profile.sums(), people, most), number)

    each = [("scale", partial(alone, number)) for number in range(len(highest))]
    return reading.ready(people, ("scales", together), *each)


def _up_down(reading: Reading) -> Ready:
    people, profile = marks_of(reading.costs, reading.contents())
    seats, seed = reading.given["seats"], reading.seed.words

    def count(_tell: Heard) -> Count:
        outcome = up_and_down(profile, seed=seed, seats=seats)
        return Count(outcome, places_of_ups_and_downs(profile.times(1), profile.times(-1), people))

    return reading.ready(people, ("up_and_down", count))


def _statements(reading: Reading) -> Ready:
    people, profile = marks_of(reading.costs, reading.contents())
    seats, seed = reading.given["seats"], reading.seed.words

    def count(_tell: Heard) -> Count:
        outcome = statements(profile, seed=seed, seats=seats)
        agree, disagree, passed = (outcome.figures[name] for name in ("agree", "disagree", "pass"))
        seen = {idea: int(agree[idea] + disagree[idea] + passed[idea]) for idea in profile.ideas}
        return Count(outcome, places_of_agreement(profile.times(1), seen))

    return reading.ready(people, ("statements", count))


def _ranked(reading: Reading) -> Ready:
    # The number of an idea is one object for all ballots, or a million rankings would hold millions of them.
    known = {idea: idea for idea in reading.costs}
    rankings = ([known[idea] for idea in ballot if idea in known] for ballot in reading.contents())
    profile = Rankings(*reading.standing_on(known, gathered(rankings)))
    seats, seed = reading.given["seats"], reading.seed.words
    single = [
        ("schulze", lambda _tell: Count(schulze(profile, seed=seed, seats=seats), {})),
        ("instant_runoff", lambda _tell: Count(instant_runoff(profile, seed=seed), {})),
    ]
    several = ("transferable", lambda _tell: Count(transferable(profile, seed=seed, seats=seats), {}))
    rules = [several, *single] if seats > 1 else [*single, several]
    draw = reading.drawing(
        profile,
        RANKINGS_DRAWN,
        schulze=lambda drawn: schulze(drawn, seed=seed, seats=seats),
        instant_runoff=lambda drawn: instant_runoff(drawn, seed=seed),
        transferable=lambda drawn: transferable(drawn, seed=seed, seats=seats),
    )
    return reading.ready(profile.people, *rules, left_out=len(known) - len(profile.ideas), draw=draw)


def _duels(reading: Reading) -> Ready:
    costs, people = reading.costs, 0

    def answers() -> Iterable[tuple[int, int]]:
        nonlocal people
        for ballot in reading.contents():
            people += 1
            for preferred, other, undecided in ballot:
                if not undecided and preferred in costs and other in costs:
                    yield preferred, other

    given = Counter(answers())
    won = Counter[int]()
    for (preferred, other), times in given.items():
        won[preferred] += times
        won[other] += 0  # Who was asked about stands among the others, however often it lost.
    standing = reading.compared(costs, won)
    profile = Duels(
        tuple(standing), {duel: times for duel, times in given.items() if duel[0] in standing and duel[1] in standing}
    )
    seats, seed = reading.given["seats"], reading.seed.words

    def count(_tell: Heard) -> Count:
        outcome = duels(profile, seed=seed, seats=seats)
        return Count(outcome, outcome.places)

    return reading.ready(people, ("duels", count), left_out=len(costs) - len(standing))


def _budget(reading: Reading) -> Ready:
    cents = {idea: int(cost * 100) for idea, cost in reading.costs.items() if cost is not None}
    known = {idea: idea for idea in cents}
    # Their marks stand in the order of the ideas' numbers, each idea once: see papers.py.
    ballots = ([known[idea] for idea, _mark in ballot if idea in known] for ballot in reading.contents())
    profile = Approvals(*reading.standing_on(known, gathered(ballots)))
    budget, seed = reading.given["budget"] * 100, reading.seed.words
    step = step_of(budget, profile.people, 100)

    def shares(tell: Heard) -> Count:
        outcome = equal_shares(profile, cents, budget, seed=seed, step=step, quick=_rounded(profile, cents), tell=tell)
        return Count(outcome, {})

    def again(drawn: Approvals) -> Outcome:
        # In larger steps than the count that decides: two hundred counts of a thousand steps would take an hour.
        return equal_shares(drawn, cents, budget, seed=seed, step=Fraction(budget, STEPS_DRAWN * drawn.people))

    return reading.ready(
        profile.people,
        ("equal_shares", shares),
        (
            "greedy_budget",
            lambda _tell: Count(
                greedy_budget(profile, cents, budget, seed=seed), places_of_sums(profile.votes(), profile.people)
            ),
        ),
        left_out=len(known) - len(profile.ideas),
        draw=reading.drawing(profile, BUDGETS_DRAWN, equal_shares=again),
    )


def _rounded(profile: Approvals, cents: Mapping[int, int]) -> Callable[[Mapping[int, int]], Quick] | None:
    """What finds the outcome of very many ballots sooner. Few are counted without it, in the page."""
    if len(profile.ballots) <= AT_ONCE:
        return None
    from campaign.methods.rounded_shares import RoundedShares  # Not before: numpy takes its time and room.

    return lambda worths: RoundedShares(profile, cents, worths)


COUNTED: dict[str, Callable[[Reading], Ready]] = {
    "approval": _approval,
    "dots": _dots,
    "score": _score,
    "scales": _scales,
    "up_down": _up_down,
    "statements": _statements,
    "ranked": _ranked,
    "duels": _duels,
    "budget": _budget,
}
