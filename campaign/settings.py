"""Every setting of an installation, read from the environment once."""

import fcntl
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, current_app

from campaign.errors import BadSetting

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_KEY = 32


@dataclass(frozen=True)
class Settings:
    """What an operator may decide. `metadata` holds the variable's name and the sentence for the README's table."""

    instance: Path = field(
        default=ROOT / "instance",
        metadata={"name": "INSTANCE", "help": "Folder of the database, the files and the mail."},
    )
    database_url: str = field(
        default="",
        metadata={
            "name": "DATABASE_URL",
            "help": "`postgresql://…` to use PostgreSQL. Without it: SQLite in the instance folder.",
        },
    )
    redis_url: str = field(
        default="",
        metadata={
            "name": "REDIS_URL",
            "help": "`redis://…`, needed as soon as more than one web process runs. Without it: inside the process.",
        },
    )
    mail_url: str = field(
        default="",
        metadata={
            "name": "MAIL_URL",
            "help": "`smtp://user:password@host:port` or `smtps://…`. Without it: files in `outbox/` of the instance.",
        },
    )
    sms_url: str = field(
        default="",
        repr=False,
        metadata={
            "name": "SMS_URL",
            "help": '`https://…` of a gateway that takes `{"to", "text"}` as JSON by POST and sends a text message. Without it: files in `outbox/` of the instance.',
        },
    )
    mail_from: str = field(
        default="Ensemble <ensemble@localhost>",
        metadata={"name": "MAIL_FROM", "help": "The sender of every mail."},
    )
    secret_key: str = field(
        default="",
        repr=False,
        metadata={
            "name": "SECRET_KEY",
            "help": "Signs sessions and links; 32 characters or more. Without it: made on the first run, kept in the instance folder.",
        },
    )
    log_key: str = field(
        default="",
        repr=False,
        metadata={
            "name": "LOG_KEY",
            "help": "Signs the ballot logs; 32 characters or more, the same for every process. Without it: made on the first run, kept in the instance folder.",
        },
    )
    answers_key: str = field(
        default="",
        repr=False,
        metadata={
            "name": "ANSWERS_KEY",
            "help": "Encrypts private answers; 32 characters or more, the same for every process. Without it: made on the first run, kept in the instance folder.",
        },
    )
    public_url: str = field(
        default="",
        metadata={
            "name": "PUBLIC_URL",
            "help": "The address that people use, for links in mails. Without it: `http://HOST:PORT`.",
        },
    )
    host: str = field(default="127.0.0.1", metadata={"name": "HOST", "help": "The address to listen on."})
    port: int = field(default=5000, metadata={"name": "PORT", "help": "The port to listen on."})
    proxies: int = field(
        default=0,
        metadata={
            "name": "PROXIES",
            "help": "How many trusted proxies stand in front and set `X-Forwarded-…`.",
        },
    )
    development: bool = field(
        default=False,
        metadata={
            "name": "DEVELOPMENT",
            "help": "`1` shows `/styleguide` and the mails at `/outbox`. Never on a public server.",
        },
    )
    tick: float = field(
        default=0.1,
        metadata={"name": "BOARD_TICK", "help": "Seconds between two messages of one board, 0.02 to 5."},
    )
    timezone: str = field(
        default="Europe/Paris",
        metadata={"name": "TIMEZONE", "help": "The zone in which dates are shown and typed."},
    )
    attempts: int = field(
        default=10,
        metadata={
            "name": "SIGN_IN_ATTEMPTS",
            "help": "Attempts to sign in, per address and quarter of an hour, before a pause.",
        },
    )
    uploads_per_day: int = field(
        default=200,
        metadata={
            "name": "UPLOADS_PER_DAY",
            "help": "Megabytes of pictures and documents that one person can store in a day.",
        },
    )
    worker: bool = field(
        default=True,
        metadata={
            "name": "WORKER",
            "help": "`0`: `campaign serve` keeps no worker process beside it, because `campaign work` runs elsewhere.",
        },
    )
    demo_activity: bool | None = field(
        default=None,
        metadata={
            "name": "DEMO_ACTIVITY",
            "help": "`on`: `serve --demo` sends in simulated participants at every start; `off`: never. Without it: when it has just loaded the demo.",
        },
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings. Nonsense stops the start with a sentence that names the variable."""
        known = cls.__dataclass_fields__
        given: dict[str, Any] = {
            name: _read(
                spec.metadata["name"],
                environment[spec.metadata["name"]],
                bool if spec.default is None else type(spec.default),
            )
            for name, spec in known.items()
            if environment.get(spec.metadata["name"], "") != ""
        }
        settings = cls(**given)
        settings._check()
        return settings

    def _check(self) -> None:
        if not 1 <= self.port <= 65535:
            raise BadSetting("PORT", "must be between 1 and 65535", str(self.port))
        if not 0.02 <= self.tick <= 5:
            raise BadSetting("BOARD_TICK", "must be between 0.02 and 5 seconds", str(self.tick))
        for name, key in (
            ("SECRET_KEY", self.secret_key),
            ("LOG_KEY", self.log_key),
            ("ANSWERS_KEY", self.answers_key),
        ):
            if key and len(key) < SHORTEST_KEY:
                raise BadSetting(name, "must have 32 characters or more", "…")
        if self.attempts < 1:
            raise BadSetting("SIGN_IN_ATTEMPTS", "must be 1 or more", str(self.attempts))
        if self.uploads_per_day < 1:
            raise BadSetting("UPLOADS_PER_DAY", "must be 1 or more", str(self.uploads_per_day))
        if self.proxies < 0:
            raise BadSetting("PROXIES", "must be 0 or more", str(self.proxies))
        if not _is_zone(self.timezone):
            raise BadSetting("TIMEZONE", "must be a zone such as Europe/Paris", self.timezone)
        if "@" not in parseaddr(self.mail_from)[1]:
            raise BadSetting("MAIL_FROM", "must be written like Ensemble <ensemble@example.com>", self.mail_from)
        # On this machine, a database and a Redis may do without a host.
        _check_url(
            "DATABASE_URL", self.database_url, "postgresql postgresql+psycopg sqlite", "user:password@host:5432/name"
        )
        _check_url("REDIS_URL", self.redis_url, "redis rediss unix", "host:6379/0")
        _check_url("MAIL_URL", self.mail_url, "smtp smtps", "user:password@host:587", needs_host=True)
        _check_url("SMS_URL", self.sms_url, "http https", "gateway.example.com/messages", needs_host=True)
        _check_url("PUBLIC_URL", self.public_url, "http https", "ideas.example.com", needs_host=True)

    @property
    def database(self) -> str:
        """The database's URL as SQLAlchemy wants it."""
        if self.database_url:
            scheme, rest = self.database_url.split("://", 1)
            return f"{'postgresql+psycopg' if scheme == 'postgresql' else scheme}://{rest}"
        return f"sqlite:///{self.instance / 'ensemble.sqlite'}"

    @property
    def address(self) -> str:
        """Where people reach this installation, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def secret(self) -> str:
        """The key of sessions and links: the given one, or one made on the first run and kept readable by its owner only."""
        return self.secret_key or self._kept("secret_key")

    def log_secret(self) -> str:
        """The secret of the ballot logs, given or kept in the same way. A key of its own: sessions may get a new one any day."""
        return self.log_key or self._kept("log_key")

    def answers_secret(self) -> str:
        """The secret of private answers, likewise. Of its own as well: without it what it encrypted is lost, which is no matter for sessions."""
        return self.answers_key or self._kept("answers_key")

    def _kept(self, name: str) -> str:
        kept = self.instance / name
        folder = os.open(self.instance, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)  # Two processes that start at once must not make two keys.
            if kept.is_file() and len(secret := kept.read_text().strip()) >= SHORTEST_KEY:
                return secret
            return _keep_whole(kept, secrets.token_urlsafe(48), folder)
        finally:
            fcntl.flock(folder, fcntl.LOCK_UN)  # gevent closes later, and the next key is asked for before that.
            os.close(folder)


def _is_zone(name: str) -> bool:
    """Asks for the one: to list all that there are reads six hundred files."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # No such zone, no relative path, a folder of zones.
        return False
    return True


def of(app: Flask) -> Settings:
    """The settings that an application was made with."""
    settings: Settings = app.extensions["settings"]
    return settings


def current() -> Settings:
    """The settings of the application at work."""
    return of(current_app)


def _read(name: str, text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
            raise BadSetting(name, "must be 1 or 0 (or on or off)", text)
        return text.lower() in {"1", "true", "yes", "on"}
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            raise BadSetting(name, "must be a number", text) from None
    return Path(text).expanduser().resolve() if issubclass(kind, Path) else text


def _keep_whole(file: Path, secret: str, folder: int) -> str:
    """Write a secret so that nobody ever reads a part of it, not even after the power went off. `folder`: its descriptor."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(secret)
        written.flush()
        os.fsync(written.fileno())
    draft.replace(file)
    os.fsync(folder)  # The name as well: another key made after a power cut would sign everybody out.
    return secret


def _check_url(name: str, url: str, schemes: str, example: str, needs_host: bool = False) -> None:
    """Refuse what can't be an address. It may hold a password, so the sentence shows nothing after the scheme."""
    if not url:
        return
    allowed, scheme = schemes.split(), url.partition(":")[0]
    if not any(url.startswith(f"{one}://") for one in allowed):
        raise BadSetting(name, f"must begin with {' or '.join(f'{one}://' for one in allowed)}", scheme)
    try:
        parts = urlsplit(url)
        sound = parts.port is None or parts.port > 0  # Asked for, a port that is none raises.
    except ValueError:
        sound = False
    if not sound or (needs_host and not parts.hostname):
        raise BadSetting(name, f"must be written like {scheme}://{example}", f"{scheme}://…")
