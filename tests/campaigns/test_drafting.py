"""A campaign begins as a draft: a form that forgives, and keeps what was typed."""

import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from campaign.brands.models import Membership
from campaign.campaigns.actions import SlugTaken, draft_campaign
from campaign.campaigns.models import Campaign
from campaign.campaigns.plans import stages_until
from campaign.campaigns.setup import Setup, Words
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from tests.campaigns.test_settings import SETTINGS, shown
from tests.refusals import sentence_at

NEW = "/brands/soda/campaigns/new"
NUL, TURN, INVISIBLE = "\x00", "\u202e", "\u200b"


def picture(width=400, height=200) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#b93a1a").save(file, "JPEG")
    file.seek(0)
    return file


def kept(app, slug="bottle", asks=lambda campaign: campaign):
    with app.app_context():
        campaign = db.session.scalar(db.select(Campaign).where(Campaign.slug == slug))
        return asks(campaign) if campaign else None


def setup(**given) -> Setup:
    stages = stages_until(*(datetime(2027, month, 1, tzinfo=UTC) for month in (1, 2, 3)))
    return Setup(**{"texts": {"en": Words("A new bottle")}, "stages": stages, **given})


def test_ana_drafts_a_campaign(app, ana, typed):
    answer = ana.post(NEW, **typed)
    assert answer.status_code == 302
    assert answer.location == "/campaigns/bottle"
    assert kept(app, asks=lambda campaign: campaign.is_draft)
    assert kept(app, asks=lambda campaign: campaign.text.brief) == "What should it **never** do?"
    # Nine in the morning in Paris.
    assert kept(app, asks=lambda campaign: campaign.opens_at) == datetime(2027, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bea", 404), ("drew", 404), ("nobody", 302)])
def test_only_those_who_manage_the_brand_find_the_form(request, who, status, typed):
    person = request.getfixturevalue(who)
    assert person.get(NEW).status_code == status
    assert person.post(NEW, **typed).status_code == (302 if who in ("ana", "nobody") else 404)


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("moderator", 404), ("evaluator", 404), ("analyst", 404)]
)
def test_a_manager_drafts_and_other_roles_do_not(app, cast, bea, role, status):
    with app.app_context():
        brand = db.session.scalar(db.select(Membership.brand_id).where(Membership.person_id == cast["ana"]))
        db.session.add(Membership(brand_id=brand, person_id=cast["bea"], role=role))
        db.session.commit()
    assert bea.get(NEW).status_code == status


def test_the_address_is_made_from_the_title(app, ana, typed, soda_campaign):
    assert ana.post(NEW, **{**typed, "slug": "", "title_en": "Soda"}).location == "/campaigns/soda-2"
    assert ana.post(NEW, **{**typed, "slug": "", "title_en": "日本"}).location == "/campaigns/campaign"


@pytest.fixture
def in_french(ana):
    """ana's browser, which reads French."""
    ana.set_cookie("language", "fr")
    return ana


def test_the_language_of_who_asks_comes_first(ana, in_french):
    page = in_french.get(NEW).text
    assert page.index('id="title_fr"') < page.index('id="title_en"')
    assert page.index('id="categories-0-name_fr"') < page.index('id="categories-0-name_en"')
    ana.set_cookie("language", "en")
    page = ana.get(NEW).text
    assert page.index('id="title_en"') < page.index('id="title_fr"')


def test_the_address_is_made_from_the_title_in_the_language_of_who_asks(in_french, typed):
    assert 'data-from="title_fr title_en ' in in_french.get(NEW).text
    given = {**typed, "slug": "", "title_fr": "Une nouvelle bouteille", "brief_fr": "Que changer ?"}
    assert in_french.post(NEW, **given).location == "/campaigns/une-nouvelle-bouteille"
    assert in_french.post(NEW, **{**typed, "slug": ""}).location == "/campaigns/a-new-bottle"


