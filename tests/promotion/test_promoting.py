"""Tools for an idea's authors: who has them, from when on, and never so that one tells a sealed figure."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import CoAuthor, Idea, Withdrawal
from campaign.promotion.links import code_of, idea_of, networks
from campaign.promotion.unlocking import Marks, ToolLocked, check_unlocked, choose_marks, marks_of, tools_of


def age(idea, days):
    idea.submitted_at = now() - timedelta(days=days)
    db.session.commit()


def unlocked(idea, person):
    return [tool.key for tool in tools_of(idea, person) if tool.unlocked]


def test_marks_unlock_by_supporters_or_days_whichever_is_first(people, resealable):
    assert unlocked(resealable, people.bea) == ["links"]
    resealable.votes = 10
    assert unlocked(resealable, people.bea) == ["links", "kit"]
    resealable.votes = 25
    assert unlocked(resealable, people.bea) == ["links", "kit", "poster"]
    resealable.votes = 0
    age(resealable, 7)
    assert unlocked(resealable, people.bea) == ["links", "kit"]
    age(resealable, 14)
    assert unlocked(resealable, people.bea) == ["links", "kit", "poster"]


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_under_seal_only_days_speak(people, campaign, resealable, seal):
    campaign.stages[0].shows_counts = seal
    db.session.commit()
    resealable.votes = 25
    assert unlocked(resealable, people.bea) == ["links"]
    with pytest.raises(ToolLocked) as refused:
        check_unlocked(resealable, people.bea, "poster")
    assert "only the days speak" in str(refused.value.message)
    age(resealable, 14)
    assert unlocked(resealable, people.bea) == ["links", "kit", "poster"]


def test_a_campaign_sets_its_own_marks(people, campaign, resealable):
    marks = {"links": Marks(0, None), "kit": Marks(3, None), "poster": Marks(None, None)}
    for _time in range(2):
        choose_marks(campaign, people.ana, marks)
        db.session.commit()
    assert marks_of(campaign) == marks
    assert db.session.scalar(db.select(db.func.count()).where(Entry.what == "promotion.changed")) == 1
    assert [tool.key for tool in tools_of(resealable, people.bea)] == ["links", "kit"]
    age(resealable, 100)
    assert unlocked(resealable, people.bea) == ["links"]
    with pytest.raises(ToolLocked):
        check_unlocked(resealable, people.bea, "poster")


@pytest.mark.parametrize("number", [1, 35, 36, 1295, 1296, 2**31 - 1])
def test_a_short_link_leads_to_one_idea(number):
    code = code_of(Idea(id=number))
    assert len(code) <= 6
    assert idea_of(code) == idea_of(code.upper()) == number


@pytest.mark.parametrize("code", ["", "-1", "é", "1234567", "a b", "１"])
def test_what_is_no_short_link_leads_nowhere(code):
    assert idea_of(code) == 0


def test_links_to_networks_hold_the_words_and_nothing_of_theirs():
    for network in networks("https://example.org/i/1", "“A & B”"):
        assert network.url.startswith("https://")
        assert "https%3A%2F%2Fexample.org%2Fi%2F1" in network.url
        assert " " not in network.url
        assert "A & B" not in network.url


@pytest.fixture
def grown(app, soda_idea):
    """bea's idea, two weeks old: all tools are there."""
    with app.app_context():
        age(db.session.get_one(Idea, soda_idea), 14)
    return soda_idea


FILES = ("", "/mail-en.txt", "/mail-fr.eml", "/poster-fr.pdf")


def test_only_its_authors_come_here(app, ana, bea, carl, drew, nobody, cast, grown):
    with app.app_context():
        db.session.add(CoAuthor(idea_id=grown, person_id=cast["carl"]))
        db.session.commit()
    for file in FILES:
        url = f"/ideas/{grown}/promotion{file}"
        assert nobody.get(url).status_code == 302
        for stranger in (ana, drew):
            assert stranger.get(url).status_code == 404
        for author in (bea, carl):
            assert author.get(url).status_code == 200
    link = f"/ideas/{grown}/promotion"
    assert link in bea.get(f"/ideas/{grown}").text
    assert link not in ana.get(f"/ideas/{grown}").text
    assert bea.get(f"/ideas/{grown}/promotion/mail-xx.txt").status_code == 404


