"""Small files of each kind, and the command that reads them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from campaign.command import command
from tests.servers import OURS

ELECTION = """META
key;value
description;Ideas for our street
country;France
unit;Villefleur
instance;2025
num_projects;3
num_votes;4
budget;20000
vote_type;approval
min_length;1
max_length;2
currency;EUR
PROJECTS
project_id;cost;votes;name;category;district
p1;4000.0;2;Un banc face au soleil;Rue;Nord
p2;7500;3;"Une aire de jeux ""OASIS""; avec des arbres";Nature;Nord
p3;120.50;0;Étagère à livres;;Sud
VOTES
voter_id;vote
9;p2
11;p1,p2
12; p2
élise;p1
"""

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000002000,,7,4,1,0,1,"More benches, please."
1500000001000,,5,3,2,1,0,Fewer cars.
1500000003000,,8,4,0,0,-1,This is an advertisement.
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1500000010000,,5,3,1
1500000011000,,5,9,1
1500000012000,,7,9,-1
1500000013000,,5,9,0
1500000014000,,7,3,0
1500000015000,,7,3,1
1500000016000,,8,3,1
"""
SUMMARY = """topic,What does our street need?
url,https://example.org/street
conversation-description,Say it in one sentence.
"""

IDEAS = """title;text;author_name;author_email;category;tags;cost;place;language;submitted_at
Un comptoir à hauteur de fauteuil;Deux mètres à 80 cm.;Ousmane D.;;Boutique;comptoir|accueil;1200.50;Lyon;fr;2021-01-02
A refill wall;Bring your own tin;Hannah F.;hannah@example.org;Shop;;;;en;2021-01-01T10:00:00+01:00
Quieter music;;;;;;;;;
"""


@pytest.fixture
def election(tmp_path: Path) -> Path:
    path = tmp_path / "street.pb"
    path.write_text(ELECTION)
    return path


@pytest.fixture
def conversation(tmp_path: Path) -> Path:
    folder = tmp_path / "street"
    folder.mkdir()
    for name, text in (("comments", COMMENTS), ("votes", VOTES), ("summary", SUMMARY)):
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture
def spreadsheet(tmp_path: Path) -> Path:
    path = tmp_path / "ideas.csv"
    path.write_text(IDEAS)
    return path


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    """`run("export", "soda")` on this test's database; with `environment=…` on another."""

    def run(*arguments: object, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        given = environment or {"DATABASE_URL": database_url, "INSTANCE": str(tmp_path / "instance")}
        words = [str(argument) for argument in arguments]
        return (_in_a_process if words[0] == "replay" else _here)(words, given)

    return run


def _here(words: list[str], given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    surroundings = {**dict.fromkeys(OURS), **given}
    done = CliRunner().invoke(command, words, env=surroundings, catch_exceptions=False)
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def _in_a_process(words: list[str], given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """As an operator starts it. The clients of a replay need gevent before anything else is imported."""
    surroundings = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [str(Path(sys.executable).parent / "campaign"), *words],
        env=surroundings | given,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def exported(run: Run) -> Callable[[str], dict]:
    """A campaign as `campaign export` tells it."""
    return lambda slug: json.loads(run("export", slug).stdout)
