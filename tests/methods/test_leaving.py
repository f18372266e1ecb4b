"""An idea that people voted on leaves no result: while ballots run, what it was given comes back; after the vote it stays."""

from datetime import timedelta

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.actions import restore_idea, why_it_stays, withdraw_idea
from campaign.ideas.models import Withdrawal
from campaign.merging.retiring import retire_idea
from campaign.methods.leaving import OnBallots
from campaign.methods.pairs import answer_pair, open_pair
from campaign.votes.ended import MissedVote, StoodInVote
from campaign.votes.returning import ReturnedVote
from tests.campaigns.test_settings import shown
from tests.methods.test_results import fill
from tests.voting import cast_vote


def seal(scene, shows_counts):
    scene.stage.shows_counts = shows_counts
    db.session.commit()


def close(scene):
    """The vote is over; the next stage lasts, and takes ideas."""
    stages = sorted(scene.campaign.stages, key=lambda stage: stage.opens_at)
    last = stages[-1]
    last.opens_at, last.accepts_ideas = now(), True
    db.session.commit()
    assert scene.stage is last


def returned():
    return set(db.session.execute(db.select(ReturnedVote.idea_id, ReturnedVote.voter_id)).all())


BALLOTS = [
    ("dots", {"points": 99}, lambda one, two: {one: two, two: 1}),
    ("score", {"highest": 99}, lambda one, two: {one: two, two: 1}),
    ("ranked", {}, lambda one, two: [two, one]),
    ("up_down", {}, lambda one, two: {one: -1, two: 1}),
]


@pytest.mark.parametrize(("method", "given", "ballot"), BALLOTS, ids=[name for name, *_rest in BALLOTS])
def test_under_seal_it_leaves_and_each_voter_on_whose_ballot_it_is_finds_a_notice(scene, method, given, ballot):
    scene.vote_by(method, **given)
    seal(scene, "ended")
    one, two, three, *_rest = scene.ideas
    fill(scene, scene.bea, ballot(one.id, two.id))
    fill(scene, scene.carl, ballot(three.id, two.id))
    withdraw_idea(one, scene.ana, "Done already.")
    db.session.commit()
    assert returned() == {(one.id, scene.bea.id)}


def test_where_counts_are_shown_it_stays_while_it_is_on_a_ballot(scene):
    scene.vote_by("ranked")
    one, two, three, *_rest = scene.ideas
    fill(scene, scene.bea, [one.id, two.id])
    with pytest.raises(OnBallots):
        withdraw_idea(one, scene.ana, "Done already.")
    db.session.rollback()
    withdraw_idea(three, scene.ana, "Nobody wants it.")
    db.session.commit()
    assert three.withdrawn
    assert returned() == set()


def test_duels_are_answered_once_so_of_them_nothing_comes_back(scene):
    scene.vote_by("duels", duels=10)
    pair = open_pair(scene.stage, scene.bea, None)
    answer_pair(scene.stage.id, scene.bea, pair.number, "", "equal")
    db.session.commit()
    for number in (pair.first_id, pair.second_id):
        idea = next(idea for idea in scene.ideas if idea.id == number)
        with pytest.raises(OnBallots):
            withdraw_idea(idea, scene.ana, "Done already.")
        db.session.rollback()
    seal(scene, "ended")
    withdraw_idea(idea, scene.ana, "Done already.")
    db.session.commit()
    assert returned() == set()


@pytest.mark.parametrize("shows_counts", ["always", "ended"])
def test_after_the_vote_no_author_takes_an_idea_out_of_its_result(scene, shows_counts):
    scene.vote_by("dots", points=10)
    seal(scene, shows_counts)
    one, two, *_rest = scene.ideas
    fill(scene, scene.bea, {one.id: 3})
    close(scene)
    for idea in (one, two):
        assert isinstance(why_it_stays(idea), StoodInVote)
        with pytest.raises(StoodInVote):
            withdraw_idea(idea, scene.ana, "Done already.")
        db.session.rollback()
    scene.stage.accepts_votes = True  # Another vote follows, so that is not what keeps it.
    db.session.commit()
    with pytest.raises(StoodInVote):
        retire_idea(one, two, scene.ana, "The other says it better.")


def test_nor_out_of_the_support_that_was_given(scene):
    scene.vote_by("approval")
    one, two, *_rest = scene.ideas
    cast_vote(one, scene.bea, "a-vote-of-beas")
    close(scene)
    seal(scene, "ended")  # What follows is sealed: no refusal may tell which of them has votes.
    for idea in (one, two):
        with pytest.raises(StoodInVote):
            withdraw_idea(idea, scene.ana, "Done already.")
        db.session.rollback()
    seal(scene, "always")
    withdraw_idea(two, scene.ana, "Nobody wants it.")
    with pytest.raises(StoodInVote):
        withdraw_idea(one, scene.ana, "Done already.")


def test_what_was_suggested_after_the_vote_stood_in_no_result(scene):
    scene.vote_by("dots", points=10)
    fill(scene, scene.bea, {scene.ideas[0].id: 3})
    close(scene)
    scene.ideas[1].submitted_at = now()
    db.session.commit()
    withdraw_idea(scene.ideas[1], scene.ana, "Too late.")
    assert scene.ideas[1].withdrawn


def test_what_was_taken_back_during_the_vote_does_not_come_into_its_result(scene):
    scene.vote_by("dots", points=10)
    seal(scene, "ended")
    one, two, *_rest = scene.ideas
    fill(scene, scene.bea, {one.id: 3, two.id: 4})
    voted = scene.stage
    withdraw_idea(one, scene.ana, "Done already.")
    early = scene.ideas[2]
    early.withdrawal = Withdrawal(reason="Before the vote.", at=voted.opens_at - timedelta(minutes=1))
    close(scene)
    with pytest.raises(MissedVote):
        restore_idea(one, scene.ana)
    db.session.rollback()
    assert one.withdrawn
    restore_idea(early, scene.ana)
    assert not early.withdrawn


@pytest.mark.one_database
def test_its_page_offers_nothing_of_that_and_says_why_to_who_asks_all_the_same(app, ana, bea, carl, voted_by):
    one, two, *_rest = voted_by("dots", points=10)
    page = carl.get("/campaigns/soda/ballot").text
    assert carl.post("/campaigns/soda/ballot", **{**shown(page), f"idea-{one}": "3"}).status_code == 302
    refused = bea.post(f"/ideas/{one}/withdrawal", reason="Said twice.")
    assert (refused.status_code, "is on ballots that were handed in" in refused.text) == (422, True)
    assert f"/ideas/{two}/withdrawal" in bea.get(f"/ideas/{two}").text
    assert ana.post("/campaigns/soda/closing", reason="Enough.").status_code == 302
    assert f"/ideas/{one}/withdrawal" not in bea.get(f"/ideas/{one}").text
    refused = bea.post(f"/ideas/{one}/withdrawal", reason="Said twice.")
    assert "stays in its result" in refused.text
