"""How people vote in a stage, as fields of its row: the method, the numbers that it needs, and scales, one a line in each language."""

from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, TextAreaField

from campaign.campaigns.fields import WholeOrNoneField
from campaign.campaigns.scales import BadLine, Scale, as_lines, read_lines, together
from campaign.campaigns.voting import METHODS, SETTINGS, settings_of
from campaign.languages import LANGUAGES, name_of, own_first
from campaign.text import tidy


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

    @property
    def scale_fields(self) -> list[Any]:
        """Where the scales are typed, as (field, its label, its language)."""
        return [
            (self[f"scales_{code}"], _("Scales (%(language)s)", language=name_of(code)), code) for code in own_first()
        ]


for _name, _setting in SETTINGS.items():
    setattr(VotingFields, _name, WholeOrNoneField(_setting.label, default=_setting.default))
for _code in LANGUAGES:
    setattr(VotingFields, f"scales_{_code}", TextAreaField(_l("Scales"), filters=[tidy], default=""))


def check_voting(row: Any) -> bool:
    """Whether the method exists, and has the numbers that it needs; what doesn't says so."""
    if not row.method.raw_data:
        return True  # A form that doesn't ask leaves it as it is.
    if row.method.data not in METHODS:
        row.method.errors = [_("Choose how people vote.")]
        return False
    used = METHODS[row.method.data].settings
    for name in used:
        field, setting = row[name], SETTINGS[name]
        if field.errors:
            continue
        if field.data is None and setting.needed and setting.default is None:
            field.errors = [_("Give a number.")]
        elif field.data is not None and not setting.least <= field.data <= setting.most:
            field.errors = [_("A whole number from %(min)d to %(max)d.", min=setting.least, max=setting.most)]
    for name in set(SETTINGS) - set(used):  # What a method doesn't use can't be wrong.
        row[name].errors = []
        row[name].process_errors = []
    sound = not any(row[name].errors for name in used)
    if sound and "least" in used:
        sound = _check_how_many(row)
    return (row.method.data != "scales" or _check_scales(row)) and sound


def _check_how_many(row: Any) -> bool:
    """Whether somebody could fill in such a ballot."""
    least, most = row["least"].data, row["most"].data
    if least is not None and most is not None and least > most:
        row["least"].errors = [_("This is more than the most. Nobody could hand in a ballot.")]
    elif least is not None and row.method.data == "dots" and least > (row["points"].data or 0):
        row["least"].errors = [_("There are fewer points than that. Nobody could hand in a ballot.")]
    return not row["least"].errors


def _check_scales(row: Any) -> bool:
    """Whether there are scales, and the same in each language in which they were typed."""
    fields = {code: row[f"scales_{code}"] for code in own_first()}
    typed = {}
    for code, field in fields.items():
        try:
            typed[code] = read_lines(field.data)
        except BadLine as error:
            field.errors = [str(error)]
    first = next(iter(fields.values()))
    if not any(field.errors for field in fields.values()):
        try:
            if not together(typed):
                first.errors = [_("Name at least one scale.")]
        except BadLine as error:
            first.errors = [str(error)]
    return not any(field.errors for field in fields.values())


def wanted_method(row: Any) -> str | None:
    """The method that was asked for; None where the form doesn't say."""
    return row.method.data if row.method.raw_data and row.method.data in METHODS else None


def wanted_settings(row: Any) -> dict[str, Any]:
    """The numbers that it needs, and its scales. What could not be read was refused before."""
    method = wanted_method(row)
    if method is None:
        return {}
    given: dict[str, Any] = {name: row[name].data for name in SETTINGS}
    if method == "scales":
        try:
            given["scales"] = together({code: read_lines(row[f"scales_{code}"].data) for code in LANGUAGES})
        except BadLine:
            given["scales"] = []
    return settings_of(method, given)


def shown_scales(scales: Sequence[Scale]) -> dict[str, str]:
    """What the fields of the scales show before anybody typed."""
    return {f"scales_{code}": as_lines(scales, code) for code in LANGUAGES}
