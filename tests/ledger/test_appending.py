"""Every act at the ballot box becomes one leaf, in the order of the book, and the log is signed."""

import threading

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from campaign.clock import now
from campaign.command import command
from campaign.extensions import db
from campaign.ledger import tree
from campaign.ledger.appending import append_to_logs
from campaign.ledger.checkpoint import opened, public_key
from campaign.ledger.leaves import entries, referred, scribe
from campaign.ledger.models import BallotLog, BallotTile, BookReading
from campaign.ledger.tiles import Tiles
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from campaign.votes.book import enter_book
from campaign.votes.marks import log_keys, micros
from campaign.votes.models import BallotEntry
from tests.makers import make_campaign, make_idea, make_person
from tests.voting import cast_vote


def signed(log):
    return opened(log.checkpoint, public_key(scribe().signing_key, log.origin))


def leaves_of(campaign):
    rows = db.session.execute(entries().where(BallotEntry.campaign_id == campaign.id).order_by(BallotEntry.id))
    return [scribe().opening(row).hashed for row in rows]


def root_over(hashes):
    return tree.root(len(hashes), lambda level, index: tree.complete(hashes[index << level : (index + 1) << level]))


def test_the_log_holds_every_act_in_its_order(scene):
    leaves = leaves_of(scene.campaign)
    checkpoint = signed(scene.log)
    assert (checkpoint.size, checkpoint.root) == (16, root_over(leaves))
    assert checkpoint.origin == "127.0.0.1:5000/campaigns/cans/log"
    tile = db.session.scalars(db.select(BallotTile)).one()
    assert [entry for entry, _idea in referred(tile.entries)] == db.session.scalars(
        db.select(BallotEntry.id).order_by(BallotEntry.id)
    ).all()


def test_what_comes_later_is_put_behind_and_an_entry_is_never_put_twice(scene):
    before = signed(scene.log)
    assert append_to_logs() == 0
    cast_vote(scene.second, scene.voters[0], "a-late-vote")
    db.session.commit()
    assert append_to_logs() == 1
    after = signed(scene.log)
    leaves = leaves_of(scene.campaign)
    assert (after.size, after.root) == (before.size + 1, root_over(leaves))
    assert before.root == root_over(leaves[: before.size]), "the log begins as it did before"


def test_a_log_of_several_tiles_grows_in_pieces_of_any_size(scene):
    crowd = [make_person(f"crowd{number}") for number in range(150)]
    for number, voter in enumerate(crowd):
        cast_vote(scene.first, voter, f"crowd-first-{number}")
        cast_vote(scene.second, voter, f"crowd-second-{number}")
    db.session.commit()
    sizes = iter([1, 7, 230, 20])
    while append_to_logs(at_most=next(sizes, 1000)):
        pass
    leaves = leaves_of(scene.campaign)
    checkpoint = signed(scene.log)
    assert (checkpoint.size, checkpoint.root) == (316, root_over(leaves))
    node = Tiles(scene.campaign.id).node
    for index in (0, 15, 255, 256, 315):
        proof = tree.inclusion_proof(index, 316, node)
        assert tree.root_by(proof, leaves[index], index, 316) == checkpoint.root


def test_each_campaign_has_a_log_of_its_own(scene):
    other = make_campaign(scene.campaign.brand, scene.ana, slug="bottles")
    cast_vote(make_idea(other, scene.ana), scene.voters[0], "first-vote")
    db.session.commit()
    append_to_logs()
    assert signed(scene.log).size == 16
    assert signed(db.session.get_one(BallotLog, other.id)).size == 1


def test_an_entry_that_the_ballot_box_did_not_write_stays_out(scene):
    row = {"campaign_id": scene.campaign.id, "idea_id": scene.first.id, "voter_id": scene.ana.id, "act": "cast"}
    db.session.add(BallotEntry(**row, key="put-there-by-sql"))
    db.session.add(BallotEntry(**row, key="with-a-made-up-mark", mark="0" * 32))
    db.session.commit()
    assert append_to_logs() == 2
    assert signed(scene.log).size == 16


def test_what_was_there_before_entries_had_marks_is_taken_in(scene):
    row = {"campaign_id": scene.campaign.id, "idea_id": scene.first.id, "voter_id": scene.ana.id, "act": "cast"}
    db.session.add(BallotEntry(**row, key="of-an-earlier-version"))
    db.session.execute(db.update(BookReading).values(unmarked_until=10**6))
    db.session.commit()
    append_to_logs()
    assert signed(scene.log).size == 17


