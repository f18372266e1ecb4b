"""Votes given without a line: kept on the device, over a reload, and sent once."""

import json
import re

import pytest
from playwright.sync_api import expect

from campaign.accounts.actions import sign_out_everywhere
from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.errors import Busy, as_json
from campaign.extensions import db
from campaign.votes.models import BallotEntry, Vote
from tests.browser.test_board import vote_button
from tests.browser.time_stopped import stop_time
from tests.calendars import over
from tests.cast import browser_of

pytestmark = pytest.mark.one_database

TITLE = "A can you can reseal"


def stored(server, stage, model):
    with server.app.app_context():
        count = db.session.scalar(db.select(db.func.count()).select_from(model).where(model.idea_id == stage.ideas[0]))
        db.session.remove()
    return count


def cut(page):
    page.context.set_offline(True)
    page.evaluate("import('ensemble/live').then(({ socket }) => socket.io.engine.close())")
    expect(page.locator("connection-state")).to_have_attribute("data-state", "offline")


def test_a_vote_without_a_line_is_kept_and_sent_once_when_the_line_is_back(server, open_as, stage):
    carl, bea = open_as("carl"), open_as("bea")
    cut(carl)
    vote_button(carl, TITLE).click()
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-pressed", "true")
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-busy", "true")
    expect(carl.locator("toast-rack")).to_contain_text("kept on this device")
    unsent = vote_button(carl, TITLE).get_by_text("To be sent")
    expect(unsent).to_be_visible()
    assert stored(server, stage, Vote) == 0
    carl.context.set_offline(False)
    expect(bea.locator(f"#idea-{stage.ideas[0]} .idea__votes")).to_have_text("1")
    expect(vote_button(carl, TITLE)).not_to_have_attribute("aria-busy", "true")
    expect(unsent).to_be_hidden()
    assert (stored(server, stage, Vote), stored(server, stage, BallotEntry)) == (1, 1)
    assert carl.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('votes:'))") == []


def test_a_kept_vote_survives_a_reload(server, open_as, stage):
    carl, bea = open_as("carl"), open_as("bea")
    carl.route("**/socket.io/**", lambda route: route.abort())
    carl.route("**/vote", lambda route: route.abort())
    carl.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    carl.reload()
    vote_button(carl, TITLE).click()
    expect(carl.locator("toast-rack")).to_contain_text("kept on this device")
    carl.reload()
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-pressed", "true")
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-busy", "true")
    carl.unroute_all()
    later = carl.context.new_page()
    later.goto(carl.url)
    expect(vote_button(later, TITLE)).not_to_have_attribute("aria-busy", "true")
    expect(bea.locator(f"#idea-{stage.ideas[0]} .idea__votes")).to_have_text("1")
    assert (stored(server, stage, Vote), stored(server, stage, BallotEntry)) == (1, 1)


def test_a_vote_that_never_left_is_taken_back_without_a_trace(server, open_as, stage):
    carl = open_as("carl")
    cut(carl)
    vote_button(carl, TITLE).click()  # Tried at once, and so it may have got through.
    vote_button(carl, "A can for two").click()
    vote_button(carl, "A can for two").click()
    expect(vote_button(carl, "A can for two")).to_have_attribute("aria-pressed", "false")
    expect(vote_button(carl, "A can for two")).not_to_have_attribute("aria-busy", "true")
    waiting = carl.evaluate(
        "JSON.parse(localStorage[Object.keys(localStorage).find((key) => key.startsWith('votes:'))])"
    )
    assert [vote["idea"] for vote in waiting] == [stage.ideas[0]]
    carl.context.set_offline(False)
    expect(vote_button(carl, TITLE)).not_to_have_attribute("aria-busy", "true")


def test_a_kept_vote_that_is_refused_says_why_and_is_shown_as_it_is(server, open_as, stage):
    carl = open_as("carl")
    cut(carl)
    vote_button(carl, TITLE).click()
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-pressed", "true")
    with server.app.app_context():
        over(db.session.get_one(Campaign, stage.campaign))
        db.session.commit()
        db.session.remove()
    carl.context.set_offline(False)
    expect(carl.locator("toast-rack")).to_contain_text("Voting on this campaign is not open.")
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-pressed", "false")
    assert stored(server, stage, Vote) == 0


