"""Answering a campaign's questions with an idea: asked, kept, checked, shown to those who may read them."""

import re

import pytest

from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import Question, Reply, asked_now, choice_key
from campaign.encryption import Unreadable, decrypt
from campaign.extensions import db
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import CoAuthor, Draft, Idea
from campaign.ideas.replies import QuestionGone
from tests.ideas.asking import SIZE, WHERE, a, ask, key_of, typed
from tests.refusals import sentence_at

NEW = "/campaigns/soda/ideas/new"
SECRET = "In the bath, with my cat"


def replies(app):
    with app.app_context():
        return list(db.session.scalars(db.select(Reply).order_by(Reply.question_id)))


def test_every_kind_of_answer_stands_with_the_idea(app, carl, nobody, soda_campaign):
    ids = ask(
        app,
        soda_campaign,
        a(),
        a("long", names={"en": "Tell us more"}),
        a("one", names={"en": "Which size?"}, choices=SIZE),
        a("several", names={"en": "Which sizes too?"}, choices=SIZE),
        a("scale", names={"en": "How much?"}, top=4, low={"en": "a little"}, high={"en": "a lot"}),
    )
    form = carl.get(NEW).text
    assert all(f'name="question-{number}"' in form for number in ids)
    small, large = (key_of(app, soda_campaign, 2, place) for place in (0, 1))
    values = ["On a <b>train</b>", "First.\nSecond.", large, [small, large], "4"]
    answer = carl.post(
        NEW, **typed(), **{f"question-{number}": value for number, value in zip(ids, values, strict=True)}
    )
    assert answer.status_code == 302
    page = nobody.get(answer.location).text
    for told in (
        WHERE["en"],
        "On a &lt;b&gt;train&lt;/b&gt;",
        "First.",
        "Which size?",
        "Large",
        "Small",
        "4 of 4 (a lot)",
    ):
        assert told in page
    with app.app_context():
        version = db.session.scalars(db.select(Idea)).one().versions[0]
        assert [one["value"] for one in version.answers] == ["On a <b>train</b>", "First.\nSecond.", [SIZE[1]], SIZE, 4]
    assert "On a &lt;b&gt;train&lt;/b&gt;" in nobody.get(f"{answer.location}/versions").text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("question", "given", "sentence"),
    [
        (a(required=True), "  ", "This needs an answer."),
        (a(), "x" * 201, "200 characters at most"),
        (a("one", choices=SIZE, required=True), "", "Choose an answer."),
        (a("one", choices=SIZE), "huge", "Choose from what is offered"),
        (a("several", choices=SIZE), ["huge"], "Choose from what is offered"),
        (a("scale"), "6", "Choose from what is offered"),
        (a("scale"), "²", "Choose from what is offered"),
    ],
)
def test_a_bad_answer_is_said_beside_it_and_nothing_is_lost(app, carl, soda_campaign, question, given, sentence):
    [number] = ask(app, soda_campaign, question)
    page = carl.post(NEW, **typed(), **{f"question-{number}": given})
    assert page.status_code == 422
    assert sentence in sentence_at(page.text, f"question-{number}")
    assert "Turn it, and the bubbles stay." in page.text
    if question["kind"] == "text":
        assert given.strip() in page.text
    assert replies(app) == []


def test_what_need_not_be_answered_can_be_left_out(app, carl, soda_campaign):
    ask(app, soda_campaign, a(), a("one", choices=SIZE), a("several", choices=SIZE), a("scale"))
    assert carl.post(NEW, **typed()).status_code == 302
    assert replies(app) == []


