"""What was done with a campaign, its ideas and its team, told from the history."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from campaign.accounts.models import Person
from campaign.board.question_acts import told_question
from campaign.board.stage_acts import stage_name, told_stage, told_version
from campaign.brands.access import Asker
from campaign.brands.models import Brand
from campaign.brands.roles import NAMES as ROLES
from campaign.campaigns.access import may_on
from campaign.campaigns.licences import LICENCES
from campaign.campaigns.models import Campaign
from campaign.campaigns.naming import NAMINGS
from campaign.campaigns.sealing import NOBODY, counts_shown
from campaign.campaigns.setup import LIMITS
from campaign.campaigns.setup_form import LABELS
from campaign.doubts.signals import BALLOT_REASONS, REASONS
from campaign.exposure.actions import EXPOSURES
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.diffing import Piece
from campaign.ideas.holding import in_sight
from campaign.ideas.models import UNSEEN, Idea, Withdrawal
from campaign.ideas.orders import NoSuchPage
from campaign.ideas.recorded import HOWS
from campaign.ideas.versions import differences
from campaign.ladder.showing import said_steps
from campaign.languages import LANGUAGES, day, language, moment, number
from campaign.moderation.log import ACTS as LOGGED
from campaign.statuses.models import Named
from campaign.verifications.telling import told_asks

SHOWN = 50  # On one page.
LINES = ("title", "lead", "scale")  # Texts of one line; the others are Markdown.
# What would tell, entry by entry, how many votes there are at least.
TELL_OF_VOTES = (
    "vote.recorded",
    "vote.recording_taken_back",
    "votes.set_aside",
    "votes.counted",
    "votes.left_out",
    "votes.reviewed_again",
    "ballots.set_aside",
    "ballots.counted",
    "ballots.left_out",
    "ballots.reviewed_again",
)

SENTENCES = {
    "campaign.drafted": _l("began the draft"),
    "campaign.published": _l("published the campaign"),
    "campaign.closed": _l("closed the campaign"),
    "campaign.reopened": _l("opened the campaign again"),
    "campaign.rescheduled": _l("moved dates"),
    "campaign.changed": _l("changed settings"),
    "rules.stated": _l("stated the rules anew"),
    "incentive.declared": _l("declared what somebody received"),
    "stage.opened": _l("opened a stage at its date"),
    "stage.held": _l("held a stage back at its date: it was not ready"),
    "stage.rules_frozen": _l("noted the first vote of a stage: how people vote in it stays from now on"),
    "voting.changed": _l("made a new version of how people vote"),
    # As campaigns of three dates were told.
    "campaign.opened": _l("opened the campaign at its date"),
    "campaign.ideas_ended": _l("ended the time for ideas at its date"),
    "campaign.votes_ended": _l("ended the vote at its date"),
    "campaign.ended": _l("ended the campaign at its date"),
    "naming.chosen": _l("chose whether voters are listed by name"),
    "endorsement.hidden": _l("hid what somebody put under an idea with their name"),
    "endorsement.shown": _l("showed again what somebody put under an idea with their name"),
    "feedback.hidden": _l("took feedback on an idea down"),
    "feedback.shown": _l("put feedback on an idea back"),
    "reason.hidden": _l("hid what somebody said about their vote"),
    "reason.shown": _l("showed again what somebody said about their vote"),
    "exposure.chosen": _l("chose the order in which people meet ideas"),
    "ideas.imported": _l("brought ideas in from a file"),
    "votes.set_aside": _l("set votes aside for review"),
    "votes.counted": _l("had votes counted that were under review"),
    "votes.left_out": _l("left votes out that were under review"),
    "votes.reviewed_again": _l("put votes under review again"),
    "ballots.set_aside": _l("set ballots aside for review"),
    "ballots.counted": _l("had ballots counted that were under review"),
    "ballots.left_out": _l("left ballots out that were under review"),
    "ballots.reviewed_again": _l("put ballots under review again"),
    "idea.answered": _l("answered an idea"),
    "idea.answer_changed": _l("changed the answer to an idea"),
    "idea.assigned": _l("said who answers an idea"),
    "promise.chosen": _l("chose within how many days ideas are answered"),
    "idea.status_set": _l("said where an idea stands"),
    "idea.qualified": _l("marked an idea as qualified for review"),
    "statuses.changed": _l("changed the statuses of ideas"),
    "promotion.changed": _l("changed when authors get which tools to promote their ideas"),
    "ladder.changed": _l("changed the ladder of supporters"),
    "idea.step_reached": _l("noted that an idea reached a step of the ladder"),
    "idea.expired": _l("took an idea off the board, whose time had run out"),
    "idea.extended": _l("gave more time to an idea that had run out of it"),
    "statuses.number_chosen": _l("chose with how many supporters an idea qualifies for review"),
    "idea.priced": _l("said what an idea costs"),
    "idea.tagged": _l("changed the team’s tags of an idea"),
    "idea.edited": _l("edited an idea"),
    "idea.joined": _l("became a co-author of an idea"),
    "idea.left": _l("left the authors of an idea"),
    "amendment.accepted": _l("took an amendment into an idea"),
    "amendment.refused": _l("refused an amendment to an idea"),
    "idea.withdrawn": _l("took an idea back"),
    **{what: sentence for what, (_kind, sentence) in LOGGED.items() if what.startswith(("idea.", "remark."))},
    "remark.pinned": _l("put a remark of the brand above the others on an idea"),
    "remark.unpinned": _l("let a remark of the brand stand among the others again"),
    "moderation.chosen": _l("chose how it is moderated"),
    "filter_words.chosen": _l("chose words that wait for a moderator"),
    "idea.restored": _l("put an idea back on the board"),
    "idea.merged": _l("merged an idea into another"),
    "idea.unmerged": _l("undid the merge of an idea"),
    "idea.retired": _l("retired an idea in favour of another"),
    "idea.update_removed": _l("took an author’s news away"),
    "duplicate.proposed": _l("took an idea for the same as another"),
    "duplicate.declined": _l("left an idea apart from another"),
    "evaluation.criteria_set": _l("set the criteria by which ideas are evaluated"),
    "evaluation.assigned": _l("asked people to evaluate ideas"),
    "evaluation.unassigned": _l("asked somebody no more to evaluate ideas"),
    "evaluation.submitted": _l("evaluated an idea"),
    "clarification.asked": _l("sent an idea back to its authors with a question"),
    "clarification.answered": _l("answered what the team asked about an idea"),
    "clarification.resumed": _l("went on with an idea that was with its authors"),
    "milestone.added": _l("put a milestone on the roadmap"),
    "milestone.changed": _l("changed a milestone of the roadmap"),
    "milestone.removed": _l("took a milestone off the roadmap"),
    "outcome.published": _l("published the page of the outcome"),
    "answers.purged": _l("deleted the private answers at their date"),
    "paper.taken": _l("chose to take contributions on paper as well"),
    "paper.not_taken": _l("chose to take nothing on paper"),
    "idea.recorded": _l("recorded an idea that somebody gave elsewhere"),
    "vote.recorded": _l("recorded a vote that somebody gave elsewhere"),
    "vote.recording_taken_back": _l("took a recorded vote back"),
    "verifications.changed": _l("changed what people verify before they take part"),
    "verifications.listed": _l("put people on the list of those who can take part"),
    "verifications.list_emptied": _l("emptied the list of those who can take part"),
    "verifications.purged": _l("deleted what people had verified"),
    "audience.invited": _l("invited people to the campaign"),
    "audience.removed": _l("invites people to the campaign no longer"),
    "audience.purged": _l("deleted the addresses of people who were invited and never came"),
    "member.invited": _l("invited somebody to this campaign"),
    "member.uninvited": _l("took an invitation to this campaign back"),
    "member.declined": _l("declined an invitation to this campaign"),
    "member.joined": _l("joined the team of this campaign"),
    "member.role_changed": _l("changed a role in this campaign"),
    "member.removed": _l("took somebody out of the team of this campaign"),
    "member.left": _l("left the team of this campaign"),
}
NAMES = {
    "ends_at": _l("Ends"),
    "opens_at": _l("Opens"),
    "ideas_until": _l("Ideas until"),
    "votes_until": _l("Votes until"),
    "answers_by": _l("Answers by"),
    "private_until": _l("Private answers are deleted on"),
    "slug": _l("the address of the page"),
    "visibility": _l("who sees it"),
    "licence": _l("the licence of ideas to come"),
    "takes_guests": _l("whether people without an account can suggest ideas"),
    "rules": _l("the rules"),
    "cover": _l("the cover picture"),
    "texts": _l("the texts"),
    "categories": _l("the categories"),
    "tags": _l("the tags"),
    "title_min": _l("the title’s least length"),
    "title_max": _l("the title’s greatest length"),
    "text_min": _l("the text’s least length"),
    "text_max": _l("the text’s greatest length"),
    "images_max": _l("the number of pictures"),
    "ideas_each": _l("the number of one person’s ideas"),
    "edit_hours": _l("after how many hours an idea can’t be changed"),
    "edit_votes": _l("with how many supporters an idea can’t be changed"),
    "edits_until_answer": _l("whether the answer ends the changes to an idea"),
    "asks_origin": _l("whether people are asked whose an idea is"),
}


# What authors and moderators say to each other about what was taken down.
AMONG_TEAM = [what for what, (kind, _sentence) in LOGGED.items() if kind in ("appeal", "edited", "second")]


@dataclass(frozen=True)
class Act:
    """One thing that was done, in words for the page of the history."""

    at: datetime
    by: Person | None  # None: the system itself.
    sentence: Any  # What the person did: "published the campaign".
    idea: Idea | None  # With what, where it is one idea.
    details: list[str]
    texts: list["Reworded"]
    why: str


@dataclass(frozen=True)
class Reworded:
    """A text that was written anew, beside what it said before."""

    name: str  # Which one: the brief, in English.
    language: str
    title: list[Piece]  # Of a line of words,
    text: list[Piece]  # or of a text of many, as HTML.


@dataclass(frozen=True)
class ActPage:
    """As many acts as one page shows, the latest first."""

    acts: list[Act]
    cursor: int | None  # Where the next page begins.


def acts(campaign: Campaign, after: str | None = None, reader: Asker = NOBODY) -> ActPage:
    """One page of what was done with this campaign, the latest first. Raises NoSuchPage. The number of queries is fixed.

    While counts are sealed for `reader`, it tells of no votes that somebody else recorded, and of none that were set aside; of what the
    reader decided about those, only that.
    """
    team = may_on(reader, "see", campaign)
    concerns = _concerns(campaign, team)
    found = db.select(Entry, Person).outerjoin(Person, Person.id == Entry.by_id).where(concerns)
    if not team:
        found = found.where(Entry.what.not_in(AMONG_TEAM))
    sealed = not counts_shown(campaign, reader)
    if sealed:
        mine = Entry.by_id == reader.id if reader.is_authenticated else db.false()
        found = found.where(db.or_(Entry.what.not_in(TELL_OF_VOTES), mine))
    if after is not None:
        found = found.where(_before(after))
    found = found.order_by(Entry.at.desc(), Entry.id.desc()).limit(SHOWN + 1)
    rows = db.session.execute(found).all()
    shown = rows[:SHOWN]
    ideas = _named(Idea, [entry.subject_id for entry, _by in shown if entry.subject == Idea.__tablename__])
    people = _named(Person, [entry.details["person"] for entry, _by in shown if "person" in entry.details])
    texts = _reworded([entry for entry, _by in shown])
    unseen = set() if team else _unseen_among(shown)
    told = [
        Act(
            entry.at,
            by,
            SENTENCES.get(entry.what, entry.what),
            ideas.get(entry.subject_id) if entry.subject == Idea.__tablename__ else None,
            [] if sealed and entry.what.startswith(("votes.", "ballots.")) else list(_details(entry, people, unseen)),
            texts.get(entry.id, []),
            entry.why,
        )
        for entry, by in shown
    ]
    return ActPage(told, shown[-1].Entry.id if len(rows) > SHOWN else None)


def _concerns(campaign: Campaign, team: bool) -> Any:
    """The campaign itself, its ideas, and roles that are for it alone. Of ideas that only the team may read, only the team is told."""
    ideas = db.select(Idea.id).where(Idea.campaign_id == campaign.id)
    if not team:
        ideas = ideas.where(in_sight())
    narrowed = Entry.details["campaign"].as_integer() == campaign.id
    return db.or_(
        db.and_(Entry.subject == Campaign.__tablename__, Entry.subject_id == campaign.id),
        db.and_(Entry.subject == Idea.__tablename__, Entry.subject_id.in_(ideas)),
        db.and_(Entry.subject == Brand.__tablename__, Entry.subject_id == campaign.brand_id, narrowed),
    )


def _before(cursor: str) -> Any:
    sound = cursor.isascii() and cursor.isdigit() and len(cursor) < 10
    last = db.session.get(Entry, int(cursor)) if sound else None
    if last is None:
        raise NoSuchPage
    return db.or_(Entry.at < last.at, db.and_(Entry.at == last.at, Entry.id < last.id))


def _named(model: Any, ids: list[int]) -> dict[int, Any]:
    return {row.id: row for row in db.session.scalars(db.select(model).where(model.id.in_(ids)))}


def _unseen_among(shown: Sequence[Any]) -> set[int]:
    """The other ideas of which these entries tell, and that only the team may read by now. One query at most."""
    others = {number for entry, _by in shown for name in ("into", "other") if (number := entry.details.get(name))}
    if not others:
        return set()
    unseen = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id.in_(others), Withdrawal.kind.in_(UNSEEN))
    return set(db.session.scalars(unseen))


def _details(entry: Entry, people: dict[int, Person], unseen: set[int]) -> list[str]:
    told = entry.details
    if {told.get("into"), told.get("other")} & unseen:
        told = {**told, "title": _("an idea that is out of sight")}
    if tell := TOLD_AS.get(entry.what) or TOLD_AS.get(entry.what.partition(".")[0]):
        return tell(told, people)
    return [
        *map(str, _changes(told.get("changes", {}))),
        *(str(NAMES[name]) for name in told.get("changed", []) if name in NAMES),
    ]


def _dates(told: dict[str, Any], people: dict[int, Person]) -> list[str]:
    return [
        _("%(what)s: from %(before)s to %(after)s", what=NAMES[name], before=_moment(before), after=_moment(after))
        for name, (before, after) in told.items()
        if name in NAMES
    ]


def _votes(told: dict[str, Any], people: dict[int, Person]) -> list[str]:
    votes = ngettext("%(num)s vote", "%(num)s votes", told["number"])
    return [votes, *(str(REASONS[reason]) for reason in told["reasons"])]


def _ballots(told: dict[str, Any], people: dict[int, Person]) -> list[str]:
    ballots = ngettext("%(num)s ballot", "%(num)s ballots", told["number"])
    return [stage_name(told["stage"]), ballots, *(str(BALLOT_REASONS[reason]) for reason in told["reasons"])]


def _order(told: dict[str, Any], people: dict[int, Person]) -> list[str]:
    before, after = (str(EXPOSURES[key]) for key in told["exposure"])
    return [_("%(what)s: from %(before)s to %(after)s", what=_("the order"), before=before, after=after)]


def _changes(changes: dict[str, Any]) -> Iterator[str]:
    """What of a campaign's settings was what, and is what now. Its texts are told below them."""
    for name, change in changes.items():
        if name == "tags":
            yield from (_tag(*pair) for pair in change)
        elif name == "stages":
            yield from (line for pair in change for line in told_stage(*pair))
        elif name == "questions":
            yield from (line for pair in change for line in told_question(*pair))
        elif name in SHOWN_AS:
            before, after = (SHOWN_AS[name](value) for value in change)
            yield _("%(what)s: from %(before)s to %(after)s", what=NAMES[name], before=before, after=after)
        elif name in NAMES and name != "texts":
            yield str(NAMES[name])


