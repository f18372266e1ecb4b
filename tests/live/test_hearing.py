"""Boards take every change once and in order, whatever comes late, twice, never, or breaks."""

import json
import queue
import threading
from contextlib import nullcontext
from importlib import import_module

import pytest
import redis

from campaign.board.live import CampaignBoard
from campaign.extensions import db, socketio
from campaign.ideas.models import Idea
from campaign.live import Audience, announce, announcing, boards, bus, catching_up, guarding, presence
from campaign.live.board import Arrival, Board, Watcher
from campaign.live.boards import Boards
from campaign.live.models import BoardSequence, Change
from campaign.live.news import CARDS
from campaign.live.presenting import Presentation
from tests.makers import make_brand, make_campaign, make_idea, make_person

EVERYBODY = Audience("public", "en")


class Ear:
    """A client's place in the engine, with no client: keeps what is sent, while it takes anything."""

    def __init__(self, clear=True):
        self.clear, self.heard = clear, []

    def offer(self, text, frame):
        if self.clear:
            self.heard.append(tuple(json.loads(text[1:])))
        return self.clear

    def say(self, text):
        self.heard.append(tuple(json.loads(text[1:])))


def heard(board):
    return board.watchers[EVERYBODY]["sid"].connection.heard


class Names:
    def name(self, board):
        return {"campaign": board}

    def figures(self, board):
        return None

    def heard(self, board, news, audience):
        return news

    def present(self, board, news, audience, figures):
        return {"campaign": board, **news}

    def roles(self, asked):
        return {board: dict.fromkeys(tickets, "public") for board, tickets in asked.items()}

    def reason(self, board, ticket, before, role):
        return {}


def presented(app, presenter=None):
    presentation = Presentation()
    presentation.app, presentation.presenter = app, presenter or Names()
    return presentation


def fresh_boards(app, presenter=None):
    """Boards beside the process's own, which nothing guards and no bus tells of anything."""
    streamed = Boards.__new__(Boards)
    streamed._open, streamed._watched, streamed._guarding = {}, {}, True
    streamed._presentation = presented(app, presenter)
    return streamed


@pytest.fixture
def presentation(app, monkeypatch):
    presentation = presented(app)
    monkeypatch.setattr(boards, "_presentation", presentation)
    return presentation


@pytest.fixture
def board(presentation, monkeypatch):
    """A board that somebody watches, at number 10, that sends nothing by itself."""
    board = Board("soda", seq=10)
    board.join(EVERYBODY, "sid", Watcher("bea", None, Ear()))
    monkeypatch.setattr(boards, "_open", {"soda": board})
    monkeypatch.setattr(boards, "_watched", {"sid": ("soda",)})
    monkeypatch.setattr(boards, "_wake", lambda board: None)
    return board


@pytest.fixture
def connected(monkeypatch):
    """Every socket that anybody names is there, and clear."""
    module = import_module("campaign.live.boards")
    monkeypatch.setattr(module, "is_connected", lambda socketio, sid: True)
    monkeypatch.setattr(module, "connection_of", lambda socketio, sid: Ear())


def test_what_is_heard_while_a_gap_is_filled_keeps_its_place(board, presentation, monkeypatch):
    changes = {11: {"votes": {"1": 1}}, 12: {"votes": {"1": 2}}, 13: {"votes": {"1": 3}}}

    def slowly(name, seq):
        stored = [(number, changes[number]) for number in (11, 12) if number > seq]
        if seq == 10:
            boards.hear("soda", 11, changes[11])
            boards.hear("soda", 12, changes[12])
            boards.hear("soda", 13, changes[13])
        return stored

    monkeypatch.setattr(presentation, "changes_since", slowly)
    boards.hear("soda", 12, changes[12])
    assert board.seq == 13
    assert board.waiting["votes"] == {"1": 3}


