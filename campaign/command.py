"""The `campaign` command: serve, and what an operator does beside it."""

import errno
import json
import os
import shutil
import socket
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import alembic.command
import click
from alembic.util import CommandError
from flask import Flask
from sqlalchemy.exc import DatabaseError

from campaign import create_app, stay
from campaign.accounts.outbox import key_of
from campaign.errors import BadSetting
from campaign.ledger.appending import OtherKey, check_key
from campaign.settings import ROOT, Settings

ROOM = 50 * 1024 * 1024  # Free bytes without which no database should be opened.


@click.group()
def command() -> None:
    """Ensemble: participatory campaigns with live boards."""


def with_app(work: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the application, on an up-to-date database. What can't work is one sentence, no traceback."""

    @wraps(work)
    def run(*args: Any, **kwargs: Any) -> Any:
        app = _open()
        with app.app_context():
            return work(*args, **kwargs)

    return run


@command.command()
@click.option("--demo", is_flag=True, help="Load the demo campaign if there is no brand yet, and keep its board alive.")
def serve(demo: bool) -> None:
    """Serve the installation. HOST and PORT say where; README.md lists every setting."""
    # The same process becomes the server, so that signals of a supervisor or a terminal reach it. What the server does first is
    # `prepare`, below. Usually wsgi.py has gone this way already, before anything was read.
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, str(ROOT / "deploy" / "serve.py"), *(["--demo"] if demo else [])])  # noqa: S606  Nothing that a person typed is in it.


@command.command(hidden=True)
@click.option("--demo", is_flag=True)
@click.option("--listening", is_flag=True, help="The server listens already.")
@click.option("--tell", type=int, help="The descriptor that hears of a good end, and the settings to serve with.")
def prepare(demo: bool, listening: bool, tell: int | None) -> None:
    """Do what goes before serving, or say in one sentence why it can't be done."""
    settings = _settings()
    if not listening:
        _check_port(settings.host, settings.port)
    app = _open(settings)
    if demo:
        from campaign.demo.command import prepare as prepare_demo

        prepare_demo(app)
    elif settings.development and not settings.mail_url:
        click.echo(f"Mail arrives at {settings.address}/outbox?key={key_of(app)}")
    sys.stdout.flush()
    if tell is not None:
        answer = {
            "INSTANCE": str(settings.instance),  # As it was meant from the folder we were called in.
            "WORKER": str(int(settings.worker)),
            "DEVELOPMENT": os.environ.get("DEVELOPMENT", ""),  # The demo may have set it.
        }
        os.write(tell, json.dumps(answer).encode())


@command.command()
@click.option("--beside", type=int, hidden=True, help="The server's process id: the worker ends with it.")
def work(beside: int | None) -> None:
    """Do what the server leaves to a process of its own. `campaign serve` keeps one; with REDIS_URL there may be more."""
    from campaign.worker import run

    app = _open()
    stay(app)
    run(app, beside)


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except BadSetting as error:
        raise click.ClickException(str(error)) from None


def _open(settings: Settings | None = None) -> Flask:
    settings = settings or _settings()
    try:
        settings.instance.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.instance).free
        if free < ROOM:
            raise click.ClickException(f"{settings.instance} has {free // 2**20} MB left; at least 50 MB are needed.")
        app = create_app(settings)
        with app.app_context():
            # Not flask_migrate.upgrade(), which turns what went wrong into an exit.
            alembic.command.upgrade(app.extensions["migrate"].migrate.get_config(), "heads")
            check_key()
    except OSError as error:
        raise click.ClickException(f"{settings.instance} can't be used: {error.strerror or error}.") from None
    except OtherKey as error:
        raise click.ClickException(f"{error}.") from None
    except DatabaseError as error:
        raise click.ClickException(f"The database can't be used: {str(error.orig).splitlines()[0]}") from None
    except CommandError as error:
        raise click.ClickException(
            f"The database is of another version of Ensemble, a newer one perhaps: {error}."
        ) from None
    return app


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            elsewhere = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
            cure = (
                "HOST must be an address of this machine." if elsewhere else "Choose another port: PORT=5001 make run"
            )
            raise click.ClickException(f"{host}:{port} can't be listened on ({error.strerror}). {cure}") from None


# Last, because it hangs its commands on the group above.
import campaign.demo.command  # noqa: E402
import campaign.exchange.export_command  # noqa: E402
import campaign.exchange.import_command  # noqa: E402
import campaign.exchange.replay_command  # noqa: E402
import campaign.exchange.seeding  # noqa: E402
import campaign.ledger_command  # noqa: E402
import campaign.mail_command  # noqa: E402, F401
