"""A manager has words held, somebody writes one, and a moderator reads why."""

from tests.browser.test_accessible import ALL, look


@ALL
def test_the_pages_of_filters_are_accessible(open_as, stage, sound, locale, width):
    page = open_as("ana", f"{stage.url}/filters", **look(locale, width))
    sound(page)
    page.goto(f"{stage.url}/moderation")
    sound(page)
    page.goto(stage.url.replace("campaigns", "brands") + "/filters")
    sound(page)
