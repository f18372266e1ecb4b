"""One changed, added or removed vote is found and named, whichever table it was changed in."""

import subprocess
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from campaign.clock import now
from campaign.command import command
from campaign.extensions import db
from campaign.ledger.appending import append_to_logs
from campaign.ledger.verifying import verify
from campaign.ledger.views import RECOUNT
from campaign.votes.models import BallotEntry
from tests.calendars import until
from tests.cast import browser_of
from tests.makers import make_campaign, make_idea
from tests.voting import cast_vote


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
    assert problems(scene) == []
    assert problems(scene, kept=kept) == ["The log was shortened: 17 leaves were signed once, and 16 are there."]


def test_the_command_names_what_it_finds_and_fails(scene, app, settings, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("INSTANCE", str(settings.instance))
    run = CliRunner().invoke
    good = run(command, ["verify", "cans"])
    assert (good.exit_code, good.output) == (
        0,
        "16 ballots in the log of 'cans', 0 about to be: nothing was changed.\n",
    )
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
    assert told == "1 ballot in the log of 'caps', 0 about to be: nothing was changed.\n"
    (file := tmp_path / "ballots.jsonl").write_bytes(
        browser_of(app).get("/campaigns/caps/log/export", buffered=True).data
    )
    recount = subprocess.run([sys.executable, "-I", RECOUNT, file], capture_output=True, text=True, check=True)
    assert "The 1 ballot is the one that the log signed." in recount.stdout
