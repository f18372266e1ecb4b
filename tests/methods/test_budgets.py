"""Ideas get their prices from the team, are chosen under a sum, and keep their prices once somebody has chosen."""

import json

import pytest

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.votes.models import StageBallot
from tests.campaigns.test_settings import shown

BALLOT, PRICES = "/campaigns/soda/ballot", "/campaigns/soda/prices"


def fields(page):
    return {name: value for name, value in shown(page).items() if name in ("key", "stage")}


def kept(app):
    with app.app_context():
        return [json.loads(content) for content in db.session.scalars(db.select(StageBallot.content))]


def test_ideas_are_chosen_under_the_sum_and_their_prices_stay(app, ana, carl, voted_by):
    one, two, three, _four = voted_by("budget", budget=100)
    prices = {f"idea-{one}": "60", f"idea-{two}": "40,50", f"idea-{three}": "39.50"}
    assert ana.post(PRICES, **prices).status_code == 302
    page = carl.get(BALLOT).text
    assert "€40.5" in page
    assert "No price yet" in page
    refused = carl.post(BALLOT, **fields(page), **{f"idea-{one}": "1", f"idea-{two}": "1"})
    assert refused.status_code == 422
    assert "This is €0.50 too much." in refused.text
    assert (
        carl.post(BALLOT, **fields(page), **{f"idea-{one}": "1", f"idea-{two}": "", f"idea-{three}": "1"}).status_code
        == 302
    )
    assert kept(app) == [[[one, 1], [three, 1]]]
    assert ana.post(PRICES, **{**prices, f"idea-{two}": "41"}).status_code == 422
    assert ana.post(PRICES, **prices).status_code == 302  # Nothing in it is new.


@pytest.mark.one_database
@pytest.mark.parametrize("typed", ["-1", "many", "1e9", "9" * 30, "1.234"])
def test_a_price_that_is_none_is_refused_beside_its_idea(ana, voted_by, typed):
    one, *_rest = voted_by("budget", budget=100)
    answer = ana.post(PRICES, **{f"idea-{one}": typed})
    assert answer.status_code == 422
    assert f'id="idea-{one}-refusal"' in answer.text
    assert f'value="{typed}"' in answer.text


@pytest.mark.one_database
def test_without_an_idea_the_page_of_prices_says_what_there_is_to_do(app, ana, soda_campaign):
    page = ana.get(PRICES).text
    assert "as soon as it is on the board" in page
    assert "Try other words" not in page
    assert "Try other words" in ana.get(f"{PRICES}?q=glass").text
    with app.app_context():
        first, vote, *_after = db.session.get_one(Campaign, soda_campaign).stages
        first.accepts_ideas, vote.method, vote.method_settings = False, "budget", {"budget": 100}
        db.session.commit()
    page = ana.get(PRICES).text
    assert "No idea can come before the vote on the budget." in page
    assert 'href="/campaigns/soda/settings#stages"' in page


@pytest.mark.one_database
def test_prices_are_the_teams(carl, drew, nobody, voted_by):
    voted_by("budget", budget=100)
    for person in (carl, drew):
        assert person.get(PRICES).status_code == 404
        assert person.post(PRICES).status_code == 404
    assert nobody.get(PRICES).status_code == 302
