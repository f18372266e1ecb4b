"""The `campaign` command: serve, import, replay, export."""

import click

from campaign.errors import BadSetting


@click.group()
def command() -> None:
    """Ensemble: participatory campaigns with live boards."""
