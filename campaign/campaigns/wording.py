"""Words that nobody can hold until a moderator has looked: feedback, a name with a sentence, the reason for a vote. Slices above say which don't fit."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.gates import check_gate
from campaign.campaigns.models import Campaign
from campaign.errors import Refused

# Whether a filter of this campaign finds something in the words, in this language, that didn't stand in those before.
Sieve = Callable[[Campaign, Person, str, str, str], bool]
_sieves: list[Sieve] = []


class WordsUnfit(Refused):
    code, status = "words_unfit", 422
    message = _l(
        "A filter of this campaign stops at these words, or at a link in them, and here nobody could look at them first. Say it "
        "otherwise, or as a remark on the idea: a person reads that one and decides."
    )


def sift_with(sieve: Sieve) -> None:
    """Have a slice look at such words."""
    _sieves.append(sieve)


def check_words(
    campaign: Campaign, author: Person, language: str, words: str, before: str = "", field: str = "text"
) -> None:
    """Raise WordsUnfit where a filter finds something in these words, and what a gate of links says. `before`: what they said so far.

    `field`: the one that the sentence stands at.
    """
    if not words or words == before:
        return
    check_gate("links", author, campaign.brand_id, words, before)
    if any(sieve(campaign, author, language, words, before) for sieve in _sieves):
        raise WordsUnfit(field=field)
