"""What we accept from managers about their filters."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectChoice, SelectField, TextAreaField
from wtforms.validators import ValidationError

from campaign.filters.choosing import Chosen
from campaign.filters.gating import ACTS, FROM, Gates
from campaign.filters.words import LONGEST, MOST, listed, why_not
from campaign.forms import Form
from campaign.text import tidy

HOSTS_MOST = 200
_HOST = re.compile(r"(?=.{3,253}$)(?!-)[^\W_](?:[\w-]*\w)?(?:\.[^\W_](?:[\w-]*\w)?)+$")


def good_words(form: Form, field: Field) -> None:
    words = listed(field.data)
    if len(words) > MOST:
        raise ValidationError(_("%(most)s words at most, and these are %(number)s.", most=MOST, number=len(words)))
    told: dict[str, Any] = {
        "long": _l("“%(word)s” is too long: %(most)s characters at most."),
        "empty": _l("“%(word)s” needs two letters at least, or it would hold nearly everything."),
        "stars": _l("“%(word)s” has too many stars: two at most, and not side by side."),
    }
    for word in words:
        if why := why_not(word):
            raise ValidationError(str(told[why]) % {"word": word[:LONGEST], "most": LONGEST})


def host_of(line: str) -> str:
    """The host in what somebody typed or pasted: an address, or the host alone."""
    line = re.sub(r"^[a-z]+://", "", line.strip().casefold())
    return re.split(r"[/?#:]", line, maxsplit=1)[0].removeprefix("www.")


def good_hosts(form: Form, field: Field) -> None:
    hosts = [host_of(line) for line in listed(field.data)]
    if len(hosts) > HOSTS_MOST:
        raise ValidationError(
            _("%(most)s sites at most, and these are %(number)s.", most=HOSTS_MOST, number=len(hosts))
        )
    if wrong := next((host for host in hosts if not _HOST.match(host)), None):
        raise ValidationError(_("“%(host)s” is no site: write it like example.org.", host=wrong[:80]))


class WordsForm(Form):
    words = TextAreaField(_l("Words"), filters=[tidy], validators=[good_words])

    @property
    def chosen_words(self) -> tuple[str, ...]:
        return tuple(listed(self.words.data))


class FiltersForm(WordsForm):
    links = BooleanField(_l("Links by people who are new"))
    hosts = TextAreaField(_l("Sites to which anybody may link"), filters=[tidy], validators=[good_hosts])
    repeats = BooleanField(_l("Nearly the same text again"))
    coarse = BooleanField(_l("Coarse words in French and English"))
    learned = BooleanField(_l("What reads like what you took down before"))

    @property
    def gates(self) -> Gates:
        return Gates(*(self[f"from_{act}"].data or None for act in ACTS))

    @property
    def chosen(self) -> Chosen:
        return Chosen(
            self.chosen_words,
            tuple(dict.fromkeys(host_of(line) for line in listed(self.hosts.data))),
            self.links.data,
            self.repeats.data,
            self.coarse.data,
            self.learned.data,
        )


for _act in ACTS:
    _level = SelectField(
        ACTS[_act],
        choices=[SelectChoice(level, name) for level, name in FROM.items()],
        invalid_choice_message=_l("Choose one of these."),
    )
    setattr(FiltersForm, f"from_{_act}", _level)
