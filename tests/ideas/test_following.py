"""Whoever asked is told by mail what becomes of an idea, once, and stops it at one press."""

from datetime import timedelta

import pytest

from campaign.campaigns.models import Campaign
from campaign.campaigns.turning import turn_stages
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.following import Following, FollowingNews, tell_news
from tests.calendars import until
from tests.campaign_cast import suggest

CARL = "carl@example.org"


@pytest.fixture
def followed(carl, soda_idea):
    assert carl.post(f"/ideas/{soda_idea}/following").location == f"/ideas/{soda_idea}#following"
    return soda_idea


def told(app):
    """Let the worker look."""
    with app.app_context():
        tell_news()
        assert db.session.scalars(db.select(FollowingNews)).all() == []


def test_it_is_asked_at_the_vote_and_off_until_somebody_says_so(app, carl, soda_idea):
    answer = carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01", follow_redirects=True)
    assert f'<a href="/ideas/{soda_idea}#following">Tell me what happens</a>' in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(Following)).all() == []


def test_asked_twice_it_is_kept_once_and_the_page_says_so(app, carl, followed):
    carl.post(f"/ideas/{followed}/following")
    assert "You will be told what becomes of it." in carl.get(f"/ideas/{followed}").text
    with app.app_context():
        assert len(db.session.scalars(db.select(Following)).all()) == 1


def test_the_answer_is_told_once_to_who_asked_and_to_nobody_else(app, ana, mails, followed):
    ana.post(f"/ideas/{followed}/answer", text="We will build it this summer.")
    told(app)
    told(app)
    [mail] = mails.to(CARL)
    assert mail["Subject"] == "Soda answered “A can you can reseal”"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mails.to("drew@example.org") == []


def test_an_idea_that_is_taken_back_is_told(app, bea, mails, followed):
    assert bea.post(f"/ideas/{followed}/withdrawal", reason="Said twice.").status_code == 302
    told(app)
    assert [mail["Subject"] for mail in mails.to(CARL)] == ["“A can you can reseal” was taken back"]


def test_the_outcome_is_told_once_for_all_ideas_of_a_campaign(app, carl, mails, cast, soda_campaign, followed):
    carl.post(f"/ideas/{suggest(app, soda_campaign, cast['bea'], 'A can that sings')}/following")
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        until(campaign, ideas_until=now() - timedelta(hours=2), votes_until=now() - timedelta(hours=1))
        campaign.publication.told_until = now() - timedelta(hours=3)
        db.session.commit()
        turn_stages(campaign, now())
        db.session.commit()
    told(app)
    [mail] = mails.to(CARL)
    assert mail["Subject"] == "The outcome of “The can of tomorrow”"
    assert "A can that sings" in mail.get_body(("plain",)).get_content()


def test_the_link_in_the_mail_ends_it_at_one_press_without_an_account(app, ana, nobody, mails, followed):
    ana.post(f"/ideas/{followed}/answer", text="We will build it this summer.")
    told(app)
    link = mails.to(CARL)[0]["List-Unsubscribe"].strip("<>").split("/", 3)[-1]
    assert "No more mails?" in nobody.get(f"/{link}").text
    with app.app_context():
        assert db.session.scalars(db.select(Following)).all()  # A program that only looked has ended nothing.
    for _again in range(2):
        # As a mail program sends it: without our page, its cookies or its token.
        answer = app.test_client().post(f"/{link}", data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    with app.app_context():
        assert db.session.scalars(db.select(Following)).all() == []


def test_who_may_no_longer_see_the_campaign_is_not_told(app, ana, mails, soda_campaign, followed):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    ana.post(f"/ideas/{followed}/answer", text="We will build it this summer.")
    told(app)
    assert mails.to(CARL) == []


def test_it_can_be_ended_on_the_page(carl, followed):
    carl.post(f"/ideas/{followed}/following/end")
    assert "Tell me what happens" in carl.get(f"/ideas/{followed}").text


@pytest.mark.one_database
@pytest.mark.parametrize("token", ["none", "eyJwZXJzb24iOjF9.forged"])
def test_a_link_that_is_not_ours_ends_nothing(nobody, followed, token):
    assert nobody.get(f"/following/{token}").status_code == 410
    assert nobody.post(f"/following/{token}").status_code in (410, 422)


@pytest.mark.one_database
def test_only_who_is_signed_in_and_sees_the_idea_can_ask(nobody, carl, followed):
    assert nobody.post(f"/ideas/{followed}/following").location.startswith("/sign-in")
    assert carl.post("/ideas/999/following").status_code == 404
