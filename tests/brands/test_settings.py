"""The owner changes a brand's name, colour and logo, and sees the colour before it is kept."""

import io

import pytest
from PIL import Image as Pillow

from campaign import database, images
from campaign.brands.models import Brand
from campaign.extensions import db
from campaign.history import Entry

KEPT = {"name": "Soda", "colour": "#b93a1a"}


def soda(app):
    with app.app_context():
        brand = db.session.get_one(Brand, 1)
        return brand.name, brand.colour, brand.logo.key if brand.logo else None


def acts(app):
    with app.app_context():
        return [entry.what for entry in db.session.scalars(db.select(Entry).order_by(Entry.id))]


def picture(kind="PNG", size=(80, 40)):
    file = io.BytesIO()
    Pillow.new("RGB", size, "#1f6f54").save(file, kind)
    return io.BytesIO(file.getvalue())


def test_an_owner_changes_name_and_colour(app, ana, nobody):
    assert ana.post("/brands/soda/settings", name="Soda & Co", colour="#1F6F54").location == "/brands/soda/settings"
    assert soda(app) == ("Soda & Co", "#1f6f54", None)
    assert "--brand-light:#1f6f54" in nobody.get("/brands/soda").text
    assert acts(app) == ["brand.changed"]


def test_it_says_what_the_brand_is_in_the_readers_language_or_in_the_one_there_is(app, ana, nobody):
    english, french = "Drinks for a warm day.", "À boire, les jours de chaleur."
    ana.post("/brands/soda/settings", **KEPT, about_en=english)
    as_french = {"Accept-Language": "fr"}
    assert f'lang="en" dir="auto">{english}<' in nobody.get("/brands/soda", headers=as_french).text
    ana.post("/brands/soda/settings", **KEPT, about_en=english, about_fr=french)
    assert f'lang="fr" dir="auto">{french}<' in nobody.get("/brands/soda", headers=as_french).text
    assert english in nobody.get("/brands/soda").text
    ana.post("/brands/soda/settings", **KEPT, about_en="", about_fr="")
    assert english not in nobody.get("/brands/soda").text
    assert acts(app) == ["brand.changed"] * 3


def test_what_is_too_long_about_the_brand_is_named_with_its_language(ana):
    answer = ana.post("/brands/soda/settings", **KEPT, about_fr="a" * 401)
    assert answer.status_code == 422
    assert "About the brand (French):" in answer.text


def test_what_was_typed_about_the_brand_stays_on_a_page_that_refuses(ana):
    answer = ana.post("/brands/soda/settings", name="", colour="#b93a1a", about_en="Drinks for a warm day.")
    assert "Drinks for a warm day.</textarea>" in answer.text


def test_keeping_what_is_there_is_no_act(app, ana):
    ana.post("/brands/soda/settings", **KEPT)
    assert acts(app) == []


def test_a_colour_is_seen_on_both_themes_before_it_is_kept(app, ana):
    page = ana.post("/brands/soda/settings", name="Soda!", colour="#ffe600", then="preview")
    assert page.status_code == 200
    preview = page.text[page.text.index('class="palette"') - 500 :]
    assert "--brand-dark:#ffe600" in preview
    assert "Buttons have your colour as it is. In the light theme" in preview
    assert 'value="Soda!"' in page.text
    assert soda(app)[:2] == ("Soda", "#b93a1a")


def test_the_preview_while_choosing_is_data(nobody):
    answer = nobody.get("/brands/palette?colour=%23ffe600")
    assert answer.json["colours"]["--brand-dark"] == "#ffe600"
    assert len(answer.json["colours"]) == 10
    assert nobody.get("/brands/palette?colour=red").status_code == 400


@pytest.mark.parametrize(
    "colour",
    [
        "",
        "red",
        "#fff",
        "#12345g",
        "#b93a1a;}</style><script>",
        "#b93a1a\n}",
        "x" * 10_000_000,
        "\u202e#b93a1",
    ],
)
def test_a_colour_that_is_none_is_refused(app, ana, colour):
    answer = ana.post("/brands/soda/settings", name="Soda", colour=colour)
    assert answer.status_code == 422
    assert "A colour is written like #b93a1a" in answer.text
    assert "<script>" not in answer.text.partition("<main")[2]
    assert soda(app)[1] == "#b93a1a"


