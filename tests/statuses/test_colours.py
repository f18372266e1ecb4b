"""Every colour of a status can be read in both themes, and each has a rule."""

import re

from campaign.settings import ROOT
from campaign.statuses.kinds import COLOURS

RULE = re.compile(
    r'\[data-colour="(\w+)"\] \{ --status-fill: light-dark\((#\w+), (#\w+)\); --status-ink: light-dark\((#\w+), (#\w+)\)'
)


def light(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lesser, greater = sorted((light(one), light(other)))
    return (greater + 0.05) / (lesser + 0.05)


def test_each_is_read_in_both_themes():
    drawn = {found[0]: found[1:] for found in RULE.findall((ROOT / "static/css/status.css").read_text("utf-8"))}
    assert drawn.keys() == COLOURS.keys()
    for fill_light, fill_dark, ink_light, ink_dark in drawn.values():
        assert contrast(fill_light, ink_light) >= 4.5
        assert contrast(fill_dark, ink_dark) >= 4.5
