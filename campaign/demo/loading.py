"""The demo's rows: a brand, its people and a campaign three weeks old, made from `content/`; then two campaigns that are retold.

Everything is dated back from the moment of loading, so that the campaign is open and talked about on any day. The same
dice fall each time; only the moment and the names of the picture files differ.
"""

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gevent import get_hub
from sqlalchemy import insert

from campaign.accounts.models import Person
from campaign.accounts.passwords import hash_password
from campaign.answers.models import Answer, AnswerVersion
from campaign.brands.models import Brand, Membership
from campaign.campaigns.fields import zone
from campaign.campaigns.kinds import KINDS, switched
from campaign.campaigns.models import Campaign, CampaignText, Category, Publication, Stage, Tag
from campaign.campaigns.rules import TOLD, Rules, RulesAcceptance, Terms
from campaign.clock import now
from campaign.demo import illustrations
from campaign.demo.ballot_box import put_in
from campaign.demo.discussing import discuss
from campaign.demo.office import Office
from campaign.demo.retelling import Retelling
from campaign.demo.texts import read_content, read_ideas
from campaign.demo.voting import Ballot, cast_ballots
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.actions import make_idea, write_version
from campaign.ideas.attaching import show_pictures
from campaign.ideas.dealing import LOTS
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.searching import index_idea
from campaign.images import keep_image
from campaign.mail import UNREAD, OutgoingMail
from campaign.merging.models import MergingNews
from campaign.statuses.actions import change_to, give_status
from campaign.statuses.lists import own_list
from campaign.text import slugify

PASSWORD = "ensemble-demo"  # noqa: S105  Told to everybody who starts the demo.
FOUNDED = 120  # Days ago: before the first of the campaigns.
PARTICIPANT = "beatrice-l"  # Whom the start names, beside the brand's team, to sign in as.

# The campaigns beside the one that everybody lands on, each in a folder of its own: one that is over, and a product test.
RETOLD = ("drinks", "cups")

# Who only reads and votes. Far more than the largest total, so that nobody has to like everything.
QUIET = 460
FIRST_NAMES = """
    Adèle Agathe Alice Amel Anouk Arthur Assia Baptiste Camille Carole Chloé Clément Cyril Daphné David Diane Djibril Elsa Emma
    Étienne Farid Flora Gabriel Gaëlle Gilles Hélène Henri Idriss Irène Ivan Jade Jeanne Joris Julie Kenza Laure Léon Lina Louis
    Lucas Maëlle Malik Manon Margot Marius Mathilde Max Mona Nadia Nathan Nina Noé Oscar Owen Paula Pierre Rémi Rosa Salomé Samir
    Sarah Simon Tess Théo Tim Ulysse Valérie Victor Wanda Yasmine Zoé
""".split()


def demo_campaign() -> Campaign | None:
    """The demo's campaign, where it was loaded."""
    return db.session.scalar(db.select(Campaign).where(Campaign.slug == read_content("campaign")["slug"]))


def load_demo() -> Campaign:
    """Put the demo's brand and campaigns into the database. Where they are already, nothing changes."""
    if (there := demo_campaign()) is not None:
        return there
    ideas, cover = read_ideas(), read_content("campaign")["slug"]
    pictures = _draw(list(illustrations.COMPOSITIONS))
    loading = _Loading(now(), random.Random(7))  # noqa: S311  Dice for a demo, not for a secret.
    loading.invite_people()
    campaign = loading.open_campaign(pictures[cover])
    for key, told in sorted(ideas.items(), key=lambda item: -item[1]["days_ago"]):  # Ids follow time.
        loading.put_up(campaign, key, told, pictures.get(key))
    discuss(ideas, loading.ideas, loading.people, loading.ago)
    loading.vote(campaign, ideas)
    loading.say_where_ideas_stand(campaign)
    with loading.out_of_reach():
        for folder in RETOLD:
            loading.retell(folder, pictures)
        loading.fill_office(campaign)
    return campaign


def _draw(keys: list[str]) -> dict[str, bytes]:
    # In real threads: Pillow lets go of the interpreter for the slowest parts.
    return dict(zip(keys, get_hub().threadpool.map(_png, keys), strict=True))


def _png(key: str) -> bytes:
    file = io.BytesIO()
    illustrations.draw(key).save(file, "PNG", compress_level=1)
    return file.getvalue()


