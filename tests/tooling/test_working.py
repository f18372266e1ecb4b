"""The worker beside the server: there as long as the server, again when it died, and never twice."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from campaign import create_app, mail
from campaign.extensions import db, socketio
from campaign.ideas.embedding import MODEL
from campaign.ideas.models import IdeaEmbedding
from campaign.live import bus, presence
from tests.campaign_cast import stage, suggest
from tests.cast import settle

pytestmark = pytest.mark.one_database


def commands() -> dict[int, tuple[int, str]]:
    """Every process: its parent, and what it was started as."""
    said = subprocess.run(["ps", "-ewwo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 2) for line in said.splitlines())
    return {int(pid): (int(parent), words) for pid, parent, words in rows}


def children(server) -> dict[str, int]:
    """The children of the server by what they are, `web` and `worker`. One just born is still called what its parent is."""
    found = [(pid, words) for pid, (parent, words) in commands().items() if parent == server.process.pid]
    by_kind = {"worker" if " work --beside " in words else "web": pid for pid, words in found}
    assert sum(" work --beside " in words for _pid, words in found) <= 1, found
    return by_kind if len(by_kind) == len(found) else {}


def until(happens, patience: float = 30.0):
    deadline = time.monotonic() + patience
    while not (result := happens()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
    return result


def test_a_worker_that_is_killed_is_started_again_and_finds_what_waited(serve):
    with serve(WORKER="1") as server, server.app.app_context():
        before = until(lambda: len(now := children(server)) == 2 and now)
        people = settle(server.app)
        idea = suggest(server.app, campaign := stage(server.app), people["bea"])
        os.kill(before["worker"], signal.SIGKILL)
        db.session.add(IdeaEmbedding(idea_id=idea, campaign_id=campaign))  # And nobody is woken.
        db.session.commit()

        def made():
            db.session.rollback()
            return db.session.scalar(db.select(IdeaEmbedding.model).where(IdeaEmbedding.vector.is_not(None)))

        assert until(made) == MODEL
        after = until(lambda: children(server))
        assert after["web"] == before["web"]
        assert after["worker"] != before["worker"]

        words = [Path(sys.executable).parent / "campaign", "work"]
        with subprocess.Popen(words, env=os.environ | server.environment, stdout=subprocess.PIPE, text=True) as second:
            assert second.stdout.readline() == "Another worker has this folder; this one waits for its end.\n"
            second.terminate()
        assert second.returncode == 0


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_the_worker_ends_with_the_server(serve, sign):
    with serve(WORKER="1") as server:
        family = until(lambda: len(now := children(server)) == 2 and now)
        server.process.send_signal(sign)
        server.process.wait(10)
        until(lambda: not set(family.values()) & commands().keys(), 10)


def test_a_command_hears_nobody_and_leaves_mail_that_waits_to_the_server(settings, monkeypatch):
    begun = []
    monkeypatch.setattr(socketio, "start_background_task", lambda work, *given: begun.append(work))
    monkeypatch.setattr(bus, "_outbox", None)
    given = dataclasses.replace(settings, redis_url="redis://localhost:1/0", mail_url="smtp://localhost:1")
    stays = {bus._listen, presence.keep_telling, mail.keep_sending}
    create_app(given)
    assert bus._keep_sending in begun, "what it changes is told"
    assert not stays & set(begun)
    create_app(given, serving=True)
    assert stays <= set(begun)
