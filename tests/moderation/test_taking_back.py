"""What a moderator just did is taken back in one, also where all of somebody was taken down and they were blocked; and a second click does nothing else."""

from datetime import timedelta

import pytest

from campaign.brands.suspending import lift_suspension, suspend_person
from campaign.brands.suspensions import Suspension, suspension_of
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import CoAuthor
from campaign.moderation.deciding import TooLate, appeal, hide, take_back
from campaign.moderation.models import Case
from campaign.moderation.queue import count_waiting
from campaign.moderation.telling import tell_blocked

CONSOLE = "/campaigns/soda/console"
PROGRAM = {"Accept": "application/json"}
WHY = "Cheap pills."


@pytest.fixture
def waiting(people, reads_first, suggested):
    ideas = [suggested(people.bea, f"A can of kind {number}") for number in range(3)]
    return ideas, db.session.scalars(db.select(Case.id).order_by(Case.id)).all()


@pytest.fixture
def block(mod, waiting):
    """Max takes all of bea's down and blocks her: `block("key")`."""
    return lambda key="k": mod.post(
        f"{CONSOLE}/decisions", case=waiting[1][0], act="hide_all", reason=WHY, key=key, headers=PROGRAM
    )


def mails_to_bea(mails):
    return [mail["Subject"] for mail in mails.to("bea@example.org")]


def a_minute_passes():
    for one in db.session.scalars(db.select(Suspension)):
        one.at -= timedelta(minutes=1)
    db.session.commit()


def test_a_block_is_taken_back_with_all_that_was_taken_down(people, mod, waiting, block, mails):
    answer = block()
    assert answer.json["undo"] == "k"
    db.session.expire_all()
    assert suspension_of(people.bea, people.soda.id)
    tell_blocked()
    assert mails_to_bea(mails) == []
    assert mod.post(f"{CONSOLE}/undo", batch="k", headers=PROGRAM).json["said"] == "Taken back: 3 wait again."
    db.session.expire_all()
    assert suspension_of(people.bea, people.soda.id) is None
    assert {idea.withdrawal.kind for idea in waiting[0]} == {"held"}
    a_minute_passes()
    tell_blocked()
    assert mails_to_bea(mails) == []
    assert "suspension.undone" in db.session.scalars(db.select(Entry.what)).all()
    assert "took back the suspension of Bea" in mod.get("/brands/soda/suspensions").text


def test_who_is_blocked_is_told_once_when_it_is_too_late_to_take_it_back(people, mod, moderator, block, mails):
    block()
    db.session.expire_all()
    a_minute_passes()
    for _twice in range(2):
        tell_blocked()
    assert len(mails_to_bea(mails)) == 1
    with pytest.raises(TooLate):
        take_back("k", moderator)
    db.session.rollback()
    assert suspension_of(people.bea, people.soda.id)


def test_what_stood_there_before_stands_there_again(people, mod, moderator, block, mails):
    before = suspend_person(people.soda, people.bea, people.ana, "Rude words.", 1, "anas-key")
    until = before.until
    db.session.commit()
    sent = len(mails_to_bea(mails))
    block()
    db.session.expire_all()
    assert suspension_of(people.bea, people.soda.id).reason == WHY
    take_back("k", moderator)
    db.session.commit()
    db.session.expire_all()
    there = suspension_of(people.bea, people.soda.id)
    assert (there.reason, there.by, there.until, there.key) == ("Rude words.", people.ana, until, "anas-key")
    a_minute_passes()
    tell_blocked()
    assert len(mails_to_bea(mails)) == sent


def test_who_is_suspended_for_longer_stays_so(people, block, moderator):
    suspend_person(people.soda, people.bea, people.ana, "For good.", None, "anas-key")
    db.session.commit()
    block()
    db.session.expire_all()
    assert suspension_of(people.bea, people.soda.id).until is None
    take_back("k", moderator)
    db.session.commit()
    assert suspension_of(people.bea, people.soda.id).reason == "For good."


def test_a_colleague_takes_back_nobodys_block(people, ana, block):
    block()
    assert ana.post(f"{CONSOLE}/undo", batch="k", headers=PROGRAM).json["said"] == "There is nothing left to take back."
    db.session.expire_all()
    assert suspension_of(people.bea, people.soda.id)


def test_who_was_told_of_nothing_is_not_told_that_it_ended(people, moderator, block, mails):
    block()
    db.session.expire_all()
    lift_suspension(people.soda, people.bea, moderator, "By mistake.", "k")
    db.session.commit()
    assert mails_to_bea(mails) == []


def test_the_second_of_two_clicks_offers_the_same_undo(mod, waiting):
    for _twice in range(2):
        answer = mod.post(f"{CONSOLE}/decisions", case=waiting[1][0], act="approve", key="k", headers=PROGRAM)
        assert (answer.json["said"], answer.json["undo"]) == ("Approved.", "k")
    assert mod.post(f"{CONSOLE}/undo", batch="k", headers=PROGRAM).json["said"] == "Taken back: it waits again."


def test_an_act_that_nobody_did_is_not_taken_back(mod, waiting):
    assert mod.post(f"{CONSOLE}/undo", batch="none", headers=PROGRAM).json["said"] == (
        "There is nothing left to take back."
    )
    mod.post(f"{CONSOLE}/undo", batch="none")
    assert "There is nothing left to take back." in mod.get(f"{CONSOLE}/first").text


def test_what_waits_is_counted_without_ones_own(people, mod, ana, waiting, moderator, suggested, campaign):
    db.session.add(CoAuthor(idea=waiting[0][0], person=moderator))
    db.session.commit()

    def number(browser):
        page = browser.get(f"{CONSOLE}/first").text
        return page.split('class="console__count"')[1].split(">")[1].split("<")[0]

    assert (number(mod), number(ana)) == ("2", "3")
    assert "2 contributions wait for a moderator." in mod.get("/campaigns/soda").text


def test_an_appeal_against_ones_own_decision_is_not_counted(people, mod, ana, moderator, resealable):
    hide(resealable, moderator, WHY)
    appeal(resealable, people.bea, "Why?")
    db.session.commit()
    assert count_waiting(resealable.campaign, moderator)["appeals"] == 0
    assert count_waiting(resealable.campaign, people.ana)["appeals"] == 1
