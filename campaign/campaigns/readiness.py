"""What a draft still lacks before people may see it, and what a coming stage lacks before it may open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.campaigns.kinds import ASKING
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.questions import Question, questions_of
from campaign.campaigns.rules import AGREED, Rules, standing_rules
from campaign.campaigns.rules import WORDS as RULES_WORDS
from campaign.campaigns.rules_fields import LABELS as RULES_LABELS
from campaign.campaigns.scales import scales_in
from campaign.campaigns.voting import METHODS, SETTINGS, settings_of
from campaign.clock import now

# As a part of a sentence: "The brief is missing in French."
IN_LANGUAGE = {"fr": _l("in French"), "en": _l("in English")}


@dataclass(frozen=True)
class Lack:
    """One thing that is missing, and where it is mended: a field on a page of the campaign."""

    field: str
    sentence: Any
    page: str = "settings"


@dataclass(frozen=True)
class Unready:
    """What a stage lacks that is still to come, or that its hour found half configured."""

    stage: Stage
    lacks: list[Lack]


_found_by: list[Callable[[Stage], Iterable[Lack]]] = []
_missed_by: list[Callable[[Campaign], Iterable[Lack]]] = []


def find_lacks_with(find: Callable[[Stage], Iterable[Lack]]) -> None:
    """Have a slice say what it misses in a stage: what hangs on what people gave, which this slice doesn't know."""
    _found_by.append(find)


def miss_with(find: Callable[[Campaign], Iterable[Lack]]) -> None:
    """Have a slice say what keeps a draft from being published: what its own pages set, which this slice doesn't know."""
    _missed_by.append(find)


def missing(campaign: Campaign) -> list[Lack]:
    """Everything that keeps the campaign from being published, in the order of the settings."""
    questions = questions_of(campaign)
    return [
        *_missing_words(campaign),
        *_missing_stages(campaign),
        *(lack for stage in campaign.stages for lack in _missing_numbers(stage)),
        *_missing_rules(campaign, standing_rules(campaign)),
        *_missing_names(campaign),
        *_missing_questions(campaign, questions),
        *(lack for find in _missed_by for lack in find(campaign)),
    ]


def unready(campaign: Campaign) -> list[Unready]:
    """The stages that would not open as the campaign is now. Stages that have opened are left alone.

    A draft is told what it lacks by `missing`. The number of queries is fixed, for each stage that is still to come.
    """
    coming = [] if campaign.is_draft or campaign.is_closed else [stage for stage in campaign.stages if stage.is_coming]
    if not any(getattr(stage, switch) for stage in coming for switch in ASKING):
        return []
    words = [*_missing_words(campaign), *_missing_rules(campaign, standing_rules(campaign))]
    asked = [*_missing_names(campaign), *_missing_questions(campaign, questions_of(campaign))]
    found = []
    for stage in coming:
        lacks = list(words) if any(getattr(stage, switch) for switch in ASKING) else []
        if stage.accepts_ideas:
            lacks += asked
        lacks += _missing_numbers(stage)
        lacks += [lack for find in _found_by for lack in find(stage)]
        if lacks:
            found.append(Unready(stage, lacks))
    return found


def hold_unready(campaign: Campaign) -> None:
    """Keep the doors of coming stages shut as long as they lack something, before their hour: so none opens by the clock alone."""
    if campaign.is_draft:
        return
    lacking = {one.stage for one in unready(campaign)}
    for stage in campaign.stages:
        if stage.is_coming and not stage.is_held:  # What its hour held is opened by the clock, which writes it down.
            stage.held = stage in lacking


def _missing_words(campaign: Campaign) -> list[Lack]:
    lacks = [] if campaign.texts or not campaign.is_draft else [Lack("title_en", _("The title is missing."))]
    for code in campaign.languages:
        text, where = campaign.texts[code], IN_LANGUAGE[code]
        if not text.brief:
            lacks.append(Lack(f"brief_{code}", _("The brief is missing %(in_language)s.", in_language=where)))
        # What one language says, the other says too.
        if not text.lead and any(other.lead for other in campaign.texts.values()):
            lacks.append(
                Lack(
                    f"lead_{code}",
                    _("The sentence under the title is missing %(in_language)s.", in_language=where),
                )
            )
        if not text.gift and any(other.gift for other in campaign.texts.values()):
            lacks.append(Lack(f"gift_{code}", _("What you give is missing %(in_language)s.", in_language=where)))
        if not text.scale and any(other.scale for other in campaign.texts.values()):
            lacks.append(Lack(f"scale_{code}", _("What the scale asks is missing %(in_language)s.", in_language=where)))
    return lacks


