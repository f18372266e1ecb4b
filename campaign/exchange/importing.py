"""Campaigns and ideas from files that were read and found sound: see readers/.

A campaign made here is published and open at once, because its ideas exist already. Nothing commits, so what is refused
half-way leaves nothing behind.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import TypeVar

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.actions import person_by_email, tidy_email
from campaign.accounts.models import Person
from campaign.brands.actions import RESERVED, found_brand
from campaign.brands.models import Brand, Membership
from campaign.campaigns.actions import draft_campaign, publish_campaign
from campaign.campaigns.models import Campaign, Category, Tag
from campaign.campaigns.setup import Setup, WantedCategory, Words
from campaign.clock import now
from campaign.errors import Refused
from campaign.exchange.readers.errors import BadFile, Problem
from campaign.exchange.readers.ideas_csv import ImportedIdea
from campaign.exchange.readers.pabulib import PabulibElection, Project
from campaign.exchange.readers.polis import Conversation, Statement
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import TAGS_MAX, find_tags, make_idea, write_version
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_idea
from campaign.languages import number
from campaign.live import announce
from campaign.text import slugify, squeeze

TITLE, PLACE, NAME, KEY = 200, 160, 60, 64  # Characters that the columns keep.
AT_ONCE = 500  # Ideas written together, so that a large file needs little memory.
SHOWN_LIVE = 50  # More new ideas than this are not sent to open boards one by one.

Progress = Callable[[int], None]
Item = TypeVar("Item")


class SlugUnusable(Refused):
    code, field = "slug_unusable", "slug"

    @classmethod
    def of(cls, slug: str) -> "SlugUnusable":
        return cls(
            _(
                "“%(slug)s” can’t stand in an address: use small letters, digits and hyphens, 60 at most.",
                slug=slug,
            )
        )


class CampaignThere(Refused):
    code, field = "campaign_there", "slug"

    @classmethod
    def of(cls, slug: str) -> "CampaignThere":
        return cls(_("There is a campaign “%(slug)s” already. Choose another address for this one.", slug=slug))


class NobodyThere(Refused):
    code, field = "nobody_there", "owner"

    @classmethod
    def of(cls, email: str) -> "NobodyThere":
        return cls(_("Nobody has an account with the address %(email)s.", email=email))


class OwnedByOthers(Refused):
    code, field = "owned_by_others", "owner"

    @classmethod
    def of(cls, brand: Brand) -> "OwnedByOthers":
        return cls(_("The brand “%(brand)s” is there already, so only its owners can share it.", brand=brand.name))


class VoteOver(Refused):
    code, message, field = (
        "vote_over",
        _l("The vote would be over already: choose a moment that is still to come."),
        "until",
    )


class CampaignClosed(Refused):
    code, message = (
        "campaign_closed",
        _l("This campaign is closed, so it takes nothing more. Its team can open it again."),
    )


@dataclass(frozen=True)
class NewCampaign:
    """What somebody decides about a campaign that a file fills. An empty title is made from the file."""

    brand: str
    slug: str
    until: datetime
    language: str
    title: str = ""
    owner: str | None = None


@dataclass
class Imported:
    """What an import did: the campaign, how many ideas are new in it, and how many stood there already."""

    campaign: Campaign
    ideas: int = 0
    known: int = 0


@dataclass(frozen=True)
class _Entry:
    """An idea as a file tells it, before it is a row."""

    key: str
    title: str
    text: str
    author: Person
    language: str
    category: Category | None = None
    tags: Sequence[str] = field(default=())
    cost: Decimal | None = None
    place: str = ""
    at: datetime | None = None


def nobody_counts(ideas: int) -> None:
    """The progress of which nobody wants to hear."""


def import_pabulib(election: PabulibElection, wanted: NewCampaign, progress: Progress = nobody_counts) -> Imported:
    """Make a campaign of a participatory budget: its projects become ideas of one author, the town.

    The key of each idea is `pabulib-` and the project's id; by it the replay finds the idea again.
    """
    _check(wanted)
    meta, projects = election.meta, election.projects
    _refuse_long_keys((pabulib_key(project.id), project.id) for project in projects)
    unit = squeeze(meta.get("unit"))
    with force_locale(wanted.language):
        town = _("City of %(unit)s", unit=unit) if unit else wanted.brand
        title = wanted.title or _title_of_budget(unit, squeeze(meta.get("instance"))) or wanted.slug
        brief = _brief_of_budget(meta)
    author = _own_person(wanted, town)
    names = dict.fromkeys(project.category for project in projects if project.category)
    campaign = _open_campaign(wanted, unit, title, brief, list(names), author)
    categories = {category.names[wanted.language]: category for category in campaign.categories}
    euros = meta.get("currency", "EUR").upper() == "EUR"

    def entry(project: Project) -> _Entry:
        return _Entry(
            key=pabulib_key(project.id),
            title=shorten(project.name, TITLE),
            text=_text_of_project(project, "" if euros else meta["currency"], wanted.language),
            author=author,
            language=wanted.language,
            category=categories.get(project.category),
            cost=project.cost if euros else None,
            place=project.district,
        )

    return _put(campaign, [entry(project) for project in projects], progress)


def import_polis(conversation: Conversation, wanted: NewCampaign, progress: Progress = nobody_counts) -> Imported:
    """Make a campaign of a conversation: the statements that were shown become ideas, each author stays a number."""
    _check(wanted)
    shown = [statement for statement in conversation.statements if not statement.rejected]
    _refuse_long_keys((polis_key(statement.id), statement.id) for statement in shown)
    topic = squeeze(conversation.topic)
    with force_locale(wanted.language):
        brief = "\n\n".join(filter(None, (conversation.description, conversation.url))) or topic
        publisher = _own_person(wanted, shorten(topic, NAME))
        names = {
            _made_up_address("participant", statement.author, wanted.slug): _(
                "Participant %(number)s", number=statement.author
            )
            for statement in shown
        }
    people = _people(names, wanted.language)
    campaign = _open_campaign(wanted, topic, wanted.title or topic, brief, [], publisher)

    def entry(statement: Statement) -> _Entry:
        title = shorten(squeeze(statement.text), TITLE)
        return _Entry(
            key=polis_key(statement.id),
            title=title,
            text="" if title == squeeze(statement.text) else statement.text,
            author=people[_made_up_address("participant", statement.author, wanted.slug)],
            language=wanted.language,
            at=statement.at,
        )

    return _put(campaign, [entry(statement) for statement in shown], progress)


def import_csv(lines: Sequence[ImportedIdea], wanted: NewCampaign, progress: Progress = nobody_counts) -> Imported:
    """Make a campaign of a spreadsheet's lines."""
    _check(wanted)
    _refuse(problem for line in lines for problem in _general_problems(line))
    with force_locale(wanted.language):
        title = wanted.title or wanted.slug.replace("-", " ").capitalize()
        brief = ngettext(
            "%(count)s idea, gathered before, is here to be discussed and voted on.",
            "%(count)s ideas, gathered before, are here to be discussed and voted on.",
            len(lines),
            count=number(len(lines)),
        )
    author = _own_person(wanted, shorten(title, NAME))
    names = list(dict.fromkeys(line.category for line in lines if line.category))
    campaign = _open_campaign(wanted, wanted.brand, title, brief, names, author)
    return _put_lines(campaign, lines, author, wanted.language, progress)


