"""What goes before serving: `campaign prepare`, in a process of its own, while the web process reads the program already.

It brings the database up to date, and with --demo loads the demo campaign. What stands in the way of a start it says in one sentence.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Preparation:
    """The process that prepares, and what it answers: settings for those who serve, or nothing when it refused.

    Its answer is looked at and never taken away, so that the arbiter and every web process find it.
    """

    def __init__(self, options: list[str]) -> None:
        listening = ["--listening"] if can_listen() else []  # Otherwise it says why not.
        self.answers, theirs = socket.socketpair()
        with closing(theirs):
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "wsgi.py", "prepare", *options, *listening, "--tell", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                preexec_fn=lambda: end_with_parent(signal.SIGTERM),
            )
        if not listening:
            sys.exit(self.process.wait() or 1)

    def settings(self, patience: float = 0.0) -> dict[str, str] | None:
        """What it answered, after `patience` seconds at most; None while it prepares. EOFError: it ended without an answer."""
        self.answers.settimeout(patience)
        try:
            answer = self.answers.recv(65536, socket.MSG_PEEK)
        except (TimeoutError, BlockingIOError):
            return None
        if not answer:
            raise EOFError("It could not be prepared.")
        return dict(json.loads(answer))

    def wait(self, alive: Callable[[], None]) -> None:
        """Wait for the answer and put its settings into the environment. `alive` is called every second meanwhile."""
        while (settings := self.settings(patience=1.0)) is None:
            alive()
        os.environ.update(settings)


def can_listen() -> bool:
    """Whether the server could listen where HOST and PORT say."""
    host = os.environ.get("HOST") or "127.0.0.1"
    try:
        port = int(os.environ.get("PORT") or 5000)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (ValueError, OverflowError, OSError):
        return False
    return True


def end_with_parent(sign: int) -> None:
    """For a new process, before it is anything: Linux sends it this signal when its parent is gone."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, sign)
