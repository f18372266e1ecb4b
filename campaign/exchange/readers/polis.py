"""Conversations gathered with Polis: a folder with comments.csv, votes.csv and summary.csv."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from flask_babel import lazy_gettext as _l

from campaign.exchange.readers.errors import BadFile
from campaign.exchange.readers.rows import Row, first_of, header_of, lines_in, row_under, text_of
from campaign.text import tidy

Choice = Literal["agree", "disagree", "pass"]

CHOICES: dict[str, Choice] = {"1": "agree", "-1": "disagree", "0": "pass"}
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said, for others to agree with or not. `rejected` ones were never shown."""

    id: str
    author: str
    text: str
    at: datetime
    rejected: bool


@dataclass(frozen=True, slots=True)
class StatementVote:
    """What one person made of one statement, at one moment. They may have changed their mind later."""

    statement: str
    voter: str
    choice: Choice
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole folder that holds together: statements and votes in the order in which they arrived."""

    topic: str
    description: str
    url: str
    statements: list[Statement]
    votes: list[StatementVote]

    def standing(self) -> dict[tuple[str, str], StatementVote]:
        """The vote that stands for each statement and voter: their last. Polis counts every one in its own totals."""
        return {(vote.statement, vote.voter): vote for vote in self.votes}


def read(folder: Path) -> Conversation:
    """Read and check a whole folder, or raise BadFile with the file, the line and the reason."""
    summary = _summary(folder)
    statements = _statements(folder)
    votes = _votes(folder, {statement.id for statement in statements})
    return Conversation(
        topic=summary["topic"],
        description=summary.get("conversation-description", ""),
        url=summary.get("url", ""),
        statements=sorted(statements, key=lambda statement: statement.at),
        # Sorting keeps the file's order between votes of the same millisecond, so the last one is still the last.
        votes=sorted(votes, key=lambda vote: vote.at),
    )


def _summary(folder: Path) -> dict[str, str]:
    file = "summary.csv"
    summary: dict[str, str] = {}
    for line in lines_in(text_of(folder / file, file), ",", file):
        row = row_under(["key", "value"], line, file)
        if row.text("key") in summary:
            raise row.refusal(_l("“%(key)s” is there twice.", key=row.text("key")))
        summary[row.filled("key")] = tidy(row.text("value"))
    if not summary.get("topic"):
        raise BadFile(None, _l("The topic is missing."), file)
    return summary


def _statements(folder: Path) -> list[Statement]:
    statements: dict[str, Statement] = {}
    for row in _table(folder, "comments.csv", ("timestamp", "comment-id", "author-id", "comment-body")):
        key = row.filled("comment-id")
        if key in statements:
            raise row.refusal(_l("The statement %(statement)s is there twice.", statement=key))
        # A text of invisible characters only is no text.
        if not (text := tidy(row.filled("comment-body"))):
            raise row.refusal(_l("The cell “%(column)s” is empty.", column="comment-body"))
        statements[key] = Statement(key, row.filled("author-id"), text, _moment(row), row.text("moderated") == "-1")
    return list(statements.values())


def _votes(folder: Path, statements: set[str]) -> list[StatementVote]:
    votes = []
    for row in _table(folder, "votes.csv", ("timestamp", "comment-id", "voter-id", "vote")):
        statement = row.filled("comment-id")
        if statement not in statements:
            raise row.refusal(
                _l(
                    "The vote names the statement “%(statement)s”, which isn’t in comments.csv.",
                    statement=statement,
                )
            )
        if (choice := CHOICES.get(row.text("vote"))) is None:
            raise row.refusal(
                _l(
                    "The vote “%(vote)s” is none of 1 (agree), -1 (disagree) and 0 (pass).",
                    vote=row.text("vote"),
                )
            )
        votes.append(StatementVote(statement, row.filled("voter-id"), choice, _moment(row)))
    return votes


def _table(folder: Path, file: str, required: tuple[str, ...]) -> Iterable[Row]:
    lines = lines_in(text_of(folder / file, file), ",", file)
    header = header_of(first_of(lines, file), required, file)
    return (row_under(header, line, file) for line in lines)


def _moment(row: Row) -> datetime:
    """When: milliseconds since 1970. The column `datetime` says the same in a zone that few programs know."""
    try:
        return _BEGINNING + timedelta(milliseconds=row.whole("timestamp"))
    except OverflowError:
        raise row.refusal(_l("The time %(time)s lies too far away.", time=row.text("timestamp"))) from None