def test_the_summary_names_the_language_of_what_is_wrong(ana, typed):
    wrong = {**typed, "title_en": "", "title_fr": "x" * 121, "lead_en": "x" * 301, "brief_fr": "Que changer ?"}
    page = ana.post(NEW, **wrong).text
    summary = re.findall(r'<li><a href="#(\w+)">(.*?): ', page[page.index("form-errors__list") :])
    assert summary == [
        ("title_en", "Title (English)"),
        ("lead_en", "In one sentence (English)"),
        ("title_fr", "Title (French)"),
    ]


def test_the_summary_follows_the_page(in_french, typed):
    page = in_french.post(NEW, **{**typed, "title_en": "x" * 121, "title_fr": "x" * 121}).text
    summary = re.findall(r'<li><a href="#(\w+)">', page[page.index("form-errors__list") :])
    assert summary == ["title_fr", "title_en"]


def test_who_gives_no_title_is_asked_for_one_in_their_language(in_french, typed):
    page = in_french.post(NEW, **{**typed, "title_en": "", "lead_en": "", "brief_en": "", "gift_en": ""}).text
    assert sentence_at(page, "title_fr")
    assert not sentence_at(page, "title_en")


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("soda", "Another campaign lives at this address. Choose another."),
        ("Été 2027", "Only letters without accents, digits and hyphens. “ete-2027” would do."),
        ("日本", "Only letters without accents, digits and hyphens."),
        ("-a", "Only letters without accents, digits and hyphens. “a” would do."),
        ("../x", "Only letters without accents, digits and hyphens. “x” would do."),
        ("a" * 61, "60 characters at most."),
    ],
)
def test_an_address_that_will_not_do_is_refused_beside_it(ana, soda_campaign, typed, slug, sentence):
    answer = ana.post(NEW, **{**typed, "slug": slug})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "slug") == sentence
    assert "What should it **never** do?" in answer.text


def test_two_drafts_at_the_same_address_are_refused(people, campaign):
    with pytest.raises(SlugTaken):
        draft_campaign(people.soda, people.ana, setup(slug="soda"))


def test_a_form_sent_twice_makes_one_draft(app, ana, typed):
    for _time in range(2):
        assert ana.post(NEW, **{**typed, "key": "k", "slug": ""}).location == "/campaigns/a-new-bottle"
    assert (
        ana.post(NEW, **{**typed, "key": "k", "slug": "", "title_en": "Another bottle"}).location
        == "/campaigns/another-bottle"
    )
    assert kept(app, "a-new-bottle-2") is None


def test_one_language_is_enough_and_an_empty_one_is_left_out(app, ana, typed):
    ana.post(NEW, **{**typed, "title_fr": f" {INVISIBLE} ", "brief_fr": "\n"})
    assert kept(app, asks=lambda campaign: campaign.languages) == ["en"]


def test_a_language_with_a_brief_needs_its_title(ana, typed):
    answer = ana.post(NEW, **{**typed, "brief_fr": "Que changer ?"})
    assert (
        sentence_at(answer.text, "title_fr") == "Give it a title in this language too, or leave all its fields empty."
    )
    assert "Que changer ?" in answer.text


@pytest.mark.parametrize("nothing", ["", "   ", "\t\n", INVISIBLE * 3, NUL])
def test_a_title_of_nothing_is_no_title(ana, typed, nothing):
    answer = ana.post(NEW, **{**typed, "title_en": nothing, "lead_en": "", "brief_en": "", "gift_en": ""})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "title_en") == "Give it a title, in one language at least."


@pytest.mark.parametrize(("field", "most"), [("title", 120), ("lead", 300), ("brief", 20_000), ("gift", 2000)])
def test_a_text_that_is_too_long_says_by_how_much(app, ana, typed, field, most):
    assert ana.post(NEW, **{**typed, f"{field}_en": "é" * most}).status_code == 302
    answer = ana.post(NEW, **{**typed, "slug": "longer", f"{field}_en": "é" * (most + 1)})
    assert answer.status_code == 422
    assert sentence_at(answer.text, f"{field}_en") == f"{most:,} characters at most, and this has {most + 1:,}."
    assert kept(app, "longer") is None


