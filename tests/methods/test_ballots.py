"""A ballot is filled in on its page, stored once, changed while the stage is open, and checked by its method."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.following import Following
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_ideas
from campaign.ledger.appending import append_to_logs
from campaign.votes.models import BallotEntry, StageBallot
from tests.calendars import over
from tests.campaign_cast import suggest
from tests.campaigns.test_settings import SETTINGS, shown

BALLOT = "/campaigns/soda/ballot"


def kept(app):
    """What everybody's ballots say, without whose they are."""
    with app.app_context():
        return [json.loads(content) for content in db.session.scalars(db.select(StageBallot.content))]


def acts(app):
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(BallotEntry))


def fields(page):
    """The page's fields as they would be sent; what isn't ticked is not among them."""
    return {name: value for name, value in shown(page).items() if name not in ("q", "theme", "language")}


def test_a_ballot_is_stored_and_shown_again(app, carl, voted_by):
    one, two, *_rest = voted_by("dots", points=10)
    answer = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": "7", f"idea-{two}": "3"})
    assert answer.status_code == 302
    assert kept(app) == [[[one, 7], [two, 3]]]
    stored = carl.get(BALLOT).text
    assert "Your ballot is stored." in stored
    assert "You have handed this ballot in." not in stored, "once is enough"
    again = carl.get(BALLOT).text
    assert fields(again)[f"idea-{one}"] == "7"
    assert "You have handed this ballot in." in again


def test_too_many_points_are_said_with_all_that_was_typed_kept(app, carl, voted_by):
    one, two, *_rest = voted_by("dots", points=10)
    answer = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": "7", f"idea-{two}": "5"})
    assert answer.status_code == 422
    assert "These are 2 points too many." in answer.text
    assert (fields(answer.text)[f"idea-{one}"], fields(answer.text)[f"idea-{two}"]) == ("7", "5")
    assert kept(app) == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("method", "numbers", "typed"),
    [
        ("dots", {"points": 10}, "11"),
        ("dots", {"points": 10}, "-1"),
        ("dots", {"points": 10}, "two"),
        ("dots", {"points": 10}, "9" * 500),
        ("score", {"highest": 5}, "6"),
        ("up_down", {}, "2"),
        ("statements", {}, "-2"),
        ("ranked", {}, "0"),
        ("budget", {"budget": 100}, "1"),  # It has no price.
    ],
)
def test_what_a_method_does_not_know_is_refused_beside_its_idea(app, carl, voted_by, method, numbers, typed):
    one, *_rest = voted_by(method, **numbers)
    answer = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": typed})
    assert answer.status_code == 422
    assert f'id="idea-{one}-refusal"' in answer.text
    assert kept(app) == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("method", "numbers", "typed", "written"),
    [
        ("score", {"highest": 5}, ("5", "0", ""), lambda one, two, three: [[one, 5], [two, 0]]),
        ("up_down", {}, ("1", "-1", ""), lambda one, two, three: [[one, 1], [two, -1]]),
        ("statements", {}, ("1", "-1", "0"), lambda one, two, three: [[one, 1], [two, -1], [three, 0]]),
        ("ranked", {}, ("5", "1", "2"), lambda one, two, three: [two, three, one]),
    ],
)
def test_each_method_writes_its_ballot_down(app, carl, voted_by, method, numbers, typed, written):
    ideas = voted_by(method, **numbers)
    marks = {f"idea-{idea}": value for idea, value in zip(ideas, typed, strict=False)}
    assert carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), **marks}).status_code == 302
    assert kept(app) == [written(*ideas[:3])]


def test_sent_again_it_is_stored_once_and_changed_it_replaces_the_first(app, carl, voted_by):
    one, two, *_rest = voted_by("dots", points=10)
    sent = {**fields(carl.get(BALLOT).text), f"idea-{one}": "10"}
    carl.post(BALLOT, **sent)
    changed = {**fields(carl.get(BALLOT).text), f"idea-{one}": "", f"idea-{two}": "4"}
    carl.post(BALLOT, **changed)
    assert carl.post(BALLOT, **sent).status_code == 302  # The network brought it again, too late.
    assert (kept(app), acts(app)) == ([[[two, 4]]], 2)


