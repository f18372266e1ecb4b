"""Pictures and documents, good and bad, as people send them."""

import io
import struct
import zlib

from PIL import Image as Pillow


def picture(size=(40, 30), exif=None):
    data = io.BytesIO()
    Pillow.new("RGB", size, "#b93a1a").save(data, "JPEG", **({"exif": exif} if exif else {}))
    data.seek(0)
    return data


def bomb():
    """A PNG of a few bytes that claims 30,000 by 30,000 pixels."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def pdf(words="A plan of the cap."):
    """A PDF as small as they come."""
    return io.BytesIO(f"%PDF-1.4\n% {words}\nstartxref\n0\n%%EOF\n".encode())
