"""`campaign mail`: what became of the mail."""

import click

from campaign.command import command, with_app
from campaign.refused_mail import refused_mails


@command.group()
def mail() -> None:
    """What became of the mail."""


@mail.command()
@with_app
def refused() -> None:
    """List the mail of the last 30 days that its server refused, or did not take for a day: when, to whom, what, why."""
    mails = refused_mails()
    for one in mails:
        click.echo(f"{one.refused_at:%Y-%m-%d %H:%M} UTC  {one.recipient}  “{one.subject}”  {one.why}")
    if not mails:
        click.echo("No mail was refused in the last 30 days.")
