"""Proportional shortlist: k ideas, so that people who agree with each other get as many of them as they are many.

Method of Equal Shares where each idea costs one and the k are paid by all in equal parts: Peters & Skowron, "Proportionality and the
limits of welfarism", EC 2020. Places that it leaves are filled by Phragmén's sequential rule, from the money that people have left: they go on earning,
all at the same pace, and an idea is taken as soon as its supporters have one together. Lackner & Skowron, "Multi-Winner Voting with
Approval Preferences", 2023, Rules 8 and 11. An idea that nobody approves is never taken.
"""

from fractions import Fraction
from math import gcd

from campaign.counting.ballots import Approvals
from campaign.counting.equal_shares import Purse, buy, chosen_first
from campaign.counting.outcomes import Outcome, Round
from campaign.counting.ties import Lots


def proportional(profile: Approvals, *, seed: str, seats: int) -> Outcome:
    """Choose `seats` ideas in proportion to those who approve them."""
    lots = Lots(seed)
    votes = profile.votes()
    purse = Purse(profile, Fraction(seats, profile.people or 1))
    once = dict.fromkeys(profile.ideas, 1)
    rounds = [
        Round("elected", (purchase.idea,), {purchase.idea: votes[purchase.idea]}, {"price": purchase.price})
        for purchase in buy(purse, once, once, lots)
    ]
    chosen = [idea for round in rounds for idea in round.ideas]
    rounds += _fill(purse, chosen, votes, seats, lots)
    winners = tuple(idea for round in rounds for idea in round.ideas)
    return Outcome("proportional", chosen_first(winners, votes), winners, {"votes": votes}, tuple(rounds), lots.ties)


def _fill(purse: Purse, chosen: list[int], votes: dict[int, int], seats: int, lots: Lots) -> list[Round]:
    """Let people earn until the places are filled. A load is what somebody has spent beyond their part: at first, less than nothing."""
    scale, people = purse.scale, purse.people
    loads = [-has for has in purse.money]
    waiting = {idea for idea, count in votes.items() if count} - set(chosen)
    rounds: list[Round] = []
    while len(chosen) + len(rounds) < seats and waiting:
        after = {
            idea: Fraction(scale + sum([loads[at] * people[at] for at in purse.supporters[idea]]), votes[idea] * scale)
            for idea in waiting
        }
        least = min(after.values())
        equal = [idea for idea in waiting if after[idea] == least]
        taken = lots.first(equal, "winning", len(chosen) + len(rounds) + 1)[0]
        if (finer := least.denominator // gcd(least.denominator, scale)) > 1:
            scale *= finer
            loads = [load * finer for load in loads]
        load = least.numerator * (scale // least.denominator)
        for at in purse.supporters[taken]:
            loads[at] = load
        waiting.remove(taken)
        rounds.append(Round("filled", (taken,), {taken: votes[taken]}, {"load": least}))
    return rounds
