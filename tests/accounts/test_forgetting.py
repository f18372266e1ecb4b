"""A forgotten password: a link to the mailbox, for an hour, once; and the same words for everybody."""

from datetime import timedelta

import itsdangerous.timed
import pytest

from campaign.accounts.actions import address_to_confirm, change_address, person_to_reset, reset_password
from campaign.accounts.links import LinkOver, make_link
from campaign.accounts.models import Person
from campaign.clock import now
from campaign.extensions import db
from tests.cast import PASSWORD, browser_of

NEW = "seven blue herons"


def test_somebody_chooses_a_new_password(app, nobody, bea, cast, mails):
    phone = browser_of(app, cast["bea"])
    assert nobody.post("/forgotten", email="bea@example.org").location == "/mailbox"
    link = mails.link("bea@example.org")
    assert nobody.get(link).status_code == 200
    assert nobody.post(link, password=NEW).location == "/"
    assert nobody.get("/profile").status_code == 200
    assert bea.get("/profile").status_code == phone.get("/profile").status_code == 302, "signed out everywhere"
    assert mails.to("bea@example.org")[-1]["Subject"] == "Your password was changed"

    nobody.post("/sign-out")
    assert nobody.post("/sign-in", email="bea@example.org", password=PASSWORD).status_code == 422
    assert nobody.post("/sign-in", email="bea@example.org", password=NEW).location == "/"


def test_a_new_password_leads_on_to_where_they_wanted_to_go(nobody, mails):
    assert "/forgotten?next=/brands/soda" in nobody.get("/sign-in?next=/brands/soda").text
    nobody.post("/forgotten", email="bea@example.org", next="/brands/soda")
    assert nobody.post(mails.link("bea@example.org"), password=NEW).location == "/brands/soda"


@pytest.mark.parametrize("away", ["https://elsewhere.example", "//elsewhere.example", "/\\\\elsewhere.example"])
def test_a_new_password_never_leads_away(nobody, mails, away):
    nobody.post("/forgotten", email="bea@example.org", next=away)
    assert nobody.post(mails.link("bea@example.org"), password=NEW).location == "/"


def test_the_answer_is_the_same_for_an_unknown_address(nobody, mails):
    known = nobody.post("/forgotten", email="bea@example.org")
    known_page = nobody.get("/mailbox").text
    unknown = nobody.post("/forgotten", email="who@example.org")
    unknown_page = nobody.get("/mailbox").text
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert main(known_page, "bea@example.org") == main(unknown_page, "who@example.org")
    assert mails.to("who@example.org")[0]["Subject"] == "There is no account for this address"
    assert "/reset/" not in mails.to("who@example.org")[0].as_string()


def main(page, address):
    return page[page.index("<main") : page.index("</main>")].replace(address, "…")


def test_a_link_works_once(nobody, mails):
    nobody.post("/forgotten", email="bea@example.org")
    link = mails.link("bea@example.org")
    nobody.post(link, password=NEW)
    assert nobody.get(link).status_code == 410
    assert nobody.post(link, password="another ten signs").status_code == 410


def test_a_link_lasts_an_hour(nobody, mails, monkeypatch):
    nobody.post("/forgotten", email="bea@example.org")
    link = mails.link("bea@example.org")
    later(monkeypatch, minutes=59)
    assert nobody.get(link).status_code == 200
    later(monkeypatch, minutes=61)
    answer = nobody.get(link)
    assert answer.status_code == 410
    assert "This link no longer works" in answer.text


def later(monkeypatch, **passed):
    moment = (now() + timedelta(**passed)).timestamp()
    monkeypatch.setattr(itsdangerous.timed.TimestampSigner, "get_timestamp", lambda signer: int(moment))


@pytest.mark.parametrize("link", ["/reset/x", "/confirm/x", "/address/x", "/reset/eyJwZXJzb24iOjF9.a.b"])
def test_a_made_up_link_opens_nothing(nobody, link):
    assert nobody.get(link).status_code == nobody.post(link, password=NEW).status_code == 410


