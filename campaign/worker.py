"""The worker: a process for what takes the processor's time, so that the process that streams never does.

`campaign serve` keeps one beside it. On one machine with SQLite there is never a second one at work in the same folder.
"""

import fcntl
import os
import signal
import sys

from flask import Flask
from gevent.event import Event
from huey.consumer import Consumer

from campaign import jobs, settings
from campaign.asking import keep_answering

LOOK = 0.5  # Seconds between two looks whether the server is still there.


def run(app: Flask, beside: int | None = None) -> None:
    """Work until SIGTERM, or until the server `beside` which it was started is gone."""
    ending = Event()
    # While nothing is begun, there is nothing to end in order; an exception from here could be lost in the event loop.
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(0))
    # The terminal sends Ctrl-C to everyone; the server passes it on.
    signal.signal(signal.SIGINT, signal.SIG_IGN if beside else lambda number, frame: os._exit(0))
    # One thread: more of them only wait for each other over matrices of this size. Read when numpy is imported.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    if not settings.of(app).redis_url:
        _be_the_only_one(app, beside)

    from campaign.ideas import embedding  # Not before: nothing else needs numpy, which takes its time and room.

    embedding.load()
    if _is_alone(beside):
        return
    stop_answering = keep_answering(app, {"similar": embedding.nearest})
    consumer = Consumer(jobs.queue_of(app), workers=1, worker_type="greenlet", max_delay=0.5, check_worker_health=False)
    consumer.start()
    for number in (signal.SIGTERM, *([] if beside else [signal.SIGINT])):
        signal.signal(number, lambda number, frame: ending.set())
    if beside:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not beside:
        print("The worker is at work (Ctrl-C ends it).", flush=True)
    jobs.wake_all(app)
    while not ending.wait(LOOK):
        if _is_alone(beside):
            os._exit(0)  # Nobody is left to end it in order, and what it was about is found by the next one.
    stop_answering()
    consumer.stop()


def _is_alone(beside: int | None) -> bool:
    """Whether the server that started us is gone."""
    return beside is not None and os.getppid() != beside


def _be_the_only_one(app: Flask, beside: int | None) -> None:
    """Wait until no other worker has this folder. The lock lasts as long as the process, however that ends."""
    lock = os.open(settings.of(app).instance / "worker.lock", os.O_RDWR | os.O_CREAT, 0o600)
    told = False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not told and not beside:
                print("Another worker has this folder; this one waits for its end.", flush=True)
            told = True
        else:
            return
        if Event().wait(LOOK) or _is_alone(beside):
            sys.exit(0)