def import_csv_into(campaign: Campaign, lines: Sequence[ImportedIdea], progress: Progress = nobody_counts) -> Imported:
    """Add a spreadsheet's lines to a campaign, whatever its dates. A line that was imported before is left alone."""
    if campaign.is_closed:
        raise CampaignClosed
    _refuse(problem for line in lines for problem in (*_general_problems(line), *_problems_in(campaign, line)))
    wanted = NewCampaign(campaign.brand.slug, campaign.slug, campaign.votes_until, campaign.languages[0])
    author = _own_person(wanted, campaign.brand.name)
    imported = _put_lines(campaign, lines, author, wanted.language, progress)
    record("ideas.imported", campaign, ideas=imported.ideas)
    return imported


def pabulib_key(project: str) -> str:
    return f"pabulib-{project}"


def polis_key(statement: str) -> str:
    return f"polis-{statement}"


def shorten(text: str, length: int) -> str:
    """The text itself, or its beginning cut between words."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.") + "…"


# The campaign.


def _check(wanted: NewCampaign) -> None:
    for slug in (wanted.brand, wanted.slug):
        if not slug or slugify(slug) != slug:
            raise SlugUnusable.of(slug)
    if db.session.scalar(db.select(Campaign.id).where(Campaign.slug == wanted.slug)) is not None:
        raise CampaignThere.of(wanted.slug)
    if wanted.until <= now():
        raise VoteOver


def _open_campaign(
    wanted: NewCampaign, brand_name: str, title: str, brief: str, categories: list[str], author: Person
) -> Campaign:
    begins = now()
    owner = None
    if wanted.owner and (owner := person_by_email(tidy_email(wanted.owner))) is None:
        raise NobodyThere.of(wanted.owner)
    setup = Setup(
        texts={wanted.language: Words(title=shorten(title, 120), brief=brief)},
        opens_at=begins,
        ideas_until=wanted.until,
        votes_until=wanted.until,
        slug=wanted.slug,
        title_max=TITLE,  # Authors can edit what was imported without having to shorten it.
        categories=[WantedCategory({wanted.language: name}) for name in categories],
    )
    campaign = draft_campaign(_brand(wanted, brand_name, owner), owner or author, setup)
    publish_campaign(campaign, owner or author)
    return campaign


def _brand(wanted: NewCampaign, name: str, owner: Person | None) -> Brand:
    brand = db.session.scalar(db.select(Brand).where(Brand.slug == wanted.brand))
    if brand is not None:
        if owner and not db.session.scalar(
            db.select(Membership.id).filter_by(brand_id=brand.id, person_id=owner.id, role="owner", campaign_id=None)
        ):
            raise OwnedByOthers.of(brand)
        return brand
    name = shorten(name or wanted.brand, NAME)
    if owner:
        return found_brand(name, wanted.brand, owner)
    if wanted.brand in RESERVED:
        raise SlugUnusable.of(wanted.brand)
    brand = Brand(slug=wanted.brand, name=name)
    db.session.add(brand)
    record("brand.founded", brand, name=name)
    return brand


def _title_of_budget(unit: str, year: str) -> str:
    if not unit:
        return ""
    if not year:
        return _("Participatory budget of %(unit)s", unit=unit)
    return _("Participatory budget of %(unit)s, %(year)s", unit=unit, year=year)


def _brief_of_budget(meta: dict[str, str]) -> str:
    says = [squeeze(meta.get("description")) or _("A participatory budget.")]
    try:
        budget = number(Decimal(meta["budget"]))
    except (KeyError, InvalidOperation):
        budget = ""
    if budget:
        says.append(
            _("Budget: %(amount)s %(currency)s", amount=budget, currency=squeeze(meta.get("currency"))).rstrip()
        )
    if meta.get("date_begin") and meta.get("date_end"):
        begin, end = squeeze(meta["date_begin"]), squeeze(meta["date_end"])
        says.append(_("People first voted on it from %(begin)s to %(end)s.", begin=begin, end=end))
    return "\n\n".join(says)


def _text_of_project(project: Project, currency: str, language: str) -> str:
    says = [project.name] if len(project.name) > TITLE else []
    if currency:
        # Boards show amounts in euros, so another currency is told in words.
        with force_locale(language):
            amount = number(
                project.cost.to_integral_value() if project.cost == project.cost.to_integral_value() else project.cost
            )
            says.append(_("Cost: %(amount)s %(currency)s", amount=amount, currency=squeeze(currency)))
    return "\n\n".join(says)


# The people.


def _own_person(wanted: NewCampaign, name: str) -> Person:
    """Who stands for the file itself: the author of what has no other."""
    address = _made_up_address("import", "", wanted.slug)
    return _people({address: shorten(name, NAME)}, wanted.language)[address]


def _made_up_address(kind: str, who: str, slug: str) -> str:
    """An address that can never be somebody's (RFC 2606), so nobody signs in by it."""
    return f"{kind}-{_digest(who)[:20]}@{slug}.import.invalid" if who else f"{kind}@{slug}.import.invalid"


