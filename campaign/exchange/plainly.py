"""How commands with files speak to an operator: what can't be done is one sentence."""

from collections.abc import Callable
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
