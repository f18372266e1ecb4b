"""`campaign verify` and `campaign verify-receipt`: whether votes are still what they were."""

from pathlib import Path

import click

from campaign.campaigns.models import Campaign
from campaign.command import command, with_app
from campaign.extensions import db
from campaign.ledger.appending import StillDamaged, go_on
from campaign.ledger.checkpoint import NotSigned, Unreadable, VerifierKey
from campaign.ledger.promise import is_promise, read_promise
from campaign.ledger.receipt import NotProved, read_receipt
from campaign.ledger.verifying import verify


@command.command("verify")
@click.argument("slug")
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A checkpoint that somebody kept: the log must still contain what it signs.",
)
@with_app
def verify_(slug: str, checkpoint: Path | None) -> None:
    """Look for votes of a campaign that were changed, added or removed behind the product's back, and name them."""
    campaign = db.session.scalar(db.select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        raise click.ClickException(f"There is no campaign '{slug}'.")
    report = verify(campaign, checkpoint.read_text(encoding="utf-8") if checkpoint else None)
    for problem in report.problems:
        click.echo(problem)
    if report.problems:
        raise click.ClickException(f"{len(report.problems)} found in '{slug}'.")
    click.echo(f"{_ballots(report.leaves)} in the log of '{slug}', {report.waiting} about to be: nothing was changed.")
    if report.contains:
        click.echo(f"An earlier checkpoint, of {_ballots(report.contains)}, is contained in it.")
    if checkpoint is None:
        click.echo(
            "No checkpoint was given that somebody kept elsewhere: only with one (--checkpoint) is found what was set back on this machine "
            "as a whole."
        )
    if report.unmarked:
        there = "1 of them was" if report.unmarked == 1 else f"{report.unmarked} of them were"
        click.echo(f"{there} there before ballots had marks: nothing tells who wrote those.")
    if report.unwritten:
        one = report.unwritten == 1
        click.echo(
            f"{report.unwritten} {'rule or doubt is' if one else 'rules and doubts are'} from before such facts were written down: "
            f"nothing tells whether {'it was' if one else 'they were'} changed."
        )


@command.command("continue-log")
@click.argument("slug")
@with_app
def continue_log(slug: str) -> None:
    """Let a log go on that was found damaged, once it is repaired: as it was signed last."""
    campaign = db.session.scalar(db.select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        raise click.ClickException(f"There is no campaign '{slug}'.")
    try:
        added = go_on(campaign)
    except StillDamaged as error:
        raise click.ClickException(f"The log of '{slug}' is still damaged: {error}.") from None
    click.echo(f"The log of '{slug}' goes on: {_ballots(added)} put behind it that came in meanwhile.")


@command.command("verify-receipt")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", required=True, help="The log's key, from its page: NAME+ID+KEY.")
def verify_receipt(file: Path, key: str) -> None:
    """Check a voter's receipt, without the server and without its database."""
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        if is_promise(text):
            promise = read_promise(text)
            promise.check(VerifierKey.read(key))
            click.echo(f"Good: {promise.origin} promises to have it. Fetch the proof when its counts are shown.")
            return
        receipt = read_receipt(text)
        checkpoint = receipt.checked(VerifierKey.read(key))
    except (Unreadable, NotSigned, NotProved) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Good: ballot {receipt.index} of the {checkpoint.size} that {checkpoint.origin} signed.")


def _ballots(number: int) -> str:
    return "1 ballot" if number == 1 else f"{number} ballots"
