"""The beginning that a campaign gives to the text of an idea: to be filled in, and never sent as it stands."""

import re
from collections import Counter

from flask_babel import lazy_gettext as _l

from campaign.campaigns.models import Campaign
from campaign.errors import Refused

FEW = 3  # Words of one's own that are too few, or a tenth of the beginning's where that is long.
_WORD = re.compile(r"\w+")


class OnlyTheBeginning(Refused):
    code, field = "only_the_beginning", "text"
    message = _l("This is still the text that the campaign begins with. Say it in words of your own.")


def check_own_words(campaign: Campaign, text: str) -> None:
    """Raise OnlyTheBeginning where the text adds next to nothing to what stood there, in whichever language."""
    said = _words(text)
    for words in campaign.texts.values():
        given = _words(words.template)
        own = (said - given).total()
        if own < max(FEW, given.total() / 10) and (said & given).total() > own:
            raise OnlyTheBeginning


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))
