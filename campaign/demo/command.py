"""What `campaign serve --demo` does before it serves, and the process that keeps the demo's board moving."""

import os
import subprocess
import sys
import time
from ipaddress import ip_address
from pathlib import Path

import click
from flask import Flask

from campaign import create_app
from campaign.accounts.outbox import key_of
from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.command import command
from campaign.demo.loading import PARTICIPANT, PASSWORD, demo_campaign, load_demo
from campaign.demo.participants import take_part
from campaign.demo.simulation import begin_simulation, end_simulation
from campaign.demo.texts import read_content
from campaign.extensions import db
from campaign.settings import Settings


def prepare(app: Flask) -> None:
    """Load the demo where there is no brand yet, say how to look around, and send in the simulated participants: the first time, or if asked."""
    settings = Settings.from_environment()
    if _is_private(settings) and not os.environ.get("DEVELOPMENT"):
        os.environ["DEVELOPMENT"] = "1"
        settings = Settings.from_environment()
    with app.app_context():
        first = db.session.scalar(db.select(Brand.id).limit(1)) is None
        if first:
            _load()
        campaign = demo_campaign()
        if campaign is not None:
            _introduce(app, campaign, settings)
            # What is there from the second start on may be somebody's own, which nobody simulated moves unasked.
            wanted = first if settings.demo_activity is None else settings.demo_activity
            _simulate(campaign, settings, wanted)
        db.session.commit()


def _load() -> None:
    click.echo(
        "Loading the demo: a coffee house, its three campaigns, 61 ideas with pictures, votes and remarks… ",
        nl=False,
    )
    sys.stdout.flush()
    begin = time.monotonic()
    load_demo()
    db.session.commit()
    click.echo(f"done in {time.monotonic() - begin:.1f} s.")


def _introduce(app: Flask, campaign: Campaign, settings: Settings) -> None:
    people = {person["key"]: person for person in read_content("people")["people"]}
    accounts = [(one["email"], one["role"]) for one in read_content("brand")["team"]]
    accounts.append((people[PARTICIPANT]["email"], "participant"))
    width = max(len(email) for email, _role in accounts)
    click.echo(f"\nThe demo campaign: {settings.address}{campaign.url}")
    click.echo(f"\n  {'Sign in as':{width}}  {'Password':{len(PASSWORD)}}  Role")
    for email, role in accounts:
        click.echo(f"  {email:{width}}  {PASSWORD}  {role}")
    if settings.mail_url:
        mail = "through MAIL_URL"
    elif settings.development:
        mail = f"at {settings.address}/outbox?key={key_of(app)} ({_short(settings.instance / 'outbox')})"
    else:
        mail = f"in {_short(settings.instance / 'outbox')}"
    click.echo(f"\nMail arrives {mail}.")
    if not _is_private(settings):
        click.echo(
            f"Whoever reaches {settings.address} can sign in with these passwords: change them, or leave out --demo."
        )


def _simulate(campaign: Campaign, settings: Settings, wanted: bool) -> None:
    if not wanted or not campaign.accepts_support:
        end_simulation(campaign)
        db.session.commit()
        if settings.demo_activity is None and campaign.accepts_support:
            click.echo("DEMO_ACTIVITY=on sends simulated participants in again, as at the first start.\n")
        return
    until = begin_simulation(campaign).until
    db.session.commit()
    minutes = round((until - now()).total_seconds() / 60)
    click.echo(
        f"Six simulated participants move the board for {minutes} minutes, this once. It has a switch; DEMO_ACTIVITY=off leaves them out.\n"
    )
    sys.stdout.flush()
    inside = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    host = f"[{inside}]" if ":" in inside else inside
    process = subprocess.Popen(
        [sys.executable, sys.argv[0], "demo", "participants", "--url", f"http://{host}:{settings.port}"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is the server's; they see that it went.
    )
    os.setpriority(os.PRIO_PROCESS, process.pid, 10)  # The server starts first.


def _is_private(settings: Settings) -> bool:
    """Whether only this machine reaches the server: nothing stands in front that lets others in."""
    if settings.public_url or settings.proxies:
        return False
    try:
        return ip_address(settings.host).is_loopback
    except ValueError:
        return settings.host == "localhost"


def _short(path: Path) -> str:
    """The path as somebody would type it from here."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


@command.group(hidden=True)
def demo() -> None:
    """What the demo runs beside its server."""


@demo.command()
@click.option("--url", required=True)
def participants(url: str) -> None:
    """Take part in the demo's campaign as simulated participants."""
    os.environ["no_proxy"] = "*"  # The server is this machine's own; a proxy doesn't lead back to it.
    take_part(create_app(), url)
