"""Files that nothing shows any more go after a day; what something shows stays, whatever happens at the same time."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from werkzeug.datastructures import FileStorage

from campaign import leftovers
from campaign.answer_files import AnswerFile
from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.documents import Document, keep_document
from campaign.extensions import db
from campaign.ideas.attaching import show_documents, show_pictures
from campaign.ideas.models import Draft, DraftDocument, DraftPicture, Idea
from campaign.images import Image, keep_image
from campaign.leftovers import sweep
from campaign.storage import folder
from tests.pictures import pdf, picture

NEW = "/campaigns/soda/ideas/new"


@pytest.fixture
def upload(people):
    """`upload()` keeps a picture and a document of bea's, two days old unless told otherwise."""

    def upload(age=timedelta(days=2)):
        image = keep_image(picture((400, 300)).getvalue(), by=people.bea)
        document = keep_document(FileStorage(pdf(), "plan.pdf"), by=people.bea)
        image.uploaded_at = document.uploaded_at = now() - age
        db.session.commit()
        return image, document

    return upload


def kept():
    """How many rows there are, and the files that are there."""
    rows = sum(db.session.scalar(db.select(db.func.count()).select_from(kind)) for kind in (Image, Document))
    return rows, sorted(file.name for file in folder().iterdir())


def age(app):
    """Let two days pass for whatever was uploaded."""
    with app.app_context():
        for kind in (Image, Document):
            db.session.execute(db.update(kind).values(uploaded_at=now() - timedelta(days=2)))
        db.session.commit()


def test_what_nothing_shows_goes_after_a_day_with_all_its_files(upload):
    upload()
    assert len(kept()[1]) == 3
    assert sweep() == 2
    assert kept() == (0, [])
    assert sweep() == 0


def test_what_came_today_waits_for_its_form(upload):
    upload(timedelta(hours=23))
    assert sweep() == 0
    assert kept()[0] == 2


def _on_idea(idea, image, document):
    show_pictures(idea, [image])
    show_documents(idea, [document])


def _on_draft(idea, image, document):
    draft = Draft(campaign_id=idea.campaign_id, author_id=idea.author_id, key="k")
    draft.pictures, draft.papers = [DraftPicture(image=image)], [DraftDocument(document=document)]
    db.session.add(draft)


@pytest.mark.parametrize("shows", [_on_idea, _on_draft])
def test_what_an_idea_or_a_draft_holds_stays(resealable, upload, shows):
    shows(resealable, *upload())
    db.session.commit()
    before = kept()
    assert sweep() == 0
    assert kept() == before


@pytest.mark.parametrize(("kind", "place"), [(Campaign, "cover"), (Brand, "logo")])
def test_a_cover_and_a_logo_stay_and_what_they_replaced_goes(resealable, upload, kind, place):
    old, new = upload()[0], upload()[0]
    row = db.session.scalars(db.select(kind).order_by(kind.id)).first()
    for image in (old, new):
        setattr(row, place, image)
        db.session.commit()
    gone = old.files
    assert sweep() == 3, "the replaced picture and the two documents"
    names = kept()[1]
    assert set(new.files) == set(names)
    assert not set(gone) & set(names)


def test_many_processes_sweep_at_once(app, upload):
    for _ in range(6):
        upload()

    def one_process(_number):
        with app.app_context():
            return sweep()

    with ThreadPoolExecutor(4) as processes:
        assert sum(processes.map(one_process, range(4))) == 12
    db.session.expire_all()
    assert kept() == (0, [])


def test_what_is_shown_again_a_moment_before_is_not_deleted(resealable, upload, monkeypatch):
    image, document = upload()
    found = {Image: [image.id], Document: [document.id], AnswerFile: []}
    _on_idea(resealable, image, document)
    db.session.commit()
    before = kept()
    monkeypatch.setattr(leftovers, "_unshown", found.__getitem__)
    assert sweep() == 0
    assert kept() == before


def test_a_file_that_cannot_be_deleted_keeps_no_other(upload, monkeypatch):
    stuck, _document = upload()
    upload()
    path = folder() / stuck.files[0]
    path.unlink()
    path.mkdir()
    assert sweep() == 3
    assert db.session.scalars(db.select(Image.id)).all() == [stuck.id], "tomorrow again"


def test_what_a_rolled_back_act_had_stored_is_gone_at_once(people):
    keep_image(picture().getvalue(), by=people.bea)
    keep_document(FileStorage(pdf(), "plan.pdf"), by=people.bea)
    assert len(kept()[1]) == 2
    db.session.rollback()
    assert kept() == (0, [])


def test_a_discarded_draft_and_a_picture_taken_off_leave_nothing(app, carl, soda_campaign):
    typed = {"key": "key-of-this-page", "title": "A can you can reseal", "text": "Turn it.", "category": "can"}
    files = {"pictures": (picture(), "cap.jpg"), "documents": (pdf(), "plan.pdf")}
    carl.post(NEW, **typed, act="save", data=files)
    carl.post("/campaigns/soda/draft/removal")
    idea = carl.post(NEW, **typed, data={"pictures": (picture(), "cap.jpg")}).location
    with app.app_context():
        [image] = db.session.scalars(db.select(Idea)).one().images
        key, address = image.key, image.url()
    age(app)
    with app.app_context():
        assert sweep() == 2
    assert carl.get(address).status_code == 200
    carl.post(f"{idea}/edit", **typed, remove=key)
    with app.app_context():
        assert sweep() == 1
        assert kept() == (0, [])


def test_a_server_sweeps_when_it_starts(app, serve, settings, database_url, upload):
    upload()
    with serve(DATABASE_URL=database_url, INSTANCE=str(settings.instance)):
        deadline = time.monotonic() + 20
        while kept() != (0, []) and time.monotonic() < deadline:
            time.sleep(0.05)
            db.session.rollback()
        assert kept() == (0, [])
