"""Writing down what somebody gave on paper, by phone or in a room: for them, under their name, and signed by whoever does it."""

import hashlib
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign, Category
from campaign.campaigns.rules import Rules, standing_rules
from campaign.campaigns.ruling import Agreement
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import lock
from campaign.encryption import encrypt
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import Idea, RecordedIdea
from campaign.ideas.origins import OriginMissing, SomebodyElses, asks_origin, check_origin
from campaign.ideas.recorded import PAPER_HOST, place_of_contact
from campaign.languages import language
from campaign.live import announce
from campaign.merging.actions import standing_merge
from campaign.merging.checks import hold
from campaign.merging.models import Merge, MergedVote
from campaign.represented.models import PaperVote, PaperVoter, PaperVoteRemoval
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import ON_PAPER, Ballot, OwnIdea, VotedByBallot, VotingClosed
from campaign.votes.models import BallotEntry, Vote


class PaperNotTaken(Refused):
    code = "paper_not_taken"
    message = _l("This campaign takes nothing on paper. Who manages it can change that until the first vote.")


class PaperRuleFrozen(Refused):
    code = "paper_rule_frozen"
    message = _l("People have voted, so it stays as it was told to them.")


class SupportOnly(Refused):
    code = "support_only"
    message = _l("From paper only support for single ideas can be recorded. In this stage people fill in ballots.")


class AlreadyRecorded(Refused):
    code, field = "already_recorded", "reference"


class OtherName(Refused):
    code, field = "other_name", "name"


class ReferenceMissing(Refused):
    code, field, message = "reference_missing", "reference", _l("Give the number on the paper, or one of your own.")


class RulesNotAccepted(Refused):
    code, field = "rules_unaccepted", "accepts"
    message = _l("Record it only where its author has accepted the rules.")


class AgeNotDeclared(Refused):
    code, field = "age_undeclared", "of_age"
    message = _l("Record it only where its author has said to be of that age.")


class CountryNotDeclared(Refused):
    code, field = "country_undeclared", "from_country"
    message = _l("Record it only where its author has said to live there.")


class OriginUntold(Refused):
    code, field, message = "origin_untold", "yours", _l("Say what its author said about whose it is.")


class NotTheirs(Refused):
    code, field = "not_theirs", "yours"
    message = _l("Then it is not theirs to give. Record only what is their own.")


class ReasonMissing(Refused):
    code, field, message = "reason_missing", "why", _l("Say why: it stands in the history.")


@dataclass(frozen=True)
class Given:
    """Who gave something, and how it came."""

    reference: str  # The number on the paper: the same number is the same person.
    name: str  # As they want to be named.
    how: str
    event: str = ""


def take_paper(campaign: Campaign, by: Person, takes: bool) -> None:
    """Let the campaign also take contributions on paper, or not. Said twice, it is done once. Raises PaperRuleFrozen after the first vote."""
    lock(campaign)
    for stage in campaign.stages:
        db.session.refresh(stage)
    if (campaign.paper_since is not None) == takes:
        return
    if any(stage.first_ballot_at is not None for stage in campaign.stages):
        raise PaperRuleFrozen
    campaign.paper_since = now() if takes else None
    record("paper.taken" if takes else "paper.not_taken", campaign, by)
    announce(campaign.board, "campaign.changed")


def _begin_with(campaign: Campaign, takes: bool, by: Person) -> None:
    if takes and campaign.paper_since is None:
        campaign.paper_since = now()


carry("paper", lambda campaign: campaign.paper_since is not None, _begin_with)


def check_takes_paper(campaign: Campaign) -> None:
    """Raise PaperNotTaken where the campaign takes nothing on paper."""
    if campaign.paper_since is None:
        raise PaperNotTaken


def check_told(campaign: Campaign, rules: Rules | None, origin: str | None, builds_on: str) -> None:
    """Raise what is missing in what its author said about whose an idea is, in words for whoever records it."""
    try:
        check_origin(campaign, rules, origin, builds_on)
    except OriginMissing:
        raise OriginUntold from None
    except SomebodyElses:
        raise NotTheirs from None


def _agreed(rules: Rules, accepts: bool, of_age: bool, from_country: bool) -> Agreement:
    if not accepts:
        raise RulesNotAccepted
    if rules.age_min is not None and not of_age:
        raise AgeNotDeclared
    if rules.countries and not from_country:
        raise CountryNotDeclared
    return Agreement(rules.number, accepts, of_age, from_country)


