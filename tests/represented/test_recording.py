"""A team writes down what people gave on paper: under their names, signed, counted apart, and by the rules of everybody else."""

import json
import secrets
from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.campaigns.naming import choose_naming
from campaign.campaigns.planning import copy_campaign
from campaign.campaigns.rules import RulesAcceptance, Terms
from campaign.campaigns.ruling import state_rules
from campaign.clock import now
from campaign.doubts.signals import Cast, doubtful
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.ideas.origins import SourceMissing
from campaign.represented.access import papers_counted, recorders_of
from campaign.represented.actions import (
    AgeNotDeclared,
    AlreadyRecorded,
    CountryNotDeclared,
    NotTheirs,
    OriginUntold,
    OtherName,
    PaperNotTaken,
    PaperRuleFrozen,
    ReasonMissing,
    RulesNotAccepted,
    SupportOnly,
    record_idea,
    record_vote,
    take_back_recorded,
    take_paper,
)
from campaign.represented.models import PaperVote
from campaign.verifications.asking import Wish, ask_for
from campaign.votes.allowance import NoVoteLeft
from campaign.votes.ballots import OwnIdea, VotingClosed
from campaign.votes.supporters import supporters_of
from tests.represented.conftest import given
from tests.voting import cast_vote

SENTENCE = "Given on paper by Odile M., recorded by Ana (Soda)"


def category(campaign):
    return campaign.categories[0]


@pytest.fixture
def recorded(on_paper, people):
    idea = record_idea(
        on_paper, people.ana, given(), "A can for one hand", key="a-paper", category=category(on_paper), contact="06 12"
    )
    db.session.commit()
    return idea


def test_nothing_is_recorded_where_the_campaign_takes_nothing_on_paper(campaign, resealable, people):
    with pytest.raises(PaperNotTaken):
        record_vote(resealable, people.ana, given(), "a-paper")
    with pytest.raises(PaperNotTaken):
        record_idea(campaign, people.ana, given(), "A can for one hand", key="a-paper", category=category(campaign))


def test_a_copy_takes_paper_too(on_paper, people):
    assert copy_campaign(on_paper, people.ana, "a-click").paper_since is not None


def test_it_is_chosen_before_the_first_vote_only(campaign, resealable, people):
    take_paper(campaign, people.ana, True)
    take_paper(campaign, people.ana, True)
    take_paper(campaign, people.ana, False)
    assert campaign.paper_since is None
    cast_vote(resealable, people.carl, "carl-votes")
    with pytest.raises(PaperRuleFrozen):
        take_paper(campaign, people.ana, True)
    acts = db.session.scalars(db.select(Entry.what).where(Entry.what.startswith("paper."))).all()
    assert acts == ["paper.taken", "paper.not_taken"]


def test_an_idea_stands_under_its_authors_name_and_is_signed(recorded, people):
    assert recorded.author.name == "Odile M."
    assert recorded.recorded.words == SENTENCE
    assert recorded.byline == "Odile M. (on paper, recorded by Ana, Soda)"
    assert recorded.recorded.contact_words == "06 12"
    assert b"06 12" not in recorded.recorded.contact
    entry = db.session.scalars(db.select(Entry).filter_by(what="idea.recorded")).one()
    assert (entry.by_id, entry.subject_id) == (people.ana.id, recorded.id)


def test_sent_twice_it_is_one_idea(recorded, on_paper, people):
    again = record_idea(on_paper, people.ana, given(), "A can for one hand", key="a-paper", category=category(on_paper))
    assert again is recorded
    assert len(db.session.scalars(db.select(Idea)).all()) == 1


def test_nobody_of_the_team_changes_it(ana, recorded):
    idea = recorded.id
    assert ana.get(f"/ideas/{idea}/edit").status_code == 404
    assert ana.post(f"/ideas/{idea}/edit", title="A can for two hands").status_code == 404


def test_everybody_reads_it_on_every_channel(app, nobody, recorded, on_paper):
    assert SENTENCE in nobody.get(recorded.url).text
    assert "on paper, recorded by Ana, Soda" in nobody.get("/campaigns/soda").text
    assert "06 12" not in nobody.get(recorded.url).text
    [told] = json.loads("".join(as_json(on_paper)))["ideas"]
    assert (told["author"], told["recorded"], told["recorded_by"]) == ("Odile M.", "paper", "Ana (Soda)")
    assert "Ana (Soda)" in "".join(as_csv(on_paper))


def test_a_vote_is_counted_and_counted_apart(on_paper, resealable, people):
    cast_vote(resealable, people.carl, "carl-votes")
    record_vote(resealable, people.ana, given(), "a-paper")
    assert resealable.votes == 2
    assert papers_counted(on_paper, [resealable.id]) == {resealable.id: 1}
    assert [(one.person, one.ideas, one.votes) for one in recorders_of(on_paper)] == [(people.ana, 0, 1)]


