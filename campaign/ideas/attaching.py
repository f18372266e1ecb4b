"""Pictures and documents of an idea: kept as soon as they arrive, so that nobody chooses them twice."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage, MultiDict

from campaign.accounts.models import Person
from campaign.brands.gates import why_shut
from campaign.campaigns.models import Campaign
from campaign.database import without_connection
from campaign.documents import Document, NotADocument, keep_document
from campaign.errors import Busy, Refused
from campaign.extensions import db
from campaign.ideas.models import DraftDocument, DraftPicture, Idea, IdeaDocument, IdeaPicture
from campaign.images import ALT_MAX, Image, keep_image
from campaign.text import squeeze
from campaign.turns import Turns, TurnsOfEach

DOCUMENTS_MAX = 3
KEPT_MAX = 20  # Files that one form can name.


class FilesWait(Busy):
    message = _l(
        "Many files are coming in just now, so yours could not be taken. Choose them again and send this once more, "
        "in a minute."
    )
    retry_after = 30


class ShownElsewhere(Refused):
    code = "shown_elsewhere"
    message = _l(
        "A file of this form stands on another idea by now. See what is attached here, then send it once more."
    )


# Forms whose files are taken in at the same time; and of one person one, so that nobody keeps the others waiting.
_forms = Turns(6, waiting=24, refusal=FilesWait)
_clicks_of_each = TurnsOfEach(waiting=100)
_forms_of_each = TurnsOfEach(waiting=4, refusal=FilesWait)


class TooManyPictures(Refused):
    code, field = "too_many_pictures", "pictures"

    @classmethod
    def of(cls, most: int) -> "TooManyPictures":
        return cls(lazy_ngettext("%(num)d picture at most.", "%(num)d pictures at most.", most))


class TooManyDocuments(Refused):
    code, field = "too_many_documents", "documents"

    @classmethod
    def of(cls, most: int) -> "TooManyDocuments":
        return cls(lazy_ngettext("%(num)d document at most.", "%(num)d documents at most.", most))


def check_attached(campaign: Campaign, pictures: Sequence[object], documents: Sequence[object]) -> None:
    """Raise TooManyPictures or TooManyDocuments."""
    if len(pictures) > campaign.images_max:
        raise TooManyPictures.of(campaign.images_max)
    if len(documents) > DOCUMENTS_MAX:
        raise TooManyDocuments.of(DOCUMENTS_MAX)


def show_pictures(idea: Idea, images: Sequence[Image]) -> None:
    """Let the idea show these pictures, in this order."""
    there = {picture.image_id: picture for picture in idea.pictures}
    idea.pictures = [there.get(image.id) or IdeaPicture(image=image) for image in images]
    for position, picture in enumerate(idea.pictures):
        picture.position = position
    _write(DraftPicture, DraftPicture.image_id, [image.id for image in images])


def show_documents(idea: Idea, documents: Sequence[Document]) -> None:
    """Let the idea offer these documents, in this order."""
    there = {paper.document_id: paper for paper in idea.papers}
    idea.papers = [there.get(document.id) or IdeaDocument(document=document) for document in documents]
    for position, paper in enumerate(idea.papers):
        paper.position = position
    _write(DraftDocument, DraftDocument.document_id, [document.id for document in documents])


def _write(waiting: Any, upload_id: Any, shown: Sequence[int]) -> None:
    """Write what an idea shows; no draft brings it along any more. Raises ShownElsewhere."""
    if not shown:
        return
    try:
        db.session.flush()
    except IntegrityError:
        raise ShownElsewhere from None
    db.session.execute(db.delete(waiting).where(upload_id.in_(shown)))


@contextmanager
def turn_of(person: Person, files: bool) -> Iterator[None]:
    """Wait until a form of this person may be taken in. Raises FilesWait where too many that bring files wait already.

    One after the other, so that a second click finds what the first has done. For before anything is written; what was
    read is read anew.
    """
    person_id = person.id
    with without_connection(), ExitStack() as turns:
        if files:
            turns.enter_context(_forms_of_each.of(person_id))
            turns.enter_context(_forms)
        turns.enter_context(_clicks_of_each.of(person_id))
        db.session.expire_all()
        yield


@dataclass
class Attached:
    """What a form about an idea shows as attached, and what its sender decided about it."""

    pictures: list[Image]
    documents: list[Document]
    typed: MultiDict[str, str] = field(default_factory=MultiDict)

    def alt(self, image: Image) -> str:
        """What the picture shows, as it was typed last. What is too long stays in the form, which says so."""
        typed = squeeze(self.typed.get(f"alt-{image.id}", image.alt))
        return typed if len(typed) <= ALT_MAX else image.alt

    def removes(self, upload: Image | Document) -> bool:
        return upload.key in self.typed.getlist("remove")

    @property
    def described(self) -> list[Image]:
        """The pictures whose descriptions have to be right: those that stay."""
        return [image for image in self.pictures if not self.removes(image)]

    @property
    def staying_pictures(self) -> list[tuple[Image, str]]:
        """The pictures that stay, each with its description."""
        return [(image, self.alt(image)) for image in self.described]

    @property
    def staying_documents(self) -> list[Document]:
        return [document for document in self.documents if not self.removes(document)]

    def take_in(
        self, campaign: Campaign, pictures: Sequence[FileStorage], documents: Sequence[FileStorage], by: Person
    ) -> list[Refused]:
        """Keep what was chosen now, and give what has to be said about the files that were refused.

        For before anything is written; the caller commits. The database is asked nothing meanwhile, so nobody waits for a
        connection, or their vote for its turn, while a picture is made.
        """
        if (pictures or documents) and (refusal := why_shut("pictures", by, campaign.brand_id)):
            return [refusal]
        most, room = campaign.images_max, campaign.images_max - len(self.staying_pictures)
        room_for_papers = DOCUMENTS_MAX - len(self.staying_documents)
        made: list[Image] = []
        papers: list[Document] = []

        def keep_picture(upload: FileStorage) -> None:
            if len(made) >= room:
                raise TooManyPictures.of(most)
            made.append(keep_image(upload, by=by))

        def keep_paper(upload: FileStorage) -> None:
            if len(papers) >= room_for_papers:
                raise TooManyDocuments.of(DOCUMENTS_MAX)
            papers.append(keep_document(upload, by=by))

        assert by.id  # Read before the connection goes: asked for below.
        with without_connection():
            refusals = _each(pictures, keep_picture) + _each(documents, keep_paper)
        self.pictures += made
        self.documents += papers
        return refusals


def _each(uploads: Sequence[FileStorage], keep: Callable[[FileStorage], None]) -> list[Refused]:
    """At most one refusal, which says all that is wrong: a file that is refused doesn't cost the others."""
    refused: list[Refused] = []
    for upload in uploads:
        try:
            keep(upload)
        except Refused as refusal:
            refused.append(refusal)
    said = [str(refusal.message) for refusal in refused]
    said += [str(refusal.also) for refusal in refused if isinstance(refusal, NotADocument)]
    sentences = dict.fromkeys(said)
    return [Refused(" ".join(sentences), field=refused[0].field)] if refused else []


