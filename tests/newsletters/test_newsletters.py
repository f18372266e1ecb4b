"""A brand writes to those who asked for it: ticked by themselves, sent once, ended at one press."""

import re
from datetime import timedelta

import pytest

from campaign import text
from campaign.campaigns.models import Campaign, Stage
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.following import follow
from campaign.newsletters import sending
from campaign.newsletters.actions import mail_to
from campaign.newsletters.models import Newsletter, Subscription
from campaign.newsletters.sending import send_newsletters
from campaign.statuses.actions import set_status
from tests.campaign_cast import stage, suggest
from tests.makers import make_person
from tests.voting import cast_vote

PAGES = "/brands/soda/newsletters"
WORDS = {
    "segment": "everybody",
    "campaign": "0",
    "subject_en": "The can is here",
    "text_en": "We **built** it: [look](https://soda.example/can).",
    "subject_fr": "La canette est là",
    "text_fr": "Nous l’avons **faite**.",
}


@pytest.fixture
def asking(soda_campaign, bea, carl):
    """bea and carl tick the box."""
    for person in (bea, carl):
        assert person.post("/brands/soda/newsletter", wanted="yes").status_code == 302


@pytest.fixture
def send(app):
    """Let the worker look, twice: what it did is not done again."""

    def look():
        with app.app_context():
            for _again in range(2):
                send_newsletters()

    return look


def write(ana, **fields):
    return ana.post(f"{PAGES}/new", **{**WORDS, **fields}).location


def press(ana, url):
    read = re.search(r'name="read" value="([^"]*)"', ana.get(url).text)
    return ana.post(f"{url}/sending", read=read[1] if read else "")


def got(mails, name):
    to = name if "@" in name else f"{name}@example.org"
    return [mail for mail in mails.to(to) if "/newsletters/ending/" in (mail["List-Unsubscribe"] or "")]


def test_nobody_gets_it_who_did_not_tick_it(app, ana, carl, mails, send, soda_idea):
    page = carl.get("/brands/soda").text
    assert 'id="wanted"' in page
    assert not re.search(r'id="wanted"[^>]* checked', page)
    carl.post("/brands/soda/newsletter", wanted="yes")
    assert re.search(r'id="wanted"[^>]* checked', carl.get("/brands/soda").text)
    url = write(ana)
    assert "It goes to 1 person." in ana.get(url).text
    press(ana, url)
    send()
    assert [mail["Subject"] for mail in got(mails, "carl")] == ["The can is here"]
    assert got(mails, "bea") == []  # She has suggested an idea, and ticked nothing.
    assert got(mails, "ana") == []


