"""A team chooses what is asked before which act: nothing by default, in versions, and never more of those who vote already."""

import io
from datetime import timedelta

import pytest

from campaign.campaigns.carrying import begin_with
from campaign.campaigns.planning import copy_campaign, plans_of, save_plan
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.verifications import asking
from campaign.verifications.access import asked_before, versions_of
from campaign.verifications.asking import (
    AgeMissing,
    AreasMissing,
    ChangedMeanwhile,
    ListEmpty,
    ListInUse,
    ListTooLong,
    PurposeMissing,
    VotersBound,
    WhyMissing,
    Wish,
    add_to_list,
    ask_for,
    empty_list,
)
from campaign.verifications.hashing import tidy_number
from campaign.verifications.models import Listed
from tests.voting import cast_vote

PAGE = "/campaigns/soda/verifications"
WHY = "Only neighbours take part."


def test_nothing_is_asked_by_default(campaign):
    assert [asked_before(campaign, act).kinds for act in ("idea", "vote", "comment")] == [(), (), ()]


def test_what_is_asked_stands_for_its_act_only(campaign, people):
    assert ask_for(campaign, people.ana, Wish({"vote": ["age", "phone"]}, 18, (), WHY))
    assert asked_before(campaign, "vote").kinds == ("phone", "age")
    assert asked_before(campaign, "vote").age == 18
    assert asked_before(campaign, "idea").kinds == ()


def test_said_twice_it_is_one_version(campaign, people):
    wish = Wish({"idea": ["phone"]}, None, (), WHY)
    assert ask_for(campaign, people.ana, wish)
    assert not ask_for(campaign, people.ana, wish)
    assert [version.number for version in versions_of(campaign)] == [1]
    recorded = db.session.scalars(db.select(Entry).filter_by(what="verifications.changed")).all()
    assert [entry.by_id for entry in recorded] == [people.ana.id]


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (Wish({"vote": ["age"]}, None, (), WHY), AgeMissing),
        (Wish({"vote": ["postcode"]}, None, (), WHY), AreasMissing),
        (Wish({"vote": ["list"]}, None, (), WHY), ListEmpty),
        (Wish({"vote": ["phone"]}), PurposeMissing),
    ],
)
def test_what_would_shut_everybody_out_is_refused(campaign, people, wish, refusal):
    with pytest.raises(refusal):
        ask_for(campaign, people.ana, wish)


def test_a_colleagues_choice_is_not_overwritten(campaign, people):
    ask_for(campaign, people.ana, Wish({"vote": ["phone"]}, None, (), WHY))
    with pytest.raises(ChangedMeanwhile):
        ask_for(campaign, people.ana, Wish({"idea": ["phone"]}, None, (), WHY), read=0)


@pytest.fixture
def voted(campaign, resealable, people):
    """carl has voted while 18 years and a postcode of Paris or Lyon were asked of nobody yet; then drew, too."""
    cast_vote(resealable, people.drew, "drew-votes")
    return campaign


def test_nothing_more_is_asked_of_voters_once_somebody_has_voted(voted, people):
    with pytest.raises(VotersBound):
        ask_for(voted, people.ana, Wish({"vote": ["phone"]}, None, (), WHY), "We want to.")
    assert ask_for(voted, people.ana, Wish({"idea": ["phone"]}, None, (), WHY))


@pytest.mark.parametrize(
    ("age", "areas", "allowed"), [(16, ("75", "69"), True), (18, ("75",), False), (21, ("75", "69"), False)]
)
def test_votes_can_ask_for_less_with_a_reason(campaign, resealable, people, age, areas, allowed):
    ask_for(campaign, people.ana, Wish({"vote": ["age", "postcode"]}, 18, ("69", "75"), WHY))
    campaign.stage.first_ballot_at = now() - timedelta(hours=1)
    db.session.commit()
    wish = Wish({"vote": ["age", "postcode"]}, age, tuple(sorted(areas)), WHY)
    if not allowed:
        with pytest.raises(VotersBound):
            ask_for(campaign, people.ana, wish, "Too few took part.")
        return
    with pytest.raises(WhyMissing):
        ask_for(campaign, people.ana, wish)
    assert ask_for(campaign, people.ana, wish, "Too few took part.")
    assert [version.number for version in versions_of(campaign)] == [2, 1]


def test_the_list_is_kept_as_fingerprints_only(campaign, people):
    assert add_to_list(campaign, people.ana, ["A-17", " a-17 ", "Odile@Example.org"]) == 2
    assert add_to_list(campaign, people.ana, ["A-17"]) == 0
    kept = db.session.scalars(db.select(Listed.hashed)).all()
    assert all(len(hashed) == 64 for hashed in kept)


