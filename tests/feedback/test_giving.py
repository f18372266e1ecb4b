"""Feedback on an idea: one of each person, what they like and miss and a mark, changed as long as it is open."""

import csv
import json
from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.brands.suspending import suspend_person
from campaign.campaigns.incentives import Incentive
from campaign.campaigns.models import Campaign
from campaign.campaigns.readiness import unready
from campaign.campaigns.rules import Terms
from campaign.campaigns.ruling import state_rules
from campaign.clock import now
from campaign.coauthors.actions import accept_invitation
from campaign.coauthors.models import CoAuthorInvitation
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.feedback.giving import FeedbackClosed, OwnFeedback, give_feedback, take_feedback_back
from campaign.feedback.models import Feedback
from campaign.feedback.summary import feedback_on, marks_of
from campaign.ideas.models import Idea
from campaign.live.announcing import changes_since
from tests.calendars import until
from tests.campaigns.test_settings import SETTINGS, shown

SCALE = "How well would it suit you?"


def ask_for_feedback(campaign: Campaign, scale: str = SCALE) -> None:
    campaign.stages[0].accepts_feedback = True
    for code, text in campaign.texts.items():
        text.scale = scale and {"en": scale, "fr": "Vous irait-elle ?"}[code]
    db.session.flush()


@pytest.fixture
def asked(resealable) -> Idea:
    ask_for_feedback(resealable.campaign)
    return resealable


@pytest.fixture
def page(app, soda_campaign, soda_idea) -> str:
    with app.app_context():
        ask_for_feedback(db.session.get_one(Campaign, soda_campaign))
        db.session.commit()
    return f"/ideas/{soda_idea}/feedback"


def told(idea: Idea) -> list[str]:
    return [kind for _seq, news in changes_since(idea.campaign.board, 0) or [] for kind in news["kinds"]]


def test_feedback_is_one_of_each_person_and_changes(people, asked):
    for _click in range(2):
        give_feedback(asked, people.carl, "The cap", "A straw", 4)
    assert told(asked) == ["feedback.given"]
    give_feedback(asked, people.carl, "The cap", "", 2)
    [given] = db.session.scalars(db.select(Feedback).execution_options(populate_existing=True))
    assert (given.likes, given.misses, given.mark) == ("The cap", "", 2)
    assert given.edited_at is not None


def test_marks_are_told_by_mean_spread_and_number(people, asked):
    for person, mark in ((people.carl, 5), (people.ana, 2), (people.drew, None)):
        give_feedback(asked, person, "Good", "", mark)
    marks = marks_of(asked)
    assert (marks.people, marks.marked, marks.mean, marks.spread) == (3, 2, 3.5, 1.5)
    assert marks.counts == {1: 0, 2: 1, 3: 0, 4: 0, 5: 1}


def test_without_a_scale_there_is_no_mark(people, resealable):
    ask_for_feedback(resealable.campaign, "")
    give_feedback(resealable, people.carl, "The cap", "", 4)
    assert marks_of(resealable).marked == 0


def test_only_others_give_it_and_only_while_it_is_open(people, asked):
    with pytest.raises(OwnFeedback):
        give_feedback(asked, people.bea, "Mine", "", 5)
    give_feedback(asked, people.carl, "The cap", "", 4)
    asked.campaign.stages[0].accepts_feedback = False
    with pytest.raises(FeedbackClosed):
        give_feedback(asked, people.carl, "Something else", "", 1)
    take_feedback_back(asked, people.carl)
    take_feedback_back(asked, people.carl)
    assert marks_of(asked).people == 0
    assert told(asked) == ["feedback.given", "feedback.taken_back"]


def test_while_counts_are_sealed_a_mark_alone_leaves_no_trace(people, asked):
    asked.campaign.stages[0].shows_counts = "ended"
    give_feedback(asked, people.carl, "", "", 4)
    assert told(asked) == []
    assert feedback_on(asked, counts_shown=False).feedback == []
    assert len(feedback_on(asked, counts_shown=True).feedback) == 1


