"""Words of a list, found in a text whatever their case and accents."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MOST = 500  # Words of one list.
LONGEST = 60
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "\u00ad": None, "\u200b": None, "\u200d": None})


def folded(text: str) -> str:
    """A text without what makes spellings of one word differ: case, accents, ligatures, signs that show nothing."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def listed(text: str | None) -> list[str]:
    """The words that somebody wrote, one on a line, each once."""
    words = (" ".join(line.split()) for line in (text or "").splitlines())
    return list({folded(word): word for word in reversed([word for word in words if word])}.values())[::-1]


def why_not(word: str) -> str | None:
    """What keeps a line from being one to look for: it is too "long", "empty" of letters and figures, or has too many "stars"."""
    if len(word) > LONGEST:
        return "long"
    if len(re.findall(r"[^\W_]", word)) < 2:
        return "empty"
    return "stars" if word.count("*") > 2 or "**" in word else None


def found_in(text: str, words: Iterable[str]) -> list[str]:
    """Which of the words stand in a text, as the list has them. Whole words; a * stands for letters, or none."""
    plain = folded(text)
    return [word for word in words if _pattern(word).search(plain)]


@lru_cache(maxsize=5000)
def _pattern(word: str) -> re.Pattern[str]:
    # A star ends after forty letters: no word has more, and what somebody sends to keep us busy stays cheap.
    inner = re.escape(folded(word)).replace(r"\*", r"\w{0,40}").replace(r"\ ", r"[\W_]+")
    return re.compile(rf"(?<!\w){inner}(?!\w)")
