"""The file of ballots, written by a worker and kept: once for each state of the log, the decisions and the ideas, however many ask for it.

A file of few ballots is made for each who asks: that takes no longer than a page.
"""

import hashlib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import structlog
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _ln
from sqlalchemy import or_

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import begin_writing, insert
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.jobs import job, wake
from campaign.languages import number
from campaign.ledger.access import NotAllLogged, check_goes_on
from campaign.ledger.exporting import FORMAT, as_lines
from campaign.ledger.models import BallotFile, BallotLog
from campaign.live import numbers_of
from campaign.live.counting import counted
from campaign.storage import folder, keep_pieces
from campaign.votes.facts import last_fact

FEW = 500  # Ballots, and ideas: up to so many of each are told at once, in some 12 ms.
A_SECOND = 5000  # Lines that a worker writes at least, with little else to do.
BEAT = 3.0  # Seconds between two words that the writing goes on.
GONE = timedelta(seconds=30)  # Who hasn't said so for this long is no longer there.
NOBODY = timedelta(minutes=3)  # After this long without a beginning, there seems to be no worker.

log = structlog.get_logger()


class BeingWritten(Refused):
    code, status = "being_written", 503

    def __init__(self, seconds: int, lines: int, size: int) -> None:
        minutes = max(1, -(-seconds // 60))
        super().__init__(
            _ln(
                "The ballots are being written into a file: %(lines)s of %(size)s so far. Ask for it again in about a minute.",
                "The ballots are being written into a file: %(lines)s of %(size)s so far. Ask for it again in about %(num)s minutes.",
                minutes,
                lines=number(lines),
                size=number(size),
            )
        )
        self.retry_after = seconds


class NobodyWrites(Refused):
    code, status, retry_after = "nobody_writes", 503, 600
    message = _l("The ballots wait to be written into a file, and nobody does: no worker is at work on this server.")


class Waiting(NamedTuple):
    """That the file isn't there yet, and how far it is."""

    asked_at: datetime
    beat_at: datetime | None
    lines: int
    size: int

    def refusal(self) -> Refused:
        """Why whoever asked has to come again, and when."""
        if max(self.asked_at, self.beat_at or self.asked_at) < now() - NOBODY:
            return NobodyWrites()
        return BeingWritten(5 + (self.size - self.lines) // A_SECOND, self.lines, self.size)


def are_few(ballots: BallotLog) -> bool:
    """Whether the file is so short that it can be made for whoever asks."""
    some = db.select(Idea.id).where(*on_board(ballots.campaign)).limit(FEW + 1).subquery()
    return ballots.size <= FEW and (db.session.scalar(db.select(db.func.count()).select_from(some)) or 0) <= FEW


def file_of(ballots: BallotLog) -> Path:
    """Where the file lies, or will lie, that says what is so at this moment. The number of queries is fixed."""
    campaign = ballots.campaign
    numbers = numbers_of(campaign.board)  # Read first: see `counted`.
    ideas = counted(campaign.board, numbers.beyond_votes, "told in the file", lambda: _ideas_of(campaign))
    rules = [(stage.id, stage.method, sorted(stage.counted_by.items())) for stage in campaign.stages]
    # What is decided beside the ballots is written down as facts.
    words = f"{FORMAT} {campaign.slug} {ballots.checkpoint} {last_fact(campaign.id)} {ideas} {rules}"
    return _place() / f"{campaign.id}-{hashlib.sha256(words.encode()).hexdigest()[:32]}.jsonl"


def ask_for_file(ballots: BallotLog) -> Path | Waiting:
    """The file, or how far it is, after asking for it. Asked again, it is asked for once. Does not commit. Raises LogStands."""
    check_goes_on(ballots)
    file = file_of(ballots)
    if file.is_file():
        return file
    row = db.session.get(BallotFile, ballots.campaign_id, populate_existing=True)
    if row is None or row.asked_at is None:
        asked = {"asked_at": now(), "beat_at": None, "lines": 0}
        mine = BallotFile.__table__.c
        put = insert(BallotFile.__table__).values(campaign_id=ballots.campaign_id, **asked)
        put = put.on_conflict_do_update(index_elements=["campaign_id"], set_=asked, where=mine.asked_at.is_(None))
        db.session.execute(put)
        wake("ballot_files")
        return Waiting(now(), None, 0, ballots.size)
    if row.beat_at is None or row.beat_at < now() - GONE:
        wake("ballot_files")  # Whoever wrote it is gone: somebody begins again.
    return Waiting(row.asked_at, row.beat_at, row.lines, ballots.size)


@job("ballot_files")
def write_what_is_asked_for() -> None:
    """Write one file after the other, as long as one is asked for and nobody writes it. Commits."""
    tried: set[int] = set()
    while (campaign_id := _take_one(tried)) is not None:
        tried.add(campaign_id)
        try:
            done = _write_file(campaign_id)
        except NotAllLogged:
            db.session.rollback()
            done = False  # In a few seconds the log has them all: whoever asks again has it tried again.
        except Exception:
            # It may break again: whoever asks for it once more has it tried once more.
            db.session.rollback()
            log.exception("ballots.unwritten", campaign=campaign_id)
            done = True
        _note(campaign_id, beat_at=None, **({"asked_at": None} if done else {}))


def _take_one(tried: set[int]) -> int | None:
    table = BallotFile.__table__.c
    begin_writing()
    free = db.select(table.campaign_id).where(
        table.asked_at.is_not(None),
        or_(table.beat_at.is_(None), table.beat_at < now() - GONE),
        table.campaign_id.not_in(tried),
    )
    campaign_id: int | None = db.session.scalar(
        free.order_by(table.asked_at).limit(1).with_for_update(skip_locked=True)
    )
    if campaign_id is None:
        db.session.rollback()
        return None
    _note(campaign_id, beat_at=now(), lines=0)
    return campaign_id


def _write_file(campaign_id: int) -> bool:
    """Write the file of this campaign; gives whether it says what is so now. If not, it is asked for still."""
    ballots = db.session.get_one(BallotLog, campaign_id)
    began, file = time.monotonic(), file_of(ballots)
    if not file.is_file():
        keep_pieces(file.parent, file.name, _told(campaign_id, as_lines(ballots)))
    db.session.rollback()
    if file_of(db.session.get_one(BallotLog, campaign_id)) != file:
        file.unlink(missing_ok=True)  # Something was decided meanwhile: nobody knows which half of it says so.
        return False
    for other in file.parent.glob(f"{campaign_id}-*.jsonl"):
        if other != file:
            other.unlink(missing_ok=True)  # Whoever is reading it reads on.
    log.info("ballots.written", campaign=campaign_id, seconds=round(time.monotonic() - began, 1))
    return True


def _told(campaign_id: int, pieces: Iterator[str]) -> Iterator[bytes]:
    """These pieces, while it is told from time to time how many lines they are."""
    spoke, lines = time.monotonic(), 0
    for piece in pieces:
        yield piece.encode()
        lines += piece.count("\n")
        if time.monotonic() - spoke >= BEAT:
            spoke = time.monotonic()
            _note(campaign_id, beat_at=now(), lines=lines)


def _note(campaign_id: int, **said: object) -> None:
    table = BallotFile.__table__
    db.session.execute(db.update(table).where(table.c.campaign_id == campaign_id).values(**said))
    db.session.commit()


def _ideas_of(campaign: Campaign) -> tuple[object, ...]:
    """Which ideas the file names, and how they read: another sum for others."""
    version = db.func.sum(Idea.version * (Idea.id + 7))
    sums = db.select(db.func.count(), db.func.sum(Idea.id), version).where(*on_board(campaign))
    priced = db.select(db.func.sum(Idea.cost), db.func.sum(Idea.cost * Idea.id)).where(*on_board(campaign))
    return (*db.session.execute(sums).one(), *db.session.execute(priced.where(Idea.cost.is_not(None))).one())


def _place() -> Path:
    return folder() / "ballots"
