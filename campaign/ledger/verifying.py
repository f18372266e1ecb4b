"""Whether the database still says what people did: the book against the log, the votes against the book, the totals against the votes; and what
a count hangs on beside them, against what was written down of it (verifying_facts.py).

Each change that is found is named. What was signed can't be made again without the installation's key, so whoever has the database
alone can change rows, and can't change what this finds.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import aliased

from campaign.campaigns.models import Campaign
from campaign.database import one_moment
from campaign.doubts.models import Doubt
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.ledger import tree
from campaign.ledger.access import log_of, origin_of
from campaign.ledger.beginning import unmarked_until, was_changed
from campaign.ledger.checkpoint import Checkpoint, NotSigned, Unreadable, opened
from campaign.ledger.exporting import entries_by_number
from campaign.ledger.kept import kept_of
from campaign.ledger.leaves import entries, referred, scribe
from campaign.ledger.models import BallotLog, BallotTile, BookReading
from campaign.ledger.proving import key_of
from campaign.ledger.tiles import HASH, WIDTH, parted
from campaign.ledger.verifying_facts import check_facts
from campaign.ledger.witnessing import check_witnesses
from campaign.votes.book import complete_until
from campaign.votes.facts import facts_of
from campaign.votes.models import BallotDoubt, BallotEntry, StageBallot, Vote

STEP = 1000


@dataclass
class Report:
    """What was looked at, and what is wrong: one sentence for each."""

    leaves: int = 0
    waiting: int = 0  # Entries that are not in the log yet, as of the last second.
    unmarked: int = 0  # That were there before entries had marks: nothing tells who wrote them.
    unwritten: int = 0  # Rules and doubts from before facts were written of them.
    contains: int = 0  # As many leaves as the largest checkpoint had that was kept, by this server or by whoever asks.
    problems: list[str] = field(default_factory=list)


def verify(campaign: Campaign, kept: str | None = None) -> Report:
    """Look at every entry, vote and total of a campaign. `kept`: a checkpoint that somebody kept."""
    log = log_of(campaign)
    own = kept_of(log.origin if log else origin_of(campaign))  # Before the log is read: it may grow meanwhile.
    until = complete_until()
    with one_moment():
        return _verified(campaign, until, kept, own)


def _verified(campaign: Campaign, until: int, kept: str | None, own: str | None) -> Report:
    report = Report()
    log = log_of(campaign)
    reading = db.session.scalars(db.select(BookReading).execution_options(populate_existing=True)).one()
    if was_changed(reading):
        report.problems.append("Up to which entry there were no marks was changed: the server did not write it so.")
    logged, hashes = set[int](), list[bytes]()
    if log is not None:
        db.session.refresh(log)
        logged = _check_leaves(log, unmarked_until(reading), report, hashes)
        for earlier in dict.fromkeys(note for note in (kept, own) if note):
            _check_kept(log, hashes, earlier, report)
        if not log.origin.endswith(f"{campaign.url}/log"):
            report.problems.append(f"The address of the campaign was changed: its log is called {log.origin}.")
        if log.damaged_at:
            report.problems.append("The log stands still: it was found damaged. `campaign continue-log` lets it go on.")
    elif kept or own:
        report.problems.append("The log is gone: the database has none for this campaign.")
    check_witnesses(campaign, len(hashes), lambda size: _root(hashes[:size]), facts_of(campaign.id), report.problems)
    _check_book(campaign, log, reading, until, logged, report)
    _check_votes(campaign, report)
    _check_aside(campaign, report)
    _check_ballots(campaign, report)
    _check_doubted(campaign, report)
    report.unwritten = check_facts(campaign, report.problems)
    _check_totals(campaign, report)
    return report


def _check_leaves(log: BallotLog, unmarked: int, report: Report, hashes: list[bytes]) -> set[int]:
    """Give the entries that the log has; fills `hashes`."""
    problems = report.problems
    try:
        signed = opened(log.checkpoint, key_of(log))
    except (NotSigned, Unreadable) as error:
        problems.append(f"The log’s checkpoint was changed: {error}")
        signed = None
    logged: set[int] = set()
    found_before = len(problems)
    for tile in _tiles(log):
        stored, kept_entries = parted(tile.hashes), referred(tile.entries)
        rows = entries_by_number([entry for entry, _idea in kept_entries])
        for place, hashed in enumerate(stored[: max(0, log.size - len(hashes))]):
            leaf = len(hashes)
            hashes.append(hashed)
            if place >= len(kept_entries):
                problems.append(f"Leaf {leaf} of the log no longer says which entry it stands for.")
                continue
            number, idea = kept_entries[place]
            if number in logged:
                problems.append(f"Entry {number} stands twice in the log, the second time as leaf {leaf}.")
            logged.add(number)
            _check_leaf(leaf, hashed, number, idea, rows.get(number), unmarked, report)
    report.leaves = len(hashes)
    if signed is None:
        return logged
    if len(hashes) != signed.size or log.size != signed.size:
        problems.append(f"The log was signed with {_leaves(signed.size)}, and has {len(hashes)}.")
    elif _root(hashes) != signed.root and len(problems) == found_before:
        problems.append(
            f"The hashes of the log were changed{_where(log, hashes)}: they do not make the root that was signed."
        )
    return logged


def _check_leaf(leaf: int, hashed: bytes, number: int, idea: int, row: Any, unmarked: int, report: Report) -> None:
    if row is None:
        report.problems.append(
            f"Entry {number} (leaf {leaf}), {_about(idea)}, was removed: the log has it, the book does not."
        )
        return
    opening = scribe().opening(row)
    if opening.hashed != hashed:
        now = _about(row.idea_id, row.stage_id)
        meant = now if (row.idea_id or 0) == idea else f"{_about(idea)}, now {now}"
        report.problems.append(f"Entry {number} (leaf {leaf}), {meant}, was changed: it is not what the log has.")
    elif row.mark != opening.salt:
        if row.mark is None and number <= unmarked:
            report.unmarked += 1
        elif row.mark is None:
            report.problems.append(
                f"Entry {number} (leaf {leaf}), {_about(row.idea_id, row.stage_id)}, was added: the ballot box did not write it."
            )
        else:
            report.problems.append(
                f"Entry {number} (leaf {leaf}), {_about(row.idea_id, row.stage_id)}, has another mark than it was given."
            )


def _check_kept(log: BallotLog, hashes: list[bytes], kept: str, report: Report) -> None:
    problems = report.problems
    try:
        earlier: Checkpoint = opened(kept, key_of(log))
    except (NotSigned, Unreadable) as error:
        problems.append(f"The checkpoint that was kept proves nothing: {error}")
        return
    if earlier.size > len(hashes):
        were = "leaf was" if earlier.size == 1 else "leaves were"
        are = "is" if len(hashes) == 1 else "are"
        problems.append(f"The log was shortened: {earlier.size} {were} signed once, and {len(hashes)} {are} there.")
    elif _root(hashes[: earlier.size]) != earlier.root:
        problems.append(f"The first {earlier.size} leaves of the log are not those that were signed once.")
    else:
        report.contains = max(report.contains, earlier.size)


def _check_book(
    campaign: Campaign, log: BallotLog | None, reading: BookReading, until: int, logged: set[int], report: Report
) -> None:
    """Entries that are in no log: those of the last second, or put there by somebody else than the ballot box."""
    stands = max(logged, default=0) if log and log.damaged_at else until
    after, rows = 0, entries().where(BallotEntry.campaign_id == campaign.id, BallotEntry.id <= until)
    while found := db.session.execute(rows.where(BallotEntry.id > after).order_by(BallotEntry.id).limit(STEP)).all():
        after = found[-1].id
        for row in found:
            if row.id in logged:
                continue
            marked = row.mark == scribe().opening(row).salt or (row.mark is None and row.id <= unmarked_until(reading))
            if marked and (row.id > reading.until or row.id > stands):
                report.waiting += 1
            else:
                why = "the log does not have it" if marked else "the ballot box did not write it"
                report.problems.append(f"Entry {row.id}, {_about(row.idea_id, row.stage_id)}, was added: {why}.")


def _check_votes(campaign: Campaign, report: Report) -> None:
    """The votes that stand are those that the book leaves standing: the last act of each person on each idea."""
    last = (
        db.select(BallotEntry.idea_id, BallotEntry.voter_id, db.func.max(BallotEntry.id).label("id"))
        .where(BallotEntry.campaign_id == campaign.id, BallotEntry.idea_id.is_not(None))
        .group_by(BallotEntry.idea_id, BallotEntry.voter_id)
        .subquery()
    )
    act = aliased(BallotEntry)
    standing = (
        db.select(last.c.idea_id, last.c.voter_id).join(act, act.id == last.c.id).where(act.act == "cast").subquery()
    )
    same = db.and_(Vote.idea_id == standing.c.idea_id, Vote.voter_id == standing.c.voter_id)
    of_campaign = db.select(Idea.id).where(Idea.campaign_id == campaign.id)
    added = (
        db.select(Vote.idea_id, Vote.voter_id)
        .outerjoin(standing, same)
        .where(Vote.idea_id.in_(of_campaign), standing.c.idea_id.is_(None))
    )
    for idea, voter in db.session.execute(added.order_by(Vote.idea_id, Vote.voter_id)):
        report.problems.append(f"The vote of person {voter} for idea {idea} was added: the book has no such vote.")
    gone = db.select(standing.c.idea_id, standing.c.voter_id).outerjoin(Vote, same).where(Vote.idea_id.is_(None))
    for idea, voter in db.session.execute(gone.order_by(standing.c.idea_id, standing.c.voter_id)):
        report.problems.append(f"The vote of person {voter} for idea {idea} was removed: the book says that it stands.")


def _check_aside(campaign: Campaign, report: Report) -> None:
    """No vote is left out of the totals but by a doubt that says why."""
    doubted = db.select(Doubt.id).where(
        Doubt.idea_id == Vote.idea_id,
        Doubt.voter_id == Vote.voter_id,
        db.or_(Doubt.decision.is_(None), Doubt.decision == "leave"),
    )
    of_campaign = db.select(Idea.id).where(Idea.campaign_id == campaign.id)
    silent = db.select(Vote.idea_id, Vote.voter_id).where(Vote.idea_id.in_(of_campaign), Vote.aside, ~doubted.exists())
    for idea, voter in db.session.execute(silent.order_by(Vote.idea_id, Vote.voter_id)):
        report.problems.append(f"The vote of person {voter} for idea {idea} is left out, and nothing says why.")


def _check_ballots(campaign: Campaign, report: Report) -> None:
    """The ballots that count are those that each voter last handed in, as the book has them."""
    for stage in sorted(stage.id for stage in campaign.stages):
        for voter, said, counts in _ballots_side_by_side(stage):
            if said == counts:
                continue
            if counts is None:
                why = "removed: the book says that it stands"
            elif said is None:
                why = "added: the book has no such ballot"
            else:
                why = "changed: it is not what the book has"
            report.problems.append(f"The ballot of person {voter} in stage {stage} was {why}.")


def _ballots_side_by_side(stage: int) -> Iterator[tuple[int, Any, Any]]:
    """Each voter of a stage with what the book leaves standing and what counts, as (entry, content): some voters at a time, there may be a million."""
    book, table = BallotEntry.__table__.c, StageBallot.__table__.c
    voters = db.select(book.voter_id, db.func.max(book.id)).where(book.stage_id == stage).group_by(book.voter_id)
    ballots = db.select(table.voter_id, table.entry_id, table.content).where(table.stage_id == stage)
    after, more = 0, True
    while more:
        last = db.session.execute(voters.where(book.voter_id > after).order_by(book.voter_id).limit(STEP)).all()
        theirs = ballots.where(table.voter_id > after)
        if more := len(last) == STEP:
            after = last[-1].voter_id
            theirs = theirs.where(table.voter_id <= after)
        acts = db.select(book.voter_id, book.id, book.act, book.content)
        standing = {
            voter: (number, content)
            for voter, number, act, content in db.session.execute(acts.where(book.id.in_([row[1] for row in last])))
            if act == "cast"
        }
        counted = {voter: (number, content) for voter, number, content in db.session.execute(theirs)}
        for voter in sorted(standing.keys() | counted.keys()):
            yield voter, standing.get(voter), counted.get(voter)


def _check_doubted(campaign: Campaign, report: Report) -> None:
    """A ballot leaves its count by a doubt alone. So each of them, and what was decided, is held against the history."""
    acts = db.select(Entry).where(Entry.subject == "campaign", Entry.subject_id == campaign.id)
    told, decided = Counter[tuple[int, str]](), set()
    for act in db.session.scalars(acts.where(Entry.what.startswith("ballots."))):
        of = act.details["stage"]["id"], " ".join(act.details["reasons"])
        if act.what == "ballots.set_aside":
            told[of] += act.details["number"]
        else:
            decided.add((*of, act.what, act.by_id, act.why))
    fields = (BallotDoubt.stage_id, BallotDoubt.group, BallotDoubt.decision, BallotDoubt.decided_by_id, BallotDoubt.why)
    stages = [stage.id for stage in campaign.stages]
    found = db.select(*fields, db.func.count().label("number")).where(BallotDoubt.stage_id.in_(stages))
    doubts = Counter[tuple[int, str]]()
    for row in db.session.execute(found.group_by(*fields).order_by(*fields)):
        doubts[row.stage_id, row.group] += row.number
        act = {"count": "ballots.counted", "leave": "ballots.left_out", None: "ballots.reviewed_again"}[row.decision]
        untouched = row.decision is None and row.decided_by_id is None and not row.why
        if not untouched and (row.stage_id, row.group, act, row.decided_by_id, row.why) not in decided:
            report.problems.append(
                f"What was decided about doubted ballots in stage {row.stage_id} ({row.group}) was changed: nobody decided so."
            )
    for stage, group in sorted(told.keys() | doubts.keys()):
        if (there := doubts[stage, group]) != (said := told[stage, group]):
            report.problems.append(
                f"The doubted ballots in stage {stage} ({group}) were changed: there are {there}, and {said} were set aside."
            )


def _about(idea: int | None, stage: int | None = None) -> str:
    """What an entry is for. A tile knows the idea, and nothing of the stage."""
    if idea:
        return f"for idea {idea}"
    return f"a ballot in stage {stage}" if stage else "a ballot"


def _check_totals(campaign: Campaign, report: Report) -> None:
    theirs = db.select(db.func.count()).where(Vote.idea_id == Idea.id, ~Vote.aside).correlate(Idea)
    counted = theirs.scalar_subquery()
    wrong = db.select(Idea.id, Idea.votes, counted).where(Idea.campaign_id == campaign.id, Idea.votes != counted)
    for idea, says, votes in db.session.execute(wrong.order_by(Idea.id)):
        report.problems.append(f"The total of idea {idea} was changed: it says {says}, and its votes are {votes}.")
    unsaid = theirs.where(Vote.version < Idea.worded).scalar_subquery()
    wrong = db.select(Idea.id, Idea.unconfirmed, unsaid).where(Idea.campaign_id == campaign.id)
    for idea, says, votes in db.session.execute(wrong.where(Idea.unconfirmed != unsaid).order_by(Idea.id)):
        report.problems.append(
            f"What is not confirmed of idea {idea} was changed: it says {says} {'vote' if says == 1 else 'votes'}, and they are {votes}."
        )


def _leaves(number: int) -> str:
    return f"{number} leaf" if number == 1 else f"{number} leaves"


def _tiles(log: BallotLog) -> Iterator[BallotTile]:
    """The tiles of leaves in their order, one at a time: a log may have millions."""
    for number in range((log.size + WIDTH - 1) // WIDTH):
        tile = db.session.get(BallotTile, (log.campaign_id, 0, number), populate_existing=True)
        if tile is None:
            return
        yield tile
        db.session.expunge(tile)


def _where(log: BallotLog, hashes: list[bytes]) -> str:
    """Which leaves a tile above the leaves says otherwise; nothing where none does."""
    above = db.session.scalars(
        db.select(BallotTile.hashes).filter_by(campaign_id=log.campaign_id, level=1).order_by(BallotTile.number)
    )
    for number, known in enumerate(hashed for row in above for hashed in parted(row)):
        leaves = hashes[number * WIDTH : (number + 1) * WIDTH]
        if len(known) == HASH and len(leaves) == WIDTH and tree.complete(leaves) != known:
            return f" between leaf {number * WIDTH} and leaf {(number + 1) * WIDTH - 1}"
    return ""


def _root(hashes: list[bytes]) -> bytes:
    return tree.root(len(hashes), lambda level, index: tree.complete(hashes[index << level : (index + 1) << level]))
