"""What is asked together is answered together, and nobody is left without an answer."""

import threading

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from campaign.errors import Busy
from campaign.live import gathering as gathering_module
from campaign.live.gathering import OF_ONE, Gathering


class Settling:
    """What a slice brings: answers each number with its double, and notes which came together."""

    def __init__(self):
        self.batches = []
        self.poison = None

    def __call__(self, asked):
        self.batches.append(list(asked))
        if self.poison is not None:
            self.poison(asked)
        return [number * 2 for number in asked]


@pytest.fixture
def settling():
    return Settling()


@pytest.fixture
def held(settling):
    """A batch that is being settled until the event is set."""
    opened, entered = threading.Event(), threading.Event()

    def hold(asked):
        entered.set()
        assert opened.wait(10)

    settling.poison = hold
    opened.entered = entered
    return opened


def all_of(gathering, app, numbers):
    """Everybody's answer, asked in one moment."""
    answers, done = {}, threading.Semaphore(0)
    for number in numbers:
        gathering.put(app, number, lambda answer, number=number: (answers.update({number: answer}), done.release()))
    for _ in numbers:
        assert done.acquire(timeout=10)
    return answers


def test_who_comes_alone_is_answered(app, settling):
    assert Gathering(settling).ask(app, 21) == 42


def test_what_waits_is_settled_together(app, settling, held):
    gathering = Gathering(settling, at_once=3)
    answers, done = [], threading.Semaphore(0)
    for number in range(6):
        gathering.put(app, number, lambda answer: (answers.append(answer), done.release()))
        assert held.entered.wait(10)
    held.set()
    for _ in range(6):
        assert done.acquire(timeout=10)
    assert settling.batches == [[0], [1, 2, 3], [4, 5]]
    assert answers == [0, 2, 4, 6, 8, 10]


def test_one_row_that_no_database_takes_fails_for_itself_alone(app, settling):
    def refuse(asked):
        if 3 in asked:
            raise IntegrityError("", {}, Exception())

    settling.poison = refuse
    answers = all_of(Gathering(settling), app, range(6))
    assert isinstance(answers.pop(3), IntegrityError)
    assert answers == {number: number * 2 for number in (0, 1, 2, 4, 5)}


def test_a_database_that_is_away_for_a_moment_is_asked_again(app, settling):
    def stumble(asked):
        settling.poison = None
        raise OperationalError("", {}, Exception())

    settling.poison = stumble
    assert Gathering(settling).ask(app, 4) == 8


def test_a_database_that_stays_away_asks_people_to_come_again(app, settling):
    def fall(asked):
        raise OperationalError("", {}, Exception())

    settling.poison = fall
    with pytest.raises(Busy) as refused:
        Gathering(settling).ask(app, 4)
    assert refused.value.retry_after == 2


def test_what_breaks_once_does_not_break_for_ever(app, settling, capsys):
    def fall(asked):
        settling.poison = None
        raise RuntimeError("the reason")

    settling.poison = fall
    gathering = Gathering(settling)
    with pytest.raises(RuntimeError):
        gathering.ask(app, 4)
    assert gathering.ask(app, 5) == 10
    assert "the reason" in capsys.readouterr().out


def test_who_comes_when_too_many_wait_is_asked_to_come_again(app, settling, held):
    gathering, done = Gathering(settling, backlog=2), threading.Semaphore(0)
    for number in range(3):
        gathering.put(app, number, lambda answer: done.release())
        assert held.entered.wait(10)
    with pytest.raises(Busy):
        gathering.put(app, 3, lambda answer: done.release())
    held.set()
    for _ in range(3):
        assert done.acquire(timeout=10)
    assert gathering.ask(app, 3) == 6


def test_nobody_fills_the_queue_for_everybody(app, settling, held):
    gathering, done = Gathering(settling, apart=lambda number: number % 2), threading.Semaphore(0)
    gathering.put(app, 0, lambda answer: done.release())
    assert held.entered.wait(10)
    for _ in range(OF_ONE):
        gathering.put(app, 2, lambda answer: done.release())
    with pytest.raises(Busy):
        gathering.put(app, 4, lambda answer: done.release())
    gathering.put(app, 1, lambda answer: done.release())
    held.set()
    for _ in range(OF_ONE + 2):
        assert done.acquire(timeout=10)
    assert gathering.ask(app, 4) == 8


def test_who_loses_patience_is_not_settled_afterwards(app, settling, held, monkeypatch):
    monkeypatch.setattr(gathering_module, "PATIENCE", 0.01)
    gathering, done = Gathering(settling), threading.Event()
    gathering.put(app, 1, lambda answer: done.set())
    assert held.entered.wait(10)
    with pytest.raises(Busy):
        gathering.ask(app, 2)
    held.set()
    assert done.wait(10)
    settling.poison = None
    monkeypatch.setattr(gathering_module, "PATIENCE", 10)
    assert gathering.ask(app, 3) == 6
    assert settling.batches == [[1], [3]]
