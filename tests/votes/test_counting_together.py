"""Ballots that are counted together: each by the same rules as if it had come alone, and in the order in which they came."""

import itertools
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from campaign.brands.models import Membership
from campaign.brands.suspending import suspend_person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.actions import IdeaWithdrawn, withdraw_idea
from campaign.ideas.models import Idea
from campaign.ideas.trending import weight_at
from campaign.ladder.actions import set_ladder
from campaign.statuses.arranging import choose_number
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot, KeyUsed, NoVote, OwnIdea, Receipt, VotingClosed
from campaign.votes.models import BallotEntry, Vote
from tests.calendars import until
from tests.campaign_cast import stage, suggest
from tests.makers import make_person

_numbers = itertools.count(1)


def ballot(voter, idea, act="cast", key=None):
    return Ballot(voter.id, idea if isinstance(idea, int) else idea.id, key or f"made-by-a-test-{next(_numbers)}", act)


def told(results):
    """What each voter hears: an act, or the code of a refusal."""
    return [result.code if isinstance(result, Refused) else result.act for result in results]


def stored(idea):
    """Who supports the idea, once its total was found to say the same."""
    db.session.commit()
    voters = set(db.session.scalars(db.select(Vote.voter_id).where(Vote.idea_id == idea.id)))
    assert db.session.get_one(Idea, idea.id).votes == len(voters)
    return voters


def entries():
    return db.session.scalar(db.select(db.func.count()).select_from(BallotEntry))


def test_acts_of_one_person_on_one_idea_are_done_in_their_order(people, resealable):
    acts = [ballot(people.carl, resealable, act) for act in ("cast", "withdraw", "cast")]
    results = count_ballots(acts)
    assert told(results) == ["cast", "withdraw", "cast"]
    assert [result.votes for result in results] == [1, 0, 1]
    assert [result.id for result in results] == [act.key for act in acts]
    assert stored(resealable) == {people.carl.id}
    assert entries() == 3


def test_of_votes_taken_back_together_those_that_were_given_are(people, resealable):
    acts = [
        ballot(people.carl, resealable, "withdraw"),
        ballot(people.carl, resealable),
        ballot(people.drew, resealable, "withdraw"),
        ballot(people.carl, resealable, "withdraw"),
        ballot(people.carl, resealable, "withdraw"),
    ]
    results = count_ballots(acts)
    assert [type(result) for result in results] == [NoVote, Receipt, NoVote, Receipt, NoVote]
    assert stored(resealable) == set()
    assert entries() == 2


def test_a_vote_given_and_taken_back_together_leaves_none(people, resealable):
    resealable.heat = heat = weight_at(resealable.submitted_at)
    db.session.commit()
    results = count_ballots([ballot(people.carl, resealable, act) for act in ("cast", "withdraw")])
    assert told(results) == ["cast", "withdraw"]
    assert stored(resealable) == set()
    assert resealable.heat == pytest.approx(heat, abs=1e-6)


def test_acts_of_several_people_on_several_ideas_keep_apart(app, people, campaign, resealable):
    lid = db.session.get_one(Idea, suggest(app, campaign.id, people.ana.id, "A lid for the can"))
    results = count_ballots(
        [
            ballot(people.carl, resealable),
            ballot(people.drew, resealable),
            ballot(people.carl, lid),
            ballot(people.carl, resealable, "withdraw"),
            ballot(people.drew, lid),
            ballot(people.drew, resealable),
        ]
    )
    assert told(results) == ["cast", "cast", "cast", "withdraw", "cast", "cast"]
    assert stored(resealable) == {people.drew.id}
    assert stored(lid) == {people.carl.id, people.drew.id}


def test_the_same_key_twice_together_is_one_act_with_one_receipt(people, resealable):
    first, again = count_ballots([ballot(people.carl, resealable, key="twice-the-same")] * 2)
    assert isinstance(first, Receipt)
    assert again == first
    assert stored(resealable) == {people.carl.id}
    assert entries() == 1


def test_the_same_key_for_two_acts_together_is_refused_to_the_second(people, resealable):
    acts = [ballot(people.carl, resealable, act, "twice-the-same") for act in ("cast", "withdraw")]
    first, second = count_ballots(acts)
    assert isinstance(first, Receipt)
    assert isinstance(second, KeyUsed)
    assert stored(resealable) == {people.carl.id}


