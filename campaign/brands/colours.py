"""A brand gives one colour. What pages need of it, in light and in dark, is derived until it can be read.

The derivation moves lightness in OKLCH, where equal steps look equal and the hue stays; what a screen can't show is
brought back by reducing chroma (CSS Color 4). Contrast is WCAG's, of the colours as rounded for the page.
"""

import math
import re
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
DEFAULT = "#b93a1a"
SEEN, READABLE, EASY = 3.0, 4.5, 7.0  # WCAG: what is seen, AA for text; AAA, for what is read at length.
DEEP = (
    5.75  # What is nearly black has this on a fill, so that it is still READABLE when the fill changes under a pointer.
)
STEP = 0.0025  # Of lightness, 0 to 1.

RGB = tuple[float, float, float]


class Shades(NamedTuple):
    """A brand's colour on one of the two themes."""

    brand: str  # For words and rules on paper.
    soft: str
    fill: str  # For buttons and marks: as the brand chose it, wherever something can be read on it;
    on_fill: str
    edge: str  # around the fill, where it would be lost on paper.


_PROPERTIES = ("brand", "brand-soft", "brand-fill", "on-brand-fill", "brand-edge")  # As Shades has them.


class Palette(NamedTuple):
    light: Shades
    dark: Shades


class _Theme(NamedTuple):
    """What a brand's colour has to stand on: the page's own colours, from static/css/tokens.css."""

    grounds: tuple[str, ...]
    ink: str
    soft: float  # Lightness at which the soft shade begins,
    soft_chroma: float  # and the most chroma that it takes of the brand.
    step: float  # Towards more contrast with the grounds.


LIGHT = _Theme(("#faf6ef", "#fffdf9", "#f1ebe0"), ink="#1d1a16", soft=0.935, soft_chroma=0.03, step=-STEP)
DARK = _Theme(("#151310", "#1e1b17", "#26221d"), ink="#f6f1e8", soft=0.27, soft_chroma=0.045, step=STEP)
BRIGHT = 0.73  # Where a colour begins in the dark: bright enough to be lively, not only to be legible.


@lru_cache(maxsize=512)
def palette(colour: str) -> Palette:
    """Both themes' shades of a colour written `#rrggbb`. Raises ValueError for anything else."""
    if not HEX.fullmatch(colour):
        raise ValueError("a colour is written #rrggbb")
    lightness, chroma, hue = _oklch(colour)
    return Palette(
        light=_shades(LIGHT, lightness, chroma, hue),
        dark=_shades(DARK, max(lightness, BRIGHT), chroma, hue),
    )


@lru_cache(maxsize=512)
def palette_css(colour: str) -> Markup:
    """The palette as the custom properties that static/css/tokens.css reads."""
    declarations = "".join(f"{name}:{shade};" for name, shade in properties(palette(colour)).items())
    return Markup(f":root{{{declarations}}}")  # noqa: S704 - made of our own names and of hexadecimal digits.


def properties(shades: Palette) -> dict[str, str]:
    """Each custom property of a palette with its shade."""
    return {
        f"--{name}-{theme}": shade
        for theme, one in shades._asdict().items()
        for name, shade in zip(_PROPERTIES, one, strict=True)
    }


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _shades(theme: _Theme, lightness: float, chroma: float, hue: float) -> Shades:
    soft = _hex(theme.soft, min(chroma, theme.soft_chroma), hue)
    while contrast(theme.ink, soft) < EASY:
        soft = _hex(_oklch(soft)[0] - theme.step, min(chroma, theme.soft_chroma), hue)
    fill, on_fill = _fill(lightness, chroma, hue)
    brand = _hex(lightness, chroma, hue)
    while any(contrast(brand, ground) < READABLE for ground in (*theme.grounds, soft)):
        lightness = min(1.0, max(0.0, lightness + theme.step))
        brand = _hex(lightness, chroma, hue)
    lost = any(contrast(fill, ground) < SEEN for ground in theme.grounds)
    return Shades(brand, soft, fill, on_fill, edge=brand if lost else fill)


def _on(brand: str, chroma: float, hue: float) -> str:
    """What is written on the brand's colour: white where that can be read, or else nearly black in its own hue."""
    if contrast("#ffffff", brand) >= READABLE:
        return "#ffffff"
    return _hex(0.17, min(chroma, 0.03), hue)


def _fill(lightness: float, chroma: float, hue: float) -> tuple[str, str]:
    """The colour as a ground, and what is written on it. Only between what carries white and what carries black it moves: darker."""
    while True:
        fill = _hex(lightness, chroma, hue)
        on_fill = _on(fill, chroma, hue)
        if contrast(on_fill, fill) >= (READABLE if on_fill == "#ffffff" else DEEP):
            return fill, on_fill
        lightness -= STEP


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> RGB:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _to_linear(red), _to_linear(green), _to_linear(blue)


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _from_linear(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _oklch(colour: str) -> RGB:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> RGB:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour as a screen can show it, with as much of its chroma as there is room for."""
    least, most = 0.0, chroma
    if not _in_gamut(_rgb(lightness, chroma, hue)):
        while most - least > 0.0005:
            middle = (least + most) / 2
            if _in_gamut(_rgb(lightness, middle, hue)):
                least = middle
            else:
                most = middle
        chroma = least
    channels = (round(255 * _from_linear(min(1.0, max(0.0, part)))) for part in _rgb(lightness, chroma, hue))
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _in_gamut(rgb: RGB) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in rgb)
