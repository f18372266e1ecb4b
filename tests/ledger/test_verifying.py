"""One changed, added or removed vote is found and named, whichever table it was changed in."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import event, text

from campaign.accounts.models import Person
from campaign.campaigns.models import Stage
from campaign.clock import now
from campaign.command import command
from campaign.extensions import db
from campaign.history import Entry
from campaign.ledger.access import LogStands
from campaign.ledger.appending import append_to_logs
from campaign.ledger.models import BallotLog, BallotTile
from campaign.ledger.proving import receipt_for
from campaign.ledger.verifying import verify
from campaign.ledger.views import RECOUNT
from campaign.ledger.witnessing import witness_those_at_rest
from campaign.methods.actions import hand_in
from campaign.methods.papers import checked_marks
from campaign.settings import current as settings_of
from campaign.votes.facts import CHAIN
from campaign.votes.models import BallotEntry, StageBallot, Vote
from tests.calendars import until
from tests.cast import browser_of
from tests.makers import make_campaign, make_idea
from tests.voting import cast_vote, vote_anew_by


def entry(scene, key):
    return db.session.scalars(db.select(BallotEntry.id).where(BallotEntry.key == key)).one()


def problems(scene, **given):
    db.session.expire_all()
    return verify(scene.campaign, **given).problems


def tamper(statement, **given):
    db.session.execute(text(statement), given)
    db.session.commit()
    append_to_logs()  # However the product goes on afterwards.


def test_what_nobody_changed_is_found_in_order(scene):
    report = verify(scene.campaign)
    assert (report.leaves, report.waiting, report.problems) == (16, 0, [])


def test_what_was_voted_in_the_last_second_waits_and_is_no_problem(scene):
    cast_vote(scene.second, scene.voters[0], "a-late-vote")
    db.session.commit()
    report = verify(scene.campaign)
    assert (report.leaves, report.waiting, report.problems) == (16, 1, [])


@pytest.mark.parametrize(
    "change",
    [
        "idea_id = :second",
        "voter_id = :ana",
        "act = 'withdraw'",
        "at = '2026-01-02 03:04:05.000006+00:00'",
        "key = 'another-id'",
        "mark = '00000000000000000000000000000000'",
    ],
)
def test_a_changed_entry_is_named(scene, change):
    number = entry(scene, "first-vote-4")
    if db.engine.dialect.name == "sqlite":
        change = change.replace("+00:00", "")
    given = {"second": scene.second.id, "ana": scene.ana.id, "id": number}
    tamper(
        f"UPDATE ballot_entry SET {change} WHERE id = :id",
        **{k: v for k, v in given.items() if f":{k}" in change or k == "id"},
    )
    found = problems(scene)
    assert any(f"Entry {number} (leaf {number - 1})" in problem for problem in found), found
    assert any(f"for idea {scene.first.id}" in problem for problem in found), found


def test_a_removed_vote_is_named_even_where_nothing_else_tells(scene):
    number = entry(scene, "first-vote-4")
    tamper("DELETE FROM ballot_entry WHERE id = :id", id=number)
    tamper(
        "DELETE FROM vote WHERE idea_id = :idea AND voter_id = :voter", idea=scene.first.id, voter=scene.voters[4].id
    )
    tamper("UPDATE idea SET votes = votes - 1 WHERE id = :idea", idea=scene.first.id)
    assert problems(scene) == [
        f"Entry {number} (leaf {number - 1}), for idea {scene.first.id}, was removed: the log has it, the book does not."
    ]


def test_an_added_vote_is_named_even_where_nothing_else_tells(scene):
    row = {"campaign": scene.campaign.id, "idea": scene.second.id, "voter": scene.voters[2].id}
    tamper(
        "INSERT INTO ballot_entry (campaign_id, idea_id, voter_id, key, act, at, mark)"
        " SELECT :campaign, :idea, :voter, 'put-there', 'cast', at, mark FROM ballot_entry WHERE id = 1",
        **row,
    )
    tamper(
        "INSERT INTO vote (idea_id, voter_id, version, cast_at) SELECT :idea, :voter, 1, at FROM ballot_entry WHERE id = 1",
        idea=row["idea"],
        voter=row["voter"],
    )
    tamper("UPDATE idea SET votes = votes + 1 WHERE id = :idea", idea=scene.second.id)
    number = entry(scene, "put-there")
    assert problems(scene) == [
        f"Entry {number}, for idea {scene.second.id}, was added: the ballot box did not write it."
    ]


def test_an_entry_that_was_kept_from_the_log_is_named(scene):
    cast_vote(scene.second, scene.voters[0], "a-late-vote")
    db.session.commit()
    tamper("UPDATE book_reading SET until = 1000")
    number = entry(scene, "a-late-vote")
    assert problems(scene) == [f"Entry {number}, for idea {scene.second.id}, was added: the log does not have it."]


def test_a_vote_without_an_entry_is_named(scene):
    tamper(
        "INSERT INTO vote (idea_id, voter_id, version, cast_at) SELECT :idea, :voter, 1, at FROM ballot_entry WHERE id = 1",
        idea=scene.second.id,
        voter=scene.voters[2].id,
    )
    assert problems(scene) == [
        f"The vote of person {scene.voters[2].id} for idea {scene.second.id} was added: the book has no such vote.",
        f"The total of idea {scene.second.id} was changed: it says 4, and its votes are 5.",
    ]


def test_a_vote_that_is_gone_is_named(scene):
    tamper(
        "DELETE FROM vote WHERE idea_id = :idea AND voter_id = :voter", idea=scene.first.id, voter=scene.voters[4].id
    )
    assert (
        f"The vote of person {scene.voters[4].id} for idea {scene.first.id} was removed: the book says that it stands."
        in problems(scene)
    )


def test_a_changed_total_is_named(scene):
    tamper("UPDATE idea SET votes = votes + 1 WHERE id = :idea", idea=scene.first.id)
    assert problems(scene) == [f"The total of idea {scene.first.id} was changed: it says 11, and its votes are 10."]


def test_changed_hashes_are_found(scene):
    tamper("UPDATE ballot_tile SET hashes = (SELECT entries FROM ballot_tile)")
    assert any("was changed" in problem for problem in problems(scene))


def test_a_checkpoint_of_somebody_elses_making_is_found(scene):
    tamper("UPDATE ballot_log SET checkpoint = replace(checkpoint, '16', '15')")
    assert any("checkpoint was changed" in problem for problem in problems(scene))


def test_a_database_set_back_is_found_by_a_checkpoint_that_was_kept(scene):
    before = scene.log.checkpoint
    cast_vote(scene.second, scene.voters[0], "a-late-vote")
    db.session.commit()
    append_to_logs()
    kept = scene.log.checkpoint
    assert problems(scene, kept=kept) == problems(scene, kept=before) == []
    tamper("DELETE FROM ballot_entry WHERE key = 'a-late-vote'")
    tamper(
        "DELETE FROM vote WHERE idea_id = :idea AND voter_id = :voter", idea=scene.second.id, voter=scene.voters[0].id
    )
    tamper("UPDATE idea SET votes = votes - 1 WHERE id = :idea", idea=scene.second.id)
    tamper("UPDATE ballot_log SET checkpoint = :before, size = 16", before=before)
    tamper("UPDATE book_reading SET until = until - 1")
    shortened = ["The log was shortened: 17 leaves were signed once, and 16 are there."]
    assert problems(scene) == shortened, "by the checkpoint that the server keeps beside the database"
    assert problems(scene, kept=kept) == shortened
    cast_vote(scene.second, scene.voters[2], "votes-go-on")
    cast_vote(scene.second, scene.voters[4], "and-on")
    db.session.commit()
    append_to_logs()
    assert problems(scene) == ["The first 17 leaves of the log are not those that were signed once."]
    forget(scene)
    assert problems(scene) == []
    assert problems(scene, kept=kept) == ["The first 17 leaves of the log are not those that were signed once."]


def forget(scene):
    """As on another machine: nothing is kept beside the database."""
    for file in (settings_of().instance / "checkpoints").iterdir():
        file.unlink()


def test_a_log_set_back_alone_is_missed_by_what_was_written_down_of_all_logs(scene):
    before = scene.log.checkpoint
    cast_vote(scene.second, scene.voters[0], "a-late-vote")
    db.session.commit()
    append_to_logs()
    long_ago = now() - timedelta(hours=1)
    db.session.execute(db.update(BallotLog).values(signed_at=long_ago, witnessed_at=long_ago - timedelta(hours=1)))
    db.session.commit()
    assert (witness_those_at_rest(), witness_those_at_rest()) == (1, 0)
    assert problems(scene) == []
    forget(scene)
    tamper("DELETE FROM ballot_entry WHERE key = 'a-late-vote'")
    tamper(
        "DELETE FROM vote WHERE idea_id = :idea AND voter_id = :voter", idea=scene.second.id, voter=scene.voters[0].id
    )
    tamper("UPDATE idea SET votes = votes - 1 WHERE id = :idea", idea=scene.second.id)
    tamper("UPDATE ballot_log SET checkpoint = :before, size = 16, witnessed_at = NULL", before=before)
    tamper("UPDATE book_reading SET until = until - 1")
    assert problems(scene) == [
        "The log was shortened: a fact of 17 leaves was written down, and 16 are there.",
    ]
    other = make_campaign(scene.campaign.brand, scene.ana, slug="bottles")
    cast_vote(make_idea(other, scene.ana), scene.voters[0], "elsewhere")
    db.session.commit()
    append_to_logs()
    last = db.session.scalars(db.select(db.func.max(Entry.id)).where(Entry.what == "fact.signed")).one()
    tamper("DELETE FROM history WHERE what = 'fact.signed' AND id > 0 AND id < :last", last=last)
    assert any("What was written down of all logs as fact 3" in problem for problem in problems(scene))
    tamper("DELETE FROM history WHERE what = 'fact.signed'")
    assert any(f"How far the log of campaign {other.id} was" in problem for problem in problems(scene))


def test_facts_of_a_campaign_that_were_removed_from_the_end_are_missed(scene):
    forgotten = db.delete(Entry).where(Entry.subject == CHAIN, Entry.subject_id == scene.campaign.id)
    db.session.execute(forgotten)
    db.session.execute(db.delete(Entry).where(Entry.what == "stage.rules_frozen"))
    db.session.execute(db.update(Stage).values(first_ballot_at=None))
    db.session.commit()
    assert problems(scene) == ["The facts of this campaign were removed from number 1 on, or written anew."]


def test_who_votes_while_it_looks_is_not_accused(app, scene):
    """It sees one moment, however long it takes."""
    stage = scene.campaign.stage
    vote_anew_by(stage, "dots", points=10)
    number, voter, points = stage.id, scene.voters[0].id, {scene.first.id: 10}
    first = scene.first.id, scene.voters[3].id
    handed = []

    def vote():
        with app.app_context():
            hand_in(
                number,
                db.session.get_one(Person, voter),
                "meanwhile",
                lambda before, frame: checked_marks(points, frame),
                points,
            )
            db.session.execute(db.delete(Vote).filter_by(idea_id=first[0], voter_id=first[1]))
            db.session.commit()

    def between(connection, cursor, statement, *rest):
        if "FROM stage_ballot" in statement and not handed:
            handed.append(thread := threading.Thread(target=vote))
            thread.start()
            thread.join(30)

    event.listen(db.engine, "before_cursor_execute", between)
    try:
        assert verify(scene.campaign).problems == []
    finally:
        event.remove(db.engine, "before_cursor_execute", between)
    assert handed
    assert db.session.get(StageBallot, (number, voter)) is not None
    assert f"The vote of person {first[1]} for idea {first[0]} was removed" in " ".join(problems(scene))


def test_a_campaign_of_another_address_is_named(scene):
    tamper("UPDATE campaign SET slug = 'bottles'")
    assert problems(scene) == [
        "The address of the campaign was changed: its log is called 127.0.0.1:5000/campaigns/cans/log."
    ]


def test_a_log_that_is_repaired_goes_on_with_what_came_in_meanwhile(app, scene, settings, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("INSTANCE", str(settings.instance))
    tile = db.session.scalars(db.select(BallotTile)).one()
    whole = bytes(tile.hashes)
    tile.hashes = bytes(32) + whole[32:]
    cast_vote(scene.second, scene.voters[0], "meanwhile")
    db.session.commit()
    append_to_logs()
    late = db.session.scalars(db.select(BallotEntry).where(BallotEntry.key == "meanwhile")).one()
    with pytest.raises(LogStands):
        receipt_for(late)
    refused = CliRunner().invoke(command, ["continue-log", "cans"])
    assert refused.exit_code == 1
    assert "is still damaged: the hashes are not those that were signed." in refused.output
    tile = db.session.scalars(db.select(BallotTile).execution_options(populate_existing=True)).one()
    tile.hashes = whole
    cast_vote(scene.second, scene.voters[2], "also-meanwhile")
    db.session.commit()
    append_to_logs()
    assert scene.log.size == 16, "what came in first has to come first"
    report = verify(scene.campaign)
    assert report.waiting == 2
    assert report.problems == [
        "The log stands still: it was found damaged. `campaign continue-log` lets it go on.",
    ]
    done = CliRunner().invoke(command, ["continue-log", "cans"])
    assert (done.exit_code, done.output) == (
        0,
        "The log of 'cans' goes on: 2 ballots put behind it that came in meanwhile.\n",
    )
    report = verify(scene.campaign)
    assert (report.leaves, report.waiting, report.problems) == (18, 0, [])
    cast_vote(scene.second, scene.voters[6], "afterwards")
    db.session.commit()
    append_to_logs()
    assert (verify(scene.campaign).leaves, verify(scene.campaign).problems) == (19, [])


def test_the_command_names_what_it_finds_and_fails(scene, app, settings, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("INSTANCE", str(settings.instance))
    run = CliRunner().invoke
    good = run(command, ["verify", "cans"])
    assert (good.exit_code, good.output) == (
        0,
        (
            "16 ballots in the log of 'cans', 0 about to be: nothing was changed.\n"
            "An earlier checkpoint, of 16 ballots, is contained in it.\n"
            "No checkpoint was given that somebody kept elsewhere: only with one (--checkpoint) is found what was set back on this machine "
            "as a whole.\n"
        ),
    )
    (kept := tmp_path / "kept").write_text(scene.log.checkpoint)
    assert "No checkpoint was given" not in run(command, ["verify", "cans", "--checkpoint", str(kept)]).output
    tamper("UPDATE idea SET votes = votes + 1 WHERE id = :idea", idea=scene.first.id)
    bad = run(command, ["verify", "cans"])
    assert bad.exit_code == 1
    assert f"The total of idea {scene.first.id} was changed" in bad.output
    assert run(command, ["verify", "nothing"]).exit_code == 1


@pytest.mark.one_database
def test_one_ballot_is_told_as_one(scene, app, settings, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("INSTANCE", str(settings.instance))
    single = make_campaign(scene.campaign.brand, scene.ana, slug="caps")
    cast_vote(make_idea(single, scene.ana), scene.voters[0], "the-only-vote")
    end = now() - timedelta(seconds=1)
    until(single, ideas_until=end, votes_until=end)
    db.session.commit()
    append_to_logs()
    told = CliRunner().invoke(command, ["verify", "caps"]).output
    assert told.startswith("1 ballot in the log of 'caps', 0 about to be: nothing was changed.\n")
    assert "An earlier checkpoint, of 1 ballot, is contained in it." in told
    (file := tmp_path / "ballots.jsonl").write_bytes(
        browser_of(app).get("/campaigns/caps/log/export", buffered=True).data
    )
    recount = subprocess.run([sys.executable, "-I", RECOUNT, file], capture_output=True, text=True, check=True)
    assert "The 1 ballot is the one that the log signed." in recount.stdout
