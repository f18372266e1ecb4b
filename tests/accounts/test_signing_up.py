"""Signing up: a form, a mail, a link, and in. Nobody learns from it who has an account."""

import pytest

from campaign.accounts.access import person_by_email
from campaign.accounts.models import Person
from campaign.extensions import db

ERIN = {"name": "Erin", "email": "erin@example.org", "password": "seven blue herons"}


def account(app, email):
    with app.app_context():
        return person_by_email(email)


def test_somebody_signs_up_confirms_and_is_in(app, nobody, mails):
    answer = nobody.post("/sign-up", **ERIN)
    assert answer.location == "/mailbox"
    assert "erin@example.org" in nobody.get("/mailbox").text
    assert account(app, "erin@example.org").confirmed_at is None

    link = mails.link("erin@example.org")
    assert "Erin" in nobody.get(link).text
    assert account(app, "erin@example.org").confirmed_at is None, "only the button confirms: mail servers open links"
    assert nobody.post(link).location == "/"
    assert account(app, "erin@example.org").confirmed_at
    assert "erin@example.org" in nobody.get("/profile").text


def test_a_confirmation_leads_on_to_where_they_wanted_to_go(nobody, mails):
    nobody.post("/sign-up", **ERIN, next="/campaigns/soda?order=new")
    assert nobody.post(mails.link("erin@example.org")).location == "/campaigns/soda?order=new"


@pytest.mark.parametrize("name", ["", "Mallory"])
def test_a_sign_up_that_was_contested_still_leads_on(nobody, mails, name):
    if name:
        nobody.post("/sign-up", **STRANGER)
    address = ERIN["email"] if name else "bea@example.org"
    nobody.post("/sign-up", **ERIN | {"email": address}, next="/campaigns/soda?order=new")
    answer = nobody.post(mails.link(address), password="chosen by the mailbox")
    assert answer.location == "/campaigns/soda?order=new"


def test_a_confirmation_works_once(nobody, mails):
    nobody.post("/sign-up", **ERIN)
    link = mails.link("erin@example.org")
    nobody.post(link)
    assert nobody.get(link).status_code == 410
    assert nobody.post(link).status_code == 410


def test_the_answer_is_the_same_for_a_known_address(app, nobody, mails):
    unknown = nobody.post("/sign-up", **ERIN)
    unknown_page = nobody.get("/mailbox").text
    known = nobody.post("/sign-up", **ERIN | {"email": "Bea@Example.org"})
    known_page = nobody.get("/mailbox").text
    assert (unknown.status_code, unknown.location) == (known.status_code, known.location)
    assert strip(unknown_page, "erin@example.org") == strip(known_page, "Bea@Example.org")

    (mail,) = mails.to("bea@example.org")
    assert mail["Subject"] == "You already have an account"
    assert account(app, "bea@example.org").name == "Bea"


def strip(page, address):
    start = page.index("<main")
    return page[start : page.index("</main>")].replace(address, "…")


STRANGER = ERIN | {"name": "Mallory", "password": "a stranger chose this"}


def in_by(browser, password):
    return browser.post("/sign-in", email=ERIN["email"], password=password).location == "/"


@pytest.mark.parametrize("order", [(STRANGER, ERIN), (ERIN, STRANGER), (STRANGER, ERIN, STRANGER)])
def test_of_two_passwords_for_one_address_neither_is_kept(app, nobody, mails, order):
    links = []
    for typed in order:
        assert nobody.post("/sign-up", **typed).location == "/mailbox"
        links.append(mails.link("erin@example.org"))
    assert nobody.get(links[0]).status_code == 410, "or the stranger's password could be confirmed"
    # Knowing a password that was typed brings no new link that would confirm it.
    for typed in order:
        assert not in_by(nobody, typed["password"])
    assert mails.link("erin@example.org") == links[-1]

    assert links[-1].startswith("/reset/")
    assert nobody.post(links[-1], password="chosen by the mailbox").location == "/"
    nobody.post("/sign-out")
    assert account(app, "erin@example.org").confirmed_at
    assert not in_by(nobody, STRANGER["password"])
    assert in_by(nobody, "chosen by the mailbox")


