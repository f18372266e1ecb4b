"""Editing, versions, withdrawing and putting back."""

import re
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.accounts.models import Person
from campaign.campaigns.models import Tag
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.actions import IdeaWithdrawn, SupportedIdea, edit_idea, restore_idea, withdraw_idea
from campaign.ideas.diffing import compare, compare_texts
from campaign.ideas.models import Idea
from campaign.ideas.tagging import tag_as_team
from campaign.live import board_seq
from campaign.text import markdown
from tests.campaign_cast import suggest
from tests.pictures import picture
from tests.voting import cast_vote

MARKDOWN = [
    "a can ",
    "**bold** ",
    "https://example.org/a_b ",
    "*it* ",
    "turns. ",
    "\n\n",
    "- one\n",
    "\n",
    "## Head\n",
    "> said ",
    "& ",
    "<b>",
    "[x](http://x.org/?a>b) ",
    "`code` ",
    "```\n",
]


def edit(client, idea, **given):
    fields = {
        "title": "A can you can reseal",
        "text": "Now with a cap that clicks.",
        "category": "can",
        "tags": "",
    }
    return client.post(f"/ideas/{idea}/edit", **fields | given)


def test_an_edit_is_a_new_version_and_the_old_one_stays_readable(app, bea, carl, soda_idea):
    assert edit(bea, soda_idea).status_code == 302
    page = carl.get(f"/ideas/{soda_idea}/versions").text
    assert "<ins>" in page
    assert "<del>" in page
    assert "Version 2" in page
    with app.app_context():
        assert db.session.get(Idea, soda_idea).version == 2


def test_an_edit_that_changes_nothing_is_no_version(app, bea, soda_idea):
    edit(bea, soda_idea)
    edit(bea, soda_idea)
    with app.app_context():
        assert db.session.get(Idea, soda_idea).version == 2


def test_what_was_edited_is_found_by_its_new_words(bea, carl, soda_idea):
    edit(bea, soda_idea, text="It clicks like a pomegranate.")
    assert "A can you can reseal" in carl.get("/campaigns/soda?q=pomegranates").text


def test_a_refused_edit_keeps_what_was_typed(bea, soda_idea):
    page = edit(bea, soda_idea, title="short", text="Words that took me an hour")
    assert page.status_code == 422
    assert "Words that took me an hour" in page.text
    assert "at least 10" in page.text


@pytest.mark.parametrize("path", ["edit", "withdrawal"])
def test_only_the_author_may(ana, carl, drew, nobody, soda_idea, path):
    for stranger in (ana, carl, drew):
        assert stranger.get(f"/ideas/{soda_idea}/{path}").status_code == 404
        assert stranger.post(f"/ideas/{soda_idea}/{path}", title="A can that is mine", reason="x").status_code == 404
    assert nobody.get(f"/ideas/{soda_idea}/{path}").status_code == 302


def test_a_withdrawn_idea_leaves_the_board_and_stays_readable_with_its_reason(bea, carl, soda_idea):
    assert bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Somebody said it better").status_code == 302
    assert (
        "A can you can reseal"
        not in carl.get("/campaigns/soda?order=new").text.split('id="ideas"')[1].split("</ol>")[0]
    )
    assert "Somebody said it better" in carl.get("/campaigns/soda/withdrawn").text
    assert "Somebody said it better" in carl.get(f"/ideas/{soda_idea}").text


def test_a_withdrawal_needs_its_reason(bea, soda_idea):
    page = bea.post(f"/ideas/{soda_idea}/withdrawal", reason="  ")
    assert page.status_code == 422
    assert "Say in a few words" in page.text


def test_a_supported_idea_stays(app, bea, carl, soda_idea):
    carl.post(f"/ideas/{soda_idea}/vote", id="vote-of-carl")
    page = bea.post(f"/ideas/{soda_idea}/withdrawal", reason="I changed my mind")
    assert page.status_code == 422
    assert "People support this idea already" in page.text
    with app.app_context():
        assert not db.session.get(Idea, soda_idea).withdrawn


def test_a_withdrawn_idea_can_be_put_back(bea, carl, soda_idea):
    bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Somebody said it better")
    assert carl.post(f"/ideas/{soda_idea}/withdrawal/undo").status_code == 404
    assert bea.post(f"/ideas/{soda_idea}/withdrawal/undo").status_code == 302
    assert f'id="idea-{soda_idea}"' in carl.get("/campaigns/soda").text


