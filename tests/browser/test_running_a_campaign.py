"""A whole walk: a campaign from its draft to its first answer, each page as a screen reader meets it."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["scripts", "no scripts"])
def test_ana_drafts_and_publishes_and_bea_reads_the_brief(open_as, stage, axe, options):
    look = axe if not options else lambda page: None
    brand = stage.url.removeprefix("/campaigns/")
    ana = open_as("ana", f"/brands/{brand}/campaigns/new", **options)
    look(ana)
    ana.get_by_role("button", name="Keep as draft").click()
    expect(ana.get_by_role("alert")).to_contain_text("Give it a title, in one language at least.")
    look(ana)

    english = ana.get_by_role("group", name="English")
    english.get_by_label("Title").fill(f"A bottle for {brand}")
    if not options:
        expect(ana.get_by_label("Address of the page")).to_have_attribute("placeholder", f"a-bottle-for-{brand}")
    english.get_by_label("Brief").fill("What should it **never** do?")
    ana.get_by_role("button", name="Show me how it reads").click()
    expect(ana.get_by_role("region", name="How it will read").get_by_text("never", exact=True)).to_be_visible()
    look(ana)

    english.get_by_label("Brief").fill("")
    ana.get_by_role("button", name="Keep as draft").click()
    expect(ana.get_by_text("Draft: only your team sees this")).to_be_visible()
    look(ana)
    ana.get_by_role("link", name="The brief is missing in English.").click()
    english.get_by_label("Brief").fill("What should it never do?")
    with ana.expect_navigation():
        ana.get_by_role("button", name="Save", exact=True).click()
    look(ana)
    with ana.expect_navigation():
        ana.get_by_role("link", name="Publish…", exact=True).click()
    look(ana)
    ana.get_by_role("button", name="Publish it").click()
    ana.wait_for_url(f"**/campaigns/a-bottle-for-{brand}")

    bea = open_as("bea", f"/campaigns/a-bottle-for-{brand}/brief", **options)
    expect(bea.get_by_text("What should it never do?")).to_be_visible()
    look(bea)


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["scripts", "no scripts"])
def test_carl_and_bea_talk_and_ana_answers(open_as, stage, axe, options):
    look = axe if not options else lambda page: None
    idea = f"/ideas/{stage.ideas[0]}"
    carl = open_as("carl", idea, **options)
    carl.get_by_label("Your remark").fill("Will it leak?")
    carl.get_by_role("button", name="Send it").click()
    expect(carl.get_by_text("Will it leak?")).to_be_visible()

    bea = open_as("bea", idea, **options)
    bea.get_by_text("Reply").first.click()
    bea.get_by_label("Your reply to Carl").fill("Not in my bag.")
    look(bea)
    bea.get_by_role("button", name="Reply").click()
    expect(bea.locator(".comment__replies").get_by_text("Not in my bag.")).to_be_visible()

    carl.get_by_role("link", name="Edit or take back").click()
    look(carl)
    carl.get_by_role("button", name="Take it back…").click()
    carl.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(carl.get_by_text("This remark was taken back by its author.")).to_be_visible()
    expect(carl.get_by_text("Not in my bag.")).to_be_visible()

    ana = open_as("ana", f"{idea}/answer", **options)
    look(ana)
    ana.get_by_label("Your answer").fill("Soon.")
    ana.get_by_role("button", name="Send the answer").click()
    expect(ana.get_by_role("alert")).to_contain_text("20 characters at least")
    look(ana)
    ana.get_by_label("Your answer").fill("We try it in three shops from January on.")
    ana.get_by_label("Signed as").fill("head of shops")
    ana.get_by_role("button", name="Send the answer").click()
    expect(ana.get_by_text("We try it in three shops from January on.")).to_be_visible()
    look(ana)


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_a_campaign_reads_well_on_a_phone(open_as, server, stage, axe, language):
    ana = open_as("ana", f"{stage.url}/brief", viewport={"width": 360, "height": 740})
    ana.context.add_cookies([{"name": "language", "value": language, "url": server.url}])
    for page in ("brief", "settings", "publication", "closing", "history"):
        ana.goto(f"{stage.url}/{page}")
        expect(ana.locator("html")).to_have_attribute("lang", language)
        axe(ana)
        assert ana.evaluate("document.documentElement.scrollWidth") == 360, page
