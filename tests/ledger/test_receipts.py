"""A voter's receipt proves that their act is in the log, to them, on a page and offline, and says nothing of the choice."""

import base64
from contextlib import suppress
from io import BytesIO

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from campaign.command import command
from campaign.extensions import db
from campaign.ledger.appending import append_to_logs
from campaign.ledger.checkpoint import (
    Checkpoint,
    NotSigned,
    Unreadable,
    VerifierKey,
    opened,
    parts_of,
    public_key,
    sign,
)
from campaign.ledger.leaves import Scribe
from campaign.ledger.models import BallotLog, BallotTile
from campaign.ledger.receipt import FIRST_LINE, NotProved, Receipt, read_receipt
from campaign.votes.marks import LogKeys

SCRIBE = Scribe(LogKeys("a secret for tests"))
KEY = public_key(SCRIBE.signing_key, "example.org/campaigns/cans/log")


@pytest.fixture
def voted(app, soda_idea, ana, carl):
    """ana and carl support bea's idea, and that is in the log."""
    for voter in (ana, carl):
        assert voter.post(f"/ideas/{soda_idea}/vote", id="a-vote-from-a-test").status_code == 302
    with app.app_context():
        append_to_logs()
    return soda_idea


@pytest.fixture
def receipt(voted, carl):
    return carl.get(f"/ideas/{voted}/vote/receipt").text


# The format.


def test_a_key_is_written_as_the_tools_of_signed_notes_exchange_it():
    # From the documentation of golang.org/x/mod/sumdb/note.
    known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert str(VerifierKey.read(known)) == known
    assert VerifierKey.read(str(KEY)) == KEY
    with pytest.raises(Unreadable):
        VerifierKey.read(known.replace("c74f20a3", "c74f20a4"))


def test_a_checkpoint_is_opened_by_its_own_key_only():
    checkpoint = Checkpoint(KEY.name, 7, bytes(32))
    note = sign(checkpoint, SCRIBE.signing_key)
    assert note.startswith(f"{KEY.name}\n7\n{'A' * 43}=\n\n— {KEY.name} ")
    assert opened(note, KEY) == checkpoint
    other = Scribe(LogKeys("another secret"))
    for wrong in (note.replace("\n7\n", "\n8\n"), sign(checkpoint, other.signing_key)):
        with pytest.raises(NotSigned):
            opened(wrong, KEY)


def test_signatures_of_others_do_no_harm():
    note = sign(Checkpoint(KEY.name, 7, bytes(32)), SCRIBE.signing_key)
    witness = base64.b64encode(b"1234" + bytes(64)).decode()
    assert opened(f"{note}— witness.example {witness}\n", KEY).size == 7


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text):
    for read in (read_receipt, parts_of, VerifierKey.read, lambda text: read_receipt(f"{FIRST_LINE}\n{text}")):
        with suppress(Unreadable):
            read(text)


# The voter's own.


def test_a_receipt_is_a_tlog_proof(voted, carl):
    answer = carl.get(f"/ideas/{voted}/vote/receipt")
    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="vote-{voted}.tlog-proof"'
    lines = answer.text.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[2] == "index 1"
    assert lines[4:7] == ["", "127.0.0.1:5000/campaigns/soda/log", "2"]
    assert str(read_receipt(answer.text)) == answer.text


def test_a_receipt_is_its_voters_only(voted, bea, drew, nobody):
    assert bea.get(f"/ideas/{voted}/vote/receipt").status_code == 404
    assert drew.get(f"/ideas/{voted}/vote/receipt").status_code == 404
    assert nobody.get(f"/ideas/{voted}/vote/receipt").status_code == 302


def test_a_receipt_says_nothing_of_the_choice(app, voted, ana, carl, receipt):
    """Beside hashes and the log's name there is its place, which anybody can make the same proof of."""
    leaf = read_receipt(receipt).leaf
    hashes = ana.get("/campaigns/soda/log/leaves/0").data
    assert hashes[32:] == leaf
    carl.post(f"/ideas/{voted}/vote/withdrawal", id="taken-back-in-a-test")
    with app.app_context():
        append_to_logs()
    withdrawn = carl.get(f"/ideas/{voted}/vote/receipt").text
    assert [line.split(" ")[0] for line in withdrawn.split("\n")[:3]] == [
        line.split(" ")[0] for line in receipt.split("\n")[:3]
    ]


