"""People show what is asked: once, on their way to what they wanted to do; and nothing of the proof is kept."""

import re
from datetime import date, timedelta

import pytest
from limits import RateLimitItemPerHour

from campaign.campaigns.models import Closing
from campaign.clock import now
from campaign.extensions import db
from campaign.verifications import views
from campaign.verifications.actions import (
    CODE_LASTS,
    CodeOver,
    MemberTaken,
    NotADate,
    NotInArea,
    NotListed,
    NotOfAge,
    NumberTaken,
    WrongCode,
    prove_age,
    prove_listed,
    prove_phone,
    prove_postcode,
    send_code,
    spend_try,
)
from campaign.verifications.asking import Wish, add_to_list, ask_for
from campaign.verifications.models import PhoneCode, Verified, VerifiedPhone
from campaign.verifications.purging import purge_verifications

NUMBER = "+33612345678"
BEFORE = "/campaigns/soda/before/vote"


@pytest.fixture
def asked(campaign, people):
    add_to_list(campaign, people.ana, ["A-17", "bea@example.org"])
    wish = Wish({"vote": ["phone", "age", "postcode", "list"]}, 18, ("6900", "75"), "Neighbours only.")
    ask_for(campaign, people.ana, wish)
    db.session.commit()
    return campaign


def code_in(mails, to=NUMBER):
    message = mails.to(to)[-1]
    assert message["X-Text-Message"] == "yes"
    return re.search(r"\b(\d{6})\b", message.get_content())[1]


def kept(person):
    rows = db.session.scalars(db.select(Verified).filter_by(person_id=person.id))
    return {row.kind: row.said for row in rows}


def born(years, days=0):
    today = now().date()
    return date(today.year - years, today.month, min(today.day, 28)) + timedelta(days=days)


def test_of_an_age_only_the_age_that_was_asked_is_kept(asked, people):
    prove_age(asked, people.carl, born(40))
    assert kept(people.carl) == {"age": "18"}


@pytest.mark.parametrize(
    ("birth", "refusal"), [(born(17), NotOfAge), (born(-1), NotADate), (date(1800, 1, 1), NotADate)]
)
def test_who_is_too_young_is_told_so(asked, people, birth, refusal):
    with pytest.raises(refusal):
        prove_age(asked, people.carl, birth)
    assert kept(people.carl) == {}


def test_of_a_postcode_only_its_area_is_kept(asked, people):
    prove_postcode(asked, people.carl, "75 011")
    assert kept(people.carl) == {"postcode": "75"}
    with pytest.raises(NotInArea):
        prove_postcode(asked, people.drew, "31000")


def test_a_member_number_is_for_one_account(asked, people):
    prove_listed(asked, people.carl, "a - 17")
    prove_listed(asked, people.carl, "A-17")
    with pytest.raises(MemberTaken):
        prove_listed(asked, people.drew, "A-17")
    with pytest.raises(NotListed):
        prove_listed(asked, people.drew, "A-18")


def test_by_address_one_is_found_with_ones_own_only(asked, people):
    prove_listed(asked, people.bea)
    with pytest.raises(NotListed):
        prove_listed(asked, people.drew, "bea@example.org")


def test_a_number_is_proved_by_the_code_that_was_sent_to_it(app, people, mails):
    send_code(people.carl, NUMBER)
    db.session.commit()
    assert spend_try(people.carl)
    prove_phone(people.carl, code_in(mails))
    db.session.commit()
    row = db.session.get_one(VerifiedPhone, people.carl.id)
    assert "612345678" not in row.number_hash
    assert db.session.scalars(db.select(PhoneCode)).all() == []


def test_one_number_is_for_one_account(app, people, mails):
    for person in (people.carl, people.bea):
        send_code(person, NUMBER)
        db.session.commit()
        if person is people.carl:
            prove_phone(person, code_in(mails))
            continue
        with pytest.raises(NumberTaken):
            prove_phone(person, code_in(mails))


def test_a_code_has_five_tries_and_ten_minutes(app, people, mails):
    send_code(people.carl, NUMBER)
    db.session.commit()
    wrong = f"{(int(code_in(mails)) + 1) % 10**6:06}"
    for _try in range(5):
        assert spend_try(people.carl)
        with pytest.raises(WrongCode):
            prove_phone(people.carl, wrong)
    assert not spend_try(people.carl)
    send_code(people.carl, NUMBER)
    assert spend_try(people.carl)  # Another code begins anew.
    db.session.get_one(PhoneCode, people.carl.id).sent_at = now() - CODE_LASTS
    db.session.flush()
    assert not spend_try(people.carl)
    with pytest.raises(CodeOver):
        prove_phone(people.carl, code_in(mails))


def test_anothers_code_proves_nothing(app, people, mails):
    send_code(people.carl, NUMBER)
    send_code(people.bea, "+33699999999")
    db.session.commit()
    with pytest.raises(WrongCode):
        prove_phone(people.bea, code_in(mails))


