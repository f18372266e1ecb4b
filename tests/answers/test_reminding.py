"""The team is reminded of what is due soon and of what is overdue: once of each idea, in one mail a day, never of nothing."""

from datetime import timedelta

import pytest

from campaign.answers.actions import answer_idea
from campaign.answers.assigning import assign
from campaign.answers.models import ReminderRound
from campaign.answers.reminding import remind
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal
from tests.answers.conftest import YES

ANA, CARL, BEA = "ana@example.org", "carl@example.org", "bea@example.org"


@pytest.fixture
def look(people):
    """`look()` lets the worker look; `look(days=1)` when so many days have passed."""

    def after(**passed):
        time = timedelta(**passed)
        for turn in db.session.scalars(db.select(ReminderRound)):
            turn.next_at -= time
        for idea in db.session.scalars(db.select(Idea)):
            idea.submitted_at -= time
        db.session.commit()
        remind()
        db.session.expire_all()

    return after


def words(mail):
    return mail.get_body(("plain",)).get_content()


def test_what_is_due_in_two_days_and_what_is_overdue_come_in_one_mail(waiting, look, mails):
    waiting(12), waiting(9), waiting(1)
    look()
    [mail] = mails.to(ANA)
    assert mail["Subject"] == "1 answer is overdue"
    text = words(mail)
    assert "number 1 (overdue since" in text
    assert "number 2 (due on" in text
    assert "number 3" not in text
    assert "/campaigns/soda/answers" in text


def test_nothing_is_told_twice_and_nobody_has_an_empty_mail(waiting, look, mails):
    waiting(12)
    look()
    look()
    look(days=2)
    assert len(mails.to(ANA)) == 1


def test_an_idea_is_told_once_before_its_day_and_once_after(waiting, look, mails):
    waiting(8.5)
    for _day in range(6):
        look(days=1)
    assert [mail["Subject"] for mail in mails.to(ANA)] == ["1 answer is due soon", "1 answer is overdue"]


def test_one_mail_a_day(waiting, look, mails):
    waiting(12)
    look()
    waiting(13)
    look(hours=5)
    assert len(mails.to(ANA)) == 1
    look(hours=20)
    assert len(mails.to(ANA)) == 2


def test_whose_it_is_is_told_and_nobody_else(people, waiting, look, mails):
    db.session.add(Membership(brand=people.soda, person=people.carl, role="manager"))
    idea = db.session.get_one(Idea, waiting(12))
    assign(idea, people.carl, people.carl)
    db.session.commit()
    look()
    assert len(mails.to(CARL)) == 1
    assert mails.to(ANA) == mails.to(BEA) == []
    assign(idea, people.carl, None)
    db.session.commit()
    look(days=1)
    assert (len(mails.to(CARL)), len(mails.to(ANA))) == (2, 1)


def test_what_is_somebodys_who_left_is_everybodys(people, waiting, look, mails):
    role = Membership(brand=people.soda, person=people.carl, role="manager")
    db.session.add(role)
    assign(db.session.get_one(Idea, waiting(12)), people.carl, people.carl)
    db.session.delete(role)
    db.session.commit()
    look()
    assert mails.to(CARL) == []
    assert len(mails.to(ANA)) == 1


def test_what_was_answered_or_taken_back_is_not_told(people, waiting, look, mails):
    answered, withdrawn = waiting(12), waiting(12)
    answer_idea(db.session.get_one(Idea, answered), people.ana, YES)
    db.session.get_one(Idea, withdrawn).withdrawal = Withdrawal(reason="It leaked.")
    db.session.commit()
    look()
    assert mails.to(ANA) == []


def test_who_has_promised_nothing_is_reminded_of_nothing(campaign, waiting, look, mails):
    campaign.answers_by = None
    db.session.commit()
    waiting(12)
    look()
    assert mails.to(ANA) == []


def test_a_mail_names_a_few_and_counts_the_others(soda_campaign, waiting, look, mails):
    for _number in range(11):
        waiting(12)
    look()
    [mail] = mails.to(ANA)
    assert mail["Subject"] == "11 answers are overdue"
    assert "and 3 more" in words(mail)
    assert db.session.get_one(Campaign, soda_campaign).url in words(mail)


def test_one_press_in_the_mail_ends_them_and_the_queue_begins_them_again(people, ana, nobody, waiting, look, mails):
    waiting(12)
    look()
    [mail] = mails.to(ANA)
    address = mail["List-Unsubscribe"].strip("<>").split("/", 3)[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/{address}" in words(mail)
    assert nobody.get(f"/{address}").status_code == 200
    for _twice in range(2):
        assert nobody.post(f"/{address}", data={"List-Unsubscribe": "One-Click", "csrf_token": ""}).status_code == 200
    assert nobody.get("/answer-mails/none").status_code in (404, 410)
    waiting(12)
    look(days=2)
    assert len(mails.to(ANA)) == 1
    assert "You get no mail when answers are due." in ana.get("/campaigns/soda/answers").text
    assert ana.post("/campaigns/soda/answers/mails", wanted="1").status_code == 302
    waiting(12)
    look(days=2)
    assert len(mails.to(ANA)) == 2


def test_the_switch_is_for_who_answers(bea, nobody, ana, soda_campaign):
    for browser, status in ((nobody, 302), (bea, 404), (ana, 302)):
        assert browser.post("/campaigns/soda/answers/mails", wanted="1").status_code == status
