"""What we accept from somebody with a receipt in hand."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import TextAreaField

from campaign.forms import Form
from campaign.ledger.receipt import LONGEST


class ReceiptForm(Form):
    text = TextAreaField(_l("Your receipt"))
    file = FileField(_l("Or the file that you kept"))

    @property
    def given(self) -> str:
        """The receipt, pasted or picked. More of a file than any receipt has is not read."""
        if self.file.data:
            return str(self.file.data.stream.read(LONGEST * 2).decode("utf-8", "replace"))
        return self.text.data or ""
