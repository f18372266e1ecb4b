"""Two people at one board: what one does, the other sees, and nobody loses what they were doing."""

import re
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect

from campaign.accounts.models import Person
from campaign.answers.actions import answer_idea
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.feedback.models import Comment
from campaign.ideas.actions import edit_idea, withdraw_idea
from campaign.ideas.models import Idea
from tests.browser.time_stopped import asked, count_questions, stop_time
from tests.campaign_cast import suggest
from tests.cast import browser_of
from tests.servers import Server
from tests.voting import cast_vote

pytestmark = pytest.mark.one_database


def vote_button(page, title):
    return page.get_by_role("button", name=title)


def test_a_vote_moves_every_open_board(open_as, stage):
    bea, carl = open_as("bea"), open_as("carl")
    expect(bea.locator("board-presence")).to_contain_text("2")
    vote_button(carl, "A can you can reseal").click()
    expect(vote_button(carl, "A can you can reseal")).to_have_attribute("aria-pressed", "true")
    expect(bea.locator(f"#idea-{stage.ideas[0]} .idea__votes")).to_have_text("1")
    expect(carl.locator("toast-rack")).to_contain_text("Your vote is stored.")
    vote_button(carl, "A can you can reseal").click()
    expect(bea.locator(f"#idea-{stage.ideas[0]} .idea__votes")).to_have_text("0")
    carl.reload()
    expect(vote_button(carl, "A can you can reseal")).to_have_attribute("aria-pressed", "false")


def test_a_vote_that_was_taken_back_on_another_page_is_shown_as_it_stands(open_as, stage):
    one = open_as("carl")
    vote_button(one, "A can you can reseal").click()
    expect(one.locator("toast-rack")).to_contain_text("Your vote is stored.")
    other = open_as("carl")
    vote_button(other, "A can you can reseal").click()
    expect(other.locator("toast-rack")).to_contain_text("Your vote is taken back.")
    expect(vote_button(one, "A can you can reseal")).to_have_attribute("aria-pressed", "true")
    vote_button(one, "A can you can reseal").click()
    expect(one.locator("toast-rack")).to_contain_text("There is no vote of yours on this idea")
    expect(vote_button(one, "A can you can reseal")).to_have_attribute("aria-pressed", "false")
    vote_button(one, "A can you can reseal").click()
    expect(vote_button(one, "A can you can reseal")).to_have_attribute("aria-pressed", "true")
    expect(one.locator(f"#idea-{stage.ideas[0]} .idea__votes")).to_have_text("1")


def test_ones_own_idea_says_so_and_offers_no_vote(open_as, stage):
    bea = open_as("bea")
    own = bea.locator(f"#idea-{stage.ideas[1]} .idea__vote")
    expect(own).to_be_disabled()
    expect(own).to_contain_text("Your idea")


def test_a_visitor_who_votes_is_led_through_signing_in(open_as, stage):
    page = open_as(None)
    vote_button(page, "A can for two").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))


def test_new_ideas_wait_until_they_are_asked_for(open_as, stage):
    carl, bea = open_as("carl"), open_as("bea", f"{stage.url}/ideas/new")
    expect(carl.locator("board-presence")).to_be_visible()
    bea.get_by_label("Your idea in one sentence").fill("A can that sings when it is cold")
    bea.get_by_role("button", name="Put it on the board").click()
    expect(bea.get_by_role("heading", level=1)).to_have_text("A can that sings when it is cold")
    fresh = carl.get_by_role("button", name="1 new idea")
    expect(fresh).to_be_visible()
    expect(carl.locator(".board .idea")).to_have_count(3)
    fresh.click()
    expect(carl.locator(".board .idea")).to_have_count(4)
    expect(carl.locator(".board .idea__title").first).to_have_text("A can that sings when it is cold")
    vote_button(carl, "A can that sings").click()
    expect(vote_button(carl, "A can that sings")).to_have_attribute("aria-pressed", "true")


