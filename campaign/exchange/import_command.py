"""`campaign import`: what an operator makes of files, beside the server."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from campaign import settings
from campaign.clock import now
from campaign.command import command, with_app
from campaign.exchange.budgets import import_pabulib
from campaign.exchange.conversations import import_polis
from campaign.exchange.opening import NewCampaign
from campaign.exchange.plainly import campaign_called, counting, plainly
from campaign.exchange.readers import ideas_csv, pabulib, polis
from campaign.exchange.spreadsheets import general_problems, import_csv, import_csv_into, problems_in
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


def new_campaign(work: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which an import makes a campaign."""
    options = (
        click.option("--brand", required=True, metavar="SLUG", help="Whose campaign it is. Made when it isn't there."),
        click.option("--brand-name", default="", metavar="TEXT", help="What a brand that is made is called."),
        click.option("--owner", metavar="EMAIL", help="Who owns the brand, if nobody does yet. Without it: nobody."),
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
    with counting(len(election.projects), "Importing", "projects read") as progress:
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
    statements = sum(not statement.rejected for statement in conversation.statements)
    with counting(statements, "Importing", "statements read") as progress:
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
    campaign = campaign_called(existing) if existing else None
    if campaign and campaign.brand.slug != options["brand"]:
        raise click.ClickException(
            f"The campaign '{existing}' is the brand {campaign.brand.slug}'s, not {options['brand']}'s."
        )
    also = partial(problems_in, campaign) if campaign else general_problems
    lines = ideas_csv.read(file, also)
    with counting(len(lines), "Importing", "ideas read") as progress:
        if campaign:
            imported = import_csv_into(campaign, lines, progress)
        else:
            imported = import_csv(lines, _wanted(options, "en"), progress)
        db.session.commit()
    _tell(imported)


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


def _tell(imported: Imported) -> None:
    campaign = imported.campaign
    were = "was" if imported.known == 1 else "were"
    known = f", {imported.known} {were} there already" if imported.known else ""
    ideas = "1 idea" if imported.ideas == 1 else f"{imported.ideas} ideas"
    click.echo(f"{ideas} imported{known}: {settings.current().address}{campaign.url}")
