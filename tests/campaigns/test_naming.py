"""Whether those who vote are listed by name: who chooses it, when it freezes, and what holds for votes that were given."""

import pytest

from campaign.board.acts import acts
from campaign.campaigns.models import Campaign
from campaign.campaigns.naming import (
    NameUntold,
    NamingVersion,
    WhyMissing,
    choose_naming,
    has_ballots,
    naming_versions,
)
from campaign.campaigns.planning import copy_campaign
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ledger.appending import append_to_logs
from campaign.votes.models import Vote
from tests.voting import cast_vote, withdraw_vote

WHY = "People want to stand by what they choose."


def test_votes_are_secret_unless_the_campaign_says_otherwise(campaign):
    assert not campaign.names_voters
    assert [(version.number, version.named) for version in naming_versions(campaign)] == [(1, False)]


def test_before_the_first_ballot_it_is_simply_chosen(campaign, people):
    choose_naming(campaign, people.ana, named=True)
    choose_naming(campaign, people.ana, named=True)
    db.session.flush()
    assert campaign.names_voters
    assert db.session.scalar(db.select(db.func.count(NamingVersion.id))) == 0
    assert [act.details for act in acts(campaign).acts] == [["Secret → By name"]]


def test_from_the_first_ballot_on_a_change_is_a_version_with_its_reason(campaign, resealable, people):
    cast_vote(resealable, people.carl, "carl-votes-1")
    db.session.refresh(campaign.stages[0])
    assert has_ballots(campaign)
    with pytest.raises(WhyMissing):
        choose_naming(campaign, people.ana, named=True)
    assert not campaign.names_voters
    choose_naming(campaign, people.ana, named=True, why=WHY)
    choose_naming(campaign, people.ana, named=True, why="Pressed twice.")
    db.session.flush()
    told = [(version.number, version.named, version.why) for version in naming_versions(campaign)]
    assert told == [(2, True, WHY), (1, False, "")]


def test_a_vote_keeps_what_its_voter_was_told(campaign, resealable, people):
    cast_vote(resealable, people.carl, "carl-votes-1")
    choose_naming(campaign, people.ana, named=True, why=WHY)
    cast_vote(resealable, people.drew, "drew-votes-1", named=True)
    choose_naming(campaign, people.ana, named=False, why="It was too much.")
    cast_vote(resealable, people.ana, "ana-votes-01", named=True)
    named = dict(db.session.execute(db.select(Vote.voter_id, Vote.named)).all())
    assert named == {people.carl.id: False, people.drew.id: True, people.ana.id: False}


def test_nobody_is_named_who_was_not_told_so(campaign, resealable, people):
    choose_naming(campaign, people.ana, named=True)
    with pytest.raises(NameUntold):
        cast_vote(resealable, people.carl, "carl-votes-1")
    assert cast_vote(resealable, people.carl, "carl-votes-2", named=True).votes == 1
    withdraw_vote(resealable, people.carl, "carl-leaves-1")  # Taking back needs no word about names.


def test_a_copy_and_a_plan_begin_with_it(campaign, people):
    choose_naming(campaign, people.ana, named=True)
    assert copy_campaign(campaign, people.ana, "key-of-a-copy").names_voters


def test_a_copy_that_is_asked_for_again_stays_what_became_of_it(campaign, people):
    choose_naming(campaign, people.ana, named=True)
    copy = copy_campaign(campaign, people.ana, "key-of-a-copy")
    choose_naming(copy, people.ana, named=False)
    assert copy_campaign(campaign, people.ana, "key-of-a-copy") is copy
    assert not copy.names_voters


# Over HTTP.


def test_before_they_vote_people_are_told_that_ideas_supported_together_will_be_read(
    app, carl, soda_campaign, soda_idea
):
    short, long = "everybody reads which ideas were supported together", "may recognise you by them"
    pages = {"/campaigns/soda": short, f"/ideas/{soda_idea}": short, "/campaigns/soda/brief": short}
    pages |= {"/campaigns/soda/naming": long}
    for url, told in pages.items():
        assert told not in carl.get(url).text
    with app.app_context():
        for stage in db.session.get_one(Campaign, soda_campaign).stages:
            stage.method_settings = {"seats": 3}
        db.session.commit()
    for url, told in pages.items():
        assert told in carl.get(url).text
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    with app.app_context():
        append_to_logs()
    assert long in carl.get("/campaigns/soda/log").text


def test_only_who_runs_the_campaign_chooses_and_everybody_reads_it(app, ana, bea, nobody, soda_campaign, soda_idea):
    url = "/campaigns/soda/naming"
    for browser in (bea, nobody):
        page = browser.get(url).text
        assert "Nobody reads who voted for what" in page
        assert 'name="naming"' not in page
    assert bea.post(url, naming="named").status_code == 404
    assert nobody.post(url, naming="named").status_code == 302
    assert "/sign-in" in nobody.post(url, naming="named").location
    assert 'name="naming"' in ana.get(url).text
    assert ana.post(url, naming="nonsense").status_code == 422
    assert ana.post(url, naming="named").status_code == 302
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).names_voters
    for page in ("/campaigns/soda/brief", "/campaigns/soda/rules", "/campaigns/soda/voting"):
        assert "Votes are given by name" in nobody.get(page).text
    assert "your name will stand under each idea" in nobody.get("/campaigns/soda").text
    assert "Your name will stand under this idea" in nobody.get(f"/ideas/{soda_idea}").text
    assert "chose whether voters are listed by name" in ana.get("/campaigns/soda/history").text


def test_a_change_after_the_first_vote_wants_a_reason_beside_its_field(ana, carl, nobody, soda_idea):
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    answer = ana.post("/campaigns/soda/naming", naming="named", why="")
    assert answer.status_code == 422
    assert "People have voted. Say why" in answer.text
    ana.post("/campaigns/soda/naming", naming="named", why=WHY)
    page = nobody.get("/campaigns/soda/naming").text
    assert "Version 2" in page
    assert WHY in page


def test_a_page_from_before_gives_no_vote_with_a_name(app, ana, carl, soda_idea):
    ana.post("/campaigns/soda/naming", naming="named")
    answer = carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    assert answer.status_code == 409
    assert "your name stands under the ideas that you support" in answer.text
    page = carl.get(f"/ideas/{soda_idea}").text
    assert '<input type="hidden" name="named" value="1">' in page
    assert carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef02", named="1").status_code == 302
    with app.app_context():
        assert db.session.get_one(Idea, soda_idea).votes == 1
