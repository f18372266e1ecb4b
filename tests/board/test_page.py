"""The board as a page: what it shows to whom, and what it costs."""

import re

import pytest
from sqlalchemy import event

from campaign.board.live import CampaignBoard
from campaign.extensions import db
from campaign.live import Audience
from tests.campaign_cast import suggest


@pytest.fixture
def questions(app):
    """Every statement that reaches the database, while the test lasts."""
    asked = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    return asked


@pytest.mark.parametrize("path", ["/campaigns/soda?order=new", "/campaigns/soda?order=new&q=can", "/ideas/{idea}"])
def test_a_page_asks_as_many_questions_for_forty_ideas_as_for_one(
    app, carl, cast, soda_idea, soda_campaign, questions, path
):
    path = path.format(idea=soda_idea)
    carl.get(path)
    questions.clear()
    carl.get(path)
    few = len(questions)
    for number in range(40):
        suggest(app, soda_campaign, cast["bea"], f"Another can, number {number}")
    questions.clear()
    assert carl.get(path).status_code == 200
    assert len(questions) == few, "\n".join(questions)
    assert few <= 20


def test_the_announced_card_is_the_pages_card(app, nobody, cast, soda_idea, soda_campaign):
    page = nobody.get("/campaigns/soda?order=new", headers={"Accept-Language": "fr"}).text
    with app.app_context():
        told = CampaignBoard().present(f"campaign-{soda_campaign}", {"ideas": [soda_idea]}, Audience("public", "fr"))
    card = re.search(r'<li class="idea".*?</li>', page, re.DOTALL)[0]
    announced = re.search(r'<li class="idea".*?</li>', told["ideas"][0]["html"], re.DOTALL)[0]
    assert _without_seconds(announced) == _without_seconds(card)


def _without_seconds(html):
    return re.sub(r">[^<]*</time>", ">", html)


def test_drafts_are_their_teams(ana, carl, drew, nobody, soda_draft):
    assert ana.get("/campaigns/next").status_code == 200
    for stranger in (carl, drew, nobody):
        assert stranger.get("/campaigns/next").status_code == 404


def test_an_unknown_board_is_not_there(nobody, soda_campaign):
    assert nobody.get("/campaigns/nonsense").status_code == 404
    assert nobody.get("/ideas/99999999999999999999").status_code == 404
    assert nobody.get("/ideas/0").status_code == 404


@pytest.mark.parametrize(
    "query", ["order=nonsense", "order=", "tag=%00", "category='", "q=%F0%9F%A5%A4", "q=" + "x" * 900]
)
def test_odd_questions_are_answered_with_a_page(nobody, soda_idea, query):
    assert nobody.get(f"/campaigns/soda?{query}").status_code == 200


def test_while_people_vote_the_order_is_everybodys_own(carl, bea, soda_idea):
    assert 'data-order="shuffled"' in carl.get("/campaigns/soda").text
