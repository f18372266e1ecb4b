"""How commands with files speak to an operator: what can't be done is one sentence."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from campaign.campaigns.models import Campaign
from campaign.database import Overdue
from campaign.errors import Refused
from campaign.exchange.readers.errors import BadFile
from campaign.extensions import db


def plainly(work: Callable[..., Any]) -> Callable[..., Any]:
    """What can't be done is one sentence, no traceback; nothing of it stays."""

    @wraps(work)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return work(*args, **kwargs)
        except Refused as error:
            raise click.ClickException(str(error.message)) from None
        except BadFile as bad:
            many = len(bad.problems) > 1
            raise click.ClickException(f"Nothing was imported.\n{bad}" if many else str(bad)) from None
        except (OperationalError, Overdue) as error:
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            raise click.ClickException(f"The database can't be used: {reason}") from None

    return run


def campaign_called(slug: str) -> Campaign:
    """The campaign at this address."""
    campaign = db.session.scalar(db.select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        raise click.ClickException(f"There is no campaign '{slug}'.")
    return campaign


@contextmanager
def counting(length: int, doing: str, done: str) -> Iterator[Callable[[int], None]]:
    """Show how far a long work is: a bar in a terminal, and elsewhere, where no line can be written over, a line for each tenth.

    Shown with the first step: what is refused before anything is done is said alone.
    """
    bars: list[Any] = []
    steps = 0
    with ExitStack() as shown:

        def draw(more: int) -> None:
            if not bars:
                bars.append(shown.enter_context(click.progressbar(length=length, label=doing, show_pos=True)))
            bars[0].update(more)

        def write(more: int) -> None:
            nonlocal steps
            before, steps = steps, steps + more
            if 10 * before // length < 10 * steps // length:
                click.echo(f"{steps} of {length} {done} ({100 * steps // length} %).")

        yield draw if sys.stdout.isatty() else write
