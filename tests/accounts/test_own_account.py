"""One's own account: name, language, password, address, devices; and how pages speak and look."""

import pytest

from campaign.accounts.access import person_of
from campaign.accounts.models import Person
from campaign.extensions import db
from tests.cast import PASSWORD, browser_of
from tests.makers import make_token

NEW = "seven blue herons"


def row(app, person_id):
    with app.app_context():
        return db.session.get_one(Person, person_id)


def test_somebody_changes_name_and_language(app, bea, cast):
    answer = bea.post("/profile", name=" Béa  L. ", language="fr")
    assert answer.location == "/profile"
    assert (row(app, cast["bea"]).name, row(app, cast["bea"]).language) == ("Béa L.", "fr")
    assert '<html lang="fr"' in bea.get("/profile").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " ", "language": "en"}, "What shall we call you?"),
        ({"name": "B" * 61, "language": "en"}, "60 characters at most, and this has 61."),
        ({"name": "http://x.example", "language": "en"}, "A name, please, not an address."),
    ],
)
def test_a_profile_says_what_it_can_not_take(app, bea, cast, typed, sentence):
    answer = bea.post("/profile", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert row(app, cast["bea"]).name == "Bea"


def test_a_language_that_we_do_not_speak_changes_nothing(app, bea, cast):
    assert bea.post("/profile", name="Bea", language="xx").status_code == 422
    assert row(app, cast["bea"]).language == "en"


def test_a_new_password_takes_the_present_one_and_signs_the_others_out(app, bea, cast, mails):
    phone = browser_of(app, cast["bea"])
    refused = bea.post("/profile/password", present_password="wrong", password=NEW)
    assert refused.status_code == 422
    assert "This isn’t your present password." in refused.text
    assert NEW not in refused.text

    assert bea.post("/profile/password", present_password=PASSWORD, password=NEW).location == "/profile"
    assert bea.get("/profile").status_code == 200
    assert phone.get("/profile").status_code == 302
    assert mails.to("bea@example.org")[-1]["Subject"] == "Your password was changed"
    assert phone.post("/sign-in", email="bea@example.org", password=NEW).location == "/"


@pytest.mark.parametrize("weak", ["short", "1234567890", "bea@example.org", "x" * 201])
def test_a_new_password_is_checked_like_the_first(bea, weak):
    assert bea.post("/profile/password", present_password=PASSWORD, password=weak).status_code == 422
    bea.post("/sign-out")
    assert bea.post("/sign-in", email="bea@example.org", password=PASSWORD).location == "/"


def test_an_open_browser_can_not_guess_the_password(bea):
    for _ in range(10):
        bea.post("/profile/password", present_password="wrong", password=NEW)
    assert "You can try again" in bea.post("/profile/password", present_password=PASSWORD, password=NEW).text


def test_an_address_changes_when_its_mailbox_agrees(app, bea, cast, mails):
    assert bea.post("/profile/address", email="Bea@New.example", present_password=PASSWORD).location == "/mailbox"
    assert row(app, cast["bea"]).email == "bea@example.org"
    link = mails.link("bea@new.example")
    assert "bea@new.example" in bea.get(link).text
    assert row(app, cast["bea"]).email == "bea@example.org"
    bea.post(link)
    assert row(app, cast["bea"]).email == "bea@new.example"
    assert mails.to("bea@example.org")[-1]["Subject"] == "Your address was changed"
    assert bea.post(link).status_code == 410


def test_an_address_of_somebody_else_stays_theirs_and_the_asker_sees_no_difference(app, bea, cast, mails):
    free = bea.post("/profile/address", email="bea@new.example", present_password=PASSWORD)
    taken = bea.post("/profile/address", email="carl@example.org", present_password=PASSWORD)
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert mails.to("carl@example.org")[0]["Subject"] == "You already have an account"
    assert "/address/" not in mails.to("carl@example.org")[0].as_string()


def test_an_address_taken_in_the_meantime_is_not_taken_away(app, bea, carl, cast, mails):
    bea.post("/profile/address", email="new@example.org", present_password=PASSWORD)
    bea_link = mails.link("new@example.org")
    carl.post("/profile/address", email="new@example.org", present_password=PASSWORD)
    carl.post(mails.link("new@example.org"))
    answer = bea.post(bea_link)
    assert answer.status_code == 422
    assert "belongs to another account by now" in answer.text
    assert row(app, cast["bea"]).email == "bea@example.org"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "", "present_password": PASSWORD}, "Your e-mail address is needed here."),
        ({"email": "bea", "present_password": PASSWORD}, "It looks like name@example.org."),
        ({"email": "BEA@example.org", "present_password": PASSWORD}, "This is your address already."),
        ({"email": "b@new.example", "present_password": "wrong"}, "This isn’t your present password."),
        ({"email": "b@new.example", "present_password": ""}, "Your password is needed here."),
    ],
)
def test_an_address_that_can_not_be_asked_for(bea, mails, typed, sentence):
    answer = bea.post("/profile/address", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not mails.to("b@new.example")


def test_what_is_wrong_with_an_address_and_a_password_is_said_at_once(bea):
    page = bea.post("/profile/address", email="bea@example.org", present_password="").text
    assert "This is your address already." in page
    assert "Your password is needed here." in page
    page = bea.post("/profile/password", present_password="", password="short").text
    assert page.index('href="#present_password"') < page.index('href="#password"'), "in the order of the page"


def test_signing_out_everywhere_ends_every_device(app, bea, carl, cast):
    phone = browser_of(app, cast["bea"])
    assert bea.get("/profile").text.count("since ") == 2
    assert "This device" in bea.get("/profile").text
    assert bea.post("/profile/sign-out-everywhere").location == "/sign-in"
    assert "You are signed out everywhere, on all 2 devices." in bea.get("/sign-in").text
    assert bea.get("/profile").status_code == phone.get("/profile").status_code == 302
    assert carl.get("/profile").status_code == 200


@pytest.mark.parametrize("out", ["/sign-out", "/profile/sign-out-everywhere"])
def test_whoever_signs_out_goes_on_in_their_language(bea, out):
    bea.post("/profile", name="Bea", language="fr")
    bea.delete_cookie("language")  # They chose it on another device.
    answer = bea.post(out)
    assert 'lang="fr"' in bea.get(answer.location).text


def test_signing_out_everywhere_ends_what_programs_hold(app, people, bea):
    tokens = [make_token(person) for person in (people.bea, people.carl)]
    db.session.commit()
    bea.post("/profile/sign-out-everywhere")
    db.session.rollback()
    assert [person_of(f"token:{token}") for token in tokens] == [None, people.carl]


def test_a_copied_cookie_dies_with_the_sign_in(app, bea):
    with bea.session_transaction() as session:
        stolen = session["_user_id"]
    thief = browser_of(app)
    with thief.session_transaction() as session:
        session["_user_id"] = stolen
    assert thief.get("/profile").status_code == 200
    bea.post("/sign-out")
    assert thief.get("/profile").status_code == 302


@pytest.mark.parametrize("page", ["/profile", "/profile/password", "/profile/address"])
def test_an_account_is_its_owners(nobody, bea, page):
    assert nobody.get(page).location == f"/sign-in?next={page}"
    assert nobody.post(page).location == "/sign-in"
    answer = bea.get(page)
    assert answer.status_code == 200
    assert "carl@example.org" not in answer.text


def test_everybody_chooses_the_language_of_the_pages(app, nobody, bea, cast):
    answer = nobody.post("/language", language="fr", next="/sign-in?next=/x")
    assert answer.location == "/sign-in?next=/x"
    assert nobody.get_cookie("language").max_age == 365 * 24 * 60 * 60
    assert '<html lang="fr"' in nobody.get("/sign-in").text
    bea.post("/language", language="fr")
    assert row(app, cast["bea"]).language == "fr"


def test_everybody_chooses_light_or_dark(nobody):
    nobody.post("/theme", theme="dark", next="/sign-in")
    assert 'data-theme="dark"' in nobody.get("/sign-in").text
    nobody.post("/theme", theme="auto")
    assert "data-theme" not in nobody.get("/sign-in").text


@pytest.mark.parametrize("typed", [{}, {"language": "xx"}, {"language": "<script>"}])
def test_a_language_that_is_none_is_refused(nobody, typed):
    assert nobody.post("/language", **typed).status_code == 400


@pytest.mark.parametrize("typed", [{}, {"theme": "blue"}])
def test_a_theme_that_is_none_is_refused(nobody, typed):
    assert nobody.post("/theme", **typed).status_code == 400


@pytest.mark.parametrize("away", ["//evil.example", "https://evil.example"])
def test_choosing_never_leads_away(nobody, away):
    assert nobody.post("/theme", theme="dark", next=away).location == "/"