def test_the_same_key_of_two_people_is_two_acts(people, resealable):
    results = count_ballots([ballot(voter, resealable, key="of-one-making") for voter in (people.carl, people.drew)])
    assert told(results) == ["cast", "cast"]
    assert len({result.number for result in results}) == 2
    assert stored(resealable) == {people.carl.id, people.drew.id}


def test_each_refusal_stands_where_its_ballot_stood(app, people, campaign, resealable):
    """Every reason at once, with votes that count between them."""
    gone = db.session.get_one(Idea, suggest(app, campaign.id, people.bea.id, "A can that was taken back"))
    over = stage(app, slug="over", ideas_until=now(), votes_until=now())
    late = db.session.get_one(Idea, suggest(app, over, people.bea.id, "A can that comes too late"))
    hidden = db.session.get_one(Idea, suggest(app, stage(app, published=False, slug="next"), people.bea.id))
    inner = db.session.get_one(Idea, suggest(app, stage(app, visibility="members", slug="ours"), people.bea.id))
    withdraw_idea(gone, people.bea, "It was here before.")
    db.session.commit()
    asked = [
        (ballot(people.carl, resealable), Receipt),
        (ballot(people.bea, resealable), OwnIdea),
        (ballot(people.carl, gone), IdeaWithdrawn),
        (ballot(people.drew, resealable), Receipt),
        (ballot(people.carl, 10**6), NotThere),
        (ballot(people.carl, late), VotingClosed),
        (ballot(people.carl, hidden), NotThere),
        (ballot(people.bea, hidden), NotThere),  # The author as well, who is not of the team.
        (ballot(people.ana, hidden), VotingClosed),
        (ballot(people.drew, inner), NotThere),
        (ballot(people.ana, inner), Receipt),
        (ballot(people.bea, resealable, "withdraw"), OwnIdea),
        (ballot(people.carl, resealable, "withdraw"), Receipt),
    ]
    results = count_ballots([one for one, _expected in asked])
    assert [type(result) for result in results] == [expected for _one, expected in asked]
    assert stored(resealable) == {people.drew.id}
    assert stored(inner) == {people.ana.id}
    assert [stored(idea) for idea in (gone, late, hidden)] == [set()] * 3
    assert entries() == 4, "what was refused is not written down"


def test_a_receipt_is_not_shown_again_to_who_may_no_longer_see_the_campaign(people, campaign, resealable):
    act = ballot(people.carl, resealable)
    assert told(count_ballots([act])) == ["cast"]
    db.session.commit()
    campaign.visibility = "members"
    db.session.commit()
    assert told(count_ballots([act, ballot(people.ana, resealable)])) == ["not_there", "cast"]


@pytest.mark.parametrize("role", ["owner", "manager", "moderator", "evaluator", "analyst"])
def test_every_role_of_the_team_votes_on_a_members_campaign(app, people, campaign, resealable, role):
    campaign.visibility = "members"
    other = stage(app, slug="other", visibility="members")
    elsewhere = db.session.get_one(Idea, suggest(app, other, people.bea.id))
    db.session.add(Membership(brand=people.soda, person=people.carl, role=role, campaign_id=campaign.id))
    db.session.commit()
    results = count_ballots([ballot(people.carl, resealable), ballot(people.carl, elsewhere)])
    assert told(results) == ["cast", "not_there"], "a role for one campaign opens that one"


def test_who_is_suspended_is_refused_among_others_who_are_not(app, people, resealable):
    suspend_person(people.soda, people.carl, people.ana, "Spam", 7, "key-of-the-page")
    suspend_person(people.elsewhere, people.ana, people.drew, "Spam", 7, "key-of-the-page")
    db.session.commit()
    elsewhere = db.session.get_one(Idea, suggest(app, stage(app, slug="other", brand="elsewhere"), people.bea.id))
    of_all = [ballot(people.drew, resealable), ballot(people.carl, resealable), ballot(people.ana, resealable)]
    results = count_ballots([*of_all, ballot(people.carl, elsewhere), ballot(people.ana, elsewhere)])
    assert told(results) == ["cast", "suspended", "cast", "cast", "suspended"]
    assert "Spam" in str(results[1].message)
    assert told(count_ballots([ballot(people.carl, resealable, "withdraw")])) == ["suspended"]
    assert stored(resealable) == {people.drew.id, people.ana.id}


def test_a_suspension_that_has_ended_keeps_no_vote_out(people, resealable):
    suspend_person(people.soda, people.carl, people.ana, "Spam", 7, "key-of-the-page").until = now()
    db.session.commit()
    assert told(count_ballots([ballot(people.carl, resealable)])) == ["cast"]