def test_a_gap_is_filled_from_the_database(app, board):
    board.seq = 0
    with app.app_context():
        for total in (1, 2, 3):
            announce("elsewhere", "vote.cast", votes={total: total})
        db.session.commit()
    board.name = "elsewhere"
    boards._open["elsewhere"] = board
    boards.hear("elsewhere", 3, {"votes": {"3": 3}})
    assert board.seq == 3
    assert board.waiting["votes"] == {"1": 1, "2": 2, "3": 3}


def test_a_gap_beyond_what_is_kept_asks_everybody_to_watch_afresh(board, presentation, monkeypatch):
    monkeypatch.setattr(presentation, "changes_since", lambda name, seq: None)
    boards.hear("soda", 2000, {"votes": {"1": 7}})
    assert heard(board) == [("board.stale", {"campaign": "soda"})]
    assert board.seq == 2000


def test_a_gap_that_could_not_be_read_is_filled_with_the_next_change(board, presentation, monkeypatch):
    def broken(name, seq):
        raise OSError("no database")

    monkeypatch.setattr(presentation, "changes_since", broken)
    with pytest.raises(OSError, match="no database"):
        boards.hear("soda", 12, {"votes": {"1": 2}})
    monkeypatch.setattr(
        presentation, "changes_since", lambda name, seq: [(n, {"votes": {"1": n}}) for n in (11, 12, 13)]
    )
    boards.hear("soda", 13, {"votes": {"1": 13}})
    assert board.seq == 13
    assert board.waiting["votes"] == {"1": 13}


def test_what_breaks_while_telling_does_not_break_what_was_stored(app, monkeypatch, capsys):
    heard = []

    def fall(*change):
        raise RuntimeError("deaf")

    monkeypatch.setattr(bus, "_on_change", [fall, lambda *change: heard.append(change)])
    with app.app_context():
        announce("soda", "vote.cast", votes={1: 1})
        announce("soda", "vote.cast", votes={1: 2})
        db.session.commit()
    assert [seq for _, seq, _ in heard] == [1, 2]
    monkeypatch.setattr(bus, "publish", fall)
    with app.app_context():
        announce("soda", "vote.cast", votes={1: 3})
        db.session.commit()
    assert "deaf" in capsys.readouterr().out


def test_the_listener_survives_a_message_that_breaks(monkeypatch):
    class Over(BaseException):
        """Ends the loop that never ends."""

    class Subscription:
        def subscribe(self, channel):
            pass

        def get_message(self, timeout):
            if not told:
                raise Over
            return {"type": "message", "data": told.pop(0)}

    class Client(redis.Redis):
        def pubsub(self, **given):
            return Subscription()

    told = [b"no json", *(json.dumps({"process": "other", "change": ["soda", seq, {}]}) for seq in (1, 2))]
    heard = []

    def hear(board, seq, news):
        heard.append(seq)
        raise RuntimeError("one that breaks")

    monkeypatch.setattr(bus, "_on_change", [hear])
    with pytest.raises(Over):
        bus._listen(Client())
    assert heard == [1, 2]


def test_a_socket_that_went_while_we_read_is_not_counted(app, monkeypatch):
    streamed = fresh_boards(app)
    monkeypatch.setattr(presence, "_here", {})
    with app.app_context():
        streamed.welcome([Arrival("soda", "a socket that has gone", "bea", EVERYBODY, None, 0)])
    assert streamed._open == {}
    assert presence.people("soda") == 0


def test_people_are_told_of_only_when_their_number_changes(monkeypatch):
    told = []
    monkeypatch.setattr(presence, "_on_change", [told.append])
    monkeypatch.setattr(presence, "_elsewhere", {})
    for count in (2, 2, 3, 3, 0, 0):
        presence._hear("other", "soda", count)
    assert told == ["soda"] * 3
    assert presence._elsewhere == {}


def test_a_process_that_says_nothing_is_forgotten(monkeypatch):
    told = []
    monkeypatch.setattr(presence, "_on_change", [told.append])
    monkeypatch.setattr(presence, "_elsewhere", {})
    presence._hear("other", "soda", 2)
    monkeypatch.setattr(presence, "FORGET", -1.0)
    presence.forget()
    assert presence._elsewhere == {}
    assert told == ["soda", "soda"]


