"""What we accept from a team about a campaign that is set up."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FormField, HiddenField, StringField
from wtforms.validators import DataRequired

from campaign.campaigns.models import Tag
from campaign.campaigns.rows import (
    TAGS_MAX,
    Rows,
    TagRow,
    about_the_whole,
    each_name_once,
    shown_tags,
    wanted_tags,
    with_rows,
)
from campaign.campaigns.setup import WantedTag
from campaign.forms import Form, at_most
from campaign.text import squeeze


class TagsForm(Form):
    """The tags that came with people's ideas, a page at a time."""

    tags = Rows(FormField(TagRow), _l("Tags"), max_entries=TAGS_MAX)

    def __init__(self, tags: list[Tag]) -> None:
        super().__init__(tags=shown_tags(tags))

    @property
    def errors(self) -> dict[str | None, Any]:
        return with_rows(super().errors, self.tags)

    whole = staticmethod(about_the_whole)

    def validate(self, extra_validators: Any = None) -> bool:
        return all([super().validate(extra_validators), each_name_once(self.tags)])

    def wanted(self) -> list[WantedTag]:
        return wanted_tags(self.tags)


class PlanForm(Form):
    """How a plan is called that a campaign becomes."""

    key = HiddenField(validators=[at_most(64)])
    name = StringField(
        _l("Name of the plan"), filters=[squeeze], validators=[DataRequired(_l("Give it a name.")), at_most(60)]
    )

    def __init__(self) -> None:
        super().__init__()
        self.key.data = self.key.data or secrets.token_urlsafe(16)


class ClosingForm(Form):
    reason = StringField(_l("Why"), filters=[squeeze], validators=[at_most(500)])
