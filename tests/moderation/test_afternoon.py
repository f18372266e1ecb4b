"""An afternoon of two moderators at one console: five hundred contributions, in parallel, with bulk acts, merges, second thoughts and collisions."""

import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import Idea
from campaign.merging.models import Merge
from campaign.moderation.models import Case
from campaign.moderation.reporting import report
from campaign.moderation.rules import Rules, choose_rules
from tests.cast import Browser, browser_of
from tests.makers import make_person
from tests.voting import cast_vote

CONSOLE = "/campaigns/soda/console"
PROGRAM = {"Accept": "application/json"}
PATIENCE = 120  # Seconds that one moderator waits for the other.
TOGETHER = 4  # Pages that both have before them at once, so that they must meet.

GOOD, SPAM, TWINS, REPORTED = 300, 100, 50, 50
WHAT = ("cap", "label", "straw", "ring", "lid", "handle", "mouth", "seal", "crate", "colour", "size", "foil")
HOW = ("that folds", "made of cork", "for left hands", "that children open", "to give back", "in braille", "that glows")
SHOPS = ("Cheap watches", "Quick loans", "Free followers", "Magic pills")


def titles() -> list[tuple[str, str]]:
    """What is sent this afternoon, as (what it is, its title), in the order of arrival: always the same."""
    drawn = random.Random(7)
    good = [f"A {what} {how}, size {size}" for size in range(1, 6) for what in WHAT for how in HOW][:GOOD]
    spam = [f"{drawn.choice(SHOPS)} at shop {number}" for number in range(SPAM)]
    twins = [f"{title} once more" for title in drawn.sample(good, TWINS)]
    found = [("good", title) for title in good] + [("spam", title) for title in spam] + [("twin", one) for one in twins]
    drawn.shuffle(found)
    return found


@pytest.fixture
def sent(app: Flask, people, mod_id: int, campaign: Campaign) -> dict[int, str]:
    """What each case is about: of 450 ideas that wait for a moderator, and of 50 that stand there and were reported."""
    authors = [make_person(f"author{number}") for number in range(20)]
    kinds: dict[int, str] = {}
    category = campaign.categories[0]
    for number in range(REPORTED):
        title = f"A can as number {number} has it"
        idea = submit_idea(campaign, authors[number % 20], title, "Look.", language="en", category=category)
        report(idea, people.carl, "spam")
    db.session.commit()
    choose_rules(campaign, people.ana, Rules(True, False, 3))
    for number, (_kind, title) in enumerate(titles()):
        submit_idea(campaign, authors[number % 20], title, "As I say.", language="en", category=category)
        if number % 50 == 0:
            db.session.commit()
    db.session.commit()
    kind_of = {title: kind for kind, title in titles()}
    for case in db.session.scalars(db.select(Case)):
        kinds[case.id] = kind_of.get(case.idea.title, "reported")
    assert Counter(kinds.values()) == {"good": GOOD, "spam": SPAM, "twin": TWINS, "reported": REPORTED}
    db.session.rollback()
    return kinds


