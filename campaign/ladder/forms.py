"""What we accept about a ladder: its steps, and more time for an idea."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from campaign.campaigns.fields import WholeOrNoneField
from campaign.forms import Form, at_most
from campaign.ladder.actions import DAYS_MOST, STEPS_MOST
from campaign.text import tidy


class LadderForm(Form):
    """Up to six steps; rows that are left empty are none. Pressing `look` says what the sentence would be, and saves nothing."""

    look = SubmitField(_l("See the sentence"))

    def __init__(self, steps: list[list[int]]) -> None:
        given: dict[str, Any] = {}
        for place, (supporters, days) in enumerate(steps, 1):
            given |= {f"supporters_{place}": supporters, f"days_{place}": days}
        super().__init__(data=given)

    @property
    def rows(self) -> list[tuple[int, Any, Any]]:
        return [(place, self[f"supporters_{place}"], self[f"days_{place}"]) for place in range(1, STEPS_MOST + 1)]

    def validate(self, extra_validators: Any = None) -> bool:
        """A row has both of its figures or none, and nothing stands below an empty one."""
        if not super().validate(extra_validators):
            return False
        over = False
        for _place, supporters, days in self.rows:
            if (supporters.data is None) != (days.data is None):
                half = days if days.data is None else supporters
                half.errors = [*half.errors, _l("Give both figures of a step, or neither.")]
            elif supporters.data is not None and over:
                supporters.errors = [*supporters.errors, _l("Leave no empty step above this one.")]
            over = over or supporters.data is None
        return not self.errors

    @property
    def steps(self) -> list[list[int]]:
        return [[supporters.data, days.data] for _place, supporters, days in self.rows if supporters.data is not None]


for _place in range(1, STEPS_MOST + 1):
    setattr(
        LadderForm,
        f"supporters_{_place}",
        WholeOrNoneField(_l("Supporters, step %(number)s", number=_place), 1, 10_000_000),
    )
    setattr(LadderForm, f"days_{_place}", WholeOrNoneField(_l("Days, step %(number)s", number=_place), 1, DAYS_MOST))


class TimeForm(Form):
    """How many days more an idea gets, and why."""

    days = IntegerField(
        _l("Days"),
        default=30,
        validators=[
            InputRequired(_l("Say how many days.")),
            NumberRange(1, DAYS_MOST, message=_l("A whole number from %(min)d to %(max)d.")),
        ],
    )
    reason = TextAreaField(_l("Why"), filters=[tidy], validators=[at_most(500)])
