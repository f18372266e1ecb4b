"""A card says to its author that the idea is theirs; to everybody else it is the same."""

import re

import pytest

from campaign.board.live import CampaignBoard
from campaign.live import Audience
from tests.campaign_cast import suggest


def card(page, idea):
    return re.search(rf'<li class="idea" id="idea-{idea}".*?</li>', page, re.DOTALL)[0]


def test_an_author_sees_that_the_idea_is_theirs_and_nothing_to_press(bea, soda_idea):
    mine = card(bea.get("/campaigns/soda").text, soda_idea)
    assert " data-own" in mine
    assert re.search(r"<button[^>]* disabled>", mine)
    assert "Your idea" in mine


def test_others_can_support_it(carl, nobody, soda_idea):
    for other in (carl, nobody):
        theirs = card(other.get("/campaigns/soda").text, soda_idea)
        assert " data-own" not in theirs
        assert "disabled" not in theirs


def test_what_everybody_is_sent_says_whose_it_is_and_not_who_reads(app, cast, soda_campaign, soda_idea):
    with app.test_request_context():
        news, board = {"ideas": [soda_idea]}, f"campaign-{soda_campaign}"
        message = CampaignBoard().present(board, news, Audience("public", "en"), CampaignBoard().figures(board))
    html = message["ideas"][0]["html"]
    assert f'data-author="{cast["bea"]}"' in html
    assert " data-own" not in html
    assert "disabled" not in html


@pytest.mark.parametrize("asked", ["", "?q=can", "?order=new&tag=summer"])
def test_searching_ordering_and_filtering_lead_to_the_results(app, carl, cast, soda_campaign, soda_idea, asked):
    for number in range(50):
        suggest(app, soda_campaign, cast["bea"], f"A can, number {number}")
    page = carl.get(f"/campaigns/soda{asked}").text
    assert 'id="results"' in page
    assert 'role="search" action="/campaigns/soda#results"' in page
    links = re.findall(r'href="(/campaigns/soda\?[^"]*order=[^"]*)"', page)
    assert len(links) > 5
    assert {link.partition("#")[2] for link in links} <= {"results", "ideas"}
