"""`campaign import`, `campaign replay` and `campaign export`: what an operator does with files, beside the server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.exc import OperationalError

from campaign import settings
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.command import command, with_app
from campaign.errors import Refused
from campaign.exchange.budgets import import_pabulib, pabulib_ballots
from campaign.exchange.comparing import check_open, differences, ideas_for
from campaign.exchange.conversations import import_polis, polis_ballots
from campaign.exchange.exporting import as_csv, as_json
from campaign.exchange.opening import NewCampaign
from campaign.exchange.readers import ideas_csv, pabulib, polis
from campaign.exchange.readers.errors import SHOWN, BadFile
from campaign.exchange.replaying import Replay, check_server
from campaign.exchange.spreadsheets import general_problems, import_csv, import_csv_into, problems_in
from campaign.exchange.voters import voters
from campaign.exchange.writing import Imported
from campaign.extensions import db
from campaign.languages import LANGUAGES
from campaign.text import squeeze

VOTING = timedelta(days=30)
FRANCOPHONE = {"france"}  # As META names the country of a participatory budget.


class Moment(click.ParamType):
    """A moment in ISO 8601. A day alone means its end; without a zone it is the installation's."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' isn't written like 2026-12-31 or 2026-12-31T18:00.", param, ctx)
        return datetime.combine(moment, time.max) if len(value) <= len("2026-12-31") else moment


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
        except (OperationalError, TimeoutError) as error:
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            raise click.ClickException(f"The database can't be used: {reason}") from None

    return run


def new_campaign(work: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which an import makes a campaign."""
    options = (
        click.option("--brand", required=True, metavar="SLUG", help="Whose campaign it is. Made when it isn't there."),
        click.option("--brand-name", default="", metavar="TEXT", help="What a brand that is made is called."),
        click.option("--owner", metavar="EMAIL", help="Who owns a brand that is made. Without it: nobody yet."),
        click.option("--title", default="", help="The campaign's title. Without it: what the file says."),
        click.option("--until", type=Moment(), help="The end of the vote, such as 2026-12-31. Without it: in 30 days."),
        click.option("--language", type=click.Choice(list(LANGUAGES)), help="The language of the file."),
    )
    for option in reversed(options):
        work = option(work)
    return work


@command.group("import")
def import_() -> None:
    """Make a campaign of a file, or add a file's ideas to one. docs/importing.md describes the files."""


@import_.command("pabulib")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--slug", required=True, help="The campaign's address: /campaigns/SLUG.")
@new_campaign
@with_app
@plainly
def pabulib_(file: Path, **options: Any) -> None:
    """Import a participatory budget in the format of Pabulib."""
    election = pabulib.read(file)
    country = election.meta.get("country", "").strip().casefold()
    wanted = _wanted(options, "fr" if country in FRANCOPHONE else "en")
    with _counting(len(election.projects)) as progress:
        imported = import_pabulib(election, wanted, progress)
        db.session.commit()
    _tell(imported)


@import_.command("polis")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--slug", required=True, help="The campaign's address: /campaigns/SLUG.")
@new_campaign
@with_app
@plainly
def polis_(folder: Path, **options: Any) -> None:
    """Import a conversation gathered with Polis: a folder with comments.csv, votes.csv and summary.csv."""
    conversation = polis.read(folder)
    with _counting(sum(not statement.rejected for statement in conversation.statements)) as progress:
        imported = import_polis(conversation, _wanted(options, "en"), progress)
        db.session.commit()
    _tell(imported)


@import_.command("csv")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", "existing", metavar="SLUG", help="The campaign that the ideas are added to.")
@click.option("--slug", help="Instead of --campaign: the address of a campaign to make.")
@new_campaign
@with_app
@plainly
def csv_(file: Path, existing: str | None, **options: Any) -> None:
    """Import ideas from a spreadsheet saved as CSV."""
    if bool(existing) == bool(options["slug"]):
        raise click.UsageError("Say either --campaign (one that is there) or --slug (one to make).")
    if existing and (
        given := [name for name in ("brand_name", "owner", "title", "until", "language") if options[name]]
    ):
        option = given[0].replace("_", "-")
        raise click.UsageError(f"--{option} belongs to a campaign that is made: with --slug, not with --campaign.")
    campaign = _campaign(existing) if existing else None
    if campaign and campaign.brand.slug != options["brand"]:
        raise click.ClickException(
            f"The campaign '{existing}' is the brand {campaign.brand.slug}'s, not {options['brand']}'s."
        )
    also = partial(problems_in, campaign) if campaign else general_problems
    lines = ideas_csv.read(file, also)
    with _counting(len(lines)) as progress:
        if campaign:
            imported = import_csv_into(campaign, lines, progress)
        else:
            imported = import_csv(lines, _wanted(options, "en"), progress)
        db.session.commit()
    _tell(imported)


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
    campaign = _campaign(slug)
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
        run = Replay(url, ideas, tokens, clients)
        if tokens:
            run.probe(next(iter(tokens)))
        with click.progressbar(length=len(election.ballots), label="Casting", show_pos=True) as bar:
            course = run.run(election.ballots, speed, bar.update)
    click.echo(
        f"{course.ballots} ballots with {course.acts} votes in {course.seconds:.1f} s, each acknowledged: "
        f"half within {course.waited(0.5):.0f} ms, 95 % within {course.waited(0.95):.0f} ms."
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


@command.command()
@click.argument("slug")
@click.option("--format", "kind", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write. Without it: to the screen, or the next program.",
)
@with_app
@plainly
def export(slug: str, kind: str, output: Path | None) -> None:
    """Write a campaign's ideas with their votes. docs/exporting.md describes every column."""
    campaign = _campaign(slug)
    pieces = as_json(campaign) if kind == "json" else as_csv(campaign)
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        part.replace(output)  # Complete, or not there.
    except OSError as error:
        raise click.ClickException(f"{output} can't be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def _campaign(slug: str) -> Campaign:
    campaign = db.session.scalar(db.select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        raise click.ClickException(f"There is no campaign '{slug}'.")
    return campaign


def _wanted(options: dict[str, Any], language: str) -> NewCampaign:
    until = options["until"] or now() + VOTING
    if until.tzinfo is None:
        until = until.replace(tzinfo=ZoneInfo(settings.current().timezone)).astimezone(UTC)
    return NewCampaign(
        brand=options["brand"],
        slug=options["slug"],
        until=until,
        language=options["language"] or language,
        title=options["title"],
        owner=options["owner"],
        brand_name=squeeze(options["brand_name"]),
    )


@contextmanager
def _counting(length: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=length, label="Importing", show_pos=True) as bar:
        yield bar.update


def _tell(imported: Imported) -> None:
    campaign = imported.campaign
    known = f", {imported.known} were there already" if imported.known else ""
    click.echo(f"{imported.ideas} ideas imported{known}: {settings.current().address}{campaign.url}")
