"""The board in the order that guarantees exposure: each idea once while somebody scrolls, and at a fixed price."""

from datetime import timedelta

import pytest

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.exposure import drawing as drawing_of
from campaign.exposure.drawing import draw_where_due
from campaign.exposure.models import Drawing
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal
from tests.campaign_cast import stage


def scrolled(board, browser, between=lambda: None):
    """All the pages, one after the other, as a person reads them."""
    found, url = [], "/campaigns/soda"
    while url:
        page = board.look(browser, url)
        found += page.ideas
        url = page.more
        between()
    return found


def test_who_scrolls_meets_each_idea_once_whatever_moves_meanwhile(guaranteed, nobody, carl):
    guaranteed.suggest(100)
    guaranteed.draw()

    def move():
        page = guaranteed.look(carl)
        guaranteed.report(carl, page, page.ideas[:10])
        guaranteed.views()
        guaranteed.suggest(1)
        guaranteed.draw()

    found = scrolled(guaranteed, nobody, between=move)
    assert len(found) == len(set(found)) == 100


def test_what_was_seen_least_comes_first_in_every_second_place(guaranteed, nobody, carl):
    guaranteed.suggest(60)
    page = guaranteed.look(carl)
    seen = page.ideas[:40]
    guaranteed.report(carl, page, seen)
    guaranteed.views()
    guaranteed.draw()
    first = guaranteed.look(nobody).ideas
    assert all(set(pair) - set(seen) for pair in zip(first[:10:2], first[1:10:2], strict=True))


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_under_seal_exposure_is_guaranteed_as_well_and_follows_no_votes(
    app, guaranteed, nobody, carl, soda_campaign, seal
):
    guaranteed.suggest(60)
    page = guaranteed.look(carl)
    seen = page.ideas[:40]
    guaranteed.report(carl, page, seen)
    guaranteed.views()
    of_votes = guaranteed.draw()
    with app.app_context():
        for one in db.session.get_one(Campaign, soda_campaign).stages:
            one.shows_counts, one.opens_at = seal, one.opens_at - timedelta(seconds=1)
        db.session.commit()
    plain = guaranteed.look(nobody).ideas
    with app.app_context():
        draw_where_due()  # Nothing was seen since, but a seal has begun.
        blind = db.session.scalars(db.select(Drawing).order_by(Drawing.id.desc())).first()
        assert (blind.id > of_votes, blind.blind) == (True, True)
    first = guaranteed.look(nobody).ideas
    assert first != plain
    assert all(set(pair) - set(seen) for pair in zip(first[:10:2], first[1:10:2], strict=True))
    assert nobody.get(f"/campaigns/soda?from=d{of_votes}-0-48").status_code == 404, "it would tell of votes"


def test_without_a_drawing_or_the_choice_the_order_is_shuffled(app, guaranteed, nobody, soda_campaign):
    guaranteed.suggest(3)
    plain = guaranteed.look(nobody).ideas
    assert len(plain) == 3
    guaranteed.draw()
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).exposure = "shuffled"
        db.session.commit()
    assert guaranteed.look(nobody).ideas == plain


def test_what_came_since_the_drawing_stands_in_front(guaranteed, nobody):
    guaranteed.suggest(60)
    guaranteed.draw()
    guaranteed.suggest(3)
    first = guaranteed.look(nobody).ideas
    found = scrolled(guaranteed, nobody)
    assert len(first) == 48
    assert len(found) == len(set(found)) == 63
    assert sorted(first[:3]) == sorted(found)[-3:]


def test_where_most_of_a_page_is_newer_than_the_drawing_or_nobody_draws_any_more_the_order_is_shuffled(
    app, guaranteed, nobody
):
    guaranteed.suggest(60)
    plain = guaranteed.look(nobody).ideas
    guaranteed.draw()
    assert guaranteed.look(nobody).ideas != plain
    with app.app_context():
        db.session.execute(db.update(Drawing).values(made_at=now() - timedelta(minutes=61)))
        db.session.commit()
    assert guaranteed.look(nobody).ideas == plain
    guaranteed.draw()
    guaranteed.suggest(25)
    page = guaranteed.look(nobody)
    assert page.more.count("from=d") == 0


