"""Facts of how far the logs were, and what their roots were: one chain for all campaigns, so that none can be set back alone.

A checkpoint that was signed once stays good, and is public. So whoever has the database could write an earlier one back, and take away
what came after it. The chain (see votes/facts.py) then tells of a longer log, and it can't be cut without missing what it says of others.
"""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.commits import commit_unseen
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.ledger.checkpoint import NotSigned, Unreadable, opened
from campaign.ledger.models import BallotLog, BookReading
from campaign.ledger.proving import key_of
from campaign.votes.facts import Fact, facts_of, note_fact

ALL = 0  # In place of a campaign: the chain of all logs.
EVERY = timedelta(minutes=10)


def witness(ballot_log: BallotLog) -> None:
    """Write down how far a log is, at its first ballot and from time to time; and how far the facts of its campaign are."""
    if ballot_log.witnessed_at is not None and now() - ballot_log.witnessed_at < EVERY:
        return
    try:
        signed = opened(ballot_log.checkpoint, key_of(ballot_log))
    except (NotSigned, Unreadable):
        return
    root = base64.b64encode(signed.root).decode()
    good = [fact for fact in facts_of(ballot_log.campaign_id) if fact.is_ours and fact.follows]
    facts = [good[-1].number, good[-1].mark] if good else [0, ""]
    note_fact(
        ALL,
        "signed",
        campaign=ballot_log.campaign_id,
        size=signed.size,
        root=root,
        facts=facts,
    )
    ballot_log.witnessed_at = max(now(), ballot_log.signed_at)


def witness_those_at_rest() -> int:
    """The same of logs that had no ballot for a while, as after the end; gives of how many. Commits."""
    rest = db.select(BallotLog).where(
        BallotLog.signed_at < now() - EVERY,
        db.or_(BallotLog.witnessed_at.is_(None), BallotLog.witnessed_at < BallotLog.signed_at),
    )
    if not db.session.execute(rest.limit(1)).first():
        return 0
    begin_writing()
    db.session.execute(db.select(BookReading.id).with_for_update())
    logs = db.session.scalars(rest.execution_options(populate_existing=True)).all()
    for ballot_log in logs:
        ballot_log.witnessed_at = None
        witness(ballot_log)
    commit_unseen()
    return len(logs)


def check_witnesses(
    campaign: Campaign, leaves: int, root: Callable[[int], bytes], facts: list[Fact], problems: list[str]
) -> None:
    """Add a sentence to `problems` for each thing in which the logs are not those of which facts tell."""
    last: dict[int, dict[str, Any]] = {}
    for fact in facts_of(ALL):
        if not fact.is_ours or not fact.follows:
            problems.append(
                f"What was written down of all logs as fact {fact.number} (entry {fact.row} of the history), or what stood before it, "
                "was changed, added or removed."
            )
        elif fact.what == "signed":
            last[fact.said["campaign"]] = fact.said
    of_logs = db.select(BallotLog.campaign_id, BallotLog.size).where(BallotLog.witnessed_at >= BallotLog.signed_at)
    for number, size in db.session.execute(of_logs.order_by(BallotLog.campaign_id)):
        if last.get(number, {}).get("size") != size:
            problems.append(
                f"How far the log of campaign {number} was is not what was written down last: such facts were removed, or the log changed."
            )
    said = last.get(campaign.id)
    if said is None:
        return
    if said["size"] > leaves:
        problems.append(
            f"The log was shortened: a fact of {_many(said['size'])} was written down, and {leaves} {'is' if leaves == 1 else 'are'} there."
        )
    elif base64.b64encode(root(said["size"])).decode() != said["root"]:
        problems.append(f"The first {said['size']} leaves of the log are not those of which a fact was written down.")
    number, mark = said["facts"]
    if number and not any((fact.number, fact.mark) == (number, mark) for fact in facts):
        problems.append(f"The facts of this campaign were removed from number {number} on, or written anew.")


def _many(leaves: int) -> str:
    return "1 leaf" if leaves == 1 else f"{leaves} leaves"
