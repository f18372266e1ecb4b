"""An author's news: once in seven days, to those who follow the idea, taken away by authors and moderators."""

from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.clock import now
from campaign.extensions import db
from campaign.filters.choosing import Chosen, choose
from campaign.filters.gating import Gates, choose_gates
from campaign.history import Entry
from campaign.notices import spreading
from campaign.notices.models import IdeaUpdate, NoticeNews


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


def test_taken_away_before_everybody_was_told_it_is_told_no_more(
    app, ana, bea, carl, drew, told, look, monkeypatch, soda_idea
):
    for follower in (carl, drew):
        follower.post(f"/ideas/{soda_idea}/following")
    write(bea, soda_idea)
    with app.app_context(), monkeypatch.context() as patch:
        patch.setattr(spreading, "AT_ONCE", 1)
        news = db.session.scalars(db.select(NoticeNews).where(NoticeNews.what == "update")).one()
        spreading._tell_some(news)  # The worker comes as far as the first.
        db.session.commit()
    assert len(told("carl")) == 1
    assert ana.post("/updates/1/removal", why="Not about it.").status_code == 302
    look()
    assert told("carl") == told("drew") == []


@pytest.fixture
def chosen(app, cast):
    """`chosen(coarse=True)`: what soda's filters look for; `chosen(gates=…)`: and its gates. bea is new."""

    def begin(gates=None, **filters):
        with app.app_context():
            brand = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
            ana, bea = db.session.get_one(Person, cast["ana"]), db.session.get_one(Person, cast["bea"])
            bea.joined_at = now() - timedelta(days=2)
            choose(brand, ana, Chosen(**filters))
            choose_gates(brand, ana, gates or Gates())
            db.session.commit()

    return begin


def test_who_may_set_no_links_yet_sets_none_in_news_either(app, bea, carl, told, look, chosen, soda_idea):
    carl.post(f"/ideas/{soda_idea}/following")
    chosen(Gates(links="trusted"))
    refused = write(bea, soda_idea, "Buy it at https://shop.example/cans.")
    assert refused.status_code == 422
    assert "take out “shop.example”" in refused.text
    assert "Buy it at https://shop.example/cans." in refused.text  # Their words are still there.
    look()
    assert told("carl") == []
    assert write(bea, soda_idea).status_code == 302


@pytest.mark.parametrize(
    ("words", "say"),
    [
        ("This is shit.", "Say it without: “shit”."),
        ("See https://evil.example.", "Say it without: “evil.example”."),
        ("Better than all RIVALS!", "Say it in other words."),  # Nobody reads the brand's own list.
        ("Better than the shit of all rivals!", "Say it in other words."),
    ],
)
def test_what_a_filter_would_hold_is_refused_with_what_to_do(bea, carl, told, look, soda_idea, words, say, chosen):
    carl.post(f"/ideas/{soda_idea}/following")
    chosen(words=("rival*",), coarse=True, links=True)
    refused = write(bea, soda_idea, words)
    assert refused.status_code == 422
    assert say in refused.text
    assert "rival*" not in refused.text
    look()
    assert told("carl") == []
    assert write(bea, soda_idea).status_code == 302  # It did not count as sent.
