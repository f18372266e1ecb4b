"""Who reads too slowly delays nobody, fills no memory, and sees the truth in the end."""

import json
import os
from pathlib import Path

import pytest

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.live import announce
from tests.live.wires import TEXT, Wire
from tests.makers import make_idea, make_person

SLOW, IDEAS, CHANGES = 50, 40, 20


@pytest.fixture
def crowded(server, stage):
    """The stage's board with many more ideas on it."""
    with server.app.app_context():
        campaign = db.session.scalars(db.select(Campaign).where(Campaign.slug == stage.campaign)).one()
        stage.ideas += [make_idea(campaign, make_person("author")).id for _ in range(IDEAS)]
        stage.board = campaign.board
        db.session.commit()
        db.session.remove()
    return stage


def change_every_card(server, stage):
    # The server's process finds it when it looks, or with its next change, and tells it in a message of some 80 KB.
    with server.app.app_context():
        announce(stage.board, "idea.edited", ideas=stage.ideas)
        db.session.commit()
        db.session.remove()


def resident(server):
    """Bytes of memory of the process that serves."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return int(Path(f"/proc/{children[0]}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_fifty_clients_that_stop_reading_cost_nobody_a_change_and_catch_up(server, crowded, connect):
    slow = []
    for _ in range(SLOW):
        wire = Wire(server.url)
        assert wire.open().ask("board.watch", {"campaign": crowded.campaign})["ok"]
        slow.append(wire)
    bea, carl = connect("bea"), connect("carl")
    assert bea.ask("board.watch", {"campaign": crowded.campaign})["ok"]
    before, weight, latest = resident(server), 0, 0
    for number in range(CHANGES):
        change_every_card(server, crowded)
        assert carl.cast(crowded.ideas[number + 1])["ok"]
        change = bea.until(lambda change: len(change["ideas"]) > IDEAS)
        weight, latest = weight + len(json.dumps(change)), change["seq"]
        for wire in slow:
            wire.say("3")  # They are there: a ping would lie behind what they do not read, and this may take a while.
    assert resident(server) - before < SLOW * weight / 4  # Queued for all of them, it would be SLOW * weight.
    for wire in slow[:5]:
        votes, seen = {}, 0
        while seen < latest:
            change = json.loads(wire.until(TEXT, b'42["board.changed"')[2:])[1]
            assert change["seq"] >= seen
            seen = change["seq"]
            votes |= change["votes"]
        assert votes == {str(idea): 1 for idea in crowded.ideas[1 : CHANGES + 1]}
    for wire in slow:
        wire.socket.close()
    assert bea.ask("board.watch", {"campaign": crowded.campaign})["ok"]