def test_what_is_locked_says_what_unlocks_it(bea, soda_idea):
    page = bea.get(f"/ideas/{soda_idea}/promotion").text
    assert "Unlocks with 10 supporters, or 7 days after you suggested it." in page
    assert "/poster-en.pdf" not in page
    refused = bea.get(f"/ideas/{soda_idea}/promotion/poster-en.pdf")
    assert refused.status_code == 409
    assert "Unlocks with 25 supporters, or 14 days after you suggested it." in refused.text


def test_an_idea_that_left_the_board_is_not_promoted(app, bea, grown):
    with app.app_context():
        db.session.get_one(Idea, grown).withdrawal = Withdrawal(reason="No more.")
        db.session.commit()
    assert bea.get(f"/ideas/{grown}/promotion").status_code == 409
    assert "/promotion" not in bea.get(f"/ideas/{grown}").text


def test_the_short_link_goes_through_the_ideas_own_door(app, carl, nobody, soda_idea, soda_campaign):
    with app.app_context():
        code = code_of(db.session.get_one(Idea, soda_idea))
    assert nobody.get(f"/i/{code}").location == f"/ideas/{soda_idea}"
    assert nobody.get("/i/zzzzzz").status_code == nobody.get("/i/none-of-ours").status_code == 404
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    for stranger in (carl, nobody):
        assert stranger.get(f"/i/{code}").status_code == 404


def test_the_mail_says_who_asks_in_each_language_of_the_campaign(app, bea, cast, grown):
    with app.app_context():
        db.session.get_one(Person, cast["bea"]).name = "Béa & Co"
        db.session.commit()
    page = bea.get(f"/ideas/{grown}/promotion").text
    assert "The can of tomorrow" in page
    assert "La canette de demain" in page
    text = bea.get(f"/ideas/{grown}/promotion/mail-en.txt").get_data(as_text=True)
    assert text.startswith("My idea for Soda: “A can you can reseal”\n")
    assert "Béa & Co" in text
    assert "A vote is free" in text
    assert "/i/" in text
    draft = message_from_bytes(bea.get(f"/ideas/{grown}/promotion/mail-en.eml").data, policy=policy.default)
    assert draft["Subject"] == "My idea for Soda: “A can you can reseal”"
    assert draft["To"] is None
    assert "Béa & Co" in draft.get_content()


def test_a_title_writes_no_header_of_the_mail(app, bea, grown):
    with app.app_context():
        db.session.get_one(Idea, grown).title = "é" * 60 + " =?utf-8?q?x=0D=0ABcc=3A_eve@example.org?="
        db.session.commit()
    draft = message_from_bytes(bea.get(f"/ideas/{grown}/promotion/mail-en.eml").data)
    assert draft["Bcc"] is None


def test_the_marks_are_set_on_a_page_of_the_campaign(app, ana, carl, drew, nobody, soda_campaign):
    url = "/campaigns/soda/promotion"
    form = {"links_supporters": "0", "links_days": "", "kit_supporters": "5", "kit_days": "", "poster_supporters": ""}
    assert nobody.get(url).status_code == 302
    for stranger in (carl, drew):
        assert stranger.get(url).status_code == stranger.post(url, **form).status_code == 404
    assert ana.post(url, **form, poster_days="-1").status_code == 422
    assert ana.post(url, **form, poster_days="").location == url
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        assert marks_of(campaign) == {"links": Marks(0, None), "kit": Marks(5, None), "poster": Marks(None, None)}
    assert "changed when authors get which tools" in ana.get("/campaigns/soda/history").text


def test_a_refusal_tells_no_figure(people, resealable):
    resealable.votes = 9
    with pytest.raises(Refused) as refused:
        check_unlocked(resealable, people.bea, "kit")
    assert "9" not in str(refused.value.message)
