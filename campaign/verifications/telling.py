"""What is asked, in words: for the pages on which people act, and for the history."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from campaign.brands.access import Asker
from campaign.campaigns.models import Campaign
from campaign.verifications.access import asked_before, latest_version, missing, page_of
from campaign.verifications.kinds import ACTS, KINDS
from campaign.verifications.models import VerificationVersion


def words_for(kind: str, version: VerificationVersion, brand: Any) -> str:
    """What is asked, as people read it."""
    if kind == "age" and version.age:
        return _("that you are %(age)s or older", age=version.age)
    return str(KINDS[kind].asked % {"brand": brand.name} if kind == "list" else KINDS[kind].asked)


def told_before(campaign: Campaign, person: Asker, act: str, back: str) -> dict[str, Any] | None:
    """What a page says beside the button of an act; None where nothing is asked, or this person has shown it all."""
    ask = asked_before(campaign, act)
    if not ask.kinds:
        return None
    kinds, version = missing(campaign, person, ask), latest_version(campaign)
    if not kinds or version is None:
        return None
    words = [words_for(kind, version, campaign.brand) for kind in kinds]
    return {"words": words, "purpose": version.purpose, "url": page_of(campaign.slug, act, back)}


def told_everywhere(campaign: Campaign) -> dict[str, Any] | None:
    """The same for every act, as the brief tells it before anybody begins."""
    version = latest_version(campaign)
    if version is None or not version.asks:
        return None
    acts = {
        act: [words_for(kind, version, campaign.brand) for kind in version.asks[act]]
        for act in ACTS
        if act in version.asks
    }
    return {"acts": acts, "purpose": version.purpose}


def told_asks(told: dict[str, Any]) -> Iterator[str]:
    """A version, as the history tells it."""
    for act, before in ACTS.items():
        if kinds := told["asks"].get(act):
            named = ", ".join(str(KINDS[kind].name) for kind in kinds)
            yield _("%(field)s: %(sentence)s", field=before.name, sentence=named)
    if told.get("age"):
        yield _("from the age of %(age)s on", age=told["age"])
    if told.get("areas"):
        yield ", ".join(told["areas"])
    if not told["asks"]:
        yield _("nothing is asked")