def test_ten_megabytes_are_refused_and_still_there(ana, typed):
    answer = ana.post(NEW, **{**typed, "brief_en": "a" * 10_000_000})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "brief_en") == "20,000 characters at most, and this has 10,000,000."
    assert "a" * 10_000_000 in answer.text


def test_odd_characters_are_tidied_and_right_to_left_and_emoji_stay(app, ana, typed):
    ana.post(NEW, **{**typed, "title_en": f"{TURN}قهوة{NUL}  ☕️ now", "brief_en": "a\r\nb"})
    assert kept(app, asks=lambda campaign: campaign.text.title) == "قهوة ☕️ now"
    assert kept(app, asks=lambda campaign: campaign.text.brief) == "a\nb"


def test_a_script_in_any_field_is_only_text(app, ana, typed):
    script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    fields = {f"{kind}_en": script for kind in ("title", "lead", "brief", "gift")}
    rows = {"categories-0-name_en": script[:60], "tags-0-name": script[:40], "cover_alt": script}
    assert ana.post(NEW, **{**typed, **fields, **rows}).status_code == 302
    for page in ("brief", "settings", "publication", "history"):
        text = ana.get(f"/campaigns/bottle/{page}").text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    preview = ana.post(NEW, **{**typed, **fields, "then": "preview"}).text
    assert "<script>alert" not in preview


@pytest.mark.parametrize(
    ("dates", "field", "sentence"),
    [
        ({"stages-0-opens_at": ""}, "stages-0-opens_at", "When does it begin?"),
        (
            {"stages-0-opens_at": "soon"},
            "stages-0-opens_at",
            "This isn’t a date with a time, such as 2027-03-01T18:00.",
        ),
        (
            {"stages-0-opens_at": "2027-02-30T09:00"},
            "stages-0-opens_at",
            "This isn’t a date with a time, such as 2027-03-01T18:00.",
        ),
        ({"stages-0-opens_at": "0001-01-01T00:00"}, "stages-0-opens_at", "Choose a year between 2000 and 2100."),
        ({"stages-2-opens_at": "9999-12-31T23:59"}, "stages-2-opens_at", "Choose a year between 2000 and 2100."),
        (
            {"stages-1-opens_at": "2027-03-01T09:00"},
            "stages-1-opens_at",
            "“The ideas” before it begins on 1 March 2027, 09:00. Choose a later moment, or let what follows move along.",
        ),
        (
            {"ends_at": "2027-04-15T18:00"},
            "ends_at",
            "The campaign would end before its last stage begins. Choose a later date, or none.",
        ),
        (
            {"answers_by": "2027-04-01T18:00"},
            "answers_by",
            "Your answers come after people have given theirs. Choose a later date.",
        ),
    ],
)
def test_dates_that_make_no_sense_are_refused_beside_them(ana, typed, dates, field, sentence):
    answer = ana.post(NEW, **{**typed, **dates})
    assert answer.status_code == 422
    assert sentence_at(answer.text, field) == sentence
    assert f'value="{dates[field]}"' in answer.text


def summary_of(page):
    """What stands at the top of a form that was refused, as (the field it leads to, the sentence)."""
    listed = page[
        page.index('class="form-errors__list"') : page.index("</ul>", page.index('class="form-errors__list"'))
    ]
    return [(field, unescape(said)) for field, said in re.findall(r'<li><a href="#([^"]+)">(.*?)</a>', listed)]


