"""The answer clock: what was promised when an idea came is what it is held against, and what is told equals the log."""

import re
from datetime import timedelta
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.answers.actions import Words, answer_idea
from campaign.answers.clock import CHANGES_MOST, EPOCH, MICROSECOND, PromisedTooOften, days_of, due_at, promise_days
from campaign.answers.drafting import keep_draft, publish_drafts
from campaign.answers.models import stamp_of
from campaign.answers.promise import promise, promise_of_brand
from campaign.campaigns.carrying import begin_with, carried_by
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.actions import withdraw_idea
from campaign.ideas.models import Idea
from campaign.merging.actions import merge_ideas
from campaign.moderation.deciding import hide, last_case, put_back
from tests.answers.conftest import NO, YES
from tests.makers import make_brand, make_campaign, make_idea, make_person


def ago(**time):
    return now() - timedelta(**time)


def test_ten_days_are_promised_unless_somebody_says_otherwise(people, campaign, resealable):
    assert days_of(campaign) == 10
    assert due_at(resealable) == resealable.submitted_at + timedelta(days=10)


def test_a_new_promise_holds_for_what_comes_from_then_on(app, people, campaign, resealable):
    before = due_at(resealable)
    promise_days(campaign, people.ana, 3)
    later = make_idea(campaign, people.carl, category=campaign.categories[0])
    assert due_at(resealable) == before
    assert due_at(later) == later.submitted_at + timedelta(days=3)
    entry = db.session.scalars(db.select(Entry).filter_by(what="promise.chosen")).one()
    assert (entry.by_id, entry.details) == (people.ana.id, {"days": [10, 3]})


def test_said_again_it_changes_nothing(people, campaign):
    promise_days(campaign, people.ana, 3)
    promise_days(campaign, people.ana, 3)
    assert len(db.session.scalars(db.select(Entry)).all()) == 1


def test_a_promise_that_moves_all_the_time_stays(people, campaign):
    campaign.answer_days = [[number, 1 + number % 2] for number in range(CHANGES_MOST)]
    db.session.commit()
    with pytest.raises(PromisedTooOften):
        promise_days(campaign, people.ana, 30)


def test_a_draft_begins_with_it(people, draft):
    promise_days(draft, people.ana, 3)
    assert draft.answer_days == [[0, 3]]


def test_copies_and_plans_carry_it(people, campaign, draft):
    promise_days(campaign, people.ana, 3)
    begin_with(draft, people.ana, carried_by(campaign))
    assert days_of(draft) == 3


@pytest.mark.parametrize(("days", "status"), [("5", 302), ("0", 422), ("366", 422), ("x", 422), ("", 422)])
def test_a_promise_is_a_number_of_days(app, ana, soda_campaign, days, status):
    assert ana.post("/campaigns/soda/answers/promise", days=days).status_code == status
    with app.app_context():
        assert days_of(db.session.get_one(Campaign, soda_campaign)) == (5 if status == 302 else 10)


