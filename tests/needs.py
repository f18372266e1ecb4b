"""What a test needs from the machine, and how to come by it."""

import shutil
from pathlib import Path

import pytest


def need(program: str, *, package: str, also_in: str = "", names: tuple[str, ...] = ()) -> str:
    """The path of `program` under any of its names; without it the test is skipped, with the reason in the summary.

    `also_in` is a pattern of folders that are not on the PATH; the newest comes first.
    """
    folders = sorted(Path("/").glob(also_in.lstrip("/")), key=_version, reverse=True) if also_in else []
    for name in (program, *names):
        for folder in folders:
            if (folder / name).exists():
                return str(folder / name)
        if found := shutil.which(name):
            return found
    pytest.skip(f"needs {program}: apt-get install {package}")


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parts if part.isdigit())