@dataclass
class Moderator:
    """Somebody at the console, and what they were told."""

    browser: Browser
    kinds: dict[int, str]
    size: int  # Of a handful that they decide in one act.
    backwards: bool
    doubts: int  # Every so manieth act is taken back.
    decided: int = 0
    undone: int = 0
    pairs: list[tuple[int, int]] = field(default_factory=list)  # Ideas that say the same, each with the one that stays.
    refusals: list[str] = field(default_factory=list)
    odd: list[Any] = field(default_factory=list)
    acts: int = 0

    def work(self, meet: threading.Barrier, sorted_out: threading.Barrier) -> None:
        try:
            rounds = 0
            for queue in ("first", "reports"):
                while cases := self.waiting(queue):
                    if rounds < TOGETHER:
                        meet.wait()  # Both have read the same page before either acts.
                    rounds += 1
                    self.decide(cases)
            sorted_out.wait()  # All stands on the board by then, or is down.
            self.merge()
        except Exception as error:
            meet.abort()
            sorted_out.abort()
            self.odd.append(repr(error))

    def waiting(self, queue: str) -> list[int]:
        page = self.browser.get(f"{CONSOLE}/{queue}")
        assert page.status_code == 200, page.status_code
        cases = [int(number) for number in re.findall(r'data-case="(\d+)"', page.text)]
        return cases[::-1] if self.backwards else cases

    def decide(self, cases: list[int]) -> None:
        for verdict in ("approve", "hide"):
            fitting = [case for case in cases if self.verdict_on(case) == verdict]
            for start in range(0, len(fitting), self.size):
                self.act(verdict, fitting[start : start + self.size])

    def verdict_on(self, case: int) -> str:
        kind = self.kinds[case]
        if kind == "reported":  # On these the two don't agree: whoever is first decides.
            return "hide" if self.backwards else "approve"
        return "hide" if kind == "spam" else "approve"

    def merge(self) -> None:
        """Merge what says the same, each pair whether the other has done it or not; and some of them after a second thought."""
        for number, (twin, stays) in enumerate(self.pairs[::-1] if self.backwards else self.pairs):
            url = f"/ideas/{twin}/merging"
            acts = [f"{url}?with={stays}"]
            if number % self.doubts == 0:
                acts += [f"{url}/undo", *acts]
            for act in acts:
                answer = self.browser.post(act, reason="They say the same.")
                if answer.status_code != 302:
                    self.odd.append((act, answer.status_code, answer.text[:300]))

    def act(self, verdict: str, cases: list[int]) -> None:
        self.browser.post(f"{CONSOLE}/claims", case=str(cases[0]))
        given = {"act": verdict, "case": cases, "reason": "It is not for this board." if verdict == "hide" else ""}
        answer = self.browser.post(f"{CONSOLE}/decisions", data=given, headers=PROGRAM)
        if answer.status_code == 409:
            self.refusals.append(answer.json["error"]["message"])
            return
        if answer.status_code != 200:
            self.odd.append((answer.status_code, answer.text[:300]))
            return
        done = told_number(answer.json["said"]) if answer.json["undo"] else 0
        self.refusals += answer.json["refused"]
        self.decided += done
        self.acts += 1
        if done and self.acts % self.doubts == 0:
            undone = self.browser.post(f"{CONSOLE}/undo", batch=answer.json["undo"], headers=PROGRAM)
            if undone.status_code == 200:
                self.undone += done
            else:
                self.odd.append((undone.status_code, undone.text[:300]))


def told_number(said: str) -> int:
    """How many things a sentence is about: "3 approved.", or "Approved."."""
    found = re.match(r"\d+", said)
    return int(found.group()) if found else 1


def twins_of(app: Flask) -> list[tuple[int, int]]:
    """Each idea that was sent once more, with the one that was there before."""
    with app.app_context():
        named = dict(db.session.execute(db.select(Idea.title, Idea.id)).all())
        return [(named[title], named[title.removesuffix(" once more")]) for kind, title in titles() if kind == "twin"]


def vote_for_twins(app: Flask, cast: dict[str, int], pairs: list[tuple[int, int]]) -> None:
    """carl supports both of each pair, and drew the one that goes."""
    with app.app_context():
        carl, drew = (db.session.get_one(Person, cast[name]) for name in ("carl", "drew"))
        for twin, stays in pairs:
            for voter, number in ((carl, twin), (carl, stays), (drew, twin)):
                cast_vote(db.session.get_one(Idea, number), voter, f"vote-{voter.id}-{number}")
        db.session.commit()


