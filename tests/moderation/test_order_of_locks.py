"""Acts on many cases wait for nobody in a circle: what they are about is held first, in order; boards are taken last, campaign by campaign."""

import itertools
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.actions import submit_idea
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import hide, take_back
from campaign.moderation.models import Case
from campaign.moderation.reporting import report
from campaign.moderation.rules import Rules, choose_rules
from campaign.moderation.sweeping import hide_all_of, put_all_back
from tests.campaign_cast import stage

DECISIONS = "/campaigns/soda/console/decisions"
WHY = "The same advertisement everywhere."


@pytest.fixture
def other(app, people, campaign):
    """A second campaign of the brand."""
    return db.session.get_one(Campaign, stage(app, slug="other"))


def given(campaign, author, title):
    idea = submit_idea(campaign, author, title, language="en", category=next(iter(campaign.categories), None))
    db.session.commit()
    return idea


@pytest.fixture
def standing(people, campaign, other):
    """Ideas and remarks of bea's that stand in two campaigns, whose numbers are in another order than those of the campaigns."""
    ideas = [given(one, people.bea, title) for one, title in ((other, "Red"), (campaign, "Green"), (other, "Blue"))]
    remarks = [post_comment(idea, people.bea, "Mine.") for idea in reversed(ideas)]
    db.session.commit()
    return [*ideas, *remarks]


@pytest.fixture
def waiting(people, campaign, other):
    """The same, where they wait; one of them is reported instead."""
    reported = given(other, people.bea, "Violet")
    report(reported, people.carl, "spam")
    for each in (campaign, other):
        choose_rules(each, people.ana, Rules(True, True, 3))
    found = [given(one, people.bea, title) for one, title in ((other, "Red"), (campaign, "Green"), (other, "Blue"))]
    return [reported, *found]


@contextmanager
def locked():
    """What is locked and which boards are taken meanwhile, in their order: ("idea", 7), ("title", …), ("board", "campaign:1")."""
    rows = []

    def note(connection, cursor, statement, parameters, *rest):
        words = statement.split()
        values = list(parameters.values() if isinstance(parameters, dict) else parameters)
        if statement.endswith("FOR NO KEY UPDATE"):
            rows.append((words[words.index("FROM") + 1], values[-1]))
        elif "pg_advisory_xact_lock" in statement:
            rows.append(("title", values[0]))
        elif words[0] in ("INSERT", "UPDATE") and "board_sequence" in words[:3]:
            rows.append(("board", next(value for value in values if isinstance(value, str))))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield rows
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def check(rows, campaigns, ideas, titles=True):
    """Boards were taken last, in the order of their campaigns, and everything else before, in the order of its numbers."""
    boards = [name for name, _again in itertools.groupby(value for kind, value in rows if kind == "board")]
    assert boards == [campaign.board for campaign in sorted(campaigns, key=lambda one: one.id)]
    if db.engine.dialect.name != "postgresql":
        return  # Writers take turns, and lock nothing.
    first = next(place for place, (kind, _value) in enumerate(rows) if kind == "board")
    before, after = rows[:first], rows[first:]
    made = max((value for kind, value in before if kind == "moderation_case"), default=0)
    late = {row for row in after if row[0] != "board"} - set(before)
    assert not {row for row in late if row[0] in ("idea", "comment", "title")}
    assert not {value for kind, value in late if kind == "moderation_case" and value <= made}
    kinds = ("idea", "comment", "moderation_case")
    seen = [row for row in dict.fromkeys(before) if row[0] in kinds]
    assert seen == sorted(seen, key=lambda row: (kinds.index(row[0]), row[1]))
    assert {value for kind, value in seen if kind == "idea"} == {idea.id for idea in ideas}
    assert any(kind == "title" for kind, _value in before) == titles


def test_a_sweep_holds_all_before_it_takes_a_board(people, campaign, other, moderator, standing):
    report(standing[0], people.carl, "spam")
    db.session.commit()
    with locked() as rows:
        assert hide_all_of(people.soda, people.bea, moderator, WHY) == 6
    check(rows, (campaign, other), standing[:3], titles=False)
    db.session.commit()
    with locked() as rows:
        assert put_all_back(people.soda, people.bea, moderator, "She has said sorry.") == 6
    check(rows, (campaign, other), standing[:3])


@pytest.mark.parametrize("act", ["trust", "hide_all"])
def test_what_reaches_all_of_somebody_takes_boards_in_the_order_of_campaigns(
    people, campaign, other, mod, waiting, moderator, act
):
    reached = waiting if act == "hide_all" else waiting[1:]
    case = open_case_about(waiting[1])
    assert case.campaign == other
    db.session.commit()
    with locked() as rows:
        answer = mod.post(
            "/campaigns/other/console/decisions", case=case.id, act=act, reason=WHY, key="k", headers=PROGRAM
        )
    assert answer.json["refused"] == []
    check(rows, (campaign, other), reached)
    db.session.expire_all()
    assert len(db.session.scalars(db.select(Case).filter_by(batch="k")).all()) == len(reached)
    with locked() as rows:
        assert take_back("k", moderator) == len(reached)
    check(
        rows, (campaign, other), reached, titles=act == "hide_all"
    )  # What was hidden could have come back to the board.


PROGRAM = {"Accept": "application/json"}


def test_a_sweep_and_a_decision_about_the_same_at_once_both_end(people, campaign, other, moderator, standing, at_once):
    db.session.add(Membership(brand=people.soda, person=people.drew, role="moderator"))
    db.session.commit()
    ids = [one.id for one in standing[:3]]
    soda, bea, max_, drew = people.soda.id, people.bea.id, moderator.id, people.drew.id

    def sweep():
        brand, person, by = _rows((type(people.soda), soda), (type(people.bea), bea), (type(people.bea), max_))
        yield
        hide_all_of(brand, person, by, WHY)

    def one_by_one():
        found = [db.session.get_one(type(standing[0]), number) for number in ids[:1]]
        by = db.session.get_one(type(people.bea), drew)
        yield
        for idea in found:
            hide(idea, by, WHY)

    at_once(sweep, one_by_one)
    db.session.expire_all()
    assert all(idea.unseen for idea in standing[:3])


def _rows(*asked):
    return [db.session.get_one(model, number) for model, number in asked]
