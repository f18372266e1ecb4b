"""What is told, when, and at what price: at once, then once a tick; made once for all who read it alike; to nobody who may not."""

import itertools
import json
import sys
from collections import deque

import pytest

from campaign.extensions import socketio
from campaign.live import Audience, broadcasting, bus, catching_up, guarding, presence
from campaign.live.board import Arrival
from campaign.live.boards import Boards

pytestmark = pytest.mark.one_database

ENGLISH, FRENCH = Audience("public", "en"), Audience("public", "fr")
MANY = 40


class Ear:
    """A client's place in the engine, with no client."""

    clear = True
    drained = None

    def __init__(self, log):
        self.log, self.frames = log, []

    def offer(self, text, frame):
        self.frames.append(frame)
        event, data = json.loads(text[1:])
        self.log.append((event, data.get("seq")))
        return True

    def say(self, text):
        self.log.append((json.loads(text[1:])[0], None))


class Counting:
    """A slice that notes what it is asked for."""

    def __init__(self):
        self.asked = []

    def figures(self, board):
        return None

    def name(self, board):
        return {"campaign": board}

    def heard(self, board, news, audience):
        return news

    def present(self, board, news, audience, figures):
        self.asked.append(("present", audience))
        return {"campaign": board, **news}

    def snapshot(self, board, audience, figures):
        self.asked.append(("snapshot", audience))
        return {"campaign": board, "votes": {}}

    def roles(self, asked):
        return {board: dict.fromkeys(tickets, "public") for board, tickets in asked.items()}

    def reason(self, board, ticket, before, role):
        return {}


class Room:
    """One board in a process without a bus. Time passes when somebody sleeps, and `meanwhile` says what happens then."""

    def __init__(self, app, monkeypatch):
        self.log, self.ears, self.tasks = [], {}, deque()
        self.meanwhile, self.now, self._numbers = deque(), 0.0, itertools.count(1)
        self.presenter = Counting()
        for name in ("_on_change", "_on_presence"):
            monkeypatch.setattr(bus, name, [])
        for name, empty in (("_on_change", []), ("_here", {}), ("_elsewhere", {})):
            monkeypatch.setattr(presence, name, empty)
        monkeypatch.setattr(socketio, "sleep", self._sleep)
        monkeypatch.setattr(socketio, "start_background_task", lambda run, *given: self.tasks.append((run, given)))
        module = sys.modules[Boards.__module__]
        monkeypatch.setattr(module, "connection_of", lambda socketio, sid: self.ears[sid])
        monkeypatch.setattr(module, "is_connected", lambda socketio, sid: True)
        self.boards = Boards()
        self.boards.register(app, tick=0.1)
        self.boards.present_with(self.presenter)

    def _sleep(self, seconds):
        self.now += seconds
        if not seconds:  # Only a turn for others.
            return
        self.log.append(("slept", seconds))
        assert len(self.log) < 100, "it goes on for ever"
        if self.meanwhile:
            self.meanwhile.popleft()()

    def arrive(self, names, audience=ENGLISH, since=None):
        arrivals = []
        for name in names:
            sid = f"sid-{next(self._numbers)}"
            self.ears[sid] = Ear(self.log)
            arrivals.append(Arrival("soda", sid, name, audience, None, since))
        return self.boards.welcome(arrivals)

    def hear(self, *numbers):
        for seq in numbers:
            self.boards.hear("soda", seq, {"votes": {"1": seq}})

    def run(self):
        while self.tasks:
            run, given = self.tasks.popleft()
            run(*given)

    def settle(self):
        """Until all have been told who is here. From now on the log is the test's, and the guard comes when it is asked to."""
        self.guard = next(run for run, _given in self.tasks if run == self.boards._guard)
        self.tasks = deque(task for task in self.tasks if task[0] != self.guard)
        self.run()
        self.log.clear()
        self.presenter.asked.clear()


@pytest.fixture
def room(app, monkeypatch):
    return Room(app, monkeypatch)


@pytest.fixture
def encoded(monkeypatch):
    """How often something is made JSON text of."""
    made = []
    for module in (broadcasting, catching_up):
        plain = module.compact
        monkeypatch.setattr(module, "compact", lambda data, plain=plain: (made.append(True), plain(data))[1])
    return made


def test_the_first_change_leaves_at_once_and_those_that_follow_leave_together_a_tick_later(room):
    room.arrive(["bea"])
    room.settle()
    room.meanwhile.extend([lambda: room.hear(2, 3), lambda: room.hear(4)])
    room.hear(1)
    room.run()
    told = ("board.changed", 1), ("board.changed", 3), ("board.changed", 4)
    tick = ("slept", 0.1)
    assert room.log == [told[0], tick, told[1], tick, told[2], tick]
    room.log.clear()
    room.hear(5)  # After a silence, and so at once.
    room.run()
    assert room.log == [("board.changed", 5), tick]


def test_a_message_is_made_once_for_each_audience_however_many_watch(room, encoded):
    room.arrive([f"person-{number}" for number in range(MANY)])
    room.arrive([f"personne-{number}" for number in range(MANY)], FRENCH)
    room.settle()
    for ear in room.ears.values():
        ear.frames.clear()
    encoded.clear()
    room.hear(1)
    room.run()
    assert room.presenter.asked == [("present", ENGLISH), ("present", FRENCH)]
    assert len(encoded) == 2
    assert [len(ear.frames) for ear in room.ears.values()] == [1] * 2 * MANY
    assert len({id(ear.frames[0]) for ear in room.ears.values()}) == 2, "the same bytes, not equal ones"


def test_a_snapshot_is_made_once_for_all_who_come_while_nothing_happens(room, encoded):
    people = [f"person-{number}" for number in range(MANY)]
    texts = room.arrive(people)
    assert len(texts) == MANY
    texts += room.arrive(people)  # In another window.
    assert len({id(text) for text in texts}) == 1, "the same text, not an equal one"
    assert room.presenter.asked == [("snapshot", ENGLISH)]
    assert len(encoded) == 1
    room.hear(1)
    room.arrive(people)
    assert room.presenter.asked == [("snapshot", ENGLISH)] * 2


def test_what_was_missed_is_told_once_to_all_who_missed_the_same(room, encoded):
    room.arrive(["ana"])
    room.settle()
    room.hear(1, 2)
    encoded.clear()
    texts = room.arrive([f"person-{number}" for number in range(MANY)], since=1)
    assert len({id(text) for text in texts}) == 1
    assert json.loads(texts[0])["changes"][0]["votes"] == {"1": 2}
    assert room.presenter.asked == [("present", ENGLISH)]
    assert len(encoded) == 1


def test_who_loses_their_access_right_after_a_look_is_shown_out_at_the_next(room):
    room.arrive(["bea"])
    room.settle()
    rounds = []

    def look_first(asked):
        rounds.append(room.now)
        return {board: dict.fromkeys(tickets, "public") if len(rounds) == 1 else {} for board, tickets in asked.items()}

    room.presenter.roles = look_first
    room.guard()
    assert [event for event, _seq in room.log if event != "slept"] == ["board.closed"]
    assert len(rounds) == 2
    assert rounds[1] - rounds[0] == pytest.approx(guarding.EVERY)


def test_a_round_of_the_guard_and_a_tick_leave_time_to_ask_within_a_second(settings):
    assert guarding.EVERY + settings.tick <= 0.75