def test_a_ballot_is_taken_back(app, carl, voted_by):
    one, *_rest = voted_by("dots", points=10)
    carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": "10"})
    page = carl.get(BALLOT).text
    sent = {name: fields(page)[name] for name in ("key", "stage")}
    assert carl.post(f"{BALLOT}/withdrawal", **sent).status_code == 302
    assert (kept(app), acts(app)) == ([], 2)


@pytest.mark.one_database
def test_a_voter_takes_the_receipt_of_their_ballot_and_it_holds(app, carl, drew, voted_by):
    one, *_rest = voted_by("dots", points=10)
    carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": "10"})
    with app.app_context():
        append_to_logs()
    receipt = carl.get(f"{BALLOT}/receipt").text
    assert "With it you handed in your ballot:" in carl.post("/receipts", text=receipt).text
    assert "told only to the voter" in drew.post("/receipts", text=receipt).text
    assert drew.get(f"{BALLOT}/receipt").status_code == 404


@pytest.mark.one_database
def test_two_ideas_have_no_place_in_common(app, carl, voted_by):
    one, two, *_rest = voted_by("ranked")
    answer = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": "1", f"idea-{two}": "1"})
    assert answer.status_code == 422
    assert "Another idea has this place." in answer.text


@pytest.mark.one_database
def test_nobody_votes_on_their_own_idea(app, bea, voted_by):
    one, *_rest = voted_by("score", highest=5)
    assert f'name="idea-{one}"' not in bea.get(BALLOT).text
    answer = bea.post(BALLOT, **{**fields(bea.get(BALLOT).text), f"idea-{one}": "5"})
    assert (answer.status_code, kept(app)) == (422, [])


def test_who_is_not_signed_in_is_led_there_and_a_closed_stage_takes_nothing(app, carl, nobody, voted_by):
    one, *_rest = voted_by("dots", points=10)
    page = nobody.get(BALLOT)
    assert "Sign in to fill it in" in page.text
    answer = nobody.post(BALLOT, **fields(page.text))
    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    sent = {**fields(carl.get(BALLOT).text), f"idea-{one}": "10"}
    with app.app_context():
        over(db.session.scalars(db.select(Campaign)).one())
        db.session.commit()
    assert carl.post(BALLOT, **sent).status_code == 409
    assert carl.get(BALLOT).location.endswith("/campaigns/soda/results")
    assert kept(app) == []


@pytest.mark.one_database
def test_a_ballot_of_a_draft_is_not_there(ana, drew, nobody, soda_draft):
    for person in (drew, nobody):
        assert person.get("/campaigns/next/ballot").status_code == 404
        assert person.get("/campaigns/next/results").status_code == 404
    assert ana.get("/campaigns/next/ballot").status_code == 302


@pytest.mark.one_database
def test_the_board_leads_to_the_ballot_and_offers_no_support(carl, voted_by):
    voted_by("dots", points=10)
    page = carl.get("/campaigns/soda").text
    assert 'href="/campaigns/soda/ballot"' in page
    assert 'class="idea__vote" form="votes"' not in page


@pytest.mark.one_database
def test_where_people_fill_in_ballots_nothing_says_that_nobody_supports_an_idea(app, carl, nobody, voted_by, cast):
    one, *_rest = voted_by("approval")
    url, told = "/campaigns/soda", ("idea__votes", "Nobody supports it yet", "0 votes")
    assert "idea__votes" in carl.get(url).text
    voted_by("dots", points=10)
    for page in (carl.get(url).text, carl.get(f"/ideas/{one}").text, nobody.get("/").text):
        assert not [words for words in told if words in page]
    page = carl.get(f"{url}?order=supported").text
    orders = re.findall(r"""href="[^"]*order=(\w+)""", page)
    assert "supported" not in orders
    assert "discussed" in orders
    assert page.count("poster__act") == 1, "of two buttons under the thumb, one would cover the other"
    assert '<h2 class="panel__title" id="ballot-title">Vote</h2>' in carl.get(f"/ideas/{one}").text


