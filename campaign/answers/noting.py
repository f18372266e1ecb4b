"""What the team notes on an idea, for itself: notes with replies, in which colleagues are named and told."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.answers.access import colleagues_on
from campaign.answers.models import Note, NoteMention
from campaign.database import insert, lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.notices import posting


class NotesFull(Refused):
    code, message = "notes_full", _l("There are a great many notes on this idea already. Take some away first.")


class NoteReplied(Refused):
    code, message = "note_replied", _l("Somebody has replied to this note, so it stays.")


MOST = 500  # Notes on one idea.


@dataclass(frozen=True)
class Talk:
    """A note with what was replied to it, the first first."""

    note: Note
    replies: list[Note]


def notes_on(idea: Idea) -> list[Talk]:
    """The team's notes, the latest first. Two queries."""
    found = list(db.session.scalars(db.select(Note).where(Note.idea_id == idea.id).order_by(Note.id)))
    return [
        Talk(note, [reply for reply in found if reply.parent_id == note.id])
        for note in reversed(found)
        if note.parent_id is None
    ]


def count_notes(idea: Idea) -> int:
    return db.session.scalar(db.select(db.func.count()).where(Note.idea_id == idea.id)) or 0


def add_note(
    idea: Idea, author: Person, text: str, key: str, parent_id: int | None = None, also: Collection[int] = ()
) -> Note:
    """Write a note for the team, or a reply to one. Colleagues named in it (“@Ana”), or in `also`, are told. Sent twice, it is one.

    A reply to a reply stands under the same note.
    """
    lock(idea)  # So that nobody takes the note away to which this replies.
    if (there := _sent(author, key)) is not None:
        return there
    parent = note_on(idea, parent_id) if parent_id is not None else None
    if parent is not None and parent.parent_id is not None:
        parent = note_on(idea, parent.parent_id)
    if count_notes(idea) >= MOST:
        raise NotesFull
    team = colleagues_on(idea.campaign, "see")
    sent = insert(Note).values(
        idea_id=idea.id, author_id=author.id, key=key, text=text, parent_id=parent.id if parent else None
    )
    sent = sent.on_conflict_do_nothing(index_elements=["author_id", "key"]).returning(Note.id)
    note_id = db.session.scalar(sent)
    if note_id is None:
        again = _sent(author, key)
        assert again is not None
        return again
    note = db.session.get_one(Note, note_id)
    named = [one for one in team if one.id != author.id and (one in mentioned(text, team) or one.id in also)]
    note.mentions = [NoteMention(person_id=one.id) for one in named]
    db.session.flush()
    _tell(named, "note", "note-mention", note)
    if parent is not None and parent.author not in named and parent.author in team:
        _tell([parent.author], "note_reply", "note-reply", note)
    return note


def remove_note(note: Note, by: Person) -> None:
    """Take one's own note away. Raises NoteReplied where somebody has replied: their words would hang in the air."""
    if note.author_id != by.id:
        raise NotThere
    lock(note.idea)
    if db.session.scalar(db.select(Note.id).where(Note.parent_id == note.id).limit(1)):
        raise NoteReplied
    db.session.delete(note)


def mentioned(text: str, team: Collection[Person]) -> list[Person]:
    """Who of the team is named after an @: by the whole name, or by a first name that only one of them has."""
    calls: dict[str, list[Person]] = {}
    for person in team:
        for name in {person.name.casefold(), person.name.casefold().split(" ")[0]}:
            calls.setdefault(name, []).append(person)
    longest = sorted(calls, key=len, reverse=True)
    found: list[Person] = []
    for rest in text.casefold().split("@")[1:]:
        called = next((one for one in longest if rest.startswith(one) and not rest[len(one) :][:1].isalnum()), None)
        if called and len(calls[called]) == 1 and calls[called][0] not in found:
            found += calls[called]
    return found


def note_on(idea: Idea, note_id: int) -> Note:
    """The note of this id on the idea. Raises NotThere."""
    note = db.session.get(Note, note_id, populate_existing=True) if 0 < note_id < 2**31 else None
    if note is None or note.idea_id != idea.id:
        raise NotThere
    return note


def _sent(author: Person, key: str) -> Note | None:
    """What this person has sent with this key already."""
    return db.session.scalar(db.select(Note).filter_by(author_id=author.id, key=key))


def _tell(people: Collection[Person], what: str, mail: str, note: Note) -> None:
    """Not in which words: those stay in the team, and a mail goes further."""
    idea, by = note.idea, note.author
    posting.tell(people, "team", what, idea.campaign, idea, by=by, mail=mail, said={"by": by})
