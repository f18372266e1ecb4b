"""Ranks are shown with their uncertainty: at once where figures tell it, by a worker where ballots are drawn again."""

from html import unescape

import pytest

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.methods.counting import tally
from campaign.methods.counting_later import ask_for_count, count_what_is_asked_for, how_far
from campaign.methods.models import StageCount
from campaign.methods.results import finished, places_of
from tests.methods.test_results import RESULTS, fill


def count_of(scene):
    return db.session.get_one(StageCount, scene.stage.id, populate_existing=True)


@pytest.mark.one_database
def test_statements_and_budgets_by_votes_have_their_places_at_once(scene):
    one, *_rest = (idea.id for idea in scene.ideas)
    scene.vote_by("statements", seats=1)
    fill(scene, scene.bea, {one: 1})
    [count] = tally(scene.stage).counts
    assert (count.places[one].best, count.places[one].worst) == (1, 5)
    scene.vote_by("budget", budget=100)
    for idea in scene.ideas:
        idea.cost = 10
    db.session.commit()
    _shares, greedy = tally(scene.stage).counts
    assert greedy.places[one].best == 1


def test_a_worker_draws_the_ballots_again_and_keeps_the_places_of_that_count(scene):
    scene.vote_by("ranked", seats=1)
    one, two, *_rest = (idea.id for idea in scene.ideas)
    for person in (scene.bea, scene.carl, scene.drew):
        fill(scene, person, [one, two])
    ask_for_count(scene.stage)
    db.session.commit()
    count_what_is_asked_for()
    count = count_of(scene)
    assert count.step == ""
    places = places_of(count)
    assert places.keys() == {"schulze", "instant_runoff", "transferable"}
    assert (places["schulze"][one].best, places["schulze"][one].worst) == (1, 1)
    assert finished(how_far(scene.stage)).endswith("+")
    count.of = "of another count"
    assert places_of(count) == {}


@pytest.mark.one_database
def test_the_result_is_there_before_its_places(scene, monkeypatch):
    scene.vote_by("ranked", seats=1)
    one, two, *_rest = (idea.id for idea in scene.ideas)
    fill(scene, scene.bea, [one, two])
    ask_for_count(scene.stage)
    db.session.commit()
    seen = []

    def look(draw, tell):
        standing = ask_for_count(scene.stage)
        seen.append((standing.is_current, standing.step, standing.count.result["people"]))
        return draw(lambda done, out_of: None)

    monkeypatch.setattr("campaign.methods.counting_later._drawn", look)
    count_what_is_asked_for()
    assert seen == [(True, "places", 1)]
    assert ask_for_count(scene.stage).step == ""


def test_the_page_counts_at_once_and_shows_the_places_when_the_worker_has_them(app, carl, drew, nobody, voted_by):
    one, two, *_rest = voted_by("ranked", seats=1)
    for person in (carl, drew):
        page = person.get("/campaigns/soda/ballot").text
        key, stage = (page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0] for name in ("key", "stage"))
        ballot = {f"idea-{one}": "1", f"idea-{two}": "2"}
        assert person.post("/campaigns/soda/ballot", key=key, stage=stage, **ballot).status_code == 302
    before = unescape(nobody.get(RESULTS).text)
    assert "How sure the places are is being worked out." in before
    assert "Counted on" not in before
    assert "counted again 200 times" not in before
    with app.app_context():
        count_what_is_asked_for()
    after = unescape(nobody.get(RESULTS).text)
    assert "is being worked out" not in after
    assert "counted again 200 times" in after
    assert '<td class="results__place">1st</td>' in after


@pytest.mark.one_database
def test_sealed_results_ask_for_no_places(app, carl, nobody, voted_by):
    one, *_rest = voted_by("ranked", seats=1)
    page = carl.get("/campaigns/soda/ballot").text
    key, stage = (page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0] for name in ("key", "stage"))
    carl.post("/campaigns/soda/ballot", key=key, stage=stage, **{f"idea-{one}": "1"})
    with app.app_context():
        db.session.scalars(db.select(Campaign).filter_by(slug="soda")).one().stage.shows_counts = "ended"
        db.session.commit()
    told = unescape(nobody.get(RESULTS).text)
    assert "The results are sealed." in told
    assert "1st" not in told
    assert nobody.get(f"{RESULTS}/{stage}/progress").status_code == 404
    with app.app_context():
        assert db.session.scalars(db.select(StageCount)).all() == []


@pytest.mark.one_database
def test_of_too_many_ideas_no_ballot_is_drawn_again(scene, monkeypatch):
    monkeypatch.setattr("campaign.methods.counting.IDEAS_DRAWN", 4)
    scene.vote_by("ranked", seats=1)
    fill(scene, scene.bea, [scene.ideas[0].id])
    ask_for_count(scene.stage)
    count_of(scene).rests_until = now()
    db.session.commit()
    count_what_is_asked_for()
    assert count_of(scene).places is None