@pytest.mark.one_database
def test_what_people_supported_before_the_ballots_stays_told(app, carl, soda_campaign, soda_idea):
    assert carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef").status_code == 302
    with app.app_context():
        first, vote, *_after = db.session.get_one(Campaign, soda_campaign).stages
        first.opens_at, vote.opens_at = first.opens_at - timedelta(days=2), now() - timedelta(days=1)
        vote.method, vote.method_settings = "dots", {"points": 10}
        db.session.commit()
    assert re.search(r'<p class="idea__vote"><output [^>]*>1</output>', carl.get("/campaigns/soda").text)


def test_how_people_vote_is_chosen_in_the_settings_and_stays_from_the_first_ballot_on(app, ana, carl, soda_idea):
    first = shown(ana.get(SETTINGS).text)
    by_points = {**first, "stages-0-method": "dots", "stages-0-points": "12"}
    assert ana.post(SETTINGS, **by_points).status_code == 302
    page = carl.get(BALLOT)
    assert 'data-most="12"' in page.text
    carl.post(BALLOT, **{**fields(page.text), f"idea-{soda_idea}": "12"})
    with app.app_context():
        stage = db.session.scalars(db.select(Campaign)).one().stage
        assert stage is not None
        assert stage.first_ballot_at is not None
        assert stage.first_ballot_at <= now()
    refused = ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "stages-0-points": "10"})
    assert refused.status_code == 422
    assert "how people vote in it stays as it is" in unescape(refused.text)
    assert ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "title_en": "Another title"}).status_code == 302
    told = unescape(ana.get("/campaigns/soda/history").text)
    assert (
        "from Support (Ideas to choose 1) to Points (Points for each person 12, Ideas to choose 1)" in told
        or re.search(r"from Support.* to Points \(Points for each person 12", told)
    )
    assert "noted the first vote of a stage" in told


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "typed"),
    [("method", "lottery"), ("points", "0"), ("points", "many"), ("points", "9" * 50), ("seats", "-1")],
)
def test_rules_that_can_not_be_are_refused_beside_their_field(ana, soda_campaign, field, typed):
    sent = {**shown(ana.get(SETTINGS).text), "stages-0-method": "dots", f"stages-0-{field}": typed}
    answer = ana.post(SETTINGS, **sent)
    assert answer.status_code == 422
    assert f'id="stages-0-{field}-refusal"' in answer.text


@pytest.mark.one_database
def test_a_budget_needs_a_sum(ana, soda_campaign):
    answer = ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "stages-0-method": "budget"})
    assert answer.status_code == 422
    assert 'id="stages-0-budget-refusal"' in answer.text


def test_support_freezes_its_rules_as_well(ana, carl, soda_idea):
    assert carl.post(f"/ideas/{soda_idea}/vote", id="a-vote-of-carls").status_code == 302
    refused = ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "stages-0-cap": "3"})
    assert refused.status_code == 422
    assert "Somebody voted in" in refused.text


@pytest.mark.one_database
def test_a_cap_is_told_on_the_board(app, ana, carl, cast, nobody, soda_campaign, soda_idea):
    assert ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "stages-0-cap": "3"}).status_code == 302
    assert "3 votes for each person" in nobody.get("/campaigns/soda").text
    carl.post(f"/ideas/{soda_idea}/vote", id="a-vote-of-carls")
    assert "2 votes left of 3" in carl.get("/campaigns/soda").text
    two = suggest(app, soda_campaign, cast["bea"], "The can, number two")
    carl.post(f"/ideas/{two}/vote", id="another-vote-of-carls")
    page = carl.get("/campaigns/soda").text
    assert "1 vote left of 3" in page
    assert 'data-one="{count} vote left of {cap}"' in page