def test_two_windows_of_one_person_count_once():
    board = Board("soda", seq=0)
    board.join(EVERYBODY, "one", Watcher("bea", None, Ear()))
    board.join(EVERYBODY, "two", Watcher("bea", None, Ear()))
    board.join(Audience("team", "fr"), "three", Watcher("ana", None, Ear()))
    assert board.people == 2
    assert board.part("one")
    assert not board.part("one")
    assert board.people == 2
    assert board.part("two")
    assert board.people == 1
    assert list(board.watchers) == [Audience("team", "fr")]


def test_who_is_behind_gets_nothing_stale_and_then_all_of_it_at_once(board):
    watcher = board.watchers[EVERYBODY]["sid"]
    for seq, clear in ((11, True), (12, False), (13, False)):
        watcher.connection.clear = clear
        boards.hear("soda", seq, {"votes": {"1": seq}})
        boards._send(board)
    assert [change["votes"] for _event, change in heard(board)] == [{"1": 11}]
    assert watcher.behind is not None
    watcher.connection.clear = True
    boards._bring_up("sid")
    assert [change["seq"] for _event, change in heard(board)] == [11, 13]
    assert heard(board)[-1][1]["votes"] == {"1": 13}
    assert watcher.behind is None


class Looked(dict):
    """People on a board, and how often somebody looked at one of them."""

    looks = 0

    def __getitem__(self, sid):
        self.looks += 1
        return super().__getitem__(sid)

    def items(self):
        for item in super().items():
            self.looks += 1
            yield item


def test_who_can_take_more_is_found_without_looking_at_all_others(board, connected, monkeypatch):
    monkeypatch.setattr(socketio, "start_background_task", lambda work, *given: work(*given))
    for number in range(500):
        boards._let_in(Arrival("soda", f"sid-{number}", "bea", EVERYBODY, None, None))
    people = board.watchers[EVERYBODY] = Looked(board.watchers[EVERYBODY])
    watcher = board.watcher("sid-7")[1]
    people.looks = 0
    watcher.connection.drained()
    assert people.looks <= 2
    assert watcher.connection.heard == []
    boards.hear("soda", 11, {"votes": {"1": 1}})
    watcher.behind = 0.0
    watcher.connection.drained()
    assert people.looks <= 6
    assert [change["seq"] for _event, change in watcher.connection.heard] == [11]
    boards.leave("sid-7")
    assert "sid-7" not in boards._watched
    watcher.connection.drained()


def test_who_watches_two_boards_leaves_them_one_by_one(board, connected):
    boards._open["other"] = Board("other", seq=1)
    for name in ("soda", "other", "other"):
        boards._let_in(Arrival(name, "two", "carl", EVERYBODY, None, None))
    assert boards._watched["two"] == ("soda", "other")
    boards.leave("two", "soda")
    assert boards._watched["two"] == ("other",)
    assert "other" in boards._open
    boards.leave("two")
    assert "two" not in boards._watched
    assert "other" not in boards._open


def test_who_is_brought_up_while_others_are_told_misses_nothing(board, presentation):
    class Slowly(Names):
        """Asking the database lets others in: meanwhile the next change is told to everybody who is not behind."""

        def present(self, name, news, audience, figures):
            if not told:
                told.append(True)
                boards.hear("soda", 12, {"votes": {"1": 12}})
                boards._send(board)
            return super().present(name, news, audience, figures)

    told = []
    watcher = board.watchers[EVERYBODY]["sid"]
    boards.hear("soda", 11, {"votes": {"1": 11}})
    watcher.connection.clear = False
    boards._send(board)
    watcher.connection.clear = True
    presentation.presenter = Slowly()
    boards._bring_up("sid")
    assert heard(board)[-1][1]["votes"] == {"1": 12}
    assert heard(board)[-1][1]["seq"] == 12
    assert watcher.behind is None


