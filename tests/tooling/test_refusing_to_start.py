"""What stands in the way of a start is one sentence for the operator."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from campaign.command import command
from tests.databases import migrate
from tests.servers import OURS, free_port


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture
def refused(instance, monkeypatch):
    """What `campaign serve` says when it doesn't start, by what it does first: `refused(PORT="80")`."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)

    def refused(**environment: object) -> str:
        given = {"INSTANCE": instance, "PORT": free_port(), **environment}
        answer = CliRunner().invoke(command, ["prepare"], env={name: str(value) for name, value in given.items()})
        assert answer.exit_code == 1
        assert answer.output.startswith("Error: "), answer.exception
        assert answer.output.count("\n") == 1
        return answer.output.removeprefix("Error: ").rstrip("\n")

    return refused


def test_nonsense_in_a_setting_is_named(refused):
    assert refused(PORT="ten") == "PORT must be a number, not 'ten'."


@pytest.mark.parametrize(
    "words", [["export", "soda"], ["replay", "soda"], ["import", "csv", "ideas.csv", "--brand", "soda"]]
)
def test_nonsense_in_a_setting_is_named_by_every_command(words):
    answer = CliRunner().invoke(command, words, env={"PORT": "ten"})
    assert (answer.exit_code, answer.output) == (1, "Error: PORT must be a number, not 'ten'.\n")


def test_a_port_in_use_is_named(refused):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(PORT=port)
    assert said == (
        f"127.0.0.1:{port} can't be listened on (Address already in use). Choose another port: PORT=5001 make run"
    )


@pytest.mark.parametrize("host", ["300.1.1.1", "192.0.2.1", "[::1]"])
def test_an_address_that_is_not_this_machines_is_named(refused, host):
    said = refused(HOST=host, PORT=5999)
    assert said.startswith(f"{host}:5999 can't be listened on (")
    assert said.endswith("). HOST must be an address of this machine.")


def test_a_folder_that_can_not_be_made_is_named(refused, tmp_path):
    file = tmp_path / "file"
    file.touch()
    assert refused(INSTANCE=file) == f"{file} can't be used: File exists."
    assert refused(INSTANCE=file / "below") == f"{file / 'below'} can't be used: Not a directory."


def test_a_full_disk_is_named(refused, instance, monkeypatch):
    usage = shutil.disk_usage(instance)._replace(free=7 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert refused() == f"{instance} has 7 MB left; at least 50 MB are needed."


def test_a_file_that_is_no_database_is_named(refused, instance):
    (instance / "ensemble.sqlite").write_text("whatever its name says")
    assert refused() == "The database can't be used: file is not a database"


def test_a_database_of_a_newer_version_is_named(refused, instance):
    migrate(f"sqlite:///{instance / 'ensemble.sqlite'}", instance)
    with sqlite3.connect(instance / "ensemble.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    assert refused() == (
        "The database is of another version of Ensemble, a newer one perhaps: Can't locate revision identified by 'later'."
    )


def test_a_database_that_does_not_answer_is_named(refused):
    said = refused(DATABASE_URL="postgresql://127.0.0.1:9/x")  # Port 9 is "discard": nothing listens there.
    assert said.startswith("The database can't be used: ")
    assert "Connection refused" in said


def served(instance: Path, port: int, *options: str) -> tuple[int, str]:
    """How a real `campaign serve` ended, and all that it said."""
    surroundings = {name: value for name, value in os.environ.items() if name not in OURS}
    ended = subprocess.run(
        [Path(sys.executable).parent / "campaign", "serve", *options],
        env=surroundings | {"INSTANCE": str(instance), "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout


def test_the_server_ends_with_that_sentence_and_nothing_else(instance):
    (instance / "ensemble.sqlite").write_text("whatever its name says")
    assert served(instance, free_port()) == (1, "Error: The database can't be used: file is not a database\n")


def test_the_server_does_not_open_where_another_does(instance):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = served(instance, port, "--demo")
    assert code == 1
    assert said.startswith(f"Error: 127.0.0.1:{port} can't be listened on (Address already in use).")
    assert said.count("\n") == 1
    assert not list(instance.iterdir())
