"""A file that was kept is there after a power cut: its bytes, and the name that leads to them."""

import os
from pathlib import Path

from campaign.storage import keep_file


def test_a_file_and_its_name_are_on_the_disk_before_anybody_is_told(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    files = tmp_path / "files"
    keep_file(files, "one.webp", b"1")
    assert synced == [tmp_path, files / "one.webp.part", files]
    del synced[:]
    keep_file(files, "two.webp", b"2")
    assert synced == [files / "two.webp.part", files]
    assert sorted(file.name for file in files.iterdir()) == ["one.webp", "two.webp"]
