"""Several scales: everybody says of each idea how it does on each of them; overall, all scales weigh the same.

A step counts as a share of its scale's highest: the last of five steps as much as the last of three. The shares of all people on all scales are
added up, and the largest sum wins; on one scale alone, the rule is that of `score`. What somebody leaves out gives nothing, on one scale as well as
on all. This is range voting on each criterion and the additive value model with equal weights over them: Smith, "Range voting", 2000; Keeney &
Raiffa, "Decisions with Multiple Objectives", 1976, chapter 3; for equal weights where nobody can say better ones, Dawes, "The robust beauty of
improper linear models in decision making", American Psychologist, 1979.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from campaign.counting.ballots import BadBallot, Marks
from campaign.counting.outcomes import Figures, Outcome, first_of, ranked
from campaign.counting.ties import Lots


def finest(highest: Sequence[int]) -> int:
    """Into how many parts a whole share is cut, so that each step of each scale is a whole number of them."""
    return lcm(*highest)


def shares_in_parts(profiles: Sequence[Marks], highest: Sequence[int]) -> dict[int, int]:
    """The shares of each idea on all scales, added up, in the parts of `finest`. One profile for each scale, of the same ideas."""
    parts = finest(highest)
    totals: dict[int, int] = {}
    for profile, most in zip(profiles, highest, strict=True):
        for idea, total in profile.sums().items():
            totals[idea] = totals.get(idea, 0) + total * (parts // most)
    return totals


def scales(profiles: Sequence[Marks], *, seed: str, highest: Sequence[int], seats: int = 1) -> Outcome:
    """Rank ideas by their shares on all scales; the steps of each go from 0 to its `highest`."""
    if not profiles or min(highest) < 1:
        raise BadBallot("a vote has at least one scale, and a scale two steps")
    for profile, most in zip(profiles, highest, strict=True):
        if profile.ideas != profiles[0].ideas:
            raise BadBallot("the scales are not of the same ideas")
        profile.within(0, most)
    lots, parts = Lots(seed), finest(highest)
    totals = shares_in_parts(profiles, highest)
    given = dict.fromkeys(totals, 0)
    for profile in profiles:
        for ballot, people in profile.ballots.items():
            for idea, _step in ballot:
                given[idea] += people
    shares = {idea: Fraction(total, parts) for idea, total in totals.items()}
    ranking = ranked(shares)
    figures: Figures = {
        "shares": shares,
        "mean share": {idea: shares[idea] / given[idea] for idea in totals if given[idea]},
        "steps given": given,
    }
    return Outcome("scales", ranking, first_of(ranking, seats, lots), figures, ties=lots.ties)
