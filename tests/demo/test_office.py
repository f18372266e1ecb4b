"""Behind the demo's counter: each page of its team has something to show, and agrees with the others."""

import re

import pytest
from sqlalchemy import func

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.mail import OutgoingMail
from campaign.moderation.models import Case
from campaign.moderation.queue import QUEUES, count_waiting, items_in
from campaign.newsletters.actions import count_recipients, is_written
from campaign.newsletters.models import Newsletter
from campaign.notices.models import Notice
from campaign.outcomes.roadmap import roadmap_of
from tests.cast import browser_of

CAMPAIGN, BRAND = "/campaigns/cafe-de-demain", "/brands/maison-lutece"
PAGES = {
    f"{CAMPAIGN}/console/first": "grains-de-nuit",
    f"{CAMPAIGN}/console/reports": "2 reports",
    f"{CAMPAIGN}/console/appeals": "due on",
    f"{CAMPAIGN}/console/hidden": "cinq étoiles",
    f"{CAMPAIGN}/console/log": "Lucie",
    f"{CAMPAIGN}/answers": "Une playlist par boutique",
    f"{BRAND}/answer-templates": "Non, et pourquoi",
    f"{BRAND}/newsletters": "41 people have asked",
    f"{CAMPAIGN}/roadmap": "In all seven houses",
}


@pytest.fixture
def claire(demo_app):
    with demo_app.app_context():
        number = db.session.scalars(db.select(Person.id).filter_by(email="claire@maison-lutece.example")).one()
    return browser_of(demo_app, number)


def test_every_queue_of_people_has_something(demo):
    waiting = count_waiting(demo)
    assert {key: waiting[key] for key in ("first", "reports", "appeals")} == {"first": 3, "reports": 1, "appeals": 1}
    hidden, _further = items_in(demo, QUEUES["hidden"])
    assert len(hidden) == 2
    assert db.session.scalar(db.select(func.count(Case.id)).where(Case.verdict == "approved")) == 1


@pytest.mark.parametrize(("url", "words"), PAGES.items())
def test_each_page_of_the_team_is_full(claire, url, words):
    for language in ("fr", "en"):
        claire.set_cookie("language", language)
        page = claire.get(url)
        assert page.status_code == 200
        assert not re.search(r"\bNone\b|%\(", re.sub(r"<script.*?</script>|<[^>]+>", " ", page.text, flags=re.DOTALL))
    assert words in page.text


def test_what_waits_is_out_of_sight_and_counted_nowhere(demo):
    held = db.session.scalars(db.select(Idea).filter_by(campaign_id=demo.id).where(Idea.withdrawal.has())).all()
    kinds = sorted(idea.withdrawal.kind for idea in held)
    assert kinds == ["held", "hidden", "withdrawn"]
    unseen = db.session.scalars(db.select(Comment).where(Comment.hold.has())).all()
    assert sorted(comment.hold.kind for comment in unseen) == ["held", "held", "hidden"]


def test_the_roadmap_has_steps_done_and_to_come(demo):
    found = roadmap_of(demo)
    assert [milestone.done_at is not None for milestone in found.milestones] == [True, False, False]


def test_beatrice_has_notices_and_some_are_new(demo):
    beatrice = db.session.scalars(db.select(Person).filter_by(email="beatrice-l@example.org")).one()
    notices = db.session.scalars(db.select(Notice).filter_by(person_id=beatrice.id, campaign_id=demo.id)).all()
    assert sorted(notice.read_at is None for notice in notices)[-2:] == [True, True]
    assert {notice.what for notice in notices} >= {"answered", "status"}


def test_one_newsletter_was_sent_and_another_is_ready(demo):
    sent, draft = db.session.scalars(db.select(Newsletter).order_by(Newsletter.id)).all()
    assert (sent.done_at is not None, sent.recipients) == (True, 41)
    assert is_written(draft)
    assert sum(count_recipients(draft).values()) >= 1


def test_no_mail_leaves_because_of_it(demo):
    assert db.session.scalar(db.select(func.count()).select_from(OutgoingMail)) == 0
    assert (
        db.session.scalar(db.select(func.count(Case.id)).where(Case.verdict.is_not(None), Case.told_at.is_(None))) == 0
    )
    assert db.session.scalar(db.select(func.count(Campaign.id))) == 3
