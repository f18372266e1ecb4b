"""Nobody keeps a connection of the database while waiting for something else, and nobody waits without end."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from campaign import images
from campaign.errors import Busy
from campaign.extensions import db
from campaign.ideas import attaching, versions
from campaign.ideas.models import Draft, DraftPicture
from campaign.turns import Turns, TurnsOfEach
from tests.pictures import picture

NEW = "/campaigns/soda/ideas/new"
EDIT = {"title": "A can you can reseal", "text": "With a cap that turns.", "category": "can", "tags": ""}


def typed(**given):
    return {**EDIT, "key": "key-of-this-page", "language": "en", **given}


@pytest.fixture
def taken(app, monkeypatch):
    """How many connections are taken whenever something that takes long is done."""
    taken = []

    def watched(work):
        def do(*args):
            with app.app_context():
                taken.append(db.engine.pool.checkedout())
            return work(*args)

        return do

    monkeypatch.setattr(images, "_convert", watched(images._convert))
    monkeypatch.setattr(versions, "_differences", watched(versions._differences))
    return taken


@pytest.mark.parametrize("act", ["preview", "save", ""])
def test_a_new_idea_keeps_no_connection_while_its_pictures_are_made(carl, soda_campaign, taken, act):
    first = carl.post(NEW, **typed(act="save"), data={"pictures": (picture(), "cap.jpg")})
    assert first.status_code == 302
    carl.post(NEW, **typed(act=act), data={"pictures": [(picture(), "one.jpg"), (picture(), "two.jpg")]})
    assert taken == [0, 0, 0]


def test_an_edit_keeps_none_either(bea, soda_idea, taken):
    for _again in range(2):
        files = {"pictures": [(picture(), "one.jpg"), (picture(), "two.jpg")]}
        assert bea.post(f"/ideas/{soda_idea}/edit", **EDIT, data=files).status_code == 302
    assert taken == [0, 0, 0, 0]


def test_a_brands_mark_and_a_campaigns_cover_keep_none_either(ana, soda_campaign, taken):
    fields = {"name": "Soda", "colour": "#b93a1a"}
    assert ana.post("/brands/soda/settings", **fields, data={"logo": (picture(), "mark.jpg")}).status_code == 302
    ana.post("/campaigns/soda/settings", data={"cover": (picture(), "cover.jpg")})
    assert taken == [0, 0]


def test_the_page_of_the_versions_keeps_none_while_it_waits(nobody, soda_idea, taken):
    assert nobody.get(f"/ideas/{soda_idea}/versions").status_code == 200
    assert taken == [0]


def test_one_person_s_forms_are_taken_in_one_after_the_other(app, bea, carl, soda_campaign, monkeypatch):
    now, most, lock = 0, 0, threading.Lock()
    convert = images._convert

    def counting(*args):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        try:
            return convert(*args)
        finally:
            with lock:
                now -= 1

    def preview(_number):
        files = {"pictures": [(picture(), f"{n}.jpg") for n in range(4)]}
        return carl.post(NEW, **typed(act="preview"), data=files)

    monkeypatch.setattr(images, "_convert", counting)
    carl.get(NEW)
    with ThreadPoolExecutor(3) as pool:
        statuses = {page.status_code for page in pool.map(preview, range(3))}
    assert most == 1
    assert statuses <= {200, 422}
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(DraftPicture)) == 4


def test_where_too_many_wait_the_form_stays_and_says_so(app, carl, soda_campaign, monkeypatch):
    monkeypatch.setattr(attaching, "_forms", Turns(0, waiting=0, refusal=attaching.FilesWait))
    page = carl.post(NEW, **typed(text="Turn it, and the bubbles stay."), data={"pictures": (picture(), "cap.jpg")})
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
    assert "Choose them again" in page.text
    assert "Turn it, and the bubbles stay." in page.text
    assert carl.post(NEW, **typed()).status_code == 302


def test_where_too_many_wait_for_a_comparison_the_page_says_when_to_come_again(nobody, soda_idea, monkeypatch):
    monkeypatch.setattr(versions, "_comparing", Turns(0, waiting=0))
    page = nobody.get(f"/ideas/{soda_idea}/versions")
    assert page.status_code == 503
    assert "try again in a few seconds" in page.text


def test_turns_are_given_back_whatever_happens():
    turns, each = Turns(1, waiting=0), TurnsOfEach(waiting=0)
    for _again in range(3):
        with pytest.raises(ZeroDivisionError), each.of(7), turns:
            raise ZeroDivisionError
    with turns, each.of(7), each.of(8), pytest.raises(Busy), turns:
        pass
    with each.of(7), pytest.raises(Busy), each.of(7):
        pass
    assert each._turns == {}


def test_a_picture_of_the_draft_that_goes_to_another_idea_leaves_the_draft(app, bea, soda_idea):
    """Its key can be sent with any form of its uploader."""
    bea.post(NEW, **typed(title="Another can, of wood", act="save"), data={"pictures": (picture(), "cap.jpg")})
    with app.app_context():
        [key] = [one.image.key for one in db.session.scalars(db.select(DraftPicture))]
    assert bea.post(f"/ideas/{soda_idea}/edit", **EDIT, kept=key).status_code == 302
    with app.app_context():
        assert db.session.scalars(db.select(DraftPicture)).all() == []
    assert bea.post(NEW, **typed(title="Another can, of wood")).status_code == 302


def test_a_draft_that_names_a_picture_of_an_idea_can_be_sent_without_it(app, cast, bea, soda_campaign, soda_idea):
    assert bea.post(f"/ideas/{soda_idea}/edit", **EDIT, data={"pictures": (picture(), "cap.jpg")}).status_code == 302
    with app.app_context():
        draft = Draft(campaign_id=soda_campaign, author_id=cast["bea"], key="key-of-this-page")
        draft.pictures = [DraftPicture(image_id=db.session.scalars(db.select(images.Image.id)).one())]
        db.session.add(draft)
        db.session.commit()
    assert 'class="kept-picture"' not in bea.get(NEW).text
    assert bea.post(NEW, **typed(title="Another can, of wood")).status_code == 302


def test_two_ideas_that_want_one_picture_in_the_same_moment_get_a_sentence(
    app, people, bea, campaign, resealable, monkeypatch
):
    from campaign.ideas.actions import submit_idea

    assert (
        bea.post(f"/ideas/{resealable.id}/edit", **EDIT, data={"pictures": (picture(), "cap.jpg")}).status_code == 302
    )
    shown = db.session.scalars(db.select(images.Image)).one()
    with pytest.raises(attaching.ShownElsewhere):
        submit_idea(campaign, people.bea, "Another can", language="en", category=campaign.categories[0], images=[shown])
    db.session.rollback()
