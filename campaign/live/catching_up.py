"""Catching up: who comes, comes back or was too slow is told what they missed, as it is now, in one message."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

import structlog

from campaign.extensions import socketio
from campaign.live import presence
from campaign.live.board import PREPARED, Arrival, Audience, Board, Watcher
from campaign.live.broadcasting import Message, compact
from campaign.live.guarding import Seat
from campaign.live.news import CARDS, News, merge
from campaign.live.presenting import Presentation

log = structlog.get_logger()

DIFFERENT = 16  # Messages made for those who come back to one board in the same moment.


def catch_up(
    presentation: Presentation, board: Board | None, name: str, audience: Audience, since: int | None
) -> str | Exception:
    """What brings somebody who knows everything up to `since`, or nothing, up to date: an acknowledgement as JSON text."""
    try:
        known = None if since is None else _missed(presentation, board, name, since)
        if known is None:
            return _snapshot(presentation, board, name, audience)
        seq, missed = known
        told = presentation.told(name, seq)
        return compact({"ok": True, "seq": told, "changes": [presentation.say(name, seq, missed, audience)]})
    except Exception as error:
        # One board that can't be shown must not keep everybody from every other.
        log.exception("board.unshown", board=name)
        return error


def _missed(presentation: Presentation, board: Board | None, name: str, told: int) -> tuple[int, News] | None:
    since = presentation.meant(name, told)
    if since is None:
        return None
    if board is not None and not board.filling and (missed := board.missed(since)) is not None:
        seq = board.seq
    else:
        changes = presentation.changes_since(name, since)
        if changes is None:
            return None
        seq, missed = (changes[-1][0] if changes else since), merge(*(news for _seq, news in changes))
    return None if is_too_much(missed) else (seq, missed)


def is_too_much(news: News) -> bool:
    """Whether a snapshot costs less than telling this: it holds totals only, and every card is two thousand characters."""
    return len(news.get("ideas", ())) > CARDS


def _snapshot(presentation: Presentation, board: Board | None, name: str, audience: Audience) -> str:
    people = presence.people(name)
    if board is not None and audience in board.snapshots:
        seq, counted, text = board.snapshots[audience]
        if seq >= board.seq and counted == people:
            return text  # Nothing happened since it was made.
    seq, snapshot = presentation.snapshot(name, audience, people)
    text = compact({"ok": True, "seq": presentation.told(name, seq), "snapshot": snapshot})
    if board is not None:
        board.snapshots[audience] = seq, people, text
    return text


def bring_up(presentation: Presentation, seats: Iterable[Seat]) -> None:
    """Tell clients that were behind all that they missed, and let them hear what follows like everybody else."""
    untold: set[tuple[str, Audience]] = set()
    for seat in seats:
        if (seat.board.name, seat.audience) in untold:
            continue
        try:
            _bring_up(presentation, seat.board, seat.audience, seat.watcher)
        except Exception:
            # The guard comes round again. What can't be told to one can't be told to the next of the same audience either.
            log.exception("board.untold", board=seat.board.name)
            untold.add((seat.board.name, seat.audience))
        socketio.sleep(0)  # Each message may have been made from the database; others have their turn.


def _bring_up(presentation: Presentation, board: Board, audience: Audience, watcher: Watcher) -> None:
    # Making the message lets other greenlets in, who may tell everybody else of the next change meanwhile. So nobody is
    # up to date before what they got is as new as what the others got.
    while watcher.behind is not None and not watcher.left and watcher.connection.clear:
        seq = board.seq
        message = _missed_message(presentation, board, audience, watcher.seen)
        if watcher.left or not watcher.connection.offer(message.text, message.frame):
            return
        watcher.seen = seq
        if board.sent <= seq:
            watcher.behind = None


def _missed_message(presentation: Presentation, board: Board, audience: Audience, since: int) -> Message:
    key = audience, since, board.seq
    if key not in board.prepared:
        missed = board.missed(since)
        if missed is None or is_too_much(missed):  # The client asks for a snapshot itself.
            message = Message("board.stale", presentation.name(board.name))
        else:
            message = Message("board.changed", presentation.say(board.name, key[2], missed, audience))
        board.prepared[key] = message
        if len(board.prepared) > PREPARED:
            board.prepared.popitem(last=False)
    return board.prepared[key]


def few(arrivals: list[Arrival]) -> list[int | None]:
    """From which number each is told: their own, or where very many differ, a smaller one. Hearing more does no harm."""
    asked: dict[tuple[str, Audience], set[int]] = defaultdict(set)
    for arrival in arrivals:
        if arrival.since is not None:
            asked[arrival.board, arrival.audience].add(arrival.since)
    starts = {key: sorted(numbers)[:: -(-len(numbers) // DIFFERENT)] for key, numbers in asked.items()}

    def start(arrival: Arrival) -> int | None:
        if arrival.since is None:
            return None
        known = starts[arrival.board, arrival.audience]
        return known[bisect_right(known, arrival.since) - 1]

    return [start(arrival) for arrival in arrivals]
