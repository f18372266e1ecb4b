"""What measurements leave: each in its own place, until it runs again."""

import json
from datetime import UTC, datetime

import pytest

from bench import results
from bench.results import Result, known, write


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FILE", tmp_path / "results.json")
    return results.FILE


def test_a_measurement_takes_the_place_of_its_own_figures_only(file):
    idle, slow = Result("memory", 4.3, "KB", "≤ 10 KB", True), Result("the same: dropped", 0, "people", "none", True)
    write("idle", [idle, slow])
    write("votes", [Result("durable votes", 7000, "votes/s", "", None), slow])
    write("votes", [Result("durable votes", 8000, "votes/s", "", None)])
    assert known() == [idle, slow, Result("durable votes", 8000, "votes/s", "", None)]
    assert [row["measurement"] for row in json.loads(file.read_text())] == ["idle", "idle", "votes"]
    assert {row["date"] for row in json.loads(file.read_text())} == {datetime.now(UTC).date().isoformat()}