def test_the_worker_draws_again_before_a_drawing_is_too_old(app, guaranteed):
    guaranteed.suggest(3)
    first = guaranteed.draw()
    with app.app_context():
        db.session.execute(db.update(Drawing).values(made_at=now() - timedelta(minutes=21)))
        db.session.commit()
        draw_where_due()
        assert db.session.scalar(db.select(db.func.max(Drawing.id))) > first


def test_search_and_filters_keep_to_the_plain_order(guaranteed, nobody):
    guaranteed.suggest(3)
    guaranteed.draw()
    for query in ("q=can", "category=can"):
        assert len(guaranteed.look(nobody, f"/campaigns/soda?{query}").ideas) == 3


def test_what_was_taken_back_is_not_shown(app, guaranteed, nobody):
    guaranteed.suggest(3)
    guaranteed.draw()
    with app.app_context():
        idea = db.session.scalars(db.select(Idea)).first()
        db.session.add(Withdrawal(idea_id=idea.id, reason="No."))
        db.session.commit()
    assert len(guaranteed.look(nobody).ideas) == 2


@pytest.mark.parametrize("cursor", ["d1-0-48", "d999-0-0", "d1-99-0", "d1-0-9999999", "x", "d1--1-0", "d１-0-0"])
def test_a_page_that_was_never_given_is_not_there(guaranteed, nobody, cursor):
    guaranteed.suggest(3)
    guaranteed.draw()
    assert nobody.get("/campaigns/soda", query_string={"from": cursor}).status_code == 404


def test_a_drawing_of_another_campaign_opens_nothing(app, guaranteed, nobody, drew):
    guaranteed.suggest(60)
    number = guaranteed.draw()
    stage(app, brand="elsewhere", slug="other")
    assert nobody.get(f"/campaigns/other?from=d{number}-0-48").status_code == 404


def test_a_page_asks_as_many_questions_for_sixty_ideas_as_for_two(guaranteed, nobody, queries):
    def look():
        guaranteed.draw()
        with queries() as asked:
            guaranteed.look(nobody)
        return asked

    guaranteed.suggest(2)
    look()
    few = look()
    guaranteed.suggest(58)
    look()
    many = look()
    assert len(many) == len(few) <= 22, "\n".join(many)


def test_the_worker_draws_when_something_was_seen_and_not_too_often(app, guaranteed, nobody, monkeypatch):
    def drawings():
        with app.app_context():
            draw_where_due()
            return db.session.scalar(db.select(db.func.max(Drawing.id))) or 0

    guaranteed.suggest(3)
    first = drawings()
    assert first
    monkeypatch.setattr(drawing_of, "AT_LEAST", -1.0)
    monkeypatch.setattr(drawing_of, "A_SECOND", -1.0)
    assert drawings() == first  # Nothing moved.
    page = guaranteed.look(nobody)
    guaranteed.report(nobody, page, page.ideas)
    guaranteed.views()
    second = drawings()
    assert second > first
    guaranteed.suggest(1)
    assert drawings() > second
    monkeypatch.setattr(drawing_of, "KEPT", now() - now())
    drawings()
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Drawing.id))) == 1  # The newest stays, however old.


def test_a_drawn_page_asks_the_same_of_the_database_for_many_as_for_one(guaranteed, carl, queries):
    def look(number):
        guaranteed.draw()
        guaranteed.look(carl)  # What is counted over the board is counted.
        with queries() as asked:
            assert len(guaranteed.look(carl).ideas) == number
        return asked

    guaranteed.suggest(1)
    few = look(1)
    guaranteed.suggest(12)
    many = look(13)
    assert len(many) == len(few), "\n".join(many)
