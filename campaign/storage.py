"""Where uploaded files lie: in the instance's `files/`, under names that nobody can guess."""

import os
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from campaign import settings
from campaign.extensions import db


def folder() -> Path:
    """The folder of the uploaded files, which may not be there before the first of them is."""
    return settings.current().instance / "files"


def keep_file(folder: Path, name: str, data: bytes) -> None:
    """Write a file so that it is there whole, also after a power cut, or not at all."""
    keep_pieces(folder, name, [data])


def keep_pieces(folder: Path, name: str, pieces: Iterable[bytes]) -> None:
    """The same for what is too much to lie in memory at once."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _settle(folder.parent)
    part = folder / f"{name}.part"
    with part.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / name)
    _settle(folder)


def _settle(folder: Path) -> None:
    """Bring the names in a folder to the disk: without it a power cut takes the name, and leaves a file that nobody finds."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def belong_to_transaction(names: Iterable[str]) -> None:
    """Let kept files go with the running transaction, if it is rolled back: no row would ever tell of them."""
    db.session.info.setdefault("files", []).extend(folder() / name for name in names)


def _committed(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("files", None)


def _rolled_back(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for file in session.info.pop("files", ()):
        file.unlink(missing_ok=True)


event.listen(Session, "after_commit", _committed)
event.listen(Session, "after_rollback", _rolled_back)
