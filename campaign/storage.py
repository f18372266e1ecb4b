"""Where uploaded files lie: in the instance's `files/`, under names that nobody can guess."""

import os
from pathlib import Path

from campaign import settings


def folder() -> Path:
    return settings.current().instance / "files"


def keep_file(folder: Path, name: str, data: bytes) -> None:
    """Write a file so that it is there whole, also after a power cut, or not at all."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _settle(folder.parent)
    part = folder / f"{name}.part"
    with part.open("wb") as file:
        file.write(data)
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
