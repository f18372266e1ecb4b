"""The results of a stage: every rule that can read its ballots, with its explanation, over the same ballots."""

import re
from html import unescape

import pytest

from campaign.campaigns.actions import close_campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.methods.actions import hand_in
from campaign.methods.counting import tally
from campaign.methods.lots import seed_of
from campaign.methods.papers import checked_marks, checked_ranking
from tests.calendars import until

RESULTS = "/campaigns/soda/results"


def fill(scene, person, ballot):
    """Hand in marks by idea, or a ranking."""

    def write(before, frame):
        return checked_ranking(ballot, frame) if isinstance(ballot, list) else checked_marks(ballot, frame)

    hand_in(scene.stage.id, person, f"ballot-of-{person.id}", write, list(ballot))
    db.session.commit()


def test_points_are_added_up(scene):
    scene.vote_by("dots", points=10, seats=2)
    one, two, three, *_rest = (idea.id for idea in scene.ideas)
    fill(scene, scene.bea, {one: 7, two: 3})
    fill(scene, scene.carl, {two: 6, three: 4})
    [count] = tally(scene.stage).counts
    assert count.outcome.winners == (two, one)
    assert count.outcome.figures["points"][two] == 9
    assert count.places[two].best == 1


@pytest.mark.one_database
def test_a_ranking_is_counted_in_three_ways_side_by_side(scene):
    scene.vote_by("ranked", seats=1)
    one, two, three, *_rest = (idea.id for idea in scene.ideas)
    for person, ballot in ((scene.bea, [one, two]), (scene.carl, [two, three]), (scene.drew, [one, three])):
        fill(scene, person, ballot)
    counted = tally(scene.stage)
    assert [count.outcome.rule for count in counted.counts] == ["schulze", "instant_runoff", "transferable"]
    assert [count.outcome.winners[0] for count in counted.counts] == [one, one, one]


@pytest.mark.one_database
def test_a_budget_is_shared_and_compared_with_votes_alone(scene):
    scene.vote_by("budget", budget=100)
    one, two, three, *_rest = (idea.id for idea in scene.ideas)
    for idea, cost in zip(scene.ideas, (60, 40, 40), strict=False):
        idea.cost = cost
    db.session.commit()
    for person, ballot in ((scene.bea, {one: 1, two: 1}), (scene.carl, {one: 1}), (scene.drew, {two: 1, three: 1})):
        fill(scene, person, ballot)
    shares, greedy = tally(scene.stage).counts
    assert (shares.outcome.rule, greedy.outcome.rule) == ("equal_shares", "greedy_budget")
    assert set(shares.outcome.winners) == set(greedy.outcome.winners) == {one, two}


@pytest.mark.one_database
def test_the_page_tells_the_rules_the_places_and_the_lot(carl, nobody, app, voted_by):
    one, two, *_rest = voted_by("dots", points=10, seats=1)
    page = carl.get("/campaigns/soda/ballot").text
    key = page.split('name="key"')[1].split('value="')[1].split('"')[0]
    stage = page.split('name="stage"')[1].split('value="')[1].split('"')[0]
    carl.post("/campaigns/soda/ballot", key=key, stage=stage, **{f"idea-{one}": "4", f"idea-{two}": "2"})
    told = unescape(nobody.get(RESULTS).text)
    assert "The points that people gave are added up." in told
    assert "1st to" in told
    assert "person has voted" in told
    assert re.search(
        r"Each idea’s lot is the SHA-256 of these words: <code>soda \d+ provisional</code>, then a colon", told
    )
    assert 'data-of="Points"' in told, "on a phone each figure says what it is"


@pytest.mark.one_database
def test_support_is_counted_with_a_proportional_shortlist_where_several_win(carl, nobody, voted_by):
    one, *_rest = voted_by("approval", seats=3)
    carl.post(f"/ideas/{one}/vote", id="a-vote-of-carls")
    told = unescape(nobody.get(RESULTS).text)
    assert "Most supported" in told
    assert "Proportional shortlist" in told


@pytest.mark.one_database
@pytest.mark.parametrize("method", ["dots", "score", "up_down", "statements", "ranked", "duels", "budget"])
def test_results_without_a_ballot_are_a_page_as_well(nobody, voted_by, method):
    voted_by(method, budget=100, points=10)
    assert nobody.get(RESULTS).status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize("stage", ["0", "x", "9" * 40])
def test_results_of_a_stage_that_is_not_there(nobody, soda_idea, stage):
    assert nobody.get(f"{RESULTS}?stage={stage}").status_code == 404


@pytest.mark.one_database
def test_sealed_counts_are_on_no_page_of_results(monkeypatch, nobody, soda_idea):
    monkeypatch.setattr("campaign.methods.views.counts_shown", lambda campaign, person: False)
    told = nobody.get(RESULTS).text
    assert "The results are sealed." in told
    assert "<table" not in told


@pytest.mark.one_database
def test_lots_are_provisional_as_long_as_a_vote_or_an_idea_may_come(scene):
    first, last = scene.campaign.stages[-2:]

    def provisional(**dates):
        until(scene.campaign, **dates)
        db.session.commit()
        return seed_of(first).provisional

    scene.vote_by("dots", points=10)
    one, *_rest = (idea.id for idea in scene.ideas)
    fill(scene, scene.bea, {one: 7})
    assert provisional()
    assert not provisional(votes_until=now())
    last.accepts_ideas = True
    assert provisional()
    close_campaign(scene.campaign, scene.ana)
    assert not provisional()
