"""What somebody has typed stays theirs, whatever becomes of the page, the line or the server."""

import pytest
from playwright.sync_api import expect

from campaign.campaigns.models import Campaign, Closing
from campaign.extensions import db
from campaign.feedback.models import Comment

pytestmark = pytest.mark.one_database

WORDS = "It should close with one hand."


@pytest.fixture
def carl(open_as, stage):
    return open_as("carl", f"/ideas/{stage.ideas[0]}")


def remark(page):
    return page.get_by_label("Your remark")


def test_another_theme_keeps_the_page_and_the_next_pages_have_it(carl, stage):
    remark(carl).fill(WORDS)
    carl.get_by_role("button", name="Dark").click()
    expect(carl.locator("html")).to_have_attribute("data-theme", "dark")
    expect(carl.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    expect(carl.get_by_role("button", name="Auto")).to_have_attribute("aria-pressed", "false")
    expect(remark(carl)).to_have_value(WORDS)
    carl.goto(stage.url)
    expect(carl.locator("html")).to_have_attribute("data-theme", "dark")


def test_another_language_takes_along_what_was_typed(carl):
    remark(carl).fill(WORDS)
    carl.locator(".footer").get_by_role("button", name="Français").click()
    expect(carl.locator("html")).to_have_attribute("lang", "fr")
    expect(carl.locator("#text")).to_have_value(WORDS)
    expect(carl.locator(".comments__form character-count")).to_contain_text(str(len(WORDS)))
    carl.reload()
    carl.goto(carl.url.split("#")[0])
    assert carl.evaluate("sessionStorage.length") == 0


def test_a_password_is_written_nowhere(new_page):
    page = new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("carl@example.org")
    page.locator("[name=password]").fill("a secret")
    kept = "addEventListener('pagehide', () => localStorage.setItem('seen', sessionStorage.getItem('carried')))"
    page.evaluate(kept)
    page.locator(".footer").get_by_role("button", name="Français").click()
    expect(page.locator("[name=email]")).to_have_value("carl@example.org")
    assert "secret" not in page.evaluate("localStorage.getItem('seen')")


def test_a_remark_stays_on_its_page_while_the_server_is_down(server, carl, stage):
    remark(carl).fill(WORDS)
    for path in ("**/healthz", "**/comments"):
        carl.route(path, lambda route: route.abort("connectionrefused"))
    carl.get_by_role("button", name="Send it").click()
    expect(carl.locator("toast-rack")).to_contain_text("nothing was sent")
    expect(remark(carl)).to_have_value(WORDS)
    carl.unroute_all()
    carl.get_by_role("button", name="Send it").click()
    expect(carl.locator(".comment__text").get_by_text(WORDS)).to_be_visible()
    with server.app.app_context():
        said = db.session.scalars(db.select(Comment.text).where(Comment.idea_id == stage.ideas[0])).all()
        db.session.remove()
    assert said == [WORDS]


def test_the_count_is_right_after_coming_back(carl, stage):
    carl.add_init_script(
        "addEventListener('unload', () => {})"
    )  # No page kept in memory: the fields are filled in anew.
    carl.reload()
    remark(carl).fill(WORDS)
    carl.goto(stage.url)
    carl.go_back()
    expect(remark(carl)).to_have_value(WORDS)
    expect(carl.locator(".comments__form character-count")).to_have_text(f"{len(WORDS)} of 2,000")


def cut(page):
    live = "import('ensemble/live').then(({ socket }) => socket.connected || new Promise((done) => socket.once('connect', () => done())))"
    page.evaluate(live)
    page.context.set_offline(True)
    page.evaluate("import('ensemble/live').then(({ socket }) => socket.io.engine.close())")
    expect(page.locator("connection-state")).to_have_attribute("data-state", "offline")


def test_the_word_that_the_line_is_lost_is_one_line_on_a_phone_and_can_be_put_away(open_as):
    carl = open_as("carl", viewport={"width": 360, "height": 740}, locale="fr-FR")
    cut(carl)
    notice = carl.locator('.connection[data-for="offline"]')
    assert notice.bounding_box()["height"] < 60
    notice.locator(".connection__close").click()
    expect(notice).to_be_hidden()
    carl.context.set_offline(False)
    expect(carl.locator('.connection[data-for="back"]')).to_be_visible(timeout=15_000)


def test_it_never_lies_over_the_field_that_is_written_in(open_as, stage):
    carl = open_as("carl", f"/ideas/{stage.ideas[0]}", viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    cut(carl)
    remark(carl).focus()
    # Pictures and letters that come later would move the field.
    bottom = remark(carl).evaluate("""async (field) => {
        await document.fonts.ready
        await Promise.all([...document.images].filter((image) => image.loading !== "lazy").map((image) => image.decode().catch(() => {})))
        return field.getBoundingClientRect().bottom
    }""")
    carl.set_viewport_size({"width": 360, "height": int(bottom) + 90})  # As a keyboard on the screen leaves less room.
    expect(carl.locator("connection-state")).to_have_css("opacity", "0")
    carl.set_viewport_size({"width": 360, "height": 740})
    carl.evaluate("document.activeElement.blur()")
    expect(carl.locator("connection-state")).to_have_css("opacity", "1")


def test_who_types_after_the_campaign_closed_reads_that_and_finds_the_draft_again(server, open_as, stage, sound):
    bea = open_as("bea", f"{stage.url}/ideas/new")
    bea.locator("[name=title]").fill("A can for the train")
    expect(bea.locator("[data-draft-state]")).to_have_text("Kept as a draft.")
    with server.app.app_context():
        campaign = db.session.get_one(Campaign, stage.campaign)
        campaign.closing = Closing(by_id=campaign.publication.by_id)
        db.session.commit()
        db.session.remove()
    bea.locator("[name=title]").fill("A can for the long train")
    expect(bea.locator("[data-draft-state]")).to_have_text("This campaign doesn’t take ideas now.")
    bea.goto(f"{stage.url}/ideas/new")
    expect(bea.locator("[name=title]")).to_have_value("A can for the train")
    sound(bea)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_draft_is_discarded_only_after_a_question(open_as, stage, scripts):
    bea = open_as("bea", f"{stage.url}/ideas/new", java_script_enabled=scripts)
    bea.locator("[name=title]").fill("A can for the train")
    with bea.expect_navigation():
        bea.get_by_role("button", name="Preview").click()
    bea.goto(f"{stage.url}/ideas/new")
    bea.get_by_role("button", name="Discard it…").click()
    bea.get_by_role("button", name="Keep it", exact=True).click()
    expect(bea.locator("[name=title]")).to_have_value("A can for the train")
    bea.get_by_role("button", name="Discard it…").click()
    bea.get_by_role("button", name="Discard it", exact=True).click()
    expect(bea.get_by_text("Your draft is gone.")).to_be_visible()


def test_a_team_is_left_only_after_a_question(open_as, stage):
    ana = open_as("ana", f"/brands/{stage.url.rsplit('/', 1)[1]}/members")
    ana.get_by_role("button", name="Leave the team…").click()
    ana.get_by_role("button", name="Stay").click()
    expect(ana.get_by_role("dialog")).to_be_hidden()
    ana.get_by_role("button", name="Leave the team…").click()
    ana.get_by_role("button", name="Leave the team", exact=True).click()
    expect(ana.locator(".notice, .form-errors, .error").first).to_be_visible()