@pytest.mark.one_database
def test_points_are_told_in_the_singular_too(carl, voted_by):
    voted_by("dots", points=1)
    page = carl.get(BALLOT).text
    assert "1 point to give" in page
    assert 'data-left-one="{left} point left" data-left-many="{left} points left"' in page
    assert 'data-over-one="{left} point too many"' in page


@pytest.mark.one_database
@pytest.mark.parametrize(("method", "none"), [("score", "No mark"), ("up_down", "No vote")])
def test_what_says_nothing_stands_back_behind_what_says_something(carl, voted_by, method, none):
    voted_by(method)
    page = carl.get(BALLOT).text
    choices = re.findall(r'<label class="([^"]+)"><input type="radio"[^>]*><span>([^<]+)</span>', page)
    assert {label for classes, label in choices if "paper__choice--none" in classes} == {none}


@pytest.mark.one_database
def test_a_copy_and_a_plan_keep_how_people_vote(app, ana, voted_by):
    voted_by("dots", points=7)
    ana.post("/campaigns/soda/copy", key="a-copy-of-it")
    with app.app_context():
        copies = db.session.scalars(db.select(Campaign).where(Campaign.slug != "soda")).all()
        assert [(copy.stages[0].method, copy.stages[0].method_settings) for copy in copies] == [("dots", {"points": 7})]


@pytest.mark.parametrize(
    ("method", "numbers", "marks"),
    [("dots", {"points": 10}, ("7", "")), ("ranked", {}, ("2", "1")), ("score", {"highest": 5}, ("5", "0"))],
)
def test_a_search_takes_along_what_is_marked_and_hands_nothing_in(app, carl, voted_by, method, numbers, marks):
    one, two, three, *_rest = voted_by(method, **numbers)
    with app.app_context():
        index_ideas(db.session.scalars(db.select(Idea)).all())
        db.session.commit()
    marked = {f"idea-{one}": marks[0], f"idea-{two}": marks[1]}
    page = carl.get(BALLOT).text
    found = carl.post(BALLOT, **{**fields(page), **marked}, q="three", look="")
    assert found.status_code == 200
    assert f'name="idea-{three}"' in found.text
    assert 'form="ballot" value="three"' in found.text
    assert "What you have marked is kept on this page." in found.text
    assert (kept(app), acts(app)) == ([], 0)
    assert carl.post(BALLOT, **{**fields(found.text), **marked}).status_code == 302
    assert len(kept(app)) == 1


@pytest.mark.one_database
def test_a_search_keeps_marks_of_ideas_that_it_does_not_find(app, carl, voted_by):
    one, two, *_rest = voted_by("dots", points=10)
    found = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": "7"}, q="two", look="").text
    assert fields(found)[f"idea-{one}"] == "7"
    assert carl.post(BALLOT, **fields(found), **{f"idea-{two}": "3"}).status_code == 302
    assert kept(app) == [[[one, 7], [two, 3]]]


@pytest.mark.one_database
def test_what_is_typed_wrong_is_still_there_after_a_search(app, carl, nobody, voted_by):
    one, *_rest = voted_by("dots", points=10)
    found = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": "lots"}, q="nothing like it", look="")
    assert (found.status_code, fields(found.text)[f"idea-{one}"]) == (200, "lots")
    page = nobody.get(BALLOT).text
    looked = nobody.post(BALLOT, **{**fields(page), f"idea-{one}": "4"}, q="two", look="")
    assert (looked.status_code, fields(looked.text)[f"idea-{one}"]) == (200, "4")
    assert acts(app) == 0


@pytest.mark.one_database
def test_the_next_page_takes_along_what_is_marked(app, carl, voted_by, monkeypatch):
    monkeypatch.setattr("campaign.methods.access.PAGE", 2)
    ideas = voted_by("dots", points=10)
    page = carl.get(BALLOT).text
    [first, _second] = [idea for idea in ideas if f'name="idea-{idea}"' in page]
    cursor = page.split('name="look" value="')[2].split('"')[0]
    onwards = carl.post(BALLOT, **{**fields(page), f"idea-{first}": "7"}, look=cursor).text
    assert fields(onwards)[f"idea-{first}"] == "7"
    assert sum(f'name="idea-{idea}"' in onwards for idea in ideas) == 3