def test_a_stage_that_only_asks_for_feedback_needs_something_on_the_board(campaign):
    until(campaign, ideas_until=now() + timedelta(days=1))
    vote = campaign.stages[1]
    vote.accepts_votes, vote.accepts_feedback = False, True
    assert [one.stage for one in unready(campaign)] == [vote]


def test_carl_gives_feedback_changes_it_and_takes_it_back(carl, nobody, page):
    form = shown(carl.get(page).text)
    assert carl.post(page, **{**form, "likes": "The cap", "mark": "4"}).status_code == 302
    told = nobody.get(page).text
    assert SCALE in told
    assert "The cap" in told
    assert "Carl" in told
    assert "4 of 5" in told
    assert "The cap" in nobody.get(page.removesuffix("/feedback")).text
    assert shown(carl.get(page).text)["mark"] == "4"
    assert carl.post(page, **{**form, "likes": "The colour", "mark": ""}).status_code == 302
    assert "The cap" not in nobody.get(page).text
    carl.post(f"{page}/withdrawal")
    assert "The colour" not in nobody.get(page).text


def test_an_idea_without_feedback_says_so_to_who_can_give_some_and_nothing_to_its_author(bea, carl, page, soda_idea):
    title = 'id="feedback-title"'
    theirs = carl.get(f"/ideas/{soda_idea}").text
    assert title in theirs
    assert "Nobody has said yet what they like here and what they miss." in theirs
    assert title not in bea.get(f"/ideas/{soda_idea}").text
    assert carl.post(page, likes="The cap").status_code == 302
    told = bea.get(f"/ideas/{soda_idea}").text
    assert title in told
    assert "Nobody has said yet" not in told


def test_nothing_said_is_refused_and_what_was_typed_is_kept(carl, page):
    answer = carl.post(page, likes=" ", misses="", mark="")
    assert answer.status_code == 422
    assert "Say something about it" in answer.text
    answer = carl.post(page, likes="The cap", misses="", mark="6")
    assert answer.status_code == 422
    assert "Choose a mark, or none." in answer.text
    assert "The cap" in answer.text


@pytest.mark.parametrize(("who", "status"), [("carl", 302), ("drew", 302), ("ana", 302), ("bea", 422), ("nobody", 302)])
def test_who_may_give_feedback(app, request, who, status, page):
    person = request.getfixturevalue(who)
    answer = person.post(page, likes="The cap", misses="", mark="")
    assert answer.status_code == status
    with app.app_context():
        given = db.session.scalar(db.select(db.func.count()).select_from(Feedback))
        assert given == (0 if who in ("bea", "nobody") else 1)


def test_marks_stay_sealed_on_both_pages(app, carl, nobody, page, soda_campaign):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).stages[0].shows_counts = "ended"
        db.session.commit()
    carl.post(page, likes="The cap", misses="", mark="4")
    for address in (page, page.removesuffix("/feedback")):
        told = nobody.get(address).text
        assert "The cap" in told
        assert "of 5" not in told
        assert "from 1 person" not in told


def test_a_members_campaign_keeps_its_feedback_from_others(app, ana, drew, nobody, page, soda_campaign):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    assert [person.get(page).status_code for person in (ana, drew, nobody)] == [200, 404, 404]


def test_ana_switches_feedback_on_and_says_what_the_scale_asks(app, ana, soda_campaign):
    fields = {**shown(ana.get(SETTINGS).text), "stages-0-accepts_feedback": "y", "scale_en": SCALE, "scale_fr": "Et ?"}
    assert ana.post(SETTINGS, **fields).status_code == 302
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        assert campaign.accepts_feedback
        assert campaign.texts["en"].scale == SCALE
    assert "feedback" in ana.get("/campaigns/soda/history").text