def test_a_log_that_somebody_changed_is_not_signed_on(scene):
    before = scene.log.checkpoint
    tile = db.session.scalars(db.select(BallotTile)).one()
    tile.hashes = bytes(32) + tile.hashes[32:]
    cast_vote(scene.second, scene.voters[0], "a-late-vote")
    db.session.commit()
    append_to_logs()
    assert scene.log.checkpoint == before


@pytest.mark.only_on("postgresql")
def test_an_entry_that_is_committed_late_comes_before_those_that_it_precedes(app, scene):
    """A smaller number may be committed after a larger one. On SQLite writers wait for each other."""
    first, second, voter = scene.first.id, scene.second.id, scene.ana.id
    late = make_person("late").id
    db.session.commit()
    counted, commit = threading.Event(), threading.Event()

    def vote_slowly():
        with app.app_context():
            count_ballots([Ballot(late, first, "the-slow-vote", "cast")])
            counted.set()
            commit.wait(20)
            db.session.commit()

    def append():
        with app.app_context():
            append_to_logs()

    slow = threading.Thread(target=vote_slowly)
    slow.start()
    assert counted.wait(20)
    # Another's transaction takes a larger number and is committed first: put in by hand, for announcing would wait.
    row = {
        "campaign_id": scene.campaign.id,
        "idea_id": second,
        "voter_id": voter,
        "key": "the-quick-vote",
        "act": "cast",
    }
    at = now()
    mark = log_keys().mark(*list(row.values())[:4], "cast", micros(at))
    enter_book()
    db.session.execute(db.insert(BallotEntry).values(**row, at=at, mark=mark))
    db.session.commit()
    appending = threading.Thread(target=append)
    appending.start()
    appending.join(0.5)
    assert appending.is_alive(), "it did not wait for the vote that was being stored"
    commit.set()
    slow.join(20)
    appending.join(20)
    keys = db.session.execute(db.select(BallotEntry.id, BallotEntry.key).order_by(BallotEntry.id.desc()).limit(2)).all()
    assert [key for _id, key in keys] == ["the-quick-vote", "the-slow-vote"]
    append_to_logs()
    db.session.expire_all()
    tile = db.session.scalars(db.select(BallotTile).where(BallotTile.level == 0)).one()
    assert [entry for entry, _idea in referred(tile.entries)][-2:] == [keys[1].id, keys[0].id]


@pytest.mark.only_on("postgresql")
def test_nobody_who_votes_stands_behind_the_log_while_it_waits_for_one_who_is_slow(app, scene):
    """Whoever hands back a hundred thousand votes in one transaction keeps the log waiting, and nobody on another campaign."""
    other = make_campaign(scene.campaign.brand, scene.ana, slug="bottles")
    first, elsewhere, other = scene.first.id, make_idea(other, scene.ana).id, other.id
    slow, quick, quicker = (make_person(name).id for name in ("slow", "quick", "quicker"))
    db.session.commit()
    stored, commit = threading.Event(), threading.Event()

    def vote_slowly():
        with app.app_context():
            count_ballots([Ballot(slow, first, "the-slow-vote", "cast")])
            stored.set()
            commit.wait(20)
            db.session.commit()

    def append():
        with app.app_context():
            append_to_logs()

    voting, appending = threading.Thread(target=vote_slowly), threading.Thread(target=append)
    voting.start()
    assert stored.wait(20)
    count_ballots([Ballot(quicker, elsewhere, "the-quicker-vote", "cast")])
    db.session.commit()
    appending.start()
    appending.join(0.5)
    assert appending.is_alive(), "it did not wait for the vote that was being stored"
    try:
        db.session.execute(text("SET LOCAL lock_timeout = '3s'"))
        count_ballots([Ballot(quick, elsewhere, "the-quick-vote", "cast")])
        db.session.commit()
        assert appending.is_alive()
    finally:
        commit.set()
        voting.join(20)
        appending.join(20)
    append_to_logs()
    assert signed(scene.log).size == 17
    assert signed(db.session.get_one(BallotLog, other, populate_existing=True)).size == 2


def test_another_key_stops_the_start(scene, settings, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("INSTANCE", str(settings.instance))
    assert CliRunner().invoke(command, ["verify", "cans"]).exit_code == 0
    monkeypatch.setenv("LOG_KEY", "another key than the one of the first run")
    stopped = CliRunner().invoke(command, ["verify", "cans"])
    assert stopped.exit_code == 1
    assert "begun with another key: set LOG_KEY" in stopped.output
