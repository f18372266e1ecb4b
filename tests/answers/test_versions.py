"""All that an answer has said stays, and everybody reads it."""

from decimal import Decimal

import pytest

from campaign.answers.actions import Words, answer_idea, versions_of
from campaign.answers.models import Answer
from campaign.extensions import db
from tests.answers.conftest import NO, YES


def test_each_change_is_another_version_with_who_made_it(people, resealable):
    answer_idea(resealable, people.ana, Words(YES, "head of shops", Decimal(12000), "partly", "in spring"))
    answer_idea(resealable, people.drew, Words(NO, "head of shops", None, "no"))
    answer_idea(resealable, people.drew, Words(NO, "head of shops", None, "no"))
    db.session.commit()
    first, second = versions_of(resealable)
    assert (first.number, first.text, first.by, first.cost, first.feasible, first.timing) == (
        1,
        YES,
        people.ana,
        Decimal(12000),
        "partly",
        "in spring",
    )
    assert (second.number, second.text, second.by, second.feasible) == (2, NO, people.drew, "no")
    assert (resealable.answer.version, resealable.answer.text) == (2, NO)


def test_what_stood_before_there_were_versions_is_kept_with_the_first_change(people, resealable):
    db.session.add(Answer(idea_id=resealable.id, by=people.ana, text=YES))
    db.session.commit()
    answer_idea(resealable, people.ana, NO)
    db.session.commit()
    assert [version.text for version in versions_of(resealable)] == [YES, NO]


def test_cost_and_what_can_be_done_and_when_stand_under_the_answer(ana, nobody, soda_idea):
    ana.post(f"/ideas/{soda_idea}/answer", text=YES, read="", cost="12000", feasible="partly", timing="By spring")
    page = nobody.get(f"/ideas/{soda_idea}").text
    for words in ("€12,000", "It can be done in part", "By spring"):
        assert words in page


def test_without_them_nothing_is_said_of_them(ana, nobody, soda_idea):
    ana.post(f"/ideas/{soda_idea}/answer", text=YES, read="", cost="", feasible="", timing="")
    assert "letter__facts" not in nobody.get(f"/ideas/{soda_idea}").text


@pytest.mark.parametrize("who", ["ana", "bea", "drew", "nobody"])
def test_everybody_reads_what_it_said_before(request, app, people, resealable, who):
    answer_idea(resealable, people.ana, YES)
    answer_idea(resealable, people.ana, NO)
    db.session.commit()
    reader = request.getfixturevalue(who)
    assert f'href="/ideas/{resealable.id}/answer/versions">2 versions' in reader.get(f"/ideas/{resealable.id}").text
    page = reader.get(f"/ideas/{resealable.id}/answer/versions").text
    assert "in three shops" in page
    assert "the can, and here is why" in page


def test_without_an_answer_there_are_no_versions(ana, soda_idea):
    assert ana.get(f"/ideas/{soda_idea}/answer/versions").status_code == 404
