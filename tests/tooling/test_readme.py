"""The README tells the truth about the settings, and names only files that exist."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from campaign.errors import BadSetting
from campaign.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_settings_is_the_settings():
    written = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$", README, re.MULTILINE)
    assert written == [
        (field.metadata["name"], shown(field.default), field.metadata["help"]) for field in fields(Settings)
    ]


def shown(default: object) -> str:
    if default in ("", None):
        return "none"
    if isinstance(default, bool):
        return f"`{int(default)}`"
    if isinstance(default, Path):
        return f"`{default.name}/`"
    return f"`{default}`"


def test_every_link_leads_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


# Where a path that a page names may begin: what everybody knows is left out.
BEGINNINGS = [ROOT / folder for folder in ("", "campaign", "campaign/live", "static/js")]
NAMED = re.compile(
    r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|js|css|html|md|yaml|toml|txt|po)|(?:tests|campaign|deploy|bench)/[\w/]*)(?:: (\w+))?`"
)


def test_every_file_that_is_named_is_there_with_what_it_is_named_for():
    named = 0
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for path, what in NAMED.findall(page.read_text(encoding="utf-8")):
            found = [begin / path for begin in BEGINNINGS if (begin / path).exists()]
            assert found, f"{page.name}: {path}"
            assert not what or any(re.search(rf"\b(def|class) {what}\b", file.read_text()) for file in found), what
            named += 1
    assert named > 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "ten"),
        ("PORT", "70000"),
        ("BOARD_TICK", "0"),
        ("DEVELOPMENT", "maybe"),
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "http://x"),
        ("DATABASE_URL", "sqlite:/x"),
        ("DATABASE_URL", "postgresql://host:port/name"),
        ("REDIS_URL", "redis://host:port/0"),
        ("MAIL_URL", "pigeon://x"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://host:port"),
        ("MAIL_FROM", "Ensemble"),
        ("PUBLIC_URL", "ideas.example.com"),
        ("PUBLIC_URL", "https://"),
        ("DEMO_ACTIVITY", "perhaps"),
        ("SECRET_KEY", "short"),
        ("TIMEZONE", "Mars/Olympus"),
        ("SIGN_IN_ATTEMPTS", "0"),
        ("PROXIES", "-1"),
        ("UPLOADS_PER_DAY", "0"),
        ("UPLOADS_PER_DAY", "a lot"),
    ],
)
def test_nonsense_stops_the_start_and_names_the_setting(name, value):
    with pytest.raises(BadSetting, match=f"^{name} must "):
        Settings.from_environment({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "hunter2"),
        ("DATABASE_URL", "postgresql://ana:hunter2/@host/name"),
        ("MAIL_URL", "smtp://ana:hunter2/@host"),
        ("REDIS_URL", "redis://:hunter2#@host"),
    ],
)
def test_a_secret_is_never_in_a_sentence(name, value):
    with pytest.raises(BadSetting) as error:
        Settings.from_environment({name: value})
    assert "hunter2" not in str(error.value)


def test_a_secret_is_never_shown():
    assert "k" * 40 not in repr(Settings(secret_key="k" * 40))


def test_a_secret_is_made_once_and_kept_for_its_owner(tmp_path):
    settings = Settings(instance=tmp_path)
    assert settings.secret() == settings.secret()
    assert len(settings.secret()) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
