"""An author's news: once in seven days, to those who follow the idea, taken away by authors and moderators."""

from datetime import timedelta

import pytest

from campaign.extensions import db
from campaign.history import Entry
from campaign.notices.models import IdeaUpdate


def write(browser, idea, text="We have built a first one.", key="k1"):
    return browser.post(f"/ideas/{idea}/updates/new", text=text, key=key)


def test_it_stands_on_the_page_and_is_told_to_who_follows_and_nobody_else(bea, carl, told, look, soda_idea):
    carl.post(f"/ideas/{soda_idea}/following")
    for _again in range(2):
        assert write(bea, soda_idea).location == f"/ideas/{soda_idea}#updates"
    look()
    assert carl.get(f"/ideas/{soda_idea}").text.count("We have built a first one.") == 1
    assert told("carl") == [("update", "update")]
    assert told("drew") == []


def test_a_second_within_seven_days_is_refused_and_keeps_the_words(app, bea, soda_idea):
    write(bea, soda_idea)
    refused = write(bea, soda_idea, "And another.", "k2")
    assert refused.status_code == 422
    assert "And another." in refused.text
    with app.app_context():
        db.session.scalars(db.select(IdeaUpdate)).one().at -= timedelta(days=7, seconds=1)
        db.session.commit()
    assert write(bea, soda_idea, "And another.", "k2").status_code == 302


def test_only_its_authors_write(ana, carl, nobody, soda_idea):
    for browser in (ana, carl):
        assert browser.get(f"/ideas/{soda_idea}/updates/new").status_code == 404
        assert write(browser, soda_idea).status_code == 404
    assert nobody.get(f"/ideas/{soda_idea}/updates/new").status_code in (302, 401)


@pytest.mark.parametrize("who", ["bea", "ana"])
def test_its_author_or_a_moderator_takes_it_away(app, ana, bea, carl, told, look, soda_idea, who):
    carl.post(f"/ideas/{soda_idea}/following")
    write(bea, soda_idea)
    look()
    assert carl.get("/updates/1/removal").status_code == 404
    assert {"ana": ana, "bea": bea}[who].post("/updates/1/removal", why="Not about it.").status_code == 302
    assert "We have built" not in carl.get(f"/ideas/{soda_idea}").text
    assert told("carl") == []
    with app.app_context():
        entry = db.session.scalars(db.select(Entry).where(Entry.what == "idea.update_removed")).one()
        assert entry.why == "Not about it."


def test_an_idea_that_was_taken_back_has_no_news(bea, soda_idea):
    bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Said twice.")
    assert write(bea, soda_idea).status_code == 422