def test_typing_and_focus_survive_every_update(open_as, stage):
    bea, carl = open_as("bea"), open_as("carl")
    expect(bea.locator("board-presence")).to_contain_text("2")
    search = bea.get_by_role("searchbox")
    search.fill("half a wo")
    search.press("ArrowLeft")
    for title in ("A can you can reseal", "A can for two", "A can that tells its sugar"):
        vote_button(carl, title).click()
        expect(vote_button(carl, title)).to_have_attribute("aria-pressed", "true")
    expect(bea.locator(f"#idea-{stage.ideas[2]} .idea__votes")).to_have_text("1")
    expect(search).to_be_focused()
    search.press_sequentially("rl")
    expect(search).to_have_value("half a wrlo")


def test_a_remark_moves_the_card_without_a_jump(open_as, stage):
    bea = open_as("bea")
    carl = open_as("carl", f"/ideas/{stage.ideas[0]}")
    link = bea.locator(f"#idea-{stage.ideas[0]} .idea__link")
    link.focus()
    carl.locator("textarea[name=text]").first.fill("What about **glass**?")
    carl.get_by_role("button", name=re.compile("remark|Say|Post|Send", re.IGNORECASE)).first.click()
    expect(carl.locator("strong", has_text="glass")).to_be_visible()
    expect(bea.locator(f"#idea-{stage.ideas[0]} .idea__remarks")).to_contain_text("1 remark")
    expect(link).to_be_focused()


def test_what_was_missed_while_away_is_caught_up(open_as, stage):
    bea, carl = open_as("bea"), open_as("carl")
    expect(bea.locator("board-presence")).to_contain_text("2")
    bea.context.set_offline(True)
    bea.evaluate("import('ensemble/live').then(({ socket }) => socket.io.engine.close())")
    expect(bea.locator("connection-state")).not_to_have_attribute("data-state", "live", timeout=15_000)
    vote_button(carl, "A can for two").click()
    expect(vote_button(carl, "A can for two")).to_have_attribute("aria-pressed", "true")
    bea.context.set_offline(False)
    expect(bea.locator(f"#idea-{stage.ideas[1]} .idea__votes")).to_have_text("1", timeout=20_000)


def test_without_scripts_people_read_suggest_vote_and_remark(server: Server, open_as, stage):
    carl = open_as("carl", java_script_enabled=False)
    vote_button(carl, "A can for two").click()
    expect(vote_button(carl, "A can for two")).to_have_attribute("aria-pressed", "true")
    expect(carl.locator(f"#idea-{stage.ideas[1]} .idea__votes")).to_have_text("1")
    carl.goto(f"{stage.url}/ideas/new")
    carl.get_by_label("Your idea in one sentence").fill("A can without a script")
    carl.get_by_role("button", name="Put it on the board").click()
    expect(carl.get_by_role("heading", level=1)).to_have_text("A can without a script")
    carl.locator("textarea[name=text]").first.fill("It works on an old phone too.")
    carl.get_by_role("button", name=re.compile("remark|Say|Post|Send", re.IGNORECASE)).first.click()
    expect(carl.get_by_text("It works on an old phone too.")).to_be_visible()


def test_a_draft_is_kept_while_typing(open_as, stage):
    carl = open_as("carl", f"{stage.url}/ideas/new")
    carl.get_by_label("Your idea in one sentence").fill("Half a thought about ca")
    expect(carl.locator("[data-draft-state]")).to_have_text("Kept as a draft.")
    carl.goto(f"{stage.url}/ideas/new")
    expect(carl.get_by_label("Your idea in one sentence")).to_have_value("Half a thought about ca")


def test_a_remark_appears_while_another_is_being_written(open_as, stage):
    path = f"/ideas/{stage.ideas[0]}"
    bea, carl = open_as("bea", path), open_as("carl", path)
    field = bea.get_by_label("Your remark").or_(bea.locator("textarea[name=text]")).first
    field.fill("I was about to say that")
    carl.locator("textarea[name=text]").first.fill("What about glass?")
    carl.get_by_role("button", name="Send it").click()
    expect(bea.get_by_text("What about glass?")).to_be_visible()
    expect(bea.locator("#comments-title")).to_have_text("1 remark")
    expect(field).to_be_focused()
    expect(field).to_have_value("I was about to say that")


