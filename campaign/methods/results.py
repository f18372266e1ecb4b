"""The counts of a stage as they are kept, without words; and as the page of results tells them, in the reader's."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from campaign.campaigns.models import Stage
from campaign.campaigns.scales import scales_in
from campaign.counting.outcomes import Number, Place
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.languages import money, number, ordinal
from campaign.methods.counting import RULES, Count, Places, Rule, Tally
from campaign.methods.lots import Seed
from campaign.methods.models import StageCount

SHOWN = 100  # Ideas of each count.
PARTS = 100  # In which a rule tells how far it is.


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

    name: str
    rule: Rule
    headings: list[str]
    rows: list[Row]
    more: int  # Ideas below those.
    ties: list[str]
    rounds: list[str]
    has_places: bool
    places_are_drawn: bool  # Whether they are those that ballots drawn again give.


@dataclass(frozen=True)
class ToldTally:
    """All counts of a stage."""

    people: int
    seed: Seed
    counts: list[ToldCount]
    left_out: int  # Ideas that were too many to be compared.


Kept = dict[str, Any]  # A tally as JSON.


@dataclass(frozen=True)
class Standing:
    """What there is of the count that a worker makes, and what is done about it."""

    count: StageCount | None
    is_current: bool  # Whether nothing was handed in or changed since.
    step: str  # "", "waiting", "unattended", "reading", "places" or the name of a rule
    done: int = 0
    out_of: int = 0


def doing(standing: Standing) -> str:
    """What is done at this moment, in words."""
    if standing.step == "waiting":
        return _("The votes wait to be counted.")
    if standing.step == "unattended":
        return _("The votes wait to be counted, and nobody does: no worker is at work on this server.")
    if standing.step == "reading":
        done, out_of = number(standing.done), number(standing.out_of)
        return _("The votes are being read: %(done)s of %(out_of)s.", done=done, out_of=out_of)
    if standing.step == "places":
        done, out_of = number(standing.done), number(standing.out_of)
        return _("How sure the places are is worked out: %(done)s of %(out_of)s draws.", done=done, out_of=out_of)
    if standing.step in RULES:
        return _(
            "Being counted: %(rule)s, step %(step)s of %(steps)s.",
            rule=RULES[standing.step].name,
            step=number(standing.done // PARTS + 1),
            steps=number(max(standing.out_of // PARTS, 1)),
        )
    return ""


def finished(standing: Standing) -> str:
    """Which count is the last that was finished: another name once there is another, or once it has its places."""
    count = standing.count
    return f"{count.of}{count.failure}{'+' if places_of(count) else ''}" if count and count.of else ""


def places_kept(places: Places, of: str, tally: Kept) -> Kept:
    """The places of the ideas that are shown of this count, as JSON."""
    shown = {count["rule"]: [row[0] for row in count["rows"]] for count in tally["counts"]}
    return {
        "of": of,
        "rules": {
            rule: [[idea, stood[idea].best, stood[idea].worst] for idea in shown[rule]]
            for rule, stood in places.items()
        },
    }


def places_of(count: StageCount | None) -> dict[str, dict[int, Place]]:
    """The places that ballots drawn again give to what was counted last, by rule. None that are those of an earlier count."""
    if count is None or not count.places or count.places["of"] != count.of:
        return {}
    return {
        rule: {idea: Place(best, worst) for idea, best, worst in stood} for rule, stood in count.places["rules"].items()
    }


def kept(tally: Tally) -> Kept:
    """What there is to show of a tally, as JSON: whole numbers and estimates as they are, fractions exactly, as "2/3"."""
    seed = {"words": tally.seed.words, "provisional": tally.seed.provisional}
    counts = [_kept(count) for count in tally.counts]
    return {"people": tally.people, "seed": seed, "counts": counts, "left_out": tally.left_out}


def _kept(count: Count) -> Kept:
    outcome = count.outcome
    ranks: dict[int, int] = {}
    for equal in outcome.ranking:
        ranks |= dict.fromkeys(equal, len(ranks) + 1)
    won = set(outcome.winners)
    # The winners as they won, then the others as they stand.
    order = [*outcome.winners, *(idea for equal in outcome.ranking for idea in equal if idea not in won)]
    rows = []
    for idea in order[:SHOWN]:
        place = count.places.get(idea)
        figures = [_exact(outcome.figures[name].get(idea)) for name in count.rule.figures]
        rows.append([idea, ranks[idea], [place.best, place.worst] if place else None, idea in won, figures])
    return {
        "rule": outcome.rule,
        "scale": count.scale,
        "rows": rows,
        "more": max(len(order) - SHOWN, 0),
        "ties": [[list(tie.equal[:SHOWN]), list(tie.taken[:SHOWN])] for tie in outcome.ties[:SHOWN]],
        "rounds": [[each.decided, list(each.ideas[:SHOWN])] for each in outcome.rounds[:SHOWN]],
    }


def _exact(value: Number | None) -> int | float | str | None:
    return str(value) if isinstance(value, Fraction) else value


def told(stage: Stage, kept: Kept, places: Mapping[str, Mapping[int, Place]] | None = None) -> ToldTally:
    """What is kept of the stage's count, in words. An idea that was taken back since is not named.

    `places`: those by rules that have none of their own.
    """
    shown: set[int] = set()
    for count in kept["counts"]:
        shown.update(row[0] for row in count["rows"])
        shown.update(idea for tie in count["ties"] for ideas in tie for idea in ideas)
        shown.update(idea for _decided, ideas in count["rounds"] for idea in ideas)
    found = db.select(Idea.id, Idea.title, Idea.language).where(*on_board(stage.campaign), Idea.id.in_(shown))
    titles = {row.id: row for row in db.session.execute(found)}
    counts = [
        _told(count, titles, _name_of(count, stage), (places or {}).get(count["rule"], {})) for count in kept["counts"]
    ]
    return ToldTally(kept["people"], Seed(**kept["seed"]), counts, kept.get("left_out", 0))


def _name_of(count: Kept, stage: Stage) -> str:
    """What it is called: as its rule, or as the scale that it is about."""
    scales, number = scales_in(stage.method_settings), count.get("scale")
    if number is not None and number < len(scales):
        return _("%(field)s: %(sentence)s", field=RULES[count["rule"]].name, sentence=scales[number].name)
    return str(RULES[count["rule"]].name)


def _told(count: Kept, titles: dict[int, Any], name: str, drawn: Mapping[int, Place]) -> ToldCount:
    rule = RULES[count["rule"]]
    rows = [
        Row(
            rank,
            place_in_words(Place(*place) if place else drawn.get(idea)),
            idea,
            titles[idea].title,
            titles[idea].language,
            won,
            [shown_figure(name, value) for name, value in zip(rule.figures, figures, strict=True)],
        )
        for idea, rank, place, won, figures in count["rows"]
        if idea in titles
    ]
    ties = [_tie(equal, taken, titles) for equal, taken in count["ties"]]
    rounds = [_round(decided, ideas, titles) for decided, ideas in count["rounds"]]
    headings = [str(heading) for heading in rule.figures.values()]
    has_places = any(place for _idea, _rank, place, _won, _figures in count["rows"])
    return ToldCount(name, rule, headings, rows, count["more"], ties, rounds, has_places, bool(drawn))


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
    return (
        _("%(share)s %%", share=number(round(decimal * 100)))
        if name in ("agreement", "mean share")
        else number(round(decimal, 2))
    )


def _tie(equal: list[int], taken: list[int], titles: dict[int, Any]) -> str:
    return _(
        "%(equal)s were equal. The lot fell on %(taken)s.", equal=_names(equal, titles), taken=_names(taken, titles)
    )


def _names(ideas: list[int], titles: dict[int, Any]) -> str:
    return " · ".join(titles[idea].title for idea in ideas if idea in titles)


def _round(decided: str, ideas: list[int], titles: dict[int, Any]) -> str:
    names = _names(ideas, titles)
    sentences = {
        "elected": _("Chosen: %(ideas)s", ideas=names),
        "eliminated": _("Leaves: %(ideas)s", ideas=names),
        "bought": _("Paid: %(ideas)s", ideas=names),
        "filled": _("Taken for what was left: %(ideas)s", ideas=names),
    }
    return sentences[decided]
