"""Ideas from a spreadsheet: a CSV file, one idea a line, whose columns docs/importing.md describes."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l

from campaign.exchange.readers.errors import BadFile, Problem
from campaign.exchange.readers.rows import Line, Row, first_of, lines_in, row_under, text_of
from campaign.text import squeeze, tidy

Value = TypeVar("Value")

COLUMNS = (
    "title",
    "text",
    "author_name",
    "author_email",
    "category",
    "tags",
    "cost",
    "place",
    "language",
    "submitted_at",
)
# What the database keeps of each; a test holds the two together.
LONGEST = {"title": 200, "author_name": 60, "category": 60, "tags": 40, "place": 160}
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class ImportedIdea:
    """One line. What its cell left empty is "", () or None; the campaign's own limits are checked by the import."""

    line: int
    title: str
    text: str
    author_name: str
    author_email: str
    category: str
    tags: tuple[str, ...]
    cost: Decimal | None
    place: str
    language: str
    submitted_at: datetime | None


def nothing_else(idea: ImportedIdea) -> Iterable[Problem]:
    """For who wants nothing of a line but that it can be read."""
    return ()


def read(path: Path, also: Callable[[ImportedIdea], Iterable[Problem]] = nothing_else) -> list[ImportedIdea]:
    """Read and check a whole file, or raise BadFile with everything that is wrong, so that it is corrected in one go.

    `also` says what is wrong with a line for those who want to use it, beyond what its reader can know.
    """
    text = text_of(path)
    delimiter = _delimiter(text)
    lines = lines_in(text, delimiter)
    header = _header(first_of(lines))

    ideas: list[ImportedIdea] = []
    problems: list[Problem] = []
    while True:
        try:
            line = next(lines)
        except StopIteration:
            break
        except BadFile as bad:
            # Quotation marks that don't match: where the next line begins can't be told.
            problems += bad.problems
            break
        idea = _idea(header, line, problems, also)
        if idea:
            ideas.append(idea)

    if problems:
        raise BadFile.with_all(problems)
    if not ideas:
        raise BadFile(1, _l("There is no idea below the header."))
    return ideas


def _delimiter(text: str) -> str:
    """Comma or semicolon: the one that makes more columns of the first line known."""

    def known(delimiter: str) -> int:
        try:
            first = first_of(lines_in(text, delimiter))
        except BadFile:
            return 0  # Quoted cells look broken to the wrong delimiter.
        return sum(cell.casefold() in COLUMNS for cell in first.cells)

    return ";" if known(";") > known(",") else ","


def _header(line: Line) -> list[str]:
    names = [cell.casefold() for cell in line.cells]
    problems = [
        Problem(
            line.number,
            _l("The column “%(column)s” is unknown.", column=cell)
            if cell
            else _l("Column %(number)s has no name.", number=number),
        )
        for number, cell in enumerate(line.cells, start=1)
        if cell.casefold() not in COLUMNS
    ]
    problems += [
        Problem(line.number, _l("The column “%(column)s” is there twice.", column=name))
        for name in COLUMNS
        if names.count(name) > 1
    ]
    if "title" not in names:
        problems.append(Problem(line.number, _l("The column “%(column)s” is missing.", column="title")))
    if problems:
        raise BadFile.with_all(problems)
    return names


def _idea(
    header: list[str], line: Line, problems: list[Problem], also: Callable[[ImportedIdea], Iterable[Problem]]
) -> ImportedIdea | None:
    """The idea on this line; or None, with all that is wrong with it added to `problems`."""
    before = len(problems)
    unread: set[str | None] = set()

    def checked(column: str, read: Callable[[Row], Value], otherwise: Value) -> Value:
        try:
            return read(row)
        except BadFile as bad:
            problems.extend(bad.problems)
            unread.add(column)
            return otherwise

    try:
        row = row_under(header, line)
    except BadFile as bad:
        problems.extend(bad.problems)
        return None

    idea = ImportedIdea(
        line=line.number,
        title=checked("title", _title, ""),
        text=tidy(row.text("text")),
        author_name=checked("author_name", lambda row: _short(row, "author_name"), ""),
        author_email=checked("author_email", _email, ""),
        category=checked("category", lambda row: _short(row, "category"), ""),
        tags=checked("tags", _tags, ()),
        cost=checked("cost", lambda row: row.cost("cost") if row.text("cost") else None, None),
        place=checked("place", lambda row: _short(row, "place"), ""),
        language=checked("language", _language, ""),
        submitted_at=checked("submitted_at", _moment, None),
    )
    # A cell that couldn't be read is not called empty as well.
    problems.extend(problem for problem in also(idea) if problem.column not in unread or problem.column is None)
    return idea if len(problems) == before else None


def _title(row: Row) -> str:
    if title := _short(row, "title"):
        return title
    raise row.refusal(_l("The cell “%(column)s” is empty.", column="title"))


def _short(row: Row, column: str) -> str:
    return _within(row, column, squeeze(row.text(column)))


def _within(row: Row, column: str, text: str) -> str:
    if len(text) > LONGEST[column]:
        raise row.refusal(
            _l(
                "The text in the column “%(column)s” is too long: %(found)s characters, at most %(limit)s.",
                column=column,
                found=len(text),
                limit=LONGEST[column],
            )
        )
    return text


def _email(row: Row) -> str:
    text = row.text("author_email")
    if not text:
        return ""
    try:
        # The shape only: a network is not needed to read a file.
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise row.refusal(_l("“%(text)s” isn’t an e-mail address.", text=text)) from None


def _tags(row: Row) -> tuple[str, ...]:
    tags = (_within(row, "tags", squeeze(tag)) for tag in row.text("tags").split("|"))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _language(row: Row) -> str:
    language = row.text("language").casefold()
    if language and not _LANGUAGE.fullmatch(language):
        raise row.refusal(
            _l(
                "The language “%(text)s” isn’t a code of two letters, such as fr or en.",
                text=row.text("language"),
            )
        )
    return language


def _moment(row: Row) -> datetime | None:
    text = row.text("submitted_at")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        # Without a zone it is UTC, like every time in the database.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise row.refusal(
            _l("The time “%(text)s” isn’t written like 2026-11-02 or 2026-11-02T18:30:00+01:00.", text=text)
        ) from None