def test_a_vote_on_a_withdrawn_idea_is_refused_with_its_sentence(bea, carl, soda_idea):
    bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Somebody said it better")
    answer = carl.post(f"/ideas/{soda_idea}/vote", id="vote-of-carl", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json["error"] == {
        "code": "idea_withdrawn",
        "message": "This idea was withdrawn by its author.",
    }


def test_a_vote_without_scripts_comes_back_to_the_page(app, carl, soda_idea):
    page = carl.post(f"/ideas/{soda_idea}/vote", id="vote-of-carl", next="/campaigns/soda?order=new")
    assert page.location == f"/campaigns/soda?order=new#idea-{soda_idea}"
    shown = carl.get(page.location).text
    assert 'aria-pressed="true"' in shown
    assert f'formaction="/ideas/{soda_idea}/vote/withdrawal"' in shown
    assert carl.post(f"/ideas/{soda_idea}/vote", id="x" * 20, next="//evil.example").location == f"/ideas/{soda_idea}"


def test_a_vote_of_nobody_leads_to_signing_in(nobody, soda_idea):
    assert nobody.post(f"/ideas/{soda_idea}/vote", id="vote-of-nobody").status_code == 302
    answer = nobody.post(f"/ideas/{soda_idea}/vote", id="vote-of-nobody", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "sign_in_first")


def test_differences_are_told_word_by_word():
    assert compare("the red can", "the blue can") == [
        ("same", "the "),
        ("removed", "red"),
        ("added", "blue"),
        ("same", " can"),
    ]


def test_changes_that_few_words_keep_apart_are_one_phrase():
    assert compare("The red can is small and lasts for all of us.", "The blue can is big and lasts for all of us.") == [
        ("same", "The "),
        ("removed", "red can is small"),
        ("added", "blue can is big"),
        ("same", " and lasts for all of us."),
    ]


def test_a_reworded_text_is_marked_in_its_paragraphs_without_raw_marks():
    before = "A can with a **cap** that turns.\n\n- one\n- two\n\nIt keeps bubbles & joy."
    after = "A can with a **lid** that turns.\n\n- one\n- two\n\nIt keeps bubbles & joy & peace."
    assert compare_texts(before, after) == [
        ("changed", "<p>A can with a <strong><del>cap</del><ins>lid</ins></strong> that turns.</p>\n"),
        ("same", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("changed", "<p>It keeps bubbles &amp; joy<ins> &amp; peace</ins>.</p>\n"),
    ]


def test_a_paragraph_that_says_something_else_is_told_whole():
    assert compare_texts("A **cap** that turns.", "Nobody needs *straws*, so leave them out of it!") == [
        ("removed", "<p>A <strong>cap</strong> that turns.</p>\n"),
        ("added", "<p>Nobody needs <em>straws</em>, so leave them out of it!</p>\n"),
    ]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(MARKDOWN), max_size=9), st.lists(st.sampled_from(MARKDOWN), max_size=9))
def test_marked_html_is_sound_and_holds_the_later_text(before, after):
    before, after = "".join(before), "".join(after)
    html = "".join(piece.text for piece in compare_texts(before, after) if piece.kind != "removed")
    later = re.sub("<ins>|</ins>|<del>.*?</del>", "", html, flags=re.DOTALL)
    assert "".join(later.split()) == "".join(markdown(after).split())
    open_tags = []
    for closing, tag in re.findall(r"<(/?)(\w+)", html):
        if closing:
            assert open_tags.pop() == tag
        elif tag not in ("br", "hr"):
            open_tags.append(tag)
    assert open_tags == []


@pytest.mark.parametrize("path", ["versions", "withdrawal", "edit"])
def test_the_pages_of_an_idea_keep_the_campaigns_header(bea, soda_idea, path):
    page = bea.get(f"/ideas/{soda_idea}/{path}").text
    assert 'href="/campaigns/soda/brief"' in page
    assert re.search(r'href="/campaigns/soda" aria-current="true"', page)


def test_an_edit_made_in_another_window_is_not_overwritten(app, bea, soda_idea):
    edit(bea, soda_idea, version="1", text="Words of the first window.")
    late = edit(bea, soda_idea, version="1", text="Words of the second window.")
    assert late.status_code == 422
    assert "edited in another window" in late.text
    assert "Words of the second window." in late.text
    assert 'name="version" value="2"' in late.text
    assert edit(bea, soda_idea, version="2", text="Words of the second window.").status_code == 302
    with app.app_context():
        assert db.session.get(Idea, soda_idea).version == 3


