"""The key that signs sessions is made once, whole, and for its owner only."""

import os
from pathlib import Path

import pytest

from campaign.settings import Settings


@pytest.fixture
def here(tmp_path):
    return Settings(instance=tmp_path)


def test_a_key_is_made_once_and_kept_for_its_owner(here, tmp_path):
    made = here.secret()
    assert len(made) >= 32
    assert here.secret() == made
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("left", ["", "\n", "half of a k"])
def test_what_a_crash_left_of_a_key_is_no_key(here, tmp_path, left):
    (tmp_path / "secret_key").write_text(left)
    made = here.secret()
    assert len(made) >= 32
    assert here.secret() == made


def test_a_given_key_is_taken_as_it_is(tmp_path):
    assert Settings(instance=tmp_path, secret_key="x" * 32).secret() == "x" * 32
    assert list(tmp_path.iterdir()) == []


def test_the_key_and_its_name_are_on_the_disk_before_it_is_used(here, tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    here.secret()
    assert synced == [tmp_path / f"secret_key.{os.getpid()}", tmp_path]
