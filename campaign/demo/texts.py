"""The demo's texts, as they lie in `content/`."""

import tomllib
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"


def read_content(name: str) -> dict[str, Any]:
    """One file of the demo's texts."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def read_ideas(folder: str = "") -> dict[str, dict[str, Any]]:
    """The ideas of one campaign by their keys, with all that happened to them."""
    files = sorted((CONTENT / folder / "ideas").glob("*.toml"))
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
