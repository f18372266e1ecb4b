"""What somebody types who sets up a campaign."""

import pytest


@pytest.fixture
def typed() -> dict[str, str]:
    """A form filled in well, in English."""
    return {
        "title_en": "A new bottle",
        "lead_en": "For people who drink on the way.",
        "brief_en": "What should it **never** do?",
        "gift_en": "The first one off the line.",
        "slug": "bottle",
        "opens_at": "2027-03-01T09:00",
        "ideas_until": "2027-04-01T18:00",
        "votes_until": "2027-04-15T18:00",
        "answers_by": "2027-05-01T18:00",
        "visibility": "public",
        "title_min": "10",
        "title_max": "120",
        "text_min": "0",
        "text_max": "5000",
        "images_max": "4",
    }
