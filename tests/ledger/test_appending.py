"""Every act at the ballot box becomes one leaf, in the order of the book, and the log is signed."""

from campaign.extensions import db
from campaign.ledger import tree
from campaign.ledger.appending import append_to_logs
from campaign.ledger.checkpoint import opened, public_key
from campaign.ledger.leaves import entries, referred, scribe
from campaign.ledger.models import BallotLog, BallotTile, BookReading
from campaign.ledger.tiles import Tiles
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
    proof = tree.consistency_proof(before.size, after.size, Tiles(scene.campaign.id).node)
    assert tree.grew(before.size, before.root, after.size, after.root, proof)


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
