"""The board as a page: what it shows to whom, and what it costs."""

import re
from datetime import timedelta

import pytest

from campaign.board.live import CampaignBoard
from campaign.board.pulse import lately_on
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.models import Idea
from campaign.live import Audience
from tests.makers import make_idea, make_person


@pytest.mark.only_on("sqlite")
@pytest.mark.usefixtures("soda_idea")
def test_no_page_of_the_board_reads_the_accounts_of_everybody(app, carl, queries):
    """Once somebody has run ANALYZE: a join within an outer join is made of the whole of its tables first, 4 ms for 40,000 accounts."""
    with queries() as asked:
        assert '<li class="idea"' in carl.get("/campaigns/soda?order=new").text
    with app.app_context():
        db.session.connection().exec_driver_sql("ANALYZE")
        plans = [
            step.detail
            for statement in asked
            if statement.startswith("SELECT")
            for step in db.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", tuple(0 for _place in range(statement.count("?")))
            )
        ]
    assert [plan for plan in plans if "idea" in plan]
    assert not [plan for plan in plans if plan.startswith("SCAN person")]


@pytest.mark.parametrize("query", ["order=new", "order=new&q=can"])
def test_a_board_asks_as_many_questions_for_forty_ideas_as_for_one(app, carl, soda_campaign, queries, query):
    def look():
        with queries() as asked:
            page = carl.get(f"/campaigns/soda?{query}").text
        return page.count('<li class="idea"'), asked

    def suggest(*titles):
        with app.app_context():
            campaign = db.session.get_one(Campaign, soda_campaign)
            for title in titles:  # Each of somebody else: a person who was asked for is known.
                make_idea(campaign, make_person(), title, category=campaign.categories[0])
            db.session.commit()

    suggest("A can you can reseal")
    look()  # What is kept afterwards, such as stylesheets, is read.
    cards, few = look()
    assert cards == 1
    suggest(*(f"Another can, number {number}" for number in range(40)))
    _cards, counted = look()
    cards, many = look()
    assert cards > 20
    assert len(many) == len(few) <= 21, "\n".join(many)
    assert len(counted) <= 25, "\n".join(counted)  # What is counted over the board is counted once for each change.


def test_an_idea_asks_as_many_questions_for_forty_remarks_as_for_one(app, carl, soda_idea, queries):
    def look():
        with queries() as asked:
            page = carl.get(f"/ideas/{soda_idea}").text
        return len(re.findall(r'id="comment-\d+"', page)), asked

    def say(*texts):
        with app.app_context():
            idea = db.session.get_one(Idea, soda_idea)
            for text in texts:
                post_comment(idea, make_person(), text)
            db.session.commit()

    say("Yes, please.")
    look()
    remarks, few = look()
    assert remarks == 1
    say(*(f"And a remark, number {number}" for number in range(40)))
    remarks, many = look()
    assert remarks > 20
    assert len(many) == len(few) <= 24, "\n".join(many)


def test_the_announced_card_is_the_pages_card(app, nobody, cast, soda_idea, soda_campaign):
    page = nobody.get("/campaigns/soda?order=new", headers={"Accept-Language": "fr"}).text
    with app.app_context():
        news, board = {"ideas": [soda_idea]}, f"campaign-{soda_campaign}"
        told = CampaignBoard().present(board, news, Audience("public", "fr"), CampaignBoard().figures(board))
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


@pytest.mark.parametrize("page", ["/", "/brands/soda"])
def test_a_campaign_without_a_picture_stands_there_with_its_brands_initial(nobody, soda_campaign, page):
    assert re.search(r'<svg class="cover".*?>S</text>', nobody.get(page).text, re.DOTALL)


def test_a_brands_page_tells_what_people_gave(nobody, carl, soda_campaign, soda_idea):
    assert re.search(r'figure__number">1</strong> <span class="figure__text">idea<', nobody.get("/brands/soda").text)


def test_what_was_imported_with_its_dates_does_not_happen_now(app, soda_campaign, soda_idea):
    with app.app_context():
        campaign, idea = db.session.get_one(Campaign, soda_campaign), db.session.get_one(Idea, soda_idea)
        assert [event["idea"].id for event in lately_on(campaign)] == [soda_idea]
        idea.submitted_at = now() - timedelta(days=4380)
        db.session.flush()
        assert lately_on(campaign) == []
        db.session.rollback()


def test_where_all_is_over_no_vote_is_awaited(ana, nobody, soda_campaign, soda_idea):
    assert "No vote in the last minute" in nobody.get("/campaigns/soda").text
    ana.post("/campaigns/soda/closing")
    page = nobody.get("/campaigns/soda").text
    assert "in the last minute" not in page
    assert "sparkline" not in page
    assert "pulse__lately" in page, "what came in today is still told"


def test_after_a_vote_only_the_votes_are_added_up_anew(carl, ana, soda_idea, queries):
    def look():
        with queries() as asked:
            ana.get("/campaigns/soda")
        return asked

    carl.post(f"/ideas/{soda_idea}/comments", text="Yes, please.")
    look()
    kept = look()
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    after = look()
    [votes] = [statement for statement in after if "sum(idea.votes)" in statement]
    assert sorted([*kept, votes]) == sorted(after)
    over_ideas = re.compile(r"(count|sum)\([^)]*\)[^()]*FROM idea\b")
    assert over_ideas.search(votes)
    assert not any(over_ideas.search(statement) for statement in kept), "\n".join(kept)