def test_the_top_of_the_page_names_the_stage_in_which_something_is_wrong(ana, typed):
    by_budget = {"stages-1-method": "budget", "stages-1-name_en": "The purse", "stages-2-opens_at": ""}
    assert summary_of(ana.post(NEW, **{**typed, **by_budget}).text) == [
        ("stages-1-budget", "“The purse” · Budget, in euros: Give a number."),
        ("stages-2-opens_at", "“The outcome” · Begins: When does it begin?"),
    ]


def test_no_line_of_it_has_two_colons(ana, soda_campaign):
    yesterday = (now() - timedelta(days=1)).astimezone(ZoneInfo("Europe/Paris")).strftime("%Y-%m-%dT%H:%M")
    answer = ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "stages-1-opens_at": yesterday})
    assert answer.status_code == 422
    said = "“The vote” can begin from now on, not before: choose a later moment."
    assert summary_of(answer.text) == [("stages", f"Stages – {said}")]


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("title_min", "", "This isn’t a whole number."),
        ("title_min", "ten", "This isn’t a whole number."),
        ("title_min", "1.5", "This isn’t a whole number."),
        ("title_min", "9" * 5000, "This isn’t a whole number."),
        ("title_min", "0", "A whole number from 1 to 100."),
        ("title_max", "201", "A whole number from 20 to 200."),
        ("text_min", "-1", "A whole number from 0 to 2000."),
        ("text_max", "99", "A whole number from 100 to 20000."),
        ("images_max", "9", "A whole number from 0 to 8."),
        ("text_max", "2000", ""),
    ],
)
def test_limits_are_whole_numbers_in_sensible_ranges(ana, typed, field, given, sentence):
    answer = ana.post(NEW, **{**typed, field: given})
    assert answer.status_code == (422 if sentence else 302)
    assert sentence_at(answer.text, field) == sentence


def test_limits_leave_room_between_them(ana, typed):
    answer = ana.post(NEW, **{**typed, "title_min": "90", "title_max": "80"})
    assert sentence_at(answer.text, "title_max") == "This is less than the least. Nobody could write anything."


def test_a_visibility_that_we_do_not_have_is_refused(ana, typed):
    assert ana.post(NEW, **{**typed, "visibility": "secret"}).status_code == 422


def test_a_cover_needs_words_and_is_not_chosen_twice(app, ana, typed):
    answer = ana.post(NEW, data={**typed, "cover": (picture(), "cover.jpg")})
    assert answer.status_code == 422
    assert (
        sentence_at(answer.text, "cover_alt")
        == "Say in a few words what the picture shows, for those who can’t see it."
    )
    key = re.search(r'name="cover_key" type="hidden" value="(\w{32})"', answer.text)[1]
    assert ana.post(NEW, **{**typed, "cover_key": key, "cover_alt": "A red bottle"}).status_code == 302
    assert kept(app, asks=lambda campaign: (campaign.cover.key, campaign.cover.alt)) == (key, "A red bottle")


def test_a_picture_of_somebody_else_is_not_taken(app, ana, drew, typed):
    theirs = drew.post("/brands/elsewhere/campaigns/new", data={**typed, "cover": (picture(), "cover.jpg")}).text
    key = re.search(r'name="cover_key" type="hidden" value="(\w{32})"', theirs)[1]
    ana.post(NEW, **{**typed, "cover_key": key, "cover_alt": "A red bottle"})
    assert kept(app, asks=lambda campaign: campaign.cover) is None


def test_a_file_that_is_no_picture_is_refused_beside_it(ana, typed):
    answer = ana.post(NEW, data={**typed, "cover": (io.BytesIO(b"<?php"), "cover.jpg"), "cover_alt": "x"})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "cover").startswith("“cover.jpg” isn’t a picture that we can read.")
    assert "What should it **never** do?" in answer.text


def test_a_preview_keeps_nothing(app, ana, typed):
    answer = ana.post(NEW, **{**typed, "then": "preview"})
    assert answer.status_code == 200
    assert "<strong>never</strong>" in answer.text
    assert kept(app) is None


