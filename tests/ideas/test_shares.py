"""So many ideas from each person, where a campaign says so: told before, and never one more."""

import threading

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.actions import restore_idea, submit_idea, withdraw_idea
from campaign.ideas.models import Idea
from campaign.ideas.shares import AllIdeasGiven
from tests.ideas.asking import typed

NEW = "/campaigns/soda/ideas/new"


@pytest.fixture
def of_each(app, soda_campaign):
    """Let everybody give so many ideas to the campaign."""

    def limit(most):
        with app.app_context():
            db.session.get_one(Campaign, soda_campaign).ideas_each = most
            db.session.commit()

    return limit


def suggest(browser, number):
    return browser.post(NEW, **typed(key=f"key {number}", title=f"Idea with the number {number * 1111}"))


def test_it_is_told_before_and_said_no_after(carl, bea, nobody, of_each):
    of_each(2)
    assert "up to 2 from each person" in nobody.get("/campaigns/soda/brief").text
    assert "You have suggested 0 of 2 ideas." in carl.get(NEW).text
    assert suggest(carl, 1).status_code == 302
    assert "You have suggested 1 of 2 ideas." in carl.get(NEW).text
    assert suggest(carl, 2).status_code == 302
    assert suggest(carl, 2).status_code == 302  # Sent again, it is the one that stands there.
    page = suggest(carl, 3)
    assert page.status_code == 422
    assert "Everybody can give 2 ideas here" in page.text
    assert "Idea with the number 3333" in page.text
    assert carl.get(NEW).status_code == 409
    assert suggest(bea, 4).status_code == 302


def test_what_was_taken_back_leaves_its_place_and_comes_back_to_a_free_one(people, campaign):
    campaign.ideas_each, can = 1, campaign.categories[0]
    idea = submit_idea(campaign, people.carl, "A can you can reseal", language="en", category=can)
    withdraw_idea(idea, people.carl, "Said better elsewhere.")
    other = submit_idea(campaign, people.carl, "A can that floats", language="en", category=can)
    with pytest.raises(AllIdeasGiven):
        restore_idea(idea, people.carl)
    withdraw_idea(other, people.carl, "No.")
    restore_idea(idea, people.carl)
    assert not idea.withdrawn


def test_fifty_at_once_leave_exactly_the_allowance(app, cast, of_each, soda_campaign):
    of_each(3)
    results = []

    def send(number):
        with app.app_context():
            campaign, carl = db.session.get_one(Campaign, soda_campaign), db.session.get_one(Person, cast["carl"])
            try:
                title = f"Idea with the number {number * 1111}"
                submit_idea(campaign, carl, title, language="en", category=campaign.categories[0], key=f"key {number}")
                db.session.commit()
                results.append("kept")
            except Refused as refusal:
                db.session.rollback()
                results.append(refusal.code)
            except Exception as error:
                results.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(1, 51)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == ["all_ideas_given"] * 47 + ["kept"] * 3
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Idea.id))) == 3
