"""Figures and moments that are remembered are written as if they were not: in the language and the zone of who reads."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import render_template_string
from flask_babel import force_locale, format_timedelta

from campaign.clock import as_of
from campaign.languages import ago, moment, number

NOON = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)


def test_each_language_has_its_own_figures_and_sentences(app):
    with app.test_request_context():
        for _time in range(2):
            with force_locale("fr"):
                assert (number(1204), number(Decimal("0.5"))) == ("1\u202f204", "0,5")
                assert moment(NOON).endswith("à 13\u00a0h")
                assert render_template_string("{{ _('Sum') }}") == "Somme"
            with force_locale("en"):
                assert (number(1204), number(Decimal("0.5"))) == ("1,204", "0.5")
                assert moment(NOON).endswith(", 13:00")
                assert render_template_string("{{ _('Sum') }}") == "Sum"


@pytest.mark.parametrize("code", ["en", "fr"])
def test_a_distance_is_told_as_babel_tells_it(app, code):
    chance = random.Random(1)
    with app.test_request_context(), force_locale(code), as_of(NOON):
        for _time in range(3000):
            seconds = chance.choice([-1, 1]) * int(10 ** chance.uniform(1.8, 8.5))
            if seconds % 60 == 0:
                continue  # At the very moment at which the words change, either will do.
            distance = timedelta(seconds=seconds)
            words = format_timedelta(distance, add_direction=True)
            assert f">{words}</time>" in ago(NOON + distance), seconds