# What the server says is played to the page here, in the order in which it may come.


def say(page, event, data):
    page.evaluate(
        "([event, data]) => import('ensemble/live').then(({ socket }) => socket.listeners(event).forEach((hear) => hear(data)))",
        [event, data],
    )


def change(stage, seq, **news):
    return {"campaign": stage.url.rpartition("/")[2], "seq": seq, **news}


def card(number, title, votes=0, **marks):
    body = marks.get("body", f'<div class="idea__body"><h3 class="idea__title">{title}</h3></div>')
    return {
        "id": number,
        "html": f'<li class="idea" id="idea-{number}" data-author="0">{marks.get("picture", "")}{body}<div class="idea__foot">'
        f'<button class="idea__vote" formaction="/ideas/{number}/vote"><output class="idea__votes">{votes}</output></button>'
        '<a class="idea__remarks" href="#">0 remarks</a></div></li>',
    }


def hold_answers(page):
    """From now on the page's questions wait in `asked`, until a test answers them."""
    page.evaluate(
        """import('ensemble/live').then(({ socket }) => {
          window.asked = []
          socket.timeout = () => ({ emitWithAck: (event, data) => new Promise((resolve, reject) => asked.push({ event, data, resolve, reject })) })
        })"""
    )


def watched(page):
    expect(page.locator("board-presence")).to_be_visible()


def total(page, idea):
    return page.locator(f"#idea-{idea} .idea__votes")


def test_what_is_heard_before_the_answer_does_not_drop_the_answer(open_as, stage):
    page = open_as("carl")
    watched(page)
    one, other, _ = stage.ideas
    hold_answers(page)
    say(page, "connect", None)
    say(page, "board.changed", change(stage, 16, votes={str(one): 16}))
    answer = {"ok": True, "seq": 15, "changes": [change(stage, 15, votes={str(one): 15, str(other): 15})]}
    page.evaluate("(answer) => asked.shift().resolve(answer)", answer)
    expect(total(page, other)).to_have_text("15")
    expect(total(page, one)).to_have_text("16")
    # A database put back from a copy begins at a number that was there before.
    say(page, "connect", None)
    answer = {"ok": True, "seq": 3, "snapshot": {"votes": {str(one): 2}, "counts": {}, "whole": True}}
    page.evaluate("(answer) => asked.shift().resolve(answer)", answer)
    expect(total(page, one)).to_have_text("2")
    say(page, "board.changed", change(stage, 4, votes={str(one): 4}))
    expect(total(page, one)).to_have_text("4")


def test_a_board_that_was_not_answered_is_asked_for_again(open_as, stage):
    page = open_as("carl")
    watched(page)
    hold_answers(page)
    say(page, "connect", None)
    page.evaluate("asked.shift().reject(new Error('no answer'))")
    page.wait_for_function("() => asked.length === 1")
    page.evaluate("asked.shift().resolve({ ok: false, error: { code: 'broken' } })")
    page.wait_for_function("() => asked.length === 1")
    page.evaluate("asked.shift().resolve({ ok: false, error: { code: 'not_there' } })")
    expect(page.locator("toast-rack")).to_contain_text("Reload the page")


def test_a_stale_board_is_asked_for_as_a_whole(open_as, stage):
    page = open_as("carl")
    watched(page)
    hold_answers(page)
    say(page, "board.stale", {"campaign": stage.url.rpartition("/")[2]})
    page.wait_for_function("() => asked.length === 1")
    assert "since" not in page.evaluate("JSON.parse(JSON.stringify(asked[0].data))")


