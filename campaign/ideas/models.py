"""Ideas with all their versions, and the drafts from which they come."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from campaign.accounts.models import Person
from campaign.campaigns.incentives import Label, labels_of
from campaign.campaigns.licences import LICENCES
from campaign.campaigns.models import Campaign, Category, Tag
from campaign.campaigns.rules import Rules
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.documents import Document
from campaign.encryption import Unreadable, decrypt
from campaign.extensions import db
from campaign.ideas.recorded import BRIEFLY, HOWS, TOLD, place_of_contact
from campaign.images import Image
from campaign.text import title_key

if TYPE_CHECKING:
    from campaign.ladder.models import Climb, Expiry
    from campaign.notices.models import IdeaUpdate
    from campaign.statuses.models import Status, StatusChange

idea_tag = Table(
    "idea_tag",
    db.metadata,
    Column("idea_id", ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)


UNSEEN = ("held", "hidden")  # Kinds of withdrawals that keep an idea from everybody but its authors and the team.


class Idea(db.Model):
    """One suggestion on a campaign's board."""

    __table_args__ = (
        # Each order of the board reads along one of these.
        Index("ix_idea_new", "campaign_id", "id"),
        Index("ix_idea_supported", "campaign_id", "votes", "id"),
        Index("ix_idea_trending", "campaign_id", "heat", "id"),
        Index("ix_idea_discussed", "campaign_id", "comments", "id"),
        Index("ix_idea_shuffled", "campaign_id", "lot"),
        Index("ix_idea_answered", "campaign_id", "answered_at", "submitted_at"),  # What was answered in time, too.
        Index("ix_idea_status", "campaign_id", "status_id", "qualified_at"),
        CheckConstraint(f"licence IN {tuple(LICENCES)}", name="licence"),
        Index("ix_idea_title_key", "campaign_id", "title_key"),
        UniqueConstraint("author_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    campaign: Mapped[Campaign] = relationship()
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    author: Mapped[Person] = relationship()
    key: Mapped[str | None] = mapped_column(String(64))  # Made by the sender: sent twice, it is one idea.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)  # On which it is built.
    title: Mapped[str] = mapped_column(String(200))
    title_key: Mapped[str] = mapped_column(String(200))  # Follows the title: by it the same idea is found again.
    text: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(String(300), default="")  # The beginning without Markdown, for cards.
    language: Mapped[str] = mapped_column(String(2))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    category: Mapped[Category | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=idea_tag, order_by=Tag.name)
    licence: Mapped[str] = mapped_column(String(8), default="own")  # The campaign's when the idea came in.
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))
    rules: Mapped[Rules | None] = relationship()  # The version that its author had accepted, where there was one.
    builds_on: Mapped[str] = mapped_column(String(200), default="")  # Whose brand or work is in it beside its author's.
    cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    place: Mapped[str | None] = mapped_column(String(160))
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)
    worded: Mapped[int] = mapped_column(default=1)  # The last version that says something else: see rewording.py.
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # Moves with the brand's answer.
    status_id: Mapped[int | None] = mapped_column(ForeignKey("status.id"))  # None: where all ideas begin.
    status: Mapped["Status | None"] = relationship()
    qualified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # When it had the supporters that were asked.

    # Totals, moved in the transaction of what they count and never from a figure read before it.
    votes: Mapped[int] = mapped_column(default=0)
    unconfirmed: Mapped[int] = mapped_column(default=0)  # Of these, those for what it said before `worded`.
    comments: Mapped[int] = mapped_column(default=0)
    heat: Mapped[float] = mapped_column()  # See ideas/trending.py.
    lot: Mapped[int] = mapped_column(BigInteger)  # Drawn once at random; the shuffled order starts from it.

    versions: Mapped[list["IdeaVersion"]] = relationship(
        order_by="IdeaVersion.number", cascade="all, delete-orphan", back_populates="idea"
    )
    pictures: Mapped[list["IdeaPicture"]] = relationship(
        order_by="IdeaPicture.position", cascade="all, delete-orphan", back_populates="idea"
    )
    papers: Mapped[list["IdeaDocument"]] = relationship(
        order_by="IdeaDocument.position", cascade="all, delete-orphan", back_populates="idea"
    )
    coauthors: Mapped[list["CoAuthor"]] = relationship(
        order_by="CoAuthor.since, CoAuthor.person_id", cascade="all, delete-orphan", back_populates="idea"
    )
    recorded: Mapped["RecordedIdea | None"] = relationship(
        cascade="all, delete-orphan", back_populates="idea"
    )  # By the team, for somebody without an account: see represented/.
    status_changes: Mapped[list["StatusChange"]] = relationship(order_by="StatusChange.id", viewonly=True)
    withdrawal: Mapped["Withdrawal | None"] = relationship(
        cascade="all, delete-orphan", back_populates="idea", foreign_keys="Withdrawal.idea_id"
    )
    climb: Mapped["Climb | None"] = relationship(back_populates="idea", cascade="all, delete-orphan")
    expiry: Mapped["Expiry | None"] = relationship(back_populates="idea", cascade="all, delete-orphan")
    # What its authors wrote to who follows it: see notices/updates.py.
    updates: Mapped[list["IdeaUpdate"]] = relationship(
        order_by="IdeaUpdate.id.desc()", back_populates="idea", cascade="all, delete-orphan"
    )
    # What was merged into it, in the order in which it came.
    absorbed: Mapped[list["Withdrawal"]] = relationship(
        primaryjoin="and_(Withdrawal.into_id == Idea.id, Withdrawal.kind == 'merged')",
        order_by="Withdrawal.at, Withdrawal.idea_id",
        viewonly=True,
    )

    papers_known = cast("Any", None)  # How many of its votes came on paper, once a list has asked for all of its ideas.
    disclosed = cast("Any", None)  # The labels, once a list has asked for those of all of its ideas.

    @validates("title")
    def _follow(self, name: str, title: str) -> str:
        self.title_key = title_key(title)
        return title

    @property
    def url(self) -> str:
        return f"/ideas/{self.id}"

    @property
    def image(self) -> Image | None:
        """The picture that the card shows."""
        return self.pictures[0].image if self.pictures else None

    @property
    def images(self) -> list[Image]:
        return [picture.image for picture in self.pictures]

    @property
    def documents(self) -> list[Document]:
        return [paper.document for paper in self.papers]

    @property
    def labels(self) -> Mapping[int, Label]:
        """What is disclosed of its authors, by their ids, wherever it is read. Lists fetch it for all their ideas: see `disclose`."""
        return labels_of(self.campaign, self.author_ids) if self.disclosed is None else self.disclosed

    @property
    def label(self) -> Label | None:
        """What is disclosed of who suggested it."""
        return self.labels.get(self.author_id)

    @property
    def author_ids(self) -> set[int]:
        return {self.author_id, *(coauthor.person_id for coauthor in self.coauthors)}

    @property
    def authors(self) -> list[Person]:
        """Who wrote it: who suggested it, then those who joined them."""
        return [self.author, *(coauthor.person for coauthor in self.coauthors)]

    @property
    def byline(self) -> str:
        """Its authors, as they are named wherever it stands."""
        names = ", ".join(author.display_name for author in self.authors)
        return f"{names} ({self.recorded.briefly})" if self.recorded else names

    @property
    def votes_on_paper(self) -> int:
        """How many of its votes the team recorded from paper. Lists fetch it for all their ideas: see `disclose`."""
        if self.papers_known is not None:
            return int(self.papers_known)
        return _papers_of(self.campaign, [self.id]).get(self.id, 0)

    def is_by(self, person: Any) -> bool:
        """Whether this person is one of its authors."""
        return person.is_authenticated and person.id in self.author_ids

    @property
    def amenders(self) -> list[Person]:
        """Whose amendments it took, each named once, the first before the others. One query, however many versions it has."""
        amended = db.select(IdeaVersion.amender_id, db.func.min(IdeaVersion.number).label("first"))
        taken = amended.where(IdeaVersion.idea_id == self.id).group_by(IdeaVersion.amender_id).subquery()
        found = db.select(Person).join(taken, taken.c.amender_id == Person.id)
        return list(db.session.scalars(found.order_by(taken.c.first)))

    @property
    def answered(self) -> bool:
        return self.answered_at is not None

    @property
    def qualified(self) -> bool:
        """Whether it has had the supporters with which its campaign takes it for qualified for review."""
        return self.qualified_at is not None

    @property
    def withdrawn(self) -> bool:
        """Whether it has left the board, for whichever reason."""
        return self.withdrawal is not None

    @property
    def unseen(self) -> bool:
        """Whether nobody but its authors and the team may read it, now: it waits for a moderator, or one took it down."""
        return self.withdrawal is not None and self.withdrawal.kind in UNSEEN

    @property
    def public_title(self) -> str:
        """Its title wherever something else leads to it: only who may read the idea reads its title while it is out of sight."""
        return _("an idea that is out of sight") if self.unseen else self.title

    @property
    def merged_into(self) -> "Idea | None":
        """The idea that a moderator merged this one into."""
        return self.withdrawal.into if self.withdrawal and self.withdrawal.kind == "merged" else None

    @property
    def origins(self) -> "dict[int, Idea]":
        """The ideas that were merged into this one, by their ids: of remarks and feedback that were given to another."""
        return {one.idea_id: one.idea for one in self.absorbed}

    @property
    def retired_for(self) -> "Idea | None":
        """The idea in whose favour its author retired this one."""
        return self.withdrawal.into if self.withdrawal and self.withdrawal.kind == "retired" else None