def record_idea(
    campaign: Campaign,
    by: Person,
    given: Given,
    title: str,
    text: str = "",
    *,
    key: str,
    category: Category | None = None,
    contact: str = "",
    accepts: bool = False,
    of_age: bool = False,
    from_country: bool = False,
    origin: str | None = None,
    builds_on: str = "",
) -> Idea:
    """Put somebody's idea on the board, under their name, as the same rules allow it. Sent again with the same key, it is the same idea.

    What its author declared is asked of whoever records it, as it is of everybody: `accepts` the campaign's rules, where there are any;
    is `of_age` and `from_country`, where these ask for it; `origin`: whose it is, and whose work it `builds_on`. Raises what is missing
    in that, PaperNotTaken, OtherName, and what submit_idea does.
    """
    lock(campaign)  # Its team may be choosing right now.
    check_takes_paper(campaign)
    rules = standing_rules(campaign)
    agreement = _agreed(rules, accepts, of_age, from_country) if rules is not None else None
    check_told(campaign, rules, origin, builds_on)
    author = _voter(campaign, given).person
    idea = submit_idea(
        campaign,
        author,
        title,
        text,
        language=language() if language() in campaign.languages else campaign.languages[0],
        category=category,
        key=key,
        agreement=agreement,
        origin=origin if asks_origin(campaign, rules) else None,
        builds_on=builds_on,
        recorded=True,
    )
    if idea.recorded is not None:
        return idea  # A second click.
    idea.recorded = RecordedIdea(by=by, how=given.how, event=given.event)
    db.session.flush()
    if contact:
        idea.recorded.contact = encrypt(contact.encode(), place_of_contact(idea.id))
    record("idea.recorded", idea, by, how=given.how, event=given.event)
    return idea


def record_vote(idea: Idea, by: Person, given: Given, key: str) -> PaperVote:
    """Count a paper's support for an idea, by the rules of any other vote. Sent again with the same key, it is counted once.

    A vote that was handed back, as its idea left the board and returned, is given again by the same paper.
    Raises AlreadyRecorded where this paper supports the idea already, PaperNotTaken, SupportOnly, OtherName, and what refuses a vote.
    """
    lock(idea)
    lock(idea.campaign)  # Its team may be choosing right now.
    check_takes_paper(idea.campaign)
    if idea.campaign.accepts_ballots:
        raise SupportOnly
    if idea.is_by(by):
        raise OwnIdea  # A colleague records it, as nobody moderates their own.
    voter = _voter(idea.campaign, given)
    there = db.session.scalar(db.select(PaperVote).filter_by(idea_id=idea.id, voter_id=voter.person_id))
    if there is not None:
        mine = {"idea_id": idea.id, "voter_id": voter.person_id, "key": f"{ON_PAPER}{key}"}
        if db.session.scalar(db.select(BallotEntry.id).filter_by(**mine)) is not None:
            return there  # A second click.
        if there.removal is not None:
            raise _recorded_before(there)
    stands = db.session.get(Vote, (idea.id, voter.person_id), populate_existing=True) is not None
    # It may have come with an idea that was merged into this one.
    if stands and (before := there or next(iter(_recorded_for(idea, voter.person_id)), None)):
        raise _recorded_before(before)
    _count(idea, Ballot(voter.person_id, idea.id, f"{ON_PAPER}{key}", "cast"))
    vote = there or PaperVote(idea=idea, voter=voter)
    vote.by, vote.how, vote.event, vote.at = by, given.how, given.event, now()
    db.session.add(vote)
    db.session.flush()
    record("vote.recorded", idea.campaign, by, how=given.how, event=given.event, reference=voter.reference)
    _announce(idea)
    return vote