def test_the_mail_of_each_sign_up_says_its_name_and_gives_it(app, nobody, mails):
    for typed in (STRANGER, ERIN):
        nobody.post("/sign-up", **typed)
    mail = mails.to("erin@example.org")[-1]
    for part in ("plain", "html"):
        assert "Erin" in mail.get_body((part,)).get_content()
        assert "Mallory" not in mail.get_body((part,)).get_content()
    nobody.post(mails.link("erin@example.org"), password="chosen by the mailbox")
    assert account(app, "erin@example.org").name == "Erin"


def test_signing_up_again_with_the_same_password_ends_nothing(app, nobody, mails):
    nobody.post("/sign-up", **ERIN)
    link = mails.link("erin@example.org")
    nobody.post("/sign-up", **ERIN)
    assert mails.link("erin@example.org").startswith("/confirm/"), "the same password is the same person"
    assert nobody.get(link).status_code == 200
    nobody.post("/sign-up", **STRANGER)
    assert nobody.post(link).status_code == 410


def test_nobody_renames_somebody_whom_an_import_brought(app, nobody, mails):
    with app.app_context():
        db.session.add(Person(email="erin@example.org", name="Erin Import", language="fr"))
        db.session.commit()
    nobody.post("/sign-up", **ERIN | {"name": "Mallory"})
    person = account(app, "erin@example.org")
    assert (person.name, person.password_hash) == ("Erin Import", None)
    assert mails.link("erin@example.org").startswith("/reset/")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "What shall we call you?"),
        ("name", "  \u200b\t ", "What shall we call you?"),
        ("name", "E" * 61, "60 characters at most, and this has 61."),
        ("name", "E" * 10_000_000, "60 characters at most, and this has 10,000,000."),
        ("name", "Buy at https://example.com", "A name, please, not an address."),
        ("email", "", "Your e-mail address is needed here."),
        ("email", "erin", "It looks like name@example.org."),
        ("email", "erin@example.org\nBcc: all@example.org", "It looks like name@example.org."),
        ("email", "érin@example.org", "It looks like name@example.org."),
        ("email", "=?utf-8?q?bea=40example.org=2C?=@example.org", "It looks like name@example.org."),
        ("email", f"{'e' * 260}@example.org", "254 characters at most, and this has 272."),
        ("password", "", "Choose a password."),
        ("password", "short", "Ten characters or more"),
        ("password", "          ", "Ten characters or more"),
        ("password", "x" * 10_000_000, "200 characters at most."),
        ("password", "Password1234!", "one of the first passwords that anybody would try"),
        ("password", "abababababab", "one of the first passwords that anybody would try"),
        ("password", "erin@example.org", "too easy a guess"),
    ],
)
def test_what_can_not_be_taken_gets_a_sentence_and_keeps_the_rest(nobody, mails, field, typed, sentence):
    answer = nobody.post("/sign-up", **ERIN | {field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#39;", "'")
    assert answer.text.count('aria-invalid="true"') == 1
    for other in {"name", "email"} - {field}:
        assert f'value="{ERIN[other]}"' in answer.text
    assert ERIN["password"] not in answer.text
    assert not mails.to("erin@example.org")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "אֶרִין", "Erin 🌱", "O’Neil & Söhne"])
def test_a_name_is_a_name_in_every_script_and_never_markup(nobody, mails, name):
    nobody.post("/sign-up", **ERIN | {"name": name})
    html = mails.to("erin@example.org")[0].get_body(("html",)).get_content()
    assert "<script>" not in html
    page = nobody.get(mails.link("erin@example.org")).text
    assert "<script>alert" not in page
    assert nobody.post(mails.link("erin@example.org")).status_code == 302


def test_a_name_can_not_turn_the_text_around_it(app, nobody):
    nobody.post("/sign-up", **ERIN | {"name": "Er\u202ein\x00"})
    assert account(app, "erin@example.org").name == "Erin"


def test_a_form_sent_twice_makes_one_account(app, nobody, mails):
    nobody.post("/sign-up", **ERIN)
    nobody.post("/sign-up", **ERIN)
    nobody.post(mails.link("erin@example.org"))
    assert account(app, "erin@example.org").confirmed_at


def test_a_stale_page_keeps_what_was_typed_but_no_password(nobody):
    own = {"Sec-Fetch-Site": "same-origin"}
    for address in ("/sign-up", "/profile/password"):
        typed = ERIN | {"present_password": "seven blue herons"}
        answer = nobody.post(address, **typed, headers=own, data={"csrf_token": "stale"})
        assert answer.status_code == 400
        assert 'value="erin@example.org"' in answer.text
        assert "seven blue herons" not in answer.text