def disclose(campaign: Campaign, ideas: Collection[Idea], others: Collection[int] = ()) -> dict[int, Label]:
    """Tell these ideas of one campaign what is disclosed of their authors, and give it, by their ids. One query, however many.

    `others`: of whom it is wanted as well, such as of those who amended them.
    """
    labels = labels_of(campaign, {person for idea in ideas for person in idea.author_ids} | set(others))
    papers = _papers_of(campaign, [idea.id for idea in ideas])
    for idea in ideas:
        idea.disclosed, idea.papers_known = labels, papers.get(idea.id, 0)
    return labels


# Of these ideas' votes, how many were recorded from paper.
Papers = Callable[[Campaign, Collection[int]], dict[int, int]]
_papers: list[Papers] = []


def count_papers_with(count: Papers) -> None:
    """Have the slice that records votes from paper say how many there are."""
    _papers.append(count)


def _papers_of(campaign: Campaign, ideas: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for count in _papers if ideas else ():
        found |= count(campaign, ideas)
    return found


class IdeaVersion(db.Model):
    """What an idea said, from one edit to the next. Written once, never edited."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(back_populates="versions")
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    category: Mapped[str | None] = mapped_column(String(60))
    pictures: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # {key, alt} each
    documents: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # {key, name} each
    answers: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # To questions, public ones: see replies.py.
    editor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    editor: Mapped[Person] = relationship(foreign_keys=[editor_id])
    amender_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    amender: Mapped[Person | None] = relationship(foreign_keys=[amender_id])  # Whose amendment made it.
    rules_id: Mapped[int | None] = mapped_column(
        ForeignKey("rules.id")
    )  # That whoever's words it brought had accepted.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class CoAuthor(db.Model):
    """Somebody who joined the author of an idea: they may change it, are named with it, and don't vote for it."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(back_populates="coauthors")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    person: Mapped[Person] = relationship(lazy="joined")  # As an inner join, SQLite may read all accounts for it.
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))  # That they accepted as they joined.


