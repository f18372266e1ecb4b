"""What nobody's browser sends is answered, and nobody else waits for it."""

import pytest

from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Draft, Idea


def test_a_form_of_a_million_fields_is_not_read(nobody):
    page = nobody.post("/sign-in", **{f"field{number}": "" for number in range(3000)})
    assert page.status_code == 400


@pytest.mark.parametrize("body", [5, [1, 2], {"text": 5}, {"title": 5}, {"title": "\ud800x"}, {"next": 5}, "text"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ideas/{idea}/comments", 422),
        ("/campaigns/soda/ideas/new", 422),
        ("/campaigns/soda/draft", 200),
        ("/sign-in", 302),
    ],
)
def test_a_form_takes_what_a_form_sends_and_no_json(app, bea, soda_idea, path, status, body):
    assert bea.post(path.format(idea=soda_idea), json=body).status_code == status
    with app.app_context():
        assert db.session.scalars(db.select(Idea.id)).all() == [soda_idea]
        assert db.session.scalars(db.select(Comment.id)).all() == []
        assert not any(
            draft.fields.get(name) for draft in db.session.scalars(db.select(Draft)) for name in ("title", "text")
        )


@pytest.mark.parametrize("cursor", ["W" * 3000, "Ww" * 90])
def test_a_nested_cursor_is_no_page(nobody, soda_campaign, cursor):
    assert nobody.get(f"/campaigns/soda?order=new&from={cursor}").status_code == 404


def test_a_picture_that_is_a_word_is_no_picture(carl, soda_campaign):
    page = carl.post(
        "/campaigns/soda/ideas/new", title="A can that is flat", category="can", language="en", pictures="abc"
    )
    assert page.status_code == 302


@pytest.mark.parametrize("word", ["\ufe70", "\ufc5e", "ﱞ can"])
def test_a_word_without_letters_finds_without_breaking(nobody, soda_idea, word):
    assert nobody.get("/campaigns/soda", query_string={"q": word}).status_code == 200
