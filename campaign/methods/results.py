"""The counts of a stage as the page of results tells them: rows of ideas with their places and figures."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from campaign.campaigns.models import Stage
from campaign.counting.outcomes import Place
from campaign.counting.ties import Tie
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.languages import language, money, number
from campaign.methods.counting import Count, Rule, Tally, tally

SHOWN = 100  # Ideas of each count.


@dataclass(frozen=True)
class Row:
    """One idea in one count."""

    rank: int
    place: str  # "1st to 4th", where the figures leave more than one place open.
    idea: int
    title: str
    language: str
    won: bool
    figures: list[str]


@dataclass(frozen=True)
class ToldCount:
    """One count: its rule in words, and its ideas in order."""

    rule: Rule
    headings: list[str]
    rows: list[Row]
    more: int  # Ideas below those.
    ties: list[str]
    rounds: list[str]
    has_places: bool


@dataclass(frozen=True)
class ToldTally:
    """All counts of a stage."""

    people: int
    seed: str
    counts: list[ToldCount]


def told(stage: Stage) -> ToldTally:
    """Count the stage, in words. Raises TooMany."""
    counted: Tally = tally(stage)
    found = db.select(Idea.id, Idea.title, Idea.language).where(Idea.campaign_id == stage.campaign_id)
    shown = {idea for count in counted.counts for idea in _order(count)[:SHOWN]} | {
        idea for count in counted.counts for tie in count.outcome.ties for idea in tie.equal[:SHOWN]
    }
    shown |= {idea for count in counted.counts for each in count.outcome.rounds[:SHOWN] for idea in each.ideas}
    titles = {row.id: row for row in db.session.execute(found.where(Idea.id.in_(shown)))}
    return ToldTally(counted.people, counted.seed, [_told(count, titles) for count in counted.counts])


def _order(count: Count) -> list[int]:
    """The winners as they won, then the others as they stand."""
    won = set(count.outcome.winners)
    return [*count.outcome.winners, *(idea for equal in count.outcome.ranking for idea in equal if idea not in won)]


def _told(count: Count, titles: dict[int, Any]) -> ToldCount:
    outcome, rule = count.outcome, count.rule
    ranks: dict[int, int] = {}
    for equal in outcome.ranking:
        ranks |= dict.fromkeys(equal, len(ranks) + 1)
    order = _order(count)
    rows = [
        Row(
            ranks[idea],
            place_in_words(count.places.get(idea)),
            idea,
            titles[idea].title,
            titles[idea].language,
            idea in outcome.winners,
            [shown_figure(name, outcome.figures[name].get(idea)) for name in rule.figures],
        )
        for idea in order[:SHOWN]
        if idea in titles
    ]
    ties = [_tie(tie, titles) for tie in outcome.ties[:SHOWN]]
    rounds = [_round(each, titles) for each in outcome.rounds[:SHOWN]]
    headings = [str(heading) for heading in rule.figures.values()]
    return ToldCount(rule, headings, rows, max(len(order) - SHOWN, 0), ties, rounds, bool(count.places))


def ordinal(place: int) -> str:
    """A place, as one says it: 1st, 2nd; in French 1er, 2e."""
    if language() == "fr":
        return "1er" if place == 1 else f"{place}e"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def place_in_words(place: Place | None) -> str:
    """The places that an idea may truly have."""
    if place is None:
        return ""
    if place.best == place.worst:
        return ordinal(place.best)
    return _("%(best)s to %(worst)s", best=ordinal(place.best), worst=ordinal(place.worst))


def shown_figure(name: str, value: Any) -> str:
    """A figure, for people: whole where it is whole, with two digits where it is a mean or an estimate."""
    if value is None:
        return "–"
    if name == "cost":
        return money(Decimal(int(value)) / 100)
    if isinstance(value, int):
        return number(value)
    exact = Fraction(value)
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    return _("%(share)s %%", share=number(round(decimal * 100))) if name == "agreement" else number(round(decimal, 2))


def _tie(tie: Tie, titles: dict[int, Any]) -> str:
    equal = " · ".join(titles[idea].title for idea in tie.equal if idea in titles)
    taken = " · ".join(titles[idea].title for idea in tie.taken if idea in titles)
    return _("%(equal)s were equal. The lot took %(taken)s.", equal=equal, taken=taken)


def _round(each: Any, titles: dict[int, Any]) -> str:
    names = " · ".join(titles[idea].title for idea in each.ideas if idea in titles)
    sentences = {
        "elected": _("Chosen: %(ideas)s", ideas=names),
        "eliminated": _("Leaves: %(ideas)s", ideas=names),
        "bought": _("Paid: %(ideas)s", ideas=names),
        "filled": _("Taken for what was left: %(ideas)s", ideas=names),
    }
    return sentences[each.decided]
