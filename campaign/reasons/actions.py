"""What people do with reasons: say why they vote as they do, take that back; hide a reason, and show it again.

Nothing of this is announced: the board's next number would tell that somebody has just voted.
"""

import secrets

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, tuple_

from campaign.accounts.models import Person
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.models import Stage
from campaign.campaigns.ruling import Agreement, hold_to_rules
from campaign.campaigns.wording import check_words
from campaign.clock import now
from campaign.database import given, insert, lock, lock_words, packed
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea, Withdrawal
from campaign.methods.actions import follow_ballots
from campaign.methods.papers import marks_in
from campaign.reasons.access import standing_of
from campaign.reasons.models import Reason, ReasonHiding
from campaign.statuses.freezing import check_votes
from campaign.verifications.access import check_verified
from campaign.votes.actions import when_taken_back
from campaign.votes.ballots import VotingClosed
from campaign.votes.models import BallotName


class NoVoteToExplain(Refused):
    code, message = "no_vote_to_explain", _l("A reason belongs to a vote: vote first, then say why.")


def give_reason(idea: Idea, voter: Person, text: str, agreement: Agreement | None = None) -> Reason:
    """Say why one votes so. Said again, it says what it says now.

    `agreement`: what was ticked of the campaign's rules, where they concern remarks and were not accepted yet.
    """
    lock(idea)  # Whoever takes the vote back meanwhile waits, and takes the reason with it.
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back."))
    campaign = idea.campaign
    if not campaign.accepts_votes:
        raise VotingClosed
    if campaign.stage is not None and campaign.accepts_ballots:
        lock_words(f"ballot {campaign.stage.id} {voter.id}")
    check_not_suspended(campaign.brand_id, voter)
    check_votes(idea)
    standing = standing_of(voter, idea)
    if standing is None:
        raise NoVoteToExplain
    check_verified(campaign, voter, "comment", f"{idea.url}/reasons")
    said = db.session.get(Reason, (idea.id, voter.id))
    check_words(campaign, voter, idea.language, text, said.text if said else "", "reason")
    rules = hold_to_rules(campaign, voter, agreement, remark=True)
    says = {
        "side": standing.side,
        "stage_id": standing.stage.id if standing.stage else None,
        "named": standing.named,
        "text": text,
        "rules_id": rules.id if rules else None,
    }
    mine = {"idea_id": idea.id, "voter_id": voter.id}
    put = insert(Reason.__table__).values(**mine, place=_draw_place(idea), **says)
    db.session.execute(put.on_conflict_do_update(index_elements=list(mine), set_=says))
    return db.session.get_one(Reason, (idea.id, voter.id), populate_existing=True)


def take_reason_back(idea: Idea, voter: Person) -> None:
    """Let the vote stand without a reason, at any time. Done twice, it is done once."""
    theirs = Reason.idea_id == idea.id, Reason.voter_id == voter.id
    db.session.execute(db.delete(Reason).where(*theirs))


def hide_reason(reason: Reason, by: Person, why: str) -> None:
    """Let nobody but its author and who moderates read it. Its author finds why. Hidden again, the first reason stays.

    Who wrote it isn't told to anybody by that, the history included.
    """
    hiding = insert(ReasonHiding).values(
        idea_id=reason.idea_id, voter_id=reason.voter_id, by_id=by.id, why=why, at=now()
    )
    hidden = hiding.on_conflict_do_nothing().returning(ReasonHiding.__table__.c.idea_id)
    if db.session.execute(hidden).first():
        record("reason.hidden", reason.idea, by, why)


def show_reason(reason: Reason, by: Person) -> None:
    """Let everybody read it again. Shown again, nothing happens."""
    theirs = ReasonHiding.idea_id == reason.idea_id, ReasonHiding.voter_id == reason.voter_id
    gone = db.delete(ReasonHiding).where(*theirs).returning(ReasonHiding.idea_id)
    if db.session.execute(gone, execution_options={"synchronize_session": False}).first():
        record("reason.shown", reason.idea, by)


def _draw_place(idea: Idea) -> int:
    taken = set(db.session.scalars(db.select(Reason.place).where(Reason.idea_id == idea.id)))
    while (place := 1 + secrets.randbelow(2**31 - 1)) in taken:
        pass
    return place


def _go_with_votes(taken: list[tuple[int, int]]) -> None:
    """The votes are taken back, and so is what was said about them, also about ideas that were merged into these."""
    asked = given("asked", idea=Integer, voter=Integer)
    merged = db.select(Withdrawal.idea_id, asked.c.voter).join(asked, asked.c.idea == Withdrawal.into_id)
    gone = db.select(asked.c.idea, asked.c.voter).union_all(merged.where(Withdrawal.kind == "merged"))
    table = Reason.__table__.c
    drop = db.delete(Reason.__table__).where(table.stage_id.is_(None), tuple_(table.idea_id, table.voter_id).in_(gone))
    db.session.connection().execute(drop, {"asked_rows": packed(taken)})


def _go_with_ballot(stage: Stage, voter: Person, content: str) -> None:
    """A ballot says something else now: a reason stays where it votes as before, with a name or without, as the ballot has it."""
    if stage.method != "up_down":
        return
    theirs = db.select(Reason).filter_by(stage_id=stage.id, voter_id=voter.id)
    reasons = db.session.scalars(theirs.execution_options(populate_existing=True)).all()
    marks = marks_in(content) if reasons else {}
    for reason in reasons:
        mark = marks.get(reason.idea_id, 0)
        if mark == 0 or (mark > 0) != (reason.side == "for"):
            db.session.delete(reason)
        else:
            reason.named = db.session.get(BallotName, (stage.id, voter.id, reason.idea_id)) is not None
    db.session.flush()


when_taken_back(_go_with_votes)
follow_ballots(_go_with_ballot)