def test_what_marks_were_given_by_stays(app, ana, carl, page, soda_campaign):
    fields = shown(ana.get(SETTINGS).text)
    carl.post(page, likes="The cap", misses="", mark="")
    assert ana.post(SETTINGS, **{**fields, "scale_en": "How do you like it?"}).status_code == 302
    carl.post(page, likes="The cap", misses="", mark="4")
    answer = ana.post(SETTINGS, **{**fields, "scale_en": "How bad is it?"})
    assert answer.status_code == 422
    assert "it stays: another would change what they said" in answer.text
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).texts["en"].scale == "How do you like it?"
    assert ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "why": "A typo"}).status_code == 302


def given(app) -> list[tuple[str, str, int | None]]:
    with app.app_context():
        found = db.select(Feedback).order_by(Feedback.author_id)
        return [(one.likes, one.misses, one.mark) for one in db.session.scalars(found)]


def test_two_feedbacks_of_one_person_at_once_are_one(app, people, asked, at_once):
    ids = asked.id, people.carl.id

    def click(mark):
        def act():
            idea, carl = db.session.get_one(Idea, ids[0]), db.session.get_one(Person, ids[1])
            yield
            give_feedback(idea, carl, "The cap", "", mark)

        return act

    at_once(click(2), click(4))
    [(likes, _misses, mark)] = given(app)
    assert (likes, mark in (2, 4)) == ("The cap", True)


def test_whoever_becomes_an_author_takes_their_mark_along_and_leaves_their_words(people, asked):
    for person, likes in ((people.carl, "The cap"), (people.drew, "")):
        give_feedback(asked, person, likes, "", 5)
        db.session.add(CoAuthorInvitation(idea=asked, person=person))
        accept_invitation(asked, person)
    assert (marks_of(asked).people, marks_of(asked).marked) == (1, 0)
    [said] = feedback_on(asked, counts_shown=True).feedback
    assert (said.author, said.likes) == (people.carl, "The cap")
    with pytest.raises(OwnFeedback):
        give_feedback(asked, people.carl, "The cap", "", 5)


def test_an_invitation_says_that_a_mark_goes(app, carl, cast, page, soda_idea):
    with app.app_context():
        db.session.add(CoAuthorInvitation(idea_id=soda_idea, person_id=cast["carl"]))
        db.session.commit()
    invitation = f"/ideas/{soda_idea}/invitation"
    assert "Your mark is taken off." not in carl.get(invitation).text
    carl.post(page, likes="The cap", misses="", mark="4")
    assert "Your mark is taken off." in carl.get(invitation).text


def test_feedback_comes_under_the_rules_where_they_concern_remarks(app, carl, page, soda_campaign):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        said = {code: {"rules": "Be kind."} for code in ("en", "fr")}
        terms = Terms(age_min=16, countries=("FR",), concern_remarks=True, texts=said)
        state_rules(campaign, campaign.publication.by, terms)
        db.session.commit()
    form = {**shown(carl.get(page).text), "likes": "The cap", "misses": "A straw", "mark": "4"}
    refused = carl.post(page, **{**form, "accepts": "y", "of_age": "y"})
    assert refused.status_code == 422
    assert "The campaign is for people who live there." in refused.text
    assert {"likes": "The cap", "misses": "A straw", "mark": "4", "of_age": "y"}.items() <= shown(refused.text).items()
    assert given(app) == []
    carl.post(page, **{**form, "accepts": "y", "of_age": "y", "from_country": "y"})
    with app.app_context():
        assert db.session.scalars(db.select(Feedback.rules_id)).one() is not None
    assert 'name="accepts"' not in carl.get(page).text


def test_what_they_have_from_the_brand_stands_beside_feedback(app, carl, nobody, page, soda_campaign, cast):
    wrong = carl.post(page, likes="The cap", misses="", received="", received_what="Two cans")
    assert wrong.status_code == 422
    assert shown(wrong.text)["received_what"] == "Two cans"
    carl.post(page, likes="The cap", misses="", received="sample", received_what="Two cans")
    assert "Received a sample from Soda" in nobody.get(page).text
    with app.app_context():
        assert db.session.get_one(Incentive, (soda_campaign, cast["carl"])).what == "Two cans"


