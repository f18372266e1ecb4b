"""The rules of a campaign: told before the form, accepted with the first contribution, in versions that bind what comes after."""

import re
from html import unescape

import pytest

from campaign.campaigns.actions import publish_campaign
from campaign.campaigns.models import Campaign
from campaign.campaigns.planning import copy_campaign
from campaign.campaigns.rules import Rules, RulesAcceptance, Terms, latest_rules, standing_rules
from campaign.campaigns.ruling import (
    Agreement,
    NotFromHere,
    RulesChanged,
    RulesUnaccepted,
    TooYoung,
    hold_to_rules,
    state_rules,
)
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.history import Entry
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import Idea
from campaign.ideas.origins import OriginMissing, SomebodyElses, SourceMissing
from tests.campaigns.test_settings import SETTINGS, shown
from tests.refusals import sentence_at

NEW = "/campaigns/soda/ideas/new"
IDEA = {"title": "A can for two people", "category": "can", "act": "submit", "yours": "own"}
SOME = Terms(texts={"en": {"criteria": "Whether it *fits* a hand."}, "fr": {"criteria": "Si elle tient en main."}})


@pytest.fixture
def state(ana, soda_campaign):
    """Fill in some of the rules of the open campaign."""

    def fill(**fields):
        return ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), **fields})

    return fill


@pytest.fixture
def stated(people, campaign):
    """Let the campaign's rules be these, as rows."""

    def say(terms):
        state_rules(campaign, people.ana, terms)
        db.session.commit()
        return latest_rules(campaign)

    return say


def sent(person, **fields):
    return person.post(NEW, **{**shown(person.get(NEW).text), **IDEA, **fields})


# What is said.


def test_only_what_is_filled_in_is_told_before_the_form(nobody, carl, state):
    assert "rules__part" not in nobody.get("/campaigns/soda/brief").text
    state(criteria_en="Whether it fits a hand.", refusal_en="Signed, with the reason.", chosen="3", out_of="212")
    brief = unescape(nobody.get("/campaigns/soda/brief").text)
    for told in ("Whether it fits a hand.", "Signed, with the reason.", "3 of 212", "The contract: Cooperation"):
        assert told in brief
        assert told in unescape(carl.get(NEW).text)
    assert "What those receive who are chosen" not in brief
    assert "Who can take part" not in brief


@pytest.mark.one_database
def test_each_reads_the_rules_in_their_language_or_in_the_one_that_there_is(nobody, state):
    state(criteria_en="Whether it fits.", criteria_fr="Si elle tient.", prizes_en="A crate.", countries="France, be")
    page = unescape(nobody.get("/campaigns/soda/brief", headers={"Accept-Language": "fr"}).text)
    assert "Si elle tient." in page
    assert "Whether it fits." not in page
    assert "A crate." in page
    assert "Belgique, France" in page


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"chosen": "3"}, "out_of", "Give both numbers, or neither."),
        ({"chosen": "9", "out_of": "3"}, "chosen", "No more can be chosen than there were."),
        ({"age_min": "many"}, "age_min", "This isn’t a whole number."),
        ({"age_min": "130"}, "age_min", "A whole number from 1 to 99."),
        ({"countries": "France, Atlantis"}, "countries", "There is no country called Atlantis."),
        ({"contract": "marriage"}, "contract", "Choose a contract."),
        ({"contract": "collaboration"}, "scope_en", "A collaboration says this before anybody agrees to it."),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(app, state, fields, field, sentence):
    answer = state(criteria_en="Whether it fits.", **fields)
    assert answer.status_code == 422
    assert sentence_at(answer.text, field) == sentence
    assert "Whether it fits." in answer.text
    with app.app_context():
        assert db.session.scalar(db.select(Rules)) is None


def test_a_collaboration_shows_what_both_sides_agree_on(nobody, state):
    agreed = {
        f"{kind}_{code}": f"The {kind} in {code}"
        for kind in ("scope", "milestones", "deliverables", "price")
        for code in ("en", "fr")
    }
    assert state(contract="collaboration", **agreed).status_code == 302
    page = nobody.get("/campaigns/soda/brief").text
    for kind in ("scope", "milestones", "deliverables", "price"):
        assert f"The {kind} in en" in page
    assert "You accept it with your first contribution, and not before." in page


# Versions.


def test_a_draft_has_one_version_that_follows_it_and_stands_from_its_publication(people, draft):
    state_rules(draft, people.ana, SOME)
    state_rules(draft, people.ana, Terms(age_min=18))
    publish_campaign(draft, people.ana)
    db.session.commit()
    assert [(rules.number, rules.age_min) for rules in db.session.scalars(db.select(Rules))] == [(1, 18)]


