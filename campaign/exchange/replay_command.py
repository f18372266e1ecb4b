"""`campaign replay`: the ballots of a file once more, onto a live board."""

from pathlib import Path

import click

from campaign import settings
from campaign.command import command, with_app
from campaign.exchange.budgets import pabulib_ballots
from campaign.exchange.comparing import check_open, differences, ideas_for
from campaign.exchange.conversations import polis_ballots
from campaign.exchange.plainly import campaign_called, counting, plainly
from campaign.exchange.readers import pabulib, polis
from campaign.exchange.readers.errors import SHOWN
from campaign.exchange.replaying import Replay, check_server
from campaign.exchange.voters import voters

BRIEF = 5  # Seconds in which no speed can be told.
NEARLY = 0.95  # Of the speed asked for, and nobody needs to hear of it.


@command.command()
@click.argument("slug")
@click.option("--ballots", type=click.Path(path_type=Path), metavar="FILE", help="A file of Pabulib.")
@click.option("--polis", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Or a folder of Polis.")
@click.option(
    "--speed",
    type=click.FloatRange(0),
    default=60,
    show_default=True,
    help="Ballots a second; 0: as fast as it goes.",
)
@click.option(
    "--clients",
    type=click.IntRange(1, 500),
    default=200,
    show_default=True,
    help="How many sockets at a time.",
)
@click.option("--url", help="Where the server is. Without it: this installation's address.")
@with_app
@plainly
def replay(slug: str, ballots: Path | None, folder: Path | None, speed: float, clients: int, url: str | None) -> None:
    """Cast the ballots of a file once more, through real clients, onto the live board of a campaign made of that file.

    Beside a running server, on the same INSTANCE or DATABASE_URL. At the end the totals are compared with the file's.
    """
    url = (url or settings.current().address).rstrip("/")
    campaign = campaign_called(slug)
    check_open(campaign)
    if ballots and not folder:
        election, what = pabulib_ballots(pabulib.read(ballots), slug), "projects"
    elif folder and not ballots:
        election, what = polis_ballots(polis.read(folder), slug), "statements"
    else:
        raise click.UsageError("Say either --ballots FILE or --polis DIR.")
    ideas = ideas_for(campaign, election)
    check_server(url)
    with voters(campaign, election.voters) as tokens:
        run = Replay(url, slug, ideas, tokens, clients)
        if tokens:
            run.probe(next(iter(tokens)))
        with counting(len(election.ballots), "Casting", "ballots cast") as progress:
            course = run.run(election.ballots, speed, progress)
    click.echo(
        f"{course.ballots} ballots with {course.acts} votes in {course.seconds:.1f} s, each acknowledged: "
        f"half within {course.waited(0.5):.0f} ms, 95 % within {course.waited(0.95):.0f} ms."
    )
    if course.seconds > BRIEF and course.ballots < NEARLY * speed * course.seconds:
        click.echo(
            f"That is {course.ballots / course.seconds:.0f} ballots a second, not {speed:g}: "
            "the server or this machine took no more."
        )
    for failure in course.failures[:SHOWN]:
        click.echo(f"Not stored: {failure.key} by voter {failure.voter}: {failure.reason}", err=True)
    if len(course.failures) > SHOWN:
        click.echo(f"… and {len(course.failures) - SHOWN} more that were not stored.", err=True)
    unlike = differences(campaign, election, ideas)
    for difference in unlike:
        click.echo(str(difference), err=True)
    right, total = len(ideas) - len(unlike), len(ideas)
    click.echo(f"{right} of {total} {what} have the total of the file.")
    if unlike or course.failures:
        raise click.exceptions.Exit(1)