def test_a_second_click_records_nothing_and_a_second_form_is_refused(on_paper, resealable, people):
    first = record_vote(resealable, people.ana, given(), "a-paper")
    assert record_vote(resealable, people.ana, given(), "a-paper") is first
    with pytest.raises(AlreadyRecorded):
        record_vote(resealable, people.ana, given(" 1 7 "), "another-form")
    assert resealable.votes == 1


def test_a_number_is_one_person(recorded, on_paper, resealable, people):
    with pytest.raises(OtherName):
        record_vote(resealable, people.ana, given(name="Yves"), "a-vote")
    with pytest.raises(OwnIdea):
        record_vote(recorded, people.ana, given(), "a-vote")


def test_a_paper_has_as_many_votes_as_a_person(recorded, on_paper, resealable, people):
    on_paper.stage.method_settings = {"cap": 1}
    db.session.commit()
    record_vote(resealable, people.ana, given("18", "Yves"), "one")
    with pytest.raises(NoVoteLeft):
        record_vote(recorded, people.ana, given("18", "Yves"), "another")


def test_what_accounts_verify_is_not_asked_of_a_paper(on_paper, resealable, people):
    ask_for(on_paper, people.ana, Wish({"vote": ["phone"], "idea": ["phone"]}, None, (), "Neighbours only."))
    record_vote(resealable, people.ana, given(), "a-vote")
    assert record_idea(on_paper, people.ana, given(), "A can for one hand", key="a", category=category(on_paper))


def test_only_support_is_recorded(on_paper, resealable, people):
    on_paper.stage.method, on_paper.stage.method_settings = "dots", {"points": 10, "seats": 1}
    db.session.commit()
    with pytest.raises(SupportOnly):
        record_vote(resealable, people.ana, given(), "a-vote")


def test_nothing_is_recorded_once_voting_is_over(on_paper, resealable, people):
    on_paper.ends_at = now() - timedelta(minutes=1)
    db.session.commit()
    with pytest.raises(VotingClosed):
        record_vote(resealable, people.ana, given(), "a-vote")


def test_a_vote_is_taken_back_with_a_reason_and_stays_readable(on_paper, resealable, people):
    vote = record_vote(resealable, people.ana, given(), "a-vote")
    with pytest.raises(ReasonMissing):
        take_back_recorded(vote, people.ana, "")
    take_back_recorded(vote, people.ana, "The paper was not signed.")
    take_back_recorded(vote, people.ana, "The paper was not signed.")
    assert resealable.votes == 0
    assert papers_counted(on_paper, [resealable.id]) == {}
    assert db.session.scalars(db.select(PaperVote)).one().removal.why == "The paper was not signed."
    acts = db.session.scalars(db.select(Entry.what).where(Entry.what.startswith("vote."))).all()
    assert acts == ["vote.recorded", "vote.recording_taken_back"]
    with pytest.raises(AlreadyRecorded):
        record_vote(resealable, people.ana, given(), "another-form")


def test_papers_are_not_taken_for_made_up_accounts():
    moment = now()
    votes = [Cast(1, voter, moment, moment, f"{secrets.token_hex(4)}@1.paper.invalid", True) for voter in range(9)]
    assert doubtful(votes) == {}


def test_cards_and_broadcasts_say_how_many(app, nobody, on_paper, resealable, people):
    record_vote(resealable, people.ana, given(), "a-vote")
    db.session.commit()
    said = "1 of these votes was recorded on paper by the brand."
    assert said in nobody.get("/campaigns/soda").text
    assert said in nobody.get(resealable.url).text


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_under_seal_nothing_tells_how_many(ana, nobody, on_paper, resealable, people, seal):
    on_paper.stage.shows_counts = seal
    for number in range(3):
        record_vote(resealable, people.ana, given(f"P{number}", f"Person {number}"), f"vote-{number}")
    db.session.commit()
    for page in ("/campaigns/soda", resealable.url, "/campaigns/soda/on-paper"):
        text = nobody.get(page).text
        assert "recorded on paper by the brand" not in text
        assert "3 votes" not in text
    told = json.loads("".join(as_json(on_paper)))["ideas"][0]
    assert told["votes"] is told["votes_on_paper"] is None


@pytest.mark.parametrize("page", ["/campaigns/soda/on-paper/new-idea", "/ideas/{idea}/on-paper"])
def test_only_who_manages_the_campaign_records(ana, carl, drew, nobody, on_paper, resealable, page):
    page = page.format(idea=resealable.id)
    assert ana.get(page).status_code == 200
    assert carl.get(page).status_code == drew.get(page).status_code == 404
    assert nobody.get(page).status_code in (302, 401)
    fields = {"reference": "17", "name": "Odile M.", "how": "paper", "title": "A can for one hand", "category": "can"}
    assert carl.post(page, key="a-form", **fields).status_code == 404


