"""A campaign's stages as rows of its form: each with its beginning, what it opens, and a name of its own where it has one."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, HiddenField, SelectChoice, SelectField, StringField

from campaign.campaigns.fields import MomentField
from campaign.campaigns.kinds import KINDS, SWITCHES
from campaign.campaigns.models import Stage
from campaign.campaigns.rows import row_id
from campaign.campaigns.scales import scales_in
from campaign.campaigns.sealing import SHOWN
from campaign.campaigns.setup import WantedStage
from campaign.campaigns.voting import SETTINGS
from campaign.campaigns.voting_fields import VotingFields, check_voting, shown_scales, wanted_method, wanted_settings
from campaign.forms import at_most
from campaign.languages import LANGUAGES, moment
from campaign.text import squeeze

STAGES_MAX = 20


class StageRow(VotingFields):
    """One stage. Without a kind, it is taken away."""

    id = HiddenField()
    was = HiddenField()  # When it began as the form was shown.
    kind = SelectField(
        _l("Kind"),
        choices=[SelectChoice("", _l("No stage")), *(SelectChoice(key, kind.name) for key, kind in KINDS.items())],
    )
    opens_at = MomentField(_l("Begins"))
    shows_counts = SelectField(
        _l("Show counts"),
        choices=[SelectChoice(key, words) for key, words in SHOWN.items()],
        default="always",
        invalid_choice_message=_l("Choose when the counts are shown."),
    )

    @property
    def about(self) -> str:
        """What happens in a stage of this kind."""
        kind = KINDS.get(self.kind.data or "")
        return str(kind.about) if kind else ""

    @property
    def is_named(self) -> bool:
        """Whether it has a name of its own, or just got one that won't do."""
        names = [self[f"name_{code}"] for code in LANGUAGES]
        return any(name.data or name.errors for name in names)

    @property
    def switches(self) -> list[Any]:
        """What people can do in it, as fields."""
        return [self[switch] for switch in SWITCHES]


for _switch in SWITCHES:
    setattr(StageRow, _switch, BooleanField(SWITCHES[_switch]))
for _code, _name in LANGUAGES.items():
    setattr(StageRow, f"name_{_code}", StringField(_name, filters=[squeeze], validators=[at_most(60)]))


def shown_stages(stages: list[Stage] | list[WantedStage]) -> list[dict[str, Any]]:
    """What the rows show before anybody typed."""
    return [
        {
            "id": stage.id or "",
            "kind": stage.kind,
            "was": stage.opens_at.isoformat(),
            "opens_at": stage.opens_at,
            "shows_counts": stage.shows_counts,
            **{f"name_{code}": name for code, name in stage.names.items()},
            **{switch: _is_on(stage, switch) for switch in SWITCHES},
            "method": stage.method or "approval",
            **{name: stage.method_settings.get(name, setting.default) for name, setting in SETTINGS.items()},
            **shown_scales(scales_in(stage.method_settings)),
        }
        for stage in stages
    ]


def _is_on(stage: Stage | WantedStage, switch: str) -> bool:
    return switch in stage.switches if isinstance(stage, WantedStage) else getattr(stage, switch)


def wanted_stages(rows: FieldList) -> list[WantedStage]:
    """What the rows ask for; those without a kind take their stage away, and ask for nothing where there was none."""
    return [
        WantedStage(
            row.form.kind.data,
            row.form.opens_at.data,
            {code: row[f"name_{code}"].data for code in LANGUAGES if row[f"name_{code}"].data},
            frozenset(switch for switch in SWITCHES if row[switch].data),
            row_id(row.form),
            wanted_method(row.form),
            wanted_settings(row.form),
            row.form.shows_counts.data,
        )
        for row in rows
        if row.form.kind.data or row_id(row.form)
    ]


def check_stages(rows: FieldList) -> bool:
    """Whether each stage has its beginning and comes after those that it came after before; what doesn't says so."""
    filled = [row for row in rows if row.form.kind.data in KINDS]
    for row in filled:
        if row.form.opens_at.data is None and not row.form.opens_at.errors:
            row.form.opens_at.errors = [_("When does it begin?")]
    dated = [row for row in filled if row.form.opens_at.data is not None]
    placed = _in_their_order(dated)
    for before, row in pairwise(placed):
        if row.form.opens_at.data <= before.form.opens_at.data:
            row.form.opens_at.errors = [
                _(
                    "“%(stage)s” before it begins on %(date)s. Choose a later moment, or let what follows move along.",
                    stage=called(before),
                    date=moment(before.form.opens_at.data),
                )
            ]
    taken = {row.form.opens_at.data for row in placed}
    for row in dated:
        if row not in placed and row.form.opens_at.data in taken:
            row.form.opens_at.errors = [_("Another stage begins at this moment.")]
        taken.add(row.form.opens_at.data)
    sound = all(check_voting(row.form) for row in filled)
    return sound and not any(row.form.opens_at.errors for row in filled)


def move_along(rows: FieldList) -> None:
    """Where a stage was moved onto the next one, let what follows move too, so that every stage keeps its length."""
    for before, row in pairwise(
        _in_their_order(row for row in rows if row.form.kind.data in KINDS and row.form.opens_at.data)
    ):
        if row.form.opens_at.data <= before.form.opens_at.data:
            length = _was(row) - _was(before)
            row.form.opens_at.data = before.form.opens_at.data + length
            row.form.opens_at.raw_data = None  # What was typed there no longer stands there.


def _in_their_order(rows: Iterable[Any]) -> list[Any]:
    """The stages as they followed each other when the form was shown; a new one may go anywhere."""
    return sorted((row for row in rows if _was(row) is not None), key=_was)


def _was(row: Any) -> Any:
    try:
        at = datetime.fromisoformat(row.form.was.data or "")
    except ValueError:
        return None
    return at if at.tzinfo and 2000 <= at.year <= 2100 else None


def told_of_stages(rows: FieldList) -> list[tuple[str, str, Any]]:
    """What is wrong in the stages, away from their rows: the field's id, what it is called and of which stage, and the sentence."""
    told = []
    for place, row in enumerate(rows, 1):
        name = called(row) if row.form.kind.data in KINDS else _("Stage %(number)s", number=place)
        for field in row.form:
            label = _("“%(stage)s” · %(field)s", stage=name, field=field.label.text)
            told += [(field.id, label, sentence) for sentence in field.errors]
    return told


def called(row: Any) -> str:
    """The stage's name as the row says it now."""
    names = [row[f"name_{code}"].data for code in LANGUAGES]
    return next(filter(None, names), None) or str(KINDS[row.form.kind.data].name)
