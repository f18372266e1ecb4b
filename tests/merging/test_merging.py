"""One idea stands for two: with the votes of both, each person's once, and with their authors; and the log agrees."""

from datetime import timedelta

import pytest

from campaign.campaigns.models import Stage
from campaign.clock import now
from campaign.doubts.actions import decide
from campaign.doubts.looking import look
from campaign.doubts.models import Doubt
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.feedback.listing import threads
from campaign.history import Entry
from campaign.ideas.actions import IdeaMerged, IdeaWithdrawn, edit_idea, restore_idea, withdraw_idea
from campaign.ideas.following import follow, is_following
from campaign.ideas.models import CoAuthor, Idea
from campaign.ideas.totals import count_standing, count_votes
from campaign.ledger.appending import append_to_logs
from campaign.ledger.models import BallotLog
from campaign.ledger.verifying import verify
from campaign.merging.access import pair_of
from campaign.merging.actions import NotMerged, merge_ideas, step_out, undo_merge
from campaign.merging.checks import (
    BallotsBegun,
    CampaignOver,
    CountsSealed,
    HasMerged,
    OwnPair,
    ReasonMissing,
    SameIdea,
    UnderReview,
    VotingOver,
)
from campaign.merging.models import Merge
from campaign.merging.proposing import leave_apart, propose_duplicate
from campaign.merging.retiring import retire_idea
from campaign.methods.access import stages_with_counts
from campaign.methods.lots import seed_of
from campaign.votes.ballots import OwnIdea
from campaign.votes.models import BallotEntry, Vote, VoteMinute
from tests.calendars import until
from tests.campaign_cast import suggest
from tests.cast import browser_of
from tests.ledger.test_recounting import recount, totals_told
from tests.makers import make_person
from tests.voting import cast_vote, withdraw_vote

WHY = "Both ask for a lid that closes."


def supporters(idea):
    return set(db.session.scalars(db.select(Vote.voter_id).where(Vote.idea_id == idea.id)))


def ids(people):
    return {person.id for person in people}


def check(campaign):
    db.session.commit()
    append_to_logs()
    db.session.expire_all()
    assert verify(campaign).problems == []


def merge(people, one, other):
    merge_ideas(one, other, people.ana, WHY)
    db.session.commit()


def test_the_votes_of_both_count_once_for_each_person(people, supported, voters):
    one, other = supported
    merge(people, one, other)
    assert supporters(other) == ids(voters)
    assert (other.votes, supporters(one), one.votes) == (6, set(), 0)
    assert (count_standing(one.campaign).ideas, count_votes(one.campaign)) == (1, 6)
    assert one.merged_into == other
    check(one.campaign)


def test_each_moved_vote_is_a_leaf_and_no_beat_of_the_pulse(people, supported):
    one, other = supported
    append_to_logs()
    campaign = one.campaign
    before = db.session.get_one(BallotLog, campaign.id).size
    beats = db.session.scalar(db.select(db.func.sum(VoteMinute.votes)))
    merge(people, one, other)
    append_to_logs()
    assert db.session.get_one(BallotLog, campaign.id).size - before == 4 + 3  # Four taken back, three given.
    assert db.session.scalar(db.select(db.func.sum(VoteMinute.votes))) == beats


def test_a_moved_vote_keeps_its_date_so_that_nothing_rises_by_it(people, supported, voters):
    one, other = supported
    long_ago = now() - timedelta(days=1)
    db.session.get_one(Vote, (one.id, voters[0].id)).cast_at = long_ago
    db.session.commit()
    merge(people, one, other)
    assert db.session.get_one(Vote, (other.id, voters[0].id)).cast_at == long_ago


def test_the_authors_of_both_are_its_authors_and_have_no_vote_for_it(people, supported):
    one, other = supported
    cast_vote(one, people.carl, "carls-vote")  # For bea's idea.
    cast_vote(other, people.bea, "beas-vote")  # For carl's.
    db.session.commit()
    merge(people, one, other)
    assert other.byline == "Carl, Bea"
    assert supporters(other).isdisjoint(ids([people.carl, people.bea]))
    with pytest.raises(OwnIdea):
        cast_vote(other, people.bea, "once-more")
    check(one.campaign)


def test_the_merged_idea_is_not_voted_for_edited_or_put_back_by_its_author(people, supported, voters):
    one, other = supported
    merge(people, one, other)
    with pytest.raises(IdeaMerged):
        cast_vote(one, make_person(), "too-late-now")
    with pytest.raises(IdeaMerged):
        withdraw_vote(one, voters[0], "too-late-now")
    with pytest.raises(IdeaMerged):
        post_comment(one, people.drew, "And a straw?")
    with pytest.raises(IdeaMerged):
        edit_idea(
            one, people.bea, "A new title of it", "", language="en", category=None, tags=[], pictures=[], documents=[]
        )
    with pytest.raises(IdeaMerged):
        restore_idea(one, people.bea)


