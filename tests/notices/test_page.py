"""The page of notices, the bell, and reading: each person their own."""

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal
from campaign.notices.listing import unread_by
from campaign.notices.models import Notice
from tests.campaign_cast import suggest
from tests.notices.wished import wishes


def note(app, person, campaign, idea=None, what="answered", kind="followed", **more):
    with app.app_context():
        db.session.add(Notice(person_id=person, campaign_id=campaign, idea_id=idea, what=what, kind=kind, **more))
        db.session.commit()


def test_it_is_grouped_by_idea_the_newest_first(app, cast, carl, soda_campaign, soda_idea):
    other = suggest(app, soda_campaign, cast["bea"], "A can that sings")
    note(app, cast["carl"], soda_campaign, soda_idea)
    note(app, cast["carl"], soda_campaign, other, what="withdrawn")
    note(app, cast["carl"], soda_campaign, soda_idea, what="merged")
    page = carl.get("/notices").text
    assert page.index("A can you can reseal") < page.index("A can that sings")
    assert page.count("A can you can reseal</a>") == 1
    assert page.index("It was merged with another idea.") < page.index("Soda answered it.")


def test_the_bell_counts_on_every_page_and_reading_is_safe_to_repeat(app, cast, carl, bea, soda_campaign, soda_idea):
    for _twice in range(2):
        note(app, cast["carl"], soda_campaign, soda_idea)
    assert "Your notices: 2 unread" in carl.get("/").text
    assert "Your notices: 2 unread" in carl.get("/campaigns/soda").text
    assert carl.get("/notices/unread").get_json() == {"unread": 2}
    assert bea.get("/notices/unread").get_json() == {"unread": 0}
    for _again in range(2):
        assert carl.post("/notices/reading", until="1").location == "/notices"
        assert carl.get("/notices/unread").get_json() == {"unread": 1}
    bea.post("/notices/reading", until="2")
    assert carl.get("/notices/unread").get_json() == {"unread": 1}
    carl.post("/notices/reading", about=str(soda_idea), until="2")
    assert carl.get("/notices/unread").get_json() == {"unread": 0}
    assert carl.post("/notices/reading", until="99999999999").status_code == 404


def test_nobody_has_no_notices(nobody, soda_campaign):
    for url in ("/notices", "/notices/unread", "/profile/notices", "/profile/followed"):
        assert nobody.get(url).status_code in (302, 401), url
    assert "header__bell" not in nobody.get("/campaigns/soda").text


def test_what_somebody_may_no_longer_see_is_not_told(app, cast, carl, soda_campaign, soda_idea):
    note(app, cast["carl"], soda_campaign, soda_idea)
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    assert "A can you can reseal" not in carl.get("/notices").text


@pytest.mark.parametrize("by", ["campaign", "idea"])
def test_the_bell_counts_what_the_page_shows(app, cast, carl, soda_campaign, soda_idea, by):
    note(app, cast["carl"], soda_campaign, soda_idea)
    assert carl.get("/notices/unread").get_json() == {"unread": 1}
    with app.app_context():
        if by == "campaign":
            db.session.get_one(Campaign, soda_campaign).visibility = "members"
        else:
            db.session.get_one(Idea, soda_idea).withdrawal = Withdrawal(kind="hidden", reason="")
        db.session.commit()
        assert unread_by([db.session.get_one(Person, cast["carl"])]) == {cast["carl"]: 0}
    assert carl.get("/notices/unread").get_json() == {"unread": 0}
    assert "1 unread" not in carl.get("/").text


def test_pages_follow_each_other_without_a_gap_and_cost_the_same(app, cast, carl, queries, soda_campaign, soda_idea):
    note(app, cast["carl"], soda_campaign, soda_idea)
    carl.get("/notices")
    with queries() as asked:
        carl.get("/notices")
    few = len(asked)
    ideas = [suggest(app, soda_campaign, cast["bea"], f"A can that sings {n}") for n in range(24)]
    for idea in ideas:
        note(app, cast["carl"], soda_campaign, idea)
    with queries() as asked:
        first = carl.get("/notices").text
    assert len(asked) == few
    url = first.split('rel="next" href="')[1].split('"')[0]
    second = carl.get(url).text
    assert [first.count(f'href="/ideas/{idea}"') + second.count(f'href="/ideas/{idea}"') for idea in ideas] == [1] * 24
    assert f'href="/ideas/{soda_idea}"' in second
    assert carl.get("/notices?from=x").status_code == 404


def test_a_page_asks_one_question_more_for_the_bell(app, carl, queries, soda_campaign):
    carl.get("/")
    with queries() as asked:
        carl.get("/")
    assert sum("FROM notice" in question for question in asked) == 1


def test_the_wishes_are_kept_and_nonsense_is_refused(carl, soda_campaign):
    assert carl.post("/profile/notices", data=wishes(own="weekly")).status_code == 302
    page = carl.get("/profile/notices").text
    assert '<option selected value="weekly">' in page.split('id="kind-own"')[1].split("</select>")[0]
    assert carl.post("/profile/notices", data=wishes(own="shouted")).status_code == 422
    assert carl.post("/profile/notices", data=wishes() | {"campaign-99": "nothing"}).status_code == 302
