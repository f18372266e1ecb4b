"""What a setup asks for becomes a campaign's words, cover, categories and tags."""

from collections.abc import Callable
from itertools import count

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.campaigns.models import Campaign, CampaignText, Category, Tag
from campaign.campaigns.setup import Setup, WantedTag
from campaign.errors import Refused
from campaign.extensions import db
from campaign.languages import LANGUAGES
from campaign.text import slugify


class CategoryInUse(Refused):
    code, field = "category_in_use", "categories"


_kept_by: list[Callable[[Campaign, Setup], None]] = []


def keep_words_with(check: Callable[[Campaign, Setup], None]) -> None:
    """Have a slice raise what must stay as it was read, such as what people have given marks by."""
    _kept_by.append(check)


def write_texts(campaign: Campaign, setup: Setup) -> None:
    """Give the campaign its words in the languages that are asked for, and in no other."""
    for check in _kept_by:
        check(campaign, setup)
    for code in LANGUAGES:
        words = setup.texts.get(code)
        if words is None:
            campaign.texts.pop(code, None)
            continue
        text = campaign.texts.setdefault(code, CampaignText(language=code))
        text.title, text.lead, text.brief, text.gift = words.title, words.lead, words.brief, words.gift
        text.template, text.scale = words.template, words.scale


def write_cover(campaign: Campaign, setup: Setup) -> None:
    """Say what the cover shows, where there is one."""
    if campaign.cover:
        campaign.cover.alt = setup.cover_alt


def write_categories(campaign: Campaign, setup: Setup) -> None:
    """Add, rename, order and take away. Raises CategoryInUse."""
    known = {category.id: category for category in campaign.categories}
    kept: list[Category] = []
    for wanted in setup.categories:
        category = known.pop(wanted.id, None) if wanted.id else None
        if not wanted.names:
            if category:
                _remove(campaign, category)
            continue
        if category is None:
            slug = _slug_among({other.slug for other in campaign.categories}, next(iter(wanted.names.values())))
            category = Category(slug=slug)
            campaign.categories.append(category)
        if category.names != wanted.names:
            category.names = wanted.names
        kept.append(category)
    for position, category in enumerate([*kept, *known.values()]):  # Those not mentioned come last.
        category.position = position
    db.session.flush()
    campaign.categories.sort(key=lambda category: category.position)


def _remove(campaign: Campaign, category: Category) -> None:
    name = category.name
    try:
        with db.session.begin_nested():
            campaign.categories.remove(category)
    except IntegrityError:
        # Ideas point to it; the database knows, and no idea can slip in between a look and the deletion.
        raise CategoryInUse(
            _("There are ideas in “%(name)s”, so it stays. You can give it another name.", name=name)
        ) from None


def write_tags(campaign: Campaign, tags: list[WantedTag]) -> None:
    """Add, change and take away."""
    known = {tag.id: tag for tag in campaign.tags}
    for wanted in tags:
        tag = known.pop(wanted.id, None) if wanted.id else None
        if not wanted.name:
            if tag:
                campaign.tags.remove(tag)
            continue
        if tag is None:
            slug = slugify(wanted.name)
            tag = next((other for other in campaign.tags if slug and other.slug == slug), None)  # There already.
        if tag is None:
            tag = Tag(slug=_slug_among({other.slug for other in campaign.tags}, wanted.name))
            campaign.tags.append(tag)
        # What the team names stays among its own tags, whoever may give it.
        tag.offered = tag.offered or tag.staff_only or not wanted.id
        tag.name, tag.staff_only = wanted.name, wanted.staff_only
    db.session.flush()


def _slug_among(taken: set[str], name: str) -> str:
    wanted = slugify(name)[:56].rstrip("-") or "x"
    slugs = (f"{wanted}-{number}" if number > 1 else wanted for number in count(1))
    return next(slug for slug in slugs if slug not in taken)
