"""Whoever suggests what is there already is shown it: by its words, or by its meaning in whichever language."""

import os
import re
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from campaign import create_app
from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas import embedding
from campaign.ideas.actions import TitleTaken, edit_idea, submit_idea, withdraw_idea
from campaign.ideas.models import CoAuthor, Idea, IdeaEmbedding
from campaign.ideas.searching import index_idea
from campaign.ideas.similar import close_ideas, similar_ideas
from campaign.settings import ROOT
from campaign.text import title_key
from tests.campaign_cast import suggest
from tests.ideas.paraphrases import PARAPHRASES

ASKED = "/campaigns/soda/ideas/similar"


def typed(**given):
    return {"key": "key-of-this-page", "title": "A bottle made of glass", "text": "", "category": "can", **given}


def put_up(app, campaign_id, author, title, **given):
    """An idea on the board, put there by whoever `author` is, as the form does it."""
    with app.app_context():
        campaign = db.session.get_one(Campaign, campaign_id)
        idea = submit_idea(
            campaign, db.session.get_one(Person, author), title, language="en", category=campaign.categories[0], **given
        )
        db.session.commit()
        return idea.id


def make_findable(app, idea_id):
    with app.app_context():
        index_idea(db.session.get_one(Idea, idea_id))
        db.session.commit()


def shown(page) -> list[str]:
    return re.findall(r'similar__name"[^>]*>([^<]+)<', page.text)


# The same title.


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("  Une canette, refermable !", "une canette refermable"),
        ("UNE CANETTE REFERMABLE", "une canette refermable"),
        ("L’été à la plage", "l ete a la plage"),
        ("Straße", "strasse"),
        ("!!!", "!!!"),
    ],
)
def test_titles_are_compared_without_case_accents_and_marks(title, key):
    assert title_key(title) == key


def test_the_same_title_is_refused_beside_its_field_with_a_link_to_the_idea_that_is_there(
    app, carl, cast, soda_campaign
):
    there = put_up(app, soda_campaign, cast["bea"], "A bottle made of glass")
    page = carl.post("/campaigns/soda/ideas/new", **typed(title="a bottle, made of GLASS!", text="Mine is blue."))
    assert page.status_code == 422
    assert f'<a href="/ideas/{there}">A bottle made of glass</a>' in page.text
    assert "Mine is blue." in page.text
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Idea)) == 1


def test_a_coauthor_is_told_that_the_idea_there_is_theirs(app, bea, carl, drew, cast, soda_campaign):
    there = put_up(app, soda_campaign, cast["bea"], "A bottle made of glass")
    with app.app_context():
        db.session.add(CoAuthor(idea_id=there, person_id=cast["carl"]))
        db.session.commit()
    for reader, own in ((bea, True), (carl, True), (drew, False)):
        page = reader.post("/campaigns/soda/ideas/similar", title="A bottle made of glass again").text
        assert ("It is yours: open it" in page) is own


def test_a_title_is_free_again_when_its_idea_is_withdrawn(app, people, campaign):
    category = campaign.categories[0]
    first = submit_idea(campaign, people.bea, "A bottle made of glass", language="en", category=category)
    with pytest.raises(TitleTaken):
        submit_idea(campaign, people.carl, "A bottle made of glass", language="en", category=category)
    withdraw_idea(first, people.bea, "Mine no more")
    db.session.flush()
    assert submit_idea(campaign, people.carl, "A bottle made of glass", language="en", category=category)


def test_an_idea_whose_title_stands_there_by_now_stays_off_the_board(app, bea, carl, cast, soda_campaign, soda_idea):
    bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Mine no more.")
    assert "Put it back on the board" in bea.get(f"/ideas/{soda_idea}").text
    twin = suggest(app, soda_campaign, cast["carl"], "A can you can RESEAL")
    page = unescape(bea.get(f"/ideas/{soda_idea}").text)
    assert "Put it back on the board" not in page
    assert f'so yours stays off it. <a href="/ideas/{twin}">' in page
    refused = bea.post(f"/ideas/{soda_idea}/withdrawal/undo")
    assert refused.status_code == 409
    assert "so yours stays off it." in unescape(refused.text)
    with app.app_context():
        assert db.session.get_one(Idea, soda_idea).withdrawn
    carl.post(f"/ideas/{twin}/withdrawal", reason="Mine neither.")
    assert bea.post(f"/ideas/{soda_idea}/withdrawal/undo").status_code == 302


