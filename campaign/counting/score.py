"""Score: everybody gives each idea a mark from nothing to the highest; the largest sum wins.

An idea that somebody leaves out gets nothing from them, so that a few enthusiasts alone don't outrank what many like.
Smith, "Range voting", 2000; Gaertner & Xu, "A general scoring rule", Mathematical Social Sciences, 2012.
"""

from fractions import Fraction

from campaign.counting.ballots import Marks
from campaign.counting.outcomes import Figures, Outcome, first_of, ranked
from campaign.counting.ties import Lots


def score(profile: Marks, *, seed: str, highest: int, seats: int = 1) -> Outcome:
    """Rank ideas by the sum of their marks, each from 0 to `highest`."""
    profile.within(0, highest)
    lots = Lots(seed)
    sums = profile.sums()
    marked = dict.fromkeys(profile.ideas, 0)
    for ballot, people in profile.ballots.items():
        for idea, _ in ballot:
            marked[idea] += people
    means = {idea: Fraction(sums[idea], marked[idea]) for idea in profile.ideas if marked[idea]}
    ranking = ranked(sums)
    figures: Figures = {"sums": sums, "marked": marked, "means": means}
    return Outcome("score", ranking, first_of(ranking, seats, lots), figures, ties=lots.ties)
