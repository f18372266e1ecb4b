"""What a brand's team does with a campaign: draft, change, publish, close, open again."""

import hashlib
from datetime import UTC, datetime
from itertools import count
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.carrying import begin_with
from campaign.campaigns.holding import hold_back
from campaign.campaigns.models import Campaign, Closing, Publication
from campaign.campaigns.questions import keep_private_date, write_questions
from campaign.campaigns.readiness import hold_unready, missing
from campaign.campaigns.rewriting import write_categories, write_cover, write_tags, write_texts
from campaign.campaigns.rules import latest_rules
from campaign.campaigns.ruling import state_rules
from campaign.campaigns.sealing import keep_seal
from campaign.campaigns.setup import ABOUT_IDEAS, DATES, LIMITS, Setup, WantedTag
from campaign.campaigns.staging import keep_told_end, same_moment, told_end, write_stages
from campaign.campaigns.tracing import as_it_stands, changed_since, changes_between, stamp_of, tags_as_they_stand
from campaign.campaigns.turning import turn_stages
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.live import announce
from campaign.text import slugify


class SlugTaken(Refused):
    code, message, field = "slug_taken", _l("Another campaign lives at this address. Choose another."), "slug"


class NotReady(Refused):
    code = "not_ready"


class NotPublished(Refused):
    code, message = "not_published", _l("A draft can’t be closed: nobody outside your team has seen it.")


class LimitAnnounced(Refused):
    code = "limit_announced"
    message = _l("People write by the limit that you published. It can give them more room, not less.")


class WordsPublished(Refused):
    code, message = (
        "words_published",
        _l("The campaign was published with this text. It can be changed, not taken away."),
    )


class SettingsMeanwhile(Refused):
    """A colleague changed the settings since this page was opened, so it would have put what they changed back."""

    code = "settings_meanwhile"

    def __init__(self, colleague: Person, campaign: Campaign, stamp: int) -> None:
        self.stamp = stamp
        self.leads_to = f"{campaign.url}/history", _l("See in the history what they changed")
        super().__init__(
            _(
                "%(name)s has changed the settings since you opened this page. Nothing of yours is kept yet. Look at what they changed: saved again, everything is as it stands on this page.",
                name=colleague.name,
            )
        )


def draft_campaign(brand: Brand, by: Person, setup: Setup, key: str | None = None) -> Campaign:
    """Prepare a campaign, for the team's eyes until it is published. Raises SlugTaken.

    Sent again with the same key, it is the same draft.
    """
    once = _fingerprint(key, setup)
    if drafted := _drafted_with(brand, once):
        return drafted
    campaign = Campaign(
        brand=brand,
        slug=setup.slug or _free_slug(next(iter(setup.texts.values())).title),
        key=once,
        cover=setup.cover,
        visibility=setup.visibility,
        licence=setup.licence,
        takes_guests=setup.takes_guests,
        exposure=setup.exposure or "shuffled",
        **{name: getattr(setup, name) for name in (*DATES, *LIMITS, *ABOUT_IDEAS)},
    )
    write_texts(campaign, setup)
    write_cover(campaign, setup)
    write_stages(campaign, setup)
    try:
        _save_slug(campaign)
    except SlugTaken:
        if drafted := _drafted_with(brand, once):
            return drafted  # A second click, in the same moment.
        raise
    write_categories(campaign, setup)
    write_tags(campaign, setup.tags)
    write_questions(campaign, setup)
    record("campaign.drafted", campaign, by=by)
    if setup.rules is not None and not setup.rules.say_nothing:
        state_rules(campaign, by, setup.rules)
    begin_with(campaign, by, setup.more)
    return campaign


def change_campaign(campaign: Campaign, by: Person, setup: Setup, why: str = "", read: int | None = None) -> None:
    """Make the campaign as `setup` says.

    A draft changes freely. What was published keeps what people count on: its address, the stages that have begun, its
    languages, and at least the room that its limits gave. Raises what would break that; says in the history what moved.

    `read`: the stamp of the settings that they had before them. Raises SettingsMeanwhile where somebody else changed them since.
    """
    lock(campaign)
    stamp = stamp_of(campaign)
    colleague = changed_since(campaign, read, by) if read is not None and read < stamp else None
    before, dates, told = as_it_stands(campaign), {name: getattr(campaign, name) for name in DATES}, told_end(campaign)
    if not campaign.is_draft:
        _keep_promises(campaign, setup)
    elif setup.slug:
        campaign.slug = setup.slug
    _save_slug(campaign)
    keep_private_date(campaign, setup)

    campaign.visibility, campaign.cover, campaign.licence = setup.visibility, setup.cover, setup.licence
    campaign.takes_guests = setup.takes_guests
    for name in (*DATES, *LIMITS, *ABOUT_IDEAS):
        wanted = getattr(setup, name)
        if name not in DATES or not same_moment(getattr(campaign, name), wanted):
            setattr(campaign, name, wanted)
    write_stages(campaign, setup)
    keep_told_end(told)
    write_texts(campaign, setup)
    write_cover(campaign, setup)
    write_categories(campaign, setup)
    write_tags(campaign, setup.tags)
    for question_id, replies in write_questions(campaign, setup).items():
        before["questions"][question_id]["replies"] = replies  # That went with it.
    moves: dict[str, Any] = {
        name: [_written(dates[name]), _written(getattr(campaign, name))]
        for name in DATES
        if dates[name] != getattr(campaign, name)
    }
    if moves:
        record("campaign.rescheduled", campaign, by, why, **moves)
    if changes := changes_between(before, as_it_stands(campaign)):
        record("campaign.changed", campaign, by, why, changes=changes)
    ruled = setup.rules is not None and state_rules(campaign, by, setup.rules, why)
    if colleague is not None and (moves or changes or ruled):
        raise SettingsMeanwhile(colleague, campaign, stamp)
    hold_unready(campaign)
    if (moves or changes or ruled) and not campaign.is_draft:
        announce(campaign.board, "campaign.changed")


