"""What a run found: lines on the screen, a chart of ratios, and `bench/results.json` for programs."""

import json
import os
import platform
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "results.json"
WIDTH = 40


@dataclass(frozen=True)
class Result:
    """One figure beside its goal. `ratio`: ours to the peer's, the way round that more is better."""

    name: str
    figure: float
    unit: str
    goal: str
    met: bool | None
    peer: str | None = None
    ratio: float | None = None


def show(results: list[Result]) -> str:
    """A table for people, in Markdown."""
    lines = ["| What | Figure | Goal | Met | Peer | Ratio |", "| --- | --- | --- | --- | --- | --- |"]
    for result in results:
        met = {True: "yes", False: "**no**", None: ""}[result.met]
        ratio = "" if result.ratio is None else f"{result.ratio:.1f}"
        lines.append(
            f"| {result.name} | {result.figure:,.4g} {result.unit} | {result.goal} | {met} | {result.peer or ''} | {ratio} |"
        )
    return "\n".join(lines)


def bars(results: list[Result]) -> str:
    """The ratios as bars; the line at 1 is the peer."""
    shown = [result for result in results if result.ratio is not None]
    if not shown:
        return ""
    most = max(result.ratio or 0 for result in shown)
    lines = []
    for result in shown:
        assert result.ratio is not None
        bar = "█" * max(1, round(WIDTH * result.ratio / most))
        lines.append(f"{result.name[:44]:44} {bar} {result.ratio:.1f} × {result.peer}")
    return "\n".join(lines)


def machine() -> str:
    """What it ran on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, {platform.system()} {platform.release()}"


def write(measurement: str, results: list[Result]) -> None:
    """Put what a measurement found in the place of what it found before. What the others found stays, with its date."""
    today = datetime.now(UTC).date().isoformat()
    new = [{"measurement": measurement, "date": today, **asdict(result)} for result in results]
    kept = [row for row in _rows() if row["measurement"] != measurement]
    FILE.write_text(json.dumps(kept + new, indent=2) + "\n")


def known() -> list[Result]:
    """What all measurements found, each when it ran last."""
    names = [field.name for field in fields(Result)]
    return [Result(**{name: row[name] for name in names}) for row in _rows()]


def _rows() -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads(FILE.read_text())
    except FileNotFoundError:
        return []
    return [row for row in rows if "measurement" in row]  # Before they had one, a run was all that was kept.
