"""One colour becomes a palette that can be read in both themes, whatever the colour."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.brands.colours import DARK, DEFAULT, HEX, LIGHT, _hex, _oklch, contrast, palette, palette_css

HOVER = 0.92  # How much of a button's colour is left under the pointer.
ROOT = Path(__file__).parent.parent.parent
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
greys = st.integers(0, 0xFF).map("#{0:02x}{0:02x}{0:02x}".format)


@given(colours | greys)
def test_every_colour_can_be_read_in_both_themes(colour):
    for theme, shades in zip((LIGHT, DARK), palette(colour), strict=True):
        for ground in (*theme.grounds, shades.soft):
            assert contrast(shades.brand, ground) >= 4.5
        assert contrast(theme.ink, shades.soft) >= 7


@given(colours | greys)
def test_a_button_can_be_read_and_seen_in_both_themes_also_under_the_pointer(colour):
    for theme, shades in zip((LIGHT, DARK), palette(colour), strict=True):
        assert contrast(shades.on_fill, shades.fill) >= 4.5
        assert contrast(shades.on_fill, mixed(shades.fill, theme.ink, HOVER)) >= 4.5
        for ground in theme.grounds:
            assert contrast(shades.edge, ground) >= 3


@given(colours)
def test_a_button_has_the_colour_that_the_brand_chose_if_anything_can_be_read_on_it(colour):
    fill = palette(colour).light.fill
    if contrast("#ffffff", colour) >= 4.5 or contrast("#14100c", colour) >= 6:
        assert fill == colour
    else:
        assert fill == colour or contrast("#ffffff", fill) >= 4.5


def test_yellow_stays_yellow_on_buttons_and_is_darker_in_words():
    light = palette("#FFE600").light
    assert light.fill == "#ffe600"
    assert contrast(light.on_fill, light.fill) > 10
    assert light.edge == light.brand == "#766a00"


@given(colours)
def test_a_colour_that_reads_well_on_paper_stays_as_the_brand_chose_it(colour):
    light = palette(colour).light
    if min(contrast(colour, ground) for ground in (*LIGHT.grounds, light.soft)) >= 4.5:
        assert light.brand == colour


def test_the_default_colour_gives_the_shades_of_the_design():
    light, dark = palette(DEFAULT)
    drawn = ("#b93a1a", "#fbe6dc", "#b93a1a", "#ffffff", "#b93a1a")
    drawn += ("#ff7a52", "#3a1f15", "#ff7a52", "#1d0d06", "#ff7a52")
    for shade, wanted in zip((*light, *dark), drawn, strict=True):
        channels = ((int(shade[at : at + 2], 16), int(wanted[at : at + 2], 16)) for at in (1, 3, 5))
        assert all(abs(ours - theirs) <= 12 for ours, theirs in channels), (shade, wanted)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#777777") == 1


def mixed(one, other, share):
    """`color-mix(in oklab, one share, other)`."""
    points = [
        (lightness, chroma * math.cos(hue), chroma * math.sin(hue))
        for lightness, chroma, hue in map(_oklch, (one, other))
    ]
    lightness, a, b = (share * mine + (1 - share) * theirs for mine, theirs in zip(*points, strict=True))
    return _hex(lightness, math.hypot(a, b), math.atan2(b, a))


def test_the_grounds_are_those_of_the_stylesheet():
    tokens = (ROOT / "static/css/tokens.css").read_text().lower()
    assert f"--color-fill-hover: color-mix(in oklab, var(--color-fill) {HOVER:.0%}, var(--color-ink))" in tokens
    for colour in (*LIGHT.grounds, LIGHT.ink, *DARK.grounds, DARK.ink):
        assert colour in tokens


@given(colours)
def test_the_stylesheet_of_a_palette_is_nothing_but_colours(colour):
    css = palette_css(colour)
    declarations = re.fullmatch(r":root\{((?:--[a-z-]+:#[0-9a-f]{6};){10})\}", css)
    assert declarations
    assert len(set(re.findall(r"--[a-z-]+", css))) == 10


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "red",
        "#fff",
        "#b93a1",
        "#b93a1aa",
        "#b93a1g",
        "b93a1a",
        "#b93a1a;}",
        "#b93a1a\n",
        " #b93a1a",
        "</style>",
    ],
)
def test_nothing_but_a_colour_gives_a_palette(bad):
    assert not HEX.fullmatch(bad)
    with pytest.raises(ValueError, match="#rrggbb"):
        palette(bad)
    with pytest.raises(ValueError, match="#rrggbb"):
        palette_css(bad)
