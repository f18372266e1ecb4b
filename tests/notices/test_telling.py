"""Who is told what: authors, followers of ideas, campaigns, people and tags; each once, and by their wishes."""

from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.campaigns.turning import turn_stages
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.actions import submit_idea
from campaign.ideas.following import RESTS, FollowingNews
from campaign.ideas.following import tell_news as tell_followers
from campaign.ideas.models import Idea, Withdrawal
from campaign.notices import access, spreading, sweeping
from campaign.notices.following import follow_campaign
from campaign.notices.models import CampaignWish, Notice, NoticeNews
from campaign.notices.sweeping import KEPT, sweep
from campaign.outcomes.actions import publish_outcome, save_draft
from campaign.statuses.actions import set_status
from tests.calendars import until
from tests.campaign_cast import stage
from tests.makers import make_person
from tests.notices.wished import wishes

BEA, CARL = "bea@example.org", "carl@example.org"


def remark(browser, idea, text="How much is it?", **more):
    assert browser.post(f"/ideas/{idea}/comments", text=text, **more).status_code == 302


def test_the_author_has_a_notice_and_the_mail_at_once(ana, mails, told, look, soda_idea):
    ana.post(f"/ideas/{soda_idea}/answer", text="We will build it this summer.")
    look()
    assert told("bea") == [("own", "answered")]
    assert told("ana") == []
    [mail] = mails.to(BEA)
    assert mail["Subject"] == "Soda answered your idea “A can you can reseal”"
    assert "/notices/ending/" in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/notices/ending/" in mail.get_body(("plain",)).get_content()


def test_who_follows_the_idea_has_a_notice_beside_the_mail_that_they_always_had(
    ana, carl, mails, told, look, soda_idea
):
    carl.post(f"/ideas/{soda_idea}/following")
    ana.post(f"/ideas/{soda_idea}/answer", text="We will build it this summer.")
    look()
    assert told("carl") == [("followed", "answered")]
    assert len(mails.to(CARL)) == 1


def test_who_wants_no_mail_at_once_has_none(ana, carl, mails, told, look, soda_idea):
    carl.post(f"/ideas/{soda_idea}/following")
    carl.post("/profile/notices", data=wishes(followed="page"))
    ana.post(f"/ideas/{soda_idea}/answer", text="We will build it this summer.")
    look()
    assert told("carl") == [("followed", "answered")]
    assert mails.to(CARL) == []


def test_a_campaign_is_muted_whatever_the_kind(ana, bea, mails, told, look, soda_campaign, soda_idea):
    assert bea.post("/profile/notices", data=wishes() | {f"campaign-{soda_campaign}": "nothing"}).status_code == 302
    ana.post(f"/ideas/{soda_idea}/answer", text="We will build it this summer.")
    look()
    assert told("bea") == []
    assert mails.to(BEA) == []


def test_a_reply_is_told_to_whose_remark_it_answers_and_a_remark_to_the_author(
    app, ana, bea, carl, told, look, soda_idea
):
    remark(carl, soda_idea)
    with app.app_context():
        first = db.session.scalars(db.select(Comment.id)).one()
    remark(bea, soda_idea, "Not much.", parent=str(first))
    look()
    assert told("bea") == [("own_remarks", "commented")]
    assert told("carl") == [("reply", "commented")]


def test_a_remark_that_was_taken_back_is_told_to_nobody(app, carl, bea, told, look, soda_idea):
    remark(carl, soda_idea)
    with app.app_context():
        comment = db.session.scalars(db.select(Comment.id)).one()
    carl.post(f"/comments/{comment}/deletion")
    look()
    assert told("bea") == []
    remark(carl, soda_idea, "Another.")
    look()
    with app.app_context():
        comment = db.session.scalars(db.select(db.func.max(Comment.id))).one()
    carl.post(f"/comments/{comment}/deletion")
    assert told("bea") == []


