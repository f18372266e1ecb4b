"""Draws a poster: a page of A4 from words, a colour and an address, as JSON on its input, to a PDF on its output.

A program of its own, which needs nothing of ours: what it computes stops nobody's board, and what people write can break nothing but itself.
"""

import json
import sys
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import segno
from fontTools.ttLib import TTFont, TTLibError
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, WrapMode

WIDE, HIGH, EDGE = 210.0, 297.0, 18.0  # Millimetres.
BAND = 40.0  # Of colour, at the top.
QR = 62.0
INK, SECOND, PAPER = "#1d1a16", "#5e574d", "#faf6ef"
SIZES = (
    88,
    76,
    66,
    58,
    52,
    46,
    40,
    36,
    32,
    28,
    25,
    22,
    20,
    18,
    16,
    14,
)  # Points, of a title: the largest that has room.
TITLE = {"wght": 700.0, "wdth": 87.0, "opsz": 48.0}
# Where systems keep faces for other scripts. Those made for every script first.
PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
PREFERRED = ("NotoSans", "DejaVuSans", "NotoNaskh", "Noto", "DejaVu", "FreeSans", "Liberation")
LOOKED_AT = 60  # Faces of the system, for letters that ours lack.
LINE = 1.12
# Joiners of pictures, and marks that turn the direction of writing: a title could turn the page with them.
UNSEEN = frozenset("\u200d\ufe0e\ufe0f\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Face(NamedTuple):
    family: str
    covers: frozenset[int]


def draw(told: dict[str, Any]) -> bytes:
    """The poster. Letters that no face has are left out; what is then left of a title is set as large as there is room."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_title(told["title"])
    pdf.set_author(told["by"])
    pdf.set_lang(told["language"])
    faces = _faces(pdf, Path(told["fonts"]), "".join(value for value in told.values() if isinstance(value, str)))
    pdf.add_page()
    pdf.set_text_shaping(True)
    _fill(pdf, PAPER, 0, 0, WIDE, HIGH)
    _fill(pdf, told["fill"], 0, 0, WIDE, BAND)
    left = EDGE
    if told.get("logo"):
        left += _logo(pdf, told["logo"])
    words = _Words(pdf, faces)
    words.fit(told["brand"], left, 11, WIDE - left - EDGE, 9, ("Title",), (20, 17, 14, 11), told["on_fill"])
    words.fit(told["campaign"], left, 21, WIDE - left - EDGE, 12, ("Text",), (13, 11, 9, 8), told["on_fill"])
    room = HIGH - EDGE - 18 - QR - 12
    words.fit(told["kicker"], EDGE, BAND + 16, WIDE - 2 * EDGE, 8, ("Text",), (16, 13, 10), told["colour"])
    title = words.fit(
        words.printable(told["title"]) or told["campaign"],
        EDGE,
        BAND + 28,
        WIDE - 2 * EDGE,
        room - BAND - 28 - 24,
        ("Title",),
        SIZES,
        INK,
    )
    words.fit(told["by"], EDGE, title + 7, WIDE - 2 * EDGE, 14, ("Text",), (17, 14, 11, 9), SECOND)
    _code(pdf, told["url"], EDGE, room + 12)
    beside = EDGE + QR + 10
    end = words.fit(told["invitation"], beside, room + 14, WIDE - beside - EDGE, 30, ("Title",), (24, 20, 17, 14), INK)
    end = words.fit(
        told["short"], beside, end + 3, WIDE - beside - EDGE, 9, ("Text",), (15, 13, 11, 9, 7), told["colour"]
    )
    words.fit(told["until"], beside, end + 3, WIDE - beside - EDGE, 16, ("Text",), (12, 10, 9), SECOND)
    words.fit(told["small"], EDGE, HIGH - EDGE - 6, WIDE - 2 * EDGE, 12, ("Text",), (9, 8, 7, 6), SECOND)
    return bytes(pdf.output())


class _Words:
    def __init__(self, pdf: FPDF, faces: list[Face]) -> None:
        self._pdf = pdf
        self._covered = frozenset().union(*(face.covers for face in faces))

    def fit(
        self, text: str, x: float, y: float, wide: float, high: float, face: tuple[str], sizes: Any, colour: str
    ) -> float:
        """Set a text as large as it has room; gives where it ends. What has none in the smallest size ends with an ellipsis."""
        text = self.printable(text)
        if not text:
            return y
        for size in sizes:
            if self._lines(text, wide, face[0], size) * size * LINE * 0.3528 <= high:
                break
        else:
            while text and self._lines(f"{text}…", wide, face[0], size) * size * LINE * 0.3528 > high:
                text = text[: -max(len(text) // 20, 1)].rstrip()
            text = f"{text}…"
        self._pdf.set_text_color(colour)
        self._pdf.set_xy(x, y)
        self._pdf.multi_cell(
            wide,
            size * LINE * 0.3528,
            text,
            align=Align.R if _runs_left(text) else Align.L,
            wrapmode=WrapMode.WORD,
            new_y="NEXT",
        )
        return float(self._pdf.get_y())

    def _lines(self, text: str, wide: float, face: str, size: float) -> int:
        self._pdf.set_font(face, size=size)
        lines: Any = self._pdf.multi_cell(wide, 1, text, dry_run=True, output=MethodReturnValue.LINES)
        return len(lines)

    def printable(self, text: str) -> str:
        """What of a text some face has, without marks that only tell how letters are to be drawn."""
        letters = (letter for letter in unicodedata.normalize("NFC", text) if letter not in UNSEEN)
        kept = (letter for letter in letters if ord(letter) in self._covered or letter == " ")
        return " ".join("".join(kept).split())


def _faces(pdf: FPDF, folder: Path, text: str) -> list[Face]:
    """Our faces, and those of the system that have what ours lack."""
    found = []
    for family, name, axes in (
        ("Title", "bricolage-grotesque-latin-standard-normal.woff2", TITLE),
        ("TitleMore", "bricolage-grotesque-latin-ext-standard-normal.woff2", TITLE),
        ("Text", "instrument-sans-latin-wght-normal.woff2", {"wght": 500.0}),
        ("TextMore", "instrument-sans-latin-ext-wght-normal.woff2", {"wght": 500.0}),
    ):
        pdf.add_font(family, fname=str(folder / name), variations={"": axes})
        face: Any = pdf.fonts[family.lower()]
        found.append(Face(family, frozenset(face.cmap)))
    missing = {ord(letter) for letter in unicodedata.normalize("NFC", text) if not letter.isspace()}
    missing -= frozenset().union(*(face.covers for face in found))
    for path in _of_system() if missing else ():
        try:
            with TTFont(path, lazy=True) as face:
                covers = frozenset(face.getBestCmap() or {}) if "glyf" in face or "CFF " in face else frozenset()
            if covers & missing:
                pdf.add_font(f"Other{len(found)}", fname=str(path))
                found.append(Face(f"Other{len(found)}", covers))
                missing -= covers
        except (TTLibError, OSError, ValueError, KeyError):
            continue  # A face that can't be read has nothing for us.
        if not missing:
            break
    pdf.set_fallback_fonts([face.family for face in found if face.family not in ("Title", "Text")], exact_match=False)
    return found


def _of_system() -> list[Path]:
    def rank(path: Path) -> tuple[int, int, str]:
        place = next((place for place, name in enumerate(PREFERRED) if path.name.startswith(name)), len(PREFERRED))
        return place, len(path.name), str(path)  # The shortest name is the upright one of its family.

    files = (path for place in PLACES for path in Path(place).rglob("*") if path.suffix.lower() in (".ttf", ".otf"))
    return sorted(files, key=rank)[:LOOKED_AT]


def _runs_left(text: str) -> bool:
    """Whether a text begins in a script that is written from right to left."""
    for letter in text:
        if (way := unicodedata.bidirectional(letter)) in ("L", "R", "AL"):
            return way != "L"
    return False


def _fill(pdf: FPDF, colour: str, x: float, y: float, wide: float, high: float) -> None:
    pdf.set_fill_color(colour)
    pdf.rect(x, y, wide, high, style="F")


def _logo(pdf: FPDF, file: str) -> float:
    """The logo on a ground of paper, where every logo can be seen; gives how much room it took."""
    high = BAND - 18
    pdf.set_fill_color(PAPER)
    pdf.rect(EDGE, 9, high, high, style="F", round_corners=True, corner_radius=3)
    pdf.image(file, EDGE + 2, 11, high - 4, high - 4, keep_aspect_ratio=True)
    return high + 7


def _code(pdf: FPDF, url: str, x: float, y: float) -> None:
    """The QR code as squares, black on white, with the quiet zone that readers need around it."""
    _fill(pdf, "#ffffff", x, y, QR, QR)
    rows = tuple(segno.make_qr(url, error="m").matrix)
    side = QR / (len(rows) + 8)
    pdf.set_fill_color("#000000")
    for line, row in enumerate(rows):
        begun = None
        for place, dark in enumerate((*row, 0)):
            if dark and begun is None:
                begun = place
            elif not dark and begun is not None:
                pdf.rect(x + (begun + 4) * side, y + (line + 4) * side, (place - begun) * side, side + 0.02, style="F")
                begun = None


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
