"""When voting is over, whoever has the ballots comes to the same totals and winners, with nothing of ours but one file."""

import json
import subprocess
import sys
from datetime import timedelta
from html import unescape

import pytest

from campaign.clock import now
from campaign.doubts.actions import move_votes
from campaign.doubts.models import Doubt
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ledger.exporting import as_lines
from campaign.ledger.models import BallotLog, BookReading
from campaign.ledger.proving import receipt_for
from campaign.ledger.views import RECOUNT
from campaign.methods.access import stages_with_counts
from campaign.methods.lots import seed_of
from campaign.votes.models import BallotEntry
from tests.calendars import until
from tests.cast import browser_of


@pytest.fixture
def over(scene):
    scene.before = scene.log.checkpoint
    end = now() - timedelta(seconds=1)
    until(scene.campaign, ideas_until=end, votes_until=end)
    db.session.commit()
    return scene


@pytest.fixture
def ballots(app, over, tmp_path):
    """The file of ballots, as anybody gets it."""
    answer = browser_of(app).get("/campaigns/cans/log/export", buffered=True)
    assert answer.status_code == 200
    file = tmp_path / "cans-ballots.jsonl"
    file.write_bytes(answer.data)
    return file


def recount(*arguments):
    return subprocess.run(
        [sys.executable, "-I", RECOUNT, *arguments], capture_output=True, text=True, timeout=60, cwd="/"
    )


def totals_told(done):
    return [
        (int(line.split()[0]), int(line.rsplit("idea ", 1)[1].rstrip(")")))
        for line in done.stdout.split("Idea\n")[1].split("\n\n")[0].splitlines()
    ]


def test_the_recount_comes_to_the_same_totals_and_winners(over, ballots):
    done = recount(ballots)
    assert done.returncode == 0, done.stdout + done.stderr
    board = db.session.execute(db.select(Idea.votes, Idea.id).order_by(Idea.votes.desc(), Idea.id)).all()
    assert totals_told(done) == [tuple(row) for row in board] == [(10, over.first.id), (4, over.second.id)]
    assert f"Chosen, most supported: 1. {over.first.title} (idea {over.first.id})\n" in done.stdout


def test_lots_are_fixed_by_the_first_ballot_whose_salt_nobody_knew_while_people_voted(app, over, ballots, tmp_path):
    seed = seed_of(stages_with_counts(over.campaign)[0])
    first, second = (json.loads(line) for line in ballots.read_text().splitlines()[1:3])
    assert (seed.provisional, seed.words.split()[-1]) == (False, first["salt"])
    told = recount(ballots).stdout
    assert f"“{seed.words}”" in told
    assert "They end with the salt of ballot 0, the first." in told
    assert seed.words in unescape(browser_of(app).get("/campaigns/cans/results").text)
    ballots.write_text(unsigned(ballots.read_text()))
    for words in ("words of somebody's choice", seed.words.replace(first["salt"], second["salt"])):
        ballots.write_text(ballots.read_text().replace(seed.words, words))
        assert "are not drawn from its first ballot" in recount(ballots).stdout
        ballots.write_text(ballots.read_text().replace(words, seed.words))


def unsigned(text):
    """As the file of a server from before its first line was signed."""
    head, rest = text.split("\n", 1)
    return head.rpartition(',"signed":')[0] + "}\n" + rest


def test_a_file_from_before_its_first_line_was_signed_is_counted_and_it_says_so(ballots):
    assert "Its rules, prices and decisions are those that the log’s key signed." in recount(ballots).stdout
    ballots.write_text(unsigned(ballots.read_text()))
    done = recount(ballots)
    assert done.returncode == 0, done.stdout
    assert "The file is from before rules, prices and decisions were signed" in done.stdout


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"seats":1', '"seats":2'),
        lambda text: text.replace('"costs":{}', '"costs":{"1":5}'),
        lambda text: text.replace('"minute":', '"aside":"left out","minute":', 1),
        lambda text: text + '{"together":[1],"people":1}\n',
        lambda text: text.replace('"asides":[]', '"asides":[["idea",1,"0","left out"]]'),
    ],
)
def test_what_the_file_says_beside_the_ballots_is_signed(ballots, change):
    text = ballots.read_text()
    assert change(text) != text
    ballots.write_text(change(text))
    done = recount(ballots)
    assert done.returncode == 1, done.stdout
    assert "signed" in done.stdout.splitlines()[-1]


def test_a_campaign_of_another_name_draws_no_other_lots(ballots):
    text = unsigned(ballots.read_text())
    ballots.write_text(text.replace('"campaign":"cans"', '"campaign":"bottles"').replace("cans 1 ", "bottles 1 "))
    assert "is not the one of the campaign bottles" in recount(ballots).stdout


def test_the_ballots_are_kept_back_until_the_log_has_them_all(app, over):
    late = db.session.scalars(db.select(BallotEntry).where(BallotEntry.key == "taken-back")).one()
    db.session.execute(db.update(BookReading).values(until=late.id - 1))
    db.session.commit()
    json_ = {"Accept": "application/json"}
    answer = browser_of(app).get("/campaigns/cans/log/export", headers=json_)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "not_all_logged")
    assert answer.headers["Retry-After"] == "5"
    db.session.execute(db.update(BookReading).values(until=late.id))
    db.session.execute(db.update(BallotLog).values(damaged_at=now()))
    db.session.commit()
    answer = browser_of(app).get("/campaigns/cans/log/export", headers=json_)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "log_stands")


