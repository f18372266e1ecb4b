"""What somebody looks for in a list of the console: it stands in the address, and stays with every act."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import String, and_, cast
from sqlalchemy.orm import aliased

from campaign.accounts.models import Person
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.moderation.cases import filters_named
from campaign.moderation.figures import CAUSES_TOLD
from campaign.moderation.models import CAUSES, SUBJECTS, Case, Report
from campaign.moderation.reporting import REASONS
from campaign.text import squeeze

WORDS_MOST = 100


@dataclass(frozen=True)
class Search:
    """Which cases of a list somebody wants to see."""

    words: str = ""
    kind: str = ""  # "idea", "comment", or both.
    by: int | None = None  # Its author, by their id.
    cause: str = ""  # How it came before a moderator; "filter.words" and "reports.spam" say more.

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Search":
        """The same from an address. What makes no sense asks for nothing."""
        kind, cause = args.get("kind", ""), args.get("cause", "")
        return cls(
            squeeze(args.get("q"))[:WORDS_MOST],
            kind if kind in SUBJECTS else "",
            whole(args.get("by")),
            cause if cause in every_cause() else "",
        )

    @property
    def asked(self) -> dict[str, Any]:
        """As fields of an address."""
        fields = (("q", self.words), ("kind", self.kind), ("by", self.by), ("cause", self.cause))
        return {name: value for name, value in fields if value}

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    def where(self) -> list[Any]:
        """As conditions on Case."""
        conditions: list[Any] = []
        if self.kind:
            conditions.append(Case.subject == self.kind)
        if self.by is not None:
            conditions.append(Case.author_id == self.by)
        if self.cause:
            conditions.append(_because(self.cause))
        if self.words:
            conditions.append(_has(self.words))
        return conditions


EVERYTHING = Search()


def causes_of(queue_key: str) -> dict[str, Any]:
    """By which causes one of the lists can be searched."""
    held = {"first": CAUSES_TOLD["first"], "filter": CAUSES_TOLD["filter"]} | {
        f"filter.{name}": words for name, words in filters_named().items()
    }
    if queue_key == "first":
        return held
    if queue_key == "reports":
        return {f"reports.{name}": words for name, words in REASONS.items()}
    return {} if queue_key == "edited" else {cause: CAUSES_TOLD[cause] for cause in CAUSES}


def every_cause() -> set[str]:
    return {*CAUSES, *causes_of("first"), *causes_of("reports")}


def whole(text: str | None) -> int | None:
    """A number that an address or a form names."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _because(cause: str) -> Any:
    name, _dot, found = cause.partition(".")
    if not found:
        return Case.cause == name
    if name == "filter":
        # The start of a reason as it is kept. Within what was found, its quotation mark would stand as \\".
        return and_(Case.cause == "filter", cast(Case.reasons, String).contains(f'["{found}",', autoescape=True))
    return db.select(Report.id).where(Report.case_id == Case.id, Report.reason == found).exists()


def _has(words: str) -> Any:
    idea, remark = aliased(Idea), aliased(Comment)
    said = db.select(idea.id).where(idea.id == Case.subject_id, _say(words, idea.title, idea.text))
    remarked = db.select(remark.id).where(remark.id == Case.subject_id, _say(words, remark.text))
    author = db.select(Person.id).where(Person.id == Case.author_id, _say(words, Person.name))
    return db.or_(
        and_(Case.subject == "idea", said.exists()),
        and_(Case.subject == "comment", remarked.exists()),
        author.exists(),
        _say(words, Case.reason),
    )


def _say(words: str, *texts: Any) -> Any:
    """The condition that one of these texts has these words, in any case."""
    return db.or_(*(text.icontains(words, autoescape=True) for text in texts))