def test_a_published_change_is_a_new_version_with_its_place_in_the_history(app, ana, nobody, state):
    state(criteria_en="Whether it fits.")
    state(criteria_en="Whether it fits.")
    state(criteria_en="Whether it shines.", why="We looked again.")
    with app.app_context():
        told = db.session.scalars(db.select(Entry).where(Entry.what == "rules.stated").order_by(Entry.id))
        assert [(entry.details["number"], entry.why) for entry in told] == [(1, ""), (2, "We looked again.")]
    history = unescape(ana.get("/campaigns/soda/history").text)
    assert "stated the rules anew" in history
    assert "version 2" in history
    assert "Whether it shines." in nobody.get("/campaigns/soda/rules").text
    earlier = nobody.get("/campaigns/soda/rules/1").text
    assert "Whether it fits." in earlier
    assert "This is an earlier version." in earlier
    assert nobody.get("/campaigns/soda/rules/3").status_code == 404


def test_another_licence_is_another_version_of_rules_that_there_are(app, state):
    state(licence="by")
    state(criteria_en="Whether it fits.")
    state(licence="zero")
    with app.app_context():
        told = db.session.scalars(db.select(Rules).order_by(Rules.number))
        assert [(rules.number, rules.licence) for rules in told] == [(1, "by"), (2, "zero")]


def test_rules_that_are_taken_back_bind_nobody_and_stay_readable(carl, nobody, state):
    state(criteria_en="Whether it fits.")
    state(criteria_en="")
    assert sent(carl).status_code == 302
    assert "No rules are stated." in nobody.get("/campaigns/soda/rules").text
    assert "Whether it fits." in nobody.get("/campaigns/soda/rules/1").text


def test_a_copy_takes_the_rules_along(people, stated, campaign):
    stated(SOME)
    copy = copy_campaign(campaign, people.ana, "once")
    assert standing_rules(copy).terms == SOME
    assert standing_rules(copy).number == 1


@pytest.mark.one_database
@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("drew", 404), ("nobody", 404)])
def test_the_rules_are_for_those_who_may_see_the_campaign(request, soda_draft, who, status):
    assert request.getfixturevalue(who).get("/campaigns/next/rules").status_code == status


# Accepting them.


def test_an_idea_is_refused_beside_the_box_until_the_rules_are_accepted(app, carl, state):
    state(criteria_en="Whether it fits.", age_min="18", countries="France")
    answer = sent(carl)
    assert answer.status_code == 422
    assert sentence_at(answer.text, "accepts") == str(RulesUnaccepted.message)
    assert sentence_at(answer.text, "of_age") == str(TooYoung.message)
    assert sentence_at(answer.text, "from_country") == str(NotFromHere.message)
    assert "A can for two people" in answer.text
    assert sent(carl, accepts="y", of_age="y", from_country="y").status_code == 302
    with app.app_context():
        accepted = db.session.scalars(db.select(RulesAcceptance)).one()
        assert (accepted.rules.number, accepted.of_age, accepted.from_country) == (1, True, True)
        assert db.session.scalars(db.select(Idea)).one().rules.number == 1
    assert "you accepted it" in carl.get("/campaigns/soda/rules").text


def test_what_is_wrong_is_told_in_the_order_of_the_page(carl, state):
    state(criteria_en="Whether it fits.", age_min="18")
    page = sent(carl, title="Short", category="").text
    told = re.findall(r'<li><a href="#([\w-]+)">', page)
    assert told == sorted(told, key=lambda name: page.index(f'id="{name}"'))
    assert told == ["title", "category", "accepts", "of_age"]


def test_who_has_accepted_is_asked_again_only_when_the_rules_change(app, carl, state):
    state(criteria_en="Whether it fits.")
    sent(carl, accepts="y")
    assert 'name="accepts"' not in carl.get(NEW).text
    assert sent(carl, title="Fewer colours on the label").status_code == 302
    state(criteria_en="Whether it shines.")
    assert 'name="accepts"' in carl.get(NEW).text
    sent(carl, title="Sell it in glass again", accepts="y")
    with app.app_context():
        assert [idea.rules.number for idea in db.session.scalars(db.select(Idea).order_by(Idea.id))] == [1, 1, 2]


def test_a_form_opened_under_an_earlier_version_is_asked_again(app, carl, state):
    state(criteria_en="Whether it fits.")
    opened = {**shown(carl.get(NEW).text), **IDEA, "accepts": "y"}
    state(criteria_en="Whether it shines.")
    answer = carl.post(NEW, **opened)
    assert answer.status_code == 422
    assert sentence_at(answer.text, "accepts") == str(RulesChanged.message)
    again = shown(answer.text)
    assert "accepts" not in again  # What was ticked for other rules is no tick for these.
    assert carl.post(NEW, **{**again, **IDEA, "accepts": "y"}).status_code == 302
    with app.app_context():
        assert db.session.scalars(db.select(Idea)).one().rules.number == 2


@pytest.mark.parametrize(
    ("agreement", "refusal"),
    [
        (None, RulesUnaccepted),
        (Agreement(1, accepts=False, of_age=True, from_country=True), RulesUnaccepted),
        (Agreement(2, accepts=True, of_age=True, from_country=True), RulesChanged),
        (Agreement(1, accepts=True, from_country=True), TooYoung),
        (Agreement(1, accepts=True, of_age=True), NotFromHere),
    ],
)
def test_the_action_asks_for_all_of_it(people, campaign, stated, agreement, refusal):
    stated(Terms(age_min=18, countries=("FR",)))
    with pytest.raises(refusal):
        submit_idea(
            campaign, people.carl, "A can for two", language="en", category=campaign.categories[0], agreement=agreement
        )
    assert db.session.scalar(db.select(RulesAcceptance)) is None


