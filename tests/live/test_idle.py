"""A connection with nothing to say costs no greenlet and no timer of its own."""

from types import SimpleNamespace

import pytest

from campaign.live import heart as heart_module
from campaign.live.heart import Heart

pytestmark = pytest.mark.one_database

MANY = 1000


class Enough(Exception):
    """The test has seen what it wanted to see."""


class Client:
    def __init__(self, clock):
        self.clock, self.beats, self.there = clock, [], True

    def beat(self):
        self.beats.append(self.clock.now)
        return self.there


class Clock:
    """Time that passes only while the heart sleeps."""

    def __init__(self):
        self.now, self.spawned, self.until = 0.0, [], 0.0

    def monotonic(self):
        return self.now

    def spawn(self, run):
        self.spawned.append(run)

    def sleep(self, seconds):
        self.now += seconds
        if self.now > self.until:
            raise Enough

    def run_until(self, moment):
        self.until = moment
        with pytest.raises(Enough):
            self.spawned[0]()


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(heart_module, "time", SimpleNamespace(monotonic=clock.monotonic))
    monkeypatch.setattr(heart_module, "gevent", SimpleNamespace(spawn=clock.spawn, sleep=clock.sleep))
    return clock


def test_one_timer_pings_everybody_in_their_turn(clock):
    heart, clients = Heart(20), [Client(clock) for _ in range(MANY)]
    for client in clients:
        heart.add(client)
        clock.now += 0.001
    clock.run_until(65)
    assert len(clock.spawned) == 1
    for client in clients:
        assert len(client.beats) == 3
        assert client.beats[1] - client.beats[0] == pytest.approx(20)


def test_who_is_gone_is_pinged_no_more_and_a_heart_without_anybody_rests(clock):
    heart, gone, there = Heart(20), Client(clock), Client(clock)
    heart.add(gone)
    heart.add(there)
    gone.there = False
    clock.run_until(45)
    assert (len(gone.beats), len(there.beats)) == (1, 2)
    there.there = False
    clock.until = 1000
    clock.spawned[0]()  # It ends by itself.
    heart.add(Client(clock))
    assert len(clock.spawned) == 2