def test_on_a_phone_what_is_said_of_the_line_is_not_covered(open_as):
    carl = open_as("carl", viewport={"width": 360, "height": 780}, reduced_motion="reduce")
    cut(carl)
    vote_button(carl, TITLE).click()
    toast = carl.locator(".toast", has_text="kept on this device")
    expect(toast).to_be_visible()
    above, below = toast.bounding_box(), carl.locator(".connection[data-for=offline]").bounding_box()
    assert above["y"] + above["height"] <= below["y"]


def test_without_room_on_the_device_every_vote_of_the_page_is_sent(server, open_as, stage):
    carl = open_as("carl")
    carl.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }"
    )
    cut(carl)
    vote_button(carl, TITLE).click()
    vote_button(carl, "A can for two").click()
    carl.context.set_offline(False)
    for title in (TITLE, "A can for two"):
        expect(vote_button(carl, title)).not_to_have_attribute("aria-busy", "true")
        expect(vote_button(carl, title)).to_have_attribute("aria-pressed", "true")
    with server.app.app_context():
        assert db.session.scalar(db.select(db.func.count()).where(Vote.idea_id.in_(stage.ideas))) == 2
        db.session.remove()


def test_a_vote_too_many_to_be_kept_says_so_and_takes_the_place_of_none(open_as, stage):
    carl = open_as("carl")
    carl.route("**/vote", lambda route: route.abort())
    carl.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    carl.route("**/socket.io/**", lambda route: route.abort())
    kept = """() => {
      const place = `votes:${document.documentElement.dataset.person}`
      const votes = Array.from({ length: 500 }, (_, number) => ({ idea: 900000 + number, act: "cast", id: `made-by-a-test-${number}` }))
      localStorage.setItem(place, JSON.stringify(votes))
    }"""
    carl.reload()  # Without a line from now on: nothing of what is kept may leave.
    carl.evaluate(kept)
    carl.reload()
    vote_button(carl, TITLE).click()
    expect(carl.locator("toast-rack")).to_contain_text("no more can be kept on this device")
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-pressed", "false")
    expect(vote_button(carl, TITLE)).not_to_have_attribute("aria-busy", "true")
    ids = carl.evaluate(
        "JSON.parse(localStorage[Object.keys(localStorage).find((key) => key.startsWith('votes:'))]).map(({ id }) => id)"
    )
    assert ids == [f"made-by-a-test-{number}" for number in range(500)]


def test_a_vote_after_the_session_ended_elsewhere_is_never_shown_as_stored(server, open_as, stage):
    carl = open_as("carl")
    with server.app.app_context():
        sign_out_everywhere(db.session.get_one(Person, stage.people["carl"]))
        db.session.commit()
        db.session.remove()
    vote_button(carl, TITLE).click()
    expect(carl.locator("toast-rack")).to_contain_text("Sign in first")
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-busy", "true")
    expect(vote_button(carl, TITLE).get_by_text("To be sent")).to_be_visible()
    assert stored(server, stage, Vote) == 0


def test_a_line_that_says_nothing_holds_no_vote_back(server, open_as, stage):
    carl = open_as("carl")
    line, held = Line(), []
    carl.route_web_socket("**/socket.io/**", line.carry)
    carl.route("**/socket.io/*polling*", lambda route: route.abort())
    carl.route("**/vote", lambda route: held.append(route))
    # Patience in a fifth of its time.
    carl.add_init_script(
        "const patience = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = (ms) => patience(ms / 5)"
    )
    carl.reload()
    vote_button(carl, TITLE).click()
    expect(carl.locator("toast-rack")).to_contain_text("kept on this device")
    assert len(held) >= 1
    line.up = True
    carl.evaluate("import('ensemble/live').then(({ socket }) => socket.disconnect().connect())")
    expect(vote_button(carl, TITLE)).not_to_have_attribute("aria-busy", "true")
    assert (stored(server, stage, Vote), stored(server, stage, BallotEntry)) == (1, 1)


class Line:
    """A way to the server that can be down."""

    up = False

    def carry(self, socket):
        if self.up:
            socket.connect_to_server()
        else:
            socket.close()


