"""`campaign export`: a campaign's ideas with their votes, into a file."""

from pathlib import Path

import click

from campaign.command import command, with_app
from campaign.exchange.exporting import as_csv, as_json
from campaign.exchange.plainly import campaign_called, plainly


@command.command()
@click.argument("slug")
@click.option("--format", "kind", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write. Without it: to the screen, or the next program.",
)
@click.option(
    "--private", is_flag=True, help="With the answers that only the brand's team reads: for nobody else's eyes."
)
@with_app
@plainly
def export(slug: str, kind: str, output: Path | None, private: bool) -> None:
    """Write a campaign's ideas with their votes. docs/exporting.md describes every column."""
    campaign = campaign_called(slug)
    pieces = as_json(campaign, private) if kind == "json" else as_csv(campaign, private)
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
