"""One person, one vote, whichever door it comes by and however often."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from campaign.extensions import db
from campaign.ideas.actions import IdeaWithdrawn, SupportedIdea, restore_idea, withdraw_idea
from campaign.votes.ballots import KeyUsed, NoVote, OwnIdea, VotingClosed
from campaign.votes.models import BallotEntry, Vote
from tests.calendars import over
from tests.makers import make_brand, make_campaign, make_idea, make_person
from tests.voting import cast_vote, withdraw_vote

ROOT = Path(__file__).parents[2]


@pytest.fixture
def scene(app):
    """ana runs the campaign and had the idea; bea and carl take part."""
    with app.app_context():

        class Scene:
            ana, bea, carl = (make_person(name) for name in ("ana", "bea", "carl"))
            campaign = make_campaign(make_brand(ana), ana)
            idea = make_idea(campaign, ana)

        db.session.commit()
        yield Scene


def count(idea):
    db.session.refresh(idea)
    stored = db.session.scalar(db.select(db.func.count()).select_from(Vote).where(Vote.idea_id == idea.id))
    assert idea.votes == stored
    return stored


def test_a_vote_counts(scene):
    receipt = cast_vote(scene.idea, scene.bea, "first-vote")
    assert (receipt.votes, receipt.act, receipt.id) == (1, "cast", "first-vote")
    assert count(scene.idea) == 1


def test_a_second_vote_of_one_person_counts_once(scene):
    cast_vote(scene.idea, scene.bea, "first-vote")
    assert cast_vote(scene.idea, scene.bea, "second-vote").votes == 1
    assert count(scene.idea) == 1


def test_who_supports_an_idea_already_has_the_first_receipt_and_nothing_is_written_down(scene):
    first = cast_vote(scene.idea, scene.bea, "first-vote")
    for key in ("second-vote", "third-vote", "second-vote"):
        again = cast_vote(scene.idea, scene.bea, key)
        assert (again.number, again.at, again.id, again.votes) == (first.number, first.at, key, 1)
    assert db.session.scalar(db.select(db.func.count()).select_from(BallotEntry)) == 1
    withdraw_vote(scene.idea, scene.bea, "withdrawal")
    assert cast_vote(scene.idea, scene.bea, "given-anew").number != first.number
    assert count(scene.idea) == 1


def test_a_repeat_gets_the_first_receipt_and_changes_nothing(scene):
    first = cast_vote(scene.idea, scene.bea, "first-vote")
    withdraw_vote(scene.idea, scene.bea, "withdrawal")
    late = cast_vote(scene.idea, scene.bea, "first-vote")  # The network brought it again, too late.
    assert late.number == first.number
    assert count(scene.idea) == 0
    assert db.session.scalar(db.select(db.func.count()).select_from(BallotEntry)) == 2


def test_an_id_used_for_another_act_is_refused(scene):
    cast_vote(scene.idea, scene.bea, "first-vote")
    with pytest.raises(KeyUsed):
        withdraw_vote(scene.idea, scene.bea, "first-vote")
    assert count(scene.idea) == 1


def test_a_vote_can_be_taken_back_and_given_again(scene):
    cast_vote(scene.idea, scene.bea, "first-vote")
    db.session.refresh(scene.idea)
    heat = scene.idea.heat
    assert withdraw_vote(scene.idea, scene.bea, "withdrawal").votes == 0
    db.session.refresh(scene.idea)
    assert scene.idea.heat < heat
    assert cast_vote(scene.idea, scene.bea, "second-vote").votes == 1
    assert count(scene.idea) == 1


def test_what_was_never_given_is_not_taken_back_and_nothing_is_written_down(scene):
    def entries():
        return db.session.scalar(db.select(db.func.count()).select_from(BallotEntry))

    for key in ("never-given", "never-given", "nor-now"):
        with pytest.raises(NoVote):
            withdraw_vote(scene.idea, scene.bea, key)
    assert entries() == 0
    assert scene.campaign.stages[0].first_ballot_at is None
    cast_vote(scene.idea, scene.bea, "first-vote")
    taken_back = withdraw_vote(scene.idea, scene.bea, "withdrawal")
    with pytest.raises(NoVote):
        withdraw_vote(scene.idea, scene.bea, "again-withdrawn")
    assert (
        withdraw_vote(scene.idea, scene.bea, "withdrawal").number == taken_back.number
    )  # The network brought it again.
    assert entries() == 2


def test_nobody_votes_for_their_own_idea(scene):
    with pytest.raises(OwnIdea):
        cast_vote(scene.idea, scene.ana, "own-vote")


def test_nobody_votes_when_voting_is_over(scene):
    over(scene.campaign)
    with pytest.raises(VotingClosed):
        cast_vote(scene.idea, scene.bea, "late-vote")
    with pytest.raises(VotingClosed):
        withdraw_vote(scene.idea, scene.bea, "late-withdrawal")


def test_nobody_votes_for_a_withdrawn_idea(scene):
    withdraw_idea(scene.idea, scene.ana, "Somebody said it better")
    db.session.commit()
    with pytest.raises(IdeaWithdrawn):
        cast_vote(scene.idea, scene.bea, "first-vote")
    db.session.rollback()
    assert count(scene.idea) == 0
    restore_idea(scene.idea, scene.ana)
    assert cast_vote(scene.idea, scene.bea, "second-vote").votes == 1


def test_a_supported_idea_is_not_withdrawn(scene):
    cast_vote(scene.idea, scene.bea, "first-vote")
    db.session.commit()
    with pytest.raises(SupportedIdea):
        withdraw_idea(scene.idea, scene.ana, "I changed my mind")


def test_fifty_votes_at_once_of_one_person_are_one(app, scene):
    idea, bea = scene.idea.id, scene.bea.id
    refused = []

    def vote(number):
        with app.app_context():
            try:
                cast_vote(
                    db.session.get(type(scene.idea), idea),
                    db.session.get(type(scene.bea), bea),
                    f"vote-number-{number}",
                )
                db.session.commit()
            except Exception as error:
                refused.append(error)

    threads = [threading.Thread(target=vote, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert count(scene.idea) == 1


def test_a_hundred_writers_at_once_all_get_their_turn(settings, database_url, scene):
    voters = [make_person(f"voter{number}").id for number in range(100)]
    db.session.commit()
    process = subprocess.run(
        [sys.executable, Path(__file__).with_name("writers.py"), *map(str, [scene.idea.id, *voters])],
        env={**os.environ, "DATABASE_URL": database_url, "INSTANCE": str(settings.instance), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,  # Seconds; one that stands still does so for ever.
    )
    assert (process.returncode, process.stdout) == (0, "100\n"), process.stderr
    assert count(scene.idea) == 100
