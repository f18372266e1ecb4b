"""Every act at the ballot box becomes one leaf, in the order of the book, and the log is signed."""

import threading

import pytest
from click.testing import CliRunner
from flask import current_app
from sqlalchemy import text

from campaign.clock import now
from campaign.command import command
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ledger import tree
from campaign.ledger.appending import append_to_logs
from campaign.ledger.checkpoint import opened, public_key
from campaign.ledger.leaves import entries, referred, scribe
from campaign.ledger.models import BallotLog, BallotTile, BookReading
from campaign.ledger.tiles import Tiles
from campaign.ledger.verifying import verify
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from campaign.votes.book import enter_book
from campaign.votes.marks import log_keys, micros
from campaign.votes.models import BallotEntry, Vote
from tests.ledger.conftest import start_anew_after_an_update
from tests.makers import make_brand, make_campaign, make_idea, make_person
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


def test_what_was_there_before_entries_had_marks_is_taken_in(app):
    with app.app_context():
        ana = make_person("ana")
        campaign = make_campaign(make_brand(ana), ana, slug="cans")
        idea, voter = make_idea(campaign, ana), make_person("voter")
        row = {"campaign_id": campaign.id, "idea_id": idea.id, "act": "cast"}
        db.session.add(BallotEntry(**row, voter_id=voter.id, key="of-an-earlier-version"))
        db.session.flush()
        db.session.execute(
            db.update(BookReading).values(unmarked_until=db.select(db.func.max(BallotEntry.id)).scalar_subquery())
        )
        db.session.commit()
        append_to_logs()
        assert signed(db.session.get_one(BallotLog, campaign.id)).size == 1
        assert verify(campaign).unmarked == 1
        assert not any("marks" in problem for problem in verify(campaign).problems)


@pytest.mark.parametrize("again", [False, True])
def test_nobody_makes_an_entry_old_enough_to_be_without_a_mark(scene, again):
    """By the database alone; also if that is made to look as if no start of today's product had seen it."""
    row = {"campaign_id": scene.campaign.id, "idea_id": scene.second.id, "voter_id": scene.ana.id, "act": "cast"}
    db.session.add(entry := BallotEntry(**row, key="put-there-by-sql"))
    db.session.add(Vote(idea_id=scene.second.id, voter_id=scene.ana.id, version=1))
    db.session.execute(db.update(Idea).where(Idea.id == scene.second.id).values(votes=Idea.votes + 1))
    db.session.execute(db.update(BookReading).values(unmarked_until=10**6))
    if again:
        db.session.execute(db.update(BookReading).values(begun=None))
    db.session.commit()
    current_app.extensions.pop("log_beginning_settled", None)  # The next start.
    append_to_logs()
    assert signed(scene.log).size == 16
    assert verify(scene.campaign).problems == [
        "Up to which entry there were no marks was changed: the server did not write it so.",
        f"Entry {entry.id}, for idea {scene.second.id}, was added: the ballot box did not write it.",
    ]


def test_an_unmarked_entry_that_came_into_the_log_is_named(scene):
    """Where an earlier version took it in."""
    number = db.session.scalars(db.select(BallotEntry.id).where(BallotEntry.key == "first-vote-4")).one()
    db.session.execute(db.update(BallotEntry).where(BallotEntry.id == number).values(mark=None))
    db.session.commit()
    [problem] = verify(scene.campaign).problems
    assert problem.startswith(f"Entry {number} (leaf {number - 1})")
    assert problem.endswith("was added: the ballot box did not write it.")


def test_an_older_database_takes_in_no_more_entries_without_a_mark_than_it_did(scene):
    db.session.execute(db.update(BookReading).values(unmarked_until=10**6))
    db.session.commit()
    start_anew_after_an_update()
    reading = db.session.get_one(BookReading, 1, populate_existing=True)
    assert reading.unmarked_until == 0
    assert verify(scene.campaign).problems == []


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