def test_two_moderators_lose_nothing_and_decide_nothing_twice(
    app: Flask, cast, mod_id: int, sent: dict[int, str]
) -> None:
    pairs = twins_of(app)
    first = Moderator(browser_of(app, mod_id), sent, size=5, backwards=False, doubts=7, pairs=pairs)
    second = Moderator(browser_of(app, cast["ana"]), sent, size=2, backwards=True, doubts=11, pairs=pairs)
    meet = threading.Barrier(2, timeout=PATIENCE)
    sorted_out = threading.Barrier(2, timeout=PATIENCE, action=lambda: vote_for_twins(app, cast, pairs))
    threads = [threading.Thread(target=one.work, args=(meet, sorted_out)) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not first.odd
    assert not second.odd
    with app.app_context():
        cases = db.session.scalars(db.select(Case).order_by(Case.id)).all()
        entries = db.session.scalars(db.select(Entry).where(Entry.subject == "idea").order_by(Entry.id)).all()
        log = [entry for entry in entries if "case" in entry.details]
        names = dict(db.session.execute(db.select(Person.id, Person.name)).all())
        # Nothing was lost, and nothing came twice.
        assert {case.id for case in cases} == set(sent)
        assert all(case.verdict and case.decided_by_id in (mod_id, cast["ana"]) for case in cases)
        assert all(case.idea.unseen == (case.verdict == "hidden") for case in cases)
        # Each has one decision that stands: what was taken back is told as well.
        for case in cases:
            acts = [entry for entry in log if entry.details["case"] == case.id]
            kinds = [entry.what.removeprefix("idea.") for entry in acts]
            assert kinds[1::2] == ["decision_undone"] * (len(kinds) // 2), kinds
            assert kinds[-1] == ("approved" if case.verdict == "approved" else "taken_down")
            assert acts[-1].by_id == case.decided_by_id
            assert acts[-1].why == case.reason
            wanted = {one.verdict_on(case.id) for one in (first, second)}
            assert {"approved": "approve", "hidden": "hide"}[case.verdict] in wanted
        # The log is what each of them was told.
        for one, number in ((first, mod_id), (second, cast["ana"])):
            mine = Counter(entry.what == "idea.decision_undone" for entry in log if entry.by_id == number)
            assert (mine[False], mine[True]) == (one.decided, one.undone)
            assert one.decided > one.undone > 0
        assert first.decided + second.decided - first.undone - second.undone == len(sent)
        # Each pair is one idea in the end, once, with each vote of both; and the log says by which acts.
        for twin, stays in pairs:
            idea, other = db.session.get_one(Idea, twin), db.session.get_one(Idea, stays)
            assert idea.merged_into == other
            assert (idea.votes, other.votes) == (0, 2)
            assert idea.author_ids <= other.author_ids
            merges = db.session.scalars(db.select(Merge).filter_by(idea_id=twin).order_by(Merge.id)).all()
            assert [merge.undone_at is None for merge in merges] == [False] * (len(merges) - 1) + [True]
            told = [entry.what for entry in entries if entry.subject_id == twin and entry.what.endswith("merged")]
            assert told == ["idea.merged", "idea.unmerged"] * (len(merges) - 1) + ["idea.merged"]
        # Whoever came second heard who was first, and nothing else.
        said = re.compile(rf"Already handled by ({names[mod_id]}|{names[cast['ana']]}): (approved|taken down)\.")
        assert all(said.fullmatch(refusal) for refusal in first.refusals + second.refusals)
        assert first.refusals + second.refusals, "they never met"


def test_a_thousand_that_wait_cost_as_many_questions_as_sixty(
    app: Flask, people, mod, campaign: Campaign, queries
) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            title = f"A can as number {number} has it"
            submit_idea(campaign, people.bea, title, "Look.", language="en", category=campaign.categories[0])
        db.session.commit()

    def asked() -> int:
        with queries() as found:
            page = mod.get(f"{CONSOLE}/first")
        assert page.text.count('class="console__row"') == 50  # And one of them is open beside them.
        return len(found)

    choose_rules(campaign, people.ana, Rules(True, False, 3))
    fill(range(60))
    asked()
    few = asked()
    fill(range(60, 1000))
    assert asked() == few
