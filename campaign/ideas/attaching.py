"""Pictures and documents of an idea: kept as soon as they arrive, so that nobody chooses them twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_ngettext
from werkzeug.datastructures import FileStorage, MultiDict

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.documents import Document, NotADocument, keep_document
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea, IdeaDocument, IdeaPicture
from campaign.images import ALT_MAX, Image, keep_image
from campaign.text import squeeze

DOCUMENTS_MAX = 3
KEPT_MAX = 20  # Files that one form can name.


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


def show_documents(idea: Idea, documents: Sequence[Document]) -> None:
    """Let the idea offer these documents, in this order."""
    there = {paper.document_id: paper for paper in idea.papers}
    idea.papers = [there.get(document.id) or IdeaDocument(document=document) for document in documents]
    for position, paper in enumerate(idea.papers):
        paper.position = position


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

        The caller commits. The database is asked nothing meanwhile, so no row is written, and nobody's vote waits for
        its turn, while a picture is made.
        """

        def keep_picture(upload: FileStorage) -> None:
            if len(self.staying_pictures) >= campaign.images_max:
                raise TooManyPictures.of(campaign.images_max)
            self.pictures.append(keep_image(upload, by=by))

        def keep_paper(upload: FileStorage) -> None:
            if len(self.staying_documents) >= DOCUMENTS_MAX:
                raise TooManyDocuments.of(DOCUMENTS_MAX)
            self.documents.append(keep_document(upload, by=by))

        return _each(pictures, keep_picture) + _each(documents, keep_paper)


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


def _waiting(kind: Any, standing: Any, editor: Person, keys: Sequence[str]) -> list:
    """Files that this person uploaded and that stand on no idea yet."""
    taken = db.select(standing).where(standing == kind.id).exists()
    found = db.select(kind).where(kind.key.in_(keys), kind.by_id == editor.id, ~taken).order_by(kind.id)
    return list(db.session.scalars(found)) if keys else []
