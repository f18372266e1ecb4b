"""What a change to a campaign's settings was, for its history: what stood there before, and what stands there now."""

from datetime import UTC
from typing import Any

from campaign.accounts.models import Person
from campaign.campaigns.kinds import SWITCHES
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.questions import questions_as_they_stand
from campaign.campaigns.setup import ABOUT_IDEAS, LIMITS, WORDS
from campaign.extensions import db
from campaign.history import Entry

WHOLE = (
    "slug",
    "visibility",
    "licence",
    "takes_guests",
    "cover",
    *LIMITS,
    *ABOUT_IDEAS,
    "categories",
)  # Each is told as one thing.
# What moves something that stands in the settings.
OF_SETTINGS = ("campaign.changed", "campaign.rescheduled", "rules.stated", "voting.changed")


def stamp_of(campaign: Campaign) -> int:
    """Which state of the settings this is: a number that grows with each change. One query."""
    return db.session.scalar(db.select(db.func.max(Entry.id)).where(*_of_settings(campaign))) or 0


def changed_since(campaign: Campaign, stamp: int, by: Person) -> Person | None:
    """Who else changed the settings last since they had this stamp. One query."""
    others = db.select(Entry.by_id).where(*_of_settings(campaign), Entry.id > stamp, Entry.by_id != by.id)
    last = db.session.scalar(others.order_by(Entry.id.desc()).limit(1))
    return db.session.get(Person, last) if last is not None else None


def _of_settings(campaign: Campaign) -> tuple[Any, ...]:
    return Entry.subject == "campaign", Entry.subject_id == campaign.id, Entry.what.in_(OF_SETTINGS)


def as_it_stands(campaign: Campaign) -> dict[str, Any]:
    """The campaign's settings without its dates, as a copy that later changes leave alone."""
    return {
        "slug": campaign.slug,
        "visibility": campaign.visibility,
        "licence": campaign.licence,
        "takes_guests": campaign.takes_guests,
        "cover": {"key": campaign.cover.key, "alt": campaign.cover.alt} if campaign.cover else None,
        **{name: getattr(campaign, name) for name in (*LIMITS, *ABOUT_IDEAS)},
        "texts": {code: {kind: getattr(text, kind) for kind in WORDS} for code, text in campaign.texts.items()},
        "categories": [dict(category.names) for category in campaign.categories],
        "tags": tags_as_they_stand(campaign),
        "questions": questions_as_they_stand(campaign),
        "stages": {stage.id: _stage(stage) for stage in campaign.stages if stage.id},
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "kind": stage.kind,
        "names": dict(stage.names),
        "opens_at": stage.opens_at.astimezone(UTC).isoformat(),
        "open": [switch for switch in SWITCHES if getattr(stage, switch)],
        "counts": stage.shows_counts,
        "method": stage.method,
        "method_settings": dict(stage.method_settings),
    }


def tags_as_they_stand(campaign: Campaign) -> dict[int, dict[str, Any]]:
    return {tag.id: {"name": tag.name, "staff_only": tag.staff_only} for tag in campaign.tags}


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs: {name: [before, after]}, and texts as {language: {kind: [before, after]}}."""
    changes: dict[str, Any] = {
        name: [before[name], after[name]] for name in WHOLE if name in after and before[name] != after[name]
    }
    if words := _words_between(before.get("texts", {}), after.get("texts", {})):
        changes["texts"] = words
    for name in ("tags", "stages", "questions"):
        if moved := _moved(before.get(name, {}), after.get(name, {})):
            changes[name] = moved
    return changes


def _words_between(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> dict[str, Any]:
    found = {}
    for code in sorted(before.keys() | after.keys()):
        old, new = before.get(code, {}), after.get(code, {})
        pairs = {kind: [old.get(kind, ""), new.get(kind, "")] for kind in WORDS}
        if reworded := {kind: pair for kind, pair in pairs.items() if pair[0] != pair[1]}:
            found[code] = reworded
    return found


def _moved(before: dict[int, Any], after: dict[int, Any]) -> list[list[Any]]:
    # A campaign may have thousands: those that stayed as they were are not repeated.
    moved = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return [[before.get(key), after.get(key)] for key in moved]
