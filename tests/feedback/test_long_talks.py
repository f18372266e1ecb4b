"""However much people write, a page is made at once, and who writes without end is asked to wait."""

import re
from hashlib import sha256

import pytest

from campaign import rendering
from campaign.database import without_connection
from campaign.extensions import db
from campaign.feedback.models import Comment, CommentDeletion
from campaign.ideas.models import Idea
from campaign.moderation.models import Trusted
from campaign.text import markdown

IDEA = {"title": "A can you can reseal", "text": "With a cap.", "category": "can", "language": "en", "tags": ""}


def say(app, idea_id, author_id, *texts, parent=None):
    with app.app_context():
        said = [Comment(idea_id=idea_id, author_id=author_id, text=text, parent_id=parent) for text in texts]
        db.session.add_all(said)
        db.session.commit()
        return [comment.id for comment in said]


def shown(page):
    return [int(number) for number in re.findall(r'<li class="comment" id="comment-(\d+)"', page)]


def test_a_long_talk_is_read_page_by_page(app, cast, nobody, soda_idea):
    ids = say(app, soda_idea, cast["carl"], *(f"Remark {number}" for number in range(120)))
    [reply] = say(app, soda_idea, cast["bea"], "A late answer.", parent=ids[3])
    first = nobody.get(f"/ideas/{soda_idea}").text
    assert shown(first) == [*ids[:4], reply, *ids[4:50]]
    [more] = re.findall(rf'href="(/ideas/{soda_idea}/remarks/\d+)#comments"', first)
    second = nobody.get(more).text
    assert shown(second) == ids[50:100]
    assert f'href="/ideas/{soda_idea}#comments"' in second
    [more] = re.findall(rf'href="(/ideas/{soda_idea}/remarks/\d+)#comments"', second)
    third = nobody.get(more).text
    assert shown(third) == ids[100:]
    assert "Show more remarks" not in third


def test_what_was_taken_back_takes_no_place(app, cast, nobody, soda_idea):
    ids = say(app, soda_idea, cast["carl"], *(f"Remark {number}" for number in range(60)))
    with app.app_context():
        db.session.add_all(CommentDeletion(comment_id=gone) for gone in ids[:10])
        db.session.commit()
    page = nobody.get(f"/ideas/{soda_idea}").text
    assert shown(page) == ids[10:]
    assert "Show more remarks" not in page


def test_who_has_spoken_sees_what_they_said(app, cast, carl, soda_idea):
    for texts in ((), [f"Remark {number}" for number in range(55)]):
        say(app, soda_idea, cast["bea"], *texts)
        page = carl.post(f"/ideas/{soda_idea}/comments", text=f"And mine after {len(texts)}.", key=str(len(texts)))
        path, _hash, mark = page.location.partition("#")
        assert f'id="{mark}"' in carl.get(path).text
        number = mark.removeprefix("comment-")
        edited = carl.post(f"/comments/{number}/edit", text="Changed.")
        assert edited.location == page.location


@pytest.mark.parametrize(
    ("path", "most"), [("/ideas/{idea}/comments", 30), ("/campaigns/soda/ideas/new", 30), ("/ideas/{own}/edit", 60)]
)
def test_who_writes_without_end_waits_and_keeps_their_words(app, cast, bea, soda_idea, path, most):
    with app.app_context():  # Of somebody who is new here less is taken: see tests/filters/test_levels.py.
        soda = db.session.get_one(Idea, soda_idea).campaign.brand_id
        db.session.add(Trusted(brand_id=soda, person_id=cast["bea"], by_id=cast["ana"]))
        db.session.commit()

    def send(number):
        unlike = sha256(str(number).encode()).hexdigest()[:30]  # An idea that is nearly another is asked about first.
        fields = {**IDEA, "title": f"A can {unlike}", "text": f"Words, number {number}.", "key": f"k{number}"}
        return bea.post(path.format(idea=soda_idea, own=soda_idea), **fields)

    for number in range(most):
        assert send(number).status_code == 302
    page = send(most)
    assert page.status_code == 429
    assert "You have written a lot in a short time." in page.text
    assert f"Words, number {most}." in page.text


def test_markdown_is_made_once_and_long_ones_before_the_page(app, cast, nobody, soda_idea, monkeypatch):
    made, at_once = [], []

    def counting(words):
        made.append(words)
        with app.app_context():
            at_once.append(db.engine.pool.checkedout())
        return markdown(words)

    monkeypatch.setattr(rendering.text, "markdown", counting)
    monkeypatch.setattr(rendering, "_kept", rendering._Kept(1_000_000))
    say(app, soda_idea, cast["carl"], *(f"{number}\n" + "- x\n" * 400 for number in range(3)))
    first, again = nobody.get(f"/ideas/{soda_idea}"), nobody.get(f"/ideas/{soda_idea}")
    assert first.text.count("<li>x</li>") == again.text.count("<li>x</li>") == 1200
    assert len([words for words in made if "- x" in words]) == len({words for words in made if "- x" in words}) == 3
    assert set(at_once) == {0}


def test_what_is_kept_is_bounded():
    kept = rendering._Kept(100)
    for number in range(50):
        kept.put(f"text {number}", markdown("x" * 20))
    assert kept._size <= 100
    assert kept.get("text 0") is None
    assert kept.get("text 49")


def test_nothing_that_waits_to_be_written_is_given_away(people, resealable):
    db.session.add(Idea(title="new"))
    with pytest.raises(AssertionError), without_connection():
        pass
    db.session.rollback()
