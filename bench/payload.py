"""The message of a fan-out: a board's change of about 240 bytes, as a frame."""

from typing import Any


def payload(number: int) -> dict[str, Any]:
    """The totals of a few ideas, and who is here."""
    return {
        "campaign": "budget-2026",
        "seq": number,
        "votes": {str(100 + place): number + place for place in range(8)},
        "ideas": [],
        "gone": [],
        "kinds": ["vote.cast"],
        "counts": {"ideas": 200, "votes": number, "comments": 12, "people": 1000},
    }
