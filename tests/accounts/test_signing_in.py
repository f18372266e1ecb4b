"""Signing in and out: one sentence for every wrong try, a pause after many, and only local ways on."""

import dataclasses

import pytest

from campaign import settings
from campaign.accounts.access import local_path
from campaign.accounts.models import Person, SignIn
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from tests.cast import PASSWORD, browser_of

WRONG = "This address and this password don’t belong together."


def test_somebody_signs_in_and_out(nobody):
    assert nobody.post("/sign-in", email="Bea@Example.org ", password=PASSWORD).location == "/"
    assert "bea@example.org" in nobody.get("/profile").text
    assert nobody.post("/sign-out").location == "/"
    assert nobody.get("/profile").location.startswith("/sign-in?")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("bea@example.org", "wrong wrong wrong"),
        ("bea@example.org", PASSWORD.upper()),
        ("bea@example.org", PASSWORD + "x" * 10_000_000),
        ("nobody@example.org", PASSWORD),
        ("not an address", PASSWORD),
        ("bea@example.org' --", PASSWORD),
        ("\u202ebea@example.org\x00?", PASSWORD),
    ],
)
def test_a_wrong_try_hears_the_same_whichever_part_is_wrong(nobody, email, password):
    answer = nobody.post("/sign-in", email=email, password=password)
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert PASSWORD not in answer.text


def test_what_is_missing_is_asked_for(nobody):
    answer = nobody.post("/sign-in", email=" ", password="")
    assert answer.status_code == 422
    assert "Your e-mail address is needed here." in answer.text
    assert "Your password is needed here." in answer.text


def test_an_address_without_a_password_opens_to_no_password(app, nobody):
    with app.app_context():
        db.session.add(Person(email="erin@example.org", name="Erin", confirmed_at=now()))
        db.session.commit()
    for password in ("None", " ", PASSWORD, "for the time that it takes"):
        assert WRONG in nobody.post("/sign-in", email="erin@example.org", password=password).text


def test_the_right_password_of_an_unconfirmed_address_sends_the_link_again_and_says_so(app, nobody, mails):
    nobody.post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons")
    answer = nobody.post("/sign-in", email="erin@example.org", password="seven blue herons", next="/brands/soda")
    assert answer.location == "/mailbox"
    assert "Your password is right" in nobody.get("/mailbox").text
    assert nobody.get("/profile").status_code == 302
    assert len(mails.to("erin@example.org")) == 2
    assert nobody.post(mails.link("erin@example.org")).location == "/brands/soda"


def test_ten_wrong_tries_make_a_pause_even_for_the_right_one(nobody, bea):
    for _ in range(10):
        assert WRONG in nobody.post("/sign-in", email="bea@example.org", password="wrong wrong wrong").text
    answer = nobody.post("/sign-in", email="BEA@example.org", password=PASSWORD)
    assert answer.status_code == 429
    assert "You can try again in 15 minutes." in answer.text
    assert 'value="BEA@example.org"' in answer.text
    assert nobody.post("/sign-in", email="carl@example.org", password=PASSWORD).location == "/"
    assert bea.get("/profile").status_code == 200, "who is in stays in"


def test_an_unknown_address_is_counted_like_a_known_one(nobody):
    for _ in range(10):
        nobody.post("/sign-in", email="who@example.org", password="wrong wrong wrong")
    # However it is spelled: ｅ is e to whoever looks up a domain.
    assert "You can try again" in nobody.post("/sign-in", email="Who@ｅxample.org", password=PASSWORD).text


def test_one_place_tries_five_times_as_often_and_good_tries_do_not_count(app, nobody):
    app.extensions["settings"] = dataclasses.replace(settings.of(app), attempts=2)
    for number in range(10):
        assert nobody.post("/sign-in", email="bea@example.org", password=PASSWORD).location == "/"
        nobody.post("/sign-out")
        assert WRONG in nobody.post("/sign-in", email=f"e{number}@example.org", password="wrong wrong").text
    assert "You can try again" in nobody.post("/sign-in", email="carl@example.org", password=PASSWORD).text


def test_a_good_try_ends_the_count_of_an_address(nobody):
    for _ in range(3):
        for _ in range(9):
            nobody.post("/sign-in", email="bea@example.org", password="wrong wrong wrong")
        assert nobody.post("/sign-in", email="bea@example.org", password=PASSWORD).location == "/"
        nobody.post("/sign-out")


def test_a_page_that_needs_somebody_leads_through_signing_in_and_back(nobody):
    door = nobody.get("/profile?from=menu")
    assert door.location == "/sign-in?next=/profile?from%3Dmenu"
    page = nobody.get(door.location).text
    assert "Sign in, and you go on right where you were." in page
    assert 'value="/profile?from=menu"' in page
    answer = nobody.post("/sign-in", email="bea@example.org", password=PASSWORD, next="/profile?from=menu")
    assert answer.location == "/profile?from=menu"


def test_a_form_that_needs_somebody_leads_back_to_the_page_that_held_it(nobody):
    answer = nobody.post("/profile/sign-out-everywhere", headers={"Referer": "http://localhost/brands/soda?a=1"})
    assert answer.location == "/sign-in?next=/brands/soda?a%3D1"
    elsewhere = nobody.post("/profile/sign-out-everywhere", headers={"Referer": "http://evil.example/x"})
    assert elsewhere.location == "/sign-in"


def test_a_program_that_needs_somebody_gets_data(nobody):
    answer = nobody.get("/profile", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "sign_in_first")


