"""The ballots of a campaign without identities: every leaf opened, so that anybody can count again and check the root."""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import chain
from typing import Any

from campaign.campaigns.models import Campaign, Stage
from campaign.database import one_moment
from campaign.doubts.access import aside_of, ballots_aside_of
from campaign.extensions import db, socketio
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.ledger.access import check_complete
from campaign.ledger.checkpoint import signed_note
from campaign.ledger.leaves import entries, referred, scribe
from campaign.ledger.models import BallotLog, BallotTile
from campaign.ledger.proving import key_of
from campaign.ledger.tiles import WIDTH
from campaign.methods.access import stages_with_counts
from campaign.methods.lots import seed_of
from campaign.methods.reading import supports
from campaign.votes.models import BallotEntry, Vote

FORMAT = "ensemble-ballot-log-1"
TOGETHER_MOST = 100_000  # Different choices of ideas: all lie in memory until the last is read.


def as_lines(log: BallotLog) -> Iterator[str]:
    """JSON lines: first what the log is, then each leaf in its place. docs/ledger.md describes them.

    What stands beside the leaves is read at one moment, at which the log has all that was voted. Raises NotAllLogged, or LogStands.
    """
    with one_moment():
        return _lines_of(db.session.get_one(BallotLog, log.campaign_id, populate_existing=True))


def _lines_of(log: BallotLog) -> Iterator[str]:
    check_complete(log)
    campaign = log.campaign
    aside, ballots_aside = aside_of(campaign.id), ballots_aside_of(campaign)
    together = list(_together(campaign))
    found = db.select(Idea.id, Idea.title, Idea.cost).where(*on_board(campaign)).order_by(Idea.id)
    standing = db.session.execute(found).all()
    head = _signed(
        log,
        format=FORMAT,
        campaign=campaign.slug,
        key=str(key_of(log)),
        checkpoint=log.checkpoint,
        ideas={idea.id: idea.title for idea in standing},
        costs={idea.id: int(idea.cost * 100) for idea in standing if idea.cost is not None},
        stages={stage.id: _rules_of(stage) for stage in campaign.stages if stage.method != "approval"},
        **_support(campaign),
        seeds=_seeds_of(campaign),
        asides=_asides(campaign.id, aside, ballots_aside),
        beside=sha256("".join(together).encode()).hexdigest(),
    )
    leaves = _leaves(campaign.id, log.size, lambda row: _aside(row, aside, ballots_aside))
    return chain([head], leaves, together)


def _signed(log: BallotLog, **said: Any) -> str:
    """The first line, in which the log's key signs all that it says."""
    line = _line(**said).rstrip("\n")
    digest = base64.b64encode(sha256(line.encode()).digest()).decode()
    note = signed_note(f"{log.origin}/head\n{digest}\n", log.origin, scribe().signing_key)
    return line[:-1] + f',"signed":{json.dumps(note, ensure_ascii=False)}}}\n'


def _leaves(campaign_id: int, size: int, beside: Callable[[Any], dict[str, str]]) -> Iterator[str]:
    """Between two pieces the connection to the database is given back: whoever reads them may be slow."""
    writer, index = scribe(), 0
    tiles = db.select(BallotTile.entries).filter_by(campaign_id=campaign_id, level=0)
    for number in range((size + WIDTH - 1) // WIDTH):
        kept = referred(db.session.scalar(tiles.where(BallotTile.number == number)))
        rows = entries_by_number([entry for entry, _idea in kept])
        db.session.rollback()
        # One that is gone from the book leaves a gap, which the count tells of.
        yield "".join(
            _line(index=place, **writer.opening(rows[entry])._asdict(), **beside(rows[entry]))
            for place, (entry, _idea) in enumerate(kept[: size - index], index)
            if entry in rows
        )
        index += WIDTH
        socketio.sleep(0)  # Others have their turn: there may be millions.


def _asides(
    campaign_id: int, aside: dict[tuple[int, int], str], ballots_aside: dict[tuple[int, int], str]
) -> list[list[Any]]:
    """All that was decided, once more for the first line: by the idea or the stage, and the voter's pseudonym there."""
    writer = scribe()
    votes = [["idea", idea, writer.pseudonym(campaign_id, idea, voter), said] for (idea, voter), said in aside.items()]
    ballots = [
        ["stage", stage, writer.pseudonym_in_stage(campaign_id, stage, voter), said]
        for (stage, voter), said in ballots_aside.items()
    ]
    return sorted(votes + ballots)


def _aside(row: Any, aside: dict[tuple[int, int], str], ballots_aside: dict[tuple[int, int], str]) -> dict[str, str]:
    """What was decided beside the vote, or the ballot. It is no part of the leaf, which stays as it was signed."""
    said = ballots_aside.get((row.stage_id, row.voter_id)) if row.stage_id else aside.get((row.idea_id, row.voter_id))
    return {"aside": said} if said else {}


def _support(campaign: Campaign) -> dict[str, Any]:
    """Where people support single ideas, by which rules that is counted: once, whichever stage it was given in."""
    found = (stage for stage in stages_with_counts(campaign) if stage.method == "approval")
    stage = next(found, None)
    if stage is None:
        return {}
    # By the number of winners and the lots that were fixed with the first of it, in this stage or an earlier one.
    return {"support": {"stage": stage.id, "since": (stage.supported_before or stage).id, **_rules_of(stage)}}


def _rules_of(stage: Stage) -> dict[str, Any]:
    return {"method": stage.method, **stage.counted_by}


def _together(campaign: Campaign) -> Iterator[str]:
    """Which ideas people support together, each different choice once, where several win: a proportional shortlist is counted from nothing else.

    In the order of the ideas' numbers, without anything that leads to a leaf or to a person. Nothing where there are too many, nor where
    somebody's named votes would lead to others that they gave in secret.
    """
    stage = next((stage for stage in stages_with_counts(campaign) if stage.method == "approval"), None)
    if stage is None or stage.counted_by["seats"] == 1 or _some_named(campaign):
        return

    def rest(_read: int) -> None:
        socketio.sleep(0)

    times: Counter[tuple[int, ...]] = Counter()
    standing = db.session.scalars(db.select(Idea.id).where(*on_board(campaign))).all()
    for ideas in supports(stage, standing, rest):
        times[tuple(ideas)] += 1
        if len(times) > TOGETHER_MOST:
            return
    for choice, people in sorted(times.items()):
        yield _line(together=choice, people=people)


def _some_named(campaign: Campaign) -> bool:
    """Whether somebody gave some of their votes by name, and others in secret."""
    if not campaign.has_named_voters:
        return False
    both = db.select(Vote.voter_id).join(Idea, Idea.id == Vote.idea_id).where(Idea.campaign_id == campaign.id)
    named = db.func.sum(db.case((Vote.named, 1), else_=0))
    both = both.group_by(Vote.voter_id).having(named > 0, named < db.func.count())
    return db.session.scalar(both.limit(1)) is not None


def _seeds_of(campaign: Campaign) -> dict[int, str]:
    """From what the lots of each stage with a count are drawn; without those that are provisional still."""
    seeds = {stage.id: seed_of(stage) for stage in stages_with_counts(campaign)}
    return {number: seed.words for number, seed in seeds.items() if not seed.provisional}


def entries_by_number(numbers: list[int]) -> dict[int, Any]:
    """These entries of the book, as leaves are made of them."""
    found = db.session.execute(entries().where(BallotEntry.id.in_(numbers)))
    return {row.id: row for row in found}


def _line(**said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"
