"""Moderators suspend somebody from taking part in their brand's campaigns, and lift that: who may, whom, and who is told."""

import re
from datetime import timedelta

import pytest
from flask_babel import force_locale

from campaign.brands.inviting import accept_invitation
from campaign.brands.models import Invitation, Membership
from campaign.brands.suspending import SuspendedAnew, WorksHere, lift_suspension, suspend_person
from campaign.brands.suspensions import Suspended, Suspension, check_not_suspended, suspension_of
from campaign.clock import now
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.history import Entry
from tests.campaign_cast import suggest
from tests.refusals import sentence_at

SPAM = {"reason": "The same advertisement under eleven ideas.", "lasts": "7", "key": "key-of-the-page"}


@pytest.fixture
def suspend(app, ana, soda_idea):
    """ana suspends bea at her idea."""
    return lambda **given: ana.post(f"/ideas/{soda_idea}/suspension", **SPAM | given)


def standing(app):
    with app.app_context():
        return [(row.person.name, row.reason, row.until) for row in db.session.scalars(db.select(Suspension))]


def acts(app):
    with app.app_context():
        return [
            (entry.what, entry.why) for entry in db.session.scalars(db.select(Entry).order_by(Entry.id)) if entry.why
        ]


def employ(app, person, role, campaign=None):
    with app.app_context():
        db.session.add(Membership(brand_id=1, person_id=person, role=role, campaign_id=campaign))
        db.session.commit()


def test_somebody_is_suspended_at_their_idea_and_told_why_and_until_when(app, ana, suspend, soda_idea, mails):
    assert "Suspend this person" in ana.get(f"/ideas/{soda_idea}").text
    assert "Bea reads it" in ana.get(f"/ideas/{soda_idea}/suspension").text
    assert suspend().location == "/brands/soda/suspensions"
    [(name, reason, until)] = standing(app)
    assert (name, reason) == ("Bea", SPAM["reason"])
    assert timedelta(days=6, hours=23) < until - now() < timedelta(days=7)
    page = ana.get("/brands/soda/suspensions").text
    assert SPAM["reason"] in page
    assert "By Ana" in page
    assert "Ana suspended Bea" in page
    [mail] = mails.to("bea@example.org")
    assert mail["Subject"] == "Soda has suspended you from its campaigns"
    assert SPAM["reason"] in mail.get_body(("plain",)).get_content()
    assert str(until.year) in mail.get_body(("html",)).get_content()
    assert acts(app) == [("person.suspended", SPAM["reason"])]


def test_somebody_is_suspended_at_a_remark_of_theirs(app, ana, cast, soda_idea):
    with app.app_context():
        db.session.add(Comment(idea_id=soda_idea, author_id=cast["carl"], text="Buy my cans!"))
        db.session.commit()
    assert "/comments/1/suspension" in ana.get(f"/ideas/{soda_idea}").text
    ana.post("/comments/1/suspension", **SPAM)
    assert [name for name, _reason, _until in standing(app)] == ["Carl"]


def test_sent_twice_it_is_told_once_and_suspended_again_the_newer_words_stand(app, suspend, mails):
    suspend()
    suspend()
    assert len(mails.to("bea@example.org")) == len(acts(app)) == 1
    suspend(key="another-page", reason="And now threats.", lasts="lifted")
    assert standing(app) == [("Bea", "And now threats.", None)]
    assert "until it lifts that" in mails.to("bea@example.org")[-1].get_body(("plain",)).get_content()
    assert len(acts(app)) == 2


def test_a_reason_is_asked_for_and_what_was_chosen_stays(app, suspend):
    page = suspend(reason="", lasts="30")
    assert page.status_code == 422
    assert sentence_at(page.text, "reason") == "Say why. The person reads it."
    assert re.search(r'<input checked[^>]*value="30"', page.text)
    assert suspend(lasts="forever").status_code == 422
    assert suspend(reason="x" * 501).status_code == 422
    assert standing(app) == []


