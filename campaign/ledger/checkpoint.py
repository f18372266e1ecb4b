"""Checkpoints: how large a log is and what its root is, signed (C2SP tlog-checkpoint and signed-note, Ed25519)."""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"  # The kind of signature, as signed-note numbers them.
_SIGNATURES = 16  # More on one note are nobody's.


class Unreadable(ValueError):
    """A text that is not what it should be; says why in one sentence."""


class NotSigned(ValueError):
    """A checkpoint without a good signature of the key that was asked for."""


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log at one size."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class VerifierKey:
    """A log's public key with its name, written `name+id+key` as the tools of signed notes exchange it."""

    name: str
    public: bytes

    @property
    def number(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.number.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        name, _, rest = text.strip().partition("+")
        number, _, key = rest.partition("+")
        decoded = _bytes(key)
        if not name or len(decoded) != 33 or decoded[:1] != _ED25519:
            raise Unreadable("This is not the key of a log.")
        made = cls(name, decoded[1:])
        if made.number.hex() != number:
            raise Unreadable("The key of the log is damaged.")
        return made


def public_key(private: Ed25519PrivateKey, origin: str) -> VerifierKey:
    """What others check the log of this origin by."""
    return VerifierKey(origin, private.public_key().public_bytes_raw())


def sign(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note."""
    return signed_note(checkpoint.text, checkpoint.origin, private)


def signed_note(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """A text, whose last line is complete, signed by the log of this name."""
    signature = public_key(private, name).number + private.sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(signature).decode()}\n"


def opened(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint of a note that this key signed. Raises NotSigned, or Unreadable."""
    checkpoint, text, signatures = parts_of(note)
    if checkpoint.origin != key.name:
        raise NotSigned("The checkpoint is of another log.")
    check_signature(text, signatures, key)
    return checkpoint


def check_signature(text: str, signatures: list[tuple[str, bytes]], key: VerifierKey) -> None:
    """Raise NotSigned where none of these is this key's signature of the text."""
    for name, signature in signatures:
        if name == key.name and signature[:4] == key.number:
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], text.encode())
            except (InvalidSignature, ValueError):
                raise NotSigned("The checkpoint’s signature is false.") from None
            return
    raise NotSigned("The log’s key has not signed this checkpoint.")


def parts_of(note: str) -> tuple[Checkpoint, str, list[tuple[str, bytes]]]:
    """What a note says, the text that was signed, and its signatures: nothing of it is proved yet. Raises Unreadable."""
    text, signatures = signed_parts(note)
    return _said(text), f"{text}\n", signatures


def signed_parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, without its last line's end, and its signatures. Raises Unreadable."""
    text, gap, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if not gap or lines.pop() or not 0 < len(lines) <= _SIGNATURES:
        raise Unreadable("The checkpoint is cut off.")
    signatures = []
    for line in lines:
        dash, _, rest = line.partition(" ")
        name, _, signature = rest.partition(" ")
        if dash != "—" or not name:
            raise Unreadable("A signature of the checkpoint is unreadable.")
        signatures.append((name, _bytes(signature)))
    return text, signatures


def number(text: str) -> int:
    """A number as logs write it: decimal digits, no noughts in front. Raises Unreadable."""
    if not (text.isascii() and text.isdigit() and len(text) < 16 and str(int(text)) == text):
        raise Unreadable("A number of it is unreadable.")
    return int(text)


def hash_in(text: str) -> bytes:
    """A SHA-256 hash in base64. Raises Unreadable."""
    decoded = _bytes(text)
    if len(decoded) != 32:
        raise Unreadable("A hash of it has the wrong length.")
    return decoded


def _said(text: str) -> Checkpoint:
    lines = text.split("\n")
    # Lines beyond the third are extensions; our logs write none, and what others mean by them is unknown.
    if len(lines) != 3 or not lines[0]:
        raise Unreadable("The checkpoint has not three lines.")
    return Checkpoint(lines[0], number(lines[1]), hash_in(lines[2]))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("A part of it is not base64.") from None
