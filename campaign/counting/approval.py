"""Approval: everybody names the ideas they are for, all or up to a cap; the most named win.

Brams & Fishburn, "Approval Voting", American Political Science Review, 1978. With a cap it is known as limited voting.
"""

from collections.abc import Mapping
from fractions import Fraction

from campaign.counting.ballots import Approvals, BadBallot
from campaign.counting.outcomes import Outcome, first_of, ranked
from campaign.counting.ties import Lots


def approval(profile: Approvals, *, seed: str, seats: int = 1, cap: int | None = None) -> Outcome:
    """Rank ideas by the number of people who approve them. With a `cap`, no ballot may name more."""
    if cap is not None and any(len(ballot) > cap for ballot in profile.ballots):
        raise BadBallot(f"a ballot names more than {cap}")
    return most_approved(profile.votes(), profile.people, seed=seed, seats=seats)


def most_approved(votes: Mapping[int, int], people: int, *, seed: str, seats: int = 1) -> Outcome:
    """The same from sums, where somebody else has added up: the ballots themselves decide nothing here."""
    lots = Lots(seed)
    ranking = ranked(votes)
    shares = {idea: Fraction(count, people or 1) for idea, count in votes.items()}
    return Outcome(
        "approval", ranking, first_of(ranking, seats, lots), {"votes": votes, "shares": shares}, ties=lots.ties
    )
