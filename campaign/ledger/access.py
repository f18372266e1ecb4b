"""The door to the logs: who may see a campaign may see its log; what the ballots say is shown when voting is over."""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from campaign import settings
from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.access import campaign_for, open_to
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import counts_shown, seal_on
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ledger.models import BallotLog, BookReading
from campaign.votes.models import BallotEntry


class VotingNotOver(Refused):
    code, message = "voting_not_over", _l("The ballots can be recounted once voting is over.")


class NotAllLogged(Refused):
    code, status, retry_after = "not_all_logged", 503, 5
    message = _l("The last ballots are about to stand in the log. Ask again in a few seconds.")


class LogStands(Refused):
    code, status = "log_stands", 503
    message = _l(
        "This log was found damaged. It stands still until whoever runs this server has repaired it; what was voted is stored."
    )


class Shown(NamedTuple):
    """A log as far as everybody may see it."""

    size: int
    checkpoint: str
    signed_at: datetime | None


def origin_of(campaign: Campaign) -> str:
    """What the log of a campaign is called by others: its address, without a scheme."""
    address = urlsplit(settings.current().address)
    return f"{address.netloc}{address.path}{campaign.url}/log"


def is_sealed(campaign: Campaign) -> bool:
    """Whether nobody may count the votes on all ideas, who have voted themselves included: the log is the same for everybody."""
    return seal_on(campaign) != "always"


def shown_of(log: BallotLog) -> Shown:
    """The log as it is, or while totals are sealed, as it was before."""
    if is_sealed(log.campaign):
        return Shown(log.shown_size, log.shown_checkpoint, log.shown_at)
    return Shown(log.size, log.checkpoint, log.signed_at)


def is_over(campaign: Campaign) -> bool:
    """Whether voting has ended: from then on the ballots may be seen, without who cast them."""
    ended = campaign.is_closed or campaign.has_ended or not campaign.awaits("accepts_votes")
    return ended and not campaign.is_draft


def log_of(campaign: Campaign) -> BallotLog | None:
    """The log of a campaign; None until somebody has voted."""
    return db.session.get(BallotLog, campaign.id)


def log_for(person: Asker, slug: str) -> BallotLog:
    """The log of the campaign, if this person may see that, and something of it."""
    log = log_of(campaign_for(person, slug))
    if log is None or not shown_of(log).size:
        raise NotThere
    return log


def finished_log_for(person: Asker, slug: str) -> BallotLog:
    """The same, once voting is over."""
    campaign = campaign_for(person, slug)
    # Before the log is looked for: whether there is one would tell that somebody has voted.
    if is_sealed(campaign) or (log_of(campaign) and not (is_over(campaign) and counts_shown(campaign, person))):
        raise VotingNotOver
    return log_for(person, slug)


def check_complete(log: BallotLog) -> None:
    """Refuse where an act of the campaign is not in its log yet: a count from it would be another."""
    check_goes_on(log)
    read = db.select(BookReading.until).scalar_subquery()
    # The sum keeps SQLite from reading all acts of the campaign: those that wait are few, and the last in the book.
    waits = db.select(BallotEntry.id).where((BallotEntry.campaign_id + 0) == log.campaign_id, BallotEntry.id > read)
    if db.session.scalar(waits.limit(1)) is not None:
        raise NotAllLogged


def check_goes_on(log: BallotLog) -> None:
    """Refuse where a log stands still."""
    if log.damaged_at:
        raise LogStands


def log_called(person: Asker, origin: str) -> BallotLog | None:
    """The log of this name, if this person may see its campaign."""
    log = db.session.scalar(db.select(BallotLog).where(BallotLog.origin == origin))
    return log if log and open_to(person, log.campaign) else None


def last_ballot_of(person: Person, campaign: Campaign) -> BallotEntry:
    """What this person last did with a ballot of this campaign."""
    found = db.select(BallotEntry).where(BallotEntry.voter_id == person.id, BallotEntry.campaign_id == campaign.id)
    found = found.where(BallotEntry.stage_id.is_not(None)).order_by(BallotEntry.id.desc()).limit(1)
    entry = db.session.scalars(found).first()
    if entry is None:
        raise NotThere
    return entry


def last_act_of(person: Person, idea: Idea) -> BallotEntry:
    """What this person last did at the ballot box about this idea."""
    found = db.select(BallotEntry).where(BallotEntry.voter_id == person.id, BallotEntry.idea_id == idea.id)
    entry = db.session.scalars(found.order_by(BallotEntry.id.desc()).limit(1)).first()
    if entry is None:
        raise NotThere
    return entry
