"""The part of a campaign's settings in which a brand states its rules. All of it can be left empty."""

from typing import Any

import wtforms
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import ValidationError

from campaign.campaigns.countries import name_country, read_countries
from campaign.campaigns.fields import WholeOrNoneField
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import AGREED, CONTRACTS, TOLD, WORDS, Terms, latest_rules
from campaign.forms import Form, at_most
from campaign.languages import LANGUAGES, own_first
from campaign.text import squeeze, tidy

LABELS = {
    "criteria": _l("How ideas are judged"),
    "prizes": _l("What those receive who are chosen"),
    "refusal": _l("How a no will look"),
    "rules": _l("Rules"),
    "scope": _l("Scope"),
    "milestones": _l("Milestones"),
    "deliverables": _l("What is delivered"),
    "price": _l("Price"),
}
LONGEST = dict.fromkeys(WORDS, 4000) | {"rules": 20_000, "price": 1000}
COUNTRIES_TEXT = 2000  # Characters in which a good many countries have room.
ODDS_MOST = 1_000_000


class RulesFields(Form):
    """Its fields. Those of each language are added below."""

    contract = RadioField(
        _l("The contract"),
        choices=[SelectChoice(key, contract.name) for key, contract in CONTRACTS.items()],
        default="cooperation",
        invalid_choice_message=_l("Choose a contract."),
    )
    chosen = WholeOrNoneField(_l("Ideas chosen in your earlier campaigns"), 0, ODDS_MOST)
    out_of = WholeOrNoneField(_l("Out of so many ideas"), 1, ODDS_MOST)
    age_min = WholeOrNoneField(_l("Minimum age"), 1, 99)
    countries = wtforms.StringField(_l("Countries"), filters=[squeeze], validators=[at_most(COUNTRIES_TEXT)])
    concern_remarks = BooleanField(_l("Ask it of those too who only write remarks"))

    @staticmethod
    def rules_order() -> tuple[str, ...]:
        """The names of its fields, as the page asks them."""
        told, agreed = ([f"{kind}_{code}" for code in own_first() for kind in kinds] for kinds in (TOLD, AGREED))
        return (*told, "chosen", "out_of", "contract", *agreed, "age_min", "countries", "concern_remarks")

    @property
    def concerns_rules(self) -> bool:
        """Whether something in this part was refused."""
        return request.method == "POST" and any(self[name].errors for name in self.rules_order())

    @property
    def states_rules(self) -> bool:
        return not self.terms().say_nothing

    def validate_countries(self, field: wtforms.Field) -> None:
        if len(field.data or "") > COUNTRIES_TEXT:
            return  # Said already.
        _codes, unknown = read_countries(field.data)
        if unknown:
            raise ValidationError(_("There is no country called %(names)s.", names=", ".join(unknown[:5])))

    def check_rules(self) -> bool:
        """What no field can see by itself: that the odds make sense, and that a collaboration says what is agreed."""
        sound = True
        if (self.chosen.data is None) != (self.out_of.data is None) and not (self.chosen.errors or self.out_of.errors):
            missing = self.chosen if self.chosen.data is None else self.out_of
            missing.errors = [_("Give both numbers, or neither.")]
            sound = False
        if self.chosen.data is not None and self.out_of.data is not None and self.chosen.data > self.out_of.data:
            self.chosen.errors = [_("No more can be chosen than there were.")]
            sound = False
        if self.contract.data == "collaboration":
            written = [code for code in LANGUAGES if self[f"title_{code}"].data] or own_first()[:1]
            for name in (f"{kind}_{code}" for code in written for kind in AGREED):
                if not self[name].data:
                    self[name].errors = [_("A collaboration says this before anybody agrees to it.")]
                    sound = False
        return sound

    def terms(self) -> Terms:
        """What was asked, for the actions. What only a collaboration agrees on is kept with one."""
        kinds = WORDS if self.contract.data == "collaboration" else TOLD
        texts = {code: {kind: text for kind in kinds if (text := self[f"{kind}_{code}"].data)} for code in LANGUAGES}
        return Terms(
            contract=self.contract.data,
            age_min=self.age_min.data,
            countries=tuple(read_countries((self.countries.data or "")[:COUNTRIES_TEXT])[0]),
            chosen=self.chosen.data,
            out_of=self.out_of.data,
            concern_remarks=bool(self.concern_remarks.data),
            texts={code: said for code, said in texts.items() if said},
        )


for _code in LANGUAGES:
    for _kind in WORDS:
        setattr(
            RulesFields,
            f"{_kind}_{_code}",
            TextAreaField(LABELS[_kind], filters=[tidy], validators=[at_most(LONGEST[_kind])]),
        )


def shown_rules(campaign: Campaign) -> dict[str, Any]:
    """What the fields show before anybody typed. One query."""
    rules = latest_rules(campaign)
    return shown_terms(rules.terms) if rules else {}


def shown_terms(terms: Terms) -> dict[str, Any]:
    """The same for rules that belong to no campaign yet."""
    shown: dict[str, Any] = {
        name: getattr(terms, name) for name in ("contract", "chosen", "out_of", "age_min", "concern_remarks")
    }
    shown["countries"] = ", ".join(map(name_country, terms.countries))
    for code, said in terms.texts.items():
        shown |= {f"{kind}_{code}": text for kind, text in said.items()}
    return shown