BECAME = (
    "waits",
    "answered",
    "changed",
    "drafted",
    *("withdrawn", "answered, then withdrawn"),
    *("hidden", "answered, then hidden", "hidden, then put back"),
    *("merged", "answered, then merged"),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    ideas=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(BECAME)), max_size=25),
    later=st.none() | st.tuples(st.integers(1, 30), st.integers(1, 20)),
)
def test_what_is_told_equals_the_log(people, ideas, later):
    ana, bea = people.ana, make_person()
    brand = make_brand(ana)
    campaign = make_campaign(brand, ana)
    changed = None
    if later is not None:
        changed = ago(days=later[0])
        campaign.answer_days = [[0, 10], [(changed - EPOCH) // MICROSECOND, later[1]]]
    for number, (days, became) in enumerate(ideas):
        idea = make_idea(campaign, bea, f"An idea of its own, number {number}")
        idea.submitted_at = ago(days=days, hours=6)
        db.session.flush()
        is_answered(idea, became, ana)
        leaves(idea, became, ana, bea)
    expected = from_the_log(campaign, changed, later)
    for found in (promise(campaign), promise_of_brand([campaign])):
        told = found and (found.due, found.in_time, found.answered, found.waiting)
        assert told == (expected and expected[:4])
        if found and found.median is not None:
            assert abs(found.median - expected[4]) <= timedelta(seconds=2)
        assert not found or (found.median is None) == (expected[4] is None)
    db.session.rollback()


def is_answered(idea, became, by):
    if became == "drafted":
        draft = keep_draft(idea, by, Words(YES))
        assert publish_drafts(idea.campaign, by, {idea.id: stamp_of(None, draft)}, tell=False).ideas == [idea.id]
    elif became.startswith(("answered", "changed")):
        answer_idea(idea, by, YES, tell=False)
    if became == "changed":
        answer_idea(idea, by, NO, tell=False)


def leaves(idea, became, moderator, author):
    if became.endswith("withdrawn"):
        withdraw_idea(idea, author, "It leaked.")
    if became.endswith("merged"):
        into = make_idea(idea.campaign, author, f"What stands for {idea.id}")
        merge_ideas(idea, into, moderator, "It is the same.")
    if "hidden" in became:
        hide(idea, moderator, "It is no idea.")
    if became.endswith("put back"):
        put_back(last_case(idea), moderator, "It is one after all.")


def from_the_log(campaign, changed, later):
    """The same, reckoned from what was written down."""
    entries = db.session.scalars(db.select(Entry).filter_by(subject="idea").order_by(Entry.id)).all()
    answered, gone = {}, set()
    for entry in entries:
        if entry.what == "idea.answered":
            answered.setdefault(entry.subject_id, entry.at)
        elif entry.what in ("idea.withdrawn", "idea.merged", "idea.taken_down"):
            gone.add(entry.subject_id)
        elif entry.what == "idea.approved":
            gone.discard(entry.subject_id)
    ideas = [
        idea for idea in db.session.scalars(db.select(Idea).filter_by(campaign_id=campaign.id)) if idea.id not in gone
    ]
    due = in_time = waiting = 0
    taken = []
    for idea in ideas:
        days = later[1] if changed and idea.submitted_at >= changed else 10
        by = idea.submitted_at + timedelta(days=days)
        if idea.id in answered:
            due, in_time = due + 1, in_time + (answered[idea.id] <= by)
            taken.append(answered[idea.id] - idea.submitted_at)
        else:
            waiting, due = waiting + 1, due + (by < now())
    promised = campaign.answer_days is not None or taken
    if not due or not promised:
        return None
    return due, in_time, len(taken), waiting, median(taken) if taken else None


def test_the_brand_tells_the_same_on_its_own_page(app, nobody, people, campaign, resealable):
    resealable.submitted_at = ago(days=3, hours=1)
    answer_idea(resealable, people.ana, YES)
    db.session.commit()
    page = re.sub(r"\s+", " ", nobody.get("/brands/soda").text)
    assert "How it answers" in page
    assert "1 of 1" in page
    assert "4 days" in page


def test_a_brand_that_has_promised_nothing_and_answered_nothing_is_not_held_to_it(nobody, people, campaign):
    campaign.answers_by = None
    db.session.commit()
    assert "How it answers" not in nobody.get("/brands/soda").text


def test_a_campaign_for_its_team_is_no_part_of_what_everybody_reads(nobody, ana, people, campaign, resealable):
    answer_idea(resealable, people.ana, YES)
    campaign.visibility = "members"
    db.session.commit()
    for reader in (nobody, ana):
        assert "How it answers" not in reader.get("/brands/soda").text


def test_everybody_reads_on_an_idea_by_when_it_was_promised_an_answer(nobody, people, campaign, resealable):
    page = f"/ideas/{resealable.id}"
    assert "Soda promised to answer by" in nobody.get(page).text
    answer_idea(resealable, people.ana, YES)
    db.session.commit()
    assert "promised to answer" not in nobody.get(page).text


def test_where_nothing_was_promised_no_day_is_told(nobody, people, campaign, resealable):
    campaign.answers_by = None
    db.session.commit()
    assert "promised to answer" not in nobody.get(f"/ideas/{resealable.id}").text
