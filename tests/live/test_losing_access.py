"""Who may no longer see a campaign hears no more of it, though their socket stays open."""

import queue
import time

import pytest
import socketio

from campaign.accounts.access import Ticket
from campaign.accounts.models import ApiToken, SignIn
from campaign.board.live import CampaignBoard
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.live import announce
from tests.cast import browser_of
from tests.live.conftest import Listener
from tests.makers import make_brand, make_campaign, make_person

SOON = 3  # Seconds, on a busy machine; the promise is one.


@pytest.fixture
def do(server):
    """Change something, as a page of the same server would."""

    def do(act):
        with server.app.app_context():
            act()
            db.session.commit()
            db.session.remove()

    return do


def campaign_of(stage):
    return db.session.scalars(db.select(Campaign).where(Campaign.slug == stage.campaign)).one()


def heard(listener, event, within=SOON):
    """Whether this is heard in time."""
    deadline = time.monotonic() + within
    while (left := deadline - time.monotonic()) > 0:
        try:
            name, data = listener._heard.get(timeout=left)
        except queue.Empty:
            return False
        if name == event:
            return data
    return False


def silent(listener):
    while not listener._heard.empty():
        listener._heard.get()
    return not heard(listener, "board.changed", within=0.7)


def watch(listener, stage):
    assert listener.ask("board.watch", {"campaign": stage.campaign})["ok"]
    return listener


def test_who_signs_out_hears_no_more(server, stage, do, connect):
    browser = browser_of(server.app, stage.names["bea"])
    cookie = browser.get_cookie("session").value
    bea = Listener.__new__(Listener)
    bea._heard = queue.Queue()
    bea.client = socketio.Client(reconnection=False)
    bea.client.on("*", lambda event, data: bea._heard.put((event, data)))
    bea.client.connect(server.url, headers={"Cookie": f"session={cookie}"}, transports=["websocket"])
    watch(bea, stage)
    do(lambda: db.session.execute(db.delete(SignIn).where(SignIn.person_id == stage.names["bea"])))
    assert heard(bea, "board.closed") == {"campaign": stage.campaign}
    connect("carl").cast(stage.ideas[0])
    assert silent(bea)
    bea.client.disconnect()


def test_whose_token_is_gone_hears_no_more(stage, do, connect):
    bea = watch(connect("bea"), stage)
    do(lambda: db.session.execute(db.delete(ApiToken).where(ApiToken.person_id == stage.names["bea"])))
    assert heard(bea, "board.closed")


def test_who_leaves_the_team_of_a_members_campaign_hears_no_more(stage, do, connect):
    def admit():
        campaign = campaign_of(stage)
        campaign.visibility = "members"
        db.session.add(Membership(brand_id=campaign.brand_id, person_id=stage.names["bea"], role="analyst"))

    do(admit)
    ana, bea = watch(connect("ana"), stage), watch(connect("bea"), stage)
    do(lambda: db.session.execute(db.delete(Membership).where(Membership.person_id == stage.names["bea"])))
    assert heard(bea, "board.closed")
    do(lambda: announce(campaign_of(stage).board, "vote.cast", votes={stage.ideas[0]: 1}))
    assert silent(bea)
    assert not heard(ana, "board.closed", within=1.5)


def test_a_campaign_that_becomes_its_members_own_closes_before_anything_more_is_sent(stage, do, connect):
    ana, bea, nobody = (watch(connect(name), stage) for name in ("ana", "bea", None))

    def close():
        campaign_of(stage).visibility = "members"
        announce(campaign_of(stage).board, "campaign.changed")

    do(close)
    assert heard(bea, "board.closed")
    assert heard(nobody, "board.closed")
    assert silent(bea)
    assert silent(nobody)
    assert not heard(ana, "board.closed", within=1.5)


def test_whose_role_on_a_public_campaign_ended_watches_afresh(stage, do, connect):
    ana, bea, nobody = (watch(connect(name), stage) for name in ("ana", "bea", None))
    do(lambda: db.session.execute(db.delete(Membership).where(Membership.person_id == stage.names["ana"])))
    assert heard(ana, "board.stale")
    watch(ana, stage)
    for listener in (ana, bea, nobody):
        assert not heard(listener, "board.closed", within=1)


def test_guarding_asks_the_same_however_many_watch(app, queries):
    def count(watchers):
        with app.app_context():
            ana = make_person("ana")
            boards = [make_campaign(make_brand(ana), ana).board for _ in range(3)]
            db.session.commit()
            tickets = {None, *(Ticket(f"key-{number}", number % 2 == 0) for number in range(watchers))}
            with queries() as asked:
                roles = CampaignBoard().roles(dict.fromkeys(boards, tickets))
        assert all(let_in == {None: "public"} for let_in in roles.values())
        return len(asked)

    few = count(4)
    assert count(500) == few
    assert few <= 4
