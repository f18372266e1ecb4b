"""docs/protocol.md and docs/asyncapi.yaml say what the server does: the same events, kinds, codes and fields."""

import ast
import re
from functools import cache

import pytest

from campaign.answers.actions import answer_idea
from campaign.board import live as board_live
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.actions import withdraw_idea
from campaign.ideas.models import Idea
from campaign.live import announce, gathering
from campaign.settings import ROOT
from campaign.votes import actions, allowance, ballot_box
from tests.live.written import PROTOCOL, asyncapi, faults, referred
from tests.makers import make_idea, make_person

NAME = re.compile(r"[a-z]+\.[a-z_]+")


@cache
def calls(name):
    """Every call of a function by this name in the application, with the module it stands in."""
    found = []
    for file in sorted((ROOT / "campaign").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found += [
            (tree, node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        ]
    return found


def names_in(*nodes):
    """The event-like words that are written there."""
    words = [word.value for node in nodes for word in ast.walk(node) if isinstance(word, ast.Constant)]
    return {word for word in words if isinstance(word, str) and NAME.fullmatch(word)}


def kinds():
    """What is announced. Where it stands in a variable, all that its module writes in this form and doesn't log."""
    found = set()
    for tree, call in calls("announce"):
        told = names_in(*call.args[1:])
        if any(isinstance(kind, ast.Starred) for kind in call.args):
            told = names_in(tree) - names_in(*(node for node in ast.walk(tree) if is_logging(node)))
        assert told, ast.unparse(call)
        found |= told
    return found


def is_logging(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")


def codes():
    """The codes of every refusal that a socket's handlers know, and of what breaks."""
    refusals = {
        thing
        for module in (board_live, ballot_box, actions, allowance, gathering)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Refused)
    }
    refusals |= set(actions.GONE.values())
    return {refusal.code for refusal in refusals - {Refused}} | {"broken"}


def told_in_table(heading):
    """The words in the first column of the table below this head."""
    rows = PROTOCOL.split(f"| {heading} |", 1)[1].split("\n\n")[0].splitlines()[2:]
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[1])]


def schema(name):
    return asyncapi()["components"]["schemas"][name]


def payload(channel, name):
    whole = asyncapi()
    return referred(whole["channels"][channel]["messages"][name], whole)["payload"]


def test_the_events_are_those_that_the_server_takes_and_sends():
    taken = names_in(*(call.args[0] for name in ("on", "on_together") for _tree, call in calls(name) if call.args))
    sent = names_in(*(call.args[0] for _tree, call in calls("Message")))
    assert set(told_in_table("Event")) == taken
    heard = PROTOCOL.split("## What you hear")[1].split("\n## ")[0]
    assert set(re.findall(r"^`(\w+\.\w+)`,", heard, re.MULTILINE)) == sent
    whole = asyncapi()
    assert set(whole["channels"]["events"]["messages"]) == taken | sent
    for action, events in (("receive", taken), ("send", sent)):
        operations = [operation for operation in whole["operations"].values() if operation["action"] == action]
        told = [message["$ref"].rsplit("/", 1)[1] for operation in operations for message in operation["messages"]]
        assert sorted(told) == sorted(events)


def test_the_kinds_are_those_that_are_announced():
    assert sorted(told_in_table("Kind")) == sorted(kinds())
    assert sorted(schema("kind")["enum"]) == sorted(kinds())


def test_the_codes_are_those_that_a_socket_answers_with():
    assert sorted(told_in_table("Code")) == sorted(codes())
    assert sorted(schema("error")["properties"]["code"]["enum"]) == sorted(codes())


def test_both_pages_name_the_same_fields():
    assert told_in_table("Field") == list(schema("change")["properties"])
    for words, name in [
        (r"A \*\*receipt\*\* is `\{(.+?)\}`", "receipt"),
        (r"A \*\*snapshot\*\* is `\{(.+?)\}`", "snapshot"),
        (r"added or changed: `\{(.+?)\}`", "card"),
        (r"`stage\.…`: `\{(.+?)\}`", "stage"),
        (r"`counts` \| `\{(.+?)\}`", "counts"),
        (r"`board\.watch` \| `\{(.+?)\}`", "watch"),
        (r"`vote\.cast` \| `\{(.+?)\}`", "vote"),
        (r"`board\.leave` \| `\{(.+?)\}`", "board"),
        (r"`board\.closed`, `\{(.+?)\}`", "board"),
    ]:
        named = re.search(words, PROTOCOL)[1].replace("?", "").split(", ")
        assert sorted(named) == sorted(schema(name)["properties"]), name
    assert "`retry_after`" in PROTOCOL


@pytest.fixture
def agree():
    """Assert that what came is as it is written, with no field more."""
    whole = asyncapi()

    def agree(channel, message, value):
        assert faults(payload(channel, message), value, whole) == []

    return agree


def test_acknowledgements_are_as_written(stage, connect, agree):
    bea, nobody = connect("bea"), connect()
    snapshot = nobody.ask("board.watch", {"campaign": stage.campaign})
    agree("acknowledgements", "snapshot", snapshot)
    agree("acknowledgements", "receipt", bea.cast(stage.ideas[0]))
    agree("acknowledgements", "refusal", nobody.cast(stage.ideas[0]))
    agree("acknowledgements", "refusal", bea.ask("board.watch", {}))
    missed = nobody.ask("board.watch", {"campaign": stage.campaign, "since": snapshot["seq"]})
    agree("acknowledgements", "changes", missed)
    agree("acknowledgements", "left", nobody.ask("board.leave", {"campaign": stage.campaign}))


def test_changes_are_as_written(server, stage, connect, agree):
    """Whatever can stand in one: a card, an idea that left, the stage, and people alone."""
    watcher = connect()
    watcher.ask("board.watch", {"campaign": stage.campaign})
    connect("bea").ask("board.watch", {"campaign": stage.campaign})
    agree("events", "board.changed", watcher.until(lambda change: change["counts"].keys() == {"people"}))
    with server.app.app_context():
        kept, leaving = (db.session.get_one(Idea, idea) for idea in stage.ideas)
        answer_idea(kept, kept.author, "We will try it.")
        withdraw_idea(leaving, leaving.author, "Said before.")
        make_idea(kept.campaign, make_person())
        announce(kept.campaign.board, "campaign.changed")
        db.session.commit()
        db.session.remove()
    connect("carl").cast(stage.ideas[0])
    heard = []  # In one tick or in several, as the database's news come in.
    watcher.until(lambda change: heard.append(change) or change["votes"])
    for part in ("ideas", "gone", "stage", "votes"):
        assert any(change.get(part) for change in heard), part
    for change in heard:
        agree("events", "board.changed", change)
