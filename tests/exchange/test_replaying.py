"""Ballots of a file are cast once more, by real clients on a real server, and add up to the file's totals."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import socketio

from campaign.accounts.models import ApiToken, Person
from campaign.campaigns.models import Campaign, Closing
from campaign.clock import now
from campaign.errors import Refused
from campaign.exchange import replaying
from campaign.exchange.ballots import Act
from campaign.exchange.budgets import pabulib_ballots
from campaign.exchange.conversations import polis_ballots
from campaign.exchange.readers import pabulib, polis
from campaign.exchange.replaying import PAUSES, check_server
from campaign.extensions import db
from campaign.ideas.actions import GONE
from campaign.ideas.models import Idea, Withdrawal
from campaign.live import board_seq
from campaign.votes import actions as votes
from campaign.votes.models import BallotEntry, Vote
from tests.exchange.conftest import ELECTION
from tests.servers import free_port
from tests.voting import cast_vote


@pytest.fixture
def here(serve, database_url):
    with serve(DATABASE_URL=database_url) as server:
        yield server


@pytest.fixture
def street(here, run, election):
    """A campaign made of the election, on a running server. `street(…)` replays."""
    done = run("import", "pabulib", election, "--brand", "town", "--slug", "street", environment=here.environment)
    assert done.returncode == 0, done.stderr

    def replay(*arguments, ballots=election):
        return run(
            *("replay", "street", "--ballots", ballots, "--url", here.url, "--speed", "0", *arguments),
            environment=here.environment,
        )

    return replay


def totals(server):
    with server.app.app_context():
        rows = db.session.execute(db.select(Idea.key, Idea.votes).order_by(Idea.id)).all()
        assert sum(votes for _key, votes in rows) == db.session.scalar(db.select(db.func.count()).select_from(Vote))
        return dict(rows)


# What is replayed


def test_the_ballots_of_a_budget_are_votes_with_ids_of_their_own(election):
    replayed = pabulib_ballots(pabulib.read(election), "street")
    assert replayed.expected == {"pabulib-p1": 2, "pabulib-p2": 3, "pabulib-p3": 0}
    assert [(act.event, act.key, act.id) for act in replayed.ballots[1].acts] == [
        ("vote.cast", "pabulib-p1", "replay-street-11-p1"),
        ("vote.cast", "pabulib-p2", "replay-street-11-p2"),
    ]
    ids = [act.id for ballot in replayed.ballots for act in ballot.acts]
    assert len(set(ids)) == 5
    assert all(8 <= len(id) <= 64 and id.isascii() for id in ids)  # Also élise's.


def test_who_stops_agreeing_takes_the_vote_back(conversation):
    replayed = polis_ballots(polis.read(conversation), "talk")
    acts = [(ballot.voter, act.event, act.key) for ballot in replayed.ballots for act in ballot.acts]
    assert acts == [
        ("3", "vote.cast", "polis-5"),
        ("9", "vote.cast", "polis-5"),
        ("9", "vote.withdraw", "polis-5"),
        ("3", "vote.cast", "polis-7"),
    ]
    assert replayed.expected == {"polis-5": 1, "polis-7": 1}
    assert len({act.id for ballot in replayed.ballots for act in ballot.acts}) == 4


# The replay


def test_a_replay_gives_the_totals_of_the_file_and_a_second_one_changes_nothing(here, street):
    done = street()
    assert done.returncode == 0, done.stderr
    assert "2 of 4 ballots cast (50 %).\n" in done.stdout
    assert "4 ballots with 5 votes" in done.stdout
    assert "3 of 3 projects have the total of the file." in done.stdout
    assert totals(here) == {"pabulib-p1": 2, "pabulib-p2": 3, "pabulib-p3": 0}
    with here.app.app_context():
        campaign = db.session.scalars(db.select(Campaign)).one()
        before = board_seq(campaign.board), db.session.scalar(db.select(db.func.count(BallotEntry.id)))
        voters = db.session.scalar(db.select(db.func.count(Person.id)))

    assert street("--clients", "1").returncode == 0
    with here.app.app_context():
        assert before == (board_seq(campaign.board), db.session.scalar(db.select(db.func.count(BallotEntry.id))))
        assert voters == db.session.scalar(db.select(db.func.count(Person.id)))
        assert db.session.scalar(db.select(ApiToken.id)) is None  # No key stays behind.
        assert not any(db.session.scalars(db.select(Person.password_hash)))


@pytest.mark.one_database
def test_who_watches_sees_that_the_voters_are_there(here, street):
    told, watcher = [], socketio.Client(reconnection=False)
    watcher.on("board.changed", lambda change: told.append(change["counts"]["people"]))
    watcher.connect(here.url, transports=["websocket"])
    try:
        assert watcher.call("board.watch", {"campaign": "street"})["ok"]
        assert street("--speed", "10").returncode == 0
    finally:
        watcher.disconnect()
    assert max(told) > 1


@pytest.mark.one_database
def test_a_conversation_is_replayed_with_its_changes_of_mind(here, run, conversation):
    run("import", "polis", conversation, "--brand", "town", "--slug", "talk", environment=here.environment)
    done = run(
        *("replay", "talk", "--polis", conversation, "--url", here.url, "--speed", "0"),
        environment=here.environment,
    )
    assert done.returncode == 0, done.stderr
    assert "2 of 2 statements have the total of the file." in done.stdout
    assert totals(here) == {"polis-5": 1, "polis-7": 1}


def test_what_one_voter_does_keeps_its_order(here, run, conversation):
    moods = "".join(f"{1500000020000 + time},,5,9,{1 if time % 2 else -1}\n" for time in range(31))
    with (conversation / "votes.csv").open("a") as votes:
        votes.write(moods)
    run("import", "polis", conversation, "--brand", "town", "--slug", "talk", environment=here.environment)
    done = run(
        *("replay", "talk", "--polis", conversation, "--url", here.url, "--speed", "0"),
        environment=here.environment,
    )
    assert done.returncode == 0, done.stderr
    with here.app.app_context():
        book = db.session.execute(
            db.select(BallotEntry.act, BallotEntry.key)
            .where(BallotEntry.key.startswith("replay-talk-9-5"))
            .order_by(BallotEntry.id)
        )
        assert [act for act, _key in book] == ["cast", "withdraw"] * 16


@pytest.mark.one_database
def test_ballots_leave_at_the_speed_that_was_asked_for(street):
    done = street("--speed", "2")
    seconds = float(re.search("4 ballots with 5 votes in ([0-9.]+) s", done.stdout)[1])
    assert seconds >= 1.5  # The fourth leaves a second and a half after the first.


@pytest.mark.one_database
def test_each_difference_is_named(here, street, tmp_path):
    boasting = tmp_path / "boasting.pb"
    boasting.write_text(ELECTION.replace("p3;120.50;0;", "p3;120.50;9;"))
    with here.app.app_context():
        stranger = Person(email="ana@example.org", name="Ana")
        db.session.add(stranger)
        cast_vote(db.session.scalars(db.select(Idea).filter_by(key="pabulib-p1")).one(), stranger, "by-herself")
        db.session.commit()

    done = street(ballots=boasting)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "pabulib-p1 “Un banc face au soleil”: 2 in the file, 3 on the board, 1 of them by people who are not from the file",
        "pabulib-p3 “Étagère à livres”: 9 in the file, 0 on the board",
    ]
    assert "1 of 3 projects have the total of the file." in done.stdout


@pytest.mark.one_database
def test_what_is_refused_for_good_is_not_tried_again(here, street):
    street()
    with here.app.app_context():
        entry = db.session.scalars(db.select(BallotEntry)).first()
        entry.act = "withdraw"  # The same id is known, for something else.
        db.session.commit()
    done = street()
    assert "Not stored: pabulib-p" in done.stderr
    assert float(re.search(r"4 ballots .* in ([0-9.]+) s", done.stdout)[1]) < sum(PAUSES)


def test_whatever_the_ballot_box_refuses_is_refused_for_good():
    told = [refusal for refusal in vars(votes).values() if isinstance(refusal, type) and issubclass(refusal, Refused)]
    codes = {refusal.code for refusal in (*told, *GONE.values()) if refusal is not Refused}
    assert {"voting_closed", "name_untold", "suspended", "idea_expired"} <= codes
    assert codes - replaying.NO_USE == {"idea_unseen"}  # A moderator may bring it back.


@pytest.mark.one_database
@pytest.mark.parametrize("code", ["no_vote_left", "voted_by_ballot", "name_untold"])
def test_what_the_stage_never_takes_is_asked_once(monkeypatch, code):
    replay, asked = replaying.Replay("http://localhost:1", "street", {}, {}, 1), []

    def refuse(voter, act):
        asked.append(act)
        return {"ok": False, "error": {"code": code, "message": "No."}}

    monkeypatch.setattr(replay, "_ask", refuse)
    monkeypatch.setattr(replaying, "PAUSES", (0, 0))
    assert replay._do("11", Act("vote.cast", "pabulib-p1", "an-act-of-11")) == "No."
    assert len(asked) == 1


@pytest.mark.one_database
def test_a_replay_goes_on_when_the_server_comes_back(here, street, serve, database_url, run, election):
    """Killed without warning in the middle, and started again: every vote is there once."""
    log = here.log.with_name("replay")
    command = [Path(sys.executable).parent / "campaign", "replay", "street", "--ballots", election, "--url", here.url]
    with log.open("w") as out:
        replay = subprocess.Popen(
            [*map(str, command), "--speed", "1"], env=os.environ | here.environment, stdout=out, stderr=out
        )
    _wait_for_a_vote(here, unless=lambda: replay.poll() is not None)
    os.killpg(here.process.pid, signal.SIGKILL)
    here.process.wait()
    with serve(**here.environment):
        assert replay.wait(timeout=60) == 0, log.read_text()
    assert "3 of 3 projects" in log.read_text()
    assert totals(here) == {"pabulib-p1": 2, "pabulib-p2": 3, "pabulib-p3": 0}


def _wait_for_a_vote(server, unless=lambda: False):
    deadline = time.monotonic() + 60
    while not _votes(server) and not unless():
        assert time.monotonic() < deadline, "nobody voted"
        time.sleep(0.1)


def _votes(server):
    with server.app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(Vote))


@pytest.mark.one_database
def test_a_server_that_goes_away_is_said_in_one_sentence(here, street):
    killer = threading.Thread(target=_kill_after_the_first_vote, args=(here,))
    killer.start()
    done = street("--speed", "1")
    killer.join()
    assert done.returncode == 1
    assert f"The server at {here.url} stopped answering after" in done.stderr
    assert "Traceback" not in done.stderr
    with here.app.app_context():
        assert db.session.scalar(db.select(ApiToken.id)) is None


def _kill_after_the_first_vote(server):
    _wait_for_a_vote(server)
    with suppress(ProcessLookupError):
        os.killpg(server.process.pid, signal.SIGKILL)


# What can't be replayed


@pytest.mark.one_database
def test_a_server_that_is_not_there_is_said_in_one_sentence(run, election):
    run("import", "pabulib", election, "--brand", "town", "--slug", "street")
    url = f"http://127.0.0.1:{free_port()}"
    done = run("replay", "street", "--ballots", election, "--url", url)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: No Ensemble answers at {url}.")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.one_database
def test_a_server_with_another_database_is_recognised(here, run, election):
    run("import", "pabulib", election, "--brand", "town", "--slug", "street")
    elsewhere = {"INSTANCE": f"{here.environment['INSTANCE']}-other"}
    run("import", "pabulib", election, "--brand", "town", "--slug", "street", environment=elsewhere)
    done = run("replay", "street", "--ballots", election, "--url", here.url, environment=elsewhere)
    assert done.returncode == 1
    assert "doesn’t know these voters" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.one_database
def test_a_campaign_that_takes_no_votes_is_refused(app, run, election):
    run("import", "pabulib", election, "--brand", "town", "--slug", "street")
    done = run("replay", "elsewhere", "--ballots", election)
    assert done.stderr == "Error: There is no campaign 'elsewhere'.\n"
    with app.app_context():
        campaign = db.session.scalars(db.select(Campaign)).one()
        campaign.closing = Closing(by_id=campaign.publication.by_id, at=now())
        db.session.commit()
    done = run("replay", "street", "--ballots", election)
    assert done.stderr == "Error: The campaign “street” takes no votes: it was closed.\n"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"names_voters": True}, "it lists voters by name, and the voters of a file have agreed to nothing"),
        (
            {"asks_first": {"vote": {"age": 18}}},
            "it asks voters to verify something first, and the voters of a file can’t",
        ),
    ],
)
def test_a_campaign_that_would_refuse_every_voter_of_a_file_is_refused(app, run, election, given, why):
    run("import", "pabulib", election, "--brand", "town", "--slug", "street")
    with app.app_context():
        campaign = db.session.scalars(db.select(Campaign)).one()
        for name, value in given.items():
            setattr(campaign, name, value)
        db.session.commit()
    done = run("replay", "street", "--ballots", election)
    assert done.stderr == f"Error: The campaign “street” takes no votes: {why}.\n"


@pytest.mark.one_database
def test_a_file_that_doesnt_fit_the_campaign_is_refused(app, run, election, conversation):
    run("import", "polis", conversation, "--brand", "town", "--slug", "talk")
    done = run("replay", "talk", "--ballots", election)
    assert done.returncode == 1
    assert "3 of 3 ideas are not on its board (pabulib-p1, pabulib-p2, pabulib-p3)" in done.stderr
    with app.app_context():
        idea = db.session.scalars(db.select(Idea).filter_by(key="polis-5")).one()
        idea.withdrawal = Withdrawal(reason="Said before.")
        db.session.commit()
    assert "1 of 2 ideas are not on its board (polis-5)" in run("replay", "talk", "--polis", conversation).stderr


@pytest.mark.one_database
def test_either_ballots_or_a_conversation_are_asked_for(run, election):
    run("import", "pabulib", election, "--brand", "town", "--slug", "street")
    done = run("replay", "street")
    assert done.returncode == 2
    assert "Say either --ballots FILE or --polis DIR." in done.stderr


@pytest.mark.one_database
def test_a_server_on_this_machine_is_found_where_a_proxy_is_set(server, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    check_server(server.url)
