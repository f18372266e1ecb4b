"""Slowing robots at a form, without asking anybody to prove that they are human, and without a third party.

The form holds a puzzle, signed and dated: a nonce, and the SHA-256 of the nonce followed by a number below MOST. A script in the page
tries the numbers, which takes a phone less than two seconds and costs whoever signs up by the thousand as much each time. Without a
script nothing is solved, and the form takes a little longer to be taken: about as long as one needs to fill it in. A field that
nobody sees has to stay empty. A puzzle is good for a few forms and two hours.
"""

import hashlib
import math
import secrets
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeSerializer
from limits import RateLimitItemPerHour

from campaign.accounts.attempts import count, is_over
from campaign.clock import now
from campaign.errors import Refused

MOST = 30_000
WITH_PROOF, WITHOUT = 2, 10  # Seconds from the page to the form.
LASTS = 2 * 3600
FORMS_OF_ONE = RateLimitItemPerHour(5)


class FieldForRobots(Refused):
    code, status = "field_for_robots", 422
    message = _l(
        "A field that is there for robots only was filled in, perhaps by your browser. It is empty again: please send the form once more."
    )


class PageTooOld(Refused):
    code, status = "page_too_old", 429
    message = _l("This page was open for a long time. What you typed is still here: please send it once more.")


class QuickerThanPeople(Refused):
    code, status = "quicker_than_people", 429

    def __init__(self, wait: float) -> None:
        seconds = max(1, math.ceil(wait))
        super().__init__(
            ngettext(
                "That was quicker than people type, so it might have been a robot. Wait %(num)s second, and send it once more.",
                "That was quicker than people type, so it might have been a robot. Wait %(num)s seconds, and send it once more.",
                seconds,
            )
        )


class Puzzle(NamedTuple):
    at: float
    nonce: str
    challenge: str

    @property
    def signed(self) -> str:
        return _signer().dumps(list(self))

    @property
    def age(self) -> float:
        return now().timestamp() - self.at

    def is_solved_by(self, number: str) -> bool:
        return (
            number.isascii()
            and number.isdigit()
            and len(number) < 10
            and digest_of(self.nonce, number) == self.challenge
        )


def digest_of(nonce: str, number: Any) -> str:
    return hashlib.sha256(f"{nonce}{number}".encode()).hexdigest()


def new_puzzle(at: float | None = None) -> Puzzle:
    """Another puzzle for a form that is shown now."""
    nonce = secrets.token_urlsafe(12)
    return Puzzle(now().timestamp() if at is None else at, nonce, digest_of(nonce, secrets.randbelow(MOST)))


def puzzle_in(signed: str | None) -> Puzzle:
    """The puzzle that came back with a form, if it is one of ours, not too old and not used up; another one otherwise."""
    puzzle = _read(signed)
    return puzzle if puzzle and not is_over(FORMS_OF_ONE, "robots.page", puzzle.nonce) else new_puzzle()


def check_no_robot(signed: str | None, number: str | None, trap: str | None) -> None:
    """Raise FieldForRobots, PageTooOld (also where the same page is sent again and again) or QuickerThanPeople."""
    if trap:
        raise FieldForRobots
    puzzle = _read(signed)
    if puzzle is None or is_over(FORMS_OF_ONE, "robots.page", puzzle.nonce):
        raise PageTooOld
    wait = (WITH_PROOF if puzzle.is_solved_by(number or "") else WITHOUT) - puzzle.age
    if wait > 0:
        raise QuickerThanPeople(wait)
    count(FORMS_OF_ONE, "robots.page", puzzle.nonce)


def _read(signed: str | None) -> Puzzle | None:
    try:
        at, nonce, challenge = _signer().loads(signed or "")
    except (BadSignature, ValueError):
        return None
    puzzle = Puzzle(at, nonce, challenge)
    return puzzle if 0 <= puzzle.age <= LASTS else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="robots")