def attached_to(idea: Idea, editor: Person, typed: MultiDict[str, str]) -> Attached:
    """What stands on the idea, and what its author uploaded with this form, which may have been refused before."""
    keys = typed.getlist("kept")[:KEPT_MAX]
    return Attached(
        [*idea.images, *_waiting(Image, IdeaPicture.image_id, editor, keys)],
        [*idea.documents, *_waiting(Document, IdeaDocument.document_id, editor, keys)],
        typed,
    )


def not_shown(images: Sequence[Image], documents: Sequence[Document]) -> Attached:
    """Those of the uploads that stand on no idea."""

    def rest(standing: Any, uploads: Sequence[Any]) -> list[Any]:
        ids = [upload.id for upload in uploads]
        shown = set(db.session.scalars(db.select(standing).where(standing.in_(ids)))) if ids else set()
        return [upload for upload in uploads if upload.id not in shown]

    return Attached(rest(IdeaPicture.image_id, images), rest(IdeaDocument.document_id, documents))


def _waiting(kind: Any, standing: Any, editor: Person, keys: Sequence[str]) -> list:
    """Files that this person uploaded and that stand on no idea yet."""
    taken = db.select(standing).where(standing == kind.id).exists()
    found = db.select(kind).where(kind.key.in_(keys), kind.by_id == editor.id, ~taken).order_by(kind.id)
    return list(db.session.scalars(found)) if keys else []
