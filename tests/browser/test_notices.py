"""The bell rings while the page is open, and is quiet once what happened was read."""

from playwright.sync_api import expect

from tests.cast import browser_of


def test_the_bell_counts_what_happens_while_the_page_is_open(server, open_as, stage, axe):
    page = open_as("bea", "/profile", viewport={"width": 360, "height": 800})
    bell = page.locator(".header__bell")
    expect(bell).to_have_accessible_name("Your notices")
    page.wait_for_function("import('ensemble/live').then(({ socket }) => socket.connected)")
    ana = browser_of(server.app, stage.people["ana"])
    ana.post(f"/ideas/{stage.ideas[0]}/answer", text="We will build it this summer.")
    expect(bell).to_have_accessible_name("Your notices: 1 unread")
    bell.click()
    axe(page)
    page.get_by_role("button", name="Mark all as read").click()
    expect(bell).to_have_accessible_name("Your notices")
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("answered it.")).to_be_visible()
