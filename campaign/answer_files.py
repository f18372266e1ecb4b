"""Documents that answer a question: encrypted on the disk, name and all, and opened only through the idea they belong to."""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.documents import read_document, told_size
from campaign.encryption import Unreadable, decrypt, encrypt
from campaign.extensions import db
from campaign.storage import belong_to_transaction, folder, keep_file
from campaign.threads import away_from_the_loop


class AnswerFile(db.Model):
    """A PDF, in the instance's `files/`, that nobody can read without the key."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    sealed_name: Mapped[bytes]  # It may tell as much as what is in it.
    size: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def files(self) -> list[str]:
        """The names of what is kept, as of a picture."""
        return [f"{self.key}.sealed"]

    @property
    def name(self) -> str:
        try:
            return decrypt(self.sealed_name, f"name {self.key}").decode()
        except Unreadable:
            return "document.pdf"

    @property
    def told_size(self) -> str:
        return told_size(self.size)

    def read(self) -> bytes:
        """What is in it. Raises Unreadable, also where the file is gone."""
        try:
            data = away_from_the_loop((folder() / self.files[0]).read_bytes)
        except FileNotFoundError:
            raise Unreadable from None
        return decrypt(data, f"file {self.key}")


def keep_answer_file(upload: FileStorage, by: Person) -> AnswerFile:
    """Store an uploaded PDF, encrypted, and give its row. Raises NotADocument or DocumentTooLarge, and NoRoomToday."""
    name, data = read_document(upload, by)
    key = secrets.token_hex(16)
    file = AnswerFile(key=key, sealed_name=encrypt(name.encode(), f"name {key}"), size=len(data), by_id=by.id)
    away_from_the_loop(keep_file, folder(), file.files[0], encrypt(data, f"file {key}"))
    belong_to_transaction(file.files)
    db.session.add(file)
    return file
