"""In which order people meet ideas."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice

from campaign.forms import Form


class ExposureForm(Form):
    """One choice of two."""

    exposure = RadioField(
        _l("The order while people vote"),
        choices=[
            SelectChoice("shuffled", _l("Shuffled: everybody starts from an order of their own.")),
            SelectChoice(
                "guaranteed",
                _l(
                    "Guaranteed exposure: every second place goes to an idea that was seen least, the others to ideas that may well be "
                    "good, by the votes for each view. No idea is overlooked, and good ones are found sooner."
                ),
            ),
        ],
        invalid_choice_message=_l("Choose an order."),
    )