def test_a_new_idea_is_told_once_to_who_follows_its_author_its_tag_and_its_campaign(
    app, bea, carl, drew, cast, told, look, soda_campaign, soda_idea
):
    for url in (
        "/campaigns/soda/following",
        "/campaigns/soda/tags/summer/following",
        f"/people/{cast['bea']}/following",
    ):
        for _again in range(2):
            assert carl.post(url).status_code == 302
    drew.post("/campaigns/soda/tags/summer/following")
    with app.app_context():
        soda = db.session.get_one(Campaign, soda_campaign)
        author = db.session.get_one(Person, cast["bea"])
        submit_idea(
            soda, author, "A can that sings in summer", language="en", category=soda.categories[0], tags=["summer"]
        )
        submit_idea(soda, author, "A can that is silent", language="en", category=soda.categories[0])
        db.session.commit()
    look()
    assert told("carl") == [("suggested", "suggested")] * 2
    assert told("drew") == [("suggested", "suggested")]
    assert told("bea") == []


def test_who_follows_the_campaign_hears_of_its_stages_and_its_outcome_once(
    app, carl, drew, told, look, soda_campaign, soda_idea
):
    carl.post("/campaigns/soda/following")
    carl.post(f"/ideas/{soda_idea}/following")
    drew.post("/campaigns/soda/following")
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        until(campaign, ideas_until=now(), votes_until=now())
        campaign.publication.told_until = campaign.stages[0].opens_at
        db.session.commit()
        turn_stages(campaign, now())
        db.session.commit()
    look()
    assert sorted(told("drew")) == [("campaign", "outcome"), ("campaign", "stage")]
    assert sorted(told("carl")) == [("campaign", "stage"), ("followed", "outcome")]


def test_who_follows_the_campaign_hears_of_its_outcome_when_it_is_there(
    app, drew, nobody, told, look, soda_campaign, soda_idea
):
    drew.post("/campaigns/soda/following")
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        texts = dict.fromkeys(campaign.languages, "We built it.")
        save_draft(campaign, campaign.publication.by, texts, [], [])
        until(campaign, ideas_until=now(), votes_until=now())
        campaign.publication.told_until = campaign.stages[0].opens_at
        db.session.commit()
        turn_stages(campaign, now())
        db.session.commit()
    look()
    assert ("campaign", "outcome") not in told("drew")  # Its page is still being written.
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        for _again in range(2):
            publish_outcome(campaign, campaign.publication.by)
        db.session.commit()
    look()
    assert told("drew").count(("campaign", "outcome")) == 1
    assert 'href="/campaigns/soda/outcome"' in drew.get("/notices").text


def test_who_may_no_longer_see_the_campaign_is_not_told(app, ana, carl, told, look, soda_campaign, soda_idea):
    carl.post("/campaigns/soda/following")
    remark(ana, soda_idea)
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.add(NoticeNews(what="stage", campaign_id=soda_campaign, details={"stage": {"en": "Voting"}}))
        db.session.commit()
    look()
    assert told("carl") == []
    assert told("bea") == []


def test_a_worker_that_dies_in_between_tells_nobody_twice_and_leaves_nobody_out(app, monkeypatch, soda_campaign):
    monkeypatch.setattr(spreading, "AT_ONCE", 2)
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        people = [make_person(f"p{number}") for number in range(5)]
        for person in people:
            follow_campaign(person, campaign)
        db.session.add(NoticeNews(what="stage", campaign_id=soda_campaign, details={"stage": {"en": "Voting"}}))
        db.session.commit()
        everybody = {person.id for person in people}

    class Killed(BaseException):
        pass

    with app.app_context():
        kept, commits = db.session.commit, []

        def commit():
            commits.append(1)
            if len(commits) == 2:
                db.session.rollback()  # What was not committed is gone with the process.
                raise Killed
            kept()

        with monkeypatch.context() as dying:
            dying.setattr(db.session, "commit", commit)
            with pytest.raises(Killed):
                spreading.tell_news()
    with app.app_context():
        assert len(db.session.scalars(db.select(Notice)).all()) == 2
        spreading.tell_news()
        told = db.session.scalars(db.select(Notice.person_id)).all()
    assert sorted(told) == sorted(everybody)


