"""One person can store so much in a day, and is told so beside the field; what they typed and stored before stays."""

import dataclasses
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image as Pillow

from campaign import settings
from campaign.allowance import NoRoomToday, take_room
from campaign.documents import Document
from campaign.extensions import db
from campaign.images import Image
from campaign.storage import folder
from tests.pictures import pdf
from tests.refusals import sentence_at

NEW = "/campaigns/soda/ideas/new"
TYPED = {
    "key": "key-of-this-page",
    "title": "A can you can reseal",
    "text": "Turn it, and the bubbles stay.",
    "category": "can",
    "language": "en",
}
SENTENCE = "That would be more than the 1 MB which one person can store in a day. There is room again in 24 hours."


@pytest.fixture(autouse=True)
def one_megabyte(app):
    app.extensions["settings"] = dataclasses.replace(settings.of(app), uploads_per_day=1)


def plan(kilobytes):
    return pdf("x" * kilobytes * 1024), f"plan of {kilobytes}.pdf"


def noise():
    """A picture that no format makes small."""
    file = io.BytesIO()
    Pillow.effect_noise((800, 800), 120).convert("RGB").save(file, "JPEG", quality=60)
    return io.BytesIO(file.getvalue()), "noise.jpg"


def stored(app):
    with app.app_context():
        names = [document.name for document in db.session.scalars(db.select(Document).order_by(Document.id))]
        return names, len(list(folder().iterdir())) if folder().exists() else 0


def test_what_fits_no_more_is_refused_beside_its_field_and_the_rest_is_kept(app, carl, soda_campaign):
    page = carl.post(NEW, **TYPED, data={"documents": [plan(600), plan(500), plan(300)]})
    assert page.status_code == 422
    assert sentence_at(page.text, "documents") == SENTENCE
    assert "Turn it, and the bubbles stay." in page.text
    assert stored(app) == (["plan of 600.pdf", "plan of 300.pdf"], 2)
    assert carl.post(NEW, **TYPED).status_code == 302


def test_pictures_and_documents_share_the_room(app, carl, soda_campaign):
    page = carl.post(NEW, **TYPED, data={"documents": plan(1000), "pictures": noise()})
    assert (sentence_at(page.text, "pictures"), sentence_at(page.text, "documents")) == ("", SENTENCE)


def test_somebody_elses_room_is_theirs(app, carl, bea, soda_campaign):
    assert carl.post(NEW, **TYPED, data={"documents": plan(900)}).status_code == 302
    other = {**TYPED, "key": "another-key", "title": "A can of paper"}
    assert bea.post(NEW, **other, data={"documents": plan(900)}).status_code == 302


def test_a_cover_and_a_logo_are_refused_beside_their_fields(app, ana, cast, soda_campaign):
    with app.app_context():
        take_room(cast["ana"], 2**20 - 10, "pictures")
    logo = ana.post("/brands/soda/settings", name="Soda & Co", colour="#1f6f54", logo=noise())
    assert (logo.status_code, sentence_at(logo.text, "logo")) == (422, SENTENCE)
    assert 'value="Soda &amp; Co"' in logo.text
    cover = ana.post("/campaigns/soda/settings", title_en="The can of 2040", cover=noise(), cover_alt="A can")
    assert (cover.status_code, sentence_at(cover.text, "cover")) == (422, SENTENCE)
    assert 'value="The can of 2040"' in cover.text
    with app.app_context():
        assert db.session.scalars(db.select(Image)).all() == []
    assert stored(app)[1] == 0


def test_uploads_at_the_same_moment_share_the_room(app, cast):
    def one_upload(_number):
        with app.app_context():
            try:
                take_room(cast["carl"], 300 * 1024, "pictures")
            except NoRoomToday:
                return 0
            return 1

    with ThreadPoolExecutor(8) as uploads:
        assert sum(uploads.map(one_upload, range(16))) <= 3
    with app.app_context():
        take_room(cast["carl"], 100 * 1024, "pictures")  # What was refused took none.
