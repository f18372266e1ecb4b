"""An idea is somebody's to answer: they are told, and nobody takes it over a colleague's head."""

import re

import pytest

from campaign.answers.assigning import NotAColleague, TakenMeanwhile, assign, stamp_of_assignment
from campaign.answers.models import Assignment
from campaign.brands.models import Membership
from campaign.extensions import db
from campaign.history import Entry


@pytest.fixture
def colleagues(people, campaign):
    """carl and drew answer for soda too."""
    for person in (people.carl, people.drew):
        db.session.add(Membership(brand=people.soda, person=person, role="manager"))
    db.session.commit()
    return people


def whose():
    return db.session.scalars(db.select(Assignment)).one_or_none()


def test_whom_it_is_given_to_has_one_mail_and_the_act_is_written_down(colleagues, resealable, mails):
    assign(resealable, colleagues.ana, colleagues.carl)
    db.session.commit()
    assign(resealable, colleagues.ana, colleagues.carl)
    db.session.commit()
    [mail] = mails.to("carl@example.org")
    assert mail["Subject"] == "Yours to answer: “A can you can reseal”"
    assert mails.link("carl@example.org") == f"/ideas/{resealable.id}/answer"
    [entry] = db.session.scalars(db.select(Entry))
    assert (entry.what, entry.by_id, entry.details["person"]) == (
        "idea.assigned",
        colleagues.ana.id,
        colleagues.carl.id,
    )


def test_who_takes_it_themselves_needs_no_mail(colleagues, resealable, mails):
    assign(resealable, colleagues.carl, colleagues.carl)
    db.session.commit()
    assert mails.to("carl@example.org") == []


def test_one_that_a_colleague_took_meanwhile_is_refused_with_who_has_it(colleagues, resealable):
    assign(resealable, colleagues.carl, colleagues.carl, "")
    db.session.commit()
    with pytest.raises(TakenMeanwhile) as refused:
        assign(resealable, colleagues.ana, colleagues.drew, "")
    assert str(refused.value.message).startswith("Carl has it by now (Carl said so).")
    db.session.rollback()
    assert whose().person == colleagues.carl
    assign(resealable, colleagues.ana, colleagues.drew, stamp_of_assignment(whose()))
    assert whose().person == colleagues.drew


def test_given_back_it_is_nobodys(colleagues, resealable):
    assign(resealable, colleagues.ana, colleagues.carl)
    assign(resealable, colleagues.ana, None)
    db.session.commit()
    assert whose() is None
    assign(resealable, colleagues.ana, None)


def test_only_who_answers_here_can_be_asked_to(people, resealable):
    with pytest.raises(NotAColleague):
        assign(resealable, people.ana, people.bea)


@pytest.mark.parametrize("role", ["moderator", "evaluator", "analyst"])
def test_a_role_that_answers_nothing_is_not_asked_to(people, resealable, role):
    db.session.add(Membership(brand=people.soda, person=people.carl, role=role))
    db.session.commit()
    with pytest.raises(NotAColleague):
        assign(resealable, people.ana, people.carl)


def test_on_its_page_the_team_reads_whose_it_is_and_nobody_else(app, ana, bea, nobody, joins, cast, soda_idea):
    joins("carl")
    page = ana.get(f"/ideas/{soda_idea}/assignment").text
    stamp = re.search(r'name="read"[^>]* value="([^"]*)"', page)[1]
    answer = ana.post(f"/ideas/{soda_idea}/assignment", person=cast["carl"], read=stamp)
    assert answer.location == f"/ideas/{soda_idea}#team"
    assert "Carl" in ana.get(f"/ideas/{soda_idea}").text
    for reader in (bea, nobody):
        page = reader.get(f"/ideas/{soda_idea}").text
        assert "Carl" not in page
        assert "For your team" not in page


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bea", 404), ("carl", 404), ("drew", 404), ("nobody", 302)])
def test_only_who_answers_assigns(request, cast, who, status, soda_idea):
    person = request.getfixturevalue(who)
    assert person.get(f"/ideas/{soda_idea}/assignment").status_code == status
    if who != "ana":
        assert person.post(f"/ideas/{soda_idea}/assignment", person=cast["ana"]).status_code == status