def test_carl_shows_one_thing_after_the_other_and_comes_back(app, carl, mails, asks, soda_idea, cast):
    asks(vote=["phone", "age"])
    back = f"/ideas/{soda_idea}?vote=wanted"
    refused = carl.post(f"/ideas/{soda_idea}/vote", id="a-vote-of-carl")
    assert refused.status_code == 303
    page = carl.get(refused.location)
    assert page.status_code == 200
    assert "Before you vote" in page.text
    assert "Only people who can vote in the town take part." in page.text
    sent = carl.post(BEFORE, kind="phone", number="+33 6 12 34 56 78", next=back)
    assert sent.status_code == 302
    assert "ends with 78" in carl.get(sent.location).text
    assert carl.post(BEFORE, kind="code", code="1", next=back).status_code == 422
    aged = carl.post(BEFORE, kind="code", code=code_in(mails), next=back)
    assert "Your date of birth" in carl.get(aged.location).text
    done = carl.post(BEFORE, kind="age", born="1980-05-01", next=back)
    assert done.location == back
    assert "You wanted to support" in carl.get(back).text
    assert carl.post(f"/ideas/{soda_idea}/vote", id="a-vote-of-carl").location.startswith(f"/ideas/{soda_idea}")
    with app.app_context():
        assert db.session.scalar(db.text("SELECT votes FROM idea")) == 1


def test_who_has_shown_it_all_is_led_on(carl, asks, soda_idea):
    asks(vote=["age"])
    carl.post(BEFORE, kind="age", born="1980-05-01", next="/campaigns/soda")
    assert carl.get(f"{BEFORE}?next=/campaigns/soda/brief").location == "/campaigns/soda/brief"
    assert carl.get(f"{BEFORE}?next=//elsewhere.example").location == "/campaigns/soda"


def test_a_second_click_shows_the_next_step(carl, asks):
    asks(vote=["age", "postcode"])
    carl.post(BEFORE, kind="age", born="1980-05-01")
    again = carl.post(BEFORE, kind="age", born="1980-05-01")
    assert again.status_code == 302
    assert "Your postcode" in carl.get(again.location).text


def test_the_page_is_for_people_with_an_account_who_see_the_campaign(nobody, carl, asks, soda_draft):
    asks(vote=["age"])
    assert nobody.get(BEFORE).status_code in (302, 401)
    assert carl.get("/campaigns/next/before/vote").status_code == 404
    assert carl.get("/campaigns/soda/before/dinner").status_code == 404


def test_dates_can_not_be_tried_out(carl, asks):
    asks(vote=["age"])
    answers = [carl.post(BEFORE, kind="age", born=f"{now().year - 10}-01-01").status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]
    assert carl.post(BEFORE, kind="age", born="1980-05-01").status_code == 429


def test_member_numbers_can_not_be_tried_out_from_one_network_however_many_accounts(carl, drew, asks, monkeypatch):
    monkeypatch.setattr(views, "FROM_ONE_PLACE", RateLimitItemPerHour(3))
    asks(vote=["list"])
    assert [drew.post(BEFORE, kind="list", member=f"B-{n}").status_code for n in range(3)] == [422] * 3
    assert carl.post(BEFORE, kind="list", member="B-9").status_code == 429


def test_those_who_find_themselves_are_no_guessers(carl, drew, asks, monkeypatch):
    monkeypatch.setattr(views, "FROM_ONE_PLACE", RateLimitItemPerHour(1))
    asks(vote=["list"], members=("A-17", "A-18"))
    assert drew.post(BEFORE, kind="list", member="A-17").status_code == 302
    assert carl.post(BEFORE, kind="list", member="A-18").status_code == 302


def test_text_messages_are_limited(carl, asks, mails):
    asks(vote=["phone"])
    answers = [carl.post(BEFORE, kind="phone", number=NUMBER).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mails.to(NUMBER)) == 5


def test_no_number_is_no_number(carl, asks):
    asks(vote=["phone"])
    page = carl.post(BEFORE, kind="phone", number="06 12 34 56 78")
    assert page.status_code == 422
    assert "country’s code" in page.text


def test_what_was_shown_is_deleted_a_month_after_the_campaign(asked, people):
    prove_age(asked, people.carl, born(40))
    db.session.commit()
    purge_verifications()
    assert kept(people.carl) == {"age": "18"}
    asked.closing = Closing(by=people.ana, at=now() - timedelta(days=31))
    db.session.commit()
    purge_verifications()
    purge_verifications()
    assert kept(people.carl) == {}
    told = db.session.scalars(db.text("SELECT count(*) FROM history WHERE what = 'verifications.purged'")).one()
    assert told == 1


def test_it_is_deleted_on_the_date_of_private_answers_and_not_before(asked, people):
    prove_age(asked, people.carl, born(40))
    asked.closing = Closing(by=people.ana, at=now() - timedelta(days=31))
    asked.private_until = now() + timedelta(days=5)
    db.session.commit()
    purge_verifications()
    assert kept(people.carl) == {"age": "18"}
    asked.private_until = now()
    db.session.commit()
    purge_verifications()
    assert kept(people.carl) == {}