@dataclass
class _Loading:
    """What the steps of one loading share."""

    today: datetime
    dice: random.Random

    def __post_init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.ideas: dict[str, Idea] = {}
        self.quiet: list[int] = []

    def ago(self, days: float) -> datetime:
        return self.today - timedelta(days=days)

    def at_hour(self, days: float, hour: int) -> datetime:
        """That hour, where the campaign lives, so many days from today."""
        day = (self.today + timedelta(days=days)).astimezone(zone())
        return day.replace(hour=hour, minute=0, second=0, microsecond=0)

    # The steps.

    def invite_people(self) -> None:
        """The brand with its team, those who write, those who will be simulated, and the quiet ones."""
        told, password_hash = read_content("brand"), hash_password(PASSWORD)
        founded = self.ago(FOUNDED)
        writing = [*told["team"], *read_content("people")["people"], *read_content("further")["people"]]
        for person in writing:
            self.people[person["key"]] = Person(
                email=person["email"],
                name=person["name"],
                password_hash=password_hash,
                language=person["language"],
                joined_at=founded,
                confirmed_at=founded,
            )
        db.session.add_all(self.people.values())
        self.brand = Brand(
            slug=told["slug"], name=told["name"], colour=told["colour"], about=told["about"], founded_at=founded
        )
        db.session.add_all(
            Membership(brand=self.brand, person=self.people[one["key"]], role=one["role"], since=founded)
            for one in told["team"]
        )
        quiet = [
            {
                "email": f"quiet-{number:03}@example.org",
                "name": f"{self.dice.choice(FIRST_NAMES)} {self.dice.choice('ABCDFGHJLMNPRSTV')}.",
                "language": self.dice.choices(("fr", "en"), (3, 1))[0],
                "joined_at": founded,
                "confirmed_at": founded,
            }
            for number in range(1, QUIET + 1)
        ]
        db.session.flush()
        self.quiet = list(db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), quiet))

    def open_campaign(self, cover: bytes) -> Campaign:
        """The campaign in both languages with its cover, published and open for the coming weeks."""
        told = read_content("campaign")
        opened = self.at_hour(-told["opened_days_ago"] - 1, 9)  # A day earlier: nobody wrote before the opening.
        owner = next(member for member in read_content("brand")["team"] if member["role"] == "owner")
        campaign = Campaign(
            slug=told["slug"],
            brand=self.brand,
            visibility=told["visibility"],
            stages=[
                Stage(kind=kind, opens_at=at, **switched(KINDS[kind].switches))
                for kind, at in (
                    ("conception", opened),
                    ("vote", self.at_hour(told["ideas_close_in_days"], 20)),
                    ("outcome", self.at_hour(told["votes_close_in_days"], 20)),
                )
            ],
            answers_by=self.at_hour(told["answers_in_days"], 20),
            title_min=told["title_min"],
            title_max=told["title_max"],
            text_max=told["text_max"],
            made_at=opened - timedelta(days=3),
            publication=Publication(by=self.people[owner["key"]], at=opened),
            cover=keep_image(cover, by=self.people[owner["key"]], alt=told["cover"][told["languages"][0]]),
        )
        for language in told["languages"]:
            words = {name: told[name][language].strip() for name in ("title", "lead", "brief", "gift")}
            campaign.texts[language] = CampaignText(language=language, **words)
        campaign.categories = [
            Category(slug=one["key"], position=position, names={code: one[code] for code in told["languages"]})
            for position, one in enumerate(told["categories"])
        ]
        # One word for one thing, whichever language an idea is in: who writes takes the words that are there.
        self.tags = {tag["key"]: Tag(slug=slugify(tag["name"]), name=tag["name"]) for tag in told["tags"]}
        campaign.tags = list(self.tags.values())
        db.session.add(campaign)
        db.session.flush()
        self._state_rules(campaign, told, self.people[owner["key"]], opened)
        self.record("campaign.drafted", campaign, owner["key"], campaign.made_at)
        self.record("campaign.published", campaign, owner["key"], opened)
        return campaign

    def _state_rules(self, campaign: Campaign, told: dict[str, Any], by: Person, at: datetime) -> None:
        """The rules, accepted by everybody who writes: the idea forms of the others ask for it."""
        self.rules = Rules(campaign=campaign, number=1, at=at, by=by, licence=campaign.licence)
        stated = told["rules"]
        words = {
            code: {name: stated[name][code].strip() for name in TOLD if name in stated} for code in told["languages"]
        }
        self.rules.say(Terms(chosen=stated["chosen"], out_of=stated["out_of"], texts=words))
        db.session.add(self.rules)
        db.session.flush()
        accepted = [{"rules_id": self.rules.id, "person_id": person.id, "at": at} for person in self.people.values()]
        db.session.execute(insert(RulesAcceptance), accepted)

    def put_up(self, campaign: Campaign, key: str, told: dict[str, Any], picture: bytes | None) -> None:
        """One idea with its versions, its picture, its answer, or its withdrawal."""
        author, language = self.people[told["author"]], told["language"]
        idea = self.ideas[key] = make_idea(
            campaign,
            author,
            told["title"],
            told["text"],
            language=language,
            category=next(one for one in campaign.categories if one.slug == told["category"]),
            place=told.get("place"),
            at=self.ago(told["days_ago"]),
        )
        idea.rules = self.rules
        idea.lot = self.dice.randrange(1, LOTS)
        idea.tags = [self.tags[tag] for tag in told["tags"]]
        self._write_versions(idea, told)
        if picture:
            show_pictures(idea, [keep_image(picture, by=author, alt=told["illustration"][language])])
        index_idea(idea)
        if answer := told.get("answer"):
            at = idea.answered_at = self.ago(answer["days_ago"])
            by = self.people[answer["by"]]
            words = {"by": by, "role": answer["role"], "text": answer["text"].strip(), "at": at}
            db.session.add(Answer(idea=idea, **words))
            db.session.flush()
            db.session.add(AnswerVersion(idea_id=idea.id, number=1, **words))
            self.record("idea.answered", idea, answer["by"], at)
        if taken := told.get("withdrawal"):
            at = self.ago(taken["days_ago"])
            idea.withdrawal = Withdrawal(reason=taken["reason"], at=at)
            self.record("idea.withdrawn", idea, told["author"], at, why=taken["reason"])

    def _write_versions(self, idea: Idea, told: dict[str, Any]) -> None:
        at, why = idea.submitted_at, ""
        for number, words in enumerate([*told.get("earlier", []), told], 1):
            idea.version, idea.text = number, words["text"]
            write_version(idea, idea.author, at)
            if number > 1:
                db.session.flush()
                self.record("idea.edited", idea, told["author"], at, why=why, version=number)
            if number <= len(told.get("earlier", [])):
                at, why = self.ago(words["until_days_ago"]), words.get("why", "")

    def vote(self, campaign: Campaign, ideas: dict[str, Any]) -> None:
        """As many votes as the content says, each by somebody, at some moment; the last ones a minute ago."""
        team = {member["key"] for member in read_content("brand")["team"]}
        simulated = {person["key"] for person in read_content("further")["people"]}
        known = [person.id for key, person in self.people.items() if key not in team | simulated]
        wanted = [
            Ballot(
                self.ideas[key].id,
                self.ideas[key].author_id,
                told["category"],
                told["votes"],
                self.ideas[key].submitted_at,
                self.ago(told["withdrawal"]["days_ago"]) if "withdrawal" in told else None,
            )
            for key, told in ideas.items()
        ]
        acts = cast_ballots(wanted, known, self.quiet, self.today, zone(), self.dice)
        put_in(campaign, self.ideas.values(), acts)

    def say_where_ideas_stand(self, campaign: Campaign) -> None:
        """The statuses that the team has set, and the mark for those with enough supporters."""
        told, statuses = read_content("statuses"), {status.key: status for status in own_list(campaign)}
        for status in statuses.values():
            status.freezes_votes = False  # Whoever looks around in the demo may support anything.
        for step in told["set"]:
            idea, status = self.ideas[step["idea"]], statuses[step["status"]]
            before = idea.status or statuses["new"]
            give_status(idea, status)
            at, reason = self.ago(step["days_ago"]), step.get("reason", "")
            change_to(idea, status, self.people[step["by"]], reason).at = at
            moved = [{"key": one.key, "names": {}} for one in (before, status)]
            self.record("idea.status_set", idea, step["by"], at, why=reason, status=moved, unusual=False)
        campaign.qualifies_at = told["qualifies_at"]
        for idea in self.ideas.values():
            if idea.votes >= campaign.qualifies_at:
                idea.qualified_at = max(self.ago(9.0), idea.submitted_at)

    @contextmanager
    def out_of_reach(self) -> Iterator[None]:
        """Meanwhile nobody has an address to which mail is made: of what happened weeks ago, half a second of it would be."""
        addresses = {key: person.email for key, person in self.people.items()}
        for key, person in self.people.items():
            person.email = f"{key}@demo{UNREAD}"
        yield
        for key, person in self.people.items():
            person.email = addresses[key]

    def retell(self, folder: str, pictures: dict[str, bytes]) -> None:
        """Another campaign of the brand. Nobody is told by mail today of what happened then."""
        last = db.session.scalar(db.select(db.func.max(OutgoingMail.id))) or 0
        Retelling(folder, self.brand, self.people, self.quiet, pictures, self.today).tell()
        db.session.execute(db.delete(OutgoingMail).where(OutgoingMail.id > last))
        db.session.execute(db.delete(MergingNews))
        db.session.info.pop("mail", None)

    def fill_office(self, campaign: Campaign) -> None:
        """What the team finds on its own pages. Nobody is told of it by mail either."""
        last = db.session.scalar(db.select(db.func.max(OutgoingMail.id))) or 0
        Office(campaign, self.people, self.quiet, self.ideas, self.today).fill()
        db.session.execute(db.delete(OutgoingMail).where(OutgoingMail.id > last))
        db.session.info.pop("mail", None)

    def record(self, what: str, subject: Any, by: str, at: datetime, why: str = "", **details: Any) -> None:
        """history.record() for what happened earlier."""
        db.session.flush()
        db.session.add(
            Entry(
                what=what,
                subject=subject.__tablename__,
                subject_id=subject.id,
                by_id=self.people[by].id,
                at=at,
                why=why,
                details=details,
            )
        )