CARDS = """[...document.querySelectorAll(".board > .idea:not([data-withdrawn])")].map((card) => [
    card.id, { ...card.dataset, heat: "" }, card.querySelector(".idea__vote").getAttribute("aria-pressed"),
    ...[".idea__title", ".idea__text", ".idea__badge", ".idea__votes", ".idea__remarks"].map((part) => card.querySelector(part)?.textContent.trim()),
])"""


def test_after_a_long_absence_the_board_shows_what_a_fresh_page_shows(server, open_as, stage):
    page = open_as("carl")
    watched(page)
    gone, reworded, answered = stage.ideas
    page.context.set_offline(True)
    page.evaluate("import('ensemble/live').then(({ socket }) => socket.disconnect())")
    with server.app.app_context():
        bea = db.session.get_one(Person, stage.people["bea"])
        first, second, third = (db.session.get_one(Idea, idea) for idea in stage.ideas)
        withdraw_idea(first, bea, "Said before.")
        untouched = {"language": "en", "category": None, "tags": [], "pictures": [], "documents": []}
        edit_idea(second, bea, "A can for two, with two mouths", "One for each.", **untouched)
        answer_idea(third, db.session.get_one(Person, stage.people["ana"]), "We will try it.")
        post_comment(third, bea, "How much is it?")
        cast_vote(third, db.session.get_one(Person, stage.people["drew"]), "0123456789abcdef")
        db.session.commit()
        db.session.remove()
    say(page, "board.stale", {"campaign": stage.url.rpartition("/")[2]})  # More was missed than is kept.
    page.context.set_offline(False)
    page.evaluate("import('ensemble/live').then(({ socket }) => socket.connect())")
    left = page.locator(f"#idea-{gone}")
    expect(left).to_have_attribute("data-withdrawn", "")
    expect(left.locator("button.idea__vote")).to_be_disabled()
    expect(page.locator(f"#idea-{reworded} .idea__title")).to_have_text("A can for two, with two mouths")
    expect(page.locator(f"#idea-{answered} .idea__badge")).to_have_text("The brand answered")
    expect(total(page, answered)).to_have_text("1")
    fresh = page.context.new_page()
    fresh.goto(page.url)
    assert page.evaluate(CARDS) == fresh.evaluate(CARDS)


def test_who_is_suspended_reads_why_and_watches_on(open_as, stage):
    page = open_as("carl")
    watched(page)
    hold_answers(page)
    why = {"code": "suspended", "message": "Soda has suspended you until Monday."}
    say(page, "board.stale", {"campaign": stage.url.rpartition("/")[2], "error": why})
    expect(page.locator("toast-rack")).to_contain_text("Soda has suspended you until Monday.")
    page.wait_for_function("() => asked.length === 1")


def test_who_is_shown_out_is_told(open_as, stage):
    page = open_as("carl", f"/ideas/{stage.ideas[0]}")
    page.wait_for_function("() => import('ensemble/live').then(({ socket }) => socket.connected)")
    say(page, "board.closed", {"campaign": stage.url.rpartition("/")[2]})
    expect(page.locator("toast-rack")).to_contain_text("Reload the page")


def test_waiting_ideas_keep_their_totals_and_are_spoken_of_once(open_as, stage):
    page = open_as("carl")
    watched(page)
    new = stage.ideas[-1] + 1000
    say(page, "board.changed", change(stage, 50, ideas=[card(new, "A can that waits")], kinds=["idea.submitted"]))
    fresh = page.get_by_role("button", name="1 new idea")
    expect(fresh).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 new idea")).to_have_count(1)
    say(page, "board.changed", change(stage, 51, votes={str(new): 7}))
    fresh.click()
    expect(total(page, new)).to_have_text("7")


def test_an_idea_that_comes_back_is_whole_again(open_as, stage):
    page = open_as("carl")
    watched(page)
    idea, title = stage.ideas[0], "A can you can reseal"
    say(page, "board.changed", change(stage, 50, gone=[idea], kinds=["idea.withdrawn"]))
    expect(page.locator(f"#idea-{idea}")).to_have_attribute("data-withdrawn", "")
    say(page, "board.changed", change(stage, 51, ideas=[card(idea, title)], kinds=["idea.restored"]))
    expect(page.locator(f"#idea-{idea}")).not_to_have_attribute("data-withdrawn", "")
    expect(page.locator(f"#idea-{idea} .idea__vote")).to_be_enabled()


