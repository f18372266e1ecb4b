"""The results as one picture: for each measurement a bar of ours, bars of the peers, and a line where the goal is."""

import re
from html import escape
from itertools import groupby
from pathlib import Path

from bench.results import Result

FILE = Path(__file__).parent / "results.svg"
WIDTH, SIDE, LABEL, ROW = 800, 24, 216, 24
ROOM = WIDTH - 2 * SIDE - LABEL - 120  # For bars; their figures stand behind them.
STYLE = """
:root { --paper: #faf6ef; --ink: #1d1a16; --quiet: #6b6358; --ours: #b0482a; --theirs: #c4b9a8; --goal: #1f6f54; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #151310; --ink: #f3ede3; --quiet: #a89f92; --ours: #e98562; --theirs: #5d554a; --goal: #6cc9a1; }
}
rect { fill: var(--theirs); } .paper { fill: var(--paper); } .ours { fill: var(--ours); }
line { stroke: var(--goal); stroke-width: 2.5; }
text { fill: var(--ink); font: 13px system-ui, sans-serif; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; } .quiet { fill: var(--quiet); }
.head { font-size: 20px; font-weight: 700; } .name { font-weight: 600; } .met { fill: var(--goal); } .missed { fill: var(--ours); }
"""


def draw(results: list[Result], machine: str) -> str:
    """An SVG that needs nothing beside it, on light and on dark paper."""
    drawn: list[str] = []
    words, y = [text(SIDE, 36, "Measured", "head"), text(SIDE, 58, f"{machine}. A green line is a goal.", "quiet")], 92
    for (name, unit), group in groupby(results, key=lambda result: (result.name, result.unit)):
        rows = list(group)
        words.append(text(SIDE, y, name, "quiet" if name.startswith("the same") else "name"))
        words.append(verdict(y, rows))
        peers = {row.peer: theirs(row, rows) for row in rows if row.peer and row.ratio}
        goals = {goal for row in rows if (goal := goal_in(row, peers.get(row.peer))) is not None}
        figures = {"Ensemble": rows[0].figure} | peers
        # Alone, a figure has nothing to be longer than.
        scale = ROOM / max(*figures.values(), *goals) if peers or goals else 0
        for whose, figure in figures.items():
            y += ROW
            length = round(figure * scale)
            mark = ' class="ours"' if whose == "Ensemble" else ""
            drawn.append(f'<rect{mark} x="{SIDE + LABEL}" y="{y - 12}" width="{length}" height="14" rx="2"/>')
            figured = f"{figure:,.0f}" if figure >= 100 else f"{figure:,.3g}"
            words.append(
                text(SIDE, y, whose) + text(SIDE + LABEL + length + (8 if scale else 0), y, f"{figured} {unit}")
            )
        for goal in goals:
            x, top = SIDE + LABEL + goal * scale, y - ROW * (len(figures) - 1) - 15
            drawn.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{top}" y2="{y + 5}"/>')
        y += ROW + 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img" '
        f'aria-label="Measured"><style>{STYLE}</style><rect class="paper" width="{WIDTH}" height="{y}"/>{"".join(drawn + words)}</svg>\n'
    )


def theirs(row: Result, rows: list[Result]) -> float:
    """The peer's figure. A ratio above 1 is better, so it depends on whether more or less is."""
    assert row.ratio is not None
    less = any(other.goal.startswith(("≤", "<")) for other in rows)
    return row.figure * row.ratio if less else row.figure / row.ratio


def goal_in(row: Result, peer: float | None) -> float | None:
    """Where the goal lies: "≤ 10 KB", or so many times a peer's figure, "≥ 5 × …", or a part of it, "≤ 1/3 of …"."""
    found = re.match(r"[≥≤<] (1/)?([\d.]+)( ×)?", row.goal)
    if not found:
        return None
    part, number, times = found[1], float(found[2]), found[3]
    if part or times:
        return None if peer is None else peer / number if part else peer * number
    return number


def verdict(y: int, rows: list[Result]) -> str:
    said = [row for row in rows if row.met is not None]
    if not said:
        return ""
    missed = [row.goal for row in said if not row.met]
    words, mark = (f"missed: {', '.join(missed)}", "missed") if missed else ("met", "met")
    return text(WIDTH - SIDE, y, words, mark, "end")


def text(x: int, y: int, words: str, mark: str = "", anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" class="{mark}" text-anchor="{anchor}">{escape(words)}</text>'
