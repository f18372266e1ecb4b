"""A lively talk: what helps is counted on every open page, a name is written from the keyboard, and the brand's word comes to the top."""

from playwright.sync_api import expect

from tests.cast import browser_of


def test_people_talk_find_remarks_helpful_and_call_each_other(server, open_as, stage, sound):
    path = f"/ideas/{stage.ideas[0]}"
    ana = browser_of(server.app, stage.people["ana"])
    ana.post(f"{path}/comments", text="We try it this summer.", key="a")
    carl = open_as("carl", path, viewport={"width": 360, "height": 800})
    bea = open_as("bea", path)
    for page in (carl, bea):
        page.wait_for_function("import('ensemble/live').then(({ socket }) => socket.connected)")

    carl.get_by_role("button", name="Helpful (what Ana said)").click()
    expect(carl.get_by_role("button", name="Helpful (what Ana said) 1", pressed=True)).to_be_visible()
    expect(bea.get_by_role("button", name="Helpful (what Ana said) 1", pressed=False)).to_be_visible(timeout=15_000)

    remark = carl.get_by_label("Your remark")
    remark.press_sequentially("Look, @be")
    expect(carl.get_by_role("option", name="Bea")).to_have_attribute("aria-selected", "true")
    sound(carl)
    remark.press("Enter")
    expect(remark).to_have_value("Look, @Bea ")
    expect(carl.get_by_role("listbox")).to_have_count(0)
    carl.get_by_role("button", name="Send it").click()
    expect(carl.locator(".comment__text").get_by_role("link", name="@Bea")).to_be_visible()

    [number] = {one.get_attribute("id") for one in bea.locator(".comments__list > .comment").all()[:1]}
    ana.post(f"/comments/{number.removeprefix('comment-')}/pin")
    expect(bea.locator(".pinned")).to_contain_text("We try it this summer.", timeout=15_000)
    sound(bea)
    carl.get_by_role("link", name="Most helpful first").click()
    expect(carl.locator(".pinned")).to_contain_text("Put on top by Ana")
    sound(carl)