def test_an_older_idea_is_offered_when_it_comes_back_and_not_when_it_is_talked_about(open_as, stage):
    page = open_as("carl")
    watched(page)
    idea = stage.ideas[1]
    page.evaluate("(id) => document.getElementById(`idea-${id}`).remove()", idea)
    say(page, "board.changed", change(stage, 50, ideas=[card(idea, "A can for two")], kinds=["comment.posted"]))
    say(page, "board.changed", change(stage, 51, votes={str(stage.ideas[0]): 5}))
    expect(total(page, stage.ideas[0])).to_have_text("5")
    expect(page.locator(".board__fresh")).to_be_hidden()
    say(page, "board.changed", change(stage, 52, ideas=[card(idea, "A can for two")], kinds=["idea.restored"]))
    expect(page.get_by_role("button", name="1 new idea")).to_be_visible()


def test_words_and_picture_change_when_the_reader_has_left(open_as, stage):
    page = open_as("carl")
    watched(page)
    idea = stage.ideas[0]
    shown = page.locator(f"#idea-{idea}")
    shown.locator(".idea__link").focus()
    told = card(idea, "A can that closes", picture='<img class="idea__picture" src="/static/favicon.svg" alt="">')
    say(page, "board.changed", change(stage, 50, ideas=[told], votes={str(idea): 9}, kinds=["idea.edited"]))
    expect(total(page, idea)).to_have_text("9")
    expect(shown.locator(".idea__title")).to_have_text("A can you can reseal")
    page.get_by_role("searchbox").focus()
    expect(shown.locator(".idea__title")).to_have_text("A can that closes")
    expect(shown.locator(".idea__picture")).to_have_count(1)
    plain = card(idea, "A can that closes")
    say(page, "board.changed", change(stage, 51, ideas=[plain], kinds=["idea.edited"]))
    expect(shown.locator(".idea__picture")).to_have_count(0)


def test_the_order_settles_after_a_rush(open_as, stage):
    page = open_as("carl", f"{stage.url}?order=supported")
    watched(page)
    page.mouse.move(0, 0)
    for seq, idea in enumerate(reversed(stage.ideas), start=50):
        say(page, "board.changed", change(stage, seq, votes={str(idea): seq}))
        expect(total(page, idea)).to_have_text(str(seq))
    expect(page.locator(".board .idea").first).to_have_id(f"idea-{stage.ideas[0]}")


def test_an_answer_does_not_set_a_newer_total_back(open_as, stage):
    page = open_as("carl")
    watched(page)
    idea = stage.ideas[0]
    hold_answers(page)
    button = vote_button(page, "A can you can reseal")
    button.click()
    page.wait_for_function("() => asked.length === 1")
    say(page, "board.changed", change(stage, 50, votes={str(idea): 12}))
    expect(total(page, idea)).to_have_text("12")
    page.evaluate("asked.shift().resolve({ ok: true, receipt: { votes: 11 } })")
    expect(page.locator("toast-rack")).to_contain_text("Your vote is stored.")
    expect(total(page, idea)).to_have_text("12")
    button.click()
    page.wait_for_function("() => asked.length === 1")
    page.evaluate("asked.shift().resolve({ ok: true, receipt: { votes: 10 } })")
    expect(total(page, idea)).to_have_text("10")


def test_a_connection_lost_again_at_once_is_not_called_live(open_as, stage):
    page = open_as("carl")
    watched(page)
    state = page.locator("connection-state")
    say(page, "disconnect", "transport close")
    expect(state).to_have_attribute("data-state", "lost")
    say(page, "connect", None)
    expect(state).to_have_attribute("data-state", "back")
    say(page, "disconnect", "transport close")
    expect(state).to_have_attribute("data-state", "lost")
    say(page, "connect", None)
    expect(state).to_have_attribute("data-state", "live")


