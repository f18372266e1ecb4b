"""Up and down: everybody may vote for or against each idea; votes for minus votes against decide.

Felsenthal, "On combining approval with disapproval voting", Behavioral Science, 1989.
"""

from campaign.counting.ballots import Marks
from campaign.counting.outcomes import Outcome, first_of, ranked
from campaign.counting.ties import Lots


def up_and_down(profile: Marks, *, seed: str, seats: int = 1) -> Outcome:
    """Rank ideas by their votes for (+1) minus their votes against (−1)."""
    profile.within(-1, 1)
    lots = Lots(seed)
    ups, downs, net = profile.times(1), profile.times(-1), profile.sums()
    ranking = ranked(net)
    figures = {"net": net, "ups": ups, "downs": downs}
    return Outcome("up_and_down", ranking, first_of(ranking, seats, lots), figures, ties=lots.ties)