@pytest.mark.parametrize(
    "away",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        " //evil.example",
        "evil.example",
        "",
        "/\nSet-Cookie: a=b",
    ],
)
def test_next_never_leads_away(nobody, away):
    assert local_path(away) is None
    page = nobody.get("/sign-in", query_string={"next": away}).text
    assert "evil" not in page[page.index("<main") : page.index("</main>")]
    answer = nobody.post("/sign-in", email="bea@example.org", password=PASSWORD, next=away)
    assert answer.location == "/"


def test_a_referrer_that_is_no_address_leads_nowhere(nobody):
    for method in (nobody.get, nobody.post):
        assert method("/sign-in", headers={"Referer": "http://["}).status_code in (200, 422)
    assert nobody.post("/ideas/1/comments", headers={"Referer": "http://["}).status_code == 302


def test_next_does_not_lead_in_circles(nobody, bea):
    assert bea.get("/sign-in?next=/sign-in").location == "/"
    assert bea.get("/sign-in?next=/sign-out").location == "/", "a form can't be opened as a page"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "http://localhost"}, 302),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 400),
        ({"Origin": "http://elsewhere.example"}, 400),
        ({}, 400),
    ],
)
def test_a_token_from_before_signing_in_is_only_good_on_our_pages(nobody, said, status):
    before = nobody.token()
    nobody.post("/sign-in", email="bea@example.org", password=PASSWORD)
    assert nobody.token() != before
    assert (
        nobody.post("/profile", data={"csrf_token": before, "name": "Bea", "language": "en"}, headers=said).status_code
        == status
    )
    assert nobody.post("/profile", name="Bea", language="en").status_code == 302


OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("ended", [False, True])
def test_what_somebody_left_open_is_not_sent_in_the_name_of_who_signs_in_after_them(
    app, nobody, mails, soda_campaign, ended
):
    nobody.post("/sign-in", email="bea@example.org", password=PASSWORD)
    left_open = nobody.token()
    if ended:  # By another device: this browser was told nothing.
        with app.app_context():
            db.session.execute(db.delete(SignIn))
            db.session.commit()
    nobody.post("/forgotten", email="carl@example.org")
    nobody.post(mails.link("carl@example.org"), password="seven blue herons")
    typed = {
        "csrf_token": left_open,
        "title": "A can that sings when it is empty",
        "text": "So that nobody throws it away.",
    }
    answer = nobody.post("/campaigns/soda/ideas/new", data=typed, headers=OURS)
    assert answer.status_code == 400
    assert "nothing was sent" in answer.text
    assert "A can that sings when it is empty" in answer.text
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Idea)) == 0


def test_what_somebody_left_open_is_still_theirs_when_they_come_back_by_a_new_password(nobody, mails):
    nobody.post("/sign-in", email="bea@example.org", password=PASSWORD)
    left_open = nobody.token()
    nobody.post("/forgotten", email="bea@example.org")
    nobody.post(mails.link("bea@example.org"), password="seven blue herons")
    sent = {"csrf_token": left_open, "name": "Beatrice", "language": "en"}
    assert nobody.post("/profile", data=sent, headers=OURS).status_code == 302


def test_a_token_of_another_session_is_good_nowhere(nobody, carl):
    nobody.post("/sign-in", email="bea@example.org", password=PASSWORD)
    sent = {"csrf_token": carl.token(), "name": "Bea", "language": "en"}
    assert nobody.post("/profile", data=sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 400


def test_signing_in_twice_on_a_device_leaves_one_sign_in(app, nobody, mails):
    nobody.post("/sign-in", email="bea@example.org", password=PASSWORD)
    nobody.post("/forgotten", email="carl@example.org")
    nobody.post(mails.link("carl@example.org"), password="seven blue herons")
    with app.app_context():
        assert [found.person.name for found in db.session.scalars(db.select(SignIn))] == ["Carl"]


def test_the_session_names_nobody(app, cast):
    bea = browser_of(app, cast["bea"])
    with bea.session_transaction() as session:
        assert str(cast["bea"]) != session["_user_id"]
        assert len(session["_user_id"]) >= 43


@pytest.mark.parametrize("address", ["/sign-out", "/profile/sign-out-everywhere"])
def test_signing_out_takes_a_form(bea, address):
    assert bea.get(address).status_code == 405
    assert bea.get("/profile").status_code == 200


def test_a_limit_leaves_nothing_to_put_right(nobody, app):
    for _attempt in range(settings.of(app).attempts):
        wrong = sign_in_wrongly(nobody)
    assert "One thing to put right" in wrong.text
    refused = sign_in_wrongly(nobody)
    assert refused.status_code == 429
    assert "A moment, please" in refused.text
    assert "to put right" not in refused.text


def sign_in_wrongly(browser):
    return browser.post("/sign-in", email="ana@example.org", password="not hers at all")


def test_an_address_gets_no_more_confirmations_by_signing_in_than_by_signing_up(nobody, mails):
    nobody.post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons")
    for _ in range(9):
        answer = nobody.post("/sign-in", email="erin@example.org", password="seven blue herons")
    assert answer.status_code == 429
    assert 'value="erin@example.org"' in answer.text
    assert len(mails.to("erin@example.org")) == 5


@pytest.mark.parametrize("address", ["/sign-out", "/profile/sign-out-everywhere"])
def test_signing_out_leaves_nothing_of_the_person(bea, address):
    bea.post("/forgotten", email="bea@example.org")
    bea.post(address)
    assert bea.get("/mailbox").location == "/sign-in"
    with bea.session_transaction() as session:
        assert not session.keys() - {"_flashes", "csrf_token"}


def test_where_a_mail_went_is_told_once(nobody):
    nobody.post("/forgotten", email="bea@example.org")
    assert "bea@example.org" in nobody.get("/mailbox").text
    assert nobody.get("/mailbox").location == "/sign-in"
