"""What was there before entries had marks and rules had facts: found once, at the first start, and held by the key from then on.

Whatever claims later to be as old, and was not found then, is named by `campaign verify`.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import structlog
from flask import current_app

from campaign import settings
from campaign.campaigns.models import Campaign
from campaign.commits import commit_unseen
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.history import Entry
from campaign.ledger.models import BookReading
from campaign.ledger.verifying_facts import Of, doubted_in, telling, written_in
from campaign.votes.book import last_entry
from campaign.votes.facts import CHAIN, facts_of, note_fact, prices_of, rules_of
from campaign.votes.marks import log_keys
from campaign.votes.models import BallotEntry

_SETTLED = "log_beginning_settled"

log = structlog.get_logger()


def settle() -> None:
    """Find what is older than the logs, where nobody did so yet. Commits where it does.

    The instance folder remembers that it was done, so that nobody who has the database alone can have it done again. On a database without
    ballots there is nothing to find.
    """
    if current_app.extensions.get(_SETTLED):
        return
    begun = db.session.scalar(db.select(BookReading.begun))
    if begun is None and _memory().is_file() and last_entry():
        log.error("ledger.beginning_removed")
    elif begun is None:
        _find()
    if not _memory().is_file():
        _memory().touch()
    current_app.extensions[_SETTLED] = True


def unmarked_until(reading: BookReading) -> int:
    """The last entry that may be without a mark: as it was found, or none."""
    return reading.unmarked_until if _is_ours(reading) else 0


def was_changed(reading: BookReading) -> bool:
    """Whether somebody else wrote the row of the beginning, or took away what the key says of it."""
    return not _is_ours(reading) if reading.begun is not None else _memory().is_file()


def _is_ours(reading: BookReading) -> bool:
    return reading.begun == log_keys().beginning_mark(reading.unmarked_until)


def _memory() -> Path:
    return settings.current().instance / "log_begun"


def _find() -> None:
    begin_writing()
    reading = db.session.execute(
        db.select(BookReading).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
    if reading.begun is None:
        if reading.until:
            # Those before us took in every entry without a mark as they came to it: no other is as old.
            table = BallotEntry.__table__.c
            old = table.mark.is_(None), table.id <= min(reading.until, reading.unmarked_until)
            reading.unmarked_until = db.session.scalar(db.select(db.func.max(table.id)).where(*old)) or 0
        reading.begun = log_keys().beginning_mark(reading.unmarked_until)
        first = db.session.scalar(db.select(db.func.min(Entry.id)).where(Entry.subject == CHAIN))
        for number in db.session.scalars(db.select(Campaign.id).order_by(Campaign.id)).all():
            _note_found(db.session.get_one(Campaign, number), first)
    commit_unseen()


def _note_found(campaign: Campaign, first: int | None) -> None:
    """Write down how the rules and the doubts of a campaign stand that are from before facts, and what the history tells of them."""
    older, told = Counter[tuple[str, int, str]](), []
    for entry in db.session.scalars(telling(campaign)):
        if entry.details.get("fact") is None and (first is None or entry.id < first):
            told.append(entry.id)
            group = " ".join(entry.details.get("reasons", []))
            about = entry.details.get("stage", {}).get("id") or entry.subject_id
            older[entry.what, about, group] += entry.details.get("number", 1)
    if not told:
        return
    written = written_in(facts_of(campaign.id), [])
    # History from before facts names no stage by its number.
    froze = sum(number for (what, *_of), number in older.items() if what == "stage.rules_frozen")
    voted = [stage for stage in campaign.stages if stage.was_voted_in and stage.id not in written.rules]
    voted = sorted(voted, key=lambda stage: stage.id)[:froze]
    said: dict[str, Any] = {"told": told, "rules": [rules_of(stage, stage.first_ballot_at) for stage in voted]}
    if any(stage.method == "budget" for stage in voted):
        said["prices"] = prices_of(campaign.id)
    said["doubts"] = _doubts(doubted_in(campaign), written.doubts.keys(), older)
    note_fact(campaign.id, "found", **said)


def _doubts(
    rows: dict[Of, tuple[str, str | None]], written: Any, older: Counter[tuple[str, int, str]]
) -> list[dict[str, Any]]:
    """The doubts that the history tells of without a fact, those about the same for the same reasons together."""
    voters: dict[tuple[str, int, str, str | None], list[int]] = {}
    times = Counter[tuple[str, int, str]]()
    for of in sorted(rows.keys() - written):
        kind, number, voter = of
        group, decision = rows[of]
        key = "votes.set_aside" if kind == "idea" else "ballots.set_aside", number, group
        times[key] += 1
        if times[key] <= older[key]:
            voters.setdefault((kind, number, group, decision), []).append(voter)
    return [
        {kind: number, "group": group, "decision": decision, "voters": theirs}
        for (kind, number, group, decision), theirs in voters.items()
    ]
