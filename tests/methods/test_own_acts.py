"""Who has voted is who did so by an act of their own: what moved or was handed back for them opens no seal."""

from datetime import timedelta

from campaign.campaigns.sealing import counts_shown, who_voted
from campaign.clock import now
from campaign.extensions import db
from campaign.methods.actions import drop_from_ballots
from campaign.votes.moving import move_votes
from tests.calendars import until
from tests.methods.test_results import fill
from tests.voting import cast_vote


def voted(scene):
    return who_voted([scene.campaign.id], [scene.bea.id])


def test_a_vote_that_moves_with_its_idea_is_no_vote_in_the_stage_in_which_it_moves(scene):
    first, second, *_rest = scene.ideas
    scene.vote_by("approval")
    cast_vote(first, scene.bea, "beas-own-vote")
    db.session.commit()
    before = voted(scene)
    until(scene.campaign, ideas_until=now() - timedelta(hours=1), votes_until=now())
    scene.stage.accepts_votes, scene.stage.shows_counts = True, "voted"
    db.session.commit()
    move_votes({first.id: [scene.bea.id]}, {second.id: [scene.bea.id]})
    db.session.commit()
    assert voted(scene) == before
    assert not counts_shown(scene.campaign, scene.bea)
    cast_vote(scene.ideas[2], scene.bea, "another-of-hers")
    assert counts_shown(scene.campaign, scene.bea)


def test_nor_is_a_ballot_that_is_written_anew_without_an_idea(scene):
    first, second, *_rest = scene.ideas
    scene.vote_by("dots", points=10)
    fill(scene, scene.bea, {first.id: 3, second.id: 4})
    before = voted(scene)
    drop_from_ballots(first, scene.bea)
    db.session.commit()
    assert voted(scene) == before
