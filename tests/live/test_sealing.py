"""While totals are sealed, the wire is as silent as the page; at the release open boards tell them by themselves."""

import queue
from datetime import timedelta

import pytest

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.live import announce
from tests.calendars import until


@pytest.fixture
def seal(stage, server):
    def seal(shows_counts):
        with server.app.app_context():
            campaign = _campaign(stage)
            for each in campaign.stages[:2]:
                each.shows_counts = shows_counts
            db.session.commit()

    return seal


def _campaign(stage):
    return db.session.scalars(db.select(Campaign).filter_by(slug=stage.campaign)).one()


def edit(server, stage):
    """Something that everybody may know of happens on the board."""
    with server.app.app_context():
        announce(_campaign(stage).board, "idea.edited", ideas=[stage.ideas[0]])
        db.session.commit()


def heard_until_edited(listener):
    """Everything that was told up to the edit, except how many people are here."""
    heard = []
    while not heard or "idea.edited" not in heard[-1].get("kinds", []):
        try:
            _event, data = listener._heard.get(timeout=10)
        except queue.Empty:
            pytest.fail("the edit was not heard")
        if data.get("kinds") or data.get("votes") or data.get("ideas"):
            heard.append(data)
    return heard


def test_a_sealed_vote_makes_no_sound_and_the_end_of_the_stage_tells_all(server, stage, connect, seal):
    seal("ended")
    bea, ana, carl = connect("bea"), connect("ana"), connect("carl")
    known = [listener.ask("board.watch", {"campaign": stage.campaign}) for listener in (bea, ana)]
    assert all("votes" not in answer["snapshot"] for answer in known)
    assert all("votes" not in answer["snapshot"]["counts"] for answer in known)
    receipt = carl.cast(stage.ideas[0])["receipt"]
    assert "votes" not in receipt
    carl.cast(stage.ideas[1])
    edit(server, stage)
    for listener in (bea, ana):
        [change] = heard_until_edited(listener)
        assert change["kinds"] == ["idea.edited"]
        assert "votes" not in change
        assert "votes" not in change["counts"]
        assert change["seq"] == known[0]["seq"] + 1  # Not even a number was taken.
    back = connect("drew").ask("board.watch", {"campaign": stage.campaign, "since": known[0]["seq"]})
    assert "votes" not in back["changes"][0]

    with server.app.app_context():
        at = now() + timedelta(seconds=0.5)
        until(_campaign(stage), ideas_until=at - timedelta(hours=1), votes_until=at)
        db.session.commit()
    told = bea.until(lambda change: "stage.opened" in change["kinds"] and change["stage"]["counts"])
    assert told["votes"] == {str(idea): 1 for idea in stage.ideas}
    assert told["counts"]["votes"] == 2


def test_who_has_voted_follows_the_totals_and_who_has_not_hears_nothing(server, stage, connect, seal):
    seal("voted")
    bea, carl, drew = connect("bea"), connect("carl"), connect("drew")
    for listener in (bea, carl):
        assert "votes" not in listener.ask("board.watch", {"campaign": stage.campaign})["snapshot"]
    assert carl.cast(stage.ideas[0])["receipt"]["votes"] == 1
    carl.until(lambda told: True, "board.stale")
    assert carl.ask("board.watch", {"campaign": stage.campaign})["snapshot"]["votes"][str(stage.ideas[0])] == 1
    assert drew.cast(stage.ideas[0])["ok"]
    carl.until(lambda change: change.get("votes") == {str(stage.ideas[0]): 2})  # His own may be told him once more.
    edit(server, stage)
    [change] = heard_until_edited(bea)
    assert change["kinds"] == ["idea.edited"]
    assert "votes" not in change
