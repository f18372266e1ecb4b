"""Set-up says in one sentence what it lacks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import set_up
import vendor

from campaign.settings import ROOT

OLD = "import sys; sys.version_info = (3, 9, 18); exec(sys.argv[1])"
WITHOUT_VENV = "import sys; sys.modules['ensurepip'] = None; exec(sys.argv[1])"
NOBODY = "http://127.0.0.1:9"  # Port 9 is "discard": nothing listens there.


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy that was never set up, where a path is hardest."""
    place = tmp_path / "été à deux"
    shutil.copytree(ROOT / "deploy", place / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", *set_up.LOCKS.values(), "package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, place)
    return place


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with what every machine has, and no Python."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname"):
        (programs / name).symlink_to(shutil.which(name))
    return programs


def give_python(machine: Path, name: str, behaviour: str) -> None:
    program = machine / name
    program.write_text(f'#!/bin/sh\nexec \'{sys.executable}\' -c "{behaviour}" "$2"\n')
    program.chmod(0o755)


def set_up_in(place: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [place / "deploy" / "set-up", "run"], env=environment, capture_output=True, text=True, check=False
    )


def test_a_machine_without_python_is_told_so(place, machine):
    refused = set_up_in(place, PATH=str(machine))
    assert refused.returncode == 1
    assert refused.stderr.startswith("Ensemble needs Python 3.11 or newer, and none was found")
    assert refused.stderr.count("\n") == 1


def test_an_old_python_is_refused_by_its_version(place, machine):
    give_python(machine, "python3", OLD)
    refused = set_up_in(place, PATH=str(machine))
    assert refused.returncode == 1
    assert refused.stderr.startswith("Ensemble needs Python 3.11 or newer, and this machine has 3.9")
    assert refused.stderr.count("\n") == 1


def test_a_python_without_venv_is_refused_with_what_to_install(place, machine):
    give_python(machine, "python3", WITHOUT_VENV)
    refused = set_up_in(place, PATH=str(machine))
    assert refused.returncode == 1
    assert "apt-get install python3-venv" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_python_registry_that_does_not_answer_is_named(place):
    refused = set_up_in(
        place, PATH=os.environ["PATH"], HOME=str(place), PIP_INDEX_URL=NOBODY, PIP_CONFIG_FILE=os.devnull
    )
    assert refused.returncode == 1
    assert refused.stderr == (
        "The Python packages could not be installed: the package registry did not answer. "
        "Check the connection and run make again.\n"
    )


def test_an_npm_registry_that_does_not_answer_is_named(place, monkeypatch):
    monkeypatch.setattr(set_up, "ROOT", place)
    monkeypatch.setattr(set_up, "STAMPS", place / "stamps")
    monkeypatch.setenv("npm_config_registry", NOBODY)
    monkeypatch.setenv("npm_config_cache", str(place / "cache"))
    with pytest.raises(set_up.Stop, match=r"browser packages .* the package registry did not answer"):
        set_up.browser_packages()


def test_a_full_disk_is_refused_before_it_is_filled(monkeypatch):
    usage = shutil.disk_usage(ROOT)._replace(free=120_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(set_up.Stop, match=r"needs about 450 MB of disk space, and .* has 120 MB left"):
        set_up.need_space(450)


def test_a_folder_of_somebody_else_is_refused_before_anything_is_made(monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: path != ROOT)  # The tests may run as root, who may all.
    with pytest.raises(SystemExit, match=rf"^Set-up may not write {ROOT}: make the folder yours and run make again\.$"):
        set_up.begin("run")


def test_what_is_missing_half_way_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    monkeypatch.setattr(set_up, "environment", lambda: None)
    with pytest.raises(SystemExit) as stopped:
        set_up.begin("run")
    assert str(stopped.value).startswith(
        f"Set-up stopped at {tmp_path / 'requirements-dev.lock'}: No such file or directory. "
    )


def test_a_step_is_done_again_only_when_its_input_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(set_up, "STAMPS", tmp_path / "stamps")
    made = tmp_path / "made"
    done = []

    def do() -> None:
        done.append("done")
        made.touch()

    set_up.step("step", "input", do, makes=[made])
    set_up.step("step", "input", do, makes=[made])
    assert len(done) == 1
    set_up.step("step", "other input", do, makes=[made])
    assert len(done) == 2
    made.unlink()
    set_up.step("step", "other input", do, makes=[made])
    assert len(done) == 3


def test_every_icon_is_in_the_sprite_and_an_unknown_one_is_named():
    assert '<symbol id="heart" viewBox="0 0 24 24"><path' in vendor.sprite(["heart"])
    assert "stroke" not in vendor.sprite(["heart"])
    with pytest.raises(vendor.NoSuchIcon, match="names unicorn-horn"):
        vendor.sprite(["unicorn-horn"])


def test_reference_libraries_come_into_an_environment_of_their_own(tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr(set_up, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(set_up, "ORACLES", tmp_path / "oracles")
    monkeypatch.setattr(set_up, "run", lambda failure, *command: commands.append([str(part) for part in command]))
    set_up.oracles()
    making, installing = commands
    assert making[1:] == ["-m", "venv", "--clear", str(tmp_path / "oracles")]
    assert installing[0] == str(tmp_path / "oracles" / "bin" / "python")
    assert installing[-3:] == ["--require-hashes", "-r", str(ROOT / "requirements-oracles.lock")]
