"""The console over HTTP: what waits, one act at a time or many at once, who may, and what a repeated or late click does."""

import re

import pytest

from campaign.brands.models import Membership
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import CoAuthor, Idea, Withdrawal
from campaign.moderation.deciding import hide
from campaign.moderation.models import Case
from campaign.moderation.reporting import report
from tests.cast import browser_of
from tests.makers import make_idea, make_person

DECISIONS = "/campaigns/soda/console/decisions"
PROGRAM = {"Accept": "application/json"}


@pytest.fixture
def waiting(app, people, reads_first, suggested):
    """The cases of three ideas of bea's, by their numbers."""
    ideas = [suggested(people.bea, f"A can of kind {number}") for number in range(3)]
    assert all(idea.unseen for idea in ideas)
    return db.session.scalars(db.select(Case.id).order_by(Case.id)).all()


def unseen(app):
    with app.app_context():
        return [idea.unseen for idea in db.session.scalars(db.select(Idea).order_by(Idea.id))]


def test_it_opens_for_moderators_only(app, cast, waiting, ana, mod, bea, nobody, drew):
    for browser, status in ((nobody, 302), (bea, 404), (drew, 404), (mod, 200), (ana, 200)):
        assert browser.get("/campaigns/soda/console/first").status_code == status
        assert browser.post(DECISIONS, case=waiting[0], act="nonsense").status_code == {200: 400}.get(status, status)
    assert "3 contributions wait for a moderator." in mod.get("/campaigns/soda").text
    assert "wait for a moderator" not in bea.get("/campaigns/soda").text


def test_a_case_is_approved_and_the_next_one_is_there(app, mod, waiting):
    page = mod.get(f"/campaigns/soda/console/first?case={waiting[1]}").text
    assert "A can of kind 1" in re.search(r'class="console__words".*?</h2>', page, re.DOTALL).group()
    answer = mod.post(DECISIONS, case=waiting[1], act="approve", read="1", key="k")
    assert answer.status_code == 302
    assert unseen(app) == [True, False, True]
    assert "Take it back" in mod.get(answer.location).text
    assert mod.post("/campaigns/soda/console/undo", batch="k").status_code == 302
    assert unseen(app) == [True, True, True]


def test_several_are_decided_in_one_act(app, mod, waiting):
    answer = mod.post(DECISIONS, data={"case": waiting[:2], "act": "hide", "reason": "Spam."}, headers=PROGRAM)
    assert answer.json["said"] == "2 taken down. Their authors will read why."
    assert unseen(app) == [True, True, True]
    with app.app_context():
        assert db.session.scalars(db.select(Case.verdict).order_by(Case.id)).all() == ["hidden", "hidden", None]
    assert mod.post("/campaigns/soda/console/undo", batch=answer.json["undo"], headers=PROGRAM).status_code == 200
    with app.app_context():
        assert db.session.scalars(db.select(Case.verdict)).all() == [None] * 3


def test_what_a_colleague_decided_is_said_and_the_others_go(app, ana, mod, waiting):
    assert ana.post(DECISIONS, case=waiting[0], act="approve").status_code == 302
    answer = mod.post(DECISIONS, data={"case": waiting, "act": "hide", "reason": "Spam."}, headers=PROGRAM)
    assert answer.json["refused"] == ["Already handled by Ana: approved."]
    assert "2 taken down" in answer.json["said"]
    alone = mod.post(DECISIONS, case=waiting[0], act="hide", reason="Spam.", headers=PROGRAM)
    assert (alone.status_code, alone.json["error"]["code"]) == (409, "already_handled")


def test_taking_down_without_a_reason_is_refused(app, mod, waiting):
    answer = mod.post(DECISIONS, case=waiting[0], act="hide", headers=PROGRAM)
    assert answer.status_code == 422
    assert unseen(app) == [True, True, True]


def test_to_block_takes_all_down_and_suspends(app, mod, bea, waiting):
    assert mod.post(DECISIONS, case=waiting[0], act="hide_all", reason="Spam.").status_code == 302
    with app.app_context():
        assert set(db.session.scalars(db.select(Case.verdict))) == {"hidden"}
    assert "suspended" in bea.get("/campaigns/soda").text


