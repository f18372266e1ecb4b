"""Two people at one board: what one does, the other sees, and nobody loses what they were doing."""

import re

from playwright.sync_api import expect

from tests.servers import Server


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


def test_a_vote_for_ones_own_idea_is_refused_in_words(open_as, stage):
    bea = open_as("bea")
    vote_button(bea, "A can for two").click()
    expect(bea.locator("toast-rack")).to_contain_text("This is your own idea")
    expect(vote_button(bea, "A can for two")).to_have_attribute("aria-pressed", "false")


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
