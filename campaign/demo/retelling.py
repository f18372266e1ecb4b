"""A demo campaign retold: each act by the action that people's own acts go through, at the moment when it happened.

So its votes stand in the book and in the log, its statuses in the history and its steps on the ladder as anybody's would. Every act
is planned first; then they are done in the order of time, each with the clock set to its moment.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from campaign.accounts.actions import prove_address
from campaign.accounts.models import Person
from campaign.answers.actions import answer_idea
from campaign.brands.models import Brand, Membership
from campaign.campaigns.actions import change_campaign, draft_campaign, publish_campaign
from campaign.campaigns.fields import zone
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.questions import questions_of
from campaign.campaigns.readiness import hold_unready
from campaign.campaigns.rules import TOLD, Terms
from campaign.campaigns.ruling import Agreement
from campaign.campaigns.setup import WORDS as SAID
from campaign.campaigns.setup import Setup, WantedCategory, WantedQuestion, WantedStage, WantedTag, Words
from campaign.campaigns.turning import turn_stages
from campaign.clock import as_of, now
from campaign.coauthors.actions import accept_invitation, invite_coauthor
from campaign.demo.texts import read_content, read_ideas
from campaign.endorsements.actions import endorse
from campaign.errors import Refused
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.feedback.giving import give_feedback
from campaign.feedback.models import Comment
from campaign.ideas.actions import submit_idea
from campaign.ideas.dealing import LOTS
from campaign.ideas.models import Idea
from campaign.images import Image, keep_image
from campaign.ladder.actions import set_ladder
from campaign.merging.actions import merge_ideas
from campaign.methods.actions import hand_in
from campaign.methods.papers import checked_ranking
from campaign.statuses.actions import set_status
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot

TOGETHER = 32  # Votes that meet at the ballot box in one moment.
ACCEPTED = Agreement(1, accepts=True, of_age=True, from_country=True)


@dataclass
class Retelling:
    """One campaign as it is retold. `folder`: where its texts are; `voters`: who only votes, by their ids."""

    folder: str
    brand: Brand
    people: dict[str, Person]
    voters: list[int]
    pictures: dict[str, bytes]
    today: datetime
    acts: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)
    ideas: dict[str, Idea] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.told, self.of_ideas = read_content(f"{self.folder}/campaign"), read_ideas(self.folder)
        self.dice = random.Random(self.told["slug"])  # noqa: S311  Dice for a demo, not for a secret.
        self.owner = self.people[self.told["by"]]

    def tell(self) -> Campaign:
        """All of it, up to this moment."""
        with as_of(self._day(self.told["drafted"])):
            campaign = self._draft()
        self._plan_calendar(campaign)
        for key in self.of_ideas:
            self._plan_idea(campaign, key)
        self._plan_support(campaign)
        self._plan_ballots(campaign)
        for moment, act in sorted(self.acts, key=lambda planned: planned[0]):
            with as_of(moment):
                act()
                db.session.flush()
        hold_unready(campaign)
        return campaign

    def _day(self, days: float) -> datetime:
        """So many days from today; a whole number: at nine in the morning, where the campaign lives, or at this hour where it is earlier.

        So what is told in parts of a day keeps its place before or after it, at night as well.
        """
        day = self.today + timedelta(days=days)
        if not isinstance(days, int):
            return day
        there = day.astimezone(zone())
        return min(there, there.replace(hour=9, minute=0, second=0, microsecond=0))

    def _on(self, days: float, act: Callable[[], object]) -> None:
        self.acts.append((self._day(days), act))

    # The campaign itself.

    def _draft(self) -> Campaign:
        told, codes = self.told, self.told["languages"]
        cover = keep_image(self.pictures[told["slug"]], by=self.owner)
        self.setup = Setup(
            slug=told["slug"],
            texts={code: Words(**self._words(told, code)) for code in codes},
            stages=[self._stage(stage) for stage in told["stages"]],
            ends_at=self._day(told["ends"]),
            answers_by=self._day(told["answers"]),
            private_until=self._day(told["private_until"]) if "private_until" in told else None,
            licence=told["licence"],
            takes_guests=told.get("takes_guests", False),
            cover=cover,
            cover_alt=told["cover"][codes[0]],
            title_min=told["title_min"],
            title_max=told["title_max"],
            text_max=told["text_max"],
            categories=[WantedCategory({code: one[code] for code in codes}) for one in told["categories"]],
            tags=[WantedTag(name) for name in told["tags"]],
            questions=[WantedQuestion(**one) for one in told.get("questions", {}).values()],
            rules=Terms(
                chosen=told["rules"].get("chosen"),
                out_of=told["rules"].get("out_of"),
                concern_remarks=True,
                texts={code: self._words(told["rules"], code, TOLD) for code in codes},
            ),
        )
        campaign = draft_campaign(self.brand, self.owner, self.setup)
        campaign.made_at = now()
        for key, role in told.get("team", {}).items():
            db.session.add(Membership(brand=self.brand, person=self.people[key], role=role, campaign_id=campaign.id))
        if "ladder" in told:
            set_ladder(campaign, self.owner, told["ladder"])
        self.categories = dict(zip((one["key"] for one in told["categories"]), campaign.categories, strict=True))
        self.questions = dict(zip(told.get("questions", {}), questions_of(campaign), strict=True))
        return campaign

    def _words(self, told: dict[str, Any], code: str, kinds: Sequence[str] = SAID) -> dict[str, str]:
        return {kind: told[kind][code].strip() for kind in kinds if kind in told}

    def _stage(self, told: dict[str, Any]) -> WantedStage:
        return WantedStage(
            told["kind"],
            self._day(told["opens"]),
            names=told.get("names", {}),
            switches=frozenset(told["open"]),
            method=told.get("method"),
            method_settings=told.get("settings", {}),
            shows_counts=told.get("shows_counts", "always"),
        )

    def _plan_calendar(self, campaign: Campaign) -> None:
        self._on(self.told["published"], partial(publish_campaign, campaign, self.owner))
        for at in campaign.turns:
            if at <= self.today:
                self.acts.append((at, partial(self._turn, campaign)))
        if after := self.told.get("afterwards"):
            self._on(after["day"], partial(self._say_what_became_of_it, campaign, after))

    def _turn(self, campaign: Campaign) -> None:
        hold_unready(campaign)
        turn_stages(campaign, now())
        db.session.refresh(campaign.publication)

    def _say_what_became_of_it(self, campaign: Campaign, after: dict[str, Any]) -> None:
        """The same campaign with other words: what was done stands before what was asked."""
        texts = {
            code: replace(
                words, lead=after["lead"][code].strip(), brief=f"{after['brief'][code].strip()}\n\n{words.brief}"
            )
            for code, words in self.setup.texts.items()
        }
        same = replace(self.setup, texts=texts, stages=[], categories=[], tags=[], questions=[], rules=None)
        change_campaign(campaign, self.owner, same, after["why"])

    # Its ideas, and what people did with them.

    def _plan_idea(self, campaign: Campaign, key: str) -> None:
        told = self.of_ideas[key]
        self._on(-told["days_ago"], partial(self._submit, campaign, key))
        for remark in told.get("remarks", []):
            self._plan_remark(key, remark)
        for one in told.get("coauthors", []):
            self._on(-one["invited_days_ago"], partial(self._invite, key, one["author"]))
            self._on(-one["days_ago"], partial(self._join, key, one["author"]))
        for one in told.get("feedback", []):
            self._on(-one["days_ago"], partial(self._give_feedback, key, one))
        for one in told.get("endorsements", []):
            self._on(-one["days_ago"], partial(self._endorse, key, one))
        for one in told.get("statuses", []):
            self._on(-one["days_ago"], partial(self._set_status, key, one))
        if answer := told.get("answer"):
            begun = "then_days_ago" in answer  # An answer in time, and what there is to say once it is known.
            first = self.told["first_answer"][told["language"]] if begun else answer["text"]
            self._on(-answer["days_ago"], partial(self._answer, key, answer, first))
            if begun:
                self._on(-answer["then_days_ago"], partial(self._answer, key, answer, answer["text"]))
        if merged := told.get("merged"):
            self._on(-merged["days_ago"], partial(self._merge, key, merged))

    def _submit(self, campaign: Campaign, key: str) -> None:
        told = self.of_ideas[key]
        author = prove_address(**told["guest"]) if "guest" in told else self.people[told["author"]]
        images: list[Image] = []
        if picture := self.pictures.get(key):
            images.append(keep_image(picture, by=author, alt=told["illustration"][told["language"]]))
        self.ideas[key] = submit_idea(
            campaign,
            author,
            told["title"],
            told["text"].strip(),
            language=told["language"],
            category=self.categories[told["category"]],
            tags=told["tags"],
            images=images,
            key=f"demo-{key}",
            agreement=ACCEPTED,
            origin="own",
            parent=self.ideas[told["parent"]] if "parent" in told else None,
            received=("sample", told["received"]) if "received" in told else ("", ""),
            replies={self.questions[name]: self._reply(name, value) for name, value in told.get("replies", {}).items()},
        )
        self.ideas[key].lot = self.dice.randrange(1, LOTS)

    def _reply(self, name: str, value: Any) -> Any:
        """What was chosen, by its place, in all its languages; anything else as it is told."""
        choices = self.told["questions"][name].get("choices", [])
        return [choices[place] for place in value] if choices else value

    def _plan_remark(self, key: str, told: dict[str, Any]) -> None:
        posted: list[Comment] = []
        self._on(-told["days_ago"], lambda: posted.append(self._say(key, told)))
        for reply in told.get("replies", []):
            self._on(-reply["days_ago"], partial(self._reply_to, posted, key, reply))

    def _say(self, key: str, told: dict[str, Any], parent: Comment | None = None) -> Comment:
        return post_comment(
            self.ideas[key], self.people[told["author"]], told["text"].strip(), parent, agreement=ACCEPTED
        )

    def _reply_to(self, posted: list[Comment], key: str, told: dict[str, Any]) -> None:
        self._say(key, told, posted[0])  # Which is there by now: a reply comes later.

    def _invite(self, key: str, author: str) -> None:
        invite_coauthor(self.ideas[key], self.ideas[key].author, self.people[author].id)

    def _join(self, key: str, author: str) -> None:
        accept_invitation(self.ideas[key], self.people[author], ACCEPTED)

    def _give_feedback(self, key: str, told: dict[str, Any]) -> None:
        received = ("sample", told["received"]) if "received" in told else ("", "")
        said = told["likes"], told["misses"], told["mark"]
        give_feedback(self.ideas[key], self.people[told["author"]], *said, agreement=ACCEPTED, received=received)

    def _endorse(self, key: str, told: dict[str, Any]) -> None:
        endorse(self.ideas[key], self.people[told["author"]], told["text"], public=True, agreement=ACCEPTED)

    def _set_status(self, key: str, told: dict[str, Any]) -> None:
        set_status(self.ideas[key], self.people[told["by"]], told["status"], told.get("reason", ""))

    def _answer(self, key: str, told: dict[str, Any], text: str) -> None:
        answer_idea(self.ideas[key], self.people[told["by"]], text.strip(), told["role"])

    def _merge(self, key: str, told: dict[str, Any]) -> None:
        merge_ideas(self.ideas[key], self.ideas[told["into"]], self.people[told["by"]], told["reason"])

    # Its votes.

    def _plan_support(self, campaign: Campaign) -> None:
        """As many supporters as each idea is told to have, some at a time, while people support single ideas."""
        stage = next(stage for stage in campaign.stages if stage.accepts_votes and stage.method == "approval")
        until = min(stage.ends_at or self.today, self.today) - timedelta(minutes=20)
        planned = []
        for key, told in self.of_ideas.items():
            begin = max(self._day(-told["days_ago"]), stage.opens_at)
            for voter in self.dice.sample(self.voters, told["supporters"]):
                at = begin + (until - begin) * self.dice.uniform(0.002, 1) ** 1.6
                planned.append((at, voter, key))
        planned.sort()
        for number, first in enumerate(range(0, len(planned), TOGETHER)):
            some = planned[first : first + TOGETHER]
            self.acts.append((some[-1][0], partial(self._support, some, number)))

    def _support(self, some: Sequence[tuple[datetime, int, str]], number: int) -> None:
        ballots = [
            Ballot(voter, self.ideas[key].id, f"{self.folder}-{number:03}-{place:02}", "cast")
            for place, (_at, voter, key) in enumerate(some)
        ]
        for result in count_ballots(ballots):
            if isinstance(result, Refused):
                raise result
        for key in {key for _at, _voter, key in some}:
            db.session.expire(self.ideas[key], ["votes", "heat"])

    def _plan_ballots(self, campaign: Campaign) -> None:
        """Rankings by people of several tastes, while the ballot is open."""
        if "ballots" not in self.told:
            return
        stage = next(stage for stage in campaign.stages if stage.accepts_votes and stage.method == "ranked")
        assert stage.ends_at is not None
        tastes = [taste["likes"] for taste in self.told["ballots"] for _person in range(taste["people"])]
        voters = db.session.scalars(db.select(Person).where(Person.id.in_(self.dice.sample(self.voters, len(tastes)))))
        for voter, likes in zip(voters, tastes, strict=True):
            at = stage.opens_at + (stage.ends_at - stage.opens_at) * self.dice.uniform(0.005, 0.99) ** 1.4
            ranking = self._ranking(likes)
            self.acts.append((at, partial(self._hand_in, stage, voter, ranking)))

    def _ranking(self, likes: dict[str, float]) -> list[str]:
        # Drawn without replacement by weight (Efraimidis and Spirakis, 2006): the greatest u^(1/weight) come first.
        drawn = sorted(likes, key=lambda key: self.dice.random() ** (1 / likes[key]), reverse=True)
        return drawn[: self.dice.randint(3, 5)]

    def _hand_in(self, stage: Stage, voter: Person, ranking: Sequence[str]) -> None:
        ideas = [self.ideas[key].id for key in ranking]
        hand_in(
            stage.id, voter, f"{self.folder}-ballot", lambda _before, frame: checked_ranking(ideas, frame), set(ideas)
        )
