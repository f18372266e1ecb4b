"""Anybody with an account begins a brand, and owns it. Its page shows what each may find."""

import re

import pytest

from campaign.accounts.models import Person
from campaign.brands.actions import ConfirmFirst, found_brand
from campaign.brands.models import Brand, Membership
from campaign.extensions import db
from campaign.history import Entry


def brands(app):
    with app.app_context():
        return {brand.slug: brand.name for brand in db.session.scalars(db.select(Brand))}


def test_somebody_begins_a_brand_and_owns_it(app, bea, cast):
    answer = bea.post("/brands/new", name="Maison  Lutèce", slug="")
    assert answer.location == "/brands/maison-lutece/settings"
    assert bea.get(answer.location).status_code == 200
    with app.app_context():
        brand = db.session.scalar(db.select(Brand).filter_by(slug="maison-lutece"))
        member = db.session.scalar(db.select(Membership).filter_by(brand_id=brand.id))
        entry = db.session.scalar(db.select(Entry))
        assert (brand.name, member.person_id, member.role) == ("Maison Lutèce", cast["bea"], "owner")
        assert (entry.what, entry.by_id, entry.subject_id) == ("brand.founded", cast["bea"], brand.id)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "", "slug": "x"}, "What is the brand called?"),
        ({"name": " \u200b ", "slug": "x"}, "What is the brand called?"),
        ({"name": "x" * 61, "slug": "x"}, "60 characters at most, and this has 61."),
        ({"name": "x" * 10_000_000, "slug": "x"}, "60 characters at most, and this has 10,000,000."),
        ({"name": "https://buy.example", "slug": "x"}, "A name, please, not an address."),
        ({"name": "Other", "slug": "soda"}, "Another brand has this address already."),
        ({"name": "Other", "slug": "SODA "}, "Another brand has this address already."),
        ({"name": "Soda", "slug": ""}, "Another brand has this address already."),
        ({"name": "New", "slug": ""}, "This address is kept for a page of the site itself."),
        ({"name": "Other", "slug": "palette"}, "This address is kept for a page of the site itself."),
        ({"name": "珈琲", "slug": ""}, "We can’t make an address from this name."),
        ({"name": "🌱", "slug": ""}, "We can’t make an address from this name."),
        ({"name": "Other", "slug": "../soda"}, "Only the letters a to z"),
        ({"name": "Other", "slug": "a--b"}, "Only the letters a to z"),
        ({"name": "Other", "slug": "caf\u00e9"}, "Only the letters a to z"),
        ({"name": "Other", "slug": "<script>"}, "Only the letters a to z"),
        ({"name": "Other", "slug": "x" * 61}, "60 characters at most, and this has 61."),
    ],
)
def test_what_can_not_be_a_brand_gets_a_sentence_and_stays_typed(app, bea, typed, sentence):
    answer = bea.post("/brands/new", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert "<script>" not in answer.text.partition("<main")[2]
    assert len(brands(app)) == 2


def test_a_form_sent_twice_makes_one_brand(app, bea, drew):
    first = bea.post("/brands/new", name="Fizz", slug="fizz")
    second = bea.post("/brands/new", name="Fizz", slug="fizz")
    assert first.location == second.location == "/brands/fizz/settings"
    assert len(brands(app)) == 3
    assert drew.post("/brands/new", name="Fizz", slug="fizz").status_code == 422
    assert bea.post("/brands/new", name="Fizz Two", slug="fizz").status_code == 422


def test_a_taken_address_made_from_the_name_is_shown_to_be_changed(bea):
    assert 'value="soda"' in bea.post("/brands/new", name="Soda", slug="").text


@pytest.mark.parametrize("name", ["<b>Fizz</b>", "סודה", "Fizz 🌱 & Söhne", "Fi\u202ezz"])
def test_a_name_is_text_wherever_it_stands(bea, name):
    bea.post("/brands/new", name=name, slug="fizz")
    page = bea.get("/brands/fizz").text
    assert "<b>Fizz" not in page
    assert "\u202e" not in page


def test_nobody_begins_no_brand(app, nobody):
    assert nobody.get("/brands/new").location == "/sign-in?next=/brands/new"
    assert nobody.post("/brands/new", name="Other", slug="other").location == "/sign-in"
    assert len(brands(app)) == 2


def test_who_is_not_confirmed_begins_no_brand(people):
    erin = Person(email="erin@example.org", name="Erin")
    db.session.add(erin)
    with pytest.raises(ConfirmFirst):
        found_brand("Other", "other", by=erin)


def test_the_page_of_a_brand_is_for_everybody(nobody, ana, drew):
    for browser in (nobody, ana, drew):
        answer = browser.get("/brands/soda")
        assert answer.status_code == 200
        assert "Soda" in answer.text
        assert "Ana" in answer.text, "who runs it"
    assert nobody.get("/brands/cola").status_code == 404


def test_the_page_shows_each_what_they_may_find(nobody, ana, drew, carl, employ, open_campaign):
    open_campaign("fizz")
    open_campaign("draft", published=False)
    open_campaign("secret", visibility="unlisted")
    inner = open_campaign("inner", visibility="members")
    open_campaign("strange", brand=2)
    open_campaign("gone", begins=-9, ends=-2)
    open_campaign("soon", begins=2)
    employ("carl", "analyst", campaign=inner)

    def found(browser):
        page = browser.get("/brands/soda").text
        return {
            slug for slug in ("fizz", "draft", "secret", "inner", "strange", "gone", "soon") if f"The {slug} of" in page
        }

    assert found(nobody) == found(drew) == {"fizz", "gone", "soon"}
    assert found(carl) == {"fizz", "gone", "soon", "inner"}
    assert found(ana) == {"fizz", "gone", "soon", "inner", "draft", "secret"}


def test_the_menu_lists_the_brands_of_the_person(ana, bea):
    assert 'href="/brands/soda"' in ana.get("/profile").text
    assert 'href="/brands/soda"' not in bea.get("/profile").text


def test_a_missing_name_and_a_taken_address_are_said_at_once(bea):
    page = bea.post("/brands/new", name="", slug="soda").text
    assert "What is the brand called?" in page
    assert "Another brand has this address already." in page


def test_an_address_of_the_sites_own_is_said_with_what_else_is_wrong(bea):
    page = bea.post("/brands/new", name="", slug="new").text
    assert "What is the brand called?" in page
    assert "This address is kept for a page of the site itself." in page


def test_the_front_page_leads_to_a_campaign_of_ones_own_brand(ana, bea, nobody):
    own = 'href="/brands/soda/campaigns/new"'
    for reader, sees_own in ((ana, True), (bea, False), (nobody, False)):
        page = re.sub(r"\s+", " ", reader.get("/").text)
        acts = re.search(r'<p class="home__acts">.*?</p>', page)[0]
        assert (own in acts) == sees_own
        assert ("Open a campaign for your brand" in acts) != sees_own
