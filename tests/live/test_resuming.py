"""Whatever happens between, a screen that was away shows in the end what a fresh page shows."""

import json
import os
import signal
from contextlib import ExitStack
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.actions import restore_idea, withdraw_idea
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.live.news import CARDS
from tests.calendars import until
from tests.live.conftest import put_stage
from tests.live.wires import TEXT, Wire
from tests.makers import make_idea, make_person
from tests.servers import free_port

PATIENCE = 10
VOTERS = ("bea", "carl", "drew")
IDEAS = 4


class Screen:
    """What one client shows, by the rules of docs/protocol.md."""

    def __init__(self, url, campaign):
        self.url, self.campaign = url, campaign
        self.wire = None
        self.seq, self.votes, self.counts, self.stage = None, {}, {}, None

    @property
    def shown(self):
        """Which ideas, with how many votes; the figures but for people, who come and go; and the stage."""
        counts = {name: count for name, count in self.counts.items() if name != "people"}
        return self.votes, counts, self.stage

    def watch(self):
        self.wire = Wire(self.url).open()
        self._ask()

    def _ask(self):
        asked = {"campaign": self.campaign} | ({} if self.seq is None else {"since": self.seq})
        self.wire.say(f"421{json.dumps(['board.watch', asked])}")
        kept = []
        while not (text := self.wire.until(TEXT, b"4")).startswith(b"431"):
            kept.append(text)  # It may be newer than the answer.
        [answer] = json.loads(text[3:])
        if "snapshot" in answer:
            self.votes = {}
        for change in [answer["snapshot"]] if "snapshot" in answer else answer["changes"]:
            self._take(change)
        self.seq = answer["seq"]
        for text in kept:
            self._hear(text)

    def follow(self, seq):
        """Take in what is told until this number is known."""
        while self.seq < seq:
            self._hear(self.wire.until(TEXT, b"42"))

    def _hear(self, text):
        event, told = json.loads(text[2:])
        if event == "board.stale":
            self.seq = None
            self._ask()
        elif told["seq"] >= self.seq:
            self.seq = told["seq"]
            self._take(told)

    def _take(self, told):
        votes = told["votes"] | {str(idea["id"]): idea["votes"] for idea in told.get("ideas", [])}
        gone = {str(idea) for idea in told.get("gone", [])}
        self.votes = {idea: total for idea, total in (self.votes | votes).items() if idea not in gone}
        self.counts |= told.get("counts", {})
        if "stage" in told:
            self.stage = told["stage"]["votes"], told["stage"]["html"]

    def lose(self):
        self.wire.socket.close()
        self.wire = None


class Board(RuleBasedStateMachine):
    """People vote, ideas and connections and the server come and go, voting closes and opens."""

    serve: object
    databases: object

    @initialize()
    def begin(self):
        self.stack, self.url, self.port = ExitStack(), self.databases.copy(), str(free_port())
        self.start()
        self.stage = put_stage(self.server.app)
        with self.server.app.app_context():
            campaign = self.campaign
            self.ideas = [make_idea(campaign, make_person("author")).id for _ in range(IDEAS)]
            self.board = campaign.board
            db.session.commit()
            db.session.remove()
        self.screen = Screen(self.server.url, self.stage.campaign)
        self.screen.watch()
        self.voters, self.receipts, self.number, self.open = {}, {}, 0, True

    def start(self):
        self.server = self.stack.enter_context(self.serve(DATABASE_URL=self.url, PORT=self.port))

    def ask(self, voter, event, asked):
        if voter not in self.voters:
            self.voters[voter] = Wire(self.server.url).open(self.stage.tokens[voter])
        return self.voters[voter].ask(event, asked)

    @rule(
        voter=some.sampled_from(VOTERS), idea=some.integers(0, IDEAS - 1), act=some.sampled_from(["cast", "withdraw"])
    )
    def vote(self, voter, idea, act):
        self.number += 1
        asked = {"idea": self.ideas[idea], "id": f"act-number-{self.number}"}
        answer = self.ask(voter, f"vote.{act}", asked)
        if answer["ok"]:
            self.receipts[voter, act, asked["id"]] = asked, answer["receipt"]["number"]
        else:
            assert answer["error"]["code"] in (
                ("voting_closed", "no_vote") if act == "withdraw" else ("voting_closed",)
            )

    @precondition(lambda self: self.receipts)
    @rule(data=some.data())
    def repeat(self, data):
        voter, act, key = data.draw(some.sampled_from(sorted(self.receipts)))
        asked, number = self.receipts[voter, act, key]
        assert self.ask(voter, f"vote.{act}", asked)["receipt"]["number"] == number

    @precondition(lambda self: self.screen.wire)
    @rule()
    def lose_the_line(self):
        self.screen.lose()

    @precondition(lambda self: not self.screen.wire)
    @rule()
    def come_back(self):
        self.screen.watch()

    @property
    def campaign(self):
        return db.session.scalars(db.select(Campaign).where(Campaign.slug == self.stage.campaign)).one()

    @precondition(lambda self: self.open)
    @rule(few=some.booleans())
    def suggest(self, few):
        with self.server.app.app_context():
            author = make_person("author")
            for _ in range(1 if few else CARDS + 1):  # More than are told one by one.
                make_idea(self.campaign, author)
            db.session.commit()
            db.session.remove()

    @precondition(lambda self: self.open)
    @rule(number=some.integers(0, 1))
    def withdraw_or_restore(self, number):
        """One of the two that ana had before, which nobody votes for."""
        with self.server.app.app_context():
            idea = db.session.get_one(Idea, self.stage.ideas[number])
            if idea.withdrawn:
                restore_idea(idea, idea.author)
            else:
                withdraw_idea(idea, idea.author, "Somebody said it better.")
            db.session.commit()
            db.session.remove()

    @rule(opened=some.booleans())
    def open_or_close_voting(self, opened):
        self.open = opened
        with self.server.app.app_context():
            end = now() + timedelta(days=1 if opened else 0)
            until(self.campaign, ideas_until=end, votes_until=end)
            announce(self.board, "campaign.changed")
            db.session.commit()
            db.session.remove()

    @rule()
    def kill_and_restart(self):
        os.killpg(self.server.process.pid, signal.SIGKILL)
        self.server.process.wait()
        for wire in self.voters.values():
            wire.socket.close()
        self.voters = {}
        if self.screen.wire:
            self.screen.lose()
        self.stack.close()
        self.start()

    @rule()
    def look(self):
        fresh = Screen(self.server.url, self.stage.campaign)
        fresh.watch()
        fresh.lose()
        if not self.screen.wire:
            self.screen.watch()
        self.screen.follow(fresh.seq)
        assert self.screen.shown == fresh.shown

    def teardown(self):
        self.look()
        self.stack.close()
        self.databases.drop(self.url)


@pytest.mark.one_database
def test_a_screen_that_was_away_shows_what_a_fresh_page_shows(serve, databases):
    Board.serve, Board.databases = staticmethod(serve), databases
    run_state_machine_as_test(
        Board,
        settings=settings(
            max_examples=int(os.environ.get("EXAMPLES", "3")),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