def take_back_recorded(vote: PaperVote, by: Person, why: str) -> None:
    """Let a recorded vote count no more, as long as votes can be taken back. It stays readable, with the reason. Done twice, it is done once.

    One that moved with its idea is taken back where it counts now.
    """
    hold(*{vote.idea, vote.idea.merged_into or vote.idea})
    counts_for = vote.idea.merged_into or vote.idea
    db.session.refresh(vote)
    if vote.removal is not None:
        return
    if not why:
        raise ReasonMissing
    stands = db.session.get(Vote, (counts_for.id, vote.voter_id), populate_existing=True)
    if stands is None or any(other.id != vote.id for other in _recorded_for(counts_for, vote.voter_id)):
        # Handed back already; or the same paper supports the other idea as well, and the one vote for both is for that one now.
        if not vote.idea.campaign.accepts_support:
            raise VotingClosed
        _leave_to_the_other(vote)
    else:
        _count(counts_for, Ballot(vote.voter_id, counts_for.id, f"{ON_PAPER}back-{vote.id}", "withdraw"))
    vote.removal = PaperVoteRemoval(by=by, why=why)
    db.session.flush()
    record("vote.recording_taken_back", vote.idea.campaign, by, why, reference=vote.voter.reference)
    _announce(counts_for)


def tidy_reference(typed: str) -> str:
    """A paper's number, however it is written: in capitals, without spaces or signs that nobody sees."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] not in "CZ")[:40]


def _voter(campaign: Campaign, given: Given) -> PaperVoter:
    """Who stands behind a paper's number: one voter for each, by whom nobody signs in."""
    reference = tidy_reference(given.reference)
    if not reference:
        raise ReferenceMissing
    found = db.select(PaperVoter).filter_by(campaign_id=campaign.id, reference=reference)
    voter = db.session.scalar(found)
    if voter is None:
        address = f"{hashlib.sha256(reference.encode()).hexdigest()[:24]}@{campaign.id}{PAPER_HOST}"
        person = Person(email=address, name=given.name, language=campaign.languages[0])
        voter = PaperVoter(person=person, campaign_id=campaign.id, reference=reference)
        try:
            with db.session.begin_nested():
                db.session.add(voter)
        except IntegrityError:
            voter = db.session.scalars(found).one()  # A colleague was quicker.
    if voter.person.name != given.name:
        told = {"reference": reference, "name": voter.person.name}
        raise OtherName(_("The paper %(reference)s stands under another name already: %(name)s.", **told))
    return voter


def _recorded_for(idea: Idea, voter_id: int) -> list[PaperVote]:
    """What is recorded of a paper for an idea and for those that were merged into it, and was not taken back."""
    ideas = [idea.id, *idea.origins]
    found = db.select(PaperVote).where(PaperVote.idea_id.in_(ideas), PaperVote.voter_id == voter_id)
    return list(db.session.scalars(found.where(~PaperVote.removal.has()).order_by(PaperVote.id)))


def _leave_to_the_other(vote: PaperVote) -> None:
    """Have an undo of the merge leave the vote with the idea for which the paper still stands."""
    merge = standing_merge(vote.idea)
    mine = db.session.get(MergedVote, (merge.id, vote.voter_id)) if merge else None
    if mine is None or mine.what == "moved":
        into_id = merge.into_id if merge else vote.idea_id
        both = db.select(MergedVote).join(MergedVote.merge).where(Merge.into_id == into_id, Merge.undone_at.is_(None))
        other = both.where(MergedVote.voter_id == vote.voter_id, MergedVote.what == "both").order_by(Merge.id).limit(1)
        if (theirs := db.session.scalar(other)) is not None:
            theirs.what = "moved"
    if mine is not None:
        db.session.delete(mine)


def _count(idea: Idea, ballot: Ballot) -> None:
    [result] = count_ballots([ballot])
    if isinstance(result, VotedByBallot):
        raise SupportOnly
    if isinstance(result, Refused):
        raise result
    db.session.expire(idea, ["votes", "heat", "unconfirmed"])  # They moved beside the row that we hold.


def _announce(idea: Idea) -> None:
    # While totals are sealed, not even that somebody voted is told.
    if seal_on(idea.campaign) == "always":
        announce(idea.campaign.board, "vote.recorded", ideas=[idea.id])


def _recorded_before(there: PaperVote) -> AlreadyRecorded:
    told = {"reference": there.voter.reference, "name": there.by.display_name}
    if there.removal is not None:
        return AlreadyRecorded(
            _("The paper %(reference)s was recorded for this idea by %(name)s, and taken back.", **told)
        )
    return AlreadyRecorded(_("The paper %(reference)s was recorded for this idea already, by %(name)s.", **told))
