"""Copies what the browser needs from node_modules to static/vendor, and joins the icons into one sprite."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FROM = ROOT / "node_modules"
TO = ROOT / "static" / "vendor"
ICONS = ROOT / "static" / "icons.txt"

FILES = {
    "@fontsource-variable/bricolage-grotesque/files": [
        "fonts/bricolage-grotesque-latin-standard-normal.woff2",
        "fonts/bricolage-grotesque-latin-ext-standard-normal.woff2",
    ],
    "@fontsource-variable/instrument-sans/files": [
        "fonts/instrument-sans-latin-wght-normal.woff2",
        "fonts/instrument-sans-latin-ext-wght-normal.woff2",
        "fonts/instrument-sans-latin-wght-italic.woff2",
        "fonts/instrument-sans-latin-ext-wght-italic.woff2",
    ],
    "socket.io-client/dist": [
        "socket.io.esm.min.js",
        "socket.io.esm.min.js.map",
    ],
}


class NoSuchIcon(Exception):
    """static/icons.txt names an icon that Lucide does not have."""


def copy() -> None:
    """Make static/vendor anew, so that what is no longer wanted goes away."""
    shutil.rmtree(TO, ignore_errors=True)
    for folder, wanted in FILES.items():
        for name in wanted:
            target = TO / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(FROM / folder / target.name, target)
    (TO / "icons.svg").write_text(sprite(ICONS.read_text().split()), encoding="utf-8")


def sprite(names: list[str]) -> str:
    """One SVG with a symbol for each icon. Stroke and size are left out: they are the stylesheet's."""
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg">',
            "<!-- Lucide, ISC licence, lucide.dev -->",
            *(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing(name)}</symbol>' for name in names),
            "</svg>\n",
        ]
    )


def drawing(name: str) -> str:
    icon = FROM / "lucide-static" / "icons" / f"{name}.svg"
    if not icon.exists():
        raise NoSuchIcon(f"static/icons.txt names {name}, an icon that Lucide does not have.")
    inside = re.sub(r".*<svg[^>]*>|</svg>.*", "", icon.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", inside)


if __name__ == "__main__":
    copy()
