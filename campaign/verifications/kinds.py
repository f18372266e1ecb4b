"""What can be asked of people before they act, and before which acts: in words."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Kind:
    """One thing that can be asked: what a team chooses, what people read before it, and what is kept of it."""

    name: Any  # As a team chooses it.
    asked: Any  # As people are told what is asked of them.
    kept: Any


KINDS = {
    "phone": Kind(
        _l("A phone number of one’s own"),
        _l("your phone number, by a code that we send to it"),
        _l("The number itself is not kept: only a fingerprint, so that no other account can use it."),
    ),
    "age": Kind(
        _l("A minimum age"),
        _l("your age"),
        _l("Your date of birth is not kept: only that you are old enough, and when you said so."),
    ),
    "postcode": Kind(
        _l("A place of residence, by postcode"),
        _l("where you live, by your postcode"),
        _l("Your postcode is not kept: only the area that it lies in."),
    ),
    "list": Kind(
        _l("A place on a list of yours: members, customers"),
        _l("that you are on the list of %(brand)s"),
        _l("Your number is not kept: only a fingerprint, so that no other account can use it."),
    ),
}


@dataclass(frozen=True)
class Before:
    """One of the acts before which something can be asked."""

    name: Any  # As a team chooses it.
    heading: Any  # Of the page that asks.
    needed: Any  # Said to whoever acts without.


ACTS = {
    "idea": Before(
        _l("Before somebody gives an idea"),
        _l("Before you give an idea"),
        _l("Before you give an idea, this campaign asks you for a verification. It is done once. Your draft is kept."),
    ),
    "vote": Before(
        _l("Before somebody votes"),
        _l("Before you vote"),
        _l("Before you vote, this campaign asks you for a verification. It is done once."),
    ),
    "comment": Before(
        _l("Before somebody comments"),
        _l("Before you comment"),
        _l("Before you comment, this campaign asks you for a verification. It is done once."),
    ),
}