def test_merged_again_nothing_happens_and_the_other_way_round_is_too_late(people, supported):
    one, other = supported
    merge(people, one, other)
    merge(people, one, other)
    assert len(db.session.scalars(db.select(Merge)).all()) == 1
    with pytest.raises(IdeaMerged):
        merge_ideas(other, one, people.ana, WHY)
    with pytest.raises(SameIdea):
        merge_ideas(other, other, people.ana, WHY)
    [entry] = db.session.scalars(db.select(Entry).where(Entry.what == "idea.merged"))
    assert (entry.by_id, entry.why, entry.details["into"]) == (people.ana.id, WHY, other.id)


def test_remarks_stay_with_their_idea_and_are_read_at_the_other(people, supported):
    one, other = supported
    first = post_comment(one, people.drew, "For left hands?", key="drews-remark")
    second = post_comment(other, people.drew, "And a straw?", key="drews-other")
    db.session.commit()
    merge(people, one, other)
    assert [thread.comment.id for thread in threads(other)] == [first.id, second.id]
    assert first.idea_id == one.id


def test_who_follows_one_follows_the_other(people, supported):
    one, other = supported
    follow(people.drew, one)
    follow(people.ana, other)
    db.session.commit()
    merge(people, one, other)
    assert is_following(people.drew, other)
    undo_merge(one, people.ana)
    db.session.commit()
    assert not is_following(people.drew, other)
    assert is_following(people.ana, other)
    assert is_following(people.drew, one)


def test_a_reason_is_asked(people, supported):
    with pytest.raises(ReasonMissing):
        merge_ideas(*supported, people.ana, "")


def test_an_idea_that_took_others_in_stays(app, people, cast, supported, soda_campaign):
    one, other = supported
    third = db.session.get_one(Idea, suggest(app, soda_campaign, cast["drew"], "A third lid"))
    merge(people, one, other)
    with pytest.raises(HasMerged):
        merge_ideas(other, third, people.ana, WHY)
    with pytest.raises(IdeaWithdrawn):
        merge_ideas(third, one, people.ana, WHY)


@pytest.mark.parametrize("seal", ["voted", "ended"])
def test_under_seal_nothing_moves(people, supported, seal):
    one, other = supported
    one.campaign.stage.shows_counts = seal
    db.session.commit()
    with pytest.raises(CountsSealed):
        merge_ideas(one, other, people.ana, WHY)


@pytest.mark.parametrize("method", ["ranked", "dots", "budget", "duels", "score", "up_down", "statements"])
def test_once_a_ballot_was_handed_in_ideas_stay_apart(people, supported, method):
    one, other = supported
    stage = one.campaign.stages[-1]
    stage.method, stage.names = method, {"en": "The vote"}
    db.session.commit()
    merge(people, one, other)  # Not begun.
    assert stage.first_ballot_at is None
    stage.first_ballot_at = now()
    db.session.commit()
    with pytest.raises(BallotsBegun, match="ballots_begun"):
        undo_merge(one, people.ana)


def test_a_ballot_that_came_while_the_page_was_made_is_seen(people, supported, elsewhere):
    one, other = supported
    vote = one.campaign.stages[-1]
    vote.method = "ranked"
    db.session.commit()
    assert vote.first_ballot_at is None

    def begin(number=vote.id):
        db.session.get_one(Stage, number).first_ballot_at = now()

    elsewhere(begin)
    with pytest.raises(BallotsBegun):
        merge_ideas(one, other, people.ana, WHY)


def test_what_is_over_stays_as_it_was(app, people, supported, voters):
    one, other = supported
    merge(people, one, other)
    past = now() - timedelta(minutes=1)
    until(one.campaign, ideas_until=past, votes_until=past)
    db.session.commit()
    with pytest.raises(VotingOver):
        undo_merge(one, people.ana)
    with pytest.raises(VotingOver):
        step_out(one, voters[0])
    db.session.rollback()
    third = db.session.get_one(Idea, suggest(app, one.campaign_id, people.bea.id, "A third lid"))
    with pytest.raises(VotingOver):
        retire_idea(third, other, people.bea, WHY)
    db.session.rollback()
    one.campaign.ends_at = past
    db.session.commit()
    with pytest.raises(CampaignOver):
        undo_merge(one, people.ana)


