"""Moderators hear by mail that something waits: once a day at most, never of nothing, and no more once they said so."""

from datetime import timedelta

import pytest

from campaign.accounts.wished_mail import wish_mail
from campaign.brands.models import Membership
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.actions import delete_comment, post_comment
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import appeal, hide
from campaign.moderation.models import WaitingMail
from campaign.moderation.reminding import WAITS, tell_moderators
from campaign.moderation.reporting import report


@pytest.fixture
def waiting(people, moderator, resealable):
    """carl has reported bea's idea, two hours ago."""
    report(resealable, people.carl, "spam")
    case = open_case_about(resealable)
    case.opened_at = now() - timedelta(hours=2)
    db.session.commit()
    return case


def test_who_moderates_has_one_mail_a_day_while_something_waits(people, moderator, waiting, mails):
    for _look in range(3):
        tell_moderators()
    for person in (people.ana, moderator):
        [mail] = mails.to(person.email)
        text = mail.get_body(("plain",)).get_content()
        assert "/campaigns/soda/console" in text
        assert "one to decide about" in text
    assert mails.to(people.bea.email) == mails.to(people.drew.email) == []
    for told in db.session.scalars(db.select(WaitingMail)):
        told.at -= timedelta(days=1, minutes=1)
    db.session.commit()
    tell_moderators()
    assert len(mails.to(moderator.email)) == 2


def test_nobody_has_a_mail_before_an_hour_or_about_nothing(people, moderator, waiting, mails):
    waiting.opened_at = now() - timedelta(minutes=50)
    db.session.commit()
    tell_moderators()
    waiting.verdict, waiting.decided_at = "approved", now()
    waiting.opened_at = now() - timedelta(days=3)
    db.session.commit()
    tell_moderators()
    assert mails.to(moderator.email) == mails.to(people.ana.email) == []
    assert db.session.scalars(db.select(WaitingMail)).all() == []


def test_nobody_is_told_of_their_own_or_of_an_appeal_against_their_own_decision(people, moderator, resealable, mails):
    db.session.add(Membership(brand=people.soda, person=people.bea, role="moderator"))
    hide(resealable, moderator, "No.")
    look = appeal(resealable, people.bea, "Yes.")
    look.at, look.due_at = now() - timedelta(days=6), now() - timedelta(days=1)
    db.session.commit()
    tell_moderators()
    assert mails.to(moderator.email) == mails.to(people.bea.email) == []
    [mail] = mails.to(people.ana.email)
    assert "one appeal (one overdue)" in mail.get_body(("plain",)).get_content()


def test_who_moderates_one_campaign_is_told_of_that_one(people, campaign, waiting, mails):
    db.session.add(Membership(brand=people.soda, person=people.carl, role="moderator", campaign_id=campaign.id))
    db.session.add(Membership(brand=people.soda, person=people.drew, role="evaluator"))
    db.session.commit()
    tell_moderators()
    assert len(mails.to(people.carl.email)) == 1
    assert mails.to(people.drew.email) == []


def test_one_press_in_the_mail_ends_them_and_the_console_begins_them_again(
    app, people, mod, nobody, moderator, waiting, mails
):
    tell_moderators()
    [mail] = mails.to(moderator.email)
    address = mail["List-Unsubscribe"].strip("<>").split("/", 3)[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert nobody.get(f"/{address}").status_code == 200
    for _twice in range(2):
        answer = nobody.post(f"/{address}", data={"List-Unsubscribe": "One-Click", "csrf_token": ""})
        assert answer.status_code == 200
    assert nobody.get("/moderation-mails/none").status_code in (404, 410)
    db.session.execute(db.delete(WaitingMail))
    db.session.commit()
    tell_moderators()
    assert len(mails.to(moderator.email)) == 1
    assert "You get no mail when something waits." in mod.get("/campaigns/soda/console/first").text
    assert mod.post("/campaigns/soda/moderation/mails", wanted="1").status_code == 302
    db.session.execute(db.delete(WaitingMail))
    db.session.commit()
    tell_moderators()
    assert len(mails.to(moderator.email)) == 2


def test_the_switch_is_for_who_moderates(people, bea, nobody, mod, moderator, campaign):
    for browser, status in ((nobody, 302), (bea, 404), (mod, 302)):
        assert browser.post("/campaigns/soda/moderation/mails", wanted="0").status_code == status
    wish_mail(moderator, WAITS, True)


def test_a_remark_that_is_gone_is_no_reason_to_write(people, moderator, resealable, mails):
    remark = post_comment(resealable, people.carl, "Rude.")
    hide(remark, moderator, "No.")
    look = appeal(remark, people.carl, "Yes.")
    look.at = now() - timedelta(hours=2)
    db.session.commit()
    delete_comment(remark)
    db.session.commit()
    tell_moderators()
    assert mails.to(people.ana.email) == []
