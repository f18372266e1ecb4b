"""Facts beside the ballots on which a count hangs: the numbers that it is made by, what ideas cost, which votes are doubted, what was decided.

Each stands in the history, in a chain of its campaign's own: with its number, the mark of the one before it, and its own mark, made by
the key that no database holds. So whoever has the database alone can neither change one, nor add one, nor take one out of the chain but
from its end; `campaign verify` holds what counts against them, and them against what the history tells. No page lists them.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.voting import settings_of
from campaign.clock import now
from campaign.database import begin_writing, lock_words
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.votes.marks import log_keys, micros

CHAIN = "ballot_log"  # What the history has them under, with the campaign's number.


class Fact(NamedTuple):
    """One of them, as it was read. `said` is empty where it isn't what was written."""

    row: int  # Its number in the history.
    number: int
    what: str
    at: datetime
    said: dict[str, Any]
    is_ours: bool  # Whether it is as it was written,
    follows: bool  # and the one before it, too, is the one that was there.
    mark: Any


def hold_facts(campaign_id: int) -> None:
    """Let nobody else write facts of this campaign until the commit. After ideas and campaigns, before boards."""
    begin_writing()
    lock_words(f"facts {campaign_id}")


def note_fact(campaign_id: int, what: str, **said: Any) -> int:
    """Write a fact down; gives its number in the chain. `said` is plain JSON, without numbers for names. Does not commit."""
    return note_facts(campaign_id, what, [said])[0]


def note_facts(campaign_id: int, what: str, all_said: Iterable[dict[str, Any]]) -> list[int]:
    """The same of several at once; gives their numbers. Two statements, however many they are."""
    hold_facts(campaign_id)
    db.session.flush()
    last = db.session.scalars(_chain(campaign_id).order_by(Entry.id.desc()).limit(1)).first()
    number, after = (last.details["number"], last.details["mark"]) if last else (0, "")
    at, numbers = now(), []
    rows: list[dict[str, Any]] = []
    for said in all_said:
        number += 1
        mark = _mark(campaign_id, number, after, what, at, said)
        details = {"number": number, "after": after, "said": said, "mark": mark}
        rows.append({"at": at, "what": f"fact.{what}", "subject": CHAIN, "subject_id": campaign_id, "details": details})
        numbers.append(number)
        after = mark
    if rows:
        db.session.execute(db.insert(Entry), rows)
    return numbers


def last_fact(campaign_id: int) -> int:
    """The number in the history of the campaign's latest fact that a count hangs on; 0 where there is none. It only grows. One query."""
    counted = (f"fact.{what}" for what in ("doubted", "decided", "rules", "prices"))
    last = db.select(Entry.id).where(Entry.subject == CHAIN, Entry.subject_id == campaign_id, Entry.what.in_(counted))
    return db.session.scalar(last.order_by(Entry.id.desc()).limit(1)) or 0


def note_rules(stage: Stage, first_ballot_at: datetime) -> int:
    """That people vote in this stage by its rules of this moment; where they share a budget, at these prices."""
    prices = {"prices": prices_of(stage.campaign_id)} if stage.method == "budget" else {}
    return note_fact(stage.campaign_id, "rules", **rules_of(stage, first_ballot_at), **prices)


def rules_of(stage: Stage, first_ballot_at: datetime | None) -> dict[str, Any]:
    """How people vote in a stage since its first ballot, as a fact says it."""
    settings = settings_of(stage.method, stage.method_settings)
    first = None if first_ballot_at is None else micros(first_ballot_at)
    return {"stage": stage.id, "method": stage.method, "settings": settings, "first": first}


def prices_of(campaign_id: int) -> list[list[int | None]]:
    """What the ideas of a campaign cost, as a fact says it."""
    priced = db.select(Idea.id, Idea.cost).where(Idea.campaign_id == campaign_id, Idea.cost.is_not(None))
    return [[idea, cents(cost)] for idea, cost in db.session.execute(priced.order_by(Idea.id))]


def note_prices(campaign: Campaign, ideas: Iterable[Idea]) -> None:
    """That these ideas came in with a price after a budget was voted on: all others stay as they were."""
    priced = [[idea.id, cents(idea.cost)] for idea in ideas if idea.cost is not None]
    budgets = db.select(Stage.id).where(
        Stage.campaign_id == campaign.id, Stage.method == "budget", Stage.first_ballot_at.is_not(None)
    )
    if priced and db.session.scalar(budgets.limit(1)) is not None:
        note_fact(campaign.id, "prices", prices=priced)


def cents(cost: Any) -> int | None:
    """A price as it is counted."""
    return None if cost is None else int(cost * 100)


def facts_of(campaign_id: int) -> list[Fact]:
    """All that were written down of a campaign, in their order, each with what is wrong about it."""
    facts: list[Fact] = []
    before: Any = ""
    number = 0
    for row in db.session.scalars(_chain(campaign_id).order_by(Entry.id).execution_options(populate_existing=True)):
        details: dict[str, Any] = row.details if isinstance(row.details, dict) else {}
        named, after, said = details.get("number"), details.get("after"), details.get("said")
        what, mark = row.what.removeprefix("fact."), details.get("mark")
        is_ours = (
            isinstance(named, int)
            and isinstance(said, dict)
            and mark == _mark(campaign_id, named, after, what, row.at, said)
        )
        follows = named == number + 1 and after == before
        number, before = named if isinstance(named, int) else number + 1, mark
        facts.append(Fact(row.id, number, what, row.at, said if is_ours and said else {}, is_ours, follows, mark))
    return facts


def _chain(campaign_id: int) -> Any:
    return db.select(Entry).where(Entry.subject == CHAIN, Entry.subject_id == campaign_id)


def _mark(campaign_id: int, number: int, after: Any, what: str, at: datetime, said: Any) -> str:
    text = json.dumps([what, micros(at), said], sort_keys=True, separators=(",", ":"))
    return log_keys().fact_mark(campaign_id, number, str(after), text)
