"""What the demo's team finds behind the counter, so that none of its pages is empty: what waits for a moderator and what was decided, an
appeal, answers that are prepared, a roadmap, notices, a newsletter.

Each by the action that people's own acts go through, with the clock set to its moment. Nobody has a mail of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert

from campaign.accounts.models import Person
from campaign.answers.actions import Words
from campaign.answers.assigning import assign
from campaign.answers.drafting import keep_draft
from campaign.answers.noting import add_note
from campaign.answers.templates import write_template
from campaign.campaigns.models import Campaign
from campaign.campaigns.ruling import Agreement
from campaign.clock import as_of, now
from campaign.demo.texts import read_content
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.filters.choosing import Chosen, choose
from campaign.ideas.actions import submit_idea
from campaign.ideas.following import follow
from campaign.ideas.models import Idea
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import appeal, decide, hide
from campaign.moderation.reporting import report
from campaign.moderation.subjects import Subject
from campaign.newsletters.actions import asked_for, write_newsletter
from campaign.newsletters.models import Newsletter, Subscription
from campaign.notices.models import Notice
from campaign.outcomes.roadmap import add_milestone, set_milestone_done

ACCEPTED = Agreement(1, accepts=True, of_age=True, from_country=True)
OPENED = 20  # Days ago the team chose what its filters look for.


@dataclass
class Office:
    """The steps, with what they share. `quiet`: those who only read and vote, by their ids."""

    campaign: Campaign
    people: Mapping[str, Person]
    quiet: Sequence[int]
    ideas: Mapping[str, Idea]
    today: datetime

    def __post_init__(self) -> None:
        self.told = read_content("office")
        self.owner = self.people["claire"]

    def fill(self) -> None:
        """All of it, in the order of time where that matters."""
        with as_of(self._ago(OPENED)):
            chosen = Chosen(words=tuple(self.told["filters"]["words"]), links=True)
            choose(self.campaign.brand, self.owner, chosen)
        self._moderate()
        self._prepare_answers()
        self._plan_milestones()
        self._tell()
        self._write_letters()
        db.session.flush()

    def _ago(self, days: float) -> datetime:
        return self.today - timedelta(days=days)

    def _moderate(self) -> None:
        """What people sent and reported, what was decided, and an appeal."""
        acts: list[tuple[float, Callable[[], object]]] = []
        sent: dict[str, Subject] = {}
        for told in self.told["sent"]:
            acts.append((told["days_ago"], partial(self._send, sent, told)))
            acts += [
                (one["days_ago"], partial(self._report, sent, told["key"], one)) for one in told.get("reports", ())
            ]
            if decided := told.get("decided"):
                acts.append((decided["days_ago"], partial(self._decide, sent, told["key"], decided)))
            if appealed := told.get("appeal"):
                acts.append((appealed["days_ago"], partial(self._appeal, sent, told["key"], appealed)))
        for days, act in sorted(acts, key=lambda planned: -planned[0]):
            with as_of(self._ago(days)):
                act()
                db.session.flush()

    def _send(self, sent: dict[str, Subject], told: dict[str, Any]) -> None:
        author, text = db.session.get_one(Person, self.quiet[told["quiet"]]), told["text"].strip()
        if told["kind"] == "remark":
            sent[told["key"]] = post_comment(self.ideas[told["on"]], author, text, agreement=ACCEPTED)
            return
        sent[told["key"]] = submit_idea(
            self.campaign,
            author,
            told["title"],
            text,
            language=told["language"],
            category=next(one for one in self.campaign.categories if one.slug == told["category"]),
            agreement=ACCEPTED,
            origin="own",
        )

    def _report(self, sent: dict[str, Subject], key: str, told: dict[str, Any]) -> None:
        report(sent[key], self.people[told["by"]], told["reason"], told.get("words", ""))

    def _decide(self, sent: dict[str, Subject], key: str, told: dict[str, Any]) -> None:
        by, reason = self.people[told["by"]], told.get("reason", "")
        if case := open_case_about(sent[key]):  # A filter held it.
            decide(case, by, told["verdict"], reason)
        else:
            case = hide(sent[key], by, reason)
        case.told_at = now()

    def _appeal(self, sent: dict[str, Subject], key: str, told: dict[str, Any]) -> None:
        subject = sent[key]
        author = subject.author
        appeal(subject, author, told["text"])

    def _prepare_answers(self) -> None:
        draft = self.told["draft"]
        role = draft["role"][draft["language"]]
        keep_draft(self.ideas[draft["idea"]], self.people[draft["by"]], Words(draft["text"], role))
        for one in self.told["assigned"]:
            with as_of(self._ago(one["days_ago"])):
                assign(self.ideas[one["idea"]], self.people[one["by"]], self.people[one["to"]])
        for number, one in enumerate(self.told["notes"]):
            with as_of(self._ago(one["days_ago"])):
                add_note(self.ideas[one["idea"]], self.people[one["by"]], one["text"], f"demo-note-{number}")
        for one in self.told["templates"]:
            with as_of(self._ago(OPENED)):
                write_template(self.campaign.brand, self.owner, one["name"], one["texts"])

    def _plan_milestones(self) -> None:
        for one in self.told["milestones"]:
            due = (self.today + timedelta(days=one["days"])).date()
            with as_of(self._ago(6)):
                linked = [self.ideas[key].id for key in one["ideas"]]
                milestone = add_milestone(self.campaign, self.owner, one["name"], due, linked)
            if one.get("done"):
                with as_of(self.today + timedelta(days=one["days"])):
                    set_milestone_done(milestone, self.owner, True)

    def _tell(self) -> None:
        """Notices of what the other pages show. They stand in the page alone."""
        for one in self.told["followed"]:
            for key in one["ideas"]:
                with as_of(self._ago(OPENED / 2)):
                    follow(self.people[one["by"]], self.ideas[key])
        for one in sorted(self.told["told"], key=lambda one: -one["days_ago"]):
            at = self._ago(one["days_ago"])
            db.session.add(
                Notice(
                    person=self.people[one["to"]],
                    kind=one["kind"],
                    what=one["what"],
                    campaign=self.campaign,
                    idea=self.ideas[one["idea"]],
                    by=self.people[one["by"]],
                    at=at,
                    read_at=at + timedelta(hours=2) if one.get("read") else None,
                )
            )
            db.session.flush()

    def _write_letters(self) -> None:
        brand, wished = self.campaign.brand, self.told["newsletter"]
        asking = [self.people[key].id for key in wished["asked"]] + list(self.quiet[: wished["quiet"]])
        rows = [{"brand_id": brand.id, "person_id": person, "at": self._ago(OPENED)} for person in asking]
        db.session.execute(insert(Subscription), rows)
        for number, one in enumerate(self.told["letters"]):
            texts = {code: text.strip() for code, text in one["text"].items()}
            with as_of(self._ago(one.get("sent_days_ago", 0.4))):
                by, key = self.people[one["by"]], f"demo-letter-{number}"
                letter = write_newsletter(brand, by, key, one["segment"], None, one["subject"], texts)
                if "sent_days_ago" in one:
                    self._sent(letter, by)

    def _sent(self, letter: Newsletter, by: Person) -> None:
        """As it stands once a worker has sent it, so that none does today."""
        letter.sent_at = letter.done_at = now()
        letter.sent_by = by
        db.session.flush()
        got = list(db.session.scalars(asked_for(letter).order_by(Person.id)))
        letter.recipients, letter.reached = len(got), got[-1]
