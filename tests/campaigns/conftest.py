"""What somebody types who sets up a campaign."""

import pytest


def row(number: int, kind: str, begins: str, *switches: str) -> dict[str, str]:
    """One stage as its row in the form is sent."""
    fields = {"kind": kind, "opens_at": begins, "was": f"{begins}+01:00", **dict.fromkeys(switches, "y")}
    return {f"stages-{number}-{name}": value for name, value in fields.items()}


@pytest.fixture
def typed() -> dict[str, str]:
    """A form filled in well, in English."""
    return {
        "title_en": "A new bottle",
        "lead_en": "For people who drink on the way.",
        "brief_en": "What should it **never** do?",
        "gift_en": "The first one off the line.",
        "slug": "bottle",
        **row(0, "conception", "2027-03-01T09:00", "accepts_ideas", "accepts_votes", "accepts_edits"),
        **row(1, "vote", "2027-04-01T18:00", "accepts_votes"),
        **row(2, "outcome", "2027-04-15T18:00"),
        "answers_by": "2027-05-01T18:00",
        "visibility": "public",
        "licence": "own",
        "title_min": "10",
        "title_max": "120",
        "text_min": "0",
        "text_max": "5000",
        "images_max": "4",
    }
