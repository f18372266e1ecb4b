"""Dots: everybody spreads up to n points over the ideas as they like; the most points win.

Known as cumulative voting: Glasser, "Game theory and cumulative voting for corporate directors", Management Science, 1959.
"""

from campaign.counting.ballots import BadBallot, Marks
from campaign.counting.outcomes import Outcome, first_of, ranked
from campaign.counting.ties import Lots


def dots(profile: Marks, *, seed: str, points: int, seats: int = 1) -> Outcome:
    """Rank ideas by their points. Nobody can give more than `points` in all, nor a negative number."""
    profile.within(0, points)
    if any(sum(mark for idea, mark in ballot) > points for ballot in profile.ballots):
        raise BadBallot(f"a ballot spreads more than {points} points")
    lots = Lots(seed)
    given = profile.sums()
    givers = dict.fromkeys(profile.ideas, 0)
    for ballot, people in profile.ballots.items():
        for idea, mark in ballot:
            givers[idea] += people * (mark > 0)
    ranking = ranked(given)
    return Outcome("dots", ranking, first_of(ranking, seats, lots), {"points": given, "people": givers}, ties=lots.ties)