def test_a_vote_that_is_not_in_the_log_yet_gets_its_receipt_later(voted, drew):
    drew.post(f"/ideas/{voted}/vote", id="a-vote-from-a-test")
    answer = drew.get(f"/ideas/{voted}/vote/receipt")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "in a moment" in answer.text


# The check.


def test_everybody_can_have_a_receipt_checked(receipt, nobody):
    page = nobody.post("/receipts", text=receipt).text
    assert "This vote is in the log" in page
    assert "A can you can reseal" not in page


def test_a_file_can_be_picked_instead(receipt, nobody):
    page = nobody.post(
        "/receipts", data={"file": (BytesIO(receipt.replace("\n", "\r\n").encode()), "vote.tlog-proof")}
    ).text
    assert "This vote is in the log" in page


def test_the_voter_is_told_what_they_chose(receipt, carl, ana):
    assert "A can you can reseal" in carl.post("/receipts", text=receipt).text
    assert "A can you can reseal" not in ana.post("/receipts", text=receipt).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("index 1", "index 0"), "do not lead to what the log signed"),
        (lambda text: text.replace("\n2\n", "\n3\n"), "not that of the log"),
        (lambda text: text.replace("/soda/", "/other/"), "No log here is called"),
    ],
)
def test_a_receipt_that_was_changed_does_not_hold(receipt, nobody, change, sentence):
    page = nobody.post("/receipts", text=change(receipt)).text
    assert sentence in page
    assert "This receipt does not hold" in page


@pytest.mark.parametrize("text", ["", "hello", "c2sp.org/tlog-proof@v1\nindex 1\n\nlog\n2\n", "x" * 100_000, "\x00é"])
def test_what_is_no_receipt_is_said_beside_the_field(cast, nobody, text):
    answer = nobody.post("/receipts", text=text)
    assert answer.status_code == 422
    assert "This is no receipt" in answer.text


def test_a_log_that_was_changed_is_told(app, receipt, nobody):
    with app.app_context():
        tile = db.session.scalars(db.select(BallotTile)).one()
        tile.hashes = tile.hashes[32:] + tile.hashes[:32]
        db.session.commit()
    assert "the log was changed after it was signed" in nobody.post("/receipts", text=receipt).text


def test_a_receipt_is_checked_offline(app, receipt, tmp_path, nobody):
    file = tmp_path / "vote.tlog-proof"
    file.write_text(receipt)
    key = nobody.get("/campaigns/soda/log/key").text.strip()
    good = CliRunner().invoke(command, ["verify-receipt", str(file), "--key", key])
    assert (good.exit_code, good.output) == (
        0,
        "Good: ballot 1 of the 2 that 127.0.0.1:5000/campaigns/soda/log signed.\n",
    )
    file.write_text(receipt.replace("index 1", "index 0"))
    assert CliRunner().invoke(command, ["verify-receipt", str(file), "--key", key]).exit_code == 1


# The log's pages.


def test_the_log_is_everybodys(app, voted, nobody):
    with app.app_context():
        log = db.session.scalars(db.select(BallotLog)).one()
        note = log.checkpoint
    assert nobody.get("/campaigns/soda/log/checkpoint").text == note
    page = nobody.get("/campaigns/soda/log").text
    assert nobody.get("/campaigns/soda/log/key").text.strip() in page.replace("&#43;", "+")
    assert "Once voting is over" in page


def test_a_log_is_hidden_with_its_campaign(app, voted, nobody, drew, ana, receipt):
    with app.app_context():
        db.session.execute(db.text("UPDATE campaign SET visibility = 'members'"))
        db.session.commit()
    for path in ("", "/checkpoint", "/key", "/leaves/0", "/export"):
        assert drew.get(f"/campaigns/soda/log{path}").status_code == 404
        assert nobody.get(f"/campaigns/soda/log{path}").status_code == 404
    assert ana.get("/campaigns/soda/log").status_code == 200
    assert "No log here is called" in nobody.post("/receipts", text=receipt).text


def test_a_campaign_without_votes_says_so(soda_idea, nobody):
    assert "Nobody has voted yet" in nobody.get("/campaigns/soda/log").text
    assert nobody.get("/campaigns/soda/log/checkpoint").status_code == 404


def test_a_proof_of_another_leaf_is_refused():
    note = sign(Checkpoint(KEY.name, 1, bytes(32)), SCRIBE.signing_key)
    with pytest.raises(NotProved):
        Receipt(b"1" * 32, 0, (), note).checked(KEY)