def test_an_answer_being_written_survives_the_remark_being_taken_back(server, open_as, stage):
    path = f"/ideas/{stage.ideas[0]}"
    carl = open_as("carl", path)
    carl.locator("textarea[name=text]").first.fill("What about glass?")
    carl.get_by_role("button", name="Send it").click()
    expect(carl.get_by_text("What about glass?")).to_be_visible()
    bea = open_as("bea", path)
    remark = bea.locator(".comment").first
    remark.get_by_text("Reply").first.click()
    reply = remark.locator("textarea")
    reply.fill("Glass breaks, and")
    bea.evaluate("document.activeElement.blur()")
    take_back(server, remark)
    expect(bea.get_by_text("What about glass?")).to_have_count(0)
    expect(reply).to_have_value("Glass breaks, and")
    expect(remark.locator(":scope > .person")).to_have_count(0)


def test_a_remark_taken_back_above_its_answers_says_so_and_takes_no_more(server, open_as, stage):
    path = f"/ideas/{stage.ideas[0]}"
    carl = open_as("carl", path)
    carl.locator("textarea[name=text]").first.fill("What about glass?")
    carl.get_by_role("button", name="Send it").click()
    remark = carl.locator(".comment").first
    remark.get_by_text("Reply").first.click()
    remark.locator("textarea").fill("Or paper?")
    remark.get_by_role("button", name="Reply").click()
    expect(carl.get_by_text("Or paper?")).to_be_visible()
    bea = open_as("bea", path)
    remark = bea.locator(".comments__list > .comment")
    expect(remark).to_have_count(1)
    take_back(server, remark)
    expect(remark.locator(":scope > .comment__text")).to_contain_text("taken back")
    expect(remark.locator(":scope > .person")).to_have_count(0)
    expect(remark.locator(":scope > .comment__reply")).to_have_count(0)
    expect(bea.get_by_text("Or paper?")).to_be_visible()


def test_many_remarks_at_once_are_asked_for_together(open_as, stage):
    page = open_as("carl", f"/ideas/{stage.ideas[0]}")
    page.wait_for_function("() => import('ensemble/live').then(({ socket }) => socket.connected)")
    say(page, "board.changed", change(stage, 49, votes={str(stage.ideas[0]): 7}))
    # Once its board has been asked for, what comes is heard at once.
    expect(page.locator(f"#votes-{stage.ideas[0]}")).to_have_text("7")
    stop_time(page)
    count_questions(page)
    for seq in range(50, 62):
        say(page, "board.changed", change(stage, seq, ideas=[card(stage.ideas[0], "A can")], kinds=["comment.posted"]))
    for _second in range(5):
        page.clock.run_for(1000)
        asked(page)
    assert 1 <= len([address for address in asked(page) if "/ideas/" in address]) <= 3


def take_back(server, remark):
    """Take a remark back as its author would, at the running server."""
    number = int(remark.get_attribute("id").removeprefix("comment-"))
    with server.app.app_context():
        author = db.session.get_one(Comment, number).author_id
        db.session.remove()
    browser = browser_of(server.app, author)
    token = browser.token()
    cookie = browser.get_cookie("session").value
    request = urllib.request.Request(
        f"{server.url}/comments/{number}/deletion",
        data=urllib.parse.urlencode({"csrf_token": token}).encode(),
        headers={"Cookie": f"session={cookie}"},
    )
    urllib.request.urlopen(request, timeout=10).close()


def test_a_word_without_end_pushes_no_page_wide(server: Server, open_as, stage):
    endless = "W" * 110
    idea = suggest(server.app, stage.campaign, stage.people["carl"], endless, text="Z" * 600, excerpt="Z" * 300)
    for width in (360, 1440):
        page = open_as("carl", f"{stage.url}?order=new", viewport={"width": width, "height": 800})
        for path in (
            f"{stage.url}?order=new",
            f"/ideas/{idea}",
            f"/ideas/{idea}/withdrawal",
            f"{stage.url}?q={'a' * 200}",
        ):
            page.goto(path)
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert sideways == 0, f"{path} at {width}"


