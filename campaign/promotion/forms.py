"""What we accept about the tools: from how many supporters, and how many days, authors have each."""

from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.campaigns.fields import WholeOrNoneField
from campaign.forms import Form
from campaign.promotion.models import TOOLS
from campaign.promotion.unlocking import NAMES, Marks


class MarksForm(Form):
    """Two figures for each tool; without either, it is not offered."""

    def __init__(self, marks: dict[str, Marks]) -> None:
        given: dict[str, Any] = {}
        for tool, (supporters, days) in marks.items():
            given |= {f"{tool}_supporters": supporters, f"{tool}_days": days}
        super().__init__(data=given)

    @property
    def rows(self) -> list[tuple[str, Any, Any]]:
        return [(str(NAMES[tool]), self[f"{tool}_supporters"], self[f"{tool}_days"]) for tool in TOOLS]

    @property
    def marks(self) -> dict[str, Marks]:
        return {tool: Marks(self[f"{tool}_supporters"].data, self[f"{tool}_days"].data) for tool in TOOLS}


for _tool in TOOLS:
    setattr(MarksForm, f"{_tool}_supporters", WholeOrNoneField(_l("Supporters"), 0, 1_000_000))
    setattr(MarksForm, f"{_tool}_days", WholeOrNoneField(_l("Days"), 0, 3650))
