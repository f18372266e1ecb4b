"""The short link of an idea, which stays as long as the idea does, and where it can be taken. Nothing of it tells who follows it."""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from campaign import settings
from campaign.ideas.models import Idea

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Network(NamedTuple):
    """A place where people share things, and the page there that begins with this idea."""

    name: str
    url: str


def code_of(idea: Idea) -> str:
    """The idea's number in as few letters as can be read out and typed."""
    code, left = "", idea.id
    while left:
        left, digit = divmod(left, len(DIGITS))
        code = DIGITS[digit] + code
    return code


def idea_of(code: str) -> int:
    """The number that a code stands for; 0 where it is none. Written large, it is the same."""
    code = code.lower()
    return int(code, len(DIGITS)) if 0 < len(code) <= 6 and all(letter in DIGITS for letter in code) else 0


def short_url(idea: Idea) -> str:
    return f"{settings.current().address}/i/{code_of(idea)}"


def networks(url: str, words: str) -> list[Network]:
    """Plain links: nothing of these places is on our page before somebody follows one."""
    said = f"{words} {url}"
    return [
        Network("WhatsApp", f"https://wa.me/?{urlencode({'text': said}, quote_via=quote)}"),
        Network("Facebook", f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': url}, quote_via=quote)}"),
        Network(
            "LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?{urlencode({'url': url}, quote_via=quote)}"
        ),
        Network("Bluesky", f"https://bsky.app/intent/compose?{urlencode({'text': said}, quote_via=quote)}"),
        Network("X", f"https://twitter.com/intent/tweet?{urlencode({'text': words, 'url': url}, quote_via=quote)}"),
    ]
