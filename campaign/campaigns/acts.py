"""What a brand's team did with a campaign, told from its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.history import Entry
from campaign.languages import moment

SHOWN = 200

SENTENCES = {
    "campaign.drafted": _l("began the draft"),
    "campaign.published": _l("published the campaign"),
    "campaign.closed": _l("closed the campaign"),
    "campaign.reopened": _l("opened the campaign again"),
    "campaign.rescheduled": _l("moved dates"),
    "campaign.changed": _l("changed settings"),
    "campaign.imported": _l("brought ideas in from a file"),
}
NAMES = {
    "opens_at": _l("Opens"),
    "ideas_until": _l("Ideas until"),
    "votes_until": _l("Votes until"),
    "answers_by": _l("Answers by"),
    "visibility": _l("who sees it"),
    "cover": _l("the cover picture"),
    "texts": _l("the texts"),
    "categories": _l("the categories"),
    "tags": _l("the tags"),
    "title_min": _l("the title’s least length"),
    "title_max": _l("the title’s greatest length"),
    "text_min": _l("the text’s least length"),
    "text_max": _l("the text’s greatest length"),
    "images_max": _l("the number of pictures"),
}


@dataclass(frozen=True)
class Act:
    at: datetime
    by: Person | None  # None: the system itself.
    sentence: Any  # What the person did: "published the campaign".
    details: list[str]
    why: str


def acts(campaign: Campaign) -> list[Act]:
    """What was done with this campaign, the latest first."""
    found = (
        db.select(Entry, Person)
        .outerjoin(Person, Person.id == Entry.by_id)
        .where(Entry.subject == Campaign.__tablename__, Entry.subject_id == campaign.id)
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(SHOWN)
    )
    return [
        Act(entry.at, person, SENTENCES.get(entry.what, entry.what), list(_details(entry)), entry.why)
        for entry, person in db.session.execute(found)
    ]


def _details(entry: Entry) -> list[str]:
    if entry.what == "campaign.rescheduled":
        return [
            _(
                "%(what)s: from %(before)s to %(after)s",
                what=NAMES[name],
                before=_moment(before),
                after=_moment(after),
            )
            for name, (before, after) in entry.details.items()
            if name in NAMES
        ]
    return [str(NAMES[name]) for name in entry.details.get("changed", []) if name in NAMES]


def _moment(written: str | None) -> str:
    return moment(datetime.fromisoformat(written)) if written else _("no date")
