"""A participatory budget: its projects as ideas, its ballots as votes."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation

from flask_babel import force_locale
from flask_babel import gettext as _

from campaign.exchange.ballots import Act, Ballot, Election, act_id
from campaign.exchange.opening import NewCampaign, check, open_campaign
from campaign.exchange.readers.pabulib import PabulibElection, Project
from campaign.exchange.writing import (
    TITLE,
    Entry,
    Imported,
    Progress,
    nobody_counts,
    own_person,
    put,
    refuse_long_keys,
    shorten,
)
from campaign.languages import day, number
from campaign.text import squeeze

DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y")  # As files of Pabulib write them, the first one mostly.


def import_pabulib(election: PabulibElection, wanted: NewCampaign, progress: Progress = nobody_counts) -> Imported:
    """Make a campaign of a participatory budget: its projects become ideas of one author, the town.

    The key of each idea is `pabulib-` and the project's id; by it the replay finds the idea again.
    """
    check(wanted)
    meta, projects = election.meta, election.projects
    refuse_long_keys((pabulib_key(project.id), project.id) for project in projects)
    unit = squeeze(meta.get("unit"))
    with force_locale(wanted.language):
        town = _("City of %(unit)s", unit=unit) if unit else wanted.brand_called
        title = wanted.title or _title_of_budget(unit, squeeze(meta.get("instance"))) or wanted.slug
        brief = _brief_of_budget(meta, wanted.language)
    author = own_person(wanted.slug, wanted.language, town)
    names = dict.fromkeys(project.category for project in projects if project.category)
    campaign = open_campaign(wanted, title, brief, list(names), author)
    categories = {category.names[wanted.language]: category for category in campaign.categories}
    euros = meta.get("currency", "EUR").upper() == "EUR"

    def entry(project: Project) -> Entry:
        return Entry(
            key=pabulib_key(project.id),
            title=shorten(project.name, TITLE),
            text=_text_of_project(project, "" if euros else meta["currency"], wanted.language),
            author=author,
            language=wanted.language,
            category=categories.get(project.category),
            cost=project.cost if euros else None,
            place=project.district,
        )

    return put(campaign, [entry(project) for project in projects], progress)


def pabulib_ballots(election: PabulibElection, slug: str) -> Election:
    """Each ballot of a participatory budget as votes; expected is what the file states, or else what its ballots give."""
    ballots = [
        Ballot(
            ballot.voter,
            tuple(
                Act("vote.cast", pabulib_key(project), act_id(slug, ballot.voter, project))
                for project in ballot.approvals
            ),
        )
        for ballot in election.ballots
    ]
    counted = election.tally()
    expected = {
        pabulib_key(project.id): counted[project.id] if project.votes is None else project.votes
        for project in election.projects
    }
    return Election(ballots, expected)


def pabulib_key(project: str) -> str:
    """The idea's key for a project: the same in the import and in the replay, so that ballots find it."""
    return f"pabulib-{project}"


def _title_of_budget(unit: str, year: str) -> str:
    if not unit:
        return ""
    if not year:
        return _("Participatory budget of %(unit)s", unit=unit)
    return _("Participatory budget of %(unit)s, %(year)s", unit=unit, year=year)


def _brief_of_budget(meta: dict[str, str], language: str) -> str:
    # Pabulib describes every budget in English, whatever is spoken there.
    described = squeeze(meta.get("description")) if language == "en" else ""
    says = [described or _("A participatory budget.")]
    try:
        budget = number(Decimal(meta["budget"]))
    except (KeyError, InvalidOperation):
        budget = ""
    if budget:
        says.append(
            _("Budget: %(amount)s %(currency)s", amount=budget, currency=squeeze(meta.get("currency"))).rstrip()
        )
    if meta.get("date_begin") and meta.get("date_end"):
        begin, end = _day_in_words(meta["date_begin"]), _day_in_words(meta["date_end"])
        says.append(_("People first voted on it from %(begin)s to %(end)s.", begin=begin, end=end))
    return "\n\n".join(says)


def _day_in_words(written: str) -> str:
    """3 October 2022, of what the file writes 03.10.2022; what isn't written like a date stays as it is."""
    for pattern in DAYS:
        with suppress(ValueError):
            return day(datetime.strptime(written.strip(), pattern).date())  # noqa: DTZ007  A day has no zone.
    return squeeze(written)


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
