"""Two ideas at a time: what was shown is kept, asked until it is answered, and answered once."""

import json
import re

import pytest

from campaign.extensions import db
from campaign.ideas.following import Following
from campaign.ideas.models import Withdrawal
from campaign.methods.access import ballot_of
from campaign.methods.pairs import AllAnswered, NoSuchPair, answer_pair, open_pair
from campaign.methods.papers import duels_in
from campaign.votes.models import BallotEntry, ShownPair, StageBallot
from tests.campaign_cast import suggest
from tests.campaigns.test_settings import shown
from tests.makers import make_idea

BALLOT = "/campaigns/soda/ballot"


def pairs(app):
    with app.app_context():
        return [
            (pair.first_id, pair.second_id)
            for pair in db.session.scalars(db.select(ShownPair).order_by(ShownPair.number))
        ]


def duels(app):
    with app.app_context():
        return [json.loads(content) for content in db.session.scalars(db.select(StageBallot.content))]


def fields(page):
    return {name: value for name, value in shown(page).items() if name in ("stage", "pair")}


def test_a_pair_is_asked_until_it_is_answered_and_then_another(app, carl, voted_by):
    voted_by("duels", duels=20)
    page = carl.get(BALLOT).text
    assert carl.get(BALLOT).text.count("This one:") == 2
    [(first, second)] = pairs(app)
    assert carl.post(BALLOT, **fields(page), answer="second").status_code == 302
    assert duels(app) == [[[second, first, ""]]]
    carl.get(BALLOT)
    assert len(set(map(frozenset, pairs(app)))) == 2


def test_a_pair_is_answered_once(app, carl, voted_by):
    voted_by("duels", duels=20)
    sent = fields(carl.get(BALLOT).text)
    carl.post(BALLOT, **sent, answer="first")
    carl.post(BALLOT, **sent, answer="second")
    [(first, second), *_rest] = pairs(app)
    assert duels(app) == [[[first, second, ""]]]
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(BallotEntry)) == 1


@pytest.mark.one_database
def test_who_preferred_an_idea_may_be_told_what_becomes_of_it(app, carl, voted_by):
    voted_by("duels", duels=20)
    sent = fields(carl.get(BALLOT).text)
    carl.post(BALLOT, **sent, answer="", undecided="same")
    assert "Tell me what happens" not in carl.get(BALLOT).text
    sent = fields(carl.get(BALLOT).text)
    carl.post(BALLOT, **sent, answer="second")
    assert "Tell me what happens" in carl.get(BALLOT).text
    carl.post(f"{BALLOT}/following", stage=sent["stage"])
    with app.app_context():
        assert db.session.scalars(db.select(Following.idea_id)).all() == [pairs(app)[1][1]]


@pytest.mark.one_database
def test_who_can_not_decide_says_why(app, carl, voted_by):
    voted_by("duels", duels=20)
    sent = fields(carl.get(BALLOT).text)
    refused = carl.post(BALLOT, **sent, answer="")
    assert refused.status_code == 422
    assert 'id="undecided-refusal"' in refused.text
    assert carl.post(BALLOT, **sent, answer="", undecided="same").status_code == 302
    [(first, second), *_rest] = pairs(app)
    assert duels(app) == [[[first, second, "same"]]]


@pytest.mark.one_database
def test_nobody_is_asked_more_than_the_stage_says_nor_about_their_own_idea(app, bea, carl, voted_by):
    voted_by("duels", duels=2)
    for _ in range(2):
        assert carl.post(BALLOT, **fields(carl.get(BALLOT).text), answer="first").status_code == 302
    assert "That was all. Thank you!" in carl.get(BALLOT).text
    assert "That was all. Thank you!" in bea.get(BALLOT).text  # All ideas are hers.


@pytest.mark.one_database
def test_as_many_pairs_are_announced_as_there_are(app, carl, cast, voted_by, soda_campaign):
    voted_by("duels", duels=20)  # Four ideas of bea's make six pairs.
    assert "Pair 1 of 6 at most" in carl.get(BALLOT).text
    suggest(app, soda_campaign, cast["carl"], "One of his own")
    carl.post(BALLOT, **fields(carl.get(BALLOT).text), answer="first")
    assert "Pair 2 of 6 at most" in carl.get(BALLOT).text
    voted_by("duels", duels=3)  # Eight ideas by now.
    assert "Pair 2 of 3 at most" in carl.get(BALLOT).text