def test_what_is_told_while_a_board_opens_is_not_lost(app, monkeypatch):
    streamed = fresh_boards(app)
    monkeypatch.setattr(streamed, "_wake", lambda board: None)

    def late(names):
        streamed.hear("soda", 8, {"votes": {"1": 8}})
        return {"soda": 7}

    monkeypatch.setattr(streamed._presentation, "numbers", late)
    monkeypatch.setattr(streamed._presentation, "changes_since", lambda name, seq: [(8, {"votes": {"1": 8}})])
    streamed._open_board("soda")
    assert streamed._open["soda"].seq == 8


def test_a_board_that_cannot_be_shown_keeps_nobody_from_the_others(app, monkeypatch):
    class Half(Names):
        def snapshot(self, board, audience, figures):
            if board == "broken":
                raise RuntimeError("no such board")
            return {"votes": {}}

    streamed = fresh_boards(app, Half())
    with app.app_context():
        broken, whole = streamed.welcome(
            [Arrival(name, name, "bea", EVERYBODY, None, None) for name in ("broken", "soda")]
        )
    assert isinstance(broken, RuntimeError)
    assert json.loads(whole)["snapshot"]["votes"] == {}


def test_who_comes_back_together_from_very_many_moments_is_told_from_a_few():
    arrivals = [Arrival("soda", str(since), "bea", EVERYBODY, None, since) for since in range(100)]
    starts = catching_up.few(arrivals)
    assert len(set(starts)) <= catching_up.DIFFERENT
    assert all(start <= arrival.since for start, arrival in zip(starts, arrivals, strict=True))
    assert catching_up.few(arrivals[:5]) == [0, 1, 2, 3, 4]


def test_who_leaves_while_a_board_opens_does_not_close_it(app, monkeypatch):
    streamed = fresh_boards(app)

    def late(names):
        streamed.leave("somebody on their way out")
        return {"soda": 7}

    monkeypatch.setattr(streamed._presentation, "numbers", late)
    streamed._open_board("soda")
    assert streamed._open["soda"].seq == 7


@pytest.mark.parametrize("noticed", ["heard", "looked for"])
@pytest.mark.parametrize("stored", ["all of it", "none of it", "no answer"])
def test_a_board_that_everybody_leaves_while_a_gap_is_filled_is_closed(
    board, presentation, monkeypatch, noticed, stored
):
    def meanwhile(name, seq):
        boards.leave("sid")
        if stored == "no answer":
            raise OSError("no database")
        return [(number, {}) for number in (11, 12)] if stored == "all of it" else None

    monkeypatch.setattr(presentation, "changes_since", meanwhile)
    monkeypatch.setattr(presentation, "numbers", lambda names: {"soda": 12})
    with pytest.raises(OSError, match="no database") if stored == "no answer" else nullcontext():
        boards._read_on() if noticed == "looked for" else boards.hear("soda", 12, {})
    assert boards._open == {}


def test_what_the_bus_lost_is_told_without_waiting_for_the_next_change(app, board):
    board.seq = board.heard = 0
    with app.app_context():
        announce("soda", "vote.cast", votes={1: 1})
        db.session.rollback()
        announce("soda", "vote.cast", votes={1: 2})
        db.session.info.pop("changes")  # Stored, and told to nobody: as after a crash between the two.
        db.session.commit()
    boards._read_on()
    assert (board.seq, board.waiting["votes"]) == (1, {"1": 2})


def test_who_could_not_be_told_is_behind_and_told_later(board, presentation, monkeypatch, capsys):
    watcher = board.watchers[EVERYBODY]["sid"]
    say = presentation._say
    monkeypatch.setattr(presentation, "_say", lambda *asked: 1 / 0)
    boards.hear("soda", 11, {"votes": {"1": 11}})
    boards._send(board)
    assert heard(board) == []
    monkeypatch.setattr(presentation, "_say", say)
    boards.hear("soda", 12, {"votes": {"2": 12}})
    boards._send(board)
    assert heard(board) == []  # Hearing 12 would let it think that it knows 11.
    assert watcher.behind is not None
    boards._bring_up("sid")
    assert heard(board)[-1][1]["votes"] == {"1": 11, "2": 12}
    assert watcher.behind is None


