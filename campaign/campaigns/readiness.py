"""What a draft still lacks before people may see it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.campaigns.kinds import ASKING
from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import questions_of
from campaign.clock import now

# As a part of a sentence: "The brief is missing in French."
IN_LANGUAGE = {"fr": _l("in French"), "en": _l("in English")}


@dataclass(frozen=True)
class Lack:
    """One thing that is missing, and the field of the settings where it belongs."""

    field: str
    sentence: Any


def missing(campaign: Campaign) -> list[Lack]:
    """Everything that keeps the campaign from being published, in the order of the settings."""
    return [
        *_missing_words(campaign),
        *_missing_stages(campaign),
        *_missing_names(campaign),
        *_missing_questions(campaign),
    ]


def _missing_words(campaign: Campaign) -> list[Lack]:
    lacks = [] if campaign.texts else [Lack("title_en", _("The title is missing."))]
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


def _missing_questions(campaign: Campaign) -> list[Lack]:
    return [
        Lack(
            "questions",
            _("The question “%(name)s” is missing %(in_language)s.", name=question.name, in_language=IN_LANGUAGE[code]),
        )
        for question in questions_of(campaign)
        for code in campaign.languages
        if code not in question.names or any(code not in names for names in question.choices)
    ]
