"""What somebody gave, on all boards, and what waits for the team's answer."""

import re

import pytest

from campaign.board import mine
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.listing import list_ideas
from campaign.ideas.models import Idea, Withdrawal
from campaign.votes.models import Vote
from tests.campaign_cast import stage, suggest


def titles(page):
    return re.findall(r'row__title"><a [^>]*>([^<]+)<', page.text)


def test_my_ideas_are_those_that_i_wrote_the_newest_first(app, bea, carl, cast, soda_campaign, soda_idea):
    suggest(app, soda_campaign, cast["bea"], "A can for two")
    suggest(app, soda_campaign, cast["carl"], "A can that sings")
    assert titles(bea.get("/profile/ideas")) == ["A can for two", "A can you can reseal"]
    assert titles(carl.get("/profile/ideas")) == ["A can that sings"]


def test_what_i_took_back_is_still_mine_and_says_so(app, bea, soda_idea):
    with app.app_context():
        db.session.add(Withdrawal(idea_id=soda_idea, reason="Said twice."))
        db.session.commit()
    page = bea.get("/profile/ideas")
    assert titles(page) == ["A can you can reseal"]
    assert "Withdrawn" in page.text


def test_my_votes_are_the_ideas_that_i_support(app, carl, bea, soda_idea):
    assert "You support no idea yet" in carl.get("/profile/votes").text
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    assert titles(carl.get("/profile/votes")) == ["A can you can reseal"]
    assert titles(bea.get("/profile/votes")) == []
    carl.post(f"/ideas/{soda_idea}/vote/withdrawal", id="0123456789abcdef02")
    assert titles(carl.get("/profile/votes")) == []


@pytest.mark.parametrize("page", ["/profile/ideas", "/profile/votes"])
def test_they_are_for_those_who_are_signed_in(nobody, page):
    assert nobody.get(page).location.startswith("/sign-in")


@pytest.mark.parametrize("page", ["/profile/ideas", "/profile/votes"])
def test_a_campaign_that_was_narrowed_since_shows_its_ideas_to_its_team_only(
    app, bea, cast, soda_campaign, soda_idea, page
):
    with app.app_context():
        db.session.add(Vote(idea_id=soda_idea, voter_id=cast["bea"]))
        db.session.get(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    assert titles(bea.get(page)) == []
    with app.app_context():
        db.session.add(Membership(brand_id=1, person_id=cast["bea"], role="analyst"))
        db.session.commit()
    assert titles(bea.get(page)) == ["A can you can reseal"]


def test_a_long_list_goes_on_where_it_ended_with_as_many_questions(app, bea, cast, soda_campaign, queries, monkeypatch):
    written = [f"Idea number {number} of bea" for number in range(1, 8)]
    suggest(app, soda_campaign, cast["bea"], written[0])
    bea.get("/profile/ideas")
    with queries() as few:
        bea.get("/profile/ideas")
    for title in written[1:]:
        suggest(app, soda_campaign, cast["bea"], title)
    monkeypatch.setattr(mine, "SHOWN", 3)
    with queries() as many:
        page = bea.get("/profile/ideas")
    assert len(many) == len(few)
    seen = titles(page)
    while onwards := re.search(r'rel="next" href="([^"]+)"', page.text):
        page = bea.get(onwards[1])
        seen += titles(page)
    assert seen == written[::-1]
    assert bea.get("/profile/ideas?from=never").status_code == 404


def shown(page):
    return re.findall(r'id="idea-(\d+)-title"', page.text)


def test_the_team_finds_what_waits_for_its_answer(app, ana, cast, soda_campaign, soda_idea):
    other = suggest(app, soda_campaign, cast["carl"], "A can that sings")
    with app.app_context():
        db.session.get(Idea, other).answered_at = now()
        db.session.commit()
    board = ana.get("/campaigns/soda")
    assert "1 idea has none yet." in board.text
    link = re.search(r'href="([^"]*unanswered=1[^"]*)"', board.text)[1].replace("&amp;", "&")
    assert shown(ana.get(link)) == [str(soda_idea)]


def test_it_goes_on_from_page_to_page(app, ana, cast, soda_campaign, soda_idea, monkeypatch):
    others = [suggest(app, soda_campaign, cast["carl"], f"A can that sings {number} songs") for number in range(2, 6)]
    monkeypatch.setattr("campaign.board.views.list_ideas", lambda *args, **kwargs: list_ideas(*args, **kwargs, size=2))
    page, seen = ana.get("/campaigns/soda?order=new&unanswered=1"), []
    while True:
        seen += shown(page)
        onwards = re.search(r'rel="next" href="([^"]+)"', page.text)
        if not onwards:
            break
        assert "unanswered=1" in onwards[1]
        page = ana.get(onwards[1].replace("&amp;", "&"))
    assert seen == [str(idea) for idea in [*others[::-1], soda_idea]]


def test_others_have_neither_the_list_nor_the_link(app, bea, soda_idea):
    with app.app_context():
        db.session.get(Idea, soda_idea).answered_at = now()
        db.session.commit()
    page = bea.get("/campaigns/soda?unanswered=1")
    assert "unanswered=1" not in bea.get("/campaigns/soda").text
    assert shown(page) == [str(soda_idea)]


@pytest.mark.parametrize("page", ["/profile/ideas", "/profile/votes"])
def test_ideas_on_many_boards_cost_as_much_as_on_one(app, bea, cast, soda_campaign, queries, page):
    def give(campaign, number):
        idea = suggest(app, campaign, cast["bea"], f"Idea number {number} of bea")
        with app.app_context():
            db.session.add(Vote(idea_id=idea, voter_id=cast["bea"]))
            db.session.commit()

    give(soda_campaign, 0)
    bea.get(page)
    with queries() as few:
        bea.get(page)
    for number in range(1, 5):
        give(stage(app, slug=f"soda-{number}"), number)
    with queries() as many:
        assert len(titles(bea.get(page))) == 5
    assert len(many) == len(few), "\n".join(many)