def _missing_stages(campaign: Campaign) -> list[Lack]:
    """What keeps a stage from doing what it is for: none may open half configured."""
    if not campaign.stages:
        return [Lack("stages", _("There is no stage yet: nobody could take part."))]
    if not any(campaign.awaits(switch) for switch in ASKING):
        return [Lack("stages", _("Nothing is asked of people in any stage that is still to come."))]
    if campaign.ends_at is not None and campaign.ends_at <= now():
        return [Lack("ends_at", _("The campaign would be over already: choose a date that is still to come."))]
    return [
        Lack("stages", _("“%(stage)s” would be over already: choose dates that are still to come.", stage=stage.name))
        for stage in campaign.stages
        if stage.has_passed and any(getattr(stage, switch) for switch in ASKING)
    ]


def _missing_numbers(stage: Stage) -> list[Lack]:
    """What its way of voting can't do without."""
    if not stage.accepts_votes:
        return []
    given = settings_of(stage.method, stage.method_settings)
    return [
        Lack(
            "stages",
            _("“%(stage)s” needs a number: %(setting)s.", stage=stage.name, setting=SETTINGS[name].label),
        )
        for name in METHODS[stage.method].settings
        if SETTINGS[name].needed and name not in given
    ] + _missing_scales(stage, given)


def _missing_scales(stage: Stage, given: dict[str, Any]) -> list[Lack]:
    """Scales to vote on, with words in each language that the campaign speaks."""
    if stage.method != "scales":
        return []
    scales = scales_in(given)
    if not scales:
        return [Lack("stages", _("“%(stage)s” has no scale yet: nobody could vote.", stage=stage.name))]
    return [
        Lack(
            "stages",
            _(
                "“%(stage)s”: the scale “%(name)s” has no name %(in_language)s.",
                stage=stage.name,
                name=scale.name,
                in_language=IN_LANGUAGE[code],
            ),
        )
        for scale in scales
        for code in stage.campaign.languages
        if code not in scale.names
    ]


def _missing_rules(campaign: Campaign, rules: Rules | None) -> list[Lack]:
    """What people would be bound by and can't read in their language, and what a collaboration has not agreed on."""
    if rules is None:
        return []
    needed = set(AGREED) if rules.contract == "collaboration" else set()
    said = {kind for texts in rules.texts.values() for kind in texts}
    return [
        Lack(
            f"{kind}_{code}",
            _(
                "“%(text)s” is missing in the rules %(in_language)s.",
                text=RULES_LABELS[kind],
                in_language=IN_LANGUAGE[code],
            ),
        )
        for code in campaign.languages
        for kind in RULES_WORDS
        if kind in said | needed and not rules.texts.get(code, {}).get(kind)
    ]


def _missing_names(campaign: Campaign) -> list[Lack]:
    return [
        Lack(
            "categories",
            _(
                "The category “%(name)s” has no name %(in_language)s.",
                name=category.name,
                in_language=IN_LANGUAGE[code],
            ),
        )
        for category in campaign.categories
        for code in campaign.languages
        if code not in category.names
    ]


def _missing_questions(campaign: Campaign, questions: list[Question]) -> list[Lack]:
    lacks = [
        Lack(
            "questions",
            _("The question “%(name)s” is missing %(in_language)s.", name=question.name, in_language=IN_LANGUAGE[code]),
        )
        for question in questions
        for code in campaign.languages
        if code not in question.names or any(code not in names for names in question.choices)
    ]
    if campaign.private_until is None and any(question.private for question in questions):
        lacks.append(Lack("private_until", _("Nothing says when private answers are deleted.")))
    return lacks
