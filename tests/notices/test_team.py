"""Who works for a brand is told what concerns their work, by their wishes as everybody is; and authors what is said to them alone."""

from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.answers.assigning import assign
from campaign.answers.noting import add_note
from campaign.brands.models import Brand, Membership
from campaign.clock import now
from campaign.evaluation.clarifying import answer_clarification, send_back
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.notices.models import Notice
from campaign.notices.words import url_of, words_of
from tests.notices.wished import wishes

BEA, CARL = "bea@example.org", "carl@example.org"
SECRET = "the supplier in Lyon is too dear"


@pytest.fixture
def do(app, cast, soda_idea):
    """`do(act)` has `act(idea, people)` happen, where carl manages soda beside ana."""
    with app.app_context():
        brand = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
        db.session.add(Membership(brand=brand, person_id=cast["carl"], role="manager"))
        db.session.commit()

    def run(act):
        with app.app_context():
            people = {name: db.session.get_one(Person, cast[name]) for name in ("ana", "bea", "carl")}
            act(db.session.get_one(Idea, soda_idea), people)
            db.session.commit()

    return run


def assigned(idea, people):
    assign(idea, people["ana"], people["carl"])


def noted(idea, people):
    mine = add_note(idea, people["carl"], SECRET, "one")
    add_note(idea, people["ana"], f"Yes. {SECRET}", "two", mine.id)
    add_note(idea, people["ana"], f"@Carl: {SECRET}", "three", mine.id)


def asked(idea, people):
    send_back(idea, people["carl"], "Which cap?", now() + timedelta(days=2))
    answer_clarification(idea, people["bea"], "A red one.")


@pytest.mark.parametrize(
    ("act", "whats", "place"),
    [
        (assigned, ["assigned"], "/answer"),
        (noted, ["note_reply", "note"], "/notes"),
        (asked, ["clarified"], "/clarification"),
    ],
)
def test_a_colleague_has_a_notice_and_a_mail_that_can_be_ended(app, cast, do, told, carl, mails, act, whats, place):
    do(act)
    assert told("carl") == [("team", what) for what in whats]
    assert len(mails.to(CARL)) == len(whats)
    for mail in mails.to(CARL):
        assert "/notices/ending/" in mail["List-Unsubscribe"]
        assert "/notices/ending/" in mail.get_body(("plain",)).get_content()
        assert SECRET not in mail.as_string()
    page = carl.get("/notices").text
    assert f'{place}">' in page
    assert SECRET not in page
    with app.app_context():
        for notice in db.session.scalars(db.select(Notice).filter_by(person_id=cast["carl"])):
            assert carl.get(url_of(notice)).status_code == 200
            assert words_of(notice) != "Something has happened."


def test_who_wants_no_mail_of_their_work_has_none(do, told, carl, mails):
    assert carl.post("/profile/notices", data=wishes(team="page")).status_code == 302
    do(assigned)
    assert told("carl") == [("team", "assigned")]
    assert mails.to(CARL) == []


def test_an_author_who_is_asked_something_has_a_notice_too(do, told, bea, mails):
    do(asked)
    assert told("bea") == [("own", "asked")]
    [mail] = mails.to(BEA)
    assert "/notices/ending/" in mail["List-Unsubscribe"]
    assert "Soda asks you something about it." in bea.get("/notices").text
