"""Lines of cells with their numbers, and what a cell may hold."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path

from flask_babel import lazy_gettext as _l

from campaign.exchange.readers.errors import BadFile

_COST = re.compile(r"[0-9]{1,30}(\.[0-9]{0,30})?([eE]\+?[0-9]{1,2})?")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
# What fits the column that keeps it.
_COSTLIEST = Decimal("1e12")


def text_of(path: Path, file: str | None = None) -> str:
    """The whole of a UTF-8 file, with or without a byte order mark."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadFile(None, _l("There is no file “%(path)s”.", path=path)) from None
    except OSError:
        raise BadFile(None, _l("The file “%(path)s” can’t be opened.", path=path)) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFile(line, _l("This isn’t UTF-8 text. Save the file again as UTF-8."), file) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadFile(line, _l("This isn’t text. Save the file again as UTF-8 text."), file)
    if not text.strip():
        raise BadFile(1, _l("The file is empty."), file)
    return text


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one line as they stand. `number` is where it begins: a quoted cell may hold several."""

    number: int
    cells: list[str]


def lines_in(text: str, delimiter: str, file: str | None = None) -> Iterator[Line]:
    """The lines of a CSV text, without those that are blank (a spreadsheet leaves some at the end)."""
    # Strict, because a quotation mark left open would otherwise swallow all the lines below it.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise BadFile(number, _l("A cell of this line is too long."), file) from None
            raise BadFile(number, _l("The quotation marks in this line don’t match."), file) from None
        if any(cell.strip() for cell in cells):
            yield Line(number, [cell.strip() for cell in cells])


def first_of(lines: Iterator[Line], file: str | None = None) -> Line:
    """The first line, usually the header."""
    if (line := next(lines, None)) is None:
        raise BadFile(1, _l("The file is empty."), file)
    return line


@dataclass(frozen=True, slots=True)
class Row:
    """One line under its header. Asked for a cell that makes no sense, it refuses with its line."""

    line: int
    cells: dict[str, str]
    file: str | None = None

    def text(self, column: str) -> str:
        """What the cell says. May be empty, as it is when the file has no such column."""
        return self.cells.get(column, "")

    def filled(self, column: str) -> str:
        """What the cell says, which must be something."""
        if text := self.text(column):
            return text
        raise self.refusal(_l("The cell “%(column)s” is empty.", column=column))

    def whole(self, column: str) -> int:
        """A whole number."""
        if _WHOLE.fullmatch(self.text(column)):
            return int(self.text(column))
        raise self.refusal(
            _l(
                "“%(text)s” in the column “%(column)s” isn’t a whole number.",
                text=self.text(column),
                column=column,
            )
        )

    def count(self, column: str) -> int | None:
        """How many, from nought up; None when the cell is empty."""
        if not self.text(column):
            return None
        if (number := self.whole(column)) < 0:
            raise self.refusal(_l("The number in the column “%(column)s” is negative.", column=column))
        return number

    def cost(self, column: str) -> Decimal:
        """An amount, which is never negative, in the plain writing of programs: 4000 or 4000.50."""
        text = self.text(column)
        if text.startswith("-") and _COST.fullmatch(text[1:]):
            raise self.refusal(_l("The cost %(text)s is negative.", text=text))
        if not _COST.fullmatch(text):
            raise self.refusal(_l("The cost “%(text)s” isn’t a number, such as 4000 or 4000.50.", text=text))
        if (cost := Decimal(text)) >= _COSTLIEST:
            raise self.refusal(_l("The cost %(text)s is too large.", text=text))
        return cost

    def refusal(self, reason: object) -> BadFile:
        """A refusal that names this line."""
        return BadFile(self.line, reason, self.file)


def header_of(line: Line, required: Iterable[str], file: str | None = None) -> list[str]:
    """The names of the columns, each there once, the required ones among them."""
    names = [cell.casefold() for cell in line.cells]
    for name in names:
        if name and names.count(name) > 1:
            raise BadFile(line.number, _l("The column “%(column)s” is there twice.", column=name), file)
    for name in required:
        if name not in names:
            raise BadFile(line.number, _l("The column “%(column)s” is missing.", column=name), file)
    return names


def row_under(header: list[str], line: Line, file: str | None = None) -> Row:
    """The line read by the header, which must have as many cells."""
    if len(line.cells) != len(header):
        raise BadFile(
            line.number,
            _l(
                "Columns in the header: %(expected)s. In this line: %(found)s.",
                expected=len(header),
                found=len(line.cells),
            ),
            file,
        )
    return Row(line.number, dict(zip(header, line.cells, strict=True)), file)
