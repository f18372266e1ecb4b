"""Documents on ideas: which are taken, what is said about the others, and that no file is chosen twice."""

import io
import re
import struct

import pytest
from PIL import Image as Pillow

from campaign.documents import LARGEST_FILE, Document
from campaign.extensions import db
from campaign.ideas.models import Draft, Idea
from campaign.images import Image
from tests.pictures import pdf, picture
from tests.refusals import sentence_at

NEW = "/campaigns/soda/ideas/new"


def typed(**given):
    return {
        "key": "key-of-this-page",
        "title": "A can you can reseal",
        "text": "Turn it, and the bubbles stay.",
        "category": "can",
        "language": "en",
        **given,
    }


def names(app):
    """The documents of the one idea that is there."""
    with app.app_context():
        return [document.name for document in db.session.scalars(db.select(Idea)).one().documents]


def test_a_document_is_listed_on_the_ideas_page_with_its_name_and_size(app, carl, nobody, soda_campaign):
    page = carl.post(NEW, **typed(), data={"documents": (pdf("x" * 2400), "Plan of the cap.pdf")})
    assert page.status_code == 302
    shown = nobody.get(page.location).text
    [listed] = re.findall(r'<ul class="documents">.*?</ul>', shown, re.DOTALL)
    assert "Plan of the cap.pdf" in listed
    assert "PDF, 2 KB" in listed
    with app.app_context():
        idea = db.session.scalars(db.select(Idea)).one()
        assert [document["name"] for document in idea.versions[0].documents] == ["Plan of the cap.pdf"]
        assert f'href="{idea.documents[0].url}"' in listed


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"just words", "plan.pdf"),
        (b"PK\x03\x04 a workbook", "plan.xlsx"),
        (b"<html><script>alert(1)</script>%PDF-1.4 startxref %%EOF", "plan.pdf"),
        (b"", "plan.pdf"),
        (pdf().getvalue()[:20], "plan.pdf"),
    ],
)
def test_what_is_no_whole_pdf_is_refused_by_its_name_and_the_rest_kept(app, carl, soda_campaign, content, name):
    page = carl.post(NEW, **typed(), data={"documents": (io.BytesIO(content), name)})
    assert page.status_code == 422
    assert sentence_at(page.text, "documents").startswith(f"“{name}” isn’t a whole PDF document.")
    assert 'href="#documents"' in page.text
    assert "Turn it, and the bubbles stay." in page.text
    with app.app_context():
        assert db.session.scalar(db.select(Idea.id)) is None
        assert db.session.scalar(db.select(Document.id)) is None


def test_a_document_of_more_than_ten_megabytes_is_refused(app, carl, soda_campaign):
    large = io.BytesIO(pdf().getvalue().ljust(LARGEST_FILE + 1, b"\n"))
    page = carl.post(NEW, **typed(), data={"documents": (large, "plan.pdf")})
    assert page.status_code == 422
    assert sentence_at(page.text, "documents") == "“plan.pdf” is too large: 10 MB at most."


def test_a_file_that_is_refused_does_not_cost_the_others(app, carl, soda_campaign):
    files = {
        "documents": [(io.BytesIO(b"words"), "notes.txt"), (pdf(), "plan.pdf"), (io.BytesIO(b"more"), "more.txt")],
        "pictures": [(io.BytesIO(b"words"), "words.png"), (picture(), "cap.jpg")],
    }
    refused = carl.post(NEW, **typed(), data=files)
    assert refused.status_code == 422
    assert "“notes.txt” isn’t" in sentence_at(refused.text, "documents")
    assert "“more.txt” isn’t" in sentence_at(refused.text, "documents")
    assert "“words.png” isn’t" in sentence_at(refused.text, "pictures")
    assert refused.text.count('class="kept-document"') == 1
    assert refused.text.count('class="kept-picture"') == 1
    assert carl.post(NEW, **typed()).status_code == 302
    assert names(app) == ["plan.pdf"]


def test_more_documents_than_an_idea_may_have_are_refused_and_the_first_kept(app, carl, soda_campaign):
    page = carl.post(NEW, **typed(), data={"documents": [(pdf(), f"plan {n}.pdf") for n in range(5)]})
    assert page.status_code == 422
    assert sentence_at(page.text, "documents") == "3 documents at most."
    assert page.text.count('class="kept-document"') == 3


