"""Styles and scripts are looked up once, and in development whenever somebody works on them."""

from pathlib import Path

import pytest

from campaign.assets import Assets


@pytest.fixture
def static(tmp_path):
    for name, text in (("css/a.css", "a{}"), ("js/board.js", "1"), ("icons.svg", "<svg/>")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def everything(assets):
    return [assets.url("css/ensemble.css"), assets.url("icons.svg"), assets.stylesheet(), assets.import_map()]


def test_a_page_costs_no_look_at_the_disk(static, monkeypatch):
    assets = Assets(static, watch=False)
    first = everything(assets)

    def look(*args, **kwargs):
        raise AssertionError("the disk was looked at")

    with monkeypatch.context() as until_here:  # The test's own tools look at the disk as well.
        for act in ("glob", "stat", "is_file", "read_bytes", "read_text"):
            until_here.setattr(Path, act, look)
        again = everything(assets)
    assert again == first


def test_in_development_every_change_is_seen(static):
    assets = Assets(static, watch=True)
    first = everything(assets)
    for name in ("css/a.css", "js/board.js", "icons.svg"):
        (static / name).write_text("something else")
    assert all(before != after for before, after in zip(first, everything(assets), strict=True))


def test_what_is_not_there_has_an_address_nevertheless(static):
    assert Assets(static, watch=False).url("nothing.js") == "/static/nothing.js?v=0"