def test_lifting_it_asks_why_and_tells_them(app, ana, suspend, cast, mails):
    suspend()
    url = f"/brands/soda/suspensions/{cast['bea']}/lifting"
    assert SPAM["reason"] in ana.get(url).text
    assert ana.post(url, reason="", read=SPAM["key"]).status_code == 422
    for _click in range(2):
        assert ana.post(url, reason="She apologised.", read=SPAM["key"]).location == "/brands/soda/suspensions"
    assert standing(app) == []
    assert mails.to("bea@example.org")[-1]["Subject"] == "You can take part in the campaigns of Soda again"
    assert "She apologised." in mails.to("bea@example.org")[-1].get_body(("plain",)).get_content()
    assert len(mails.to("bea@example.org")) == 2
    assert acts(app)[1:] == [("suspension.lifted", "She apologised.")]


def test_who_lifts_what_says_something_else_by_now_is_shown_it_first(app, ana, suspend, cast):
    suspend()
    suspend(key="another-page", reason="And now threats.")
    page = ana.post(f"/brands/soda/suspensions/{cast['bea']}/lifting", reason="She apologised.", read=SPAM["key"])
    assert page.status_code == 422
    assert "suspended this person anew" in page.text
    assert "And now threats." in page.text
    assert 'value="another-page"' in page.text
    assert len(standing(app)) == 1


@pytest.mark.parametrize("name", ["bea", "drew", "nobody"])
def test_only_who_moderates_the_brand_suspends_sees_and_lifts(app, suspend, cast, request, soda_idea, name):
    suspend()
    with app.app_context():
        db.session.add(Comment(idea_id=soda_idea, author_id=cast["carl"], text="Buy my cans!"))
        db.session.commit()
    who = request.getfixturevalue(name)
    assert "/suspension" not in who.get(f"/ideas/{soda_idea}").text
    for url in (
        f"/ideas/{soda_idea}/suspension",
        "/comments/1/suspension",
        f"/brands/soda/suspensions/{cast['bea']}/lifting",
    ):
        for answer in (who.get(url), who.post(url, **SPAM, read=SPAM["key"])):
            assert answer.status_code == 404 or answer.location.startswith("/sign-in"), url
    answer = who.get("/brands/soda/suspensions")
    assert answer.status_code == 404 or answer.location.startswith("/sign-in")
    assert [name for name, _reason, _until in standing(app)] == ["Bea"]


@pytest.mark.parametrize(
    ("role", "allowed"), [("moderator", True), ("manager", True), ("evaluator", False), ("analyst", False)]
)
def test_whose_role_allows_to_moderate_suspends(app, carl, cast, soda_idea, role, allowed):
    employ(app, cast["carl"], role)
    assert carl.post(f"/ideas/{soda_idea}/suspension", **SPAM).status_code == (302 if allowed else 404)
    assert len(standing(app)) == allowed


def test_a_moderator_of_one_campaign_does_not_speak_for_the_brand(app, carl, cast, soda_campaign, soda_idea):
    employ(app, cast["carl"], "moderator", soda_campaign)
    assert "/suspension" not in carl.get(f"/ideas/{soda_idea}").text
    assert carl.get(f"/ideas/{soda_idea}/suspension").status_code == 404


def test_nobody_suspends_themselves_nor_who_works_for_the_brand(app, ana, cast, soda_campaign, soda_idea):
    employ(app, cast["bea"], "analyst", soda_campaign)
    own = suggest(app, soda_campaign, cast["ana"], "A can for the team")
    for idea in (own, soda_idea):
        assert "/suspension" not in ana.get(f"/ideas/{idea}").text
        page = ana.post(f"/ideas/{idea}/suspension", **SPAM)
        assert page.status_code == 422
        assert "works for the brand" in page.text
        assert SPAM["reason"] in page.text
    assert standing(app) == []


def test_an_author_is_meant_by_their_number_and_nobody_else(ana, cast, soda_idea):
    assert ana.get(f"/ideas/{soda_idea}/suspension?author={cast['bea']}").status_code == 200
    assert ana.get(f"/ideas/{soda_idea}/suspension?author={cast['carl']}").status_code == 404