def test_a_document_waits_with_its_draft_and_can_be_taken_off_it(app, carl, soda_campaign):
    carl.post(NEW, **typed(act="save"), data={"documents": [(pdf(), "plan.pdf"), (pdf(), "other.pdf")]})
    page = carl.get(NEW).text
    assert page.count('class="kept-document"') == 2
    first, _second = re.findall(r'name="remove" value="(\w+)"', page)
    carl.post(NEW, **typed(remove=first))
    assert names(app) == ["other.pdf"]
    with app.app_context():
        assert db.session.scalars(db.select(Draft)).all() == []


def test_a_document_comes_and_goes_with_an_edit_and_each_makes_a_version(app, bea, carl, soda_idea):
    edit = {"title": "A can you can reseal", "text": "With a cap that turns.", "category": "can", "tags": ""}
    assert bea.post(f"/ideas/{soda_idea}/edit", **edit, data={"documents": (pdf(), "plan.pdf")}).status_code == 302
    assert names(app) == ["plan.pdf"]
    [key] = re.findall(r'name="remove" value="(\w+)"', bea.get(f"/ideas/{soda_idea}/edit").text)
    assert bea.post(f"/ideas/{soda_idea}/edit", **edit, remove=key).status_code == 302
    assert names(app) == []
    versions = carl.get(f"/ideas/{soda_idea}/versions").text
    assert "<ins>plan.pdf</ins>" in versions
    assert "<del>plan.pdf</del>" in versions


def test_a_picture_leads_to_the_whole_of_it_and_has_its_name_among_the_versions(app, carl, soda_campaign):
    idea = carl.post(NEW, **typed(), data={"pictures": (picture(), "can.png")}).location
    with app.app_context():
        [image] = db.session.scalars(db.select(Idea)).one().images
        whole = image.url(1280)
    assert f'<a class="pictures__whole" href="{whole}">' in carl.get(idea).text
    assert carl.get(whole).status_code == 200
    assert "<ins>A picture without a description</ins>" in carl.get(f"{idea}/versions").text or (
        "<li>A picture without a description</li>" in carl.get(f"{idea}/versions").text
    )


def test_two_documents_that_are_none_are_named_and_the_rule_is_said_once(carl, soda_campaign):
    sent = [(io.BytesIO(b"just words"), "a.pdf"), (io.BytesIO(b"just words"), "b.pdf")]
    sentence = sentence_at(carl.post(NEW, **typed(), data={"documents": sent}).text, "documents")
    assert sentence == (
        "“a.pdf” isn’t a whole PDF document. “b.pdf” isn’t a whole PDF document. Other kinds of documents can’t be taken."
    )


def test_documents_and_descriptions_of_a_refused_edit_wait_on_the_page(app, bea, soda_idea):
    edit = {"title": "short", "text": "With a cap that turns.", "category": "can", "tags": ""}
    files = {"documents": (pdf(), "plan.pdf"), "pictures": (picture(), "cap.jpg")}
    refused = bea.post(f"/ideas/{soda_idea}/edit", **edit, data=files)
    assert refused.status_code == 422
    kept = re.findall(r'name="kept" value="(\w+)"', refused.text)
    assert len(kept) == 2
    with app.app_context():
        picture_id = db.session.scalars(db.select(Image.id)).one()
    again = {**edit, f"alt-{picture_id}": "The cap, from above", "remove": kept[1]}
    refused = bea.post(f"/ideas/{soda_idea}/edit", **again, data={"kept": kept})
    assert 'value="The cap, from above"' in refused.text
    assert re.search(rf'value="{kept[1]}" checked', refused.text)
    assert (
        bea.post(f"/ideas/{soda_idea}/edit", **{**edit, "title": "A can that closes"}, data={"kept": kept}).status_code
        == 302
    )
    assert names(app) == ["plan.pdf"]


