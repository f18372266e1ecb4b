"""How a process finds who has new notices: each row read once, late ones too, and nothing asked about who isn't connected."""

import pytest

from campaign.extensions import db
from campaign.live import persons
from campaign.notices import telling
from campaign.notices.models import Notice
from campaign.notices.telling import Listener


@pytest.fixture
def put(app, cast, soda_campaign):
    """Put a notice down for somebody, with this number."""

    def put(name, number):
        about = {"person_id": cast[name], "campaign_id": soda_campaign, "what": "answered", "kind": "followed"}
        db.session.add(Notice(id=number, **about))
        db.session.commit()

    return put


@pytest.fixture
def listener(app, put):
    with app.app_context():
        put("bea", 1)
        listener = Listener()
        assert listener.look() == set()
        yield listener


def test_each_notice_is_heard_once_and_read_once(cast, queries, put, listener):
    put("carl", 2)
    assert listener.look() == {cast["carl"]}
    assert listener.look() == set()
    with queries() as asked:
        listener.look()
    assert sum("FROM" in question for question in asked) == 1


def test_what_took_a_lower_number_and_came_later_is_heard(cast, monkeypatch, put, listener):
    put("carl", 5)
    put("carl", 6)
    assert listener.look() == {cast["carl"]}
    put("drew", 3)
    assert listener.look() == {cast["drew"]}
    put("bea", 2)
    put("ana", 4)
    assert listener.look() == {cast["ana"], cast["bea"]}
    assert listener.look() == set()


def test_what_is_told_to_many_is_heard_some_at_a_time(cast, monkeypatch, put, listener):
    monkeypatch.setattr(telling, "ROWS", 2)
    for number, name in enumerate(("ana", "carl", "drew"), start=2):
        put(name, number)
    assert listener.look() == {cast["ana"], cast["carl"]}
    assert listener.look() == {cast["drew"]}


def test_nothing_is_asked_about_people_who_are_not_connected(queries, put, listener):
    assert listener.came() == set()
    for number, name in enumerate(("carl", "drew"), start=2):
        put(name, number)
    with queries() as asked:
        assert listener.here(listener.look()) == set()
        telling.tell(set())
    assert sum("FROM" in question for question in asked) == 1


def test_who_is_connected_is_known_until_they_leave(app, cast, bea, listener):
    with app.app_context():
        [ticket] = telling.tickets_of([cast["bea"]])[cast["bea"]]
        persons.arrive("a", ticket)
        try:
            assert listener.came() == {cast["bea"]}
            assert listener.came() == set()
            assert listener.here({cast["bea"], cast["carl"]}) == {cast["bea"]}
        finally:
            persons.leave("a")
        assert listener.came() == set()
        assert listener.here({cast["bea"]}) == set()
