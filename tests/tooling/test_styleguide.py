"""The style guide stays whole: it renders, and no stylesheet's component is missing from it."""

import dataclasses
import re

import pytest

from campaign import create_app
from campaign.extensions import db
from campaign.settings import ROOT, Settings

# Files of type and of whole pages, which the guide leads to or stands in, and of what nobody sees.
PAGES = {"_layers", "base", "error-page", "fonts", "guest", "home", "no-robot", "reset", "simulation", "tokens"}
SHEETS = sorted(path.stem for path in (ROOT / "static" / "css").glob("*.css") if path.stem not in PAGES)


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> str:
    instance = tmp_path_factory.mktemp("instance")
    app = create_app(dataclasses.replace(Settings.from_environment({"INSTANCE": str(instance)}), development=True))
    with app.app_context():
        db.create_all()
    answer = app.test_client().get("/styleguide")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_component_is_in_the_guide(guide, sheet):
    css = (ROOT / "static" / "css" / f"{sheet}.css").read_text(encoding="utf-8")
    # Only what the sheet itself names first: what it nests may be a component of another.
    components = {name.split("__")[0] for name in re.findall(r"^  \.([a-z-]+)", css, re.MULTILINE)} | set(
        re.findall(r"^  ([a-z]+-[a-z-]+)\b", css, re.MULTILINE)
    )
    shown = {name.split("__")[0] for names in re.findall(r'class="([^"]+)"', guide) for name in names.split()}
    shown |= set(re.findall(r"<([a-z]+-[a-z-]+)", guide))
    assert components & shown


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_rule_styles_whatever_follows(sheet):
    """A browser must then style all of a list anew when one thing in it moves; inside of one component it may."""
    css = (ROOT / "static" / "css" / f"{sheet}.css").read_text(encoding="utf-8")
    assert not re.search(r"(?<!> \*) [+~] \*", css)
