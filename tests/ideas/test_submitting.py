"""Suggesting an idea: what is kept, what is refused, and that nothing typed is lost."""

import io
import re
import threading
import time

import pytest
from PIL import Image as Pillow

from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.actions import CategoryMissing, IdeasClosed, submit_idea
from campaign.ideas.models import Draft, Idea
from campaign.ideas.tagging import TooManyTags
from campaign.live import board_seq
from tests.calendars import until
from tests.pictures import bomb, picture
from tests.refusals import sentence_at

TEXT = "Turn it, and the bubbles stay."


def typed(**given):
    return {
        "key": "key-of-this-page",
        "title": "A can you can reseal",
        "text": TEXT,
        "category": "can",
        "tags": "summer, on the go",
        "language": "en",
        **given,
    }


def ideas(app):
    with app.app_context():
        return [
            (idea.title, idea.text, [tag.name for tag in idea.tags], idea.category and idea.category.slug)
            for idea in db.session.scalars(db.select(Idea))
        ]


def test_an_idea_stands_on_the_board_with_its_first_version(app, carl, soda_campaign):
    page = carl.post("/campaigns/soda/ideas/new", **typed())
    assert page.status_code == 302
    assert ideas(app) == [("A can you can reseal", TEXT, ["on the go", "summer"], "can")]
    with app.app_context():
        idea = db.session.scalars(db.select(Idea)).one()
        assert [(version.number, version.title, version.tags) for version in idea.versions] == [
            (1, idea.title, ["on the go", "summer"])
        ]
        assert board_seq(f"campaign-{soda_campaign}") == 1
    shown = carl.get(page.location).text
    assert "A can you can reseal" in shown
    assert TEXT in shown


def test_a_form_sent_twice_is_one_idea(app, carl, soda_campaign):
    first = carl.post("/campaigns/soda/ideas/new", **typed())
    again = carl.post("/campaigns/soda/ideas/new", **typed())
    assert first.location == again.location
    assert len(ideas(app)) == 1


def test_another_idea_from_a_page_gone_back_to_is_another_idea(app, carl, soda_campaign):
    carl.post("/campaigns/soda/ideas/new", **typed())
    carl.post("/campaigns/soda/draft", **typed(title="A can that floats"), headers={"Accept": "application/json"})
    assert "A can that floats" in carl.get("/campaigns/soda/ideas/new").text
    carl.post("/campaigns/soda/ideas/new", **typed(title="A can that floats"))
    assert [idea[0] for idea in ideas(app)] == ["A can you can reseal", "A can that floats"]


