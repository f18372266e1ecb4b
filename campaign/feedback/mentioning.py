"""Calling people by name in remarks: those who take part in the talk, and nobody else, so that no name leads to more than it says."""

from dataclasses import dataclass

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.brands.models import Membership
from campaign.brands.roles import RUNNING
from campaign.extensions import db
from campaign.feedback.models import Comment, CommentMention
from campaign.feedback.pins import ideas_of_talk
from campaign.ideas.models import Idea
from campaign.text import folded, names_called

MOST = 10  # People whom one remark calls.
LATELY = 2000  # Remarks among whose authors somebody is found: what a talk costs has an end, however long it is.
SPEAKERS = 300
OFFERED = 8


@dataclass(frozen=True)
class Speaker:
    """Somebody who takes part in the talk about an idea, and where they are met."""

    person_id: int
    name: str
    part: str  # "author", "speaker" or "team".
    url: str


def people_in(idea: Idea, asker: Asker) -> list[Speaker]:
    """Who can be called in the talk about an idea, but for who asks: its authors, who said something that everybody reads, the last
    first, and who runs the brand, as its own page says. In a long talk, those who spoke last. Two queries.
    """
    said = db.select(Comment.id, Comment.author_id).where(Comment.idea_id.in_(ideas_of_talk(idea)))
    said = said.where(~Comment.deletion.has(), ~Comment.hold.has())
    lately = said.order_by(Comment.id.desc()).limit(LATELY).subquery()
    spoke = (
        db.select(Person.id, Person.name, db.func.max(lately.c.id).label("last"))
        .join(lately, lately.c.author_id == Person.id)
        .group_by(Person.id, Person.name)
    )
    spoken = db.session.execute(spoke.order_by(db.desc("last")).limit(SPEAKERS)).all()
    last = {row.id: f"/comments/{row.last}" for row in spoken}
    team = db.select(Person.id, Person.name).join(Membership, Membership.person_id == Person.id)
    team = team.where(
        Membership.brand_id == idea.campaign.brand_id, Membership.campaign_id.is_(None), Membership.role.in_(RUNNING)
    )
    runs = db.session.execute(team.order_by(Person.name, Person.id)).all()
    running = {row.id for row in runs}
    authors = [one for one in idea.authors if not (idea.recorded and one.id == idea.author_id)]
    everybody = [
        *(Speaker(one.id, one.display_name, "author", last.get(one.id, idea.url)) for one in authors),
        *(Speaker(row.id, row.name, "team" if row.id in running else "speaker", last[row.id]) for row in spoken),
        *(Speaker(row.id, row.name, "team", idea.campaign.brand.url) for row in runs),
    ]
    me = asker.id if asker.is_authenticated else 0
    once: dict[int, Speaker] = {}
    for one in everybody:
        if one.person_id != me:
            once.setdefault(one.person_id, one)
    return list(once.values())


def found_by(people: list[Speaker], begun: str) -> list[Speaker]:
    """Those of whose names a word begins so, as it is typed: a few of them."""
    begun = folded(begun)
    return [one for one in people if f" {folded(one.name)}".find(f" {begun}") >= 0][:OFFERED]


def mention_people(comment: Comment) -> None:
    """Note whom a remark calls: each once, by their name, or by the first word of it where one person only is called so."""
    kept = {mention.person_id: mention for mention in comment.mentions}
    found = _called(comment) if "@" in comment.text else {}
    for person_id in kept.keys() - found.keys():
        comment.mentions.remove(kept[person_id])
    for place, (one, written) in enumerate(found.values()):
        mention = kept.get(one.person_id)
        if mention is None:
            mention = CommentMention(person_id=one.person_id)
            comment.mentions.append(mention)
        mention.place, mention.name, mention.url = place, written, one.url
    db.session.flush()


def _called(comment: Comment) -> dict[int, tuple[Speaker, str]]:
    by_name: dict[str, list[Speaker]] = {}
    by_word: dict[str, list[Speaker]] = {}
    for one in people_in(comment.idea, comment.author):
        by_name.setdefault(folded(one.name), []).append(one)
        by_word.setdefault(folded(one.name).split(" ")[0], []).append(one)
    # Of two who share a whole name both are called: a reader can't tell either which of them is meant.
    names = {word: some for word, some in by_word.items() if len(some) == 1} | by_name
    called: dict[int, tuple[Speaker, str]] = {}
    for name, written in names_called(comment.text, names):
        for one in names[name]:
            if len(called) < MOST:
                called.setdefault(one.person_id, (one, written))
    return called
