"""On the board, whoever votes finds what they have not voted on."""

import re

import pytest

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.listing import list_ideas
from campaign.ideas.models import CoAuthor, Idea
from tests.calendars import over
from tests.campaign_cast import suggest

BOARD = "/campaigns/soda"
WAITS = f"{BOARD}?unvoted=1"


def shown(page):
    return {int(number) for number in re.findall(r'id="idea-(\d+)-title"', page.text)}


@pytest.fixture
def ideas(app, cast, soda_campaign, soda_idea):
    """Two ideas of bea's and one of carl's."""
    return [soda_idea, *(suggest(app, soda_campaign, cast[who], f"A can for {who}") for who in ("bea", "carl"))]


def test_they_are_those_of_others_that_i_do_not_support(app, bea, carl, cast, ideas):
    first, second, own = ideas
    link = re.search(r'href="([^"]*unvoted=1[^"]*)"', carl.get(BOARD).text)[1].replace("&amp;", "&")
    assert shown(carl.get(link)) == {first, second}
    carl.post(f"/ideas/{first}/vote", id="0123456789abcdef01")
    assert shown(carl.get(WAITS)) == {second}
    assert shown(bea.get(WAITS)) == {own}
    carl.post(f"/ideas/{first}/vote/withdrawal", id="0123456789abcdef02")
    with app.app_context():
        db.session.add(CoAuthor(idea_id=second, person_id=cast["carl"]))
        db.session.commit()
    assert shown(carl.get(WAITS)) == {first}


def test_it_goes_with_the_other_filters_and_says_when_nothing_is_left(app, carl, ideas):
    first, second, _own = ideas
    with app.app_context():
        db.session.get_one(Idea, first).category = db.session.get_one(Idea, first).campaign.categories[0]
        db.session.commit()
    assert shown(carl.get(f"{WAITS}&category=can")) == {first}
    assert "unvoted=1" not in re.search(r'href="([^"]*)" aria-current="true">Waits', carl.get(WAITS).text)[1]
    for number, idea in enumerate((first, second)):
        carl.post(f"/ideas/{idea}/vote", id=f"0123456789abcdef0{number}")
    assert "No idea waits for your vote" in carl.get(WAITS).text


def test_nobody_has_it_and_none_once_votes_are_over(app, nobody, carl, soda_campaign, ideas):
    assert "unvoted=1" not in nobody.get(BOARD).text
    assert shown(nobody.get(WAITS)) == set(ideas)
    with app.app_context():
        over(db.session.get_one(Campaign, soda_campaign))
        db.session.commit()
    assert "unvoted=1" not in carl.get(BOARD).text
    assert shown(carl.get(WAITS)) == set(ideas)


@pytest.mark.parametrize("order", ["new", "shuffled", "trending"])
def test_its_pages_follow_each_other(app, carl, cast, soda_campaign, ideas, monkeypatch, order):
    more = [suggest(app, soda_campaign, cast["bea"], f"A can with {number} lids", lot=number) for number in range(5)]
    carl.post(f"/ideas/{more[2]}/vote", id="0123456789abcdef01")
    monkeypatch.setattr("campaign.board.views.list_ideas", lambda *args, **kwargs: list_ideas(*args, **kwargs, size=2))
    page, seen = carl.get(f"{WAITS}&order={order}"), []
    while True:
        seen += shown(page)
        onwards = re.search(r'rel="next" href="([^"]+)"', page.text)
        if not onwards:
            break
        assert "unvoted=1" in onwards[1]
        page = carl.get(onwards[1].replace("&amp;", "&"))
    assert sorted(seen) == sorted({*ideas[:2], *more} - {more[2]})


def test_it_asks_a_fixed_number_of_questions(app, carl, cast, soda_campaign, ideas, queries):
    carl.get(WAITS)
    with queries() as few:
        carl.get(WAITS)
    for number in range(20):
        suggest(app, soda_campaign, cast["bea"], f"A can with {number} lids", lot=number)
    carl.get(WAITS)  # What is counted of the whole board is kept.
    with queries() as many:
        carl.get(WAITS)
    assert len(many) == len(few), "\n".join(many)
