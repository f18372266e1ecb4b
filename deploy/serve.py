"""What `campaign serve` becomes: gunicorn, whose arbiter keeps a worker process beside the web process.

The arbiter starts the worker, starts it again when it died, and ends it. Should the arbiter be killed, the worker ends with it, and
the web process notices that its parent is gone.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_LIFE = 10.0  # Seconds. One that died sooner will hardly live longer at once…
LONGEST_PAUSE = 60.0  # …so it is tried again after pauses that grow up to this one.
HEAD_START = 2.0  # Seconds for the web process to open: both begin with reading the whole program.
FAREWELL = 2.0  # Seconds that it has to finish what it does.
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


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
    if _libc is not None:  # Linux ends it with the arbiter, also while it still reads the program.
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Supervisor(Arbiter):
    """Gunicorn's arbiter, with one process more in its care."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__(app)
        self.worker = Worker() if os.environ.get("WORKER") != "0" else None

    def manage_workers(self) -> None:
        super().manage_workers()  # The web process first: people wait for that one.
        if self.worker and self.worker.keep():
            self.log.error("The worker process ended by itself; it is started again.")

    def stop(self, graceful: bool = True) -> None:
        if self.worker:
            self.worker.ask_to_end()  # Both finish at the same time.
        super().stop(graceful)
        if self.worker:
            self.worker.end()


class Server(WSGIApplication):
    """Gunicorn as the configuration beside this file wants it."""

    def run(self) -> None:
        Supervisor(self).run()


if __name__ == "__main__":
    sys.argv[1:] = ["--config", str(Path(__file__).with_name("gunicorn.conf.py"))]
    Server("%(prog)s [OPTIONS]").run()
