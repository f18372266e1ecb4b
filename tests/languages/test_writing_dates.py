from datetime import UTC, datetime

import pytest

from campaign.languages import clock, day, moment

MORNING = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
EVENING = datetime(2026, 12, 11, 17, 5, tzinfo=UTC)


@pytest.fixture
def french(app):
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        yield


@pytest.fixture
def english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_french_counts_the_first_of_a_month(french):
    assert [day(MORNING), day(EVENING)] == ["1er décembre 2026", "11 décembre 2026"]
    assert day(MORNING, "d MMM") == "1er déc."


def test_french_writes_hours_with_an_h(french):
    assert [clock(MORNING), clock(EVENING)] == ["9\u00a0h", "18\u00a0h\u00a005"]
    assert moment(EVENING) == "11 décembre 2026 à 18\u00a0h\u00a005"


def test_english_writes_both_as_a_clock_and_a_calendar_do(english):
    assert [moment(MORNING), moment(EVENING)] == ["1 December 2026, 09:00", "11 December 2026, 18:05"]