def test_drafts_and_the_preview_keep_what_was_answered(app, carl, soda_campaign):
    ids = ask(app, soda_campaign, a(), a("several", choices=SIZE), a(names={"en": "And at home?"}, private=True))
    small = key_of(app, soda_campaign, 1, 0)
    answers = dict(zip([f"question-{number}" for number in ids], ["On a train", [small], SECRET], strict=True))
    assert carl.post("/campaigns/soda/draft", **typed(), **answers).status_code == 200
    begun = carl.get(NEW).text
    assert 'value="On a train"' in begun
    assert f'value="{SECRET}"' in begun
    assert re.search(rf'<input checked [^>]*id="question-{ids[1]}-0"', begun)
    with app.app_context():
        kept = db.session.scalars(db.select(Draft)).one().fields
        assert SECRET not in str(kept)
        assert "On a train" in str(kept)
    preview = carl.post(NEW, **typed(act="preview"), **answers)
    assert preview.status_code == 200
    read = preview.text.split("How it will read")[1].split("</section>")[0]
    assert "On a train" in read
    assert SECRET not in read
    assert f'value="{SECRET}"' in preview.text


def test_private_answers_are_read_by_the_brands_team_only(app, ana, bea, carl, drew, nobody, soda_campaign):
    [number] = ask(app, soda_campaign, a(private=True))
    assert "Only the team of Soda reads your answer, and it is deleted on" in carl.get(NEW).text
    idea = carl.post(NEW, **typed(), **{f"question-{number}": SECRET}).location
    assert SECRET in ana.get(idea).text
    for other in (bea, drew, nobody, carl):
        for page in (idea, f"{idea}/versions", "/campaigns/soda"):
            assert SECRET not in other.get(page).text
    for other in (bea, drew, nobody):
        assert SECRET not in other.get(f"{idea}/edit").text
    assert SECRET in carl.get(f"{idea}/edit").text


def test_private_answers_lie_encrypted_and_cannot_be_put_elsewhere(app, carl, soda_campaign):
    [number] = ask(app, soda_campaign, a(private=True))
    carl.post(NEW, **typed(), **{f"question-{number}": SECRET})
    [reply] = replies(app)
    assert reply.value is None
    assert SECRET.encode() not in reply.sealed
    with app.app_context():
        assert SECRET in decrypt(reply.sealed, f"reply {reply.idea_id} {number}").decode()
        with pytest.raises(Unreadable):
            decrypt(reply.sealed, f"reply {reply.idea_id + 1} {number}")


@pytest.mark.one_database
def test_an_answer_whose_key_is_gone_says_so(app, ana, carl, soda_campaign):
    [number] = ask(app, soda_campaign, a(private=True))
    idea = carl.post(NEW, **typed(), **{f"question-{number}": SECRET}).location
    with app.app_context():
        db.session.execute(db.update(Reply).values(sealed=b"of another key altogether"))
        db.session.commit()
    assert "can’t be read" in ana.get(idea).text
    assert carl.get(f"{idea}/edit").status_code == 200


def test_an_edit_keeps_the_answers_and_a_changed_one_makes_a_version(app, carl, nobody, soda_campaign):
    open_one, private = ask(app, soda_campaign, a(), a(names={"en": "And at home?"}, private=True))
    answers = {f"question-{open_one}": "On a train", f"question-{private}": SECRET}
    idea = carl.post(NEW, **typed(), **answers).location
    form = carl.get(f"{idea}/edit").text
    assert 'value="On a train"' in form
    assert f'value="{SECRET}"' in form
    carl.post(f"{idea}/edit", **typed(version="1"), **answers)
    carl.post(f"{idea}/edit", **typed(version="1"), **{**answers, f"question-{private}": "Nowhere"})
    assert 'value="Nowhere"' in carl.get(f"{idea}/edit").text
    with app.app_context():
        assert db.session.scalars(db.select(Idea.version)).one() == 1  # Nobody else sees a difference.
    carl.post(f"{idea}/edit", **typed(version="1"), **{**answers, f"question-{open_one}": "On a boat"})
    assert "On a boat" in nobody.get(idea).text
    with app.app_context():
        [first, second] = db.session.scalars(db.select(Idea)).one().versions
        assert [first.answers[0]["value"], second.answers[0]["value"]] == ["On a train", "On a boat"]


