"""Single transferable vote: several winners, so that each sizeable group of people gets some of them.

Who reaches the quota is elected, and what they have beyond it passes to the next choices on all of their ballots, each at the same
fraction of its value. Where nobody reaches it, the last one leaves, and their ballots go on at full value.

The variant: weighted inclusive Gregory transfers, as in Scottish local elections (SSI 2007/42) but with exact fractions in place of five
decimals; a fixed Droop quota, votes // (seats + 1) + 1; everybody who reaches it in one round is elected together, so the order of
surpluses plays no part. Tideman, "The single transferable vote", Journal of Economic Perspectives, 1995.
"""

from collections import defaultdict
from fractions import Fraction

from campaign.counting.ballots import Rankings
from campaign.counting.outcomes import Outcome, Round, ranked
from campaign.counting.ties import Lots

Paper = tuple[tuple[int, ...], int, int]  # A ballot, how many people cast it, where in it we are.


class _Parcel:
    """Papers of one idea that are worth the same."""

    def __init__(self) -> None:
        self.papers: list[Paper] = []
        self.people = 0


def transferable(profile: Rankings, *, seed: str, seats: int) -> Outcome:
    """Elect `seats` ideas by quota and transfer. Fewer ideas than that are all elected."""
    lots = Lots(seed)
    standing = set(profile.ideas)
    piles: dict[int, dict[Fraction, _Parcel]] = {idea: defaultdict(_Parcel) for idea in profile.ideas}
    voting = sum(people for ballot, people in profile.ballots.items() if ballot)
    quota = voting // (seats + 1) + 1
    lost = Fraction(0)

    def pass_on(papers: list[Paper], value: Fraction) -> Fraction:
        """Give papers of one value to their next choice among those who stand; what has none is lost."""
        without = 0
        for ballot, people, place in papers:
            for at in range(place, len(ballot)):
                if (idea := ballot[at]) in standing:
                    parcel = piles[idea][value]
                    parcel.papers.append((ballot, people, at + 1))
                    parcel.people += people
                    break
            else:
                without += people
        return without * value

    def held() -> dict[int, Fraction]:
        return {
            idea: sum((parcel.people * value for value, parcel in piles[idea].items()), Fraction(0))
            for idea in sorted(standing)
        }

    pass_on([(ballot, people, 0) for ballot, people in profile.ballots.items() if ballot], Fraction(1))
    first_places = held()
    rounds: list[Round] = []
    elected: list[tuple[int, ...]] = []
    eliminated: list[int] = []

    while (free := seats - sum(map(len, elected))) > 0 and standing:
        votes = held()
        numbers = {"quota": quota, "lost": lost}
        reached = {idea: votes[idea] for idea in votes if votes[idea] >= quota}
        if not reached and len(standing) <= free:
            elected += ranked(votes)
            rounds.append(Round("filled", tuple(i for tier in ranked(votes) for i in tier), votes, numbers))
            standing.clear()
        elif reached:
            elected += ranked(reached)
            rounds.append(Round("elected", tuple(i for tier in ranked(reached) for i in tier), votes, numbers))
            standing -= reached.keys()
            for idea, has in reached.items():
                if surplus := has - quota:
                    for value, parcel in piles[idea].items():
                        lost += pass_on(parcel.papers, value * surplus / has)
        else:
            fewest = min(votes.values())
            equal = [idea for idea in votes if votes[idea] == fewest]
            leaving = lots.last(equal, "leaving", len(rounds) + 1)
            rounds.append(Round("eliminated", (leaving,), votes, numbers))
            standing.remove(leaving)
            eliminated.append(leaving)
            for value, parcel in piles[leaving].items():
                lost += pass_on(parcel.papers, value)

    winners = tuple(idea for tier in elected for idea in lots.order(tier))
    ranking = (*elected, *ranked(held()), *((idea,) for idea in reversed(eliminated)))
    return Outcome("transferable", ranking, winners, {"first places": first_places}, tuple(rounds), lots.ties)
