"""What we accept from a moderator about a person, a case or a campaign; and from anybody who reports something."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, NumberRange, Optional

from campaign.forms import Form, Told, at_most
from campaign.moderation.reporting import REASONS
from campaign.moderation.rules import Rules
from campaign.text import squeeze, tidy


class SuspensionForm(Form):
    key = HiddenField(filters=[lambda key: (key or "")[:64]])  # As long as its column.
    reason = TextAreaField(
        _l("Why"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why. The person reads it.")), at_most(500)],
    )
    lasts = RadioField(
        _l("For how long"),
        choices=[
            SelectChoice("1", _l("One day")),
            SelectChoice("7", _l("7 days")),
            SelectChoice("30", _l("30 days")),
            SelectChoice("lifted", _l("Until somebody lifts it")),
        ],
        default="7",
        invalid_choice_message=_l("Choose for how long."),
    )

    hides = BooleanField(_l("Take down their ideas and remarks, too"))

    @property
    def days(self) -> int | None:
        """For how many days; None: until it is lifted."""
        return None if self.lasts.data == "lifted" else int(self.lasts.data)


class LiftingForm(Form):
    read = Told()  # Which suspension was looked at, by its key.
    reason = TextAreaField(
        _l("Why"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why. The person reads it.")), at_most(500)],
    )
    restores = BooleanField(_l("Put back what was taken down with it"))


ACTS = ("approve", "trust", "hide", "hide_all", "put_back", "uphold")


class DecisionForm(Form):
    """What becomes of one case, or of all that were chosen."""

    act = HiddenField()
    read = HiddenField()  # Which version the moderator had before them.
    key = HiddenField(filters=[lambda key: (key or "")[:32]])
    reason = StringField(_l("Why"), filters=[squeeze], validators=[at_most(500)])


class ReportForm(Form):
    reason = RadioField(
        _l("What is wrong with it"),
        choices=[SelectChoice(key, words) for key, words in REASONS.items()],
        invalid_choice_message=_l("Choose what is wrong."),
    )
    words = TextAreaField(_l("In your words"), filters=[tidy], validators=[at_most(500)])


class TakingDownForm(Form):
    reason = TextAreaField(
        _l("Why"), filters=[tidy], validators=[DataRequired(_l("Say why. Its author reads it.")), at_most(500)]
    )


class AppealForm(Form):
    words = TextAreaField(
        _l("What you say to that"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why it should stand there.")), at_most(1000)],
    )


class LogForm(Form):
    """Which acts of the log are wanted."""

    class Meta:
        csrf = False

    by = SelectField(_l("By"), default="", invalid_choice_message=_l("Choose somebody of the list."))
    what = SelectField(_l("What"), default="", invalid_choice_message=_l("Choose one of the list."))
    since = DateField(_l("From"), validators=[Optional()])
    until = DateField(_l("Until"), validators=[Optional()])
    words = StringField(_l("Words of a reason"), filters=[squeeze], validators=[at_most(100)])


class RulesForm(Form):
    ideas_first = BooleanField(_l("A moderator reads each idea before it is published"))
    remarks_first = BooleanField(_l("A moderator reads each remark before it is published"))
    hides_at = IntegerField(
        _l("Reports that take something out of sight"),
        validators=[NumberRange(1, 100, _l("A whole number from 1 to 100."))],
    )

    confirms_hides = BooleanField(_l("A second person looks at what was taken down"))
    appeal_days = IntegerField(
        _l("Days in which an appeal has its answer"),
        validators=[NumberRange(1, 60, _l("A whole number from 1 to 60."))],
    )

    @property
    def rules(self) -> Rules:
        return Rules(*(self[name].data for name in Rules._fields))