def test_a_changed_question_leaves_what_was_answered(app, ana, carl, nobody, soda_campaign):
    [open_one, private] = ask(app, soda_campaign, a(), a(names={"en": "And at home?"}, private=True))
    answers = {f"question-{open_one}": "On a train", f"question-{private}": SECRET}
    idea = carl.post(NEW, **typed(), **answers).location
    with app.app_context():
        for number, given in ((open_one, {"kind": "scale"}), (private, {"private": False})):
            question = db.session.get_one(Question, number)
            question.names = {"en": "Something else?"}
            for name, value in given.items():
                setattr(question, name, value)
        db.session.commit()
    page = nobody.get(idea).text
    assert WHERE["en"] in page
    assert "On a train" in page
    assert SECRET not in page
    assert "And at home?" in ana.get(idea).text
    assert carl.get(f"{idea}/edit").status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize("kinds", [("text", "several"), ("several", "text"), ("text", "file"), ("several", "one")])
def test_a_draft_goes_on_when_a_question_is_of_another_kind_by_now(app, carl, soda_campaign, kinds):
    [number] = ask(app, soda_campaign, a(kinds[0], choices=SIZE))
    given = choice_key(SIZE[0])
    carl.post("/campaigns/soda/draft", **typed(), **{f"question-{number}": given})
    with app.app_context():
        db.session.get_one(Question, number).kind = kinds[1]
        db.session.commit()
    assert carl.get(NEW).status_code == 200


def test_an_edit_leaves_an_answer_that_no_longer_fits(app, carl, nobody, soda_campaign):
    [number] = ask(app, soda_campaign, a())
    idea = carl.post(NEW, **typed(), **{f"question-{number}": "On a train"}).location
    with app.app_context():
        question = db.session.get_one(Question, number)
        question.kind, question.choices = "one", SIZE
        db.session.commit()
    carl.post(f"{idea}/edit", **typed(title="A can to reseal", version="1"), **{f"question-{number}": ""})
    assert "On a train" in nobody.get(idea).text
    small = key_of(app, soda_campaign, 0, 0)
    carl.post(f"{idea}/edit", **typed(title="A can to reseal", version="2"), **{f"question-{number}": small})
    page = nobody.get(idea).text
    assert "Small" in page
    assert "On a train" not in page


def test_what_was_told_to_be_private_stays_so(app, ana, carl, bea, nobody, soda_campaign):
    """The team unticks “private” while a form is open, a draft waits, or an idea is edited."""
    [number] = ask(app, soda_campaign, a(private=True))
    told, answer = {"told-private": str(number)}, {f"question-{number}": SECRET}
    assert f'name="told-private" value="{number}"' in carl.get(NEW).text
    idea = carl.post(NEW, **typed(), **told, **answer).location
    bea.post("/campaigns/soda/draft", **typed(title="A can that floats"), **told, **answer)
    with app.app_context():
        db.session.get_one(Question, number).private = False
        db.session.commit()
    assert "Only the team of Soda reads your answer" in bea.get(NEW).text
    assert "Only the team of Soda reads your answer" in carl.get(f"{idea}/edit").text
    carl.post(
        f"{idea}/edit", **typed(title="A can to reseal", version="1"), **told, **{f"question-{number}": SECRET + "s"}
    )
    other = bea.post(NEW, **typed(key="other", title="A can that floats"), **told, **answer).location
    for page in (idea, f"{idea}/versions", other, f"{other}/versions"):
        assert SECRET not in nobody.get(page).text
    assert SECRET + "s" in ana.get(idea).text
    assert "Your answer is shown with your idea." in ana.get(NEW).text


def test_a_question_taken_away_in_the_same_moment_is_said(app, people, campaign):
    [number] = ask(app, campaign.id, a())
    asked = asked_now(campaign)
    with app.app_context():
        db.session.delete(db.session.get_one(Question, number))
        db.session.commit()
    category = campaign.categories[0]
    with pytest.raises(QuestionGone):
        submit_idea(campaign, people.carl, "A can to reseal", language="en", category=category, replies={asked[0]: "x"})


