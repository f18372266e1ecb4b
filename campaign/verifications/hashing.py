"""What proves something is kept as a keyed hash only: without the installation's key nobody can try out numbers against it."""

import hmac
import re
import unicodedata
from hashlib import blake2b, sha256

from campaign import settings

NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
# Whoever writes +33 06… means +33 6…: the zero is dialled inside these countries only, and gateways drop it. Elsewhere, as in Italy, it stays.
_TRUNK = re.compile(r"^(\+(?:31|32|33|41|43|44|46|49|212|213))0")
_BETWEEN = re.compile(r"[\s.\-/()\u202f\u00a0]+")


def hashed(purpose: str, *words: object) -> str:
    """These words for this purpose, as nobody can guess them back who has not the key. Elsewhere they look otherwise."""
    key = sha256(b"ensemble verifications " + settings.current().answers_secret().encode()).digest()
    text = "\n".join(map(str, (purpose, *words)))
    return blake2b(text.encode(), key=key, digest_size=32).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def tidy_number(typed: str) -> str | None:
    """A phone number as it is called from anywhere, +33612345678; None where it is none."""
    number = _BETWEEN.sub("", typed.replace("(0)", ""))
    number = f"+{number[2:]}" if number.startswith("00") else number
    number = _TRUNK.sub(r"\1", number)
    return number if NUMBER.fullmatch(number) else None


def tidy_postcode(typed: str) -> str:
    """A postcode without what people put between: upper case, no spaces."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def tidy_member(typed: str) -> str:
    """An address or a member number, however it is typed: in one case, without spaces."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    return plain.lower() if "@" in plain else plain.casefold()  # Of two domains, one with ß is another.
