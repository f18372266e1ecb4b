"""Coarse words in French and English: the lists of glin-profanity, with the forms that French words take, and without words that
people need every day.

Spellings that hide a word (f.u.c.k, sh1t, merdeee) are the library's to find.
"""

from functools import cache
from typing import Any

from campaign.filters.words import folded

LOOKED_AT = 5000  # Characters: a text is looked at while others wait for their turn to write.

# In the lists, and in any kitchen, garden or laundry: whoever means them badly is reported.
_EVERYDAY = """
anal anus babeland bander barenaked bastinado bbw bigornette bitte bondage bosser bourré bourrée brouter bs busty butt caca cailler
chatte coprophilia cornhole domination drague ecchi escort eunuch fecal fingering folle genitals gerbe gerber gueule hardcore hoe
hooker intercourse jouir juggs lolita ménage\u00a0à\u00a0trois meuf mf nipple nipples nude nudity panties panty pegging péter pipi
playboy pédale ramoner rectum santorum scat scissoring semen sex sexo sexy shrimping simp skeet snatch snowballing spunk suce suck
sucks swinger tanche teuf tied\u00a0up topless trique twinkie undressing veuve voyeur vulva xx xxx
"""
# What is coarse in one of the two and everyday in the other.
_EVERYDAY_IN = {"fr": "rape retard retarded bimbos", "en": "bite con conne cul"}

_MORE = """
bâtard bicot bougnoule bougnoul connerie encule fdp ntm niquer pétasse raclure salopard salopards tarlouze ta\u00a0gueule youpin
"""


@cache
def _filter(language: str) -> Any:
    # Read when it is first needed: it takes a moment, and some brands never ask for it.
    from glin_profanity import Filter
    from glin_profanity.data.dictionary import dictionary

    ignored = _list(_EVERYDAY) | _list(_EVERYDAY_IN.get(language, ""))
    more = {form for word in [*dictionary.get_words("french"), *_list(_MORE)] for form in _forms(word)}
    ignored |= {form for word in ignored for form in _forms(word)} - _list(_MORE)
    return Filter(
        {
            "languages": ["english", "french"],
            "custom_words": sorted(more - ignored),
            "ignore_words": sorted(ignored | {folded(word) for word in ignored}),
            "detect_leetspeak": True,
        }
    )


def coarse_words(text: str, language: str) -> list[str]:
    """Which coarse words stand in a text, each once."""
    found = _filter(language).check_profanity(text[:LOOKED_AT])["profane_words"]
    return list({folded(word): word for word in reversed(found)}.values())[::-1]


def _list(words: str) -> set[str]:
    return {word.replace("\u00a0", " ") for word in words.replace("\n", " ").split(" ") if word}


def _forms(word: str) -> set[str]:
    """A French word with its plural and, where it has one, its feminine; of a verb in -er, what people say of it most."""
    if " " in word or len(word) < 3:
        return {word}
    ends = {"", "s"} | ({"e", "es"} if word.endswith(("é", "al", "ard", "eur")) else set())
    forms = {word + end for end in ends} if word[-1] not in "sxz" else {word}
    if word.endswith("er") and len(word) > 4:
        forms |= {word[:-2] + end for end in ("e", "es", "ent", "ez", "é", "ée", "és", "ées")}
    return forms