@pytest.mark.one_database
@pytest.mark.parametrize("pair", ["2", "0", "x", "9" * 30, ""])
def test_a_pair_that_was_not_shown_has_no_answer(app, carl, voted_by, pair):
    voted_by("duels", duels=20)
    sent = fields(carl.get(BALLOT).text)
    assert carl.post(BALLOT, **{**sent, "pair": pair}, answer="first").status_code in (404, 422)
    assert duels(app) == []


@pytest.mark.one_database
def test_nobody_sees_a_pair_who_is_not_signed_in(app, nobody, voted_by):
    voted_by("duels", duels=20)
    page = nobody.get(BALLOT)
    assert "Sign in to answer" in page.text
    assert not re.search("This one:", page.text)
    assert pairs(app) == []


def test_the_answers_to_pairs_are_not_taken_back(app, carl, voted_by):
    voted_by("duels", duels=20)
    sent = fields(carl.get(BALLOT).text)
    carl.post(BALLOT, **sent, answer="first")
    refused = carl.post(f"{BALLOT}/withdrawal", stage=sent["stage"], key="a-key-of-carls")
    assert refused.status_code == 409
    assert "Each pair is asked once" in refused.text
    assert len(duels(app)) == 1


@pytest.mark.one_database
def test_what_draws_a_pair_leaves_the_commit_to_its_caller(people, campaign, monkeypatch):
    campaign.stage.method, campaign.stage.method_settings = "duels", {"duels": 20}
    for _ in range(2):
        make_idea(campaign, people.bea, category=campaign.categories[0])
    db.session.commit()
    assert open_pair(campaign.stage, people.carl, None) is not None
    db.session.rollback()
    assert db.session.scalars(db.select(ShownPair)).all() == []


@pytest.mark.parametrize("answered", [1, 2])
def test_nobody_answers_more_pairs_than_are_asked_of_each_person(scene, answered):
    """A pair that lost one of its ideas for a while is replaced by another; then both are open."""
    scene.vote_by("duels", duels=answered)
    for _other in range(1, answered):
        pair = open_pair(scene.stage, scene.bea, ballot_of(scene.bea, scene.stage))
        answer_pair(scene.stage.id, scene.bea, pair.number, "first", "")
    left = open_pair(scene.stage, scene.bea, ballot_of(scene.bea, scene.stage))
    gone = Withdrawal(idea_id=left.first_id, reason="For a while.")
    db.session.add(gone)
    db.session.commit()
    other = open_pair(scene.stage, scene.bea, ballot_of(scene.bea, scene.stage))
    assert other.number == left.number + 1
    stored = answer_pair(scene.stage.id, scene.bea, other.number, "first", "")
    db.session.delete(gone)
    db.session.commit()
    with pytest.raises(AllAnswered):
        answer_pair(scene.stage.id, scene.bea, left.number, "first", "")
    assert answer_pair(scene.stage.id, scene.bea, other.number, "first", "") == stored  # A second click.
    assert len(duels_in(ballot_of(scene.bea, scene.stage))) == answered
    with pytest.raises(NoSuchPair):
        answer_pair(scene.stage.id, scene.bea, other.number + 1, "first", "")
    with pytest.raises(NoSuchPair):  # Shown to bea, and to nobody else.
        answer_pair(scene.stage.id, scene.carl, other.number, "first", "")


def test_of_very_many_ideas_all_are_never_read_for_one_pair(scene, queries, monkeypatch):
    monkeypatch.setattr("campaign.methods.pairs.FEW", 3)
    monkeypatch.setattr("campaign.methods.pairs.DRAWN", 4)
    scene.vote_by("duels", duels=20)
    gone, *standing = scene.ideas
    db.session.add(Withdrawal(idea=gone, reason=""))
    db.session.commit()
    numbers, stage = {idea.id for idea in standing}, scene.stage
    for person in (scene.bea, scene.carl, scene.drew):
        with queries() as asked:
            pair = open_pair(stage, person, None)
        assert len({pair.first_id, pair.second_id} & numbers) == 2
        of_ideas = [statement for statement in asked if "FROM idea" in statement]
        assert of_ideas
        assert all("LIMIT" in each or "asked" in each or "min(" in each for each in of_ideas)
        assert open_pair(stage, person, None) == pair
