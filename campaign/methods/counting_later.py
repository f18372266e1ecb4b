"""Counting in a worker what is too much for a page, and keeping the result until there is a newer one.

A row for each stage says what is asked for, who counts, and what was finished last. A lease keeps two workers from counting the same at
once; it runs out when its holder is gone, and then the count begins again.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import gevent
import structlog
from flask import current_app
from sqlalchemy import or_

from campaign.campaigns.models import Stage
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.counting.telling import Heard, nobody
from campaign.database import begin_writing, insert
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import of_board, withdrawn_from
from campaign.jobs import job, wake
from campaign.live import numbers_of
from campaign.live.counting import counted
from campaign.methods.counting import Count, Places, Tally, ballots_of, read_ballots, tally
from campaign.methods.doubted import Doubted, doubted_in
from campaign.methods.lots import seed_of
from campaign.methods.models import StageCount
from campaign.methods.reading import TooMany
from campaign.methods.results import PARTS, Kept, Standing, kept, places_kept
from campaign.threads import Result, away_while
from campaign.votes.facts import last_fact
from campaign.votes.models import BallotEntry

EDITION = 4  # Of the rules as they are programmed: with another one, what was counted before is counted anew.
BEAT = 3.0  # Seconds between two words that a count goes on.
GONE = timedelta(seconds=30)  # Who hasn't said so for this long is no longer there.
REST = 30.0  # Seconds at least between two counts of a stage in which people still vote,
RESTS = 4  # and at least so many times as long as the last one took.
TRIED = 8  # Groups of doubted ballots without which, or with which, a stage is counted as well.
REMEMBERED = 64  # Counts that a process keeps in memory; each has a hundred rows.
NOBODY = timedelta(minutes=3)  # After this long without a beginning, there seems to be no worker.

log = structlog.get_logger()


class _LeaseLost(Exception):
    """Another worker took this one for gone, and counts."""


def what_is_counted(stage: Stage) -> str:
    """A name for all that the outcome hangs on, so that another one is known for another. The number of queries is fixed.

    Sums over all ideas are made once for each number of the board, not for everybody who opens a page.
    """
    campaign = stage.campaign
    numbers = numbers_of(campaign.board)  # Read first: see `counted`.
    mine = BallotEntry.campaign_id == campaign.id
    latest = db.select(db.func.max(BallotEntry.at)).where(mine).scalar_subquery()
    last_act = db.session.scalar(db.select(db.func.max(BallotEntry.id)).where(mine, BallotEntry.at == latest)) or 0
    # What was set aside, left out or brought back: votes and ballots move among those that count, and no act tells of it.
    reviews = last_fact(campaign.id)
    # Prices change without a number of the board, and a draft's ideas do. Where people share a budget, ideas are few.
    fresh = campaign.is_draft or stage.method == "budget"
    of_ideas = partial(_sums, stage)
    ideas = of_ideas() if fresh else counted(campaign.board, numbers.beyond_votes, "counted", of_ideas)
    votes = None
    if stage.method == "approval":
        # What was cast again in spite of a doubt is set aside again, and behind a seal that takes no number of the board.
        which = "counted votes", seal_on(campaign), campaign.present.id if campaign.present else None
        number = numbers.seq + last_act + reviews
        of_votes = partial(_votes, stage)
        votes = of_votes() if fresh else counted(campaign.board, number, which, of_votes)
    given = sorted(stage.counted_by.items())
    words = f"{EDITION} {stage.method} {given} {seed_of(stage).words} {last_act} {reviews} {ideas} {votes}"
    return hashlib.sha256(words.encode()).hexdigest()


def _sums(stage: Stage) -> tuple[Any, ...]:
    """Which ideas stand on the board, and at what prices: another sum for others."""
    sums = [db.func.count(), db.func.sum(Idea.id)]
    if stage.method == "budget":
        sums += [db.func.sum(Idea.cost), db.func.sum(Idea.cost * Idea.id)]
    return _standing(stage, db.select(*sums))


def _votes(stage: Stage) -> tuple[Any, ...]:
    """How the votes lie on them."""
    return _standing(stage, db.select(db.func.sum(Idea.votes), db.func.sum(Idea.votes * Idea.id)).where(Idea.votes > 0))


def _standing(stage: Stage, sums: Any) -> tuple[Any, ...]:
    """These sums over all ideas, and over those that were withdrawn: as in ideas/totals.py, to ask of each takes much longer. One query."""
    every = sums.where(*of_board(stage.campaign)).subquery()
    gone = sums.where(*withdrawn_from(stage.campaign)).subquery()
    return tuple(db.session.execute(db.select(every, gone).join(gone, db.true())).one())


def count_at_once(stage: Stage) -> Kept:
    """The count of a stage that a page can make by itself, made once for all who read it until something changes."""
    of, there = what_is_counted(stage), current_app.extensions.setdefault("counted_at_once", {})
    if stage.id not in there or there[stage.id][0] != of:
        if len(there) >= REMEMBERED:
            there.clear()
        there[stage.id] = of, kept(tally(stage))
    result: Kept = there[stage.id][1]
    return result


def ask_for_count(stage: Stage) -> Standing:
    """What there is, after asking for what is missing. Asked again, it is asked for once. Does not commit."""
    count = db.session.get(StageCount, stage.id, populate_existing=True)
    if count is not None and count.of == what_is_counted(stage):
        sure = _under_way(count) if count.asked_at and count.step == "places" else None
        return (
            Standing(count, True, "places", sure.done, sure.out_of) if sure and sure.step else Standing(count, True, "")
        )
    if count is None or count.asked_at is None:
        asked = {"asked_at": now(), "step": "", "done": 0, "out_of": 0}
        new = {"ballots": 0, "failure": ""}
        put = insert(StageCount.__table__).values(stage_id=stage.id, **new, **asked)
        mine = StageCount.__table__.c
        put = put.on_conflict_do_update(index_elements=["stage_id"], set_=asked, where=mine.asked_at.is_(None))
        db.session.execute(put)
        wake("counts")
        return Standing(count, False, "waiting")
    return _under_way(count)


def how_far(stage: Stage) -> Standing:
    """How the count stands, without asking for one. A light question: pages that are open ask it again and again."""
    count = db.session.get(StageCount, stage.id, populate_existing=True)
    return _under_way(count) if count is not None and count.asked_at else Standing(count, False, "")


def _under_way(count: StageCount) -> Standing:
    assert count.asked_at is not None
    if count.lease and count.beat_at and count.beat_at > now() - GONE:
        return Standing(count, False, count.step or "waiting", count.done, count.out_of)
    since = max(count.asked_at, count.rests_until or count.asked_at, count.beat_at or count.asked_at)
    if since < now() - NOBODY:
        return Standing(count, False, "unattended")
    if count.lease:  # Whoever counted is gone: somebody begins again.
        wake("counts")
    return Standing(count, False, "waiting")


@job("counts")
def count_what_is_asked_for() -> None:
    """Count one stage after the other, as long as one is asked for and nobody counts it."""
    while (taken := _take_one()) is not None:
        stage_id, lease = taken
        try:
            _count(stage_id, lease)
        except _LeaseLost:
            db.session.rollback()
            log.warning("count.taken_over", stage=stage_id)


def _take_one() -> tuple[int, str] | None:
    moment = now()
    table = StageCount.__table__.c
    begin_writing()
    free = (
        db.select(table.stage_id)
        .where(
            table.asked_at.is_not(None),
            or_(table.lease.is_(None), table.beat_at < moment - GONE),
            or_(table.rests_until.is_(None), table.rests_until <= moment),
        )
        .order_by(table.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    stage_id = db.session.scalar(free)
    if stage_id is None:
        db.session.rollback()
        return None
    lease = secrets.token_hex(16)
    _write(stage_id, None, lease=lease, beat_at=moment, step="reading", done=0, out_of=0)
    return stage_id, lease


def _count(stage_id: int, lease: str) -> None:
    stage = db.session.get_one(Stage, stage_id)
    began, of, out_of = time.monotonic(), what_is_counted(stage), ballots_of(stage)
    spoke = 0.0

    def tell(step: str, done: int, out_of: int) -> None:
        nonlocal spoke
        if time.monotonic() - spoke >= BEAT / 2:
            spoke = time.monotonic()
            _write(stage_id, lease, beat_at=now(), step=step, done=min(done, out_of), out_of=out_of)
        gevent.sleep(0)  # A worker also answers questions while somebody types.

    def count_otherwise(these: Doubted) -> Kept | None:
        """By the rule that decides, so that whoever decides about them sees what hangs on it. None: with them they are too many."""
        try:
            ready = read_ballots(stage, lambda read: tell("reading", read, out_of), these)
        except TooMany:
            return None
        finally:
            db.session.rollback()
        rule, count = ready.rules[0]
        return kept(
            Tally(ready.people, [away_while(partial(count, nobody), partial(tell, rule, 0, 1), BEAT)], ready.seed)
        )

    finished: dict[str, Any] = {"of": of, "counted_at": now()}
    try:
        doubted = [] if stage.method == "approval" else doubted_in([stage.id])[:TRIED]
        ready = read_ballots(stage, lambda read: tell("reading", read, out_of))
        db.session.rollback()
        counts: list[Count] = []
        for number, (rule, count) in enumerate(ready.rules):
            spoke = 0.0
            tell(rule, number * PARTS, len(ready.rules) * PARTS)
            # A rule computes for minutes without a pause, and this process answers questions as well.
            counts.append(_counted(count, partial(_tell_part, tell, rule, number, len(ready.rules))))
        result = kept(Tally(ready.people, counts, ready.seed, ready.left_out))
        if doubted:
            tried = {each.key: count_otherwise(each) for each in doubted}
            result["otherwise"] = {key: count for key, count in tried.items() if count}
        finished |= {"result": result, "ballots": ready.people, "failure": ""}
        if ready.draw is not None:
            # Who waits for the result has it now. How sure its places are comes later, and takes longer.
            _write(stage_id, lease, **finished, beat_at=now(), step="places", done=0, out_of=0)
            finished["places"] = places_kept(_drawn(ready.draw, tell), of, result)
    except TooMany as error:
        db.session.rollback()
        finished |= {"result": None, "failure": error.of}
    except (ArithmeticError, LookupError, TypeError, ValueError):
        # It would break again. What was counted before stays, and this is not tried twice.
        db.session.rollback()
        log.exception("count.broken", stage=stage_id)
        finished["failure"] = "broken"
        del finished["counted_at"]
    took = time.monotonic() - began
    rests_until = now() + timedelta(seconds=max(REST, RESTS * took))
    _write(stage_id, lease, **finished, asked_at=None, lease=None, step="", rests_until=rests_until)
    log.info("count.finished", stage=stage_id, seconds=round(took, 1), failure=finished["failure"])


def _tell_part(
    tell: Callable[[str, int, int], None], rule: str, number: int, rules: int, done: int, out_of: int
) -> None:
    """How far a rule is among those of its stage."""
    tell(rule, number * PARTS + min(done * PARTS // (out_of or 1), PARTS - 1), rules * PARTS)


def _drawn(draw: Callable[[Heard], Places], tell: Callable[[str, int, int], None]) -> Places:
    """The places, while it is told how many draws were counted."""
    return _counted(draw, partial(tell, "places"))


def _counted(count: Callable[[Heard], Result], tell: Heard) -> Result:
    """What a count comes to, while it is told how far it is."""
    far = [(0, 1)]

    def hear(done: int, out_of: int) -> None:
        far[0] = done, out_of  # It is another thread that counts: it touches nothing but this.

    return away_while(partial(count, hear), lambda: tell(*far[0]), BEAT)


def _write(stage_id: int, holder: str | None, **said: Any) -> None:
    """Say how far it is, and commit. With a holder, only while the lease is still theirs."""
    table = StageCount.__table__.c
    mine = db.update(StageCount.__table__).where(table.stage_id == stage_id)
    if holder is not None:
        mine = mine.where(table.lease == holder)
    written: Any = db.session.execute(mine.values(**said))
    db.session.commit()
    if not written.rowcount:
        raise _LeaseLost
