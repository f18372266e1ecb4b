"""Single transferable vote: several winners, so that each sizeable group of people gets some of them.

Who reaches the quota is elected, and what they have beyond it passes to the next choices on all of their ballots, each at the same
fraction of its value. Where nobody reaches it, the last one leaves, and their ballots go on at full value.

The variant: weighted inclusive Gregory transfers, as in Scottish local elections (SSI 2007/42) but with exact fractions in place of five
decimals; a fixed Droop quota, votes // (seats + 1) + 1; everybody who reaches it in one round is elected together, so the order of
surpluses plays no part. Tideman, "The single transferable vote", Journal of Economic Perspectives, 1995.
"""

from collections import defaultdict
from fractions import Fraction
from itertools import chain

from campaign.counting.ballots import Rankings
from campaign.counting.outcomes import Number, Outcome, Round, ranked
from campaign.counting.ties import Lots

Paper = tuple[tuple[int, ...], int, int]  # A ballot, how many people cast it, where in it we are.


class _Parcel:
    """Papers of one idea that are worth the same."""

    def __init__(self) -> None:
        self.papers: list[Paper] = []
        self.people = 0


class _Count:
    """The papers on the table: who stands, what lies before each, and what was lost for want of a next choice."""

    def __init__(self, profile: Rankings) -> None:
        self.standing = set(profile.ideas)
        self.piles: dict[int, dict[Fraction, _Parcel]] = {idea: defaultdict(_Parcel) for idea in profile.ideas}
        self.lost = Fraction(0)
        self._give([(ballot, people, 0) for ballot, people in profile.ballots.items() if ballot], Fraction(1))

    def held(self) -> dict[int, Number]:
        """The votes of each idea that stands."""
        return {
            idea: sum((parcel.people * value for value, parcel in self.piles[idea].items()), Fraction(0))
            for idea in sorted(self.standing)
        }

    def pass_on(self, idea: int, share: Fraction) -> None:
        """Let all papers of an idea go on to their next choice, at this share of their value."""
        for value, parcel in self.piles.pop(idea).items():
            self._give(parcel.papers, value * share)

    def _give(self, papers: list[Paper], value: Fraction) -> None:
        for ballot, people, place in papers:
            for at in range(place, len(ballot)):
                if (idea := ballot[at]) in self.standing:
                    parcel = self.piles[idea][value]
                    parcel.papers.append((ballot, people, at + 1))
                    parcel.people += people
                    break
            else:
                self.lost += people * value


def transferable(profile: Rankings, *, seed: str, seats: int) -> Outcome:
    """Elect `seats` ideas by quota and transfer. Fewer ideas than that are all elected."""
    lots = Lots(seed)
    count = _Count(profile)
    quota = sum(people for ballot, people in profile.ballots.items() if ballot) // (seats + 1) + 1
    first_places = count.held()
    rounds: list[Round] = []
    elected: list[tuple[int, ...]] = []
    eliminated: list[int] = []

    while (free := seats - sum(map(len, elected))) > 0 and count.standing:
        votes = count.held()
        numbers: dict[str, Number] = {"quota": quota, "lost": count.lost}
        reached = {idea: has for idea, has in votes.items() if has >= quota}
        if not reached and len(count.standing) > free:
            fewest = min(votes.values())
            equal = [idea for idea in votes if votes[idea] == fewest]
            leaving = lots.last(equal, "leaving", len(rounds) + 1)
            rounds.append(Round("eliminated", (leaving,), votes, numbers))
            eliminated.append(leaving)
            count.standing.remove(leaving)
            count.pass_on(leaving, Fraction(1))
            continue

        # Where nobody reached the quota, as many stand as places are free.
        taken = ranked(reached or votes)
        elected += taken
        rounds.append(Round("elected" if reached else "filled", tuple(chain(*taken)), votes, numbers))
        count.standing -= set(chain(*taken))
        for idea, has in reached.items():
            if has > quota:
                count.pass_on(idea, Fraction(has - quota) / Fraction(has))

    winners = tuple(idea for equal in elected for idea in lots.order(equal))
    ranking = (*elected, *ranked(count.held()), *((idea,) for idea in reversed(eliminated)))
    return Outcome("transferable", ranking, winners, {"first places": first_places}, tuple(rounds), lots.ties)