def test_accepting_twice_is_accepting_once(people, campaign, stated):
    rules = stated(SOME)
    for _time in range(2):
        assert hold_to_rules(campaign, people.carl, Agreement(1, accepts=True)) is rules
    db.session.commit()
    assert len(db.session.scalars(db.select(RulesAcceptance)).all()) == 1


# Remarks.


def test_remarks_come_under_the_rules_where_these_concern_them(people, resealable, stated):
    stated(SOME)
    assert post_comment(resealable, people.carl, "Yes.").rules_id is None
    rules = stated(Terms(concern_remarks=True, texts=SOME.texts))
    with pytest.raises(RulesUnaccepted):
        post_comment(resealable, people.carl, "And again.")
    remark = post_comment(resealable, people.carl, "And again.", key="k", agreement=Agreement(2, accepts=True))
    assert remark.rules_id == rules.id
    stated(Terms(concern_remarks=True, age_min=18))
    repeated = post_comment(resealable, people.carl, "And again.", key="k", agreement=Agreement(2, accepts=True))
    assert repeated == remark, "what was stored is stored, whatever the rules have become"


def test_a_remark_is_asked_to_accept_on_the_ideas_page(carl, state, soda_idea):
    state(criteria_en="Whether it fits.", concern_remarks="y")
    page = f"/ideas/{soda_idea}"
    assert 'name="accepts"' in carl.get(page).text
    answer = carl.post(f"{page}/comments", text="A good one.", rules="1")
    assert answer.status_code == 422
    assert sentence_at(answer.text, "accepts") == str(RulesUnaccepted.message)
    assert "A good one." in answer.text
    assert carl.post(f"{page}/comments", **{**shown(answer.text), "accepts": "y"}).status_code == 302
    assert 'name="accepts"' not in carl.get(page).text


# Whose it is.


@pytest.mark.one_database
def test_is_this_yours_is_asked_before_the_first_idea(app, carl, state):
    state(criteria_en="Whether it fits.")
    assert sentence_at(sent(carl, accepts="y", yours="").text, "yours") == "Say whether it is yours."
    theirs = sent(carl, accepts="y", yours="theirs")
    assert "Then it is theirs to suggest." in theirs.text
    part = sent(carl, accepts="y", yours="allowed")
    assert sentence_at(part.text, "builds_on") == "Name them, so that what is theirs stays theirs."
    answer = sent(carl, accepts="y", yours="allowed", builds_on="A drawing by Lou")
    assert "In it, by permission: A drawing by Lou" in carl.get(answer.location).text
    assert shown(carl.get(NEW).text)["yours"] == "own"  # Asked once: the next needn't say it again.


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("origin", "source", "refusal"),
    [
        (None, "", OriginMissing),
        ("stolen", "", OriginMissing),
        ("theirs", "", SomebodyElses),
        ("allowed", "", SourceMissing),
    ],
)
def test_the_action_asks_whose_it_is(people, campaign, origin, source, refusal):
    campaign.asks_origin = True
    given = {"language": "en", "category": campaign.categories[0]}
    with pytest.raises(refusal):
        submit_idea(campaign, people.carl, "A can for two people", origin=origin, builds_on=source, **given)
    assert submit_idea(campaign, people.carl, "A can for two people", origin="allowed", builds_on="Lou", **given)


def test_a_campaign_asks_whose_it_is_where_it_wants_to(app, ana, carl, soda_campaign):
    assert ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "asks_origin": "y"}).status_code == 302
    assert "whether people are asked whose an idea is: from no to yes" in ana.get("/campaigns/soda/history").text
    page = carl.get(NEW).text
    assert 'name="yours"' in page
    assert 'name="accepts"' not in page
    assert sentence_at(sent(carl, yours="").text, "yours") == "Say whether it is yours."
    assert sent(carl).status_code == 302
    assert shown(carl.get(NEW).text)["yours"] == "own"
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        assert copy_campaign(campaign, campaign.publication.by, "once").asks_origin


@pytest.mark.one_database
def test_a_new_campaign_asks_unless_its_team_says_otherwise(ana):
    assert shown(ana.get("/brands/soda/campaigns/new").text)["asks_origin"] == "y"


@pytest.mark.one_database
def test_a_campaign_without_rules_asks_for_none_of_it(carl, soda_campaign):
    page = carl.get(NEW).text
    for name in ("accepts", "of_age", "from_country", "yours", "builds_on"):
        assert f'name="{name}"' not in page


def test_the_form_asks_the_same_of_the_database_whatever_the_versions(carl, state, queries):
    state(criteria_en="Version 1")
    carl.get(NEW)
    with queries() as few:
        carl.get(NEW)
    for number in (2, 3, 4):
        state(criteria_en=f"Version {number}")
    with queries() as many:
        carl.get(NEW)
    assert len(few) == len(many)
