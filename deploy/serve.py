"""What `campaign serve` becomes: gunicorn, whose arbiter keeps a worker process beside the web process.

What must be done before serving is done beside it, by preparing.py, and the web process opens when that has ended well. Then the
arbiter starts the worker, starts it again when it died, and ends it. Should the arbiter be killed, the worker ends with it, and the
web process notices that its parent is gone.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import Application
from gunicorn.arbiter import Arbiter
from preparing import ROOT, Preparation, end_with_parent

SHORTEST_LIFE = 10.0  # Seconds. One that died sooner will hardly live longer at once…
LONGEST_PAUSE = 60.0  # …so it is tried again after pauses that grow up to this one.
HEAD_START = (
    1.0  # Seconds for the web process to open, once all is prepared: the worker begins with reading the whole program.
)
FAREWELL = 2.0  # Seconds that it has to finish what it does.


class Worker:
    """The worker process: `campaign work`."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.started = time.monotonic()
        self.pause = HEAD_START

    def keep(self) -> bool:
        """See to it that it runs; called every second. Gives whether it had died."""
        if self.process is not None and self.process.poll() is None:
            return False
        now = time.monotonic()
        died = self.process is not None
        if died:
            self.process = None
            lived = now - self.started
            self.pause = 0.0 if lived > SHORTEST_LIFE else min(max(1.0, 2 * self.pause), LONGEST_PAUSE)
            self.started = now
        if now - self.started >= self.pause:
            self.started = now
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "wsgi.py", "work", "--beside", str(os.getpid())],
                stdin=subprocess.DEVNULL,
                preexec_fn=_as_a_helper,
            )
        return died

    def ask_to_end(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def end(self) -> None:
        """See to it that it is gone."""
        if self.process is None:
            return
        try:
            self.process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _as_a_helper() -> None:
    """In the new process, before it is anything."""
    os.nice(5)  # When both want the processor, the web process has it.
    end_with_parent(signal.SIGKILL)


class Supervisor(Arbiter):
    """Gunicorn's arbiter, with one process before its own and one beside them in its care."""

    def __init__(self, app: "Server") -> None:
        super().__init__(app)
        self.preparation = app.preparation
        self.worker: Worker | None = None
        self.prepared = False

    def manage_workers(self) -> None:
        if not self.prepared:
            self._look_at_preparation()
        super().manage_workers()  # The web process first: people wait for that one.
        if self.worker and self.worker.keep():
            self.log.error("The worker process ended by itself; it is started again.")

    def _look_at_preparation(self) -> None:
        try:
            settings = self.preparation.settings()
        except EOFError:  # It said why.
            self.stop()
            sys.exit(1)
        if settings is not None:
            self.prepared = True
            os.environ.update(settings)
            if os.environ["WORKER"] != "0":
                self.worker = Worker()

    def stop(self, graceful: bool = True) -> None:
        if not self.prepared and self.preparation.process.poll() is None:
            self.preparation.process.terminate()
        if self.worker:
            self.worker.ask_to_end()  # Both finish at the same time.
        super().stop(graceful)
        if self.worker:
            self.worker.end()


class Server(Application):
    """Gunicorn as the configuration beside this file wants it."""

    def __init__(self, preparation: Preparation) -> None:
        self.preparation = preparation
        self.alive: Callable[[], None]  # What a web process calls to tell the arbiter so. It is known there only.
        super().__init__()

    def init(self, parser: Any, opts: Any, args: Any) -> None:
        """Nothing more is read from the command line."""

    def run(self) -> None:
        Supervisor(self).run()

    def load(self) -> Any:
        """In the web process: read the program, and open when all is prepared."""
        from wsgi import create_app

        try:
            self.preparation.wait(self.alive)
        except EOFError:
            sys.exit()  # The arbiter ends too.
        return create_app(serving=True)


if __name__ == "__main__":
    preparation = Preparation(sys.argv[1:])
    os.chdir(ROOT)
    sys.argv[1:] = ["--config", str(Path(__file__).with_name("gunicorn.conf.py"))]
    Server(preparation).run()
