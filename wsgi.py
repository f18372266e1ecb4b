"""Where every process begins: gevent first, then everything else.

The server calls `create_app(serving=True)`, the `campaign` command calls `command`. Both must see the standard library already
patched, because a module imported earlier keeps the blocking version for good.
"""

import os
import sys
from pathlib import Path

# The server reads the program by itself, which takes most of a start: no need to read it here as well.
if sys.argv[1:] in (["serve"], ["serve", "--demo"]):
    server = Path(__file__).with_name("deploy") / "serve.py"
    os.execv(sys.executable, [sys.executable, str(server), *sys.argv[2:]])  # noqa: S606  Nothing of it was typed by a person.

from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402

gc.disable()  # What is read now stays: to look through it for garbage, again and again, takes a fifth of the start.

import structlog  # noqa: E402

from campaign import create_app  # noqa: E402
from campaign.command import command  # noqa: E402

gc.enable()

# Where `rich` happens to be installed, structlog would tell a traceback with every local variable: people's words and addresses,
# in tens of kilobytes that take their time.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),  # A file or a supervisor would keep the codes as signs.
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]
)

__all__ = ["command", "create_app"]

if __name__ == "__main__":  # How the server starts its worker.
    command()
