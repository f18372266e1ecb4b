"""Instant run-off: the idea with the fewest first places leaves, its ballots go to their next choice, until one is left.

Described by Ware, 1871; see Tideman, "Collective Decisions and Voting", 2006, chapter 13. One idea leaves at a time. The count goes on
after somebody has a majority, which changes no winner and gives everybody a place.
"""

from campaign.counting.ballots import Rankings
from campaign.counting.outcomes import Outcome, Round
from campaign.counting.ties import Lots

Pile = list[tuple[tuple[int, ...], int, int]]  # Ballots, how many people cast each, where in it we are.


def instant_runoff(profile: Rankings, *, seed: str) -> Outcome:
    """Eliminate ideas one by one. Who stays longest wins; the ranking is the order of leaving, backwards."""
    lots = Lots(seed)
    standing = set(profile.ideas)
    piles: dict[int, Pile] = {idea: [] for idea in profile.ideas}
    held = dict.fromkeys(profile.ideas, 0)
    exhausted = 0

    def give(ballot: tuple[int, ...], people: int, at: int) -> int:
        """Put a ballot to its first choice among those who stand, from here on; how many people have none left."""
        for place in range(at, len(ballot)):
            if (idea := ballot[place]) in standing:
                piles[idea].append((ballot, people, place))
                held[idea] += people
                return 0
        return people

    for ballot, people in profile.ballots.items():
        exhausted += give(ballot, people, 0)
    first_places = dict(held)

    rounds: list[Round] = []
    left: list[int] = []
    while len(standing) > 1:
        fewest = min(held[idea] for idea in standing)
        leaving = lots.last([idea for idea in standing if held[idea] == fewest], "leaving", len(rounds) + 1)
        now = {idea: held[idea] for idea in sorted(standing)}
        rounds.append(Round("eliminated", (leaving,), now, {"exhausted": exhausted}))
        standing.remove(leaving)
        left.append(leaving)
        for ballot, people, place in piles.pop(leaving):
            exhausted += give(ballot, people, place + 1)

    ranking = (*sorted(standing), *reversed(left))
    final = {idea: held[idea] for idea in standing}
    if final:
        rounds.append(Round("elected", tuple(final), final, {"exhausted": exhausted}))
    figures = {"first places": first_places, "votes when it ended": held}
    return Outcome("instant_runoff", tuple((idea,) for idea in ranking), ranking[:1], figures, tuple(rounds), lots.ties)
