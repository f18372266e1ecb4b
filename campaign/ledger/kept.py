"""The last checkpoint of each log, kept beside the database in the instance folder: whoever has the database alone can't set a log back unseen."""

import os
from hashlib import sha256
from pathlib import Path

import structlog

from campaign import settings
from campaign.ledger.checkpoint import NotSigned, Unreadable, opened
from campaign.ledger.models import BallotLog
from campaign.ledger.proving import key_of, still_holds

log = structlog.get_logger()


def kept_of(origin: str) -> str | None:
    """The checkpoint that this server kept of the log of this name."""
    file = _file(origin)
    return file.read_text(encoding="utf-8") if file.is_file() else None


def keep(ballot_log: BallotLog, before: str | None) -> None:
    """Keep a log's newest checkpoint. `before`: the one that it was continued from.

    What was kept stays where the log no longer contains it, so that `campaign verify` can name it.
    """
    kept = kept_of(ballot_log.origin)
    if kept is not None and kept != before and not _contains(ballot_log, kept):
        log.error("ledger.set_back", campaign=ballot_log.campaign_id)
        return
    file = _file(ballot_log.origin)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True)
        draft.write_text(ballot_log.checkpoint, encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        log.error("ledger.unkept", campaign=ballot_log.campaign_id, why=str(error))


def _contains(ballot_log: BallotLog, kept: str) -> bool:
    try:
        return still_holds(ballot_log, opened(kept, key_of(ballot_log)))
    except (NotSigned, Unreadable):
        return True  # Nothing that we signed.


def _file(origin: str) -> Path:
    return settings.current().instance / "checkpoints" / sha256(origin.encode()).hexdigest()[:32]
