"""What only some may read is kept encrypted: whoever holds a copy of the database, and not the key, holds nothing of it."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from campaign import settings

_NONCE = 12  # Bytes, drawn anew each time: the same words never look the same twice.


class Unreadable(Exception):
    """Encrypted with another key, for another place, or changed since."""


def encrypt(data: bytes, place: str) -> bytes:
    """The data so that nobody reads it without the key. `place` names where it belongs: put elsewhere, it can't be read."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher().encrypt(nonce, data, place.encode())


def decrypt(data: bytes, place: str) -> bytes:
    """What was encrypted for this place. Raises Unreadable."""
    try:
        return _cipher().decrypt(data[:_NONCE], data[_NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise Unreadable from None


def _cipher() -> AESGCM:
    # Made when it is needed first: most installations never ask for anything private.
    if "cipher" not in current_app.extensions:
        secret = settings.current().answers_secret().encode()
        key = HKDF(SHA256(), length=32, salt=None, info=b"ensemble private answers").derive(secret)
        current_app.extensions["cipher"] = AESGCM(key)
    cipher: AESGCM = current_app.extensions["cipher"]
    return cipher
