"""Method of Equal Shares: everybody gets the same part of the budget, and ideas are paid by those who voted for them.

An idea can be bought when its supporters together can pay for it; they share its cost evenly, and who has less gives what they have.
Next is always the idea that costs its supporters least for what they get, so each group of people decides on as much of the money as it is
large. Peters, Pierczyński & Skowron, "Proportional participatory budgeting with additive utilities", NeurIPS 2021; equalshares.net.

Equal Shares alone leaves money unspent. The completion is "Add1U" of equalshares.net: the parts are raised by `step` for each
person and all is counted anew, until the purchases would cost more than the budget (then the count before is taken) or nothing more
fits; what is left after that is spent by votes, as in `greedy_budget`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heappop, heappush
from math import gcd
from typing import Literal

from campaign.counting.ballots import Approvals
from campaign.counting.greedy_budget import buy_by_votes, check_costs
from campaign.counting.outcomes import Number, Outcome, Round, ranked
from campaign.counting.ties import Lots

# What an idea is worth to somebody who voted for it: its cost, so that a vote weighs as much as the money it moves; or one, whatever it costs.
Worth = Literal["cost", "one"]


@dataclass(frozen=True)
class Purchase:
    """An idea that its supporters paid, and the most that one of them gave."""

    idea: int
    price: Fraction


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

    def fill(self, part: Fraction) -> None:
        """Give everybody the same part, and forget what was paid."""
        self.scale = part.denominator
        self.money = [part.numerator] * len(self.people)

    def price(self, idea: int, cost: int) -> Fraction | None:
        """The least that lets the supporters pay when nobody gives more than it; None where they can't pay."""
        money, people = self.money, self.people
        payers = self.supporters[idea]
        due, rich = cost * self.scale, sum([people[at] for at in payers])
        if rich and min([money[at] for at in payers]) * rich >= due:
            return Fraction(due, rich * self.scale)
        for has, many in sorted([(money[at], people[at]) for at in payers]):
            if has * rich >= due:
                return Fraction(due, rich * self.scale)
            due -= has * many
            rich -= many
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


def equal_shares(
    profile: Approvals, costs: Mapping[int, int], budget: int, *, seed: str, worth: Worth = "cost", step: int = 1
) -> Outcome:
    """Buy ideas by equal shares, complete, and never spend more than the budget. `step` is in the unit of the costs."""
    check_costs(profile, costs, budget)
    votes, people = profile.votes(), profile.people or 1
    # What is free costs nobody anything, whatever it is worth.
    worths = {idea: (costs[idea] if worth == "cost" else 1) or 1 for idea in profile.ideas}
    purse = Purse(profile, part := Fraction(budget, people))
    lots = Lots(seed)
    bought = buy(purse, costs, worths, lots)
    while _something_fits(bought, costs, budget, votes):
        purse.fill(part + step)
        drawn = Lots(seed)
        more = buy(purse, costs, worths, drawn, budget)
        if sum(costs[purchase.idea] for purchase in more) > budget:
            break
        part, bought, lots = part + step, more, drawn

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


def buy(
    purse: Purse, costs: Mapping[int, int], worths: Mapping[int, int], lots: Lots, limit: int | None = None
) -> list[Purchase]:
    """Buy with what is in the purse, one idea after the other; stop as soon as more than `limit` is spent."""
    bought: list[Purchase] = []
    spent = 0
    # What an idea asks of its supporters only grows while they pay for others, so an old figure is a lower bound: an idea
    # is looked at again only when its old figure comes first.
    waiting = [(Fraction(0), idea) for idea in purse.supporters if purse.supporters[idea]]
    while waiting and (limit is None or spent <= limit):
        best: Fraction | None = None
        equal: dict[int, Fraction] = {}
        while waiting and (best is None or waiting[0][0] <= best):
            idea = heappop(waiting)[1]
            if (price := purse.price(idea, costs[idea])) is None:
                continue  # Nor ever: nobody earns.
            asked = price / worths[idea]
            if best is None or asked < best:
                for other in equal:
                    heappush(waiting, (best or Fraction(0), other))
                best, equal = asked, {idea: price}
            elif asked == best:
                equal[idea] = price
            else:
                heappush(waiting, (asked, idea))
        if best is None:
            break
        taken = lots.first(equal, "buying", len(bought) + 1)[0]
        for other in equal:
            if other != taken:
                heappush(waiting, (best, other))
        purse.pay(taken, equal[taken])
        bought.append(Purchase(taken, equal[taken]))
        spent += costs[taken]
    return bought


def _something_fits(bought: list[Purchase], costs: Mapping[int, int], budget: int, votes: Mapping[int, int]) -> bool:
    """Whether an idea that somebody voted for could still be paid from what is left."""
    chosen = {purchase.idea for purchase in bought}
    left = budget - sum(costs[idea] for idea in chosen)
    return any(count and idea not in chosen and costs[idea] <= left for idea, count in votes.items())


def chosen_first(winners: tuple[int, ...], votes: Mapping[int, int]) -> tuple[tuple[int, ...], ...]:
    """A ranking for rules that choose together: the chosen as they were chosen, then the others by their votes."""
    return (*((idea,) for idea in winners), *ranked({idea: votes[idea] for idea in votes if idea not in set(winners)}))