def _people(names: dict[str, str], language: str) -> dict[str, Person]:
    """The people with these addresses; who is unknown gets an account without a password."""
    found: dict[str, Person] = {}
    for addresses in _chunks(names):
        known = db.session.scalars(db.select(Person).where(Person.email.in_(addresses)))
        found |= {person.email: person for person in known}
    made = {
        address: Person(email=address, name=shorten(squeeze(name), NAME), language=language)
        for address, name in names.items()
        if address not in found
    }
    db.session.add_all(made.values())
    db.session.flush()
    return found | made


# The ideas.


def _put(campaign: Campaign, entries: Iterable[_Entry], progress: Progress) -> Imported:
    """Write the ideas that are not there yet, findable, each with its first version."""
    imported = Imported(campaign)
    there = {
        (row.author_id, row.key)
        for row in db.session.execute(
            db.select(Idea.author_id, Idea.key).where(Idea.campaign_id == campaign.id, Idea.key.is_not(None))
        )
    }
    tags: dict[str, Tag] = {}
    new: list[int] = []
    for chunk in _chunks(entries):
        ideas = []
        for entry in chunk:
            if (entry.author.id, entry.key) in there:
                continue
            there.add((entry.author.id, entry.key))
            tagged = _tags(campaign, entry.tags, tags)
            idea = make_idea(
                campaign,
                entry.author,
                entry.title,
                entry.text,
                language=entry.language,
                category=entry.category,
                key=entry.key,
                cost=entry.cost,
                place=shorten(entry.place, PLACE) or None,
                at=entry.at,
            )
            idea.tags = tagged
            idea.version = 1  # The column's default would come with the flush, too late for the version's row.
            write_version(idea, entry.author, entry.at)
            ideas.append(idea)
        db.session.flush()
        for idea in ideas:
            index_idea(idea)
        new += [idea.id for idea in ideas]
        imported.known += len(chunk) - len(ideas)
        progress(len(chunk))
    imported.ideas = len(new)
    if new:
        announce(campaign.board, "ideas.imported", ideas=new if len(new) <= SHOWN_LIVE else [])
    return imported