def _tag(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    def named(tag: dict[str, Any]) -> str:
        return _("%(tag)s (the team’s)", tag=tag["name"]) if tag["staff_only"] else str(tag["name"])

    if before is None or after is None:
        return f"− {named(before)}" if before else f"+ {named(after or {})}"
    return f"{named(before)} → {named(after)}"


def _categories(names: list[dict[str, str]]) -> str:
    return ", ".join(each.get(language()) or next(iter(each.values()), "") for each in names) or "–"


# What is told of an act below its sentence, by its name or by the first word of it.
TOLD_AS: dict[str, Callable[[dict[str, Any], dict[int, Person]], list[str]]] = {
    "campaign.rescheduled": _dates,
    "stage": lambda told, people: [stage_name(told["stage"]), *told.get("lacks", {}).get(language(), [])],
    "voting.changed": lambda told, people: list(told_version(told)),
    "rules.stated": lambda told, people: [_("version %(number)s", number=told["number"])],
    "incentive.declared": lambda told, people: _incentive(told, people),
    "votes": _votes,
    "ballots": _ballots,
    "exposure.chosen": _order,
    "naming.chosen": lambda told, people: [" → ".join(str(NAMINGS[named].name) for named in told["named"])],
    "ideas.imported": lambda told, people: [ngettext("%(num)s idea", "%(num)s ideas", told["ideas"])],
    "idea.recorded": lambda told, people: [part for part in (str(HOWS[told["how"]]), told["event"]) if part],
    "vote": lambda told, people: [
        part
        for part in (
            _("number %(reference)s", reference=told["reference"]),
            str(HOWS[told["how"]]) if "how" in told else "",
            told.get("event"),
        )
        if part
    ],
    "verifications.changed": lambda told, people: list(told_asks(told)),
    **dict.fromkeys(
        (
            "verifications.listed",
            "verifications.list_emptied",
            "verifications.purged",
            "audience.invited",
            "audience.removed",
            "audience.purged",
        ),
        lambda told, people: [ngettext("%(num)s person", "%(num)s people", told["number"])],
    ),
    "answers.purged": lambda told, people: [ngettext("%(num)s answer", "%(num)s answers", told["number"])],
    **dict.fromkeys(
        ("idea.merged", "idea.unmerged", "idea.retired", "duplicate"),
        lambda told, people: [_("“%(title)s”", title=told["title"])],
    ),
    "promise.chosen": lambda told, people: [
        " → ".join(ngettext("%(num)s day", "%(num)s days", days) for days in told["days"])
    ],
    "idea.assigned": lambda told, people: [
        people[told["person"]].name if told.get("person") in people else _("nobody in particular")
    ],
    "idea.status_set": lambda told, people: [_moved(told["status"])] + [_("not the usual way")] * told["unusual"],
    "idea.qualified": lambda told, people: [_supporters(told["number"])],
    "statuses.changed": lambda told, people: list(_list(told)),
    "statuses.number_chosen": lambda told, people: [
        f"{_supporters(told['number'][0])} → {_supporters(told['number'][1])}"
    ],
    "ladder.changed": lambda told, people: [f"{_steps(told['steps'][0])} → {_steps(told['steps'][1])}"],
    "idea.step_reached": lambda told, people: [_supporters(told["supporters"])],
    "idea.expired": lambda told, people: [_supporters(told["supporters"])],
    "idea.extended": lambda told, people: [ngettext("%(num)s day", "%(num)s days", told["days"])],
    "idea.tagged": lambda told, people: [f"+ {tag}" for tag in told["given"]] + [f"− {tag}" for tag in told["taken"]],
    "evaluation.criteria_set": lambda told, people: _criteria(told),
    "evaluation.assigned": lambda told, people: [
        ngettext("%(num)s idea", "%(num)s ideas", told["ideas"]),
        ngettext("%(num)s person", "%(num)s people", told["people"]),
    ],
    "evaluation.unassigned": lambda told, people: [
        *(people[person].display_name for person in [told["person"]] if person in people),
        ngettext("%(num)s idea", "%(num)s ideas", told["ideas"]),
    ],
    "evaluation.submitted": lambda told, people: [_("version %(number)s", number=told["number"])],
    "clarification.asked": lambda told, people: [_("until %(date)s", date=_moment(told["until"]))],
    "milestone": lambda told, people: _milestone(*told["milestone"]),
    "outcome.published": lambda told, people: [
        _("version %(number)s", number=told["number"]),
        ngettext("%(num)s idea", "%(num)s ideas", len(told["ideas"])),
    ],
    "member": lambda told, people: _membership(told, people),
}

SHOWN_AS: dict[str, Callable[[Any], Any]] = {
    "slug": str,
    "visibility": {
        "public": _l("Everybody"),
        "unlisted": _l("Whoever has the link"),
        "invited": _l("The people whom you invite"),
        "members": _l("Your team"),
    }.get,
    "licence": lambda key: str(LICENCES[key].name),
    **dict.fromkeys(LIMITS, number),
    "ideas_each": lambda most: number(most) if most else _("as many as they like"),
    **dict.fromkeys(("edit_hours", "edit_votes"), lambda most: number(most) if most else "–"),
    **dict.fromkeys(("edits_until_answer", "asks_origin", "takes_guests"), {True: _l("yes"), False: _l("no")}.get),
    "categories": _categories,
}


def _reworded(entries: list[Entry]) -> dict[int, list[Reworded]]:
    """The texts that each of these entries changed, with what was taken out and put in."""
    written = [
        (entry.id, code, kind, *pair)
        for entry in entries
        for code, kinds in entry.details.get("changes", {}).get("texts", {}).items()
        for kind, pair in kinds.items()
    ]
    told = differences(
        tuple(
            ((before, ""), (after, "")) if kind in LINES else (("", before), ("", after))
            for _entry, _code, kind, before, after in written
        )
    )
    found: dict[int, list[Reworded]] = {}
    for (entry, code, kind, *_pair), pieces in zip(written, told, strict=True):
        name = _("%(field)s (%(language)s)", field=LABELS[kind], language=LANGUAGES[code])
        found.setdefault(entry, []).append(Reworded(name, code, pieces["title"], pieces["text"]))
    return found


def _moved(status: list[dict[str, Any] | None]) -> str:
    """A status that an idea had and has, or that a list had and has."""
    before, after = (str(Named(one["key"], one["names"])) if one else None for one in status)
    if before is None or after is None:
        return f"− {before}" if before else f"+ {after}"
    return before if before == after else f"{before} → {after}"


def _list(told: dict[str, Any]) -> Iterator[str]:
    """What was another status of a campaign's list, and where the ideas of one that went have moved."""
    if "status" in told:
        yield _moved(told["status"])
    if "to" in told:
        ideas = ngettext("%(num)s idea", "%(num)s ideas", told["ideas"])
        yield f"{ideas} → {_moved([told['to']] * 2)}"


def _in_words(words: dict[str, str]) -> str:
    return words.get(language()) or next(iter(words.values()), "")


def _criteria(told: dict[str, Any]) -> list[str]:
    """A version of the criteria: which went, and all that there are now, each with its weight."""
    before, after = ([f"{_in_words(one['names'])} × {one['weight']}" for one in each] for each in told["criteria"])
    gone = [f"− {one}" for one in before if one not in after]
    return [
        _("version %(number)s", number=told["number"]),
        *gone,
        *(one if one in before else f"+ {one}" for one in after),
    ]


def _milestone(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[str]:
    """A milestone by its name, with what became of it."""
    one = after or before or {}
    said = [_("“%(title)s”", title=_in_words(one["names"]))]
    if before and after and before["done"] != after["done"]:
        said.append(_("It is reached") if after["done"] else _("Not reached after all"))
    if before and after and before["due"] != after["due"]:
        dates = (day(date.fromisoformat(each["due"])) for each in (before, after))
        said.append(" → ".join(dates))
    return said


def _supporters(most: int | None) -> str:
    return ngettext("%(count)s supporter", "%(count)s supporters", most, count=number(most)) if most else "–"


def _steps(steps: list[list[int]]) -> str:
    return said_steps(steps) or "–"


def _membership(told: dict[str, Any], people: dict[int, Person]) -> list[str]:
    who = told.get("email") or (people[told["person"]].name if told.get("person") in people else None)
    role = ROLES.get(told.get("role", ""))
    if "before" in told and role:
        role = _("%(before)s, now %(after)s", before=ROLES[told["before"]], after=role)
    return [str(part) for part in (who, role) if part]


def _incentive(told: dict[str, Any], people: dict[int, Person]) -> list[str]:
    kinds = {"sample": _("a sample"), "reward": _("a reward"), "": _("nothing")}
    who = people[told["person"]].display_name if told["person"] in people else None
    return [part for part in (who, kinds[told["kind"]], told["received"]) if part]


def _moment(written: str | None) -> str:
    return moment(datetime.fromisoformat(written)) if written else _("no date")