def test_ana_records_an_idea_and_a_vote_over_http(app, ana, carl, nobody, soda_idea):
    assert ana.post("/campaigns/soda/on-paper", takes="yes").location == "/campaigns/soda/on-paper"
    assert carl.post("/campaigns/soda/on-paper", takes="no").status_code == 404
    assert "On paper, too" in nobody.get("/campaigns/soda/brief").text
    who = {"reference": "B-7", "name": "Odile M.", "how": "event", "event": "Fair of Lyon"}
    page = "/campaigns/soda/on-paper/new-idea"
    made = ana.post(page, title="A can for one hand", text="", category="can", key="a-form", **who)
    assert made.status_code == 302
    assert "Given at an event by Odile M., recorded by Ana (Soda) · Fair of Lyon" in nobody.get(made.location).text
    page = f"/ideas/{soda_idea}/on-paper"
    assert ana.post(page, key="a-vote", **who).location == page
    refused = ana.post(page, key="another", **who)
    assert refused.status_code == 422
    assert "was recorded for this idea already, by Ana." in refused.text
    assert "B-7" in ana.get(page).text
    overview = nobody.get("/campaigns/soda/on-paper").text
    assert "1 idea · 1 vote" in " ".join(overview.split())
    assert "B-7" not in overview
    with app.app_context():
        vote = db.session.scalars(db.select(PaperVote.id)).one()
    assert carl.get(f"/recorded-votes/{vote}/removal").status_code == 404
    assert ana.post(f"/recorded-votes/{vote}/removal", why="").status_code == 422
    assert ana.post(f"/recorded-votes/{vote}/removal", why="A mistake.").location == page
    assert "Taken back by Ana: A mistake." in ana.get(page).text
    assert "recorded a vote that somebody gave elsewhere" in ana.get("/campaigns/soda/history").text


@pytest.mark.parametrize("written", ["１７", "1\u200b7", " 1 7 "])
def test_a_papers_number_is_one_however_it_is_written(on_paper, resealable, people, written):
    record_vote(resealable, people.ana, given("17"), key="a-paper")
    with pytest.raises(AlreadyRecorded):
        record_vote(resealable, people.ana, given(written), key="another")


def test_nobody_records_votes_for_their_own_idea(on_paper, resealable, people):
    with pytest.raises(OwnIdea):
        record_vote(resealable, people.bea, given(), key="a-paper")


def test_a_vote_on_paper_has_no_name_where_voters_are_listed(on_paper, resealable, people):
    choose_naming(on_paper, people.ana, named=True)
    record_vote(resealable, people.ana, given(), key="17")
    cast_vote(resealable, people.carl, "carl-votes-1", named=True)
    assert [person.name for person in supporters_of(resealable, people.drew).people] == ["Carl"]


STATED = Terms(age_min=18, countries=("FR",), texts={"en": {"criteria": "It fits."}, "fr": {"criteria": "Elle tient."}})
DECLARED = {"accepts": True, "of_age": True, "from_country": True, "origin": "own"}


@pytest.mark.parametrize(
    ("lacks", "refusal"),
    [
        ({"accepts": False}, RulesNotAccepted),
        ({"of_age": False}, AgeNotDeclared),
        ({"from_country": False}, CountryNotDeclared),
        ({"origin": None}, OriginUntold),
        ({"origin": "theirs"}, NotTheirs),
        ({"origin": "allowed"}, SourceMissing),
    ],
)
def test_what_its_author_did_not_declare_is_not_declared_for_them(on_paper, people, lacks, refusal):
    state_rules(on_paper, people.ana, STATED)
    said = {"key": "a-paper", "category": category(on_paper), **DECLARED, **lacks}
    with pytest.raises(refusal):
        record_idea(on_paper, people.ana, given(), "A can for one hand", **said)


def test_what_its_author_declared_is_kept_as_for_everybody(on_paper, people):
    state_rules(on_paper, people.ana, STATED)
    said = {"key": "a-paper", "category": category(on_paper), **DECLARED, "origin": "allowed", "builds_on": "Odile’s"}
    idea = record_idea(on_paper, people.ana, given(), "A can for one hand", **said)
    accepted = db.session.scalars(db.select(RulesAcceptance).filter_by(person_id=idea.author_id)).one()
    assert (accepted.of_age, accepted.from_country, idea.builds_on) == (True, True, "Odile’s")


def test_whoever_records_ticks_what_its_author_declared(app, ana, soda_campaign, cast):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        state_rules(campaign, db.session.get_one(Person, cast["ana"]), STATED)
        db.session.commit()
    ana.post("/campaigns/soda/on-paper", takes="yes")
    page = "/campaigns/soda/on-paper/new-idea"
    assert "They have said to be 18 or older" in ana.get(page).text
    fields = {"title": "A can for one hand", "reference": "17", "name": "Odile M.", "how": "paper", "category": "can"}
    refused = ana.post(page, **fields, accepts="y", key="a-paper")
    assert refused.status_code == 422
    assert "Record it only where its author has said to be of that age." in refused.text
    said = {"accepts": "y", "of_age": "y", "from_country": "y", "yours": "own"}
    assert ana.post(page, **fields, **said, key="a-paper").status_code == 302
