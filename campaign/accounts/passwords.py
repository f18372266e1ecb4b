"""Passwords: hashed with Argon2id, and refused when they are the first that anybody would try."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

from campaign.errors import Refused
from campaign.threads import Lane

SHORTEST, LONGEST = 10, 200

# Ten characters and more, from the public lists of what people choose. Shorter ones are refused for their length.
COMMON = frozenset(
    """
    1234567890 0123456789 9876543210 0987654321 12345678910 123456789a 1234567891 123456789q a123456789 q123456789
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv zaq12wsxcde3 123qweasdzxc qweasdzxc123 qwe123qwe123 abc123abc123
    qwertyuiop qwertyuiop123 qwerty12345 qwerty123456 qwerty123456789 1234567qwerty qwertyqwerty asdfghjkl123 zxcvbnm123
    azertyuiop azertyuiop123 azerty12345 azerty123456 azertyazerty qsdfghjklm aqwzsxedcrfv
    password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123 p@ssword123 passwordpassword mypassword
    motdepasse motdepasse1 motdepasse12 motdepasse123 monmotdepasse lemotdepasse changeme123 welcome123 welcome1234
    administrator administrateur admin12345 admin123456 iloveyou12 iloveyou123 jetaime123 jetaimejetaime letmein123
    bonjour123 bonjour1234 bienvenue123 doudou1234 soleil1234 football123 baseball123 basketball superman123 batman12345
    princess123 princesse123 sunshine123 dragon12345 monkey12345 master12345 shadow12345 michael123 nicolas123 marseille13
    chocolat123 loulou1234 secret1234 test123456 testtest123 computer123 ordinateur trustno1trustno1 whatever123
    unbelievable correcthorsebatterystaple ensemble123 ensemble1234 ensembleensemble
    """.split()
)

# Memory and time as RFC 9106 advises for servers with little to spare, on one lane: others hash at the same moment.
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
# However much pictures and differences there are to make, people get in.
_hashing = Lane(threads=4)


class PasswordTooShort(Refused):
    code, field = "password_too_short", "password"
    message = _l("Ten characters or more, please. A short sentence works well.")


class PasswordTooLong(Refused):
    code, field, message = "password_too_long", "password", _l("200 characters at most.")


class PasswordTooCommon(Refused):
    code, field = "password_too_common", "password"
    message = _l("This is one of the first passwords that anybody would try. Choose one that is only yours.")


class PasswordIsYou(Refused):
    code, field = "password_is_you", "password"
    message = _l("Your name or your e-mail address is too easy a guess. Choose something else.")


def check_password(password: str, email: str, name: str) -> None:
    """Refuse a password that is too short, very common, or said by the person's own name or address."""
    if len(password) > LONGEST:  # First: nothing below should chew on megabytes.
        raise PasswordTooLong
    if len(_same(password)) < SHORTEST or not password.strip():
        raise PasswordTooShort
    plain = _same(password).casefold()
    # "aaaaaaaaaa", "ababababab", "123123123123": a word of one to four signs and its echo.
    echo = any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 5))
    if echo or plain in COMMON or plain.rstrip("!?.*$-_") in COMMON:
        raise PasswordTooCommon
    if _letters(plain) in {_letters(email), _letters(email.partition("@")[0]), _letters(name)} - {""}:
        raise PasswordIsYou


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return _hashing.run(_hasher.hash, _same(password))


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash. Without a hash it takes as long, and is never right."""
    try:
        right = _hashing.run(_hasher.verify, password_hash or _nobodys(), _same(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with less effort than we ask for now."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return hash_password("for the time that it takes")


def _same(password: str) -> str:
    # The same keys give the same bytes on every keyboard and system.
    return unicodedata.normalize("NFKC", password)


def _letters(text: str) -> str:
    return "".join(sign for sign in _same(text).casefold() if sign.isalnum())