def test_an_edit_takes_no_other_ideas_title_and_keeps_its_own(people, campaign):
    category = campaign.categories[0]
    submit_idea(campaign, people.bea, "A bottle made of glass", language="en", category=category)
    mine = submit_idea(campaign, people.carl, "A straw made of paper", language="en", category=category)
    change = {"language": "en", "category": category, "tags": [], "pictures": [], "documents": []}
    with pytest.raises(TitleTaken):
        edit_idea(mine, people.carl, "A bottle, made of glass", "Blue.", **change)
    edit_idea(mine, people.carl, "A STRAW made of paper", "Blue.", **change)
    assert mine.title == "A STRAW made of paper"


def test_two_people_who_send_the_same_title_in_one_moment_make_one_idea(app, people, campaign, at_once):
    board, authors, taken = campaign.id, [people.bea.id, people.carl.id, people.drew.id], []

    def send(person):
        def act():
            there = db.session.get_one(Campaign, board)
            author = db.session.get_one(Person, person)
            yield
            try:
                submit_idea(there, author, "A bottle made of glass", language="en", category=there.categories[0])
            except TitleTaken as refusal:
                db.session.rollback()
                taken.append(refusal)

        return act

    at_once(*map(send, authors))
    assert len(taken) == 2
    assert db.session.scalar(db.select(db.func.count()).select_from(Idea)) == 1


# By its words, where no worker answers.


def test_what_says_nearly_the_same_is_shown_with_the_way_to_its_vote(app, carl, cast, soda_campaign):
    idea = put_up(app, soda_campaign, cast["bea"], "A bottle made of coloured glass")
    put_up(app, soda_campaign, cast["bea"], "Straws that one can eat")
    page = carl.post(ASKED, title="Bottles of coloured glass")
    assert shown(page) == ["A bottle made of coloured glass"]
    assert f'href="/ideas/{idea}"' in page.text
    assert "Vote for this one instead" in page.text
    assert shown(carl.post(ASKED, title="Free music on Sundays")) == []
    assert shown(carl.post(ASKED, title="A bottl")) == []


def test_what_is_withdrawn_or_on_another_board_is_not_shown(app, bea, carl, cast, soda_campaign, soda_draft):
    idea = put_up(app, soda_campaign, cast["bea"], "A bottle made of coloured glass")
    make_findable(app, suggest(app, soda_draft, cast["bea"], "A bottle made of blue glass"))
    bea.post(f"/ideas/{idea}/withdrawal", reason="Mine no more")
    assert shown(carl.post(ASKED, title="A bottle made of coloured glass")) == []


def test_three_are_shown_and_of_those_with_one_title_one(app, carl, cast, soda_campaign):
    for title in ["A can with a red cap"] * 3 + [
        "A can with a blue cap",
        "A can with a big cap",
        "A can with a flat cap",
    ]:
        make_findable(app, suggest(app, soda_campaign, cast["bea"], title))
    found = shown(carl.post(ASKED, title="A can with a red cap"))
    assert len(found) == len(set(found)) == 3
    assert found[0] == "A can with a red cap"


@pytest.mark.one_database
def test_only_those_who_may_suggest_an_idea_are_told_of_others(app, nobody, carl, drew, ana, soda_campaign, soda_draft):
    json = {"Accept": "application/json"}
    assert nobody.post(ASKED, title="A bottle of glass", headers=json).status_code == 401
    for browser in (carl, drew):
        asked = "/campaigns/next/ideas/similar"
        assert browser.post(asked, title="A bottle of glass", headers=json).status_code == 404
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    assert carl.post(ASKED, title="A bottle of glass", headers=json).status_code == 404
    assert ana.post(ASKED, title="A bottle of glass").status_code == 200


@pytest.mark.one_database
def test_a_script_that_asks_without_end_has_to_wait(carl, soda_campaign):
    answers = [carl.post(ASKED, title="Hi").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_what_is_very_close_is_shown_once_before_it_is_put_up(app, carl, cast, soda_campaign):
    there = put_up(app, soda_campaign, cast["bea"], "A bottle made of coloured glass")
    mine = typed(title="A bottle made of coloured glasses", text="Mine is blue.")
    again = carl.post("/campaigns/soda/ideas/new", **mine)
    assert again.status_code == 422
    assert shown(again) == ["A bottle made of coloured glass"]
    assert "Put mine up all the same" in again.text
    assert "Mine is blue." in again.text
    assert carl.post("/campaigns/soda/ideas/new", **mine, seen=str(there)).status_code == 302
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Idea)) == 2


def test_what_is_only_alike_is_put_up_at_once(app, carl, cast, soda_campaign):
    put_up(app, soda_campaign, cast["bea"], "A bottle made of coloured glass")
    assert carl.post("/campaigns/soda/ideas/new", **typed(title="A bottle for the whole family")).status_code == 302


# By its meaning: the real model.


@pytest.fixture(scope="session")
def model():
    embedding.load()
    assert embedding._model.encoder is not None