def test_nobody_offers_a_document_that_is_anothers(app, bea, carl, soda_idea):
    carl.post(NEW, **typed(act="save"), data={"documents": (pdf(), "plan.pdf")})
    with app.app_context():
        key = db.session.scalars(db.select(Document.key)).one()
    bea.post(f"/ideas/{soda_idea}/edit", title="A can you can reseal", text="Clicks.", category="can", kept=key)
    assert names(app) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("private/plan.PDF", "plan.pdf"),
        ("../../etc/plan", "plan.pdf"),
        ("pl\u202ean\x07.pdf", "plan.pdf"),
        ("Schéma “final”.pdf", "Schéma “final”.pdf"),
        ("x" * 300 + ".pdf", "x" * 115 + "….pdf"),
        ("...", "document.pdf"),
    ],
)
def test_a_documents_name_is_tidied(app, carl, soda_campaign, given, kept):
    carl.post(NEW, **typed(), data={"documents": (pdf(), given)})
    assert names(app) == [kept]


# Pictures


LONG = "The cap, from above. " * 15  # 314 characters, once tidied.
TOO_LONG = "300 characters at most, and this has 314."


def picture_of(app):
    with app.app_context():
        image = db.session.scalars(db.select(Image).order_by(Image.id)).first()
        return f"alt-{image.id}", image.key, image.alt


@pytest.mark.parametrize("act", ["submit", "preview", "save"])
def test_a_description_that_is_too_long_is_said_beside_it_and_kept_as_typed(app, carl, soda_campaign, act):
    carl.post(NEW, **typed(act="save"), data={"pictures": (picture(), "cap.jpg")})
    field, _key, _alt = picture_of(app)
    page = carl.post(NEW, **typed(act=act), data={field: LONG})
    assert page.status_code == 422
    assert sentence_at(page.text, field) == TOO_LONG
    assert f'<a href="#{field}">What does it show? {TOO_LONG}</a>' in page.text
    assert f'value="{LONG.strip()}"' in page.text
    assert picture_of(app)[2] == ""
    assert carl.post(NEW, **typed(), data={field: LONG[:300]}).status_code == 302
    assert picture_of(app)[2] == LONG[:300].strip()


def test_in_an_edit_as_well_and_nothing_is_said_of_a_picture_that_goes(app, bea, soda_idea):
    edit = {"title": "A can you can reseal", "text": "With a cap that turns.", "category": "can", "tags": ""}
    bea.post(f"/ideas/{soda_idea}/edit", **edit, data={"pictures": (picture(), "cap.jpg")})
    field, key, _alt = picture_of(app)
    page = bea.post(f"/ideas/{soda_idea}/edit", **edit, data={field: LONG})
    assert (page.status_code, sentence_at(page.text, field)) == (422, TOO_LONG)
    assert f'value="{LONG.strip()}"' in page.text
    assert bea.post(f"/ideas/{soda_idea}/edit", **edit, data={field: LONG, "remove": key}).status_code == 302


def test_what_else_is_wrong_is_said_with_it_in_the_order_of_the_page(app, carl, soda_campaign):
    carl.post(NEW, **typed(act="save"), data={"pictures": (picture(), "cap.jpg")})
    field, _key, _alt = picture_of(app)
    wrong = {"title": "Short", field: LONG, "documents": (io.BytesIO(b"words"), "notes.txt")}
    page = carl.post(NEW, **{**typed(), **wrong}).text
    found = re.findall(r'<li><a href="#([\w-]+)">', page[page.index("form-errors__list") :])
    assert found == ["title", field, "documents"]


@pytest.mark.parametrize("size", [(4, 16_384), (16_384, 4)])
def test_a_picture_longer_than_its_format_knows_is_refused_by_its_name(carl, soda_campaign, size):
    page = carl.post(NEW, **typed(), data={"pictures": (picture(size), "tower.jpg")})
    assert page.status_code == 422
    assert sentence_at(page.text, "pictures").startswith("“tower.jpg” is too large")
    assert 'href="#pictures"' in page.text


def test_a_picture_as_long_as_its_format_knows_is_kept(carl, soda_campaign):
    assert carl.post(NEW, **typed(), data={"pictures": (picture((4, 16_383)), "tower.jpg")}).status_code == 302


@pytest.mark.parametrize("error", [struct.error, IndexError, ZeroDivisionError])
def test_whatever_a_decoder_stumbles_over_is_said_in_a_sentence(carl, soda_campaign, monkeypatch, error):
    def stumble(*args):
        raise error

    monkeypatch.setattr(Pillow.Image, "convert", stumble)
    page = carl.post(NEW, **typed(), data={"pictures": (picture(), "cap.jpg")})
    assert page.status_code == 422
    assert sentence_at(page.text, "pictures").startswith("“cap.jpg” isn’t a picture that we can read.")
