"""What happened to a campaign's stages, in words for the page of its history."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaign.campaigns.kinds import KINDS, SWITCHES
from campaign.campaigns.scales import scales_in
from campaign.campaigns.sealing import SHOWN
from campaign.campaigns.voting import METHODS, SETTINGS
from campaign.languages import language, moment, number


def stage_name(stage: dict[str, Any]) -> str:
    """A stage as it was written down, by its name."""
    return str(stage["names"].get(language()) or KINDS[stage["kind"]].name)


def told_stage(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[str]:
    """One stage that was added, taken away or changed."""
    if before is None or after is None:
        there = before or after or {}
        date = moment(datetime.fromisoformat(there["opens_at"]))
        yield f"{'−' if before else '+'} {_('%(stage)s, from %(date)s', stage=stage_name(there), date=date)}"
        return
    if stage_name(before) != stage_name(after):
        yield f"{stage_name(before)} → {stage_name(after)}"
    if before["opens_at"] != after["opens_at"]:
        yield _(
            "%(what)s: from %(before)s to %(after)s",
            what=stage_name(after),
            before=moment(datetime.fromisoformat(before["opens_at"])),
            after=moment(datetime.fromisoformat(after["opens_at"])),
        )
    shown = [SHOWN[stage.get("counts", "always")] for stage in (before, after)]  # Older entries don't say.
    if shown[0] != shown[1]:
        what = _("%(stage)s, counts shown", stage=stage_name(after))
        yield _("%(what)s: from %(before)s to %(after)s", what=what, before=shown[0], after=shown[1])
    for sign, switches in (
        ("+", set(after["open"]) - set(before["open"])),
        ("−", set(before["open"]) - set(after["open"])),
    ):
        for switch in SWITCHES:
            if switch in switches:
                yield f"{stage_name(after)}: {sign} {SWITCHES[switch]}"
    if _rules(before) != _rules(after):
        yield _(
            "%(what)s: from %(before)s to %(after)s", what=stage_name(after), before=_rules(before), after=_rules(after)
        )


def told_version(told: dict[str, Any]) -> Iterator[str]:
    """A new version of how people vote in a stage."""
    yield f"{stage_name(told['stage'])}, {_('version %(number)s', number=told['number'])}"
    for name, (before, after) in told["changes"].items():
        if name == "explanation":
            yield _("the explanation")
            continue
        what = _("Voting ends") if name == "ends_at" else SETTINGS[name].label
        shown = [_told_value(name, value) for value in (before, after)]
        yield _("%(what)s: from %(before)s to %(after)s", what=what, before=shown[0], after=shown[1])


def _told_value(name: str, value: Any) -> str:
    if name == "ends_at":
        return moment(datetime.fromisoformat(value)) if value else "–"
    return number(value) if value else _("as many as they like")


def _rules(stage: dict[str, Any]) -> str:
    """How people vote in it, in one line."""
    method = METHODS[stage.get("method", "approval")]
    numbers = [
        f"{SETTINGS[name].label} {number(value)}"
        for name, value in stage.get("method_settings", {}).items()
        if name in SETTINGS
    ]
    numbers += [f"{scale.name}: {', '.join(scale.words)}" for scale in scales_in(stage.get("method_settings", {}))]
    return f"{method.name} ({', '.join(numbers)})" if numbers else str(method.name)