def test_two_edits_at_once_are_two_versions(app, people, resealable):
    idea_id, bea_id, failed = resealable.id, people.bea.id, []

    def write(words):
        with app.app_context():
            try:
                idea = db.session.get(Idea, idea_id)
                edit_idea(
                    idea,
                    db.session.get(type(people.bea), bea_id),
                    idea.title,
                    words,
                    language="en",
                    category=idea.campaign.categories[0],
                    tags=[],
                    pictures=[],
                    documents=[],
                )
                db.session.commit()
            except Exception as error:
                failed.append(error)

    writers = [threading.Thread(target=write, args=(f"Words of writer {number}",)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    db.session.expire_all()
    assert [version.number for version in resealable.versions] == list(range(1, 10))


def test_a_vote_and_a_withdrawal_at_once_never_both_succeed(app, people, resealable):
    idea_id, bea_id, carl_id, done = resealable.id, people.bea.id, people.carl.id, []

    def act(name, work, person_id):
        with app.app_context():
            idea, person = db.session.get(Idea, idea_id), db.session.get(type(people.bea), person_id)
            assert not idea.withdrawn
            ready.wait()
            try:
                work(idea, person)
                db.session.commit()
                done.append(name)
            except (SupportedIdea, IdeaWithdrawn):
                db.session.rollback()

    ready = threading.Barrier(3)
    deeds = [
        threading.Thread(
            target=act, args=("vote", lambda idea, person: cast_vote(idea, person, "vote-of-carl"), carl_id)
        ),
        threading.Thread(
            target=act, args=("withdrawal", lambda idea, person: withdraw_idea(idea, person, "x"), bea_id)
        ),
    ]
    # Somebody else writes, so both have read what they go by before either can act on it.
    db.session.remove()
    with db.engine.begin() as somebody_else:
        somebody_else.execute(db.update(Idea).where(Idea.id == idea_id).values(comments=Idea.comments))
        for deed in deeds:
            deed.start()
        ready.wait()
    for deed in deeds:
        deed.join()
    assert len(done) == 1


@pytest.mark.parametrize("act", ["withdrawn", "restored"])
def test_clicks_of_one_moment_are_told_and_written_down_once(app, people, campaign, resealable, at_once, act):
    if act == "restored":
        withdraw_idea(resealable, people.bea, "By mistake.")
        db.session.commit()
    idea_id, bea_id, seq = resealable.id, people.bea.id, board_seq(campaign.board)

    def click():
        idea, bea = db.session.get_one(Idea, idea_id), db.session.get_one(Person, bea_id)
        assert idea.withdrawn == (act == "restored")
        yield
        if act == "withdrawn":
            withdraw_idea(idea, bea, "Somebody said it better.")
        else:
            restore_idea(idea, bea)

    at_once(click, click, click)
    db.session.expire_all()
    assert resealable.withdrawn == (act == "withdrawn")
    written = db.session.scalars(db.select(Entry).where(Entry.what == f"idea.{act}")).all()
    assert len(written) == 1
    assert board_seq(campaign.board) == seq + 1


def test_pictures_of_a_refused_edit_wait_on_the_page(app, bea, soda_idea):
    refused = edit(bea, soda_idea, title="short", data={"pictures": (picture(), "me.jpg")})
    assert refused.status_code == 422
    [kept] = re.findall(r'name="kept" value="(\w+)"', refused.text)
    assert edit(bea, soda_idea, kept=kept).status_code == 302
    with app.app_context():
        assert [image.key for image in db.session.get(Idea, soda_idea).images] == [kept]


def test_nobody_shows_a_picture_that_is_anothers(app, bea, carl, soda_idea, cast, soda_campaign):
    other = suggest(app, soda_campaign, cast["carl"], "A can of another person")
    refused = edit(carl, other, title="short", data={"pictures": (picture(), "me.jpg")})
    [kept] = re.findall(r'name="kept" value="(\w+)"', refused.text)
    edit(bea, soda_idea, kept=kept)
    with app.app_context():
        assert db.session.get(Idea, soda_idea).images == []


def test_the_language_of_an_idea_can_be_put_right(app, bea, soda_idea):
    edit(bea, soda_idea, language="fr")
    with app.app_context():
        idea = db.session.get(Idea, soda_idea)
        assert (idea.language, [version.language for version in idea.versions]) == ("fr", ["en", "fr"])


def test_the_team_gives_its_own_tags_and_the_authors_stay(app, ana, bea, carl, soda_idea):
    edit(bea, soda_idea, tags="summer")
    assert ana.post(f"/ideas/{soda_idea}/tags", tags="studied").status_code == 302
    with app.app_context():
        assert {tag.slug for tag in db.session.get(Idea, soda_idea).tags} == {"summer", "studied"}
    edit(bea, soda_idea, tags="")
    with app.app_context():
        assert {tag.slug for tag in db.session.get(Idea, soda_idea).tags} == {"studied"}
    assert ana.post(f"/ideas/{soda_idea}/tags").status_code == 302
    with app.app_context():
        assert db.session.get(Idea, soda_idea).tags == []


def test_only_the_team_gives_the_teams_tags(bea, drew, nobody, soda_idea):
    for stranger in (bea, drew):
        assert stranger.get(f"/ideas/{soda_idea}/tags").status_code == 404
        assert stranger.post(f"/ideas/{soda_idea}/tags", tags="studied").status_code == 404
    assert nobody.post(f"/ideas/{soda_idea}/tags", tags="studied").status_code == 302


def test_texts_made_to_be_slow_to_compare_are_not():
    lines = ["a\n" if number % 3 else "b\n" for number in range(2490)]
    before, after = "".join(lines), "".join(reversed(lines))
    assert [piece.kind for piece in compare(before, after)] == ["removed", "added"]


def test_a_tag_of_the_team_that_is_given_twice_in_one_moment_is_given_once(people, campaign, resealable, elsewhere):
    [studied] = [tag for tag in campaign.tags if tag.staff_only]
    assert resealable.tags == []

    def give():
        idea = db.session.get_one(Idea, resealable.id)
        tag_as_team(idea, db.session.get_one(Person, people.ana.id), [db.session.get_one(Tag, studied.id)])

    elsewhere(give)
    tag_as_team(resealable, people.ana, [studied])
    db.session.commit()
    assert resealable.tags == [studied]
    assert len(db.session.scalars(db.select(Entry).filter_by(what="idea.tagged")).all()) == 1
