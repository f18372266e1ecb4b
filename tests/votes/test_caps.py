"""At most so many votes for each person and campaign, however they come."""

import threading

import pytest

from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.votes.actions import count_ballots
from campaign.votes.allowance import NoVoteLeft, votes_left
from campaign.votes.ballots import Ballot, Receipt, VotedByBallot
from campaign.votes.models import Vote
from tests.makers import make_brand, make_campaign, make_idea, make_person
from tests.voting import cast_vote, withdraw_vote


@pytest.fixture
def scene(app):
    """ana runs the campaign and had fifty ideas; each of the others has five votes."""
    with app.app_context():

        class Scene:
            ana, bea, carl = (make_person(name) for name in ("ana", "bea", "carl"))
            campaign = make_campaign(make_brand(ana), ana)

        Scene.ideas = [make_idea(Scene.campaign, Scene.ana) for _ in range(50)]
        Scene.campaign.stage.method_settings = {"cap": 5}
        db.session.commit()
        yield Scene


def votes_of(person):
    return db.session.scalar(db.select(db.func.count()).select_from(Vote).where(Vote.voter_id == person.id))


def test_fifty_votes_at_once_leave_exactly_the_allowance(app, scene):
    ideas, bea = [idea.id for idea in scene.ideas], scene.bea.id
    results = []

    def vote(idea):
        with app.app_context():
            [result] = count_ballots([Ballot(bea, idea, f"vote-for-{idea}", "cast")])
            if isinstance(result, Receipt):
                db.session.commit()
            else:
                db.session.rollback()
            results.append(result)

    threads = [threading.Thread(target=vote, args=(idea,)) for idea in ideas]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 50
    assert sum(isinstance(result, Receipt) for result in results) == votes_of(scene.bea) == 5
    assert {type(result) for result in results} == {Receipt, NoVoteLeft}
    db.session.expire_all()
    assert sum(db.session.scalars(db.select(Idea.votes))) == 5


def test_fifty_votes_in_one_batch_leave_exactly_the_allowance(scene):
    results = count_ballots([Ballot(scene.bea.id, idea.id, f"vote-for-{idea.id}", "cast") for idea in scene.ideas])
    assert [isinstance(result, Receipt) for result in results] == [True] * 5 + [False] * 45
    assert [result.left for result in results[:5]] == [4, 3, 2, 1, 0]
    assert votes_of(scene.bea) == 5


def test_a_vote_taken_back_can_be_given_to_another_idea(scene):
    first, *others = scene.ideas
    for idea in scene.ideas[:5]:
        cast_vote(idea, scene.bea, f"vote-for-{idea.id}")
    with pytest.raises(NoVoteLeft):
        cast_vote(others[5], scene.bea, "one-too-many")
    assert withdraw_vote(first, scene.bea, "taken-back").left == 1
    assert cast_vote(others[5], scene.bea, "one-too-many").left == 0
    assert votes_left(scene.campaign, scene.bea.id) == 0
    assert votes_left(scene.campaign, scene.carl.id) == 5


def test_a_repeat_gets_its_receipt_though_no_vote_is_left(scene):
    for idea in scene.ideas[:5]:
        first = cast_vote(idea, scene.bea, f"vote-for-{idea.id}")
    again = cast_vote(scene.ideas[4], scene.bea, f"vote-for-{scene.ideas[4].id}")
    assert (again.number, again.left) == (first.number, 0)
    assert cast_vote(scene.ideas[4], scene.bea, "a-second-click").left == 0  # It is supported already.


def test_a_repeat_of_what_was_taken_back_uses_no_vote(scene):
    cast_vote(scene.ideas[0], scene.bea, "first-vote")
    withdraw_vote(scene.ideas[0], scene.bea, "taken-back")
    ballots = [Ballot(scene.bea.id, scene.ideas[0].id, "first-vote", "cast")]
    ballots += [Ballot(scene.bea.id, idea.id, f"vote-for-{idea.id}", "cast") for idea in scene.ideas[1:6]]
    assert all(isinstance(result, Receipt) for result in count_ballots(ballots))
    assert votes_of(scene.bea) == 5


def test_where_there_is_no_cap_nothing_is_said_of_one(scene):
    scene.campaign.stage.method_settings = {}
    receipt = cast_vote(scene.ideas[0], scene.bea, "first-vote")
    assert receipt.left is None
    assert "left" not in receipt.as_json()


def test_no_idea_is_supported_where_people_fill_in_a_ballot(scene):
    scene.campaign.stage.method = "dots"
    with pytest.raises(VotedByBallot):
        cast_vote(scene.ideas[0], scene.bea, "first-vote")
