"""From which network somebody voted: a name for a day, written in batches and forgotten in a week."""

from datetime import timedelta

import pytest

from campaign import leftovers
from campaign.accounts.attempts import place
from campaign.clock import now
from campaign.doubts.looking import _networks_of
from campaign.extensions import db, socketio
from campaign.networks import place_of
from campaign.votes import ballot_box, networks
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
        monkeypatch.setattr(networks, "now", lambda: now() + timedelta(days=6))
        forget_networks()
        assert db.session.scalar(db.select(db.func.count()).select_from(VoteNetwork)) == 1
        monkeypatch.setattr(networks, "now", lambda: now() + timedelta(days=7))
        forget_networks()
        assert db.session.scalar(db.select(db.func.count()).select_from(VoteNetwork)) == 0


@pytest.mark.one_database
def test_it_is_forgotten_where_no_worker_runs_as_well(app, cast, monkeypatch):
    class Enough(BaseException):
        pass

    def end(seconds):
        raise Enough

    with app.app_context():
        db.session.add(VoteNetwork(voter_id=cast["carl"], network="a" * 16, day=today() - 7))
        db.session.commit()
    monkeypatch.setattr(socketio, "sleep", end)
    with pytest.raises(Enough):
        leftovers.keep_sweeping(app)
    with app.app_context():
        assert db.session.scalars(db.select(VoteNetwork)).all() == []


def test_of_those_who_vote_together_only_whose_vote_is_stored_leave_their_network(app, cast, soda_idea):
    def slip(name):
        return ballot_box.Slip(cast[name], None, soda_idea, f"a-key-of-{name}", "cast", address="192.0.2.7")

    with app.app_context():
        own, good = ballot_box._settle([slip("bea"), slip("carl")])
        assert (own.code, good.act) == ("own_idea", "cast")
        write_networks()
        assert db.session.scalars(db.select(VoteNetwork.voter_id)).all() == [cast["carl"]]


def test_an_address_that_can_not_be_read_is_nobodys_network(app, cast):
    with app.app_context():
        note_networks([(cast["carl"], "192.0.2.7:1234"), (cast["bea"], "unknown")])
        write_networks()
        assert db.session.scalars(db.select(VoteNetwork)).all() == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::5", "2001:db8::/64"),
        ("2001:db8:0:0:1::", "2001:db8::/64"),
        ("2001:0DB8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("", "unknown"),
        ("192.0.2.7:1234", "unknown"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_a_place_is_an_address_or_the_network_of_a_household(app, address, found):
    assert place_of(address) == found
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert address == "" or place() == found


def test_a_look_reads_the_networks_of_the_voters_at_hand_and_of_nobody_else(app, voted):
    with app.app_context():
        db.session.add_all(VoteNetwork(voter_id=voter, network="n" * 16, day=today()) for voter in voted.machines)
        db.session.commit()
        some = set(voted.machines[:3])
        assert set(_networks_of(some, now() - timedelta(days=1))) == some