def test_categories_and_tags_come_in_rows(app, ana, typed):
    rows = {
        "categories-0-name_en": "The cap",
        "categories-1-name_en": "The shape",
        "categories-1-position": "1",
        "tags-0-name": "zero waste",
        "tags-1-name": "studied",
        "tags-1-staff_only": "y",
    }
    more = ana.post(NEW, **{**typed, **rows, "then": "more"})
    assert more.status_code == 200
    assert 'name="categories-4-name_en"' in more.text
    ana.post(NEW, **typed, **rows)
    assert kept(app, asks=lambda campaign: [category.name for category in campaign.categories]) == [
        "The shape",
        "The cap",
    ]
    assert kept(app, asks=lambda campaign: {tag.slug: tag.staff_only for tag in campaign.tags}) == {
        "zero-waste": False,
        "studied": True,
    }


@pytest.mark.parametrize(
    ("rows", "field", "sentence"),
    [
        (
            {"categories-0-name_en": "Cap", "categories-1-name_en": "cap"},
            "categories-1-name_en",
            "This name is there twice.",
        ),
        (
            {"categories-0-name_en": "c" * 61},
            "categories-0-name_en",
            "60 characters at most, and this has 61.",
        ),
        ({"tags-0-name": "t" * 41}, "tags-0-name", "40 characters at most, and this has 41."),
        ({"tags-0-name": "New", "tags-7-name": "new"}, "tags-1-name", "This name is there twice."),
    ],
)
def test_a_row_that_will_not_do_says_so(ana, typed, rows, field, sentence):
    answer = ana.post(NEW, **typed, **rows)
    assert answer.status_code == 422
    assert sentence_at(answer.text, field) == sentence


def test_rows_in_any_number_and_with_any_id_break_nothing(app, ana, typed, soda_campaign):
    rows = {f"tags-{number}-name": f"tag {number}" for number in range(0, 30_000, 100)}
    others = {
        "categories-0-id": "1",
        "categories-0-name_en": "Mine",
        "categories-1-id": "9" * 30,
        "categories-2-id": "x",
    }
    assert ana.post(NEW, **typed, **rows, **others).status_code == 302
    assert kept(app, asks=lambda campaign: len(campaign.tags)) == 200
    assert kept(app, "soda", asks=lambda campaign: campaign.categories[0].name) == "The can"


def test_drafting_is_written_down(people):
    campaign = draft_campaign(people.soda, people.ana, setup())
    entry = db.session.scalars(db.select(Entry).where(Entry.subject == "campaign")).one()
    assert (entry.what, entry.subject_id, entry.by_id) == ("campaign.drafted", campaign.id, people.ana.id)


def test_what_is_wrong_is_listed_in_the_order_of_the_page_and_a_taken_address_with_it(ana, soda_campaign, soda_draft):
    page = ana.post("/brands/soda/campaigns/new", slug="soda", lead_en="For whom?", title_min="x").text
    summary = re.search(r'class="form-errors__list">(.*?)</ul>', page, re.DOTALL)[1]
    assert "Another campaign lives at this address." in summary
    ids = re.findall(r'href="#([\w-]+)"', summary)
    assert ids == sorted(ids, key=lambda one: page.index(f'id="{one}"'))
    assert ids[0] == "title_en"


def test_a_picture_that_is_refused_needs_no_description(ana, soda_campaign):
    page = ana.post("/brands/soda/campaigns/new", data={"cover": (io.BytesIO(b"no picture"), "cover.png")}).text
    assert "a picture that we can read" in sentence_at(page, "cover")
    assert sentence_at(page, "cover_alt") == ""


def test_a_new_address_of_a_draft_is_in_the_history(ana, soda_draft):
    fields = shown(ana.get("/campaigns/next/settings").text)
    ana.post("/campaigns/next/settings", **{**fields, "slug": "soda-soon"})
    assert "the address of the page" in ana.get("/campaigns/soda-soon/history").text
