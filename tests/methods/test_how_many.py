"""Where the brand asks for it, a ballot marks so many ideas at least, and no more than so many."""

import pytest

from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.methods.actions import drop_from_ballots
from campaign.methods.papers import (
    BallotRefused,
    Frame,
    checked_marks,
    checked_ranking,
    checked_steps,
    how_many_in_words,
)
from campaign.votes.models import StageBallot
from tests.campaigns.test_settings import SETTINGS, shown
from tests.methods.test_ballots import BALLOT, fields, kept
from tests.methods.test_results import fill
from tests.methods.test_scales import SCALES

IDEAS = [11, 12, 13, 14]


def frame(method, least, most, **settings):
    settings = {"points": 10, "highest": 5, "budget": 100, "scales": SCALES, "most": most, **settings}
    return Frame(method, settings, IDEAS, dict.fromkeys(IDEAS, 100), least)


def marked(method, many, least=2, most=3):
    """A ballot that marks so many ideas."""
    ideas = IDEAS[:many]
    if method == "ranked":
        return checked_ranking(ideas, frame(method, least, most))
    if method == "scales":
        return checked_steps(dict.fromkeys(ideas, (None, 0)), frame(method, least, most))
    return checked_marks(dict.fromkeys(ideas, 1), frame(method, least, most))


@pytest.mark.one_database
@pytest.mark.parametrize("method", ["dots", "score", "scales", "up_down", "statements", "ranked", "budget"])
def test_each_ballot_counts_the_ideas_that_it_marks(app, method):
    with app.test_request_context():
        assert marked(method, 2)
        assert marked(method, 3)
        with pytest.raises(BallotRefused) as too_few:
            marked(method, 1)
        with pytest.raises(BallotRefused) as too_many:
            marked(method, 4)
    assert "Mark one idea more: at least 2" in str(too_few.value.message)
    assert "one idea too many: at most 3" in str(too_many.value.message)


@pytest.mark.one_database
def test_what_says_nothing_is_no_mark_and_what_says_nought_may_be(app):
    with app.test_request_context():
        with pytest.raises(BallotRefused):
            checked_marks({11: 1, 12: 0}, frame("dots", 2, None))
        with pytest.raises(BallotRefused):
            checked_steps({11: (1, None), 12: (None, None)}, frame("scales", 2, None))
        assert checked_marks({11: 1, 12: 0}, frame("score", 2, None)) == "[[11,1],[12,0]]"


@pytest.mark.one_database
def test_the_sentence_on_the_ballot(app):
    with app.test_request_context():
        assert how_many_in_words(frame("dots", 2, 3)) == "Mark 2 to 3 ideas."
        assert how_many_in_words(frame("dots", 3, 3)) == "Mark 3 ideas."
        assert how_many_in_words(frame("dots", 2, None)) == "Mark at least 2 ideas."
        assert how_many_in_words(frame("dots", 0, 1)) == "Mark one idea at most."
        assert how_many_in_words(frame("dots", 1, None)) == ""


def test_too_few_are_refused_with_all_that_was_typed_kept_and_enough_are_stored(app, carl, voted_by):
    one, two, *_rest = voted_by("dots", points=10, seats=1, least=2, most=3)
    page = carl.get(BALLOT).text
    assert "Mark 2 to 3 ideas." in page
    refused = carl.post(BALLOT, **{**fields(page), f"idea-{one}": "5"})
    assert refused.status_code == 422
    assert "Mark one idea more: at least 2 are asked for." in refused.text
    assert fields(refused.text)[f"idea-{one}"] == "5"
    assert kept(app) == []
    assert carl.post(BALLOT, **{**fields(refused.text), f"idea-{two}": "1"}).status_code == 302
    assert kept(app) == [[[one, 5], [two, 1]]]


def test_who_can_mark_fewer_marks_those(scene):
    scene.vote_by("score", highest=5, seats=1, least=20)
    ideas = [idea.id for idea in scene.ideas]
    with pytest.raises(BallotRefused):
        fill(scene, scene.bea, dict.fromkeys(ideas[:4], 3))
    db.session.rollback()
    fill(scene, scene.bea, dict.fromkeys(ideas, 3))
    assert db.session.scalar(db.select(db.func.count()).select_from(StageBallot)) == 1


def test_a_budget_asks_for_no_more_ideas_than_it_pays(scene):
    scene.vote_by("budget", budget=100, least=3)
    for idea, cost in zip(scene.ideas, (60, 40, 40), strict=False):
        idea.cost = cost
    db.session.commit()
    _one, two, three, *_rest = (idea.id for idea in scene.ideas)
    with pytest.raises(BallotRefused):
        fill(scene, scene.bea, {two: 1})
    db.session.rollback()
    fill(scene, scene.bea, {two: 1, three: 1})  # Three of them would cost more than there is.


@pytest.mark.one_database
def test_an_idea_that_leaves_takes_no_ballot_with_it(scene):
    scene.vote_by("score", highest=5, seats=1, least=2)
    one, two, *_rest = (idea.id for idea in scene.ideas)
    fill(scene, scene.bea, {one: 3, two: 3})
    drop_from_ballots(db.session.get_one(Idea, two), scene.bea)
    db.session.commit()
    assert db.session.scalars(db.select(StageBallot.content)).all() == [f"[[{one},3]]"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("numbers", "method"), [({"least": "4", "most": "3"}, "score"), ({"least": "5", "points": "4"}, "dots")]
)
def test_numbers_that_no_ballot_could_meet_are_refused(ana, soda_campaign, numbers, method):
    sent = {**shown(ana.get(SETTINGS).text), "stages-0-method": method}
    answer = ana.post(SETTINGS, **{**sent, **{f"stages-0-{name}": value for name, value in numbers.items()}})
    assert answer.status_code == 422
    assert 'id="stages-0-least-refusal"' in answer.text
