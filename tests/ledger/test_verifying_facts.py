"""What a count hangs on beside the ballots is held against what was written down of it: its numbers, its prices, and when they froze."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaign.clock import now
from campaign.doubts.models import Doubt
from campaign.exchange.writing import Entry as NewIdea
from campaign.exchange.writing import nobody_counts, put
from campaign.extensions import db
from campaign.history import Entry, record
from campaign.ledger.appending import append_to_logs
from campaign.ledger.verifying import verify
from campaign.methods.actions import hand_in
from campaign.methods.papers import checked_marks
from campaign.methods.versions import Wanted, make_version
from campaign.votes.facts import CHAIN, facts_of
from campaign.votes.models import Vote
from tests.ledger.conftest import start_anew_after_an_update
from tests.voting import cast_vote, vote_anew_by


def problems(scene):
    db.session.commit()
    append_to_logs()
    db.session.expire_all()
    return verify(scene.campaign).problems


def facts(scene):
    theirs = db.select(Entry).where(Entry.subject == CHAIN, Entry.subject_id == scene.campaign.id)
    return db.session.scalars(theirs.order_by(Entry.id)).all()


@pytest.fixture
def versions(scene):
    """Each person had two votes, and has four by now, by a new version."""
    stage = scene.campaign.stage
    vote_anew_by(stage, "approval", cap=20, seats=2)
    cast_vote(scene.second, scene.voters[0], "a-late-vote")
    db.session.commit()
    make_version(scene.campaign, scene.ana, Wanted(after=1, why="Many asked for it.", room=30))
    db.session.commit()
    scene.stage = stage
    return scene


@pytest.fixture
def budget(scene):
    """Two ideas that cost something, and two people who shared a hundred euros."""
    stage = scene.campaign.stage
    vote_anew_by(stage, "budget", budget=100)
    scene.first.cost, scene.second.cost = Decimal("60.50"), Decimal(40)
    db.session.commit()
    for voter, idea in zip(scene.voters, (scene.first, scene.second), strict=False):
        content = {idea.id: 1}
        hand_in(stage.id, voter, "a-ballot", lambda before, frame: checked_marks(content, frame), content)  # noqa: B023  Called at once.
    db.session.commit()
    append_to_logs()
    scene.stage = stage
    return scene


def test_what_nobody_changed_is_found_in_order(versions):
    assert problems(versions) == []
    first, second = facts_of(versions.campaign.id)
    assert (first.what, second.what) == ("rules", "rules")
    assert [fact.said["settings"] for fact in (first, second)] == [{"cap": 20, "seats": 2}, {"cap": 30, "seats": 2}]
    assert verify(versions.campaign).unwritten == 0


@pytest.mark.parametrize(
    ("method", "numbers", "says"),
    [
        ("approval", {"cap": 30, "seats": 1}, "approval (cap 30, seats 1)"),
        ("approval", {"cap": 20, "seats": 2}, "approval (cap 20, seats 2)"),
        ("approval", {}, "approval (seats 1)"),
        ("statements", {"seats": 2}, "statements (seats 2)"),
    ],
)
def test_another_number_or_method_is_named(versions, method, numbers, says):
    versions.stage.method, versions.stage.method_settings = method, numbers
    number = versions.stage.id
    assert (
        f"How people vote in stage {number} was changed: it says {says}, and approval (cap 30, seats 2) was frozen."
        in problems(versions)
    )


@pytest.mark.parametrize("moment", [None, now() - timedelta(days=3)])
def test_when_the_rules_froze_is_what_was_written_down(versions, moment):
    versions.stage.first_ballot_at = moment
    assert problems(versions) == [
        f"When people first voted in stage {versions.stage.id} was changed: its rules froze at another moment."
    ]


def test_a_stage_that_nobody_voted_in_does_not_say_so(versions):
    other = versions.campaign.stages[-1]
    other.first_ballot_at = now()
    assert problems(versions) == [f"Stage {other.id} says that people voted in it: nothing tells by which rules."]


def test_rules_that_were_opened_behind_the_products_back_are_named_also_once_they_froze_again(versions):
    versions.stage.first_ballot_at, versions.stage.method_settings = None, {"seats": 5}
    db.session.commit()
    cast_vote(versions.second, versions.voters[2], "a-later-vote")
    found = problems(versions)
    assert any(f"How people vote in stage {versions.stage.id} was frozen twice" in problem for problem in found), found
    assert any("it says approval (seats 5), and approval (cap 30, seats 2) was frozen." in problem for problem in found)


@pytest.mark.parametrize(
    ("price", "says"), [(Decimal("60.49"), "it says 60.49"), (None, "it says none"), (Decimal(0), "it says 0.00")]
)
def test_another_price_is_named(budget, price, says):
    assert problems(budget) == []
    budget.first.cost = price
    assert problems(budget) == [f"The price of idea {budget.first.id} was changed: {says}, and 60.50 was frozen."]


def test_an_idea_that_comes_with_a_price_while_people_share_a_budget_is_written_down(budget):
    idea = NewIdea("csv-late", "An idea from a file", "", budget.ana, "en", cost=Decimal(12))
    assert put(budget.campaign, [idea], nobody_counts).ideas == 1
    assert problems(budget) == []
    late = facts(budget)[-1].details["said"]["prices"]
    db.session.execute(db.text("UPDATE idea SET cost = 13 WHERE id = :id"), {"id": late[0][0]})
    assert problems(budget) == [f"The price of idea {late[0][0]} was changed: it says 13.00, and 12.00 was frozen."]


@pytest.mark.parametrize("which", [0, 1])
def test_a_fact_that_was_changed_is_named(versions, which):
    fact = facts(versions)[which]
    said = fact.details["said"]
    fact.details = {**fact.details, "said": {**said, "settings": {"seats": 7}}}
    versions.stage.method_settings = {"seats": 7}
    found = problems(versions)
    assert (
        f"Fact {which + 1} (rules, entry {fact.id} of the history) was changed or added: the server did not write it so."
        in found
    )


@pytest.mark.parametrize("which", [0, 1])
def test_a_fact_that_was_removed_is_named(versions, which):
    fact = facts(versions)[which]
    db.session.delete(fact)
    assert any(problem.startswith(f"Fact {which + 1} was removed: entry ") for problem in problems(versions))


def test_a_fact_and_what_the_history_told_of_it_are_missed_where_others_follow(versions):
    db.session.delete(facts(versions)[0])
    db.session.execute(db.delete(Entry).where(Entry.what == "stage.rules_frozen"))
    second = facts(versions)[-1]
    assert problems(versions) == [
        f"What stood before fact 2 (rules, entry {second.id} of the history) was removed or changed."
    ]


@pytest.mark.parametrize("copied", [0, 1])
def test_a_fact_that_was_added_is_named(versions, copied):
    fact = facts(versions)[copied]
    said = {**fact.details["said"], "settings": {"seats": 7}}
    for details in (
        {**fact.details, "number": 3, "after": facts(versions)[-1].details["mark"], "said": said},
        fact.details,
    ):
        new = Entry(at=fact.at, what=fact.what, subject=CHAIN, subject_id=fact.subject_id, details=details)
        db.session.add(new)
        assert any(f"entry {new.id} of the history" in problem for problem in problems(versions))
        db.session.delete(new)
        assert problems(versions) == []


def test_history_that_was_removed_or_put_there_is_named(versions):
    told = db.session.scalars(db.select(Entry).where(Entry.what == "voting.changed")).one()
    db.session.delete(told)
    assert problems(versions) == ["What the history told of fact 2 (rules) was removed."]
    kept = {"subject": "campaign", "subject_id": versions.campaign.id, "details": {"stage": {}, "number": 2}}
    db.session.add(Entry(what="voting.changed", **kept))
    found = problems(versions)
    assert any("(voting.changed) was added or changed: no fact stands behind it." in problem for problem in found), (
        found
    )


def without_facts():
    """As a server that was there before left its history; or somebody who has the database."""
    db.session.execute(db.delete(Entry).where(Entry.subject == CHAIN))
    for entry in db.session.scalars(db.select(Entry).where(Entry.what.in_(("stage.rules_frozen", "voting.changed")))):
        entry.details = {name: value for name, value in entry.details.items() if name != "fact"}
    db.session.commit()


def test_rules_from_before_facts_were_written_down_hold_as_they_were_found(versions):
    without_facts()
    start_anew_after_an_update()
    report = verify(versions.campaign)
    assert (report.problems, report.unwritten) == ([], 1)
    [found] = facts_of(versions.campaign.id)
    assert (found.what, found.said["rules"][0]["settings"]) == ("found", {"cap": 30, "seats": 2})
    make_version(versions.campaign, versions.ana, Wanted(after=2, why="Many asked again.", room=40))
    assert problems(versions) == []
    versions.stage.method_settings = {"cap": 40, "seats": 5}
    assert [problem.split(": ")[0] for problem in problems(versions)] == [
        f"How people vote in stage {versions.stage.id} was changed"
    ]


def test_facts_that_were_removed_all_at_once_are_missed(versions):
    """With all that names one: what claims to be older was not found at the first start."""
    without_facts()
    versions.stage.method_settings = {"cap": 30, "seats": 5}
    found = problems(versions)
    assert f"Stage {versions.stage.id} says that people voted in it: nothing tells by which rules." in found
    assert sum("no fact stands behind it" in problem for problem in found) == 2


def test_a_vote_is_not_left_out_by_what_claims_to_be_older(versions):
    voter = versions.voters[4].id
    details = {"number": 1, "reasons": ["burst"]}
    db.session.add(Entry(id=-1, what="votes.set_aside", subject="idea", subject_id=versions.first.id, details=details))
    db.session.add(
        Doubt(
            campaign_id=versions.campaign.id,
            idea_id=versions.first.id,
            voter_id=voter,
            reasons=["burst"],
            group="burst",
        )
    )
    db.session.execute(db.update(Vote).filter_by(idea_id=versions.first.id, voter_id=voter).values(aside=True))
    versions.first.votes -= 1
    assert problems(versions) == [
        "Entry -1 of the history (votes.set_aside) was added or changed: no fact stands behind it.",
        f"The doubt about the vote of person {voter} for idea {versions.first.id} was added: nothing tells that it was set aside.",
    ]


def test_a_doubt_from_before_facts_holds_as_it_was_found(versions):
    voter = versions.voters[4].id
    doubt = Doubt(
        campaign_id=versions.campaign.id, idea_id=versions.first.id, voter_id=voter, reasons=["burst"], group="burst"
    )
    db.session.add(doubt)
    record("votes.set_aside", versions.first, number=1, reasons=["burst"])
    db.session.execute(db.update(Vote).filter_by(idea_id=versions.first.id, voter_id=voter).values(aside=True))
    versions.first.votes -= 1
    without_facts()
    start_anew_after_an_update()
    assert problems(versions) == []
    assert verify(versions.campaign).unwritten == 2
    doubt.decision = "count"
    assert any("What was decided about the vote of person" in problem for problem in problems(versions))