def test_cases_of_another_campaign_are_not_decided_here(app, drew, people, waiting):
    from tests.campaign_cast import stage

    stage(app, brand="elsewhere", slug="theirs")
    assert drew.post("/campaigns/theirs/console/decisions", case=waiting[0], act="approve").status_code == 404
    assert drew.post("/campaigns/theirs/console/claims", case=waiting[0]).status_code == 404
    assert unseen(app) == [True, True, True]


def test_what_was_taken_down_is_put_back_from_its_list(app, mod, nobody, people, moderator, resealable):
    case = hide(resealable, moderator, "It shows a trade mark.")
    db.session.commit()
    page = mod.get("/campaigns/soda/console/hidden").text
    assert "It shows a trade mark." in page
    assert mod.post(DECISIONS, case=case.id, act="put_back", headers=PROGRAM).status_code == 422
    assert mod.post(DECISIONS, case=case.id, act="put_back", reason="It is free.").status_code == 302
    assert nobody.get(resealable.url).status_code == 200
    assert "A can you can reseal" not in mod.get("/campaigns/soda/console/hidden").text


def waits(campaign, author_ids, numbers):
    """As many ideas that wait, of these authors in turn, as if a filter had held every second."""
    for number in numbers:
        idea = Idea(
            campaign_id=campaign.id,
            author_id=author_ids[number % len(author_ids)],
            title=f"A can as number {number} has it",
            text="Look.",
            language="en",
            heat=0.0,
            lot=number,
            withdrawal=Withdrawal(kind="held", reason=""),
        )
        db.session.add(idea)
        db.session.flush()
        filtered = {"cause": "filter", "reasons": [["words", "look"]]} if number % 2 else {"cause": "first"}
        about = {"subject": "idea", "subject_id": idea.id, "idea_id": idea.id, "author_id": idea.author_id}
        db.session.add(Case(campaign_id=campaign.id, **about, **filtered, version="1"))
    db.session.commit()


@pytest.mark.parametrize("sought", ["", "?q=number&kind=idea&cause=filter.words"])
def test_a_thousand_that_wait_cost_as_many_questions_as_ten(people, campaign, mod, moderator, queries, sought):
    authors = [make_person(f"author{number}").id for number in range(40)]

    def ask():
        with queries() as asked:
            page = mod.get(f"/campaigns/soda/console/first{sought}").text
        return len(asked), page.count('class="console__row"')

    waits(campaign, authors, range(10))
    ask()
    few, rows = ask()
    assert rows == (5 if sought else 10)
    waits(campaign, authors, range(10, 1000))
    assert ask() == (few, 50)
    assert few < 40


def test_a_moderator_looks_and_the_others_see_it(app, cast, ana, mod, waiting):
    assert mod.post("/campaigns/soda/console/claims", case=waiting[0]).status_code == 204
    assert "Max looks at it" in ana.get("/campaigns/soda/console/first").text
    assert mod.post("/campaigns/soda/console/claims", left=waiting[0]).status_code == 204
    assert "looks at it" not in ana.get("/campaigns/soda/console/first").text


def test_somebody_may_not_moderate_by_the_address_of_an_idea(app, cast, mod, bea, carl, nobody, soda_idea):
    page = f"/ideas/{soda_idea}/taking-down"
    for browser, status in ((nobody, 302), (carl, 404), (bea, 404), (mod, 200)):
        assert browser.get(page).status_code == status
    assert mod.post(page, reason="").status_code == 422
    assert mod.post(page, reason="Trade mark.").status_code == 302
    assert browser_of(app, cast["carl"]).get(f"/ideas/{soda_idea}").status_code == 410


def test_somebody_of_the_team_does_not_read_who_reported_what_is_theirs(app, people, mod, moderator, ana, campaign):
    idea = make_idea(campaign, moderator, "A can that Max thought of", category=campaign.categories[0])
    report(idea, people.carl, "other", "Max copied it from me.")
    db.session.commit()
    page = ana.get("/campaigns/soda/console/reports").text
    assert "Max copied it from me." in page
    assert "Carl, " in page
    for own in (mod.get("/campaigns/soda/console/reports").text, co_author_of(app, idea)):
        assert "Something else" in own
        assert "Max copied it from me." not in own
        assert "Carl" not in own


def co_author_of(app, idea):
    eve = make_person("eve")
    db.session.add(Membership(brand=idea.campaign.brand, person=eve, role="moderator"))
    idea.coauthors.append(CoAuthor(person=eve, since=now()))
    db.session.commit()
    return browser_of(app, eve.id).get("/campaigns/soda/console/reports").text