def test_a_form_sent_twenty_times_at_once_is_one_idea(app, people, campaign):
    campaign_id, carl, failed = campaign.id, people.carl.id, []

    def send():
        with app.app_context():
            try:
                there = db.session.get(type(campaign), campaign_id)
                submit_idea(
                    there,
                    db.session.get(type(people.carl), carl),
                    "A can you can reseal",
                    language="en",
                    category=there.categories[0],
                    tags=["brand new"],
                    key="the same key",
                )
                db.session.commit()
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert db.session.scalar(db.select(db.func.count()).select_from(Idea)) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Give your idea a title."),
        ("title", "   \t ", "Give your idea a title."),
        ("title", "\u200b\u200b\u200b", "Give your idea a title."),
        ("title", "short", "at least 10"),
        ("title", "x" * 121, "121 characters; 120 at most"),
        ("text", "y" * 5001, "5,001 characters; 5,000 at most"),
        ("category", "", "Choose the category"),
        ("category", "nonsense", "Choose the category"),
        ("tags", "a,b,c,d,e,f", "Five tags at most"),
        ("tags", "z" * 41, "Five tags at most"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_lost(app, carl, soda_campaign, field, value, sentence):
    page = carl.post("/campaigns/soda/ideas/new", **typed(**{field: value}))
    assert page.status_code == 422
    assert sentence in page.text
    kept = typed(**{field: value})
    assert kept["text"] in page.text
    assert ideas(app) == []
    with app.app_context():
        draft = db.session.scalars(db.select(Draft)).one()
        assert draft.fields["text"] == kept["text"]


def test_everything_that_does_not_fit_is_said_at_once(carl, soda_campaign):
    broken = (io.BytesIO(b"no picture"), "sketch.heic")
    page = carl.post(
        "/campaigns/soda/ideas/new", **typed(title="short", category="", tags="a,b,c,d,e,f"), pictures=broken
    ).text
    for name, sentence in (
        ("title", "at least 10"),
        ("category", "Choose the category"),
        ("tags", "Five tags at most"),
        ("pictures", "“sketch.heic” isn’t a picture"),
    ):
        assert re.search(rf'<a href="#{name}">[^<]*{sentence}', page), name


def test_ten_megabytes_of_text_are_refused_at_the_field(carl, soda_campaign):
    page = carl.post("/campaigns/soda/ideas/new", **typed(text="é" * 5_000_000))
    assert page.status_code == 422
    assert "5,000,000 characters; 5,000 at most" in page.text


@pytest.mark.parametrize(
    ("typed_title", "kept"),
    [
        ("A can\x00 you\x07 can reseal", "A can you can reseal"),
        ("\u202eA can you can reseal\u202c", "A can you can reseal"),
        ("  A can   you\ncan reseal ", "A can you can reseal"),
        ("Une canette 🥤 refermable", "Une canette 🥤 refermable"),
        ("علبة يمكن إغلاقها", "علبة يمكن إغلاقها"),
        ("<script>alert(1)</script> can", "<script>alert(1)</script> can"),
    ],
)
def test_titles_are_tidied_and_shown_as_text(app, carl, soda_campaign, typed_title, kept):
    page = carl.post("/campaigns/soda/ideas/new", **typed(title=typed_title))
    assert ideas(app)[0][0] == kept
    shown = carl.get(page.location).text
    assert "<script>alert" not in shown


def test_html_and_script_in_the_text_are_harmless(carl, soda_campaign):
    nasty = "<img src=x onerror=alert(1)> [here](javascript:alert(1)) **strong**"
    page = carl.get(carl.post("/campaigns/soda/ideas/new", **typed(text=nasty)).location)
    assert "<strong>strong</strong>" in page.text
    assert "<img src=x" not in page.text
    assert 'href="javascript' not in page.text


def test_a_picture_keeps_its_pixels_and_loses_what_it_tells(app, carl, soda_campaign):
    exif = Pillow.Exif()
    exif[0x0110], exif[0x0112] = "Spy 3000", 6  # The camera's name; and that it was held upright.
    page = carl.post("/campaigns/soda/ideas/new", **typed(), data={"pictures": (picture(exif=exif), "me.jpg")})
    assert page.status_code == 302
    with app.app_context():
        image = db.session.scalars(db.select(Idea)).one().images[0]
        assert (image.width, image.height) == (30, 40)
        kept = carl.get(image.url(640))
    assert kept.mimetype == "image/webp"
    assert b"Spy 3000" not in kept.data
    assert not Pillow.open(io.BytesIO(kept.data)).getexif()


@pytest.mark.parametrize("name", ["text", "bomb", "svg", "cut"])
def test_what_is_not_a_picture_is_refused_and_the_rest_kept(app, carl, soda_campaign, name):
    files = {
        "text": b"just words",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "cut": picture((400, 300)).getvalue()[:900],
        "bomb": bomb(),
    }
    page = carl.post(
        "/campaigns/soda/ideas/new", **typed(), data={"pictures": (io.BytesIO(files[name]), "picture.png")}
    )
    assert page.status_code == 422
    refusal = sentence_at(page.text, "pictures")
    assert refusal.startswith(
        "“picture.png” is" if name == "bomb" else "“picture.png” isn’t a picture that we can read."
    )
    assert TEXT in page.text
    assert ideas(app) == []


def test_a_picture_waits_with_the_draft_until_the_rest_is_right(app, carl, soda_campaign):
    refused = carl.post("/campaigns/soda/ideas/new", **typed(title="short"), data={"pictures": (picture(), "me.jpg")})
    assert refused.status_code == 422
    assert refused.text.count('class="kept-picture"') == 1
    carl.post("/campaigns/soda/ideas/new", **typed())
    with app.app_context():
        assert len(db.session.scalars(db.select(Idea)).one().images) == 1
        assert db.session.scalars(db.select(Draft)).all() == []


def test_more_pictures_than_the_campaign_takes_are_refused(carl, soda_campaign):
    many = [(picture(), f"{number}.jpg") for number in range(5)]
    page = carl.post("/campaigns/soda/ideas/new", **typed(), data={"pictures": many})
    assert page.status_code == 422
    assert "4 pictures at most." in page.text


def test_a_draft_is_kept_while_typing_and_comes_back(app, carl, bea, soda_campaign):
    fields = typed(title="Half a thou")
    assert carl.post("/campaigns/soda/draft", **fields, headers={"Accept": "application/json"}).json == {"ok": True}
    assert "Half a thou" in carl.get("/campaigns/soda/ideas/new").text
    assert "Half a thou" not in bea.get("/campaigns/soda/ideas/new").text
    assert ideas(app) == []


def test_the_board_and_the_form_tell_of_a_waiting_draft(app, carl, bea, nobody, soda_campaign):
    board, form = "/campaigns/soda", "/campaigns/soda/ideas/new"
    as_data = {"Accept": "application/json"}
    carl.post("/campaigns/soda/draft", **typed(title="", text=""), headers=as_data)
    assert "You have a draft" not in carl.get(board).text, "an empty one is none"
    carl.post("/campaigns/soda/draft", **typed(title="Half a thou"), headers=as_data)
    for page in (board, form):
        assert "You have a draft" in carl.get(page).text
        assert "Half a thou" in carl.get(page).text
        assert "You have a draft" not in bea.get(page).text
    assert "You have a draft" not in nobody.get(board).text
    bea.post("/campaigns/soda/draft/removal")
    assert "You have a draft" in carl.get(board).text, "a draft is its author's"
    assert carl.post("/campaigns/soda/draft/removal").location == board
    assert "Your draft is gone." in carl.get(board).text
    assert "Half a thou" not in carl.get(form).text
    carl.post("/campaigns/soda/draft/removal")
    with app.app_context():
        assert db.session.scalars(db.select(Draft)).all() == []


def test_a_preview_shows_the_idea_and_sends_nothing(app, carl, soda_campaign):
    page = carl.post("/campaigns/soda/ideas/new", **typed(act="preview"))
    assert page.status_code == 200
    assert "How it will read" in page.text
    assert ideas(app) == []


def test_nobody_is_asked_to_sign_in_first(nobody, soda_campaign):
    page = nobody.get("/campaigns/soda/ideas/new")
    assert page.status_code == 302
    assert page.location.startswith("/sign-in?next=")
    assert nobody.post("/campaigns/soda/ideas/new", **typed()).status_code in {302, 401}


def test_a_strangers_draft_campaign_is_not_there(carl, soda_draft):
    assert carl.get("/campaigns/next/ideas/new").status_code == 404
    assert carl.post("/campaigns/next/ideas/new", **typed()).status_code == 404


def test_ideas_are_refused_when_their_time_is_over(campaign, people):
    until(campaign, ideas_until=now())
    with pytest.raises(IdeasClosed):
        submit_idea(campaign, people.carl, "A can you can reseal", language="en")


def test_a_category_is_required_where_there_are_some(campaign, people):
    with pytest.raises(CategoryMissing):
        submit_idea(campaign, people.carl, "A can you can reseal", language="en")


def test_the_teams_tags_are_not_given_by_participants(campaign, people):
    idea = submit_idea(
        campaign,
        people.carl,
        "A can you can reseal",
        language="en",
        category=campaign.categories[0],
        tags=["Studied", "summer"],
    )
    assert [tag.slug for tag in idea.tags] == ["summer"]
    with pytest.raises(TooManyTags):
        submit_idea(
            campaign,
            people.carl,
            "A can",
            language="en",
            category=campaign.categories[0],
            tags=list("abcdef"),
        )


def test_millions_of_tags_are_refused_without_looking_at_each(carl, soda_campaign):
    tags = "a," * 3_000_000
    begun = time.perf_counter()
    page = carl.post("/campaigns/soda/ideas/new", title="A can you can reseal", category="can", tags=tags)
    assert time.perf_counter() - begun < 5
    assert page.status_code == 422
    assert sentence_at(page.text, "tags") == "Five tags at most, of 40 characters each."
    assert tags in page.text


def test_a_tag_that_only_the_team_gives_is_not_left_out_without_a_word(ana, bea, carl, soda_idea, soda_campaign):
    posted = carl.post(
        "/campaigns/soda/ideas/new", **typed(tags="studied, summer", title="A bottle with a second life")
    )
    page = carl.get(posted.location).text
    assert "The tag “studied” is given by the team only" in page
    assert "The tag “summer”" not in page
    ana.post(f"/ideas/{soda_idea}/tags", tags="studied")
    changed = {**typed(tags="studied, summer", title="A can that closes again"), "version": 1}
    page = bea.get(bea.post(f"/ideas/{soda_idea}/edit", **changed).location).text
    assert "Your changes are on the board." in page
    assert "given by the team only" not in page  # It has it, from the team.
