"""A manager has words held, somebody writes one, and a moderator reads why."""

from tests.browser.test_accessible import ALL, look


@ALL
def test_the_pages_of_filters_are_accessible(open_as, stage, sound, locale, width):
    page = open_as("ana", f"/campaigns/{stage.slug}/filters", **look(locale, width))
    sound(page)
    page.goto(f"/campaigns/{stage.slug}/moderation")
    sound(page)
    page.goto(f"/brands/{stage.brand}/filters")
    sound(page)