def test_each_has_it_once_in_their_language_and_both_parts(app, ana, cast, mails, send, asking, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    with app.app_context():
        luc = make_person("luc", language="fr", email="luc@example.org")
        db.session.add(Subscription(brand_id=1, person_id=luc.id))
        db.session.commit()
    url = write(ana)
    assert "It goes to 3 people. English: 2, Français: 1." in ana.get(url).text
    assert press(ana, url).status_code == 302
    assert press(ana, url).status_code == 302  # A second click.
    send()
    for name in ("bea", "carl", "luc"):
        [mail] = got(mails, name)
        text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        if name == "luc":
            assert mail["Subject"] == "La canette est là"
            assert "<strong>faite</strong>" in html
        else:
            assert "look (https://soda.example/can)" in text
            assert 'href="https://soda.example/can"' in html
            assert "<strong>built</strong>" in html
    assert "to 3 people" in ana.get(url).text
    with app.app_context():
        entries = db.session.scalars(db.select(Entry).filter_by(what="newsletter.sent")).all()
        assert [(entry.by_id, entry.details["recipients"]) for entry in entries] == [(cast["ana"], 3)]


def test_a_crash_amid_a_batch_neither_loses_nor_doubles_one(app, ana, mails, asking, send, monkeypatch):
    press(ana, write(ana))
    mailed = []

    def fail_at_second(person, *rest, **more):
        mailed.append(person.name)
        if len(mailed) == 2:
            raise RuntimeError("the power is gone")
        mail_to(person, *rest, **more)

    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(sending, "mail_to", fail_at_second)
        with pytest.raises(RuntimeError):
            send_newsletters()
        db.session.rollback()
    assert (got(mails, "bea"), got(mails, "carl")) == ([], [])
    send()
    assert (len(got(mails, "bea")), len(got(mails, "carl"))) == (1, 1)


def test_one_press_in_the_mail_ends_it_without_signing_in(app, ana, nobody, mails, asking, send):
    press(ana, write(ana))
    send()
    [mail] = got(mails, "bea")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<https?://[^/]+(/\S+)>", mail["List-Unsubscribe"])[1]
    assert address in mail.get_body(("plain",)).get_content()
    assert nobody.get(address).status_code == 200
    press(ana, write(ana, key="another", subject_en="More"))
    # As a mail program sends it: no cookie, no token of a form. It has left the brand, and the worker has not looked yet.
    for _again in range(2):
        said = app.test_client(use_cookies=False).post(address, data={"List-Unsubscribe": "One-Click"})
        assert "sends you no newsletter any more" in said.text
    send()
    assert len(got(mails, "bea")) == 1
    assert len(got(mails, "carl")) == 2
    assert nobody.get("/newsletters/ending/made-up").status_code == 410


@pytest.mark.parametrize(
    ("segment", "campaign", "who"),
    [
        ("everybody", "soda", {"bea", "carl", "drew", "eve"}),
        ("participants", "soda", {"bea", "carl"}),
        ("participants", None, {"bea", "carl", "eve"}),
        ("accepted", None, {"bea"}),
        ("followers", "soda", {"drew"}),
        ("followers", "other", set()),
    ],
)
def test_it_goes_to_those_who_did_something(app, ana, people, campaign, resealable, mails, send, segment, who, request):
    other = stage(app, slug="other")
    eve = make_person("eve", email="eve@example.org")
    db.session.commit()
    suggest(app, other, eve.id)
    cast_vote(resealable, people.carl, "a-vote")
    follow(people.drew, resealable)
    set_status(resealable, people.ana, "planned", "Good.", freely=True)
    for person in (people.bea, people.carl, people.drew, eve):
        db.session.add(Subscription(brand_id=people.soda.id, person_id=person.id))
    db.session.commit()
    of = request.node.callspec.params["campaign"]
    number = db.session.scalar(db.select(Campaign.id).filter_by(slug=of)) if of else 0
    url = write(ana, segment=segment, campaign=str(number))
    assert press(ana, url).status_code == (302 if who else 409)
    send()
    assert {name for name in ("ana", "bea", "carl", "drew", "eve") if got(mails, name)} == who


def test_while_counts_are_sealed_it_counts_no_voters(app, ana, people, campaign, resealable):
    cast_vote(resealable, people.carl, "a-vote")
    db.session.add(Subscription(brand_id=people.soda.id, person_id=people.carl.id))
    for one in db.session.scalars(db.select(Stage)):
        one.shows_counts = "ended"
    db.session.commit()
    url = write(ana, segment="participants")
    assert "Nobody among these people has asked" in ana.get(url).text
    for one in db.session.scalars(db.select(Stage)):
        one.shows_counts = "always"
    db.session.commit()
    assert "It goes to 1 person." in ana.get(url).text


def test_two_leave_within_seven_days_and_no_more(app, ana, mails, asking, send):
    urls = [write(ana, key=f"key-{number}") for number in range(3)]
    assert [press(ana, url).status_code for url in urls] == [302, 302, 409]
    assert "Two were sent within seven days" in ana.get(urls[2]).text
    send()
    assert len(got(mails, "bea")) == 2
    with app.app_context():
        db.session.get_one(Newsletter, 1).sent_at = now() - timedelta(days=7)
        db.session.commit()
    assert press(ana, urls[2]).status_code == 302


def test_a_test_goes_to_who_asks_for_it_alone(ana, mails, asking):
    url = write(ana)
    ana.post(f"{url}/test")
    english, french = got(mails, "ana")
    assert english["Subject"] == "Test: The can is here"
    assert french["Subject"].endswith("La canette est là")
    assert got(mails, "bea") == []
    assert "Draft" in ana.get(PAGES).text


def test_it_is_sent_as_it_was_read_and_stays_so(app, ana, asking):
    url = write(ana)
    read = re.search(r'name="read" value="([^"]*)"', ana.get(url).text)[1]
    ana.post(f"{url}/words", **{**WORDS, "text_en": "Something else."})
    assert ana.post(f"{url}/sending", read=read).status_code == 409
    press(ana, url)
    assert "It was sent, and stays as it is." in ana.post(f"{url}/words", **WORDS).text
    assert ana.post(f"{url}/removal").status_code == 409
    assert "Something else." in ana.get(url).text


def test_it_leaves_in_every_language_or_not_at_all(ana, asking):
    url = write(ana, text_fr="")
    assert "still wanting in a language" in ana.get(url).text
    assert press(ana, url).status_code == 409
    assert write(ana, key="k") == write(ana, key="k")  # A second click keeps one draft.


def test_the_tick_stands_in_the_profile_too(app, ana, bea, carl, soda_idea, queries):
    assert "Soda" in bea.get("/profile/newsletters").text  # She has suggested an idea there.
    assert "Soda" not in carl.get("/profile/newsletters").text.partition("<main")[2]
    bea.post("/profile/newsletters", brands="1")
    with queries() as asked:
        page = bea.get("/profile/newsletters").text
    assert re.search(r'name="brands"[^>]* checked|checked[^>]* name="brands"', page)
    assert len(asked) < 12
    bea.post("/profile/newsletters")
    with app.app_context():
        assert db.session.scalars(db.select(Subscription)).all() == []
    carl.post("/profile/newsletters", brands="1")  # What was not offered.
    with app.app_context():
        assert db.session.scalars(db.select(Subscription)).all() == []


@pytest.mark.parametrize(("who", "status"), [("bea", 404), ("drew", 404), ("nobody", 302)])
def test_only_who_manages_the_brand_writes_them(request, ana, asking, who, status):
    url = write(ana)
    browser = request.getfixturevalue(who)
    for page in (PAGES, f"{PAGES}/new", url, f"{url}/words"):
        assert browser.get(page).status_code == status, page
    for act in ("test", "sending", "removal", "words"):
        assert browser.post(f"{url}/{act}").status_code == status, act
    assert ana.get("/brands/elsewhere/newsletters").status_code == 404
    assert ana.get(url.replace("soda", "elsewhere")).status_code == 404


def test_its_text_is_made_once_for_each_language_before_anything_is_held(
    app, ana, mails, asking, drew, send, monkeypatch
):
    drew.post("/brands/soda/newsletter", wanted="yes")
    press(ana, write(ana, text_en="We built **it**, and this is new."))
    done, begin, parse = [], sending.begin_writing, text._markdown.parse
    with monkeypatch.context() as patch:
        patch.setattr(sending, "begin_writing", lambda: done.append("held") or begin())
        patch.setattr(text._markdown, "parse", lambda *words: done.append("parsed") or parse(*words))
        send()
    assert len(got(mails, "drew")) == 1
    assert "parsed" in done
    assert "parsed" not in done[done.index("held") :]