def _put_lines(
    campaign: Campaign, lines: Sequence[ImportedIdea], own: Person, language: str, progress: Progress
) -> Imported:
    with force_locale(language):
        names = {_address_of(line, campaign.slug): line.author_name or _("Participant") for line in reversed(lines)}
    names.pop(own.email, None)
    people = {**_people(names, language), own.email: own}
    categories = {name.casefold(): category for category in campaign.categories for name in _names_of(category)}

    def entry(line: ImportedIdea) -> _Entry:
        author = people[_address_of(line, campaign.slug)]
        return _Entry(
            key=f"csv-{_digest(repr((campaign.id, line.title, line.text, line.author_name)))[:40]}",
            title=line.title,
            text=line.text,
            author=author,
            language=line.language or language,
            category=categories.get(line.category.casefold()),
            tags=line.tags,
            cost=line.cost,
            place=line.place,
            at=line.submitted_at,
        )

    # In the order of their times, as if they had come in by themselves: the board's newest is the latest of them.
    late = now()
    return _put(campaign, map(entry, sorted(lines, key=lambda line: line.submitted_at or late)), progress)


def _address_of(line: ImportedIdea, slug: str) -> str:
    if line.author_email:
        return tidy_email(line.author_email)
    return _made_up_address("author" if line.author_name else "import", line.author_name, slug)


def _names_of(category: Category) -> set[str]:
    return {category.slug, *category.names.values()}


def _tags(campaign: Campaign, names: Sequence[str], known: dict[str, Tag]) -> list[Tag]:
    for name in names:
        if name not in known:
            (known[name],) = find_tags(campaign, [name], by_team=True)
    return list(dict.fromkeys(known[name] for name in names))


# What is wrong with a line, beyond what its reader could know.


def _general_problems(line: ImportedIdea) -> Iterator[Problem]:
    if len(line.tags) > TAGS_MAX:
        yield Problem(
            line.line, _("There are %(found)s tags. At most %(limit)s.", found=len(line.tags), limit=TAGS_MAX)
        )
    if line.submitted_at and line.submitted_at > now():
        yield Problem(line.line, _("The time in the column “submitted_at” is still to come."))


def _problems_in(campaign: Campaign, line: ImportedIdea) -> Iterator[Problem]:
    for column, text in (("title", line.title), ("text", line.text)):
        most = getattr(campaign, f"{column}_max")
        if len(text) > most:
            yield Problem(
                line.line,
                _(
                    "The text in the column “%(column)s” is too long: %(found)s characters, at most %(limit)s.",
                    column=column,
                    found=len(text),
                    limit=most,
                ),
            )
    if line.category and not any(
        line.category.casefold() in map(str.casefold, _names_of(c)) for c in campaign.categories
    ):
        yield Problem(line.line, _("The campaign has no category “%(category)s”.", category=line.category))
    if not line.category and campaign.categories:
        yield Problem(line.line, _("The cell “%(column)s” is empty.", column="category"))


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise BadFile.with_all(found)


def _refuse_long_keys(keys: Iterable[tuple[str, str]]) -> None:
    for key, given in keys:
        if len(key) > KEY:
            raise BadFile(
                None, _("The id “%(id)s” is too long: %(limit)s characters at most.", id=given, limit=KEY - 8)
            )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
