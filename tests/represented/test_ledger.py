"""Votes from paper are leaves of their own kind, and the recount agrees with the totals."""

import json

from campaign.extensions import db
from campaign.ledger.appending import append_to_logs
from campaign.ledger.exporting import as_lines
from campaign.ledger.models import BallotLog
from campaign.ledger.recount import main
from campaign.ledger.verifying import verify
from campaign.represented.actions import record_vote, take_back_recorded
from tests.represented.conftest import given
from tests.voting import cast_vote


def test_the_log_names_them_and_the_recount_tells_them_apart(
    on_paper, resealable, people, tmp_path, monkeypatch, capsys
):
    cast_vote(resealable, people.carl, "carl-votes")
    record_vote(resealable, people.ana, given("1", "Odile M."), "one")
    record_vote(resealable, people.ana, given("2", "Yves"), "two")
    take_back_recorded(record_vote(resealable, people.ana, given("3", "Zoe"), "three"), people.ana, "Unsigned.")
    db.session.commit()
    append_to_logs()
    log = db.session.get_one(BallotLog, on_paper.id)
    lines = list("".join(as_lines(log)).splitlines())
    assert [json.loads(line)["act"] for line in lines[1:]] == ["cast", "record", "record", "record", "withdraw"]
    file = tmp_path / "ballots.jsonl"
    file.write_text("\n".join(lines) + "\n")
    monkeypatch.setattr("sys.argv", ["recount.py", str(file)])
    assert main() == 0
    assert "3  A can you can reseal (idea" in (out := capsys.readouterr().out)
    assert "2 of them recorded on paper by the brand" in out
    assert verify(on_paper).problems == []