def change_tags(campaign: Campaign, by: Person, tags: list[WantedTag]) -> None:
    """Rename tags, make them the team's, take them away; those that aren't mentioned stay as they are."""
    before = tags_as_they_stand(campaign)
    write_tags(campaign, tags)
    changes = changes_between({"tags": before}, {"tags": tags_as_they_stand(campaign)})
    if not changes:
        return
    record("campaign.changed", campaign, by, changes=changes)
    if not campaign.is_draft:
        announce(campaign.board, "campaign.changed")


def publish_campaign(campaign: Campaign, by: Person) -> None:
    """Show the campaign to those it is for. Published again, it stays as it is. Raises NotReady, naming what is missing."""
    lock(campaign)  # A colleague may be publishing it right now; so may a second click.
    if not campaign.is_draft:
        return
    if lacks := missing(campaign):
        raise NotReady(" ".join(str(lack.sentence) for lack in lacks))
    campaign.publication = Publication(by=by)
    if rules := latest_rules(campaign):
        rules.by, rules.at = by, now()  # They stand from here on, and are who publishes them bound by.
    hold_unready(campaign)
    record("campaign.published", campaign, by)
    # Published in the midst of its time, the stage that it is in opens now.
    announce(campaign.board, "campaign.published")
    if hold_back(campaign, [campaign.stage] if campaign.stage else []):
        announce(campaign.board, "stage.held")


def close_campaign(campaign: Campaign, by: Person, reason: str = "") -> None:
    """Take nothing more, before the dates say so. Closed again, it stays as it is.

    Votes that are being counted at this moment are waited for: once the closing is stored, none is.
    """
    lock(campaign)
    if campaign.is_draft:
        raise NotPublished
    if campaign.is_closed:
        return
    campaign.closing = Closing(by=by, reason=reason)
    record("campaign.closed", campaign, by, reason)
    announce(campaign.board, "campaign.closed")


def reopen_campaign(campaign: Campaign, by: Person) -> None:
    """Undo the closing. From here on the dates decide again. Done twice at once, it is written down once.

    Raises CountsWereShown where the closing broke a seal.
    """
    lock(campaign)
    if campaign.closing is None:
        return
    if not campaign.has_ended:
        keep_seal(campaign)
    closed_at, campaign.closing = campaign.closing.at, None
    # What became half configured meanwhile stays shut, and so does what should have opened meanwhile: a second later, the clock
    # would have let people in.
    record("campaign.reopened", campaign, by)
    turn_stages(campaign, now(), closed_at)
    hold_unready(campaign)
    announce(campaign.board, "campaign.reopened")


def _fingerprint(key: str | None, setup: Setup) -> str | None:
    """What makes a repeat a repeat. With the words in it: a page gone back to sends the old key with another campaign."""
    return hashlib.sha256(f"{key}\n{setup.slug}\n{setup.texts}".encode()).hexdigest() if key else None


def _drafted_with(brand: Brand, once: str | None) -> Campaign | None:
    return db.session.scalar(db.select(Campaign).filter_by(brand_id=brand.id, key=once)) if once else None


def _free_slug(title: str) -> str:
    wanted = slugify(title) or "campaign"
    taken = set(db.session.scalars(db.select(Campaign.slug).where(Campaign.slug.startswith(wanted, autoescape=True))))
    numbered = (f"{wanted[:55].rstrip('-')}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _save_slug(campaign: Campaign) -> None:
    slug = campaign.slug
    with db.session.no_autoflush:
        other = db.session.scalar(db.select(Campaign.id).where(Campaign.slug == slug))
    if other is not None and other != campaign.id:
        raise SlugTaken
    try:
        with db.session.begin_nested():
            db.session.add(campaign)
    except IntegrityError:
        raise SlugTaken from None  # Taken in the same moment.


def _keep_promises(campaign: Campaign, setup: Setup) -> None:
    if campaign.has_ended and (setup.ends_at is None or setup.ends_at > now()):
        keep_seal(campaign)
    for name in LIMITS:
        before, wanted = getattr(campaign, name), getattr(setup, name)
        if name == "ideas_each":  # 0: no limit.
            wanted, before = (number or float("inf") for number in (wanted, before))
        if wanted > before if name.endswith("_min") else wanted < before:
            raise LimitAnnounced(field=name)
    for code, text in campaign.texts.items():
        wanted_words = setup.texts.get(code)
        for kind in ("title", "brief", "gift"):  # What is promised can be told otherwise, never taken back.
            if getattr(text, kind) and not (wanted_words and getattr(wanted_words, kind)):
                raise WordsPublished(field=f"{kind}_{code}")


def _written(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
