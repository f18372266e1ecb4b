"""Greedy budget: the idea with the most votes is paid first, then the next that still fits, until none fits.

What most cities do, and what the format of Pabulib calls "greedy": Rey & Maly, "The (computational) social choice take on indivisible
participatory budgeting", 2023, section 4.1. An idea without a vote is never paid.
"""

from collections.abc import Mapping

from campaign.counting.ballots import Approvals, BadBallot
from campaign.counting.outcomes import Outcome, Round, ranked
from campaign.counting.ties import Lots


def greedy_budget(profile: Approvals, costs: Mapping[int, int], budget: int, *, seed: str) -> Outcome:
    """Buy ideas by their votes as long as there is money. Costs and budget are whole numbers of one unit, such as cents."""
    check_costs(profile, costs, budget)
    lots = Lots(seed)
    votes = profile.votes()
    rounds = buy_by_votes(votes, costs, budget, lots)
    bought = tuple(idea for round in rounds for idea in round.ideas)
    figures = {"votes": votes, "cost": {idea: costs[idea] for idea in profile.ideas}}
    return Outcome("greedy_budget", ranked(votes), bought, figures, tuple(rounds), lots.ties)


def buy_by_votes(
    votes: Mapping[int, int], costs: Mapping[int, int], money: int, lots: Lots, after: int = 0
) -> list[Round]:
    """The purchases, one a round; the first round is number `after` + 1."""
    rounds: list[Round] = []
    for equal in ranked({idea: count for idea, count in votes.items() if count}):
        left = list(equal)
        # A lot is drawn only among those that the money could still buy.
        while fitting := [idea for idea in left if costs[idea] <= money]:
            if sum(costs[idea] for idea in fitting) <= money:
                taken = lots.order(fitting)[0]
            else:
                taken = lots.first(fitting, "buying", after + len(rounds) + 1)[0]
            money -= costs[taken]
            left.remove(taken)
            rounds.append(Round("bought", (taken,), {taken: votes[taken]}, {"cost": costs[taken], "money left": money}))
    return rounds


def check_costs(profile: Approvals, costs: Mapping[int, int], budget: int) -> None:
    """Refuse what no budget can be counted with."""
    if missing := [idea for idea in profile.ideas if idea not in costs]:
        raise BadBallot(f"without a cost: {missing}")
    if not all(isinstance(costs[idea], int) and costs[idea] >= 0 for idea in profile.ideas):
        raise BadBallot("costs are whole numbers from 0 up")
    if not isinstance(budget, int) or budget < 0:
        raise BadBallot("the budget is a whole number from 0 up")
