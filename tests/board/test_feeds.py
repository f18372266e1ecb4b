"""Atom feeds: valid, asked for again at no cost, and only of what everybody may read."""

from xml.etree import ElementTree as ET

import pytest

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from tests.campaign_cast import suggest

ATOM = "{http://www.w3.org/2005/Atom}"


def read(answer):
    """The feed, once it is seen to hold what RFC 4287 demands."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.get_data())
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated", "author"):
            assert len(part.findall(ATOM + name)) == 1, (part, name)
        assert part.find(f"{ATOM}id").text.startswith("http")
        assert part.find(f"{ATOM}updated").text.endswith("+00:00")
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    ids = [entry.find(f"{ATOM}id").text for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return feed


def titles(feed):
    return [entry.find(f"{ATOM}title").text for entry in feed.iter(f"{ATOM}entry")]


def test_the_board_has_a_feed_of_its_ideas_which_its_page_names(ana, nobody, soda_idea):
    ana.post(f"/ideas/{soda_idea}/answer", text="We will build it <soon>.")
    feed = read(nobody.get("/campaigns/soda/feed.atom"))
    assert titles(feed) == ["A can you can reseal"]
    content = feed.find(f"{ATOM}entry/{ATOM}content")
    assert "With a cap that turns." in content.text
    assert "We will build it &lt;soon&gt;." in content.text
    assert 'type="application/atom+xml"' in nobody.get("/campaigns/soda").text


def test_an_idea_has_a_feed_of_what_happens_to_it(ana, bea, carl, nobody, soda_idea):
    ana.post(f"/ideas/{soda_idea}/answer", text="We will build it this summer.")
    carl.post(f"/ideas/{soda_idea}/comments", text="How much is it?")
    bea.post(f"/ideas/{soda_idea}/updates/new", text="A first one.", key="k1")
    said = titles(read(nobody.get(f"/ideas/{soda_idea}/feed.atom")))
    assert sorted(said) == sorted(
        ["A can you can reseal", "Soda answered it.", "Carl made a remark.", "Bea wrote news about it."]
    )
    assert f'href="/ideas/{soda_idea}/feed.atom"' in nobody.get(f"/ideas/{soda_idea}").text


def test_who_has_it_already_gets_no_more_than_that(carl, nobody, soda_idea):
    for url in ("/campaigns/soda/feed.atom", f"/ideas/{soda_idea}/feed.atom"):
        mark = nobody.get(url).headers["ETag"]
        again = nobody.get(url, headers={"If-None-Match": mark})
        assert again.status_code == 304
        assert again.get_data() == b""
    carl.post(f"/ideas/{soda_idea}/comments", text="How much is it?")
    assert nobody.get(url, headers={"If-None-Match": mark}).status_code == 200


def test_a_board_has_the_same_door_by_feed(app, ana, carl, nobody, soda_campaign, soda_draft, soda_idea):
    assert nobody.get("/campaigns/next/feed.atom").status_code == 404
    assert ana.get("/campaigns/next/feed.atom").status_code == 404
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    for browser in (nobody, carl, ana):
        for url in ("/campaigns/soda/feed.atom", f"/ideas/{soda_idea}/feed.atom"):
            assert browser.get(url).status_code == 404


@pytest.mark.one_database
def test_it_costs_the_same_however_many_ideas_there_are(app, cast, nobody, queries, soda_campaign, soda_idea):
    nobody.get("/campaigns/soda/feed.atom")
    with queries() as asked:
        nobody.get("/campaigns/soda/feed.atom")
    few = len(asked)
    for number in range(5):
        suggest(app, soda_campaign, cast["bea"], f"A can that sings {number}")
    with queries() as asked:
        nobody.get("/campaigns/soda/feed.atom")
    assert len(asked) == few
