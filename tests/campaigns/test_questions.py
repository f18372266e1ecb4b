"""The questions of a campaign, as its team sets them up: added, ordered, taken away, and kept true to who answered."""

from datetime import timedelta
from html import unescape

import pytest

from campaign.campaigns.models import Campaign
from campaign.campaigns.planning import copy_campaign
from campaign.campaigns.questions import Question, Reply, questions_of
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.actions import submit_idea
from campaign.ideas.replies import keep_replies
from tests.ideas.asking import SIZE, a, ask
from tests.pictures import pdf
from tests.refusals import sentence_at

SETTINGS = "/campaigns/soda/settings"


@pytest.fixture
def set_up(app, soda_campaign):
    """Send the settings of the campaign as they stand, with these fields otherwise."""

    def send(browser, **fields):
        with app.app_context():
            campaign = db.session.get_one(Campaign, soda_campaign)
            stands = {
                **{
                    f"{kind}_{code}": getattr(text, kind)
                    for code, text in campaign.texts.items()
                    for kind in ("title", "brief", "gift")
                },
                **{
                    name: str(getattr(campaign, name))
                    for name in ("title_min", "title_max", "text_min", "text_max", "images_max")
                },
                **{
                    f"stages-{place}-{name}": value
                    for place, stage in enumerate(campaign.stages)
                    for name, value in {
                        "id": str(stage.id),
                        "kind": stage.kind,
                        "was": stage.opens_at.isoformat(),
                        "opens_at": stage.opens_at.strftime("%Y-%m-%dT%H:%M"),
                    }.items()
                },
                "visibility": campaign.visibility,
                "licence": campaign.licence,
            }
        return browser.post(SETTINGS, **{**stands, **fields})

    return send


@pytest.fixture(autouse=True)
def in_utc(app):
    object.__setattr__(app.extensions["settings"], "timezone", "UTC")


def row(number, **given):
    return {f"questions-{number}-{name}": value for name, value in given.items()}


def names(app, campaign_id):
    with app.app_context():
        return [question.names["en"] for question in questions_of(db.session.get_one(Campaign, campaign_id))]


def test_the_team_adds_orders_and_takes_away(app, ana, set_up, soda_campaign):
    assert 'name="questions-0-kind"' in set_up(ana, then="question").text
    one = row(0, kind="text", name_en="Where?", name_fr="Où ?", required="y")
    two = row(1, kind="one", name_en="Which?", choices_en="Small\nLarge", choices_fr="Petite\nGrande")
    assert set_up(ana, **one, **two).status_code == 302
    with app.app_context():
        first, second = questions_of(db.session.get_one(Campaign, soda_campaign))
        assert (first.kind, first.names, first.required, first.private) == (
            "text",
            {"en": "Where?", "fr": "Où ?"},
            True,
            False,
        )
        assert (second.kind, second.choices) == ("one", SIZE)
        ids = [first.id, second.id]
    page = ana.get(SETTINGS).text
    assert "Small\r\nLarge" in page or "Small\nLarge" in page
    set_up(ana, **{**one, **row(0, id=str(ids[0]), position="2")}, **{**two, **row(1, id=str(ids[1]), position="1")})
    assert names(app, soda_campaign) == ["Which?", "Where?"]
    set_up(ana, **{**one, **row(0, id=str(ids[0]), kind="")})
    assert names(app, soda_campaign) == ["Which?"]
    history = ana.get("/campaigns/soda/history").text
    assert "+ “Where?” (A line of text, must be answered)" in history
    assert "− “Where?”" in history


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"kind": "text"}, "questions-0-name_en", "What do you ask?"),
        ({"kind": "", "name_en": "Where?"}, "questions-0-kind", "Choose how it is answered"),
        ({"kind": "nonsense", "name_en": "Where?"}, "questions-0-kind", "Choose how it is answered"),
        ({"kind": "one", "name_en": "Which?"}, "questions-0-choices_en", "from 2 to 20 choices"),
        ({"kind": "one", "name_en": "Which?", "choices_en": "A\na"}, "questions-0-choices_en", "there twice"),
        (
            {"kind": "one", "name_en": "Which?", "choices_en": "A\nB", "choices_fr": "A"},
            "questions-0-choices_fr",
            "there are 2 lines, and here 1",
        ),
        (
            {"kind": "several", "name_en": "?", "choices_en": "x" * 101 + "\ny"},
            "questions-0-choices_en",
            "100 characters at most",
        ),
        ({"kind": "text", "name_en": "x" * 201}, "questions-0-name_en", "200 characters at most"),
        (
            {"kind": "text", "name_en": "Where?", "private": "y"},
            "private_until",
            "Say when private answers are deleted",
        ),
    ],
)
def test_what_can_not_be_asked_is_said_beside_its_field(ana, set_up, app, soda_campaign, given, field, sentence):
    page = set_up(ana, **row(0, **given))
    assert page.status_code == 422
    assert sentence in sentence_at(page.text, field)
    assert names(app, soda_campaign) == []


@pytest.mark.one_database
def test_a_date_of_deletion_lies_ahead(ana, set_up):
    page = set_up(ana, private_until="2026-01-01T00:00")
    assert "a moment to come" in sentence_at(page.text, "private_until")


