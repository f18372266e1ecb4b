"""Agree, disagree, pass: how far each statement is agreed with among those who saw it.

Ranked by (agree + 1) / (seen + 2), so that one lone "agree" doesn't outrank ninety of a hundred. Small, Bjorkegren, Erkkilä, Shaw & Megill,
"Polis: Scaling deliberation by mapping high dimensional opinion spaces", RECERCA, 2021.
"""

from fractions import Fraction

from campaign.counting.ballots import Marks
from campaign.counting.outcomes import Figures, Outcome, first_of, ranked
from campaign.counting.ties import Lots


def statements(profile: Marks, *, seed: str, seats: int = 1) -> Outcome:
    """Tally agree (+1), disagree (−1) and pass (0). What somebody wasn't shown is not on their ballot."""
    profile.within(-1, 1)
    lots = Lots(seed)
    agree, disagree, passed = profile.times(1), profile.times(-1), profile.times(0)
    agreement = {
        idea: Fraction(agree[idea] + 1, agree[idea] + disagree[idea] + passed[idea] + 2) for idea in profile.ideas
    }
    ranking = ranked(agreement)
    figures: Figures = {"agreement": agreement, "agree": agree, "disagree": disagree, "pass": passed}
    return Outcome("statements", ranking, first_of(ranking, seats, lots), figures, ties=lots.ties)