def test_a_logo_is_set_shown_and_removed(app, ana, nobody):
    ana.post("/brands/soda/settings", **KEPT, logo=(picture(), "logo.png"))
    key = soda(app)[2]
    assert f"/files/{key}-" in nobody.get("/brands/soda").text
    assert nobody.get(f"/files/{key}-80.webp").status_code == 200
    ana.post("/brands/soda/settings", **KEPT)
    assert soda(app)[2] == key, "without a new file the old one stays"
    ana.post("/brands/soda/settings", **KEPT, without_logo="y")
    assert soda(app)[2] is None
    assert acts(app) == ["brand.logo_set", "brand.logo_removed"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: io.BytesIO(b"<svg onload=alert(1)>"), "isn’t a picture"),
        (lambda: io.BytesIO(b"\x89PNG\r\n\x1a\n broken"), "isn’t a picture"),
        (lambda: picture("BMP"), "isn’t a picture"),
        (lambda: io.BytesIO(b"x" * (8 * 1024 * 1024 + 1)), "too large"),
        (lambda: picture("PNG", (9000, 9000)), "too large"),
    ],
)
def test_a_logo_that_is_no_picture_is_refused_beside_its_field(app, ana, file, sentence):
    answer = ana.post("/brands/soda/settings", name="Soda & Co", colour="#1f6f54", logo=(file(), "logo.png"))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="logo-refusal"' in answer.text
    assert 'value="Soda &amp; Co"' in answer.text
    assert soda(app) == ("Soda", "#b93a1a", None), "nothing of the form is kept"


def test_what_is_wrong_with_a_logo_and_a_name_is_said_at_once_and_names_the_file(app, ana):
    broken = (io.BytesIO(b"no picture"), "Logo of <b>summer</b>.heic")
    page = ana.post("/brands/soda/settings", name="", colour="red", logo=broken)
    assert page.status_code == 422
    for sentence in (
        '<a href="#name">Name of the brand: What is the brand called?</a>',
        '<a href="#colour">Colour – A colour is written like',
        '<a href="#logo">Logo: “Logo of &lt;b&gt;summer&lt;/b&gt;.heic” isn’t a picture that we can read.',
    ):
        assert sentence in page.text
    assert 'id="logo"' in page.text
    sound = (picture(), "logo.png")
    assert ana.post("/brands/soda/settings", name="", colour="#1f6f54", logo=sound).status_code == 422
    assert soda(app) == ("Soda", "#b93a1a", None)
    assert acts(app) == []


def test_nobody_waits_for_a_picture_that_is_being_made(ana, monkeypatch):
    """A writer's turn is taken by the first thing that is written, and lasts until it is committed."""
    kept = []

    def convert(*args):
        kept.append(database._turn.locked())
        return convert_really(*args)

    convert_really = images._convert
    monkeypatch.setattr(images, "_convert", convert)
    ana.post("/brands/soda/settings", name="Soda & Co", colour="#1f6f54", logo=(picture(), "logo.png"))
    assert kept == [False]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_brand_has_a_name(app, ana, name):
    assert ana.post("/brands/soda/settings", name=name, colour="#1f6f54").status_code == 422
    assert soda(app)[:2] == ("Soda", "#b93a1a")


def test_settings_are_the_owners(app, bea, carl, drew, nobody, employ):
    employ("bea", "manager")
    for browser in (bea, carl, drew):
        assert browser.get("/brands/soda/settings").status_code == 404
        assert browser.post("/brands/soda/settings", name="Mine", colour="#000000").status_code == 404
    assert nobody.get("/brands/soda/settings").location == "/sign-in?next=/brands/soda/settings"
    assert nobody.post("/brands/soda/settings", name="Mine", colour="#000000").location == "/sign-in"
    assert soda(app)[0] == "Soda"
