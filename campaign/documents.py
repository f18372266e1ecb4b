"""Documents from people: known by what they hold, never by their name, and kept as they are."""

import re
import secrets
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from campaign.accounts.models import Person
from campaign.allowance import take_room
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.errors import Refused
from campaign.extensions import db
from campaign.languages import number
from campaign.storage import belong_to_transaction, folder, keep_file
from campaign.text import squeeze
from campaign.threads import away_from_the_loop

LARGEST_FILE = 10 * 1024 * 1024
LONGEST_NAME = 120
_BEGINNING = re.compile(rb"%PDF-[12]\.[0-9]")
_END = 2048  # Bytes among which a whole PDF says that it ends; some programs write a little behind it.


class NotADocument(Refused):
    code, field = "not_a_document", "documents"
    also = _l("Other kinds of documents can’t be taken.")  # Said once, however many files it is about.

    @classmethod
    def of(cls, name: str) -> "NotADocument":
        return cls(_l("“%(file)s” isn’t a whole PDF document.", file=name))


class DocumentTooLarge(Refused):
    code, field = "document_too_large", "documents"

    @classmethod
    def of(cls, name: str) -> "DocumentTooLarge":
        return cls(_l("“%(file)s” is too large: 10 MB at most.", file=name))


class Document(db.Model):
    """A PDF, kept in the instance's `files/` under a key that nobody can guess."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    size: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def file(self) -> str:
        return f"{self.key}.pdf"

    @property
    def files(self) -> list[str]:
        """The names of what is kept, as of a picture."""
        return [self.file]

    @property
    def url(self) -> str:
        return f"/files/{self.file}"

    @property
    def told_size(self) -> str:
        return told_size(self.size)


def keep_document(upload: FileStorage, by: Person) -> Document:
    """Store an uploaded PDF and give its row. Raises NotADocument or DocumentTooLarge, which name the file, and NoRoomToday."""
    name, data = read_document(upload, by)
    document = Document(key=secrets.token_hex(16), name=name, size=len(data), by_id=by.id)
    away_from_the_loop(keep_file, folder(), document.file, data)
    belong_to_transaction(document.files)
    db.session.add(document)
    return document


def read_document(upload: FileStorage, by: Person) -> tuple[str, bytes]:
    """The name and the content of an uploaded PDF, counted as what this person stores. Raises as `keep_document` does."""
    name, data = _name(upload.filename), upload.stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise DocumentTooLarge.of(name)
    if not _is_whole(data):
        raise NotADocument.of(name)
    take_room(by.id, len(data), "documents")
    return name if name.endswith(".pdf") else f"{name}.pdf", data


def told_size(size: int) -> str:
    """A size as people say it: 240 KB, or 3 MB."""
    if size < 1_000_000:
        return _("%(size)s KB", size=number(max(1, round(size / 1000))))
    return _("%(size)s MB", size=number(round(size / 1_000_000)))


def _is_whole(data: bytes) -> bool:
    end = data[-_END:]
    return bool(_BEGINNING.match(data)) and b"startxref" in end and b"%%EOF" in end


def _name(given: str | None) -> str:
    """The name as people know it, without the folders that some browsers send along."""
    name = squeeze(re.split(r"[/\\]", given or "")[-1]).strip(" .")
    if len(name) > LONGEST_NAME - len(".pdf"):
        name = f"{name[: LONGEST_NAME - len('….pdf')]}…"
    return re.sub(r"\.pdf$", ".pdf", name, flags=re.IGNORECASE) or "document.pdf"
