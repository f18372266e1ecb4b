"""Votes that nobody thought of: small, with ties, empty ballots and ideas that nobody names."""

from hypothesis import strategies as st

from campaign.counting.ballots import Approvals, Marks, Rankings

IDEAS = st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True)


def _of(kind, ballot):
    return IDEAS.flatmap(
        lambda ideas: st.lists(ballot(ideas), max_size=12).map(lambda ballots: kind.of(ideas, ballots))
    )


def marks(lowest, highest):
    return _of(Marks, lambda ideas: st.dictionaries(st.sampled_from(ideas), st.integers(lowest, highest)))


approvals = _of(Approvals, lambda ideas: st.sets(st.sampled_from(ideas)))
rankings = _of(Rankings, lambda ideas: st.lists(st.sampled_from(ideas), unique=True))
