"""A file leaves by the same door as what shows it."""

import pytest
from werkzeug.datastructures import FileStorage

from campaign.campaigns.models import Campaign
from campaign.documents import Document, keep_document
from campaign.extensions import db
from campaign.ideas.attaching import show_documents, show_pictures
from campaign.ideas.models import Idea, Withdrawal
from campaign.images import keep_image
from tests.campaign_cast import stage, suggest
from tests.pictures import pdf, picture


@pytest.fixture
def attach(app, cast):
    """`attach(idea)` gives the idea a picture and a document of bea's, and their addresses."""

    def attach(idea_id):
        with app.app_context():
            idea, by = db.session.get_one(Idea, idea_id), type("By", (), {"id": cast["bea"]})
            image = keep_image(picture().getvalue(), by=by)
            document = keep_document(FileStorage(pdf(), "Plan “A”.pdf"), by=by)
            show_pictures(idea, [image])
            show_documents(idea, [document])
            db.session.commit()
            return [image.url(), document.url]

    return attach


@pytest.fixture
def change(app):
    """`change(campaign, visibility="members")`"""

    def change(campaign_id, **given):
        with app.app_context():
            campaign = db.session.get_one(Campaign, campaign_id)
            for name, value in given.items():
                setattr(campaign, name, value)
            db.session.commit()

    return change


def statuses(person, urls):
    return [person.get(url).status_code for url in urls]


def test_everybody_sees_the_files_of_a_public_idea(carl, drew, nobody, soda_idea, attach):
    urls = attach(soda_idea)
    for person in (carl, drew, nobody):
        assert statuses(person, urls) == [200, 200]


def test_files_of_a_members_campaign_are_its_members(ana, bea, drew, nobody, soda_campaign, soda_idea, attach, change):
    urls = attach(soda_idea)
    change(soda_campaign, visibility="members")
    assert statuses(ana, urls) == [200, 200]
    for stranger in (bea, drew, nobody):  # bea as well: she sees her idea no more.
        assert statuses(stranger, urls) == [404, 404]


def test_files_of_a_draft_are_its_teams(app, ana, drew, nobody, soda_draft, cast, attach):
    urls = attach(suggest(app, soda_draft, cast["bea"]))
    assert statuses(ana, urls) == [200, 200]
    for stranger in (drew, nobody):
        assert statuses(stranger, urls) == [404, 404]


def test_files_of_a_withdrawn_idea_are_seen_by_those_who_see_the_idea(
    app, ana, nobody, drew, soda_campaign, soda_idea, attach, change
):
    urls = attach(soda_idea)
    with app.app_context():
        db.session.get_one(Idea, soda_idea).withdrawal = Withdrawal(reason="Said before.")
        db.session.commit()
    assert statuses(nobody, [f"/ideas/{soda_idea}", *urls]) == [200, 200, 200]
    change(soda_campaign, visibility="members")
    assert statuses(ana, urls) == [200, 200]
    assert statuses(drew, urls) == [404, 404]


def test_what_waits_for_its_idea_is_its_uploaders(app, ana, carl, drew, nobody, soda_campaign):
    files = {"pictures": (picture(), "cap.jpg"), "documents": (pdf(), "plan.pdf")}
    carl.post("/campaigns/soda/ideas/new", key="k" * 12, title="Half", act="save", data=files)
    with app.app_context():
        urls = [db.session.scalars(db.select(Document)).one().url]
    urls += [carl.get("/campaigns/soda/ideas/new").text.split('kept-picture__image" src="')[1].split('"')[0]]
    assert statuses(carl, urls) == [200, 200]
    for stranger in (ana, drew, nobody):
        assert statuses(stranger, urls) == [404, 404]


def test_what_was_taken_off_an_idea_is_its_uploaders_again(app, bea, carl, soda_idea, attach):
    urls = attach(soda_idea)
    with app.app_context():
        idea = db.session.get_one(Idea, soda_idea)
        show_pictures(idea, [])
        show_documents(idea, [])
        db.session.commit()
    assert statuses(bea, urls) == [200, 200]
    assert statuses(carl, urls) == [404, 404]


def test_a_cover_is_seen_by_those_who_see_its_campaign(app, ana, drew, nobody, soda_draft, change):
    with app.app_context():
        cover = keep_image(picture().getvalue())
        db.session.commit()
        cover_id, url = cover.id, cover.url()
    change(soda_draft, cover_id=cover_id)
    assert statuses(ana, [url]) == [200]
    assert statuses(drew, [url]) == statuses(nobody, [url]) == [404]
    stage(app, slug="open", cover_id=cover_id)
    assert statuses(nobody, [url]) == [200]


def test_a_logo_is_everybodys(app, people, nobody):
    people.elsewhere.logo = keep_image(picture().getvalue(), by=people.drew)
    db.session.commit()
    assert nobody.get(people.elsewhere.logo.url()).status_code == 200


def test_a_document_is_taken_away_and_runs_nothing(nobody, soda_idea, attach):
    _image, url = attach(soda_idea)
    answer = nobody.get(url)
    assert answer.data == pdf().getvalue()
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''Plan%20%E2%80%9CA%E2%80%9D.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_only_what_everybody_may_see_is_kept_by_caches_of_many(ana, nobody, soda_campaign, soda_idea, attach, change):
    urls = attach(soda_idea)
    for url in urls:
        assert nobody.get(url).headers["Cache-Control"].startswith("public, ")
        # With the answer comes ana's own cookie.
        assert nobody.get(url).headers.get("Set-Cookie") is None
        kept = ana.get(url).headers["Cache-Control"]
        assert "private" in kept
        assert "immutable" in kept
    change(soda_campaign, visibility="members")
    for url in urls:
        assert set(ana.get(url).headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
        etag = ana.get(url).headers["ETag"]
        assert ana.get(url, headers={"If-None-Match": etag}).status_code == 304
        assert nobody.get(url, headers={"If-None-Match": etag}).status_code == 404


def test_a_file_is_found_by_a_fixed_number_of_queries(
    app, cast, ana, nobody, soda_campaign, soda_idea, attach, change, queries
):
    urls = attach(soda_idea)
    for url in urls:
        with queries() as asked:
            assert nobody.get(url).status_code == 200
        assert len(asked) <= 5
    for number in range(5):
        attach(suggest(app, soda_campaign, cast["bea"], f"Another can, number {number}"))
    change(soda_campaign, visibility="members")
    for url in urls:
        with queries() as asked:
            assert ana.get(url).status_code == 200
        assert len(asked) <= 9


@pytest.mark.parametrize(
    "name",
    ["x.webp", "..%2Fsecret_key", "0" * 32 + "-320.webp", "0" * 32 + ".pdf", "0" * 32 + "-320.webp.part", "%00.pdf"],
)
def test_what_is_not_there_is_not_there(nobody, name):
    assert nobody.get(f"/files/{name}").status_code == 404


def test_a_file_that_the_folder_lacks_is_not_there(app, nobody, soda_idea, attach):
    image, _document = attach(soda_idea)
    assert nobody.get(image.replace("-40.", "-41.")).status_code == 404
