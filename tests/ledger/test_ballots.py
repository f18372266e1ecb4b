"""Ballots of other methods stand in the same book and the same log: what is changed afterwards is found and named."""

import json
import subprocess
import sys

import pytest

from campaign.campaigns.actions import close_campaign, reopen_campaign
from campaign.extensions import db
from campaign.ledger.appending import append_to_logs
from campaign.ledger.verifying import verify
from campaign.ledger.views import RECOUNT
from campaign.methods.actions import drop_from_ballots, hand_in, take_back
from campaign.methods.lots import Seed, seed_of
from campaign.methods.papers import checked_marks
from campaign.votes.actions import hand_back
from campaign.votes.models import BallotEntry, StageBallot
from tests.calendars import over
from tests.cast import browser_of
from tests.voting import vote_anew_by


@pytest.fixture
def voted(scene):
    """Of the ten, three spread points in the stage that people are in, and one of them took theirs back."""
    stage = scene.campaign.stage
    vote_anew_by(stage, "dots", points=10)

    def give(voter, points, key):
        hand_in(stage.id, voter, key, lambda before, frame: checked_marks(points, frame), points)

    give(scene.voters[0], {scene.first.id: 10}, "a-ballot-of-0")
    give(scene.voters[1], {scene.second.id: 4}, "a-ballot-of-1")
    give(scene.voters[2], {scene.second.id: 9}, "a-ballot-of-2")
    give(scene.voters[0], {scene.first.id: 7, scene.second.id: 3}, "another-of-0")
    take_back(stage.id, scene.voters[2], "taken-back-by-2")
    db.session.commit()
    append_to_logs()
    scene.stage = stage
    return scene


def test_every_act_is_a_leaf_and_all_is_well(voted):
    report = verify(voted.campaign)
    assert (report.problems, report.leaves, report.waiting) == ([], 21, 0)


def test_the_lots_of_a_stage_are_fixed_by_its_own_first_ballot_and_told_once_it_is_over(app, voted):
    def salts():
        return {entry.key: entry.mark for entry in db.session.scalars(db.select(BallotEntry))}

    assert seed_of(voted.stage).provisional
    assert not any(salt in seed_of(voted.stage).words for salt in salts().values())
    assert "These lots are provisional" in browser_of(app).get("/campaigns/cans/results").text
    over(voted.campaign)
    db.session.commit()
    assert seed_of(voted.stage) == Seed(f"cans {voted.stage.id} {salts()['a-ballot-of-0']}", provisional=False)
    drop_from_ballots(voted.first, voted.voters[0])
    hand_back(voted.first)
    db.session.commit()
    assert seed_of(voted.stage).words.endswith(salts()["a-ballot-of-0"])
    assert "These lots are provisional" not in browser_of(app).get("/campaigns/cans/results").text


def test_who_closes_a_vote_and_opens_it_again_draws_no_lot_anew(voted):
    close_campaign(voted.campaign, voted.ana)
    db.session.commit()
    drawn = seed_of(voted.stage)
    assert not drawn.provisional
    points = {voted.second.id: 1}
    for number, voter in enumerate(voted.voters[3:6]):
        reopen_campaign(voted.campaign, voted.ana)
        key = f"meanwhile-{number}"
        hand_in(voted.stage.id, voter, key, lambda before, frame: checked_marks(points, frame), points)
        take_back(voted.stage.id, voter, f"back-{number}")
        db.session.commit()
        assert seed_of(voted.stage).provisional
        close_campaign(voted.campaign, voted.ana)
        db.session.commit()
        assert seed_of(voted.stage) == drawn


def test_a_changed_ballot_is_found_and_named(voted):
    ballot = db.session.get_one(StageBallot, (voted.stage.id, voted.voters[1].id))
    ballot.content = f"[[{voted.second.id},10]]"
    db.session.commit()
    assert verify(voted.campaign).problems == [
        f"The ballot of person {voted.voters[1].id} in stage {voted.stage.id} was changed: it is not what the book has."
    ]


def test_an_entry_that_was_changed_with_its_ballot_is_found(voted):
    entry = db.session.scalars(db.select(BallotEntry).where(BallotEntry.key == "a-ballot-of-1")).one()
    ballot = db.session.get_one(StageBallot, (voted.stage.id, voted.voters[1].id))
    entry.content = ballot.content = f"[[{voted.second.id},10]]"
    db.session.commit()
    [problem] = verify(voted.campaign).problems
    assert problem.startswith(f"Entry {entry.id} (leaf ")
    assert "a ballot in stage" in problem
    assert "was changed" in problem


def test_a_ballot_that_was_added_or_removed_is_found(voted):
    entry = db.session.scalars(db.select(BallotEntry).where(BallotEntry.key == "a-ballot-of-1")).one()
    db.session.delete(db.session.get_one(StageBallot, (voted.stage.id, voted.voters[1].id)))
    db.session.add(StageBallot(stage_id=voted.stage.id, voter_id=voted.voters[5].id, entry_id=entry.id, content="[]"))
    db.session.commit()
    assert [problem.split(" was ")[1].split(":")[0] for problem in verify(voted.campaign).problems] == [
        "removed",
        "added",
    ]


def test_the_recount_adds_up_the_same_ballots(app, voted, tmp_path):
    over(voted.campaign)
    db.session.commit()
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(browser_of(app).get("/campaigns/cans/log/export", buffered=True).data)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["content"] for line in lines[1:] if "stage" in line][-1] == ""
    done = subprocess.run([sys.executable, "-I", RECOUNT, file], capture_output=True, text=True, timeout=60, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.split(f"Stage {voted.stage.id}, dots: 2 ballots")[1]
    assert [line.split()[0] for line in told.splitlines()[3:5]] == ["7", "7"]
    file.write_text(file.read_text().replace(f"[[{voted.second.id},4]]", f"[[{voted.second.id},5]]"))
    changed = subprocess.run([sys.executable, "-I", RECOUNT, file], capture_output=True, text=True, timeout=60, cwd="/")
    assert changed.stdout.startswith("WRONG: ")