def test_who_asks_is_told_what_becomes_of_the_ideas_that_their_ballot_is_for(app, carl, nobody, voted_by):
    one, two, three, _four = voted_by("up_down")
    assert "Tell me what happens" not in carl.get(BALLOT).text
    marks = {f"idea-{one}": "1", f"idea-{two}": "-1", f"idea-{three}": "1"}
    stage = fields(carl.get(BALLOT).text)["stage"]
    assert carl.post(f"{BALLOT}/following", stage=stage).status_code == 404  # No ballot yet.
    carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), **marks})
    assert "Tell me what happens" in carl.get(BALLOT).text
    assert nobody.post(f"{BALLOT}/following", stage=stage).location.startswith("/sign-in")
    for _twice in range(2):
        assert carl.post(f"{BALLOT}/following", stage=stage).status_code == 302
    page = unescape(carl.get(BALLOT).text)
    assert "each of the 2 ideas that you voted for" in page
    assert "Tell me what happens" not in page
    with app.app_context():
        assert set(db.session.scalars(db.select(Following.idea_id))) == {one, three}


def test_an_old_key_with_other_marks_is_another_ballot(app, carl, voted_by):
    one, two, *_rest = voted_by("dots", points=10)
    page = fields(carl.get(BALLOT).text)
    carl.post(BALLOT, **{**page, f"idea-{one}": "5"})
    carl.post(BALLOT, **{**page, f"idea-{one}": "0", f"idea-{two}": "5"})  # A page gone back to.
    assert kept(app) == [[[two, 5]]]


def test_an_empty_ballot_is_refused(app, carl, voted_by):
    voted_by("dots", points=10)
    refused = carl.post(BALLOT, **fields(carl.get(BALLOT).text))
    assert (refused.status_code, "Nothing is marked yet." in refused.text) == (422, True)
    assert acts(app) == 0


def test_who_has_no_ballot_takes_none_back_and_freezes_nothing(app, carl, voted_by):
    one, *_rest = voted_by("dots", points=10)
    page = fields(carl.get(BALLOT).text)
    take = {"stage": page["stage"], "key": "a-first-taking"}
    assert carl.post(f"{BALLOT}/withdrawal", **take).status_code == 302
    with app.app_context():
        assert db.session.scalars(db.select(Campaign)).one().stage.first_ballot_at is None
    assert acts(app) == 0
    carl.post(BALLOT, **{**page, f"idea-{one}": "5"})
    for _twice in range(2):
        assert carl.post(f"{BALLOT}/withdrawal", **take).status_code == 302
    assert (kept(app), acts(app)) == ([], 2)
    carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": "6"})
    late = carl.post(f"{BALLOT}/withdrawal", **take, headers={"Accept": "application/json"})
    assert (late.status_code, late.json["error"]["code"]) == (409, "ballot_newer")
    assert kept(app) == [[[one, 6]]]


def test_a_refused_ballot_comes_again_in_the_order_in_which_it_was_filled_in(app, carl, voted_by):
    voted_by("dots", points=10)
    page = carl.get(BALLOT).text
    order = re.findall(r'name="(idea-\d+)"', page)
    for handed_in_before in (False, True):
        refused = carl.post(BALLOT, **{**fields(page), order[2]: "7", order[3]: "9"})
        assert refused.status_code == 422
        assert re.findall(r'name="(idea-\d+)"', refused.text) == order
        if not handed_in_before:
            carl.post(BALLOT, **{**fields(page), order[1]: "7"})


@pytest.mark.one_database
@pytest.mark.parametrize("typed", ["1            x", "000000000000007"])
def test_a_number_is_read_whole_or_refused(app, carl, voted_by, typed):
    one, *_rest = voted_by("dots", points=10)
    refused = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}": typed})
    assert "This isn’t a whole number." in refused.text
    assert kept(app) == []
