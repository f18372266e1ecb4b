"""Whether a file fits a campaign, and whether the board adds up to it."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.errors import Refused
from campaign.exchange.ballots import Election
from campaign.exchange.voters import host_of
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.verifications.access import asked_before
from campaign.votes.models import Vote

NAMED = 10  # Projects of which a sentence speaks by name.


class NotOpen(Refused):
    code = "not_open"


class DoesNotFit(Refused):
    code = "does_not_fit"


@dataclass(frozen=True)
class Difference:
    """An idea whose total isn't the file's. `strangers`: votes in it by people who are not from the file."""

    key: str
    title: str
    expected: int
    found: int
    strangers: int

    def __str__(self) -> str:
        by_others = f", {self.strangers} of them by people who are not from the file" if self.strangers else ""
        return f"{self.key} “{self.title}”: {self.expected} in the file, {self.found} on the board{by_others}"


def check_open(campaign: Campaign) -> None:
    """Raise NotOpen, and why, where votes would be refused."""
    asked = asked_before(campaign, "vote").kinds
    if campaign.accepts_support and campaign.is_open_to_all and not campaign.names_voters and not asked:
        return
    if campaign.is_draft:
        reason = _l("it is a draft")
    elif campaign.is_closed:
        reason = _l("it was closed")
    elif campaign.opens_at > now():
        reason = _l("it has not begun")
    elif campaign.visibility == "members":
        reason = _l("only members may see it, and the voters of a file are none")
    elif campaign.visibility == "invited":
        reason = _l("only those whom it invites may see it, and the voters of a file are none")
    elif campaign.accepts_support and campaign.names_voters:
        reason = _l("it lists voters by name, and the voters of a file have agreed to nothing")
    elif campaign.accepts_support:
        reason = _l("it asks voters to verify something first, and the voters of a file can’t")
    elif campaign.accepts_ballots:
        reason = _l("people fill in a ballot in its present stage, and the votes of a file are for single ideas")
    else:
        reason = _l("the time for votes is over")
    raise NotOpen(_l("The campaign “%(slug)s” takes no votes: %(reason)s.", slug=campaign.slug, reason=reason))


def ideas_for(campaign: Campaign, election: Election) -> dict[str, int]:
    """The id of the idea for each key of the file. Raises DoesNotFit, naming those that are not on the board."""
    rows = db.session.execute(
        db.select(Idea.key, Idea.id).where(
            Idea.campaign_id == campaign.id, Idea.key.is_not(None), ~Idea.withdrawal.has()
        )
    )
    there = {row.key: row.id for row in rows}
    if missing := [key for key in election.expected if key not in there]:
        names = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
        raise DoesNotFit(
            _l(
                "This file doesn’t fit the campaign “%(slug)s”: %(missing)s of %(all)s ideas are not on its board (%(names)s).",
                slug=campaign.slug,
                missing=len(missing),
                all=len(election.expected),
                names=names,
            )
        )
    return {key: there[key] for key in election.expected}


def differences(campaign: Campaign, election: Election, ideas: dict[str, int]) -> list[Difference]:
    """Each idea whose total in the database isn't the file's. Both the total and the votes themselves are counted."""
    cast = db.select(db.func.count(Vote.voter_id)).where(Vote.idea_id == Idea.id).correlate(Idea)
    ours = db.select(Person.id).where(Person.email.endswith(host_of(campaign.slug), autoescape=True))
    strange = cast.where(Vote.voter_id.not_in(ours))
    totals = db.select(
        Idea.id,
        Idea.title,
        Idea.votes,
        cast.scalar_subquery().label("cast"),
        strange.scalar_subquery().label("strangers"),
    ).where(Idea.campaign_id == campaign.id)
    found = {row.id: row for row in db.session.execute(totals)}
    return [
        Difference(
            key,
            row.title,
            election.expected[key],
            row.votes if row.votes != election.expected[key] else row.cast,
            row.strangers,
        )
        for key, row in ((key, found[idea]) for key, idea in ideas.items())
        if not row.votes == row.cast == election.expected[key]
    ]
