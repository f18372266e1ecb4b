"""What a file tells becomes people and ideas. Nothing commits, so what is refused half-way leaves nothing behind."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from flask_babel import gettext as _

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Category, Tag
from campaign.exchange.addresses import made_up
from campaign.exchange.readers.errors import BadFile
from campaign.extensions import db
from campaign.ideas.actions import make_idea, write_version
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_ideas
from campaign.ideas.tagging import find_tags
from campaign.live import announce
from campaign.live.news import CARDS
from campaign.text import squeeze
from campaign.votes.facts import note_prices

TITLE, PLACE, NAME, KEY = 200, 160, 60, 64  # Characters that the columns keep.
AT_ONCE = 500  # Ideas written together, so that a large file needs little memory.

Progress = Callable[[int], None]
Item = TypeVar("Item")


@dataclass
class Imported:
    """What an import did: the campaign, how many ideas are new in it, and how many stood there already."""

    campaign: Campaign
    ideas: int = 0
    known: int = 0


@dataclass(frozen=True)
class Entry:
    """An idea as a file tells it, before it is a row."""

    key: str
    title: str
    text: str
    author: Person
    language: str
    category: Category | None = None
    tags: Sequence[str] = field(default=())
    cost: Decimal | None = None
    place: str = ""
    at: datetime | None = None


def nobody_counts(ideas: int) -> None:
    """The progress of which nobody wants to hear."""


def put(campaign: Campaign, entries: Iterable[Entry], progress: Progress) -> Imported:
    """Write the ideas that are not there yet, findable, each with its first version."""
    imported = Imported(campaign)
    there = {
        (row.author_id, row.key)
        for row in db.session.execute(
            db.select(Idea.author_id, Idea.key).where(Idea.campaign_id == campaign.id, Idea.key.is_not(None))
        )
    }
    tags: dict[str, Tag] = {}
    new: list[int] = []
    for chunk in chunks(entries):
        ideas = []
        for entry in chunk:
            if (entry.author.id, entry.key) in there:
                continue
            there.add((entry.author.id, entry.key))
            tagged = _tags(campaign, entry.tags, tags)
            idea = make_idea(
                campaign,
                entry.author,
                entry.title,
                entry.text,
                language=entry.language,
                category=entry.category,
                key=entry.key,
                cost=entry.cost,
                place=shorten(entry.place, PLACE) or None,
                at=entry.at,
            )
            idea.tags = tagged
            idea.version = 1  # The column's default would come with the flush, too late for the version's row.
            write_version(idea, entry.author, entry.at)
            ideas.append(idea)
        index_ideas(ideas)
        note_prices(campaign, ideas)
        new += [idea.id for idea in ideas]
        imported.known += len(chunk) - len(ideas)
        progress(len(chunk))
    imported.ideas = len(new)
    if new:
        announce(campaign.board, "ideas.imported", ideas=new if len(new) <= CARDS else [])
    return imported


def own_person(slug: str, language: str, name: str) -> Person:
    """Who stands for the file itself: the author of what has no other."""
    address = made_up_address("import", "", slug)
    return people_with({address: shorten(name, NAME)}, language)[address]


def made_up_address(kind: str, who: str, slug: str) -> str:
    """The address of somebody whom a file names, or of the file itself, where it names nobody."""
    return made_up(f"{kind}-{fingerprint(who)[:20]}" if who else kind, slug, "import")


def people_with(names: dict[str, str], language: str) -> dict[str, Person]:
    """The people with these addresses; who is unknown gets an account without a password."""
    found: dict[str, Person] = {}
    for addresses in chunks(names):
        known = db.session.scalars(db.select(Person).where(Person.email.in_(addresses)))
        found |= {person.email: person for person in known}
    made = {
        address: Person(email=address, name=shorten(squeeze(name), NAME), language=language)
        for address, name in names.items()
        if address not in found
    }
    db.session.add_all(made.values())
    db.session.flush()
    return found | made


def _tags(campaign: Campaign, names: Sequence[str], known: dict[str, Tag]) -> list[Tag]:
    for name in names:
        if name not in known:
            (known[name],) = find_tags(campaign, [name], by_team=True)
    return list(dict.fromkeys(known[name] for name in names))


def refuse_long_keys(keys: Iterable[tuple[str, str]]) -> None:
    """Refuse a file with an id that no column keeps; pairs of the idea's key and the file's own id."""
    for key, given in keys:
        if len(key) > KEY:
            raise BadFile(
                None, _("The id “%(id)s” is too long: %(limit)s characters at most.", id=given, limit=KEY - 8)
            )


def shorten(text: str, length: int) -> str:
    """The text itself, or its beginning cut between words."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.") + "…"


def fingerprint(text: str) -> str:
    """Any text as one word of fixed length."""
    return hashlib.sha256(text.encode()).hexdigest()


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