def test_five_mails_an_hour_go_to_one_address_and_the_refusal_says_how_long(nobody, mails):
    for _ in range(5):
        assert nobody.post("/sign-up", **ERIN).status_code == 302
    answer = nobody.post("/sign-up", **ERIN)
    assert answer.status_code == 429
    assert "You can try again in 60 minutes." in answer.text
    assert 'value="Erin"' in answer.text
    assert len(mails.to("erin@example.org")) == 5


SPELLINGS = ["erin@example.org", "ERIN@example.org", "erin@ｅxample.org", "erin@exam\uff50le.org", "erin@example．org"]


def test_five_mails_are_five_however_the_address_is_spelled(nobody, mails):
    for spelling in SPELLINGS:
        assert nobody.post("/sign-up", **ERIN | {"email": spelling}).status_code == 302
    assert "You can try again in" in nobody.post("/sign-up", **ERIN | {"email": "erin@ｅｘａｍｐｌｅ.org"}).text
    assert len(mails.to("erin@example.org")) == 5


def test_a_domain_of_other_letters_is_written_to_as_mail_servers_know_it(nobody, mails):
    nobody.post("/sign-up", **ERIN | {"email": "erin@exämple.org"})
    assert nobody.post(mails.link("erin@xn--exmple-cua.org")).location == "/"


def test_one_place_can_not_sign_up_the_whole_phone_book(nobody):
    for number in range(60):
        nobody.post("/sign-up", **ERIN | {"email": f"e{number}@example.org"})
    assert "You can try again in" in nobody.post("/sign-up", **ERIN).text


def test_who_is_signed_in_need_not_sign_up(bea):
    assert bea.get("/sign-up?next=/brands/soda").location == "/brands/soda"


def test_the_mail_comes_in_the_language_of_the_page(nobody, mails):
    nobody.post("/language", language="fr")
    nobody.post("/sign-up", **ERIN)
    assert 'lang="fr"' in mails.to("erin@example.org")[0].get_body(("html",)).get_content()


def test_an_address_is_one_person_however_it_is_typed(app, nobody):
    nobody.post("/sign-up", **ERIN | {"email": "  ERIN@Example.ORG "})
    assert account(app, "erin@example.org")


LONG = f"{'e' * 60}@{'.'.join(['d' * 60] * 3)}.org"


@pytest.mark.parametrize("email", [LONG, "erin/x@example.org"])
def test_an_address_may_be_as_long_or_odd_as_it_likes(nobody, mails, email):
    assert nobody.post("/sign-up", **ERIN | {"email": email}).location == "/mailbox"
    assert nobody.post(mails.link(email)).location == "/"


def test_a_mail_that_can_not_be_kept_does_not_undo_the_account(app, nobody, mails):
    mails.folder.parent.mkdir(exist_ok=True)
    mails.folder.write_text("A file stands where the folder should be.")
    assert nobody.post("/sign-up", **ERIN).location == "/mailbox"
    assert account(app, "erin@example.org").name == "Erin"


def test_everything_that_is_wrong_is_said_at_once_and_leads_to_its_field(nobody):
    page = nobody.post("/sign-up", name="", email="erin", password="short").text
    summary = page[page.index('class="form-errors"') : page.index("</ul>", page.index('class="form-errors"'))]
    assert "3 things to put right" in summary
    assert '<a href="#name">Your name: What shall we call you?</a>' in summary
    assert '<a href="#email">E-mail: This isn’t an e-mail address' in summary
    assert '<a href="#password">Password: Ten characters or more' in summary


@pytest.mark.parametrize("name", ["Claim at evil.example now", "evil。example", "Erin shop.xn--p1ai"])
def test_a_name_is_no_site(app, nobody, name):
    page = nobody.post("/sign-up", name=name, email="erin@example.org", password="seven blue herons")
    assert page.status_code == 422
    assert "A name, please, not an address." in page.text


@pytest.mark.parametrize("name", ["J. R. O’Neill", "J.R. Smith", "Dr. Who", "Anna-Maria"])
def test_a_name_may_be_short_for_something(nobody, name):
    answer = nobody.post("/sign-up", name=name, email="erin@example.org", password="seven blue herons")
    assert answer.location == "/mailbox"
