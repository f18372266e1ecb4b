"""What we accept as a list of people to invite."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, TextAreaField
from wtforms.validators import ValidationError

from campaign.accounts.actions import NotAnAddress, tidy_email
from campaign.forms import Form, at_most

LIST_TEXT = 2_000_000  # Bytes of a list that is brought as a file.
AT_ONCE = 5000
NAMED = 5  # Of the addresses that are none.
# Whatever has an @ is meant as an address: names, headings and other columns of a table are passed over.
_ADDRESS = re.compile(r"[^\s,;:<>\"'()\[\]|]+@[^\s,;:<>\"'()\[\]|]*")


class AudienceForm(Form):
    """Whom to invite: pasted, or brought as a file."""

    addresses = TextAreaField(_l("E-mail addresses"), validators=[at_most(500_000)])
    file = FileField(_l("Or a CSV file with them"))

    @property
    def people(self) -> list[str]:
        """The addresses that were found, each once, in order."""
        return list(dict.fromkeys(found.strip(".") for found in _ADDRESS.findall(self._text)))

    @property
    def _text(self) -> str:
        text = self.addresses.data or ""
        if self._has_file:
            self.file.data.seek(0)
            brought = self.file.data.read(LIST_TEXT)
            # Some spreadsheets write two bytes for each sign, and say so in the first two.
            wide = brought[:2] in (b"\xff\xfe", b"\xfe\xff")
            text += "\n" + brought.decode("utf-16" if wide else "utf-8", "replace")
        return text

    @property
    def _has_file(self) -> bool:
        return bool(getattr(self.file.data, "filename", ""))

    def validate_file(self, field: Any) -> None:
        # Cut, its last address could be a shorter one, that somebody else has.
        if self._has_file and len(field.data.read(LIST_TEXT + 1)) > LIST_TEXT:
            raise ValidationError(
                _("This file is too large: bring it in parts of %(megabytes)s MB.", megabytes=LIST_TEXT // 10**6)
            )

    def validate_addresses(self, field: Any) -> None:
        people = self.people
        if not people:
            if self._text.strip():
                raise ValidationError(_("There is no e-mail address in it."))
            raise ValidationError(_("Paste the addresses, or choose a file."))
        if len(people) > AT_ONCE:
            raise ValidationError(_("At most %(most)s people at once: bring the list in parts.", most=AT_ONCE))
        wrong = [address for address in people if not _is_address(address)]
        if wrong:
            named = ", ".join(address[:60] for address in wrong[:NAMED]) + (" …" if len(wrong) > NAMED else "")
            raise ValidationError(_("Nobody was invited yet, because these are no addresses: %(these)s", these=named))


def _is_address(address: str) -> bool:
    try:
        tidy_email(address)
    except NotAnAddress:
        return False
    return True
