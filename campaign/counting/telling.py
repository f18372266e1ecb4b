"""How far a count is, for whoever waits for it. It is told from the thread that counts, so whoever hears it does next to nothing."""

from collections.abc import Callable

Heard = Callable[[int, int], None]  # How much is done, of how much: draws, or money.


def nobody(done: int, out_of: int) -> None:
    """For whoever doesn't ask."""