def test_each_change_is_told_as_it_was_and_no_later_one_rewords_it(app, ana, carl, mails, told, look, cast, soda_idea):
    carl.post(f"/ideas/{soda_idea}/following")
    for key in ("under-review", "planned"):  # Before a worker looks.
        with app.app_context():
            set_status(db.session.get_one(Idea, soda_idea), db.session.get_one(Person, cast["ana"]), key, "Good.")
            db.session.commit()
    look()
    assert [mail["Subject"] for mail in mails.to(CARL)] == [
        "“A can you can reseal” now stands at “Under review”",
        "“A can you can reseal” now stands at “Planned”",
    ]
    page = carl.get("/notices").text
    assert page.count("It stands at “Under review” now.") == page.count("It stands at “Planned” now.") == 1


@pytest.fixture
def put_out_of_sight(app, soda_idea):
    """Have a moderator take the idea down, or (None) put it back."""

    def put(kind):
        with app.app_context():
            idea = db.session.get_one(Idea, soda_idea)
            idea.withdrawal = Withdrawal(kind=kind, reason="") if kind else None
            db.session.commit()

    return put


def let_workers_look(app):
    with app.app_context():
        tell_followers()
        spreading.tell_news()


def test_what_happened_to_an_idea_out_of_sight_is_told_once_it_is_back(
    app, ana, carl, mails, told, look, soda_idea, put_out_of_sight
):
    carl.post(f"/ideas/{soda_idea}/following")
    ana.post(f"/ideas/{soda_idea}/answer", text="We will build it this summer.")
    remark(ana, soda_idea)
    put_out_of_sight("hidden")
    let_workers_look(app)
    assert told("carl") == []
    assert mails.to(CARL) == []
    put_out_of_sight(None)
    look()
    assert sorted(told("carl")) == [("followed", "answered"), ("said", "commented")]
    assert len(mails.to(CARL)) == 1


def test_after_a_month_it_is_no_news_any_more(app, ana, carl, told, look, soda_idea, put_out_of_sight):
    carl.post(f"/ideas/{soda_idea}/following")
    ana.post(f"/ideas/{soda_idea}/answer", text="We will build it this summer.")
    remark(ana, soda_idea)
    put_out_of_sight("hidden")
    with app.app_context():
        for row in (FollowingNews, NoticeNews):
            for news in db.session.scalars(db.select(row)):
                news.at -= RESTS
        db.session.commit()
    look()
    with app.app_context():
        assert db.session.scalars(db.select(FollowingNews)).all() == []
    put_out_of_sight(None)
    look()
    assert told("carl") == []


def test_a_muted_campaign_stands_first_among_the_wishes_however_old_it_is(app, cast, carl, monkeypatch, soda_campaign):
    monkeypatch.setattr(access, "CAMPAIGNS", 1)
    later = stage(app, "elsewhere", slug="biscuit")
    carl.post("/campaigns/soda/following")
    with app.app_context():
        follow_campaign(db.session.get_one(Person, cast["carl"]), db.session.get_one(Campaign, later))
        db.session.add(CampaignWish(person_id=cast["carl"], campaign_id=soda_campaign, how="nothing"))
        db.session.commit()
    assert f'id="campaign-{soda_campaign}"' in carl.get("/profile/notices").text


def test_what_was_read_half_a_year_ago_goes_and_what_was_not_stays(app, cast, monkeypatch, soda_campaign):
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    about = {"person_id": cast["carl"], "campaign_id": soda_campaign, "what": "answered", "kind": "followed"}
    with app.app_context():
        for read_at in (now() - KEPT - timedelta(days=1), now() - KEPT + timedelta(days=1), None):
            for _again in range(3):
                db.session.add(Notice(**about, at=now() - 2 * KEPT, read_at=read_at))
        db.session.commit()
        for _again in range(2):
            sweep()
        left = db.session.scalars(db.select(Notice)).all()
        assert sorted(notice.read_at is None for notice in left) == [False] * 3 + [True] * 3
