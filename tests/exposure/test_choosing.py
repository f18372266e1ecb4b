"""The team's page: how often ideas were seen, and the choice of the order."""

import re
from html import unescape

from campaign.campaigns.models import Campaign
from campaign.extensions import db

PAGE = "/campaigns/soda/exposure"


def test_the_team_sees_the_spread_and_the_least_seen_by_name(app, guaranteed, ana, nobody):
    guaranteed.suggest(12)
    page = guaranteed.look(nobody)
    for round in range(3):
        page = guaranteed.look(nobody)
        guaranteed.report(nobody, page, sorted(page.ideas)[round:])
    guaranteed.views()
    text = ana.get(PAGE).text
    figures = [int(part.split("<")[0]) for part in text.split('figure__number">')[1:]]
    assert figures == [1, 3, 3]
    least = text.split('class="rows"')[1].split("</ol>")[0]
    assert least.count('class="row"') == 10
    assert f"/ideas/{min(page.ideas)}" in least.split("</li>")[0]
    assert text.count("<rect ") == 10


def test_where_totals_are_sealed_the_team_is_told_what_the_order_follows(app, ana, guaranteed, soda_campaign):
    guaranteed.suggest(1)
    told = "While totals are sealed, guaranteed exposure follows no votes"
    assert told not in ana.get(PAGE).text
    with app.app_context():
        for stage in db.session.get_one(Campaign, soda_campaign).stages:
            stage.shows_counts = "ended"
        db.session.commit()
    assert told in ana.get(PAGE).text


def test_nobody_else_sees_it(nobody, carl, drew, guaranteed):
    guaranteed.suggest(1)
    assert nobody.get(PAGE).status_code == 302
    for browser in (carl, drew):
        assert browser.get(PAGE).status_code == 404
        assert browser.post(PAGE, exposure="guaranteed").status_code == 404


def test_the_order_is_chosen_once_and_stands_in_the_history(app, ana, soda_campaign):
    for _twice in range(2):
        assert ana.post(PAGE, exposure="guaranteed").status_code == 302
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).exposure == "guaranteed"
    history = unescape(ana.get("/campaigns/soda/history").text)
    assert history.count("the order: from Shuffled to Guaranteed exposure") == 1
    assert re.search(r'<input checked[^>]* value="guaranteed"', ana.get(PAGE).text)


def test_an_order_that_does_not_exist_is_refused(app, ana, soda_campaign):
    for exposure in ("", "best", "x" * 500):
        answer = ana.post(PAGE, exposure=exposure)
        assert answer.status_code == 422
        assert "Choose an order." in answer.text
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).exposure == "shuffled"


def test_a_copy_keeps_the_order(app, ana, soda_campaign):
    ana.post(PAGE, exposure="guaranteed")
    ana.post("/campaigns/soda/copy", key="once")
    with app.app_context():
        assert db.session.scalars(db.select(Campaign.exposure)).all() == ["guaranteed"] * 2


def test_the_page_asks_as_many_questions_for_forty_ideas_as_for_two(guaranteed, ana, queries):
    def look():
        with queries() as asked:
            assert ana.get(PAGE).status_code == 200
        return len(asked)

    guaranteed.suggest(2)
    look()
    few = look()
    guaranteed.suggest(40)
    assert look() == few