def test_a_link_for_one_purpose_serves_no_other(nobody, mails):
    nobody.post("/forgotten", email="bea@example.org")
    token = mails.link("bea@example.org").removeprefix("/reset/")
    assert nobody.post(f"/confirm/{token}").status_code == 410
    assert nobody.post(f"/address/{token}").status_code == 410


def test_a_weak_password_is_refused_and_the_link_still_works(nobody, mails):
    nobody.post("/forgotten", email="bea@example.org")
    link = mails.link("bea@example.org")
    assert "Ten characters or more" in nobody.post(link, password="short").text
    assert "Choose a password." in nobody.post(link, password="").text
    assert "too easy a guess" in nobody.post(link, password="bea@example.org").text
    assert nobody.post(link, password=NEW).location == "/"


def test_somebody_from_an_import_gets_in_by_a_forgotten_password(app, nobody, mails):
    with app.app_context():
        db.session.add(Person(email="erin@example.org", name="Erin"))
        db.session.commit()
    nobody.post("/forgotten", email="erin@example.org")
    nobody.post(mails.link("erin@example.org"), password=NEW)
    nobody.post("/sign-out")
    assert nobody.post("/sign-in", email="erin@example.org", password=NEW).location == "/", "confirmed as well"


def test_a_reset_ends_the_pause_after_wrong_tries(nobody, mails):
    for _ in range(11):
        nobody.post("/sign-in", email="bea@example.org", password="wrong wrong wrong")
    nobody.post("/forgotten", email="bea@example.org")
    nobody.post(mails.link("bea@example.org"), password=NEW)
    nobody.post("/sign-out")
    assert nobody.post("/sign-in", email="bea@example.org", password=NEW).location == "/"


@pytest.mark.parametrize("address", ["bea@example.org", "who@example.org"])
def test_five_links_an_hour_whoever_asks(nobody, mails, address):
    for _ in range(5):
        assert nobody.post("/forgotten", email=address).status_code == 302
    answer = nobody.post("/forgotten", email=address)
    assert answer.status_code == 429
    assert "You can try again in 60 minutes." in answer.text
    assert len(mails.to(address)) == 5


def test_the_way_back_asks_for_an_address(nobody):
    assert "Your e-mail address is needed here." in nobody.post("/forgotten", email="  ").text
    assert "It looks like name@example.org." in nobody.post("/forgotten", email="<b>").text


@pytest.mark.parametrize(
    "address", ["/reset/{}", "/confirm/{}", "/address/{}", "/invitations/{}", "/invitations/{}/refusal"]
)
def test_a_link_that_breaks_is_not_in_the_log(app, nobody, caplog, monkeypatch, address):
    def fall(**kwargs):
        raise RuntimeError("the reason")

    for endpoint in (
        "accounts.reset",
        "accounts.confirm",
        "accounts.new_address",
        "team.invitation",
        "team.refusal",
    ):
        monkeypatch.setitem(app.view_functions, endpoint, fall)
    app.testing = False
    assert nobody.post(address.format("a-secret-token")).status_code == 500
    assert "the reason" in caplog.text
    assert f"Broken at POST {address.format('<token>')}" in caplog.text
    assert "a-secret-token" not in caplog.text


def test_a_link_that_is_followed_twice_in_one_moment_works_once(people, elsewhere):
    token = make_link("reset", people.bea)
    assert person_to_reset(token) is people.bea
    elsewhere(lambda: reset_password(token, NEW))
    with pytest.raises(LinkOver):
        reset_password(token, "nine blue herons")


def test_of_two_links_to_two_addresses_one_works(people, elsewhere):
    first, second = (make_link("address", people.bea, email=f"{name}@example.org") for name in ("first", "second"))
    assert address_to_confirm(second)[0] is people.bea
    elsewhere(lambda: change_address(first))
    with pytest.raises(LinkOver):
        change_address(second)