def test_a_page_asks_the_same_number_of_questions_however_many_there_are(app, carl, queries, soda_campaign):
    [number] = ask(app, soda_campaign, a())
    idea = carl.post(NEW, **typed(), **{f"question-{number}": "x"}).location
    pages = (NEW, idea, f"{idea}/edit")
    few = []
    for page in pages:
        with queries() as asked:
            carl.get(page)
        few.append(len(asked))
    ids = ask(app, soda_campaign, *[a("one", names={"en": f"Number {n}?"}, choices=SIZE) for n in range(5)])
    small = key_of(app, soda_campaign, 1, 0)
    carl.post(f"{idea}/edit", **typed(version="1"), **{f"question-{other}": small for other in [number, *ids]})
    with app.app_context():
        assert db.session.query(Reply).count() == 6
        assert db.session.get_one(Campaign, soda_campaign)
    for page, before in zip(pages, few, strict=True):
        with queries() as asked:
            carl.get(page)
        # An edited idea tells when its last version came, and who amended it.
        assert len(asked) <= before + 2 * (page == idea)


@pytest.fixture
def together(app, ana, bea, carl, cast, soda_campaign):
    """carl's idea with an open and a private answer, that bea writes with him; gives its address and the questions."""
    asked = ask(app, soda_campaign, a(), a(names={"en": "And at home?"}, private=True, required=True))
    answers = dict(zip((f"question-{number}" for number in asked), ("On a train", SECRET), strict=True))
    idea = carl.post(NEW, **typed(), **answers).location
    with app.app_context():
        written = db.session.scalars(db.select(Idea)).one()
        written.licence = "by"
        written.coauthors.append(CoAuthor(person_id=cast["bea"]))
        db.session.commit()
    return idea, *asked


def test_who_builds_on_an_idea_begins_with_its_words_and_none_of_its_answers(carl, drew, together):
    idea, open_one, _private = together
    for reader in (drew, carl):
        page = reader.get(f"{NEW}?on={idea.rpartition('/')[2]}").text
        assert "Turn it, and the bubbles stay." in page
        assert SECRET not in page
        assert "On a train" not in page
        assert f'name="question-{open_one}"' in page


def test_a_coauthor_neither_reads_nor_loses_what_its_author_told_the_team(app, bea, carl, ana, together):
    idea, open_one, private = together
    page = bea.get(f"{idea}/edit").text
    assert 'value="On a train"' in page
    assert SECRET not in page
    assert f"question-{private}" not in page
    refused = bea.post(f"{idea}/edit", **typed(title="short", version="1"))
    assert SECRET not in refused.text
    changed = {f"question-{open_one}": "On a boat", f"question-{private}": "Mine instead"}
    assert bea.post(f"{idea}/edit", **typed(version="1"), **changed).status_code == 302
    told = ana.get(idea).text
    assert SECRET in told
    assert "On a boat" in told
    assert SECRET in carl.get(f"{idea}/edit").text


def test_a_private_answer_stays_its_authors_when_its_question_is_an_open_one_by_now(app, bea, ana, together):
    idea, _open_one, private = together
    with app.app_context():
        db.session.get_one(Question, private).private = False
        db.session.commit()
    assert SECRET not in bea.get(f"{idea}/edit").text
    assert bea.post(f"{idea}/edit", **typed(title="A can to reseal", version="1")).status_code == 302
    assert SECRET in ana.get(idea).text


@pytest.mark.one_database
def test_an_answer_whose_key_is_away_survives_an_edit(app, carl, ana, together):
    idea, open_one, private = together
    with app.app_context():
        reply = db.session.scalars(db.select(Reply).filter_by(question_id=private)).one()
        kept, reply.sealed = reply.sealed, b"of another key altogether"
        db.session.commit()
    assert "It stays, unless you write another." in carl.get(f"{idea}/edit").text
    fields = typed(title="A can to reseal", version="1", **{f"question-{open_one}": "On a train"})
    assert carl.post(f"{idea}/edit", **fields, **{f"question-{private}": ""}).status_code == 302
    with app.app_context():
        db.session.scalars(db.select(Reply).filter_by(question_id=private)).one().sealed = kept  # It is found again.
        db.session.commit()
    assert SECRET in ana.get(idea).text
