"""A page says for whom it was made. To it, whoever else connects in its place is nobody."""

import json
import secrets
from contextlib import ExitStack

import pytest

from campaign.extensions import db
from campaign.votes.models import Vote
from tests.cast import browser_of
from tests.live.wires import TEXT, Wire


@pytest.fixture
def connect_as(server, stage):
    """Connect with a cookie or a token of somebody, and say what a page says of itself."""
    with ExitStack() as wires:

        def connect_as(name, said, by="cookie"):
            session = browser_of(server.app, stage.names[name]).get_cookie("session").value
            cookie = f"Cookie: session={session}\r\n" if by == "cookie" else ""
            wire = wires.enter_context(Wire(server.url, extra=cookie))
            wire.until(TEXT, b"0")
            wire.say("40" + json.dumps(said | ({"token": stage.tokens[name]} if by == "token" else {})))
            return wire

        yield connect_as


def vote(wire, idea):
    return wire.ask("vote.cast", {"idea": idea, "id": secrets.token_hex(8)})


def voters(server, stage):
    with server.app.app_context():
        found = list(db.session.scalars(db.select(Vote.voter_id).where(Vote.idea_id.in_(stage.ideas))))
        db.session.remove()
    return found


@pytest.mark.parametrize("by", ["cookie", "token"])
@pytest.mark.parametrize("told", [True, False])
def test_a_page_votes_for_whom_it_was_made_and_a_client_that_says_nothing_for_whoever_it_shows(
    server, stage, connect_as, by, told
):
    wire = connect_as("bea", {"person": stage.names["bea"]} if told else {}, by)
    assert vote(wire, stage.ideas[0])["ok"]
    assert voters(server, stage) == [stage.names["bea"]]


@pytest.mark.parametrize("by", ["cookie", "token"])
@pytest.mark.parametrize("said", ["carl", None, "7", True, 1.0, {}, 10**30])
def test_a_page_never_votes_for_somebody_else(server, stage, connect_as, by, said):
    wire = connect_as("bea", {"person": stage.names.get(said, said) if isinstance(said, str) else said}, by)
    wire.until(TEXT, b"40")
    assert vote(wire, stage.ideas[0])["error"]["code"] == "sign_in_first"
    assert voters(server, stage) == []
    assert wire.ask("board.watch", {"campaign": stage.campaign})["ok"], "as nobody"


def test_a_page_learns_that_somebody_else_is_signed_in(stage, connect_as):
    wire = connect_as("bea", {"person": stage.names["carl"]})
    assert json.loads(wire.until(TEXT, b"42")[2:]) == ["person.changed", {}]


def test_a_page_of_somebody_who_signed_out_or_of_nobody_is_not_told_of_anybody(server, stage, connect_as):
    nobody = Wire(server.url)
    with nobody:
        nobody.until(TEXT, b"0")
        nobody.say("40" + json.dumps({"person": stage.names["carl"]}))
        for wire in (nobody, connect_as("bea", {"person": None})):
            wire.say('427["board.leave",{"campaign":"none"}]')
            heard = wire.until(TEXT, b"4")
            while heard.startswith(b"40"):
                heard = wire.until(TEXT, b"4")
            assert heard.startswith(b"43")
