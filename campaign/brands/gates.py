"""What a brand lets people do only once it knows them. Which, and from when on, a slice above says."""

from collections.abc import Callable

from campaign.accounts.models import Person
from campaign.errors import Refused

# What keeps this person (None: somebody without an account) from an act in this brand's campaigns, with the words of it and of what stood there before.
Gate = Callable[[str, Person | None, int, str, str], Refused | None]
_gates: list[Gate] = []


def gate_with(gate: Gate) -> None:
    """Have a slice keep people from some acts."""
    _gates.append(gate)


def why_shut(act: str, person: Person | None, brand_id: int, words: str = "", before: str = "") -> Refused | None:
    """What keeps this person from it now: "links" (those in the words that weren't in them before), "pictures", "merges" or "reports"."""
    found = (gate(act, person, brand_id, words, before) for gate in _gates)
    return next((refusal for refusal in found if refusal is not None), None)


def check_gate(act: str, person: Person | None, brand_id: int, words: str = "", before: str = "") -> None:
    """Raise what keeps this person from it."""
    if (refusal := why_shut(act, person, brand_id, words, before)) is not None:
        raise refusal