def test_a_list_that_is_asked_for_is_not_emptied(campaign, people):
    add_to_list(campaign, people.ana, ["A-17"])
    ask_for(campaign, people.ana, Wish({"vote": ["list"]}, None, (), WHY))
    with pytest.raises(ListInUse):
        empty_list(campaign, people.ana)
    ask_for(campaign, people.ana, Wish())
    empty_list(campaign, people.ana)
    assert db.session.scalars(db.select(Listed)).all() == []


def test_of_a_list_that_comes_again_only_who_is_new_counts_to_its_length(campaign, people, monkeypatch):
    monkeypatch.setattr(asking, "LIST_MOST", 3)
    add_to_list(campaign, people.ana, ["A-1", "A-2"])
    assert add_to_list(campaign, people.ana, ["A-1", "A-2", "A-3"]) == 1
    with pytest.raises(ListTooLong):
        add_to_list(campaign, people.ana, ["A-3", "A-4"])


def test_a_copy_and_a_plan_ask_the_same_and_want_a_list_of_their_own(campaign, people, ana, draft):
    add_to_list(campaign, people.ana, ["A-17"])
    ask_for(campaign, people.ana, Wish({"vote": ["age", "list"]}, 18, (), WHY))
    copy = copy_campaign(campaign, people.drew, "a-click")
    assert copy_campaign(campaign, people.drew, "a-click") is copy
    save_plan(campaign, people.ana, "Ours", "a-plan")
    begin_with(draft, people.ana, plans_of(campaign.brand)[0].more)
    db.session.commit()
    for begun, by in ((copy, people.drew), (draft, people.ana)):
        assert asked_before(begun, "vote").kinds == ("age", "list")
        assert asked_before(begun, "vote").age == 18
        assert [(version.number, version.by, version.purpose) for version in versions_of(begun)] == [(1, by, WHY)]
        assert [lack.page for lack in begun.missing if lack.field == "members"] == ["verifications/list"]
    assert f'href="{copy.url}/verifications/list#members"' in ana.get(copy.url).text
    add_to_list(copy, people.ana, ["B-1"])
    assert not any(lack.field == "members" for lack in copy.missing)


@pytest.mark.parametrize("page", [PAGE, f"{PAGE}/list"])
def test_only_who_manages_the_campaign_chooses(ana, carl, drew, nobody, soda_campaign, page):
    assert ana.get(page).status_code == 200
    assert carl.get(page).status_code == drew.get(page).status_code == 404
    assert nobody.get(page).status_code in (302, 401)
    assert carl.post(page, vote="phone", purpose=WHY, members="A-17").status_code == 404


def test_ana_chooses_on_the_page_and_the_brief_tells_it(app, ana, nobody, soda_campaign):
    answer = ana.post(PAGE, vote="age", age="18", purpose=WHY, read="0")
    assert answer.location == PAGE
    assert "that you are 18 or older" in nobody.get("/campaigns/soda/brief").text
    assert WHY in nobody.get("/campaigns/soda/brief").text
    assert "changed what people verify" in ana.get("/campaigns/soda/history").text
    assert "version 1" in ana.get(PAGE).text


def test_what_is_missing_stands_beside_its_field(ana, soda_campaign):
    answer = ana.post(PAGE, vote="age", purpose=WHY, read="0")
    assert answer.status_code == 422
    assert "Say from which age on." in answer.text


def test_ana_pastes_the_list(ana, soda_campaign):
    answer = ana.post(f"{PAGE}/list", members="A-17\nodile@example.org, A-18")
    assert answer.location == f"{PAGE}/list"
    page = ana.get(f"{PAGE}/list").text
    assert "3 entries" in page
    assert "odile" not in page


def test_a_list_that_is_too_large_is_refused_whole(app, ana, soda_campaign, monkeypatch):
    monkeypatch.setattr("campaign.verifications.forms.LIST_TEXT", 20)
    many = (io.BytesIO(b"12345678\n" * 3), "list.txt")
    answer = ana.post(f"{PAGE}/list", members="", file=many)
    assert answer.status_code == 422
    assert "too large" in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(Listed)).all() == []


def test_nonsense_for_the_version_that_was_read_is_none(ana, soda_campaign):
    fields = {"comment": "postcode", "areas": "75", "purpose": WHY}
    assert ana.post(PAGE, **fields, read="9" * 5000).status_code == 302


@pytest.mark.parametrize("typed", ["+33 (0)6 12 34 56 78", "0033 612345678", "+33 06 12 34 56 78"])
def test_a_number_is_one_however_it_is_typed(typed):
    assert tidy_number(typed) == "+33612345678"


def test_a_zero_that_belongs_to_a_number_stays():
    assert tidy_number("+39 06 1234 5678") == "+390612345678"
