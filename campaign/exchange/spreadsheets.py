"""The lines of a spreadsheet as ideas, of a new campaign or of one that is there."""

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.actions import tidy_email
from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Category
from campaign.clock import now
from campaign.errors import Refused
from campaign.exchange.opening import NewCampaign, check, open_campaign
from campaign.exchange.readers.errors import BadFile, Problem
from campaign.exchange.readers.ideas_csv import ImportedIdea
from campaign.exchange.writing import (
    NAME,
    Entry,
    Imported,
    Progress,
    fingerprint,
    made_up_address,
    nobody_counts,
    own_person,
    people_with,
    put,
    shorten,
)
from campaign.history import record
from campaign.ideas.tagging import TAGS_MAX
from campaign.languages import number


class CampaignClosed(Refused):
    code, message = (
        "campaign_closed",
        _l("This campaign is closed, so it takes nothing more. Its team can open it again."),
    )


def import_csv(lines: Sequence[ImportedIdea], wanted: NewCampaign, progress: Progress = nobody_counts) -> Imported:
    """Make a campaign of a spreadsheet's lines."""
    check(wanted)
    _refuse(problem for line in lines for problem in general_problems(line))
    with force_locale(wanted.language):
        title = wanted.title or wanted.slug.replace("-", " ").capitalize()
        brief = ngettext(
            "%(count)s idea, gathered before, is here to be discussed and voted on.",
            "%(count)s ideas, gathered before, are here to be discussed and voted on.",
            len(lines),
            count=number(len(lines)),
        )
    author = own_person(wanted.slug, wanted.language, shorten(title, NAME))
    names = list(dict.fromkeys(line.category for line in lines if line.category))
    campaign = open_campaign(wanted, title, brief, names, author)
    return _put_lines(campaign, lines, author, wanted.language, progress)


def import_csv_into(campaign: Campaign, lines: Sequence[ImportedIdea], progress: Progress = nobody_counts) -> Imported:
    """Add a spreadsheet's lines to a campaign, whatever its dates. A line that was imported before is left alone."""
    if campaign.is_closed:
        raise CampaignClosed
    _refuse(problem for line in lines for problem in problems_in(campaign, line))
    language = campaign.languages[0]
    author = own_person(campaign.slug, language, campaign.brand.name)
    imported = _put_lines(campaign, lines, author, language, progress)
    if imported.ideas:
        record("ideas.imported", campaign, ideas=imported.ideas)
    return imported


def _put_lines(
    campaign: Campaign, lines: Sequence[ImportedIdea], own: Person, language: str, progress: Progress
) -> Imported:
    with force_locale(language):
        names = {_address_of(line, campaign.slug): line.author_name or _("Participant") for line in reversed(lines)}
    names.pop(own.email, None)
    people = {**people_with(names, language), own.email: own}
    categories = {name.casefold(): category for category in campaign.categories for name in _names_of(category)}

    def entry(line: ImportedIdea) -> Entry:
        author = people[_address_of(line, campaign.slug)]
        return Entry(
            key=f"csv-{fingerprint(repr((campaign.id, line.title, line.text, line.author_name)))[:40]}",
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
    return put(campaign, map(entry, sorted(lines, key=lambda line: line.submitted_at or late)), progress)


def _address_of(line: ImportedIdea, slug: str) -> str:
    if line.author_email:
        return tidy_email(line.author_email)
    return made_up_address("author" if line.author_name else "import", line.author_name, slug)


def _names_of(category: Category) -> set[str]:
    return {category.slug, *category.names.values()}


def general_problems(line: ImportedIdea) -> Iterator[Problem]:
    """What no campaign takes."""
    if len(line.tags) > TAGS_MAX:
        yield Problem(
            line.line, _("There are %(found)s tags. At most %(limit)s.", found=len(line.tags), limit=TAGS_MAX)
        )
    if line.submitted_at and line.submitted_at > now():
        yield Problem(line.line, _("The time in the column “submitted_at” is still to come."), column="submitted_at")


def problems_in(campaign: Campaign, line: ImportedIdea) -> Iterator[Problem]:
    """What this campaign doesn't take."""
    yield from general_problems(line)
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
                column=column,
            )
    if line.category and not any(
        line.category.casefold() in map(str.casefold, _names_of(c)) for c in campaign.categories
    ):
        yield Problem(
            line.line, _("The campaign has no category “%(category)s”.", category=line.category), column="category"
        )
    if not line.category and campaign.categories:
        yield Problem(line.line, _("The cell “%(column)s” is empty.", column="category"), column="category")


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise BadFile.with_all(found)
