"""From which network somebody voted: a name for a day, written in batches and forgotten in a week."""

from datetime import timedelta

from campaign.clock import now
from campaign.extensions import db
from campaign.votes import networks
from campaign.votes.models import VoteNetwork
from campaign.votes.networks import forget_networks, network_of, note_networks, today, write_networks

KEY = b"a key of thirty-two bytes, or so"


def test_a_network_has_one_name_a_day_and_it_is_no_address():
    assert network_of("192.0.2.7", 1, KEY) == network_of("192.0.2.7", 1, KEY)
    assert network_of("2001:db8::1", 1, KEY) == network_of("2001:db8::ffff", 1, KEY)
    names = {
        network_of("192.0.2.7", 1, KEY),
        network_of("192.0.2.8", 1, KEY),
        network_of("192.0.2.7", 2, KEY),
        network_of("192.0.2.7", 1, b"another"),
        network_of("unknown", 1, KEY),
        network_of("2001:db8:0:1::1", 1, KEY),
    }
    assert len(names) == 6
    assert all(len(name) == 16 for name in names)


def test_a_vote_writes_no_statement_more_and_its_network_is_stored_once(app, carl, soda_idea, cast, queries):
    def stored():
        with app.app_context():
            write_networks()
            return db.session.execute(db.select(VoteNetwork.voter_id, VoteNetwork.day)).all()

    with queries() as asked:
        carl.post(f"/ideas/{soda_idea}/vote", id="a-key-of-carl", headers={"Accept": "application/json"})
    assert not [statement for statement in asked if "vote_network" in statement]
    assert stored() == [(cast["carl"], today())]
    carl.post(f"/ideas/{soda_idea}/vote/withdrawal", id="another-key", headers={"Accept": "application/json"})
    with queries() as asked:
        assert len(stored()) == 1
    assert not [statement for statement in asked if statement.startswith("INSERT")]


def test_after_a_week_it_is_forgotten(app, cast, monkeypatch):
    with app.app_context():
        note_networks([(cast["carl"], "192.0.2.7"), (cast["bea"], "")])
        write_networks()
        monkeypatch.setattr(networks, "now", lambda: now() + timedelta(days=7))
        forget_networks()
        assert db.session.scalar(db.select(db.func.count()).select_from(VoteNetwork)) == 1
        monkeypatch.setattr(networks, "now", lambda: now() + timedelta(days=8))
        forget_networks()
        assert db.session.scalar(db.select(db.func.count()).select_from(VoteNetwork)) == 0