@pytest.fixture(autouse=True)
def forget_vectors():
    embedding._campaigns.clear()


def test_an_idea_waits_for_its_vector_and_again_after_each_edit(model, app, people, campaign):
    idea = submit_idea(campaign, people.bea, "A bottle of glass", language="en", category=campaign.categories[0])
    db.session.commit()
    embedding.embed_waiting()
    assert [found for found, _ in embedding.nearest(campaign.id, "Une bouteille en verre", 3)] == [idea.id]
    row = db.session.get_one(IdeaEmbedding, idea.id)
    assert len(row.vector) == 2 * embedding.SIZE
    change = {"language": "en", "category": campaign.categories[0], "tags": [], "pictures": [], "documents": []}
    edit_idea(idea, people.bea, "Music on Sundays", "", **change)
    db.session.commit()
    embedding.embed_waiting()
    [(_, likeness)] = embedding.nearest(campaign.id, "De la musique le dimanche", 3)
    assert likeness > 0.6


def test_a_vector_made_for_an_earlier_title_is_not_kept(model, app, people, campaign, monkeypatch):
    idea = submit_idea(campaign, people.bea, "A bottle of glass", language="en", category=campaign.categories[0])
    db.session.commit()
    encode = embedding._Model.encode
    read = []

    def edited_meanwhile(self, titles):
        read.append(titles)
        if len(read) == 1:
            change = {"language": "en", "category": campaign.categories[0], "tags": [], "pictures": [], "documents": []}
            edit_idea(db.session.get_one(Idea, idea.id), people.bea, "Music on Sundays", "", **change)
            db.session.commit()
        return encode(self, titles)

    monkeypatch.setattr(embedding._Model, "encode", edited_meanwhile)
    embedding.embed_waiting()
    assert read == [["A bottle of glass"], ["Music on Sundays"]]


@pytest.mark.one_database
def test_vectors_of_another_model_are_made_anew(model, app, people, campaign):
    idea = submit_idea(campaign, people.bea, "A bottle of glass", language="en", category=campaign.categories[0])
    db.session.flush()
    db.session.execute(db.update(IdeaEmbedding).values(model="older", vector=b"x"))
    db.session.commit()
    assert embedding.nearest(campaign.id, "A bottle of glass", 3) == []
    embedding.embed_waiting()
    assert [found for found, _ in embedding.nearest(campaign.id, "A bottle of glass", 3)] == [idea.id]


@pytest.fixture
def demo_board(app, people, campaign):
    """The forty ideas of the demo campaign, by the names of their files."""
    files = sorted((ROOT / "campaign" / "demo" / "content" / "ideas").glob("*.toml"))
    told = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    ideas = {
        name: submit_idea(
            campaign, people.bea, one["title"], one["text"], language=one["language"], category=campaign.categories[0]
        )
        for name, one in told.items()
    }
    db.session.commit()
    return {name: idea.id for name, idea in ideas.items()}


@pytest.mark.one_database
def test_each_paraphrase_in_the_other_language_finds_its_idea_among_the_first_three(
    model, demo_board, campaign, monkeypatch
):
    embedding.embed_waiting()
    monkeypatch.setattr(
        "campaign.ideas.similar.ask_worker",
        lambda app, about, campaign, text, most: embedding.nearest(campaign, text, most),
    )
    for name, words in PARAPHRASES:
        assert demo_board[name] in [one.idea.id for one in similar_ideas(campaign, words)], words
    assert len(PARAPHRASES) == 20
    assert close_ideas(campaign, PARAPHRASES[0][1]) == []


@pytest.mark.one_database
@pytest.mark.parametrize("channel", ["socket", "redis"])
def test_a_worker_finds_the_english_idea_that_is_said_in_french(app, demo_board, campaign, channel, request):
    settings = app.extensions["settings"]
    if channel == "redis":
        settings = replace(settings, redis_url=request.getfixturevalue("redis_url"))
    environment = {
        "INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
    }
    words = "Prêter des parapluies les jours de pluie"
    found = []
    with subprocess.Popen(
        [Path(sys.executable).parent / "campaign", "work"], env=os.environ | environment, stdout=subprocess.DEVNULL
    ) as worker:
        try:
            web = create_app(settings) if channel == "redis" else app
            deadline = time.monotonic() + 60
            with web.app_context():
                board = db.session.get_one(Campaign, campaign.id)
                while demo_board["borrowed-umbrellas"] not in found and time.monotonic() < deadline:
                    time.sleep(0.2)
                    found = [one.idea.id for one in similar_ideas(board, words)]
                    db.session.rollback()
        finally:
            worker.terminate()
    assert found[0] == demo_board["borrowed-umbrellas"]