def test_an_idea_of_another_page_that_rises_says_so(server: Server, open_as, stage):
    for number in range(50):
        suggest(
            server.app, stage.campaign, stage.people["bea"], f"A can of many, number {number}", votes=1, lot=number + 10
        )
    carl = open_as("carl", f"{stage.url}?order=supported")
    expect(carl.locator("board-presence")).to_be_visible()
    ana, drew = (open_as(name, f"/ideas/{stage.ideas[0]}") for name in ("ana", "drew"))
    for page in (ana, drew):
        page.get_by_role("button", name="Support this idea").click()
        expect(page.get_by_role("button", name="You support it")).to_be_visible()
    carl.get_by_role("button", name="The order has changed").click()
    expect(carl.locator(".board .idea__title").first).to_have_text("A can you can reseal")


def test_a_total_restyles_its_card_and_not_the_board(open_as, stage):
    page = open_as("carl")
    watched(page)
    devtools = page.context.new_cdp_session(page)
    # Many cards, so that one of them is little; what else the page does meanwhile is little, too.
    page.evaluate(
        "for (const card of document.querySelectorAll('.idea')) for (let i = 0; i < 60; i++) card.after(card.cloneNode(true))"
    )
    elements = page.evaluate("document.querySelectorAll('.board *').length")
    devtools.send(
        "Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": ["devtools.timeline"]}}
    )
    events = []
    devtools.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    for seq in range(50, 55):
        say(
            page,
            "board.changed",
            change(stage, seq, votes={str(stage.ideas[0]): seq}, counts={"votes": seq, "people": seq}),
        )
        expect(page.locator(f"#idea-{stage.ideas[0]} .idea__votes").first).to_have_text(str(seq))
    devtools.on("Tracing.tracingComplete", lambda data: events.append({"name": "complete"}))
    devtools.send("Tracing.end")
    while events[-1:] != [{"name": "complete"}]:
        page.wait_for_timeout(50)
    restyled = [event["args"]["elementCount"] for event in events if event["name"] == "UpdateLayoutTree"]
    assert restyled
    assert max(restyled) < elements / 10


def test_a_window_that_nobody_looks_at_keeps_up_without_frames(open_as, stage):
    page = open_as("carl")
    watched(page)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { get: () => true }); window.requestAnimationFrame = () => 0; document.dispatchEvent(new Event('visibilitychange'))"
    )
    for seq in (50, 51):
        say(page, "board.changed", change(stage, seq, votes={str(stage.ideas[0]): seq}))
    expect(total(page, stage.ideas[0])).to_have_text("51")


def test_the_order_of_many_cards_settles_without_a_scroll_or_a_new_card(open_as, stage, server):
    ideas = [
        suggest(server.app, stage.campaign, stage.people["bea"], f"A can of many, {n}", lot=n + 10) for n in range(30)
    ]
    page = open_as("carl", f"{stage.url}?order=supported", viewport={"width": 800, "height": 500})
    watched(page)
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 900)")
    before = page.evaluate("[scrollY, window.cards = [...document.querySelectorAll('.idea')]]")[0]
    votes = {str(idea): number * 7 % 31 for number, idea in enumerate(ideas)}
    say(page, "board.changed", change(stage, 50, votes=votes))
    shown = "() => [...document.querySelectorAll('.board .idea__votes')].map((total) => Number(total.textContent))"
    page.wait_for_function(
        f"() => {{ const votes = ({shown})(); return votes[0] && votes.every((one, i) => !i || votes[i - 1] >= one) }}"
    )
    assert page.evaluate(shown) == sorted([*votes.values(), 0, 0, 0], reverse=True)
    assert page.evaluate("cards.every((card) => card.isConnected)")
    assert page.evaluate("scrollY") == before
