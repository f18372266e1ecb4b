"""What is on the board already, for somebody who suggests an idea: the same one, or some that say nearly the same.

A worker compares by meaning, in whichever language. Where none answers in time, titles are compared by their words. Nothing
is ever merged here: people see what there is, and decide.
"""

from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app
from rapidfuzz import fuzz

from campaign.asking import ask_worker
from campaign.campaigns.models import Campaign
from campaign.database import without_connection
from campaign.extensions import db
from campaign.ideas.listing import ideas_by_id
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.searching import ids_saying, words_of
from campaign.ideas.totals import on_board
from campaign.text import title_key

SHOWN = 3
ASKED_FOR = 24  # Some of them may be withdrawn, or say the same as another.
SHORTEST = 8  # Characters. Before that, nobody knows what it will be.
WORDS = 6  # The longest ones of a title, by which others are looked for without a worker.
WITH_A_WORD = 100

# Measured on boards in two languages: a paraphrase has a cosine from 0.40 on, titles about something else hardly ever.
ALIKE, CLOSE = 0.38, 0.75
# And with words in common, of 100: the same when people put it a little differently.
ALIKE_IN_WORDS, CLOSE_IN_WORDS = 55, 85


@dataclass(frozen=True)
class Similar:
    """An idea that says nearly the same. `close`: so nearly that its author would rather know."""

    idea: Idea
    close: bool


def twin_of(campaign: Campaign, title: str) -> Idea | None:
    """The idea on the board with the same title, whatever its case, accents and marks."""
    same = db.select(Idea).where(*on_board(campaign), Idea.title_key == title_key(title))
    return db.session.scalar(same.order_by(Idea.id).limit(1))


def similar_ideas(campaign: Campaign, title: str, text: str = "") -> list[Similar]:
    """Up to three ideas on the board that say nearly the same, the nearest first. Takes half a second at most.

    Ask it before anything is written.
    """
    words = title if len(title) >= SHORTEST else text
    if len(words) < SHORTEST:
        return []
    campaign_id, app = campaign.id, current_app._get_current_object()  # type: ignore[attr-defined]
    with without_connection():
        found = ask_worker(app, "similar", campaign=campaign_id, text=words[:300], most=ASKED_FOR)
    if found is not None:
        scored = [(idea_id, likeness >= CLOSE) for idea_id, likeness in found if likeness >= ALIKE]
    else:
        scored = _alike_in_words(campaign, words)
    return _shown(campaign, scored)


def close_ideas(campaign: Campaign, title: str) -> list[Similar]:
    """Of those, the ones that say the same in other words. Without the one of the same title, which is refused when it is sent."""
    key = title_key(title)
    return [one for one in similar_ideas(campaign, title) if one.close and one.idea.title_key != key]


def _alike_in_words(campaign: Campaign, words: str) -> list[tuple[int, bool]]:
    known = {word.casefold() for word in words_of(words[:300]) if len(word) > 2}
    longest = sorted(known, key=len, reverse=True)[:WORDS]
    key = title_key(words)
    there = _titles_on_board(campaign, ids_saying(longest, WITH_A_WORD))
    scored = [(fuzz.token_sort_ratio(key, title), idea_id) for idea_id, title in there.items()]
    scored = sorted((one for one in scored if one[0] >= ALIKE_IN_WORDS), reverse=True)[:ASKED_FOR]
    return [(idea_id, likeness >= CLOSE_IN_WORDS) for likeness, idea_id in scored]


def _titles_on_board(campaign: Campaign, ids: Collection[int]) -> dict[int, str]:
    """Of these ideas, those on the campaign's board, with their titles as they are compared."""
    withdrawn = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id).exists()
    # Which campaign they belong to is looked at here: SQLite would rather walk through all ideas of it.
    rows = db.session.execute(db.select(Idea.id, Idea.campaign_id, Idea.title_key).where(Idea.id.in_(ids), ~withdrawn))
    return {row.id: row.title_key for row in rows if row.campaign_id == campaign.id}


def _shown(campaign: Campaign, scored: list[tuple[int, bool]]) -> list[Similar]:
    """Of what was found, what stands on the board; of those with the same title one is enough."""
    there = _titles_on_board(campaign, [idea_id for idea_id, _close in scored])
    by_title: dict[str, tuple[int, bool]] = {}
    for idea_id, close in scored:
        if idea_id in there:
            by_title.setdefault(there[idea_id], (idea_id, close))
    shown = dict(list(by_title.values())[:SHOWN])
    ideas = {idea.id: idea for idea in ideas_by_id(campaign, list(shown))}
    return [Similar(ideas[idea_id], close) for idea_id, close in shown.items() if idea_id in ideas]