def test_an_audience_that_may_not_know_is_sent_nothing_until_something_is_for_it(board, presentation):
    class Sealed(Names):
        def heard(self, name, news, audience):
            return {name: value for name, value in news.items() if name != "votes"}

    presentation.presenter = Sealed()
    boards.hear("soda", 11, {"votes": {"1": 11}})
    boards._send(board)
    assert heard(board) == []
    boards.hear("soda", 12, {"votes": {"1": 12}})
    boards.hear("soda", 13, {"ideas": [1]})
    boards._send(board)
    [(event, told)] = heard(board)
    assert event == "board.changed"
    assert told["ideas"] == [1]
    assert "votes" not in told


def test_an_audience_that_cannot_be_told_keeps_nobody_else_behind(board, presentation, capsys):
    class NoFrench(Names):
        def present(self, name, news, audience, figures):
            asked.append((name, audience))
            assert (name, audience.language) != ("soda", "fr")
            return super().present(name, news, audience, figures)

    def behind(board, audience, sid):
        board.join(audience, sid, Watcher(sid, None, Ear()))
        board.watcher(sid)[1].behind, board.watcher(sid)[1].seen = 0.0, 10
        return guarding.Seat(board, audience, sid, board.watcher(sid)[1])

    asked, french = [], Audience("public", "fr")
    other = Board("other", seq=10)
    seats = [
        behind(*place)
        for place in (
            (board, french, "one"),
            (board, french, "two"),
            (board, EVERYBODY, "three"),
            (other, french, "four"),
        )
    ]
    for known in (board, other):
        known.take(11, {"votes": {"1": 1}})
    presentation.presenter = NoFrench()
    catching_up.bring_up(presentation, seats)
    assert [len(seat.watcher.connection.heard) for seat in seats] == [0, 0, 1, 1]
    assert [seat.watcher.behind is None for seat in seats] == [False, False, True, True]
    assert asked.count(("soda", french)) == 1


