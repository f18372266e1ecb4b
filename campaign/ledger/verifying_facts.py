"""Whether what a count hangs on, beside the ballots, still is what was written down: its numbers, prices, doubts, and what was decided.

Each is held against the facts of the campaign (votes/facts.py), and these against what the history tells of them. What is older than facts
stands in one of its own, as it was found (beginning.py).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.voting import settings_of
from campaign.clock import now
from campaign.doubts.models import Doubt
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.votes.facts import Fact, cents, facts_of
from campaign.votes.marks import micros
from campaign.votes.models import BallotDoubt, BallotEntry, Vote

LOOKED = timedelta(minutes=20)  # After which the worker has set aside what was cast anew in spite of a doubt.
DECISIONS = {None: "under review", "count": "counted", "leave": "left out"}

Of = tuple[str, int, int]  # A doubted vote or ballot: "idea" or "stage", its number, the voter.


@dataclass(frozen=True)
class Doubting:
    """What was written down last of a doubt."""

    group: str
    decision: str | None
    at: datetime


@dataclass
class Written:
    """What the facts of a campaign say, once all are read."""

    rules: dict[int, dict[str, Any]] = field(default_factory=dict)  # By stage.
    prices: dict[int, int | None] | None = None  # By idea, in cents. None: no budget was voted on.
    doubts: dict[Of, Doubting] = field(default_factory=dict)
    found: int = 0  # Of these, how many were there before: as they stood when facts began.


def check_facts(campaign: Campaign, problems: list[str]) -> int:
    """Add a sentence to `problems` for each thing that is wrong; gives how many were there before facts were written, so that nothing tells."""
    facts = facts_of(campaign.id)
    _check_chain(campaign, facts, problems)
    written = written_in(facts, problems)
    _check_rules(campaign, written, problems)
    _check_prices(campaign, written, problems)
    _check_doubts(campaign, written, problems)
    return written.found


def _check_chain(campaign: Campaign, facts: list[Fact], problems: list[str]) -> None:
    for fact in facts:
        if not fact.is_ours:
            problems.append(
                f"Fact {fact.number} ({fact.what}, entry {fact.row} of the history) was changed or added: the server did not write it so."
            )
        elif not fact.follows:
            problems.append(
                f"What stood before fact {fact.number} ({fact.what}, entry {fact.row} of the history) was removed or changed."
            )
    there = {fact.number for fact in facts}
    older = {entry for fact in facts if fact.what == "found" and fact.said for entry in fact.said["told"]}
    told: set[int] = set()
    for entry in db.session.scalars(telling(campaign).execution_options(populate_existing=True)):
        if (number := entry.details.get("fact")) is not None:
            told.add(number)
            if number not in there:
                problems.append(
                    f"Fact {number} was removed: entry {entry.id} of the history ({entry.what}) tells of it."
                )
        elif entry.id not in older:
            problems.append(
                f"Entry {entry.id} of the history ({entry.what}) was added or changed: no fact stands behind it."
            )
    # What comes with a file or a merge is told in other words.
    itself = "prices", "found"
    tellable = (fact for fact in facts if fact.is_ours and fact.what not in itself and "merged" not in fact.said)
    untold = (fact for fact in tellable if fact.number not in told)
    problems += (f"What the history told of fact {fact.number} ({fact.what}) was removed." for fact in untold)


def telling(campaign: Campaign) -> Any:
    """What the history tells of the same as facts."""
    ideas = db.select(Idea.id).where(Idea.campaign_id == campaign.id)
    of_campaign = db.or_(
        Entry.what.startswith("ballots."), Entry.what.in_(("stage.rules_frozen", "voting.changed"))
    ) & db.and_(Entry.subject == Campaign.__tablename__, Entry.subject_id == campaign.id)
    of_ideas = db.and_(
        Entry.what.startswith("votes."), Entry.subject == Idea.__tablename__, Entry.subject_id.in_(ideas)
    )
    return db.select(Entry).where(db.or_(of_campaign, of_ideas)).order_by(Entry.id)


def written_in(facts: list[Fact], problems: list[str]) -> Written:
    """What facts say altogether. Adds a sentence to `problems` where one contradicts another."""
    written = Written()
    for fact in facts:
        said = fact.said
        if fact.what == "found" and said:
            written.rules |= {rules["stage"]: rules for rules in said["rules"]}
            for doubts in said["doubts"]:
                _doubted(written, doubts, fact.at)
            written.found += len(said["rules"]) + sum(len(doubts["voters"]) for doubts in said["doubts"])
        if fact.what == "rules" and said:
            before = written.rules.get(said["stage"])
            if before and (before["method"], before["first"]) != (said["method"], said["first"]):
                problems.append(
                    f"How people vote in stage {said['stage']} was frozen twice: fact {fact.number} says otherwise."
                )
                continue  # What was frozen first holds.
            written.rules[said["stage"]] = said
        if said and "prices" in said:
            written.prices = (written.prices or {}) | dict(said["prices"])
        if fact.what in ("doubted", "decided") and said:
            _doubted(written, said, fact.at)
    return written


def _doubted(written: Written, said: dict[str, Any], at: datetime) -> None:
    kind = "idea" if "idea" in said else "stage"
    for voter in said["voters"]:
        written.doubts[kind, said[kind], voter] = Doubting(said["group"], said.get("decision"), at)


def _check_rules(campaign: Campaign, written: Written, problems: list[str]) -> None:
    """The stages that people voted in are counted by the rules that froze there."""
    stages = {stage.id: stage for stage in campaign.stages}
    gone = sorted(written.rules.keys() - stages.keys())
    problems += (f"Stage {number} was removed: people voted in it." for number in gone)
    for number, stage in sorted(stages.items()):
        said = written.rules.get(number)
        if said is not None:
            problems += _changed_rules(stage, said)
        elif stage.was_voted_in:
            problems.append(f"Stage {number} says that people voted in it: nothing tells by which rules.")
        elif db.session.scalar(db.select(BallotEntry.id).where(BallotEntry.stage_id == number).limit(1)):
            problems.append(f"Stage {number} says that nobody voted in it, and the book has ballots.")


def _changed_rules(stage: Stage, said: dict[str, Any]) -> list[str]:
    found = []
    settings = settings_of(stage.method, stage.method_settings)
    if (stage.method, settings) != (said["method"], said["settings"]):
        now_, then = _rules(stage.method, settings), _rules(said["method"], said["settings"])
        found.append(f"How people vote in stage {stage.id} was changed: it says {now_}, and {then} was frozen.")
    if stage.first_ballot_at is None or micros(stage.first_ballot_at) != said["first"]:
        found.append(f"When people first voted in stage {stage.id} was changed: its rules froze at another moment.")
    return found


def _rules(method: str, settings: dict[str, int]) -> str:
    return f"{method} ({', '.join(f'{name} {value}' for name, value in sorted(settings.items())) or 'no numbers'})"


def _check_prices(campaign: Campaign, written: Written, problems: list[str]) -> None:
    if written.prices is None:
        return
    found = db.select(Idea.id, Idea.cost).where(Idea.campaign_id == campaign.id).order_by(Idea.id)
    for idea, cost in db.session.execute(found):
        says, frozen = cents(cost), written.prices.get(idea)
        if says != frozen:
            problems.append(
                f"The price of idea {idea} was changed: it says {_euros(says)}, and {_euros(frozen)} was frozen."
            )


def _euros(price: int | None) -> str:
    return "none" if price is None else f"{Decimal(price) / 100:.2f}"


def doubted_in(campaign: Campaign) -> dict[Of, tuple[str, str | None]]:
    """The doubts as they stand: for which reasons, and what was decided."""
    rows: dict[Of, tuple[str, str | None]] = {}
    votes = db.select(Doubt.idea_id, Doubt.voter_id, Doubt.group, Doubt.decision)
    for idea, voter, group, decision in db.session.execute(votes.where(Doubt.campaign_id == campaign.id)):
        rows["idea", idea, voter] = group, decision
    ballots = db.select(BallotDoubt.stage_id, BallotDoubt.voter_id, BallotDoubt.group, BallotDoubt.decision)
    stages = [stage.id for stage in campaign.stages]
    for stage, voter, group, decision in db.session.execute(ballots.where(BallotDoubt.stage_id.in_(stages))):
        rows["stage", stage, voter] = group, decision
    return rows


def _check_doubts(campaign: Campaign, written: Written, problems: list[str]) -> None:
    """The doubts, and what was decided, are those that were written down."""
    rows = doubted_in(campaign)
    for of in sorted(rows.keys() | written.doubts.keys()):
        there, said = rows.get(of), written.doubts.get(of)
        about = _about(of)
        if there is None:
            problems.append(f"The doubt about {about} was removed: it was set aside.")
        elif said is None:
            problems.append(f"The doubt about {about} was added: nothing tells that it was set aside.")
        elif there[0] != said.group:
            problems.append(
                f"Why {about} was set aside was changed: it says “{there[0]}”, and it was for “{said.group}”."
            )
        if there is not None and said is not None and there[1] != said.decision:
            problems.append(
                f"What was decided about {about} was changed: it says {DECISIONS.get(there[1], there[1])}, and it was {DECISIONS[said.decision]}."
            )
    _check_left_out(campaign, written, problems)


def _check_left_out(campaign: Campaign, written: Written, problems: list[str]) -> None:
    """No vote counts that is under review or left out. What was cast anew since then is set aside again by the next look."""
    last = db.select(db.func.max(BallotEntry.id)).where(
        BallotEntry.idea_id == Vote.idea_id, BallotEntry.voter_id == Vote.voter_id, BallotEntry.act == "cast"
    )
    same = db.and_(Doubt.idea_id == Vote.idea_id, Doubt.voter_id == Vote.voter_id)
    counting = db.select(Vote.idea_id, Vote.voter_id, BallotEntry.at).join(Doubt, same)
    counting = counting.join(BallotEntry, BallotEntry.id == last.correlate(Vote).scalar_subquery())
    of_campaign = Doubt.campaign_id == campaign.id, db.or_(Doubt.decision.is_(None), Doubt.decision == "leave")
    for idea, voter, at in db.session.execute(
        counting.where(*of_campaign, ~Vote.aside).order_by(Vote.idea_id, Vote.voter_id)
    ):
        said = written.doubts.get(("idea", idea, voter))
        if said is not None and (at < said.at or at < now() - LOOKED):
            problems.append(
                f"{_about(('idea', idea, voter)).capitalize()} counts, and it is {DECISIONS[said.decision]}."
            )


def _about(of: Of) -> str:
    kind, number, voter = of
    return (
        f"the vote of person {voter} for idea {number}"
        if kind == "idea"
        else f"the ballot of person {voter} in stage {number}"
    )
