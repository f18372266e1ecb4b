"""The file of very many ballots is written by a worker, once, and kept for all who ask."""

from datetime import timedelta

import pytest

from campaign.clock import now
from campaign.doubts.actions import decide
from campaign.doubts.looking import look
from campaign.extensions import db
from campaign.ledger import ballot_files
from campaign.ledger.access import check_complete
from campaign.ledger.ballot_files import file_of, write_what_is_asked_for
from campaign.ledger.exporting import as_lines
from campaign.ledger.models import BallotFile, BookReading
from campaign.votes.models import Vote
from tests.calendars import until
from tests.cast import browser_of

FILE = "/campaigns/cans/log/export"
AS_PROGRAM = {"Accept": "application/json"}


@pytest.fixture
def over(scene, monkeypatch):
    """Voting is over, and there are more ballots than are told at once."""
    monkeypatch.setattr(ballot_files, "FEW", 10)
    end = now() - timedelta(seconds=1)
    until(scene.campaign, ideas_until=end, votes_until=end)
    db.session.commit()
    return scene


@pytest.fixture
def ask(app):
    return lambda: browser_of(app).get(FILE, headers=AS_PROGRAM, buffered=True)


def test_whoever_asks_first_hears_when_it_will_be_there_and_a_worker_writes_it(over, ask):
    refused = ask()
    assert (refused.status_code, refused.json["error"]["code"]) == (503, "being_written")
    assert int(refused.headers["Retry-After"]) > 0
    assert "0 of 16 so far" in refused.json["error"]["message"]
    write_what_is_asked_for()
    there = ask()
    assert there.status_code == 200
    assert there.headers["Content-Disposition"] == "attachment; filename=cans-ballots.jsonl"
    assert there.text == "".join(as_lines(over.log))
    assert there.text.count("\n") == 17


def test_it_is_written_once_however_many_ask_and_no_ballot_is_read_where_people_vote(over, ask, queries):
    with queries() as asked:
        ask()
        ask()
    assert not [statement for statement in asked if "ballot_entry" in statement]
    write_what_is_asked_for()
    with queries() as asked:
        write_what_is_asked_for()
        assert [ask().status_code for _person in range(3)] == [200, 200, 200]
    assert not [statement for statement in asked if "ballot_entry" in statement or "ballot_tile" in statement]


def test_after_a_decision_it_is_written_anew_and_the_old_one_goes(over, ask):
    ask()
    write_what_is_asked_for()
    before = file_of(over.log)
    machine = over.voters[0]
    machine.email, machine.password_hash = "m@mailinator.com", "x"
    cast_at = db.session.scalar(db.select(Vote.cast_at).where(Vote.voter_id == machine.id))
    machine.joined_at = cast_at - timedelta(seconds=1)
    db.session.commit()
    assert look(over.campaign) == 1
    db.session.commit()
    assert ask().status_code == 503
    write_what_is_asked_for()
    assert '"aside":"under review"' in ask().text
    assert not before.exists()
    decide(over.campaign, over.first, "throwaway one_vote at_once", over.voters[5], "count", "I know them.")
    db.session.commit()
    assert ask().status_code == 503


def test_what_is_decided_while_it_is_written_is_no_half_of_it(over, ask, monkeypatch):
    def decided_meanwhile(log):
        yield from as_lines(log)
        over.first.version += 1
        db.session.commit()

    ask()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(ballot_files, "as_lines", decided_meanwhile)
        meanwhile.setattr(ballot_files, "counted", lambda board, number, what, find: find())
        write_what_is_asked_for()
        assert not list(file_of(over.log).parent.glob("*"))
        assert ask().status_code == 503
    write_what_is_asked_for()
    assert file_of(over.log).exists()


def test_where_no_worker_is_at_work_the_answer_says_so(over, ask):
    ask()
    db.session.get_one(BallotFile, over.campaign.id).asked_at = now() - timedelta(minutes=4)
    db.session.commit()
    assert ask().json["error"]["code"] == "nobody_writes"


def test_of_a_log_that_stands_still_nobody_waits_for_a_file(over, ask):
    over.log.damaged_at = now()
    db.session.commit()
    assert ask().json["error"]["code"] == "log_stands"
    assert db.session.get(BallotFile, over.campaign.id) is None


def test_what_the_log_does_not_have_yet_is_waited_for(over, ask):
    last = db.session.scalar(db.select(BookReading.until))
    db.session.execute(db.update(BookReading).values(until=last - 1))
    db.session.commit()
    ask()
    write_what_is_asked_for()
    assert not file_of(over.log).exists()
    assert db.session.get_one(BallotFile, over.campaign.id, populate_existing=True).asked_at is not None
    db.session.execute(db.update(BookReading).values(until=last))
    db.session.commit()
    write_what_is_asked_for()
    assert ask().status_code == 200


@pytest.mark.only_on("sqlite")
def test_whether_something_waits_is_asked_of_the_end_of_the_book_alone(over, queries):
    with queries() as asked:
        check_complete(over.log)
    [statement] = [statement for statement in asked if "ballot_entry" in statement]
    plan = db.session.connection().exec_driver_sql(
        f"EXPLAIN QUERY PLAN {statement}", tuple(0 for _place in range(statement.count("?")))
    )
    assert any("ballot_entry USING INTEGER PRIMARY KEY (rowid>?)" in step.detail for step in plan)


def test_a_file_of_few_ballots_needs_no_worker(over, ask, monkeypatch):
    monkeypatch.setattr(ballot_files, "FEW", 16)
    assert ask().status_code == 200


def test_before_voting_is_over_there_is_none_and_none_is_asked_for(scene, ask, monkeypatch):
    monkeypatch.setattr(ballot_files, "FEW", 10)
    assert ask().json["error"]["code"] == "voting_not_over"
    assert db.session.get(BallotFile, scene.campaign.id) is None