def test_a_suspension_is_for_the_campaigns_of_one_brand_and_ends_by_its_date(people):
    suspend_person(people.soda, people.bea, people.ana, "Spam", 1, "key-of-the-page")
    db.session.commit()
    with pytest.raises(Suspended):
        check_not_suspended(people.soda.id, people.bea)
    check_not_suspended(people.elsewhere.id, people.bea)
    check_not_suspended(people.soda.id, people.carl)
    db.session.get_one(Suspension, (people.soda.id, people.bea.id)).until = now() - timedelta(seconds=1)
    db.session.commit()
    check_not_suspended(people.soda.id, people.bea)
    assert suspension_of(people.bea, people.soda.id) is None


def test_who_joins_the_team_is_suspended_no_more(people, mails):
    suspend_person(people.soda, people.bea, people.ana, "Spam", None, "key-of-the-page")
    invitation = Invitation(
        brand=people.soda, email=people.bea.email, role="analyst", token_hash="hash", invited_by=people.ana
    )
    db.session.add(invitation)
    db.session.commit()
    accept_invitation(invitation, people.bea)
    db.session.commit()
    assert suspension_of(people.bea, people.soda.id) is None
    assert len(mails.to("bea@example.org")) == 2
    with pytest.raises(WorksHere):
        suspend_person(people.soda, people.bea, people.ana, "Spam", None, "another-page")


def test_whose_role_ended_meanwhile_suspends_and_lifts_nothing(people):
    suspend_person(people.soda, people.bea, people.ana, "Spam", None, "key-of-the-page")
    db.session.commit()
    for act in (
        lambda: suspend_person(people.soda, people.carl, people.drew, "Spam", 7, "key"),
        lambda: lift_suspension(people.soda, people.bea, people.drew, "No reason", "key-of-the-page"),
    ):
        with pytest.raises(NotThere):
            act()
        db.session.rollback()
    with pytest.raises(SuspendedAnew):
        lift_suspension(people.soda, people.bea, people.ana, "Sorry", "another-page")
    db.session.rollback()
    assert suspension_of(people.bea, people.soda.id) is not None


def test_two_who_suspend_somebody_at_once_leave_one_suspension(people, at_once):
    ids = people.soda.id, people.bea.id, people.ana.id

    def click(number):
        def act():
            brand, bea, ana = (
                db.session.get_one(type(row), key)
                for row, key in zip((people.soda, people.bea, people.ana), ids, strict=True)
            )
            yield
            suspend_person(brand, bea, ana, f"Reason {number}", 7, f"key-{number}")

        return act

    at_once(click(1), click(2))
    assert db.session.scalar(db.select(db.func.count()).select_from(Suspension)) == 1


def test_the_pages_of_the_campaigns_say_it_to_whom_it_concerns(bea, carl, suspend, soda_idea):
    suspend()
    for url in ("/campaigns/soda", "/campaigns/soda/brief", f"/ideas/{soda_idea}"):
        assert SPAM["reason"] in bea.get(url).text
        assert "Soda has suspended you" not in carl.get(url).text
    assert f'action="/ideas/{soda_idea}/comments"' not in bea.get(f"/ideas/{soda_idea}").text
    answer = bea.get("/campaigns/soda/ideas/new")
    assert answer.status_code == 403
    assert SPAM["reason"] in answer.text


def test_it_is_said_in_the_words_of_whoever_hears_it(people):
    suspend_person(people.soda, people.bea, people.ana, "100 % spam", 7, "key-of-the-page")
    suspension = suspension_of(people.bea, people.soda.id)
    suspension.until = suspension.until.replace(month=2, day=3, hour=12)
    refusal = Suspended(suspension)
    with force_locale("en"):
        assert "3 February" in str(refusal.message)
    with force_locale("fr"):
        assert "3 février" in str(refusal.message)
    assert "100 % spam" in str(refusal.message)
