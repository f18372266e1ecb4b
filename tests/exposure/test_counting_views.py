"""What pages report: only what they showed, once each, and nothing about who looked."""

import pytest

from campaign.campaigns.models import Campaign
from campaign.exposure import tickets
from campaign.exposure.models import IdeaExposure
from campaign.extensions import db
from campaign.ideas.models import Idea
from tests.campaigns.test_settings import shown
from tests.exposure.conftest import Page

BALLOT = "/campaigns/soda/ballot"


@pytest.fixture(autouse=True)
def three(guaranteed):
    guaranteed.suggest(3)


def test_what_was_on_the_screen_is_counted_once_whoever_looked(guaranteed, ana, carl, drew, nobody):
    for browser in (ana, carl, drew, nobody):
        page = guaranteed.look(browser)
        assert page.told == page.ideas
        first, second = page.ideas[0], page.ideas[1]
        assert guaranteed.report(browser, page, [first]).status_code == 204
        assert guaranteed.report(browser, page, [first, second]).status_code == 204  # Told again, and one more.
    assert sum(seen for seen, _served in guaranteed.views().values()) == 8


def test_a_page_without_scripts_counts_apart_as_what_was_served(guaranteed, nobody):
    page = guaranteed.look(nobody)
    for _ in range(2):
        dot = nobody.get("/seen", query_string={"page": page.ticket})
        assert dot.mimetype == "image/gif"
    assert guaranteed.views() == dict.fromkeys(page.ideas, (0, 1))


def test_an_idea_that_the_page_did_not_show_is_not_counted(guaranteed, nobody):
    page = guaranteed.look(nobody)
    assert guaranteed.report(nobody, page, [page.ideas[0], 99_999]).status_code == 204
    assert list(guaranteed.views()) == [page.ideas[0]]


def test_what_is_no_report_is_refused(guaranteed, nobody):
    page = guaranteed.look(nobody)
    forged = page.ticket[:-2] + ("AA" if page.ticket[-2:] != "AA" else "BB")
    for ticket, ideas in (
        ("", "1"),
        ("x" * 5000, "1"),
        (forged, "1"),
        (page.ticket, ""),
        (page.ticket, "1,"),
        (page.ticket, "-1"),
        (page.ticket, "1" * 11),
        (page.ticket, "é"),
        (page.ticket, ",".join(["1"] * 100)),
    ):
        assert nobody.post("/seen", page=ticket, ideas=ideas).status_code == 400
    assert nobody.get("/seen", query_string={"page": forged}).status_code == 400
    assert guaranteed.views() == {}


def test_an_old_page_reports_no_more(guaranteed, nobody, monkeypatch):
    page = guaranteed.look(nobody)
    monkeypatch.setattr(tickets, "LASTS", -1)
    assert guaranteed.report(nobody, page, page.ideas).status_code == 400


def test_nothing_is_written_by_a_page_or_a_report(guaranteed, nobody, queries):
    with queries() as asked:
        page = guaranteed.look(nobody)
        guaranteed.report(nobody, page, page.ideas)
    assert not [statement for statement in asked if not statement.lstrip().upper().startswith("SELECT")]


def test_a_batch_is_one_statement_and_batches_add_up(app, guaranteed, nobody, queries):
    guaranteed.suggest(40)
    for _round in range(2):
        page = guaranteed.look(nobody)
        guaranteed.report(nobody, page, page.ideas)
        with queries() as asked:
            views = guaranteed.views()
        assert len([statement for statement in asked if statement.startswith("INSERT INTO idea_exposure")]) == 1
    assert set(views.values()) == {(2, 0)}


def test_votes_from_before_views_were_counted_stand_apart(app, guaranteed, nobody):
    page = guaranteed.look(nobody)
    guaranteed.vote_totals({page.ideas[0]: 500})
    guaranteed.report(nobody, page, page.ideas)
    guaranteed.views()
    guaranteed.vote_totals({page.ideas[0]: 501})
    guaranteed.report(nobody, guaranteed.look(nobody), page.ideas)
    guaranteed.views()
    with app.app_context():
        row = db.session.get_one(IdeaExposure, page.ideas[0])
        assert (row.seen, row.votes_before, db.session.get_one(Idea, page.ideas[0]).votes) == (2, 500, 501)


def test_of_very_many_pages_one_in_n_is_counted_as_n(app, monkeypatch):
    monkeypatch.setattr(tickets, "IN_A_MINUTE", 100)
    monkeypatch.setattr(tickets.time, "time", lambda: 1000.0)
    weights = [tickets.Reports.sample(reports) for reports in [tickets.Reports()] for _page in range(2000)]
    assert max(weights) > 10
    assert weights.count(0) > 1000
    assert 0.7 * 2000 < sum(weights) < 1.3 * 2000


def test_while_nobody_can_vote_nothing_is_reported(app, ana, guaranteed, nobody):
    ana.post("/campaigns/soda/closing", reason="Enough.")
    assert guaranteed.look(nobody).ticket is None


@pytest.mark.parametrize(("method", "many"), [("dots", 3), ("duels", 2)])
def test_what_stands_on_a_ballot_is_counted_as_on_a_board(app, guaranteed, carl, method, many):
    with app.app_context():
        stage = db.session.scalars(db.select(Campaign)).one().stage
        stage.method, stage.method_settings = method, {"points": 5, "duels": 9}
        db.session.commit()
    text = carl.get(BALLOT).text
    page = Page(text)
    assert len(page.told) == many
    assert all(f'id="paper-{idea}"' in text for idea in page.told), "where the browser looks for it"
    assert guaranteed.report(carl, page, page.told).status_code == 204
    assert guaranteed.views() == dict.fromkeys(page.told, (1, 0))


def test_a_ballot_that_is_refused_shows_nothing_new(app, guaranteed, carl):
    with app.app_context():
        stage = db.session.scalars(db.select(Campaign)).one().stage
        stage.method, stage.method_settings = "dots", {"points": 5}
        db.session.commit()
    first = carl.get(BALLOT).text
    fields = {name: value for name, value in shown(first).items() if name in ("key", "stage")}
    fields |= {f"idea-{idea}": "4" for idea in Page(first).told}
    refused = carl.post(BALLOT, **fields)
    assert refused.status_code == 422
    assert Page(refused.text).ticket is None
