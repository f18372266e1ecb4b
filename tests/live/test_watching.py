"""What people hear who watch a board."""

import pytest

from campaign.extensions import db
from campaign.live import announce, board_seq
from campaign.live.announcing import changes_since
from tests.makers import make_brand, make_campaign, make_person


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_everyone_watching_hears_of_a_vote(stage, connect, transport):
    bea, carl = connect("bea", [transport]), connect("carl")
    bea.ask("board.watch", {"campaign": stage.campaign})
    assert carl.cast(stage.ideas[0])["ok"]
    told = bea.until(lambda change: change["votes"])
    assert told["campaign"] == stage.campaign
    assert told["votes"] == {str(stage.ideas[0]): 1}
    assert told["counts"]["votes"] == 1


def test_watching_begins_with_the_whole_board(stage, connect):
    connect("carl").cast(stage.ideas[1])
    answer = connect().ask("board.watch", {"campaign": stage.campaign})
    assert answer["ok"]
    assert answer["snapshot"]["votes"] == {str(stage.ideas[0]): 0, str(stage.ideas[1]): 1}
    assert answer["snapshot"]["whole"]


def test_who_comes_back_hears_exactly_what_was_missed(stage, connect):
    bea, carl = connect("bea"), connect("carl")
    known = bea.ask("board.watch", {"campaign": stage.campaign})["seq"]
    bea.client.disconnect()
    carl.cast(stage.ideas[0])
    carl.cast(stage.ideas[1])
    back = connect("bea").ask("board.watch", {"campaign": stage.campaign, "since": known})
    assert back["seq"] == known + 2
    assert [change["votes"] for change in back["changes"]] == [{str(idea): 1 for idea in stage.ideas}]


def test_who_missed_nothing_is_told_nothing(stage, connect):
    bea = connect("bea")
    known = bea.ask("board.watch", {"campaign": stage.campaign})["seq"]
    again = bea.ask("board.watch", {"campaign": stage.campaign, "since": known})
    assert again["changes"][0]["votes"] == {}


def test_a_number_that_never_was_brings_the_whole_board(stage, connect):
    assert "snapshot" in connect().ask("board.watch", {"campaign": stage.campaign, "since": 10**12})


def test_people_are_counted_once_however_many_windows_they_open(stage, connect):
    bea, again, carl = connect("bea"), connect("bea"), connect("carl")
    for listener in (bea, again, carl):
        listener.ask("board.watch", {"campaign": stage.campaign})
    assert bea.until(lambda change: change["counts"]["people"] == 2)
    carl.client.disconnect()
    assert bea.until(lambda change: change["counts"]["people"] == 1)


def test_who_left_hears_no_more(stage, connect):
    bea, carl, drew = connect("bea"), connect("carl"), connect("drew")
    for listener in (bea, drew):
        listener.ask("board.watch", {"campaign": stage.campaign})
    assert bea.ask("board.leave", {"campaign": stage.campaign}) == {"ok": True}
    carl.cast(stage.ideas[0])
    drew.until(lambda change: change["votes"])
    bea.ask("board.leave", {})  # Whatever was sent to her before this answer has been heard.
    assert not [data for name, data in bea._heard.queue if data["votes"]]


@pytest.mark.parametrize("data", [{}, {"campaign": 7}, {"campaign": None}, [], "x", None])
def test_a_malformed_question_is_refused_with_a_sentence(connect, data):
    answer = connect().ask("board.watch", data)
    assert answer["error"]["code"] == "bad_request"
    assert answer["error"]["message"]


@pytest.mark.parametrize(
    "more", [{"since": "1"}, {"since": True}, {"since": 1.5}, {"since": -1}, {"since": 2**63}, {"extra": 1}]
)
def test_a_question_about_a_board_that_is_there_may_be_malformed_as_well(stage, connect, more):
    answer = connect().ask("board.watch", {"campaign": stage.campaign, **more})
    assert answer["error"]["code"] == "bad_request"


def test_a_draft_is_closed_to_sockets_of_strangers(server, stage, connect):
    with server.app.app_context():
        ana = db.session.get(type(make_person()), stage.names["ana"])
        draft = make_campaign(make_brand(ana), ana, published=False).slug
        db.session.commit()
        db.session.remove()
    assert connect("ana").ask("board.watch", {"campaign": draft})["ok"]
    assert connect("bea").ask("board.watch", {"campaign": draft})["error"]["code"] == "not_there"
    assert connect().ask("board.watch", {"campaign": draft})["error"]["code"] == "not_there"


def test_numbers_have_no_gap_and_a_rollback_takes_its_number_back(app):
    with app.app_context():
        announce("soda", "vote.cast", votes={1: 1})
        db.session.rollback()
        announce("soda", "vote.cast", votes={1: 1})
        db.session.commit()
        announce("soda", "vote.cast", votes={1: 2})
        db.session.commit()
        assert board_seq("soda") == 2
        assert changes_since("soda", 0) == [
            (1, {"votes": {"1": 1}, "kinds": ["vote.cast"]}),
            (2, {"votes": {"1": 2}, "kinds": ["vote.cast"]}),
        ]


def test_what_a_savepoint_took_back_is_not_told(app, monkeypatch):
    told = []
    monkeypatch.setattr("campaign.live.bus._on_change", [lambda *change: told.append(change)])
    with app.app_context():
        announce("soda", "idea.submitted", ideas=[1])
        nested = db.session.begin_nested()
        announce("soda", "vote.cast", votes={1: 1})
        nested.rollback()
        assert told == []
        db.session.commit()
    assert told == [("soda", 1, {"ideas": [1], "kinds": ["idea.submitted"]})]
