"""How people vote in a stage, as fields of its row: the method, and the numbers that it needs."""

from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from campaign.campaigns.fields import WholeOrNoneField
from campaign.campaigns.voting import METHODS, SETTINGS, settings_of


class VotingFields(wtforms.Form):
    """What a stage's row has of it."""

    method = SelectField(
        _l("How people vote"),
        choices=[SelectChoice(key, method.name) for key, method in METHODS.items()],
        default="approval",
        validate_choice=False,  # check_voting says it beside the field.
    )

    @property
    def voting_settings(self) -> list[Any]:
        """The numbers, as (field, what it is, the methods that use it)."""
        return [
            (self[name], setting, [key for key, method in METHODS.items() if name in method.settings])
            for name, setting in SETTINGS.items()
        ]

    @property
    def is_voted_otherwise(self) -> bool:
        """Whether something else was chosen than what most campaigns need, or won't do."""
        fields = [self["method"], *(self[name] for name in SETTINGS)]
        return self["method"].data not in (None, "approval") or bool(self["cap"].data) or any(f.errors for f in fields)


for _name, _setting in SETTINGS.items():
    setattr(VotingFields, _name, WholeOrNoneField(_setting.label, default=_setting.default))


def check_voting(row: Any) -> bool:
    """Whether the method exists, and has the numbers that it needs; what doesn't says so."""
    if not row.method.raw_data:
        return True  # A form that doesn't ask leaves it as it is.
    if row.method.data not in METHODS:
        row.method.errors = [_("Choose how people vote.")]
        return False
    for name in METHODS[row.method.data].settings:
        field, setting = row[name], SETTINGS[name]
        if field.errors:
            continue
        if field.data is None and setting.needed and setting.default is None:
            field.errors = [_("Give a number.")]
        elif field.data is not None and not setting.least <= field.data <= setting.most:
            field.errors = [_("A whole number from %(min)d to %(max)d.", min=setting.least, max=setting.most)]
    unused = set(SETTINGS) - set(METHODS[row.method.data].settings)
    for name in unused:  # What a method doesn't use can't be wrong.
        row[name].errors = []
        row[name].process_errors = []
    return not any(row[name].errors for name in METHODS[row.method.data].settings)


def wanted_method(row: Any) -> str | None:
    """The method that was asked for; None where the form doesn't say."""
    return row.method.data if row.method.raw_data and row.method.data in METHODS else None


def wanted_settings(row: Any) -> dict[str, int]:
    """The numbers that it needs."""
    method = wanted_method(row)
    return settings_of(method, {name: row[name].data for name in SETTINGS}) if method else {}