def test_two_tabs_in_the_same_moment_keep_the_votes_of_both(server, open_as, stage):
    carl = open_as("carl")
    other = carl.context.new_page()
    for tab in (carl, other):
        # A tab may vote before it hears what another has put down.
        tab.add_init_script("addEventListener('storage', (event) => event.stopImmediatePropagation(), true)")
        tab.goto(f"{stage.url}?order=new")
    for tab in (carl, other):
        cut(tab)
    vote_button(carl, TITLE).click()
    vote_button(other, "A can for two").click()
    expect(vote_button(other, "A can for two")).to_have_attribute("aria-busy", "true")
    waiting = other.evaluate(
        "JSON.parse(localStorage[Object.keys(localStorage).find((key) => key.startsWith('votes:'))])"
    )
    assert [vote["idea"] for vote in waiting] == [stage.ideas[0], stage.ideas[1]]
    carl.close()
    other.context.set_offline(False)
    expect(vote_button(other, "A can for two")).not_to_have_attribute("aria-busy", "true")
    with server.app.app_context():
        assert db.session.scalar(db.select(db.func.count()).where(Vote.idea_id.in_(stage.ideas))) == 2
        db.session.remove()


# Milliseconds after which a busy server that says "in a second" is asked again, give or take a quarter, so that not all come together.
PAUSES = [1000, 1000, 2000, 4000]


def test_a_busy_server_is_asked_again_later_and_later_until_it_has_stored_the_vote_once(server, open_as, stage):
    with server.app.test_request_context():
        busy = {"ok": False, "error": as_json(Busy()) | {"retry_after": 1}}
    tries = []

    def carry(socket):
        def ask(message):
            found = re.match(r'42(\d+)(\["vote\.cast".*)', message)
            if found:
                tries.append(json.loads(found[2])[1])
            if found and len(tries) <= len(PAUSES):
                socket.send(f"43{found[1]}{json.dumps([busy])}")
            else:
                upstream.send(message)

        upstream = socket.connect_to_server()
        socket.on_message(ask)

    carl = open_as("carl")
    carl.route_web_socket("**/socket.io/**", carry)
    carl.reload()
    carl.wait_for_function("() => import('ensemble/live').then(({ socket }) => socket.connected)")
    # With a new line the queue looks once by itself, within half a second: that is over when a later timer has run.
    carl.evaluate("() => new Promise((done) => setTimeout(done, 500))")
    stop_time(carl)
    carl.evaluate("document.addEventListener('vote:kept', () => { window.kept = (window.kept ?? 0) + 1 })")
    vote_button(carl, TITLE).click()
    for number, pause in enumerate(PAUSES, start=1):
        carl.wait_for_function("(number) => window.kept === number", arg=number)
        carl.clock.run_for(0.7 * pause)
        assert len(tries) == number, "it was told when to come again"
        carl.clock.run_for(0.6 * pause)
    expect(vote_button(carl, TITLE)).not_to_have_attribute("aria-busy", "true")
    expect(carl.locator("toast-rack")).to_contain_text("Your vote is stored.")
    assert len(tries) == len(PAUSES) + 1
    assert all(again == tries[0] for again in tries)
    assert (stored(server, stage, Vote), stored(server, stage, BallotEntry)) == (1, 1)


def test_a_page_left_open_never_votes_as_who_signed_in_after_its_reader(server, open_as, stage):
    carl = open_as("carl")
    cut(carl)
    vote_button(carl, TITLE).click()
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-busy", "true")
    drew = browser_of(server.app, stage.people["drew"]).get_cookie("session").value
    carl.context.add_cookies([{"name": "session", "value": drew, "url": server.url}])
    carl.context.set_offline(False)
    carl.evaluate("import('ensemble/live').then(({ socket }) => socket.disconnect().connect())")
    said = carl.locator(".toast", has_text="Somebody else has signed in here")
    expect(said).to_be_visible()
    expect(vote_button(carl, TITLE).get_by_text("To be sent")).to_be_visible()
    vote_button(carl, "A can for two").click()
    expect(vote_button(carl, "A can for two").get_by_text("To be sent")).to_be_visible()
    expect(said).to_be_visible()
    assert stored(server, stage, BallotEntry) == 0
    waiting = carl.evaluate(f"JSON.parse(localStorage['votes:{stage.people['carl']}'])")
    assert [vote["idea"] for vote in waiting] == stage.ideas[:2]
    # Reloaded, the page is of who is signed in now, and leaves what is not theirs where it is.
    said.get_by_role("link", name="Reload the page").click()
    expect(vote_button(carl, TITLE)).to_have_attribute("aria-pressed", "false")
    vote_button(carl, TITLE).click()
    expect(carl.locator("toast-rack")).to_contain_text("Your vote is stored.")
    assert stored(server, stage, BallotEntry) == 1
    assert len(carl.evaluate(f"JSON.parse(localStorage['votes:{stage.people['carl']}'])")) == 2
