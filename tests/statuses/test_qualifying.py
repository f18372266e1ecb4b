"""With enough supporters an idea is qualified for review: once, by the system, and never so that it tells a sealed figure."""

import pytest

from campaign.campaigns.models import Campaign
from campaign.doubts.actions import move_votes
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.live.models import Change
from campaign.statuses.arranging import choose_number
from campaign.statuses.models import WaitingMark
from campaign.statuses.qualifying import mark_unsealed
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from tests.makers import make_person
from tests.voting import cast_vote, withdraw_vote


@pytest.fixture
def of_two(people, campaign, resealable):
    """An idea that two supporters qualify."""
    choose_number(campaign, people.ana, 2)
    db.session.commit()
    return resealable


def support(idea, times, key="a-vote-00"):
    for _time in range(times):
        cast_vote(idea, make_person(), key)
    db.session.commit()
    db.session.refresh(idea)


def marked():
    return list(db.session.scalars(db.select(Entry).where(Entry.what == "idea.qualified")))


def test_the_last_supporter_that_it_takes_qualifies_it(of_two, mails):
    support(of_two, 1)
    assert of_two.qualified_at is None
    support(of_two, 1)
    assert of_two.qualified_at is not None
    [entry] = marked()
    assert (entry.by_id, entry.subject_id, entry.details) == (None, of_two.id, {"number": 2})
    kinds = [kind for change in db.session.scalars(db.select(Change)) for kind in change.news["kinds"]]
    assert kinds.count("idea.qualified") == 1
    [mail] = mails.to("bea@example.org")
    assert mail["Subject"] == "Your idea “A can you can reseal” is qualified for review"


def test_a_group_of_votes_qualifies_it_once(of_two, mails):
    ballots = [Ballot(make_person().id, of_two.id, "a-vote-00", "cast") for _one in range(5)]
    for _time in range(2):
        count_ballots(ballots)  # The second time as a replay.
        db.session.commit()
    support(of_two, 1, "one-more-0")
    assert len(marked()) == 1
    assert len(mails.to("bea@example.org")) == 1


def test_the_mark_stays_when_supporters_leave_and_come_back(people, of_two):
    support(of_two, 1)
    cast_vote(of_two, people.carl, "first-vote")
    withdraw_vote(of_two, people.carl, "second-thought")
    cast_vote(of_two, people.carl, "third-thought")
    db.session.commit()
    assert len(marked()) == 1


def test_pages_show_it_until_the_team_says_more(app, ana, nobody, soda_idea, soda_campaign):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).qualifies_at = 1
        cast_vote(db.session.get_one(Idea, soda_idea), make_person(), "first-vote")
        db.session.commit()
    badge = '<span class="badge" data-colour="purple">Qualified for review</span>'
    assert badge in nobody.get("/campaigns/soda").text
    assert badge in nobody.get(f"/ideas/{soda_idea}").text
    assert "A can you can reseal" in nobody.get("/campaigns/soda?status=qualified").text
    ana.post(f"/ideas/{soda_idea}/status", status="under-review", reason="", read="0")
    assert badge not in nobody.get("/campaigns/soda").text
    assert "Qualified for review" in nobody.get(f"/ideas/{soda_idea}").text  # In its life.


def test_a_new_number_binds_what_comes_after(people, campaign, of_two):
    support(of_two, 1)
    choose_number(campaign, people.ana, 1)
    db.session.commit()
    db.session.refresh(of_two)
    assert of_two.qualified_at is None
    support(of_two, 1, "one-more-0")
    assert of_two.qualified_at is not None
    choose_number(campaign, people.ana, 100)
    db.session.commit()
    db.session.refresh(of_two)
    assert of_two.qualified_at is not None


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_under_seal_it_waits_and_nothing_tells_it(app, nobody, campaign, of_two, mails, seal):
    campaign.stages[0].shows_counts = seal
    db.session.commit()
    support(of_two, 3)
    mark_unsealed()
    db.session.refresh(of_two)
    assert of_two.qualified_at is None
    assert marked() == mails.to("bea@example.org") == []
    for page in ("/campaigns/soda", of_two.url):
        assert "Qualified for review" not in nobody.get(page).text
    campaign.stages[0].shows_counts = "always"
    db.session.commit()
    for _process in range(2):
        mark_unsealed()
    db.session.refresh(of_two)
    assert of_two.qualified_at is not None
    assert len(marked()) == len(mails.to("bea@example.org")) == 1
    assert db.session.scalars(db.select(WaitingMark)).all() == []


def test_what_lost_its_supporters_under_seal_is_not_marked(people, campaign, of_two):
    campaign.stages[0].shows_counts = "ended"
    db.session.commit()
    support(of_two, 1)
    cast_vote(of_two, people.carl, "first-vote")
    withdraw_vote(of_two, people.carl, "second-thought")
    campaign.stages[0].shows_counts = "always"
    db.session.commit()
    mark_unsealed()
    db.session.refresh(of_two)
    assert of_two.qualified_at is None


def test_without_a_number_no_figure_qualifies(resealable):
    support(resealable, 3)
    assert resealable.qualified_at is None


def test_votes_that_count_again_may_qualify(people, campaign, of_two):
    support(of_two, 1)
    voter = make_person()
    cast_vote(of_two, voter, "a-vote-00")
    of_two.qualified_at = None
    db.session.commit()
    move_votes(campaign, [(of_two.id, voter.id)], aside=True)
    move_votes(campaign, [(of_two.id, voter.id)], aside=False)
    db.session.commit()
    db.session.refresh(of_two)
    assert of_two.qualified_at is not None


def test_the_number_is_chosen_on_the_lists_page(app, ana, soda_campaign):
    page = "/campaigns/soda/statuses"
    assert ana.post(page, number="50").location == f"{page}#qualifying"
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).qualifies_at == 50
    assert ana.post(page, number="none").status_code == 422
    ana.post(page, number="")
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).qualifies_at is None