def test_counting_asks_the_same_of_the_database_however_many_ballots_there_are(app, people, campaign, queries):
    ideas = [suggest(app, campaign.id, people.bea.id, f"Can number {number}") for number in range(10)]
    voters = [make_person(f"voter{number}") for number in range(112)]
    db.session.commit()

    def statements(voters):
        ballots = [ballot(voter, ideas[place % len(ideas)]) for place, voter in enumerate(voters)]
        db.session.commit()
        with queries() as asked:
            assert set(told(count_ballots(ballots))) == {"cast"}
        db.session.commit()
        return asked

    statements(voters[:1])  # The board's first change.
    one, ten, hundred = statements(voters[1:2]), statements(voters[2:12]), statements(voters[12:])
    assert one == ten == hundred
    assert len(one) <= 12


def test_ideas_are_locked_first_then_campaigns_and_boards_last(app, people, campaign, resealable, queries):
    other = db.session.get_one(Idea, suggest(app, stage(app, slug="other"), people.bea.id))
    asked_for = [ballot(people.carl, other), ballot(people.carl, resealable)]
    with queries() as asked:
        assert told(count_ballots(asked_for)) == ["cast", "cast"]
    plain = [" ".join(statement.split()) for statement in asked]
    locking = [statement for statement in plain if " FOR " in statement.partition(" WHERE ")[2]]
    if db.engine.dialect.name == "postgresql":
        assert [statement.rpartition(" ORDER BY ")[2] for statement in locking] == [
            "idea.id FOR NO KEY UPDATE",
            "campaign.id FOR SHARE",
        ]
        assert plain.index(locking[0]) == 0, "nothing is locked, and nothing read, before"
    else:
        assert locking == []  # Writers take turns.
    written = [
        statement.split()[2 if statement.startswith(("INSERT", "DELETE")) else 1]
        for statement in plain
        if statement[0] in "IUD"
    ]
    assert "idea" in written[: written.index("board_sequence")]
    assert set(written[written.index("board_sequence") :]) == {"board_sequence", "board_change"}


def test_who_qualifies_or_climbs_takes_boards_last_too_and_in_the_order_of_their_campaigns(
    app, people, campaign, resealable
):
    other = db.session.get_one(Campaign, stage(app, slug="other"))
    of_other = db.session.get_one(Idea, suggest(app, other.id, people.bea.id))
    lid = db.session.get_one(Idea, suggest(app, campaign.id, people.bea.id, "A lid for the can"))
    assert campaign.id < other.id
    assert of_other.id < lid.id, "ideas are in another order than their campaigns"
    for each in (campaign, other):
        choose_number(each, people.ana, 1)
        set_ladder(each, people.ana, [[1, 10]])
    db.session.commit()
    with _locked({campaign.board: "soda", other.board: "other"}) as locked:
        assert told(count_ballots([ballot(people.carl, idea) for idea in (resealable, of_other, lid)])) == ["cast"] * 3
    db.session.commit()
    assert all(idea.qualified_at and idea.climb.step for idea in (resealable, of_other, lid))
    in_turn = [row for row, _again in itertools.groupby(locked)]
    assert in_turn == ["stage", "vote_minute", "soda", "other"]


@contextmanager
def _locked(boards):
    """The rows that several batches share, in the order in which they are written: stages, minutes, and boards by these names."""
    rows = []

    def note(connection, cursor, statement, parameters, *rest):
        words = statement.split()
        table = words[2 if words[0] == "INSERT" else 1]
        if words[0] in ("INSERT", "UPDATE") and table in ("stage", "vote_minute"):
            rows.append(table)
        elif words[0] in ("INSERT", "UPDATE") and table == "board_sequence":
            given = parameters.values() if isinstance(parameters, dict) else parameters
            rows.append(next(boards[value] for value in given if value in boards))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield rows
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_receipt_of_an_earlier_stage_tells_no_total_of_a_later_one(people, campaign, resealable):
    cast = ballot(people.carl, resealable)
    [first] = count_ballots([cast])
    assert first.votes == 1
    first_stage, second, _outcome = campaign.stages
    until(campaign, ideas_until=now() - timedelta(hours=1))
    second.shows_counts = "voted"
    entry = db.session.scalars(db.select(BallotEntry)).one()
    entry.at = first_stage.opens_at
    db.session.commit()
    [again] = count_ballots([cast])
    assert (again.number, again.votes) == (first.number, None)
    [fresh] = count_ballots([ballot(people.drew, resealable)])
    assert fresh.votes == 2
