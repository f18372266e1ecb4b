"""Method of Equal Shares: everybody gets the same part of the budget, and ideas are paid by those who voted for them.

An idea can be bought when its supporters together can pay for it; they share its cost evenly, and who has less gives what they have.
Next is always the idea that costs its supporters least for what they get, so each group of people decides on as much of the money as it is
large. Peters, Pierczyński & Skowron, "Proportional participatory budgeting with additive utilities", NeurIPS 2021; equalshares.net.

Equal Shares alone leaves money unspent. The completion is "Add1U" of equalshares.net: the parts are raised by `step` for each
person and all is counted anew, until the purchases would cost more than the budget (then the count before is taken) or nothing more
fits; what is left after that is spent by votes, as in `greedy_budget`. Every single step counts: more money may also buy less, so a
larger one could pass over the part at which the rule ends. Steps are passed over only where it is certain that the same ideas would be
bought in the same order: see `_buys_the_same`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heappop, heappush
from math import gcd, lcm
from typing import Literal, Protocol

from campaign.counting.ballots import Approvals
from campaign.counting.greedy_budget import buy_by_votes, check_costs
from campaign.counting.outcomes import Number, Outcome, Round, ranked
from campaign.counting.telling import Heard, nobody
from campaign.counting.ties import Lots

# What an idea is worth to somebody who voted for it: its cost, so that a vote weighs as much as the money it moves; or one, whatever it costs.
Worth = Literal["cost", "one"]
FINEST = 512  # Bits of a scale with which it is worth to begin again.


@dataclass(frozen=True)
class Purchase:
    """An idea that its supporters paid, and the most that one of them gave."""

    idea: int
    price: Fraction


class Quick(Protocol):
    """Answers without exact numbers, and only where an exact answer is the same: see methods/rounded_shares.py."""

    def buy(self, part: Fraction, limit: int | None = None) -> list[Purchase] | None:
        """As `buy`, with the price as exactly as it is known. None: ask exactly."""

    def same(self, part: Fraction, before: list[Purchase]) -> bool:
        """As `_buys_the_same`."""


class Purse:
    """The voters' money, alike for people with the same ballot, in whole numbers of 1/`scale`."""

    def __init__(self, profile: Approvals, part: Fraction) -> None:
        self.scale = part.denominator
        self.people = list(profile.ballots.values())
        self.money = [part.numerator] * len(self.people)
        self.supporters: dict[int, list[int]] = {idea: [] for idea in profile.ideas}
        for at, ballot in enumerate(profile.ballots):
            for idea in ballot:
                self.supporters[idea].append(at)
        self.votes = profile.votes()

    def fill(self, part: Fraction) -> None:
        """Give everybody the same part, and forget what was paid."""
        # What was bought before asked for this scale, and what is bought now mostly asks for the same.
        self.scale = lcm(part.denominator, self.scale if self.scale.bit_length() <= FINEST else 1)
        self.money = [part.numerator * (self.scale // part.denominator)] * len(self.people)

    def share(self, idea: int, cost: int) -> tuple[int, int] | None:
        """The least that lets the supporters pay when nobody gives more than it, as a fraction that isn't reduced; None where they can't."""
        money, people, payers = self.money, self.people, self.supporters[idea]
        due, rich = cost * self.scale, self.votes[idea]
        while rich:
            less = (due - 1) // rich  # Who has no more than this has less than an equal share, and gives it all.
            poor = [at for at in payers if money[at] <= less]
            if not poor:
                return due, rich * self.scale
            due -= sum([money[at] * people[at] for at in poor])
            rich -= sum([people[at] for at in poor])
            payers = [at for at in payers if money[at] > less]
        return None

    def pay(self, idea: int, price: Fraction) -> None:
        """Take the price from each supporter, or all they have where that is less."""
        if (finer := price.denominator // gcd(price.denominator, self.scale)) > 1:
            self.scale *= finer
            self.money = [has * finer for has in self.money]
        each = price.numerator * (self.scale // price.denominator)
        money = self.money
        for at in self.supporters[idea]:
            money[at] = max(money[at] - each, 0)


def step_of(budget: int, people: int, unit: int) -> Fraction:
    """What the parts are raised by: one unit of money, such as a euro in cents; a hundredth of the part where that is less."""
    return min(Fraction(unit), Fraction(budget, 100 * (people or 1)))


def equal_shares(
    profile: Approvals,
    costs: Mapping[int, int],
    budget: int,
    *,
    seed: str,
    worth: Worth = "cost",
    step: int | Fraction = 1,
    quick: Callable[[Mapping[int, int]], Quick] | None = None,
    tell: Heard = nobody,
) -> Outcome:
    """Buy ideas by equal shares, complete, and never spend more than the budget. `step` is in the unit of the costs.

    `quick`: makes of what ideas are worth something that finds the last part sooner. The outcome is the same. `tell` hears how much of the
    budget is spent on the way to that part.
    """
    check_costs(profile, costs, budget)
    votes = profile.votes()
    # What is free costs nobody anything, whatever it is worth.
    worths = {idea: (costs[idea] if worth == "cost" else 1) or 1 for idea in profile.ideas}
    purse, lots = Purse(profile, Fraction(0)), Lots(seed)
    raising = _Raising(purse, costs, worths, seed, quick(worths) if quick else None)
    part = _last_part(raising, votes, budget, Fraction(budget, profile.people or 1), step, tell)
    purse.fill(part)
    bought = buy(purse, costs, worths, lots)

    left, rounds = budget, []
    for purchase in bought:
        left -= costs[purchase.idea]
        numbers: dict[str, Number] = {
            "cost": costs[purchase.idea],
            "price": purchase.price,
            "money left": left,
            "part": part,
        }
        rounds.append(Round("bought", (purchase.idea,), {purchase.idea: votes[purchase.idea]}, numbers))
    shared = {purchase.idea for purchase in bought}
    others = {idea: count for idea, count in votes.items() if idea not in shared}
    rounds += [replace(round, decided="filled") for round in buy_by_votes(others, costs, left, lots, len(rounds))]

    winners = tuple(idea for round in rounds for idea in round.ideas)
    figures = {"votes": votes, "cost": {idea: costs[idea] for idea in profile.ideas}}
    return Outcome("equal_shares", chosen_first(winners, votes), winners, figures, tuple(rounds), lots.ties)


@dataclass(frozen=True)
class _Raising:
    """What is bought with one part and another, found quickly where that can be."""

    purse: Purse
    costs: Mapping[int, int]
    worths: Mapping[int, int]
    seed: str
    quick: Quick | None

    def bought(self, part: Fraction, limit: int | None = None) -> list[Purchase]:
        if self.quick is not None and (found := self.quick.buy(part, limit)) is not None:
            return found
        self.purse.fill(part)
        return buy(self.purse, self.costs, self.worths, Lots(self.seed), limit)

    def same(self, part: Fraction, before: list[Purchase]) -> bool:
        if self.quick is not None:
            return self.quick.same(part, before)
        self.purse.fill(part)
        return _buys_the_same(self.purse, self.costs, self.worths, Lots(self.seed), before)


def _last_part(
    raising: _Raising, votes: Mapping[int, int], budget: int, part: Fraction, step: int | Fraction, tell: Heard
) -> Fraction:
    """The part at which the raising ends."""
    costs = raising.costs
    bought, leap, most = raising.bought(part), 1, 0
    while _something_fits(bought, costs, budget, votes):
        most = max(most, sum(costs[purchase.idea] for purchase in bought))
        tell(most, budget)
        if leap > 1:
            if raising.same(part + leap * step, bought):
                part, leap = part + leap * step, leap * 2
            else:
                leap //= 2
            continue
        more = raising.bought(part + step, budget)
        if sum(costs[purchase.idea] for purchase in more) > budget:
            break
        leap = 2 if [purchase.idea for purchase in more] == [purchase.idea for purchase in bought] else 1
        part, bought = part + step, more
    return part


def buy(
    purse: Purse, costs: Mapping[int, int], worths: Mapping[int, int], lots: Lots, limit: int | None = None
) -> list[Purchase]:
    """Buy with what is in the purse, one idea after the other; stop as soon as more than `limit` is spent."""
    bought: list[Purchase] = []
    spent = 0
    # What an idea asks of its supporters only grows while they pay for others, so an old figure is a lower bound: an idea
    # is looked at again only when its old figure comes first. Figures are rounded here, which keeps their order but for
    # some that become equal: those are compared exactly.
    waiting = _waiting(purse, costs, worths)
    while waiting and (limit is None or spent <= limit):
        best: float | None = None
        first: dict[int, tuple[int, int]] = {}
        while waiting and (best is None or waiting[0][0] <= best):
            idea = heappop(waiting)[1]
            if (share := purse.share(idea, costs[idea])) is None:
                continue  # Nor ever: nobody earns.
            asked = share[0] / (share[1] * worths[idea])
            if best is not None and asked > best:
                heappush(waiting, (asked, idea))
                continue
            if best is not None and asked < best:
                for other in first:
                    heappush(waiting, (best, other))
                first = {}
            best = asked
            first[idea] = share
        if best is None:
            break
        taken = lots.first(_equal(first, worths), "buying", len(bought) + 1)[0]
        for other in first:
            if other != taken:
                heappush(waiting, (best, other))
        price = Fraction(*first[taken])
        purse.pay(taken, price)
        bought.append(Purchase(taken, price))
        spent += costs[taken]
    return bought


def _equal(first: Mapping[int, tuple[int, int]], worths: Mapping[int, int]) -> list[int]:
    """The ideas that ask least, exactly."""
    if len(first) == 1:
        return list(first)
    asked = {idea: Fraction(due, rich * worths[idea]) for idea, (due, rich) in first.items()}
    least = min(asked.values())
    return [idea for idea in first if asked[idea] == least]


def _buys_the_same(
    purse: Purse, costs: Mapping[int, int], worths: Mapping[int, int], lots: Lots, before: list[Purchase]
) -> bool:
    """Whether with this part and with every smaller one, down to that of `before`, the same is bought in the same order. May say no wrongly.

    As long as it is the same, who has a larger part always has at least as much left, and each idea asks at most as much. So an idea asks at
    least what it asks here: where that is more than the one that was bought asked `before`, it comes next with none of the parts between.
    """
    waiting = _waiting(purse, costs, worths)
    bought: set[int] = set()
    for purchase in before:
        bought.add(purchase.idea)
        most = purchase.price / worths[purchase.idea]
        rounded, equal = float(most), []
        while waiting and waiting[0][0] <= rounded:
            idea = heappop(waiting)[1]
            if idea in bought or (share := purse.share(idea, costs[idea])) is None:
                continue
            asked = share[0] / (share[1] * worths[idea])
            if asked > rounded:
                heappush(waiting, (asked, idea))
                continue
            exact = Fraction(share[0], share[1] * worths[idea])
            if exact < most or (exact == most and lots.order([purchase.idea, idea])[0] == idea):
                return False
            equal.append((asked, idea))
        for other in equal:
            heappush(waiting, other)
        share = purse.share(purchase.idea, costs[purchase.idea])
        assert share is not None
        purse.pay(purchase.idea, Fraction(*share))
    return all(idea in bought or purse.share(idea, costs[idea]) is None for _asked, idea in waiting)


def _waiting(purse: Purse, costs: Mapping[int, int], worths: Mapping[int, int]) -> list[tuple[float, int]]:
    """The ideas that somebody voted for, as a heap by what each asks at least: that of people who can all give as much."""
    return sorted((costs[idea] / (many * worths[idea]), idea) for idea, many in purse.votes.items() if many)


def _something_fits(bought: list[Purchase], costs: Mapping[int, int], budget: int, votes: Mapping[int, int]) -> bool:
    """Whether an idea that somebody voted for could still be paid from what is left."""
    chosen = {purchase.idea for purchase in bought}
    left = budget - sum(costs[idea] for idea in chosen)
    return any(count and idea not in chosen and costs[idea] <= left for idea, count in votes.items())


def chosen_first(winners: tuple[int, ...], votes: Mapping[int, int]) -> tuple[tuple[int, ...], ...]:
    """A ranking for rules that choose together: the chosen as they were chosen, then the others by their votes."""
    return (*((idea,) for idea in winners), *ranked({idea: votes[idea] for idea in votes if idea not in set(winners)}))