class Rewording(db.Model):
    """An edit of which supporters are still to be told. A worker tells them and takes the row away: see votes/asking_again.py."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[int]  # Votes for this version, or one between, were sound until now.
    told_until: Mapped[int] = mapped_column(default=0)  # The person up to whom they were told.


class IdeaEmbedding(db.Model):
    """What an idea's title means, as a vector: those of titles that say the same, in whichever language, lie close together.

    The row comes with the idea, the vector from a worker. Without a model, it waits for one.
    """

    __table_args__ = (
        Index("ix_idea_embedding_waiting", "model", "idea_id"),
        Index("ix_idea_embedding_made", "campaign_id", "made_at"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    model: Mapped[str] = mapped_column(String(20), default="")  # Vectors of one model lie among each other only.
    asked: Mapped[int] = mapped_column(default=1)  # Grows with each edit: a vector made for an earlier one is not kept.
    vector: Mapped[bytes | None]  # 512 half-precision numbers.
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class IdeaPicture(db.Model):
    """A picture that an idea shows, in the author's order."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(back_populates="pictures")
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True, unique=True)
    image: Mapped[Image] = relationship(lazy="joined", innerjoin=True)
    position: Mapped[int] = mapped_column(default=0)


class IdeaDocument(db.Model):
    """A document that belongs to an idea, in the author's order."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(back_populates="papers")
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, unique=True)
    document: Mapped[Document] = relationship(lazy="joined", innerjoin=True)
    position: Mapped[int] = mapped_column(default=0)


class Withdrawal(db.Model):
    """Why an idea is not on the board: its author took it back, or retired it in favour of another; it was merged into one; its time ran out;
    it waits for a moderator (held), or one took it down (hidden).

    Deleting the row puts it on the board again.
    """

    __table_args__ = (
        CheckConstraint("kind IN ('withdrawn', 'retired', 'merged', 'expired', 'held', 'hidden')", name="kind"),
        CheckConstraint("(kind IN ('retired', 'merged')) = (into_id IS NOT NULL)", name="into"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(back_populates="withdrawal", foreign_keys=[idea_id])
    kind: Mapped[str] = mapped_column(String(9), default="withdrawn")
    into_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)  # The idea that stands for it now.
    into: Mapped[Idea | None] = relationship(foreign_keys=[into_id])
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class RecordedIdea(db.Model):
    """An idea that somebody of the team wrote down for its author, who has no account."""

    __table_args__ = (CheckConstraint(f"how IN {tuple(HOWS)}", name="how"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(back_populates="recorded")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    by: Mapped[Person] = relationship(lazy="joined")  # As an inner join, SQLite may read all accounts for it.
    how: Mapped[str] = mapped_column(String(8))
    event: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)  # How to reach its author, encrypted: the team's only.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def words(self) -> str:
        """How it came, wherever the idea stands."""
        idea: Any = self.idea
        told = TOLD[self.how] % {
            "author": idea.author.display_name,
            "name": self.by.display_name,
            "brand": idea.campaign.brand.name,
        }
        return f"{told} · {self.event}" if self.event else str(told)

    @property
    def briefly(self) -> str:
        """The same where it follows its author's name."""
        told = BRIEFLY[self.how] % {"name": self.by.display_name, "brand": self.idea.campaign.brand.name}
        return str(told)

    @property
    def contact_words(self) -> str:
        """How to reach its author, for the team, until what is private is deleted; nothing where the key is another one by now."""
        until = self.idea.campaign.forgets_at
        if until is not None and until <= now():
            return ""
        try:
            return decrypt(self.contact, place_of_contact(self.idea_id)).decode() if self.contact else ""
        except Unreadable:
            return ""


class Draft(db.Model):
    """An idea that its author has not sent yet. One per person and campaign, saved while they type."""

    __table_args__ = (UniqueConstraint("campaign_id", "author_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))  # Becomes the idea's.
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # As typed: title, text, category, tags.
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    pictures: Mapped[list["DraftPicture"]] = relationship(
        order_by="DraftPicture.image_id", cascade="all, delete-orphan"
    )
    papers: Mapped[list["DraftDocument"]] = relationship(
        order_by="DraftDocument.document_id", cascade="all, delete-orphan"
    )


class DraftPicture(db.Model):
    """A picture that waits with its draft, so that nobody chooses it twice."""

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)
    image: Mapped[Image] = relationship(lazy="joined", innerjoin=True)


class DraftDocument(db.Model):
    """A document that waits with its draft."""

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    document: Mapped[Document] = relationship(lazy="joined", innerjoin=True)
