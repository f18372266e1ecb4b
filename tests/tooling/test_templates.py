"""Every template compiles, and keeps what the content security policy asks."""

import re
from pathlib import Path

import pytest

from campaign import create_app
from campaign.settings import ROOT, Settings

TEMPLATES = sorted(
    path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*") if path.is_file()
)


@pytest.fixture(scope="module")
def jinja(tmp_path_factory: pytest.TempPathFactory):
    instance = tmp_path_factory.mktemp("instance")
    return create_app(Settings.from_environment({"INSTANCE": str(instance)})).jinja_env


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_compiles(jinja, template):
    jinja.get_template(template)


@pytest.mark.parametrize("template", [name for name in TEMPLATES if not name.startswith("mail/")])
def test_a_template_has_no_inline_style_or_script(template):
    text = Path(ROOT, "templates", template).read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", text)
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", text):
        assert "nonce=" in tag or " src=" in tag, tag
