"""Pictures from people: checked, turned upright, stripped of what they tell about their maker, and kept in three widths."""

import io
import secrets
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from PIL import Image as Pillow
from PIL import ImageOps
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from campaign.allowance import take_room
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.errors import Refused
from campaign.extensions import db
from campaign.storage import belong_to_transaction, folder, keep_file
from campaign.text import squeeze
from campaign.threads import away_from_the_loop
from campaign.turns import Turns

WIDTHS = (320, 640, 1280)
LARGEST_FILE = 8 * 1024 * 1024
LARGEST_AREA = (
    40_000_000  # Pixels. A file of some KB can claim billions: the header is read before anything is decoded.
)
LONGEST_SIDE = 16_383  # Pixels. WebP knows no more.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
NAME_SHOWN = 60
ALT_MAX = 300

# Now and not at the first picture: two threads that import Pillow's formats at the same time wait for each other for ever.
Pillow.preinit()
Pillow.init()

# Pictures that are decoded at the same time. The largest takes some hundred megabytes until it is made smaller.
_converting = Turns(2, waiting=40)


class NotAnImage(Refused):
    code, field = "not_an_image", "pictures"
    message = _l("This file isn’t a picture that we can read. JPEG, PNG, WebP and GIF work.")
    named = _l("“%(file)s” isn’t a picture that we can read. JPEG, PNG, WebP and GIF work.")


class ImageTooLarge(Refused):
    code, field = "image_too_large", "pictures"
    message = _l("This picture is too large: 8 MB, 40 megapixels and 16,383 pixels on a side at most.")
    named = _l("“%(file)s” is too large: 8 MB, 40 megapixels and 16,383 pixels on a side at most.")


class Image(db.Model):
    """A picture, kept in the instance's `files/` under a key that nobody can guess."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(ALT_MAX), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    def url(self, width: int = 640) -> str:
        """The address of the smallest kept file that is at least `width` wide, or of the largest."""
        best = next((kept for kept in self.widths if kept >= width), self.widths[-1])
        return f"/files/{self.key}-{best}.webp"

    @property
    def widths(self) -> list[int]:
        """The widths that are kept: none larger than the original."""
        return [kept for kept in WIDTHS if kept < self.width] + [min(self.width, WIDTHS[-1])]

    @property
    def files(self) -> list[str]:
        """The names of what is kept."""
        return [f"{self.key}-{width}.webp" for width in dict.fromkeys(self.widths)]

    @property
    def srcset(self) -> str:
        return ", ".join(f"/files/{self.key}-{width}.webp {width}w" for width in dict.fromkeys(self.widths))


def keep_image(upload: FileStorage | bytes, by: Any = None, alt: str = "") -> Image:
    """Store an uploaded picture and give its row. Raises NotAnImage or ImageTooLarge, which name the file, and NoRoomToday."""
    data = upload if isinstance(upload, bytes) else upload.stream.read(LARGEST_FILE + 1)
    try:
        if len(data) > LARGEST_FILE:
            raise ImageTooLarge
        with _converting:
            width, height, made = away_from_the_loop(_convert, data)
    except (NotAnImage, ImageTooLarge) as refusal:
        if not isinstance(upload, bytes) and (name := squeeze(upload.filename)):
            refusal.message = refusal.named % {"file": name if len(name) <= NAME_SHOWN else f"{name[:NAME_SHOWN]}…"}
        raise
    if by:
        take_room(by.id, sum(map(len, made)), "pictures")
    image = Image(key=secrets.token_hex(16), width=width, height=height, alt=alt[:ALT_MAX], by_id=by.id if by else None)
    belong_to_transaction(image.files)
    for name, content in zip(image.files, made, strict=True):
        away_from_the_loop(keep_file, folder(), name, content)
    db.session.add(image)
    return image


def _convert(data: bytes) -> tuple[int, int, list[bytes]]:
    """How wide and high the picture is, and its files, in the order of `Image.files`."""
    picture = _decode(data)
    made = []
    for width in dict.fromkeys(Image(width=picture.width).widths):
        height = max(1, round(picture.height * width / picture.width))
        # Pixels only: a new image carries no EXIF, no place, no name of a camera.
        scaled = picture.resize((width, height), Pillow.Resampling.LANCZOS)
        scaled.info.clear()
        file = io.BytesIO()
        scaled.save(file, "WEBP", quality=82)
        made.append(file.getvalue())
    return picture.width, picture.height, made


def _decode(data: bytes) -> Any:
    """The picture, upright, as plain pixels."""
    try:
        picture: Any = Pillow.open(io.BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > LARGEST_AREA or max(picture.size) > LONGEST_SIDE:
            raise ImageTooLarge
        picture = ImageOps.exif_transpose(picture)
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except (Refused, MemoryError):
        raise
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        raise ImageTooLarge from None
    except Exception:  # noqa: BLE001  What a decoder raises for a broken file differs by format and by accident.
        raise NotAnImage from None