def test_what_is_decided_while_somebody_downloads_changes_nothing_in_the_file(over, tmp_path):
    for stage in over.campaign.stages:
        stage.method_settings = {"seats": 2}  # So that what people support together is in it.
    db.session.commit()
    lines = as_lines(over.log)
    head = next(lines)
    db.session.add(
        Doubt(
            campaign_id=over.campaign.id,
            idea_id=over.first.id,
            voter_id=over.voters[0].id,
            reasons=["throwaway"],
            group="throwaway",
            decision="leave",
        )
    )
    move_votes(over.campaign, [(over.first.id, over.voters[0].id)], aside=True)
    db.session.commit()
    (file := tmp_path / "ballots.jsonl").write_text(head + "".join(lines))
    done = recount(file)
    assert done.returncode == 0, done.stdout
    assert totals_told(done)[0] == (10, over.first.id)
    assert "Chosen, proportional shortlist" in done.stdout


def test_the_file_that_people_download_is_the_one_that_is_tested(app, scene):
    assert browser_of(app).get("/recount.py").data == RECOUNT.read_bytes()


def test_the_ballots_name_nobody(over, ballots):
    text = ballots.read_text()
    for person in [over.ana, *over.voters]:
        assert person.email not in text
        assert person.name not in text
    lines = [json.loads(line) for line in text.splitlines()[1:]]
    assert {frozenset(line) for line in lines} == {frozenset(("index", "salt", "voter", "act", "idea", "minute"))}
    names = {(line["idea"], line["voter"]) for line in lines}
    assert len(names) == len({voter for _idea, voter in names}) == 15, "the same person goes by one name for two ideas"


def test_the_ballots_are_kept_back_until_voting_is_over(app, scene):
    answer = browser_of(app).get("/campaigns/cans/log/export", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "voting_not_over")


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines[:3], lines[3].replace('"cast"', '"withdraw"'), *lines[4:]],
        lambda lines: [*lines[:3], *lines[4:]],
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1].replace('"index":15', '"index":16')],
        lambda lines: [lines[0].replace("\\n16\\n", "\\n15\\n"), *lines[1:-1]],
    ],
)
def test_a_changed_file_of_ballots_is_found(ballots, change):
    ballots.write_text("\n".join(change(ballots.read_text().splitlines())) + "\n")
    done = recount(ballots)
    assert done.returncode == 1
    assert done.stdout.startswith("WRONG: ")


def test_another_log_than_the_one_that_was_promised_is_found(ballots):
    head = json.loads(ballots.read_text().splitlines()[0])
    good = recount(ballots, "--key", head["key"])
    assert good.returncode == 0
    name, _, encoded = head["key"].rsplit("+", 2)
    assert recount(ballots, "--key", f"{name}+00000000+{encoded}").returncode == 1


def test_an_earlier_checkpoint_and_a_receipt_are_checked_as_well(over, ballots, tmp_path):
    entry = db.session.scalars(db.select(BallotEntry).where(BallotEntry.key == "taken-back")).one()
    (tmp_path / "earlier").write_text(over.before)
    (tmp_path / "receipt").write_text(str(receipt_for(entry)))
    done = recount(ballots, "--checkpoint", tmp_path / "earlier", "--receipt", tmp_path / "receipt")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The earlier checkpoint, of 16 ballots, is contained" in done.stdout
    assert f"The receipt is ballot 15: it takes back the support of “{over.second.title}”" in done.stdout
    (tmp_path / "receipt").write_text(str(receipt_for(entry)).replace("index 15", "index 14"))
    assert recount(ballots, "--receipt", tmp_path / "receipt").returncode == 1


def test_it_needs_nothing_but_the_standard_library():
    imported = [line.split()[1] for line in RECOUNT.read_text().splitlines() if line.startswith(("import ", "from "))]
    assert set(imported) <= sys.stdlib_module_names


def test_what_was_left_out_is_told_beside_the_count_and_the_ballots_stay_as_signed(app, over, tmp_path):
    db.session.add(
        Doubt(
            campaign_id=over.campaign.id,
            idea_id=over.first.id,
            voter_id=over.voters[0].id,
            reasons=["throwaway"],
            group="throwaway",
            decision="leave",
        )
    )
    move_votes(over.campaign, [(over.first.id, over.voters[0].id)], aside=True)
    db.session.commit()
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(browser_of(app).get("/campaigns/cans/log/export", buffered=True).data)
    done = recount(file)
    assert done.returncode == 0, done.stdout + done.stderr
    table = done.stdout.partition("Chosen, ")[0]
    [line] = [line for line in table.splitlines() if f"(idea {over.first.id})" in line]
    assert line.split()[0] == str(db.session.get_one(Idea, over.first.id).votes) == "9"
    assert line.endswith(", and 1 not counted")
    assert '"aside":"left out"' in file.read_text()