@pytest.mark.parametrize("broken", ["numbers", "changes_since"])
def test_a_board_that_cannot_be_opened_does_not_stay_open(app, monkeypatch, broken):
    streamed = fresh_boards(app)
    monkeypatch.setattr(streamed._presentation, "numbers", lambda names: streamed.hear("soda", 9, {}) or {"soda": 7})
    monkeypatch.setattr(streamed._presentation, broken, lambda *asked: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        streamed.welcome([Arrival("soda", "sid", "bea", EVERYBODY, None, None)])
    assert streamed._open == {}


def test_what_is_stored_while_changes_are_read_does_not_look_like_a_gap(app, monkeypatch):
    def late(board):
        announce("soda", "vote.cast", votes={1: 1})
        db.session.commit()
        return stored(board)

    stored = announcing.board_seq
    monkeypatch.setattr(announcing, "board_seq", late)
    with app.app_context():
        assert [seq for seq, _news in announcing.changes_since("soda", 0)] == [1]


def test_until_it_is_known_who_may_hear_it_nobody_does(board, presentation, monkeypatch):
    board.take(11, {"kinds": ["campaign.closed"]})
    monkeypatch.setattr(presentation, "roles", lambda asked: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        boards._check_first(board)
    assert board.doubtful
    assert heard(board) == []


def test_who_may_still_watch_is_asked_about_a_few_at_a_time_with_turns_for_others(board, presentation, monkeypatch):
    class Strict(Names):
        def roles(self, asked):
            rounds.append({ticket for tickets in asked.values() for ticket in tickets})
            return {name: {ticket: "public" for ticket in tickets if ticket != 3} for name, tickets in asked.items()}

    rounds, turns = [], []
    monkeypatch.setattr(guarding, "AT_ONCE", 2)
    monkeypatch.setattr(socketio, "sleep", lambda seconds: turns.append(len(rounds)))
    presentation.presenter = Strict()
    for number in range(9):  # Three windows of each, and nobody.
        board.join(EVERYBODY, f"sid-{number}", Watcher("bea", number // 3 + 1, Ear()))
    shut_out = [board.watcher(f"sid-{number}")[1] for number in (6, 7, 8)]
    boards.check(["soda"])
    assert [len(asked) for asked in rounds] == [2, 2]
    assert set().union(*rounds) == {None, 1, 2, 3}
    assert turns == [1]
    assert [watcher.connection.heard for watcher in shut_out] == [[("board.closed", {"campaign": "soda"})]] * 3
    assert all(watcher.left for watcher in shut_out)
    assert len(board.watchers[EVERYBODY]) == 7
    boards.check(["soda"])
    assert len(rounds) == 4
    assert 3 not in rounds[2] | rounds[3]


def test_a_campaign_that_changes_while_it_is_asked_who_may_watch_is_asked_again(board, presentation, monkeypatch):
    class Changing(Names):
        def roles(self, asked):
            if not board.recent.get(12):
                board.take(12, {"kinds": ["campaign.closed"]})
            else:
                knew.append(len(heard(board)))
            return super().roles(asked)

    knew = []
    monkeypatch.setattr(boards, "_tick", 0)
    monkeypatch.setattr(socketio, "sleep", lambda seconds: None)
    presentation.presenter = Changing()
    board.take(11, {"kinds": ["campaign.changed"]})
    board.changed = True
    boards._run(board)
    assert knew == [0]
    assert heard(board)[-1][1]["seq"] == 12


def test_a_board_is_counted_once_for_all_who_are_told_the_same(app, monkeypatch, queries):
    streamed = fresh_boards(app, CampaignBoard())
    with app.app_context():
        campaign = make_campaign(make_brand(make_person("ana")), make_person("ana"))
        idea = make_idea(campaign, make_person("ana")).id
        db.session.commit()
        name = campaign.board
        board = Board(name, seq=10)
    for number, audience in enumerate(Audience(role, tongue) for role in ("public", "team") for tongue in ("en", "fr")):
        board.join(audience, f"sid-{number}", Watcher(str(number), None, Ear()))

    def counts(seq, total):
        with app.app_context():
            db.session.execute(db.update(Idea).values(votes=total))
            db.session.merge(BoardSequence(board=name, seq=seq, beyond_votes=0))  # For counts are kept by it.
            db.session.commit()
        board.take(seq, {"votes": {str(idea): total}})
        with queries() as asked:
            streamed._send(board)
        told = [sids[sid].connection.heard[-1][1] for sids in board.watchers.values() for sid in sids]
        assert [change["counts"]["votes"] for change in told] == [total] * 4
        return len([statement for statement in asked if "sum(idea.votes)" in statement.lower()])

    assert counts(11, 3) == 1
    assert counts(12, 4) == 1


def test_very_many_new_cards_are_told_as_a_reason_to_ask_for_the_board(app, board, presentation):
    boards.hear("soda", 11, {"ideas": list(range(CARDS + 1))})
    boards._send(board)
    assert heard(board) == [("board.stale", {"campaign": "soda"})]
    board.watchers[EVERYBODY]["sid"].behind = 0.0
    board.watchers[EVERYBODY]["sid"].seen = 10
    boards._bring_up("sid")
    assert heard(board)[-1] == ("board.stale", {"campaign": "soda"})
    assert catching_up._missed(presentation, board, "soda", 10) is None


def test_a_redis_that_says_nothing_keeps_nobody_waiting(app, monkeypatch, capsys):
    stuck, asked = threading.Event(), threading.Event()

    class Client:
        def publish(self, channel, message):
            asked.set()
            assert stuck.wait(10)

    outbox = queue.Queue(2)
    monkeypatch.setattr(bus, "_outbox", outbox)
    monkeypatch.setattr(bus, "_full", False)
    threading.Thread(target=bus._keep_sending, args=[Client(), outbox], daemon=True).start()
    told = []
    monkeypatch.setattr(bus, "_on_change", [lambda *change: told.append(change)])
    bus.publish("soda", 1, {})
    assert asked.wait(10)
    for seq in (2, 3, 4):
        bus.publish("soda", seq, {})
    assert [seq for _board, seq, _news in told] == [1, 2, 3, 4]
    for seq in range(5, 10):
        bus.publish("soda", seq, {})
    assert capsys.readouterr().out.count("bus.full") == 1
    stuck.set()


class Ended(BaseException):
    """Ends a loop that never ends."""


def test_what_waited_while_redis_was_away_is_not_sent_late(monkeypatch, capsys):
    class Client:
        def publish(self, channel, message):
            tried.append(message)
            if len(tried) == 1:
                raise redis.ConnectionError("away")
            raise Ended

    class Outbox(queue.Queue):
        def get(self, block=True):
            if tried and block:  # Redis is back, and the next change comes.
                self.put("new")
            return super().get(block)

    tried, outbox = [], Outbox()
    for number in range(5):
        outbox.put(f"stale {number}")
    with pytest.raises(Ended):
        bus._keep_sending(Client(), outbox)
    assert tried == ["stale 0", "new"]
    assert capsys.readouterr().out.count("bus.unreachable") == 1


def test_a_line_to_redis_on_which_nobody_answers_is_given_up():
    class Line:
        def __init__(self, *heard):
            self.heard, self.pings = list(heard), 0

        def get_message(self, timeout):
            return self.heard.pop(0)

        def ping(self):
            self.pings += 1

    news, pong = {"type": "message", "data": b"1"}, {"type": "pong", "data": b""}
    quiet = Line(None, pong, None, news, None, None)
    messages = bus._messages(quiet)
    assert next(messages) == b"1"
    assert quiet.pings == 2
    with pytest.raises(redis.TimeoutError):
        next(messages)


def test_a_line_to_redis_that_is_quiet_for_long_still_stands(redis_url, monkeypatch):
    monkeypatch.setattr(bus, "SILENCE", 0.1)
    client = redis.Redis.from_url(redis_url, socket_timeout=0.5)
    subscription = client.pubsub(ignore_subscribe_messages=True)
    subscription.subscribe(bus.CHANNEL)
    threading.Timer(1, client.publish, (bus.CHANNEL, "after a while")).start()
    assert next(bus._messages(subscription)) == b"after a while"


def test_redis_is_given_seconds_and_not_for_ever(monkeypatch):
    clients = []
    monkeypatch.setattr(socketio, "start_background_task", lambda work, client, *given: clients.append(client))
    monkeypatch.setattr(bus, "_outbox", None)
    for url in ("redis://localhost:1/0", "unix:///nowhere.sock"):
        bus.listen(url)
        bus.register(url)
    for client in clients:
        options = client.connection_pool.connection_kwargs
        assert options["socket_timeout"] == options["socket_connect_timeout"] == bus.PATIENCE
        client.connection_pool.make_connection()
        assert options.get("socket_keepalive", False) == ("host" in options)
    assert all(sender.connection_pool.connection_kwargs["health_check_interval"] for sender in clients[1::2])


def test_old_changes_are_let_go(app, monkeypatch):
    monkeypatch.setattr(announcing, "KEPT", 5)
    with app.app_context():
        announce("soda", "vote.cast")
        db.session.execute(db.update(BoardSequence).values(seq=250))
        for _ in range(7):
            announce("soda", "vote.cast")
        db.session.commit()
        kept = db.session.scalars(db.select(Change.seq).order_by(Change.seq)).all()
    assert kept == [252, 253, 254, 255, 256, 257]


def test_a_gap_that_could_not_be_read_is_filled_in_the_next_round(app, board, presentation, monkeypatch):
    board.seq = board.heard = 0
    with app.app_context():
        for total in (1, 2):
            announce("soda", "vote.cast", votes={1: total})
        db.session.info.pop("changes")
        db.session.commit()
    with monkeypatch.context() as away:
        away.setattr(presentation, "changes_since", lambda name, seq: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            boards.hear("soda", 2, {"votes": {"1": 2}})
    boards._read_on()
    assert (board.seq, board.waiting["votes"]) == (2, {"1": 2})