@pytest.fixture
def answered(app, people, campaign):
    """Carl's idea with an open and a private answer; gives the questions' ids and the idea's."""
    ids = ask(app, campaign.id, a(), a(names={"en": "And at home?"}, private=True))
    idea = submit_idea(campaign, people.carl, "A can you can reseal", language="en", category=campaign.categories[0])
    keep_replies(idea, {db.session.get_one(Question, number): "On a train" for number in ids})
    db.session.commit()
    return [*ids, idea.id]


def test_a_question_with_answers_is_taken_away_knowingly(app, ana, set_up, answered):
    open_one, private, _idea = answered
    until = (now() + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    away = row(0, id=str(open_one), kind="", name_en="Where?")
    page = set_up(ana, **away, private_until=until)
    assert page.status_code == 422
    assert "People answered “Where would you use it?”" in page.text
    assert 'name="forget_replies"' in page.text
    assert set_up(ana, **away, private_until=until, forget_replies="y").status_code == 302
    with app.app_context():
        assert db.session.get(Question, open_one) is None
        assert [reply.question_id for reply in db.session.scalars(db.select(Reply))] == [private]


def test_the_history_says_how_many_answers_went_with_a_question(ana, set_up, answered):
    open_one, _private, _idea = answered
    until = (now() + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    away = row(0, id=str(open_one), kind="", name_en="Where?")
    assert set_up(ana, **away, private_until=until, forget_replies="y").status_code == 302
    history = unescape(ana.get("/campaigns/soda/history").text)
    assert "− “Where would you use it?” (A line of text, with 1 answer)" in history


@pytest.mark.parametrize("what", ["words", "document"])
def test_the_date_told_to_who_is_still_writing_holds_as_well(app, ana, carl, set_up, soda_campaign, what):
    [number] = ask(app, soda_campaign, a("file" if what == "document" else "text", private=True))
    if what == "document":
        files = {f"question-{number}": (pdf(), "diagnosis.pdf")}
        carl.post("/campaigns/soda/ideas/new", title="A can that floats", act="save", data=files)
    else:
        carl.post("/campaigns/soda/draft", title="A can that floats", **{f"question-{number}": "At my doctor’s"})
    private = row(0, id=str(number), kind="file" if what == "document" else "text", name_en="Where?", private="y")
    later = (now() + timedelta(days=60)).strftime("%Y-%m-%dT%H:%M")
    sooner = (now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    page = set_up(ana, **private, private_until=later)
    assert page.status_code == 422
    assert "It can become earlier, not later." in page.text
    cleared = set_up(ana, **row(0, id=str(number), kind="", name_en="Where?"), private_until="")
    assert "It can become earlier, not later." in cleared.text
    assert set_up(ana, **private, private_until=sooner).status_code == 302


def test_private_answers_are_never_kept_for_longer_than_was_told(app, ana, set_up, answered, soda_campaign):
    for later in ({"private_until": (now() + timedelta(days=60)).strftime("%Y-%m-%dT%H:%M")}, {}):
        kept = row(0, id=str(answered[0]), kind="text", name_en="Where?")
        page = set_up(ana, **kept, **later)
        assert page.status_code == 422
        assert "It can become earlier, not later." in page.text
    sooner = (now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    assert set_up(ana, private_until=sooner).status_code == 302
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).private_until < now() + timedelta(days=6)


@pytest.mark.one_database
def test_a_published_share_of_ideas_becomes_larger_and_not_smaller(app, ana, set_up, soda_campaign):
    assert "more room, not less" in sentence_at(set_up(ana, ideas_each="3").text, "ideas_each")
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).ideas_each = 3
        db.session.commit()
    assert "more room, not less" in sentence_at(set_up(ana, ideas_each="2").text, "ideas_each")
    assert "isn’t a whole number" in sentence_at(set_up(ana, ideas_each="some").text, "ideas_each")
    for more in ("4", ""):
        assert set_up(ana, ideas_each=more).status_code == 302
    assert "as many as they like" in ana.get("/campaigns/soda/history").text


def test_others_than_the_team_find_no_settings(set_up, bea, drew, nobody):
    for other in (bea, drew):
        assert set_up(other, **row(0, kind="text", name_en="Where?")).status_code == 404
    assert set_up(nobody, **row(0, kind="text", name_en="Where?")).status_code in (302, 401)


def test_the_brief_says_what_is_asked_before_anybody_begins(app, nobody, soda_campaign):
    url = "/campaigns/soda/brief"
    assert "need to answer" not in nobody.get(url).text
    ask(
        app,
        soda_campaign,
        a(names={"en": "For whom?"}),
        a(required=True),
        a(names={"en": "Your size?"}, required=True, private=True),
    )
    page = unescape(nobody.get(url).text)
    needed, free = (
        page.index("You are asked these as well, and need to answer:"),
        page.index("You can answer this, too:"),
    )
    assert needed < page.index("Where would you use it?") < page.index("Your size?") < free < page.index("For whom?")
    assert page.index("Your size?") < page.index("only the team of Soda reads it") < free


def test_a_copy_asks_the_same(app, people, campaign):
    ask(app, campaign.id, a("one", choices=SIZE, required=True))
    db.session.refresh(campaign)
    copy = copy_campaign(campaign, people.ana, "once")
    [question] = questions_of(copy)
    assert (question.kind, question.choices, question.required) == ("one", SIZE, True)
    assert copy.private_until is not None


def test_a_draft_asks_in_each_of_its_languages(app, people, draft):
    ask(app, draft.id, a(names={"en": "Where?"}))
    assert [str(lack.sentence) for lack in draft.missing] == ["The question “Where?” is missing in French."]