def test_what_a_member_of_the_team_says_stays_told_as_theirs(app, ana, nobody, page, cast):
    ana.post(page, likes="The cap", misses="")
    with app.app_context():
        db.session.execute(db.delete(Membership).where(Membership.person_id == cast["ana"]))
        db.session.commit()
    assert "Works for Soda" in nobody.get(page).text


def test_who_is_suspended_reads_and_takes_back_and_gives_nothing(app, carl, people, page, resealable):
    carl.post(page, likes="The cap", misses="", mark="4")
    suspend_person(people.soda, people.carl, people.ana, "Spam under eleven ideas", 7, "a-page")
    db.session.commit()
    assert "Give feedback" not in carl.get(resealable.url).text
    assert "Change my feedback" not in carl.get(page).text
    refused = carl.post(page, likes="Buy here", misses="", mark="1")
    assert refused.status_code == 422
    assert "Spam under eleven ideas" in refused.text
    assert shown(refused.text)["likes"] == "Buy here"
    assert given(app) == [("The cap", "", 4)]
    carl.post(f"{page}/withdrawal")
    assert given(app) == []


def test_whoever_gave_feedback_is_met_there_by_the_team(app, ana, bea, carl, drew, cast, page, soda_idea):
    carl.post(page, likes="Buy here", misses="")
    drew.post(page, likes="", misses="", mark="1")
    for url in (page, f"/ideas/{soda_idea}"):
        assert f"/ideas/{soda_idea}/suspension?author={cast['carl']}" in ana.get(url).text
        assert f"/ideas/{soda_idea}/incentive?author={cast['carl']}" in ana.get(url).text
        assert f"author={cast['drew']}" not in ana.get(url).text  # A mark says nothing to answer for.
        assert "/suspension" not in bea.get(url).text
    declared = f"/ideas/{soda_idea}/incentive?author={cast['carl']}"
    assert ana.post(declared, kind="sample", what="A can").location == page
    assert "Received a sample from Soda" in bea.get(page).text
    assert ana.get(f"/ideas/{soda_idea}/incentive?author={cast['drew']}").status_code == 404
    assert ana.get(f"/ideas/{soda_idea}/suspension?author={cast['drew']}").status_code == 404
    suspension = f"/ideas/{soda_idea}/suspension?author={cast['carl']}"
    assert [person.get(suspension).status_code for person in (ana, bea, drew)] == [200, 404, 404]
    assert ana.post(suspension, reason="Spam", key="a-page").location == "/brands/soda/suspensions"
    assert carl.post(page, likes="Buy there", misses="").status_code == 422


def test_feedback_waits_while_its_stage_is_held(app, carl, page, soda_campaign):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).stages[0].held = True
        db.session.commit()
    assert "takes no feedback now" in carl.get(page).text
    refused = carl.post(page, likes="The cap", misses="")
    assert refused.status_code == 422
    assert shown(refused.text)["likes"] == "The cap"
    assert given(app) == []


def test_who_was_signed_out_meanwhile_gets_the_words_back(nobody, page):
    stale = {"csrf_token": "from another day", "likes": "An hour of work", "misses": ""}
    answer = nobody.post(page, data=stale, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert "An hour of work" in answer.text


def test_the_export_has_how_many_gave_it_and_their_mark_unless_counts_are_sealed(people, asked):
    for person, mark in ((people.carl, 5), (people.ana, 2), (people.drew, None)):
        give_feedback(asked, person, "Good", "", mark)
    db.session.commit()

    def told():
        [idea] = json.loads("".join(as_json(asked.campaign)))["ideas"]
        header, line = csv.reader("".join(as_csv(asked.campaign)).removeprefix("\ufeff").splitlines())
        return (idea["feedback"], idea["mark"]), (line[header.index("feedback")], line[header.index("mark")])

    assert told() == ((3, 3.5), ("3", "3.5"))
    asked.campaign.stages[0].shows_counts = "ended"
    db.session.commit()
    assert told() == ((None, None), ("", ""))