def test_the_recount_comes_to_the_same_and_no_merge_draws_a_lot(app, people, supported, voters, tmp_path):
    one, other = supported
    merge(people, one, other)
    step_out(one, voters[0])
    db.session.commit()
    append_to_logs()
    past = now() - timedelta(seconds=1)
    until(one.campaign, ideas_until=past, votes_until=past)
    db.session.commit()
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(browser_of(app).get("/campaigns/soda/log/export", buffered=True).data)
    done = recount(file)
    assert done.returncode == 0, done.stdout
    assert totals_told(done) == [(5, other.id)]
    first = db.session.scalars(db.select(BallotEntry).order_by(BallotEntry.id)).first()
    assert first.key.startswith("vote-of-")
    assert seed_of(stages_with_counts(one.campaign)[0]).words.endswith(first.mark)


@pytest.fixture
def doubted(people, supported, voters, monkeypatch):
    one, _other = supported
    vote = one.id, voters[0].id
    monkeypatch.setattr("campaign.doubts.looking.doubtful", lambda votes: {vote: ["too_fast"]})
    assert look(one.campaign) == 1
    db.session.commit()
    return db.session.scalars(db.select(Doubt)).one()


def test_votes_under_review_are_decided_about_first(people, supported, doubted):
    with pytest.raises(UnderReview):
        merge_ideas(*supported, people.ana, WHY)


def test_votes_left_out_stay_left_out_where_they_are(people, supported, doubted, voters):
    one, other = supported
    decide(one.campaign, one, doubted.group, people.ana, "leave", WHY)
    db.session.commit()
    merge(people, one, other)
    assert supporters(one) == {voters[0].id}
    assert voters[0].id not in supporters(other)
    check(one.campaign)
    undo_merge(one, people.ana)
    db.session.commit()
    assert (one.votes, supporters(one)) == (3, ids(voters[:4]))
    check(one.campaign)


def test_what_a_review_counted_is_not_doubted_anew(people, supported, doubted, voters):
    one, other = supported
    decide(one.campaign, one, doubted.group, people.ana, "count", WHY)
    db.session.commit()
    merge(people, one, other)
    kept = db.session.scalars(db.select(Doubt).where(Doubt.idea_id == other.id)).one()
    assert (kept.voter_id, kept.decision) == (voters[0].id, "count")
    check(one.campaign)
    kept.decision = "leave"
    db.session.commit()
    assert [
        problem for problem in verify(one.campaign).problems if "What was decided about the vote of person" in problem
    ]


def test_votes_move_a_batch_at_a_time(people, supported, voters, monkeypatch):
    monkeypatch.setattr("campaign.votes.moving.AT_ONCE", 2)
    one, other = supported
    merge(people, one, other)
    assert other.votes == 6
    check(one.campaign)


def test_who_was_moved_steps_out_once_and_for_all(people, supported, voters):
    one, other = supported
    merge(people, one, other)
    for _click in range(2):
        step_out(one, voters[0])
        db.session.commit()
    step_out(one, voters[3])  # Voted for both: the page of the idea is the way.
    step_out(one, voters[5])  # Nothing of theirs was moved.
    db.session.commit()
    assert supporters(other) == ids(voters[1:])
    assert other.votes == 5
    cast_vote(other, voters[0], "i-like-it-after-all")
    db.session.commit()
    assert other.votes == 6
    check(one.campaign)


def test_nobody_steps_out_of_what_was_undone(people, supported, voters):
    one, other = supported
    merge(people, one, other)
    undo_merge(one, people.ana)
    db.session.commit()
    with pytest.raises(NotMerged):
        step_out(one, voters[0])


def test_an_idea_that_took_another_in_can_be_taken_back_and_the_merge_undone(people, resealable, lid):
    merge(people, resealable, lid)
    withdraw_idea(lid, people.carl, "Said twice.")
    db.session.commit()
    undo_merge(resealable, people.ana)
    db.session.commit()
    assert (resealable.withdrawn, lid.withdrawn) == (False, True)


@pytest.mark.parametrize("which", [0, 1])
def test_nobody_decides_about_their_own(people, supported, mod_of_soda, which):
    one, other = supported
    author = mod_of_soda((one, other)[which])
    propose_duplicate(one, other, people.drew)
    db.session.commit()
    with pytest.raises(OwnPair):
        merge_ideas(one, other, author, WHY)
    with pytest.raises(OwnPair):
        leave_apart(pair_of(one, other), author, WHY)
    db.session.rollback()
    merge(people, one, other)
    with pytest.raises(OwnPair):
        undo_merge(one, author)
    db.session.rollback()
    assert one.merged_into == other


def test_nor_does_somebody_who_wrote_it_with_others(people, supported):
    one, other = supported
    one.coauthors.append(CoAuthor(person=people.ana, since=now()))
    db.session.commit()
    with pytest.raises(OwnPair):
        merge_ideas(other, one, people.ana, WHY)
