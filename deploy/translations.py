"""Collects the sentences of code and templates and brings them to each language's file: `make translations`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "campaign" / "translations"
LANGUAGES = ["fr"]


def collect(template: Path) -> None:
    """Write every sentence to `template`. Where to look for them stands in pyproject.toml."""
    pybabel(
        "extract",
        "--mapping-file=pyproject.toml",
        *("--keyword=_l", "--keyword=lazy_ngettext:1,2"),
        *("--add-location=file", "--sort-by-file", "--no-wrap"),
        *("--project=Ensemble", f"--output-file={template}"),
        ".",
    )


def update(template: Path) -> None:
    """Add what is new to each language, empty, drop what went, and compile."""
    template_and_catalogues = (f"--input-file={template}", f"--output-dir={CATALOGUES}", "--no-wrap")
    for language in LANGUAGES:
        if (CATALOGUES / language).exists():
            kept = ("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date")
            pybabel("update", *template_and_catalogues, *kept, f"--locale={language}")
        else:
            pybabel("init", *template_and_catalogues, f"--locale={language}")
    pybabel("compile", f"--directory={CATALOGUES}")


def pybabel(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "--quiet", *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    (ROOT / "build").mkdir(exist_ok=True)
    collect(ROOT / "build" / "messages.pot")
    update(ROOT / "build" / "messages.pot")
