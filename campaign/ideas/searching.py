"""Search in French and English, the same on both databases.

Words are prepared here, not in the database: accents removed, endings cut by the Snowball stemmers of both languages.
SQLite (FTS5) and PostgreSQL (tsvector) only keep and find them, so that a person finds the same ideas on either.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import snowballstemmer
from sqlalchemy import ColumnElement, Select, bindparam, text
from sqlalchemy.dialects.postgresql import TSQUERY

from campaign.database import insert
from campaign.extensions import db
from campaign.ideas.models import Idea, IdeaEmbedding
from campaign.jobs import wake

_WORD = re.compile(r"[^\W_]+")
# In French a short word leans on the next one: who asks for "l'été" means "été".
_LEANING = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=\w)", re.IGNORECASE)
_LONGEST = 8  # Words of a question that count.
_stemmers = tuple(snowballstemmer.stemmer(name) for name in ("french", "english"))


def index_idea(idea: Idea) -> None:
    """Make the idea findable by what it says now: by its words at once, by its meaning when a worker has read it."""
    index_ideas([idea])


def index_ideas(ideas: Sequence[Idea]) -> None:
    """The same for many ideas at once, in as many statements as for one."""
    if not ideas:
        return
    db.session.flush()
    if db.session.get_bind().dialect.name == "sqlite":
        said = [{"id": idea.id, "words": " ".join(_words_in(idea))} for idea in ideas]
        db.session.execute(text("DELETE FROM idea_search WHERE rowid = :id"), said)
        db.session.execute(text("INSERT INTO idea_search (rowid, words) VALUES (:id, :words)"), said)
    else:
        db.session.execute(
            text(
                "INSERT INTO idea_search (idea_id, words) VALUES (:id, array_to_tsvector(:words)) "
                "ON CONFLICT (idea_id) DO UPDATE SET words = EXCLUDED.words"
            ),
            [{"id": idea.id, "words": _words_in(idea)} for idea in ideas],
        )
    waiting = [{"idea_id": idea.id, "campaign_id": idea.campaign_id, "model": "", "asked": 1} for idea in ideas]
    db.session.execute(
        insert(IdeaEmbedding).on_conflict_do_update(
            index_elements=["idea_id"], set_={"model": "", "asked": IdeaEmbedding.asked + 1}
        ),
        waiting,
    )
    wake("embed")


def _words_in(idea: Idea) -> list[str]:
    """Every word that it says, prepared, once each."""
    return sorted(
        {
            form
            for part in (idea.title, idea.text, idea.place or "", *(tag.name for tag in idea.tags))
            for word in words_of(part)
            for form in forms(word)
        }
    )


def ids_saying(words: list[str], most: int) -> set[int]:
    """The ideas, of all campaigns, that say one of these words; for each word the latest `most` of them.

    What that costs doesn't grow with the number of ideas.
    """
    return {idea_id for word in words if forms(word) for idea_id in db.session.scalars(_saying(word).limit(most))}


def _saying(word: str) -> Select[Any]:
    if db.session.get_bind().dialect.name == "sqlite":
        question = " OR ".join(f'"{form}"' for form in forms(word))
        return _select("SELECT rowid AS id FROM idea_search WHERE idea_search MATCH :question", question).order_by(
            db.desc("id")
        )
    question = " | ".join(f"'{form}'" for form in forms(word))
    return _select("SELECT idea_id AS id FROM idea_search WHERE words @@ CAST(:question AS tsquery)", question)


class Saying(NamedTuple):
    """The ideas that say what was asked, of all campaigns: found along the index, or one idea looked at by itself."""

    ids: Any  # A selection of ids.
    each: ColumnElement[bool]  # A condition on Idea.


def saying(query: str) -> Saying | None:
    """What says every word of the question, in some form, the last one perhaps not finished. None for a question without a word in it."""
    words = [word for word in words_of(query) if forms(word)][:_LONGEST]
    if not words:
        return None
    if db.session.get_bind().dialect.name == "sqlite":
        found = _select("SELECT rowid AS id FROM idea_search WHERE idea_search MATCH :question", _fts5(words))
        return Saying(found, _says(words))
    found = _select("SELECT idea_id AS id FROM idea_search WHERE words @@ CAST(:question AS tsquery)", _tsquery(words))
    kept = db.table("idea_search", db.column("idea_id"), db.column("words"))
    said = kept.c.words.op("@@", is_comparison=True)(db.cast(_tsquery(words), TSQUERY))
    return Saying(found, db.exists().where(kept.c.idea_id == Idea.id, said))


def _says(words: list[str]) -> ColumnElement[bool]:
    """FTS5 would read all that is known of a beginning of a word for each single idea. What it keeps of one is quickly looked through."""
    kept = db.table("idea_search", db.column("rowid", db.Integer), db.column("words", db.String))
    text = " " + kept.c.words + " "
    said = [[db.func.instr(text, f" {form} ") > 0 for form in forms(word)] for word in words]
    said[-1].append(db.func.instr(text, f" {_plain(words[-1].casefold())}") > 0)
    return db.exists().where(kept.c.rowid == Idea.id, *(db.or_(*alternatives) for alternatives in said))


def words_of(said: str) -> list[str]:
    return _WORD.findall(_LEANING.sub(" ", unicodedata.normalize("NFC", said)))


@lru_cache(20_000)
def forms(word: str) -> tuple[str, ...]:
    """The forms under which a word is kept and sought: itself and its stems, without accents, in lower case.

    The stem of the plain word is among them, because people ask for "consignee" and mean "consignée".
    """
    word = word.casefold()[:60]
    plain = _plain(word)
    stems = {_plain(stemmer.stemWord(form)) for stemmer in _stemmers for form in (word, plain)}
    return tuple(sorted({plain, *stems} - {""}))


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if c.isalnum())


def _fts5(words: list[str]) -> str:
    *whole, last = [[f'"{form}"' for form in forms(word)] for word in words]
    last.append(f'"{_plain(words[-1].casefold())}"*')
    return " AND ".join(f"({' OR '.join(alternatives)})" for alternatives in [*whole, last])


def _tsquery(words: list[str]) -> str:
    *whole, last = [[f"'{form}'" for form in forms(word)] for word in words]
    last.append(f"'{_plain(words[-1].casefold())}':*")
    return " & ".join(f"({' | '.join(alternatives)})" for alternatives in [*whole, last])


def _select(sql: str, question: str) -> Any:
    return (
        text(sql).bindparams(bindparam("question", question)).columns(db.column("id", db.Integer)).subquery().select()
    )
