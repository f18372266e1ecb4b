"""What a page that was away learns of its cards: which are of before, and how they read now."""

import json

import pytest

from campaign.answers.actions import answer_idea
from campaign.board.live import CampaignBoard
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.actions import withdraw_idea
from campaign.ideas.models import Idea
from campaign.live import Audience
from campaign.live.broadcasting import compact
from campaign.live.news import CARDS
from tests.campaign_cast import suggest
from tests.makers import make_idea, make_person

PUBLIC = Audience("public", "en")


@pytest.fixture
def three(app, cast, soda_campaign):
    return [
        suggest(app, soda_campaign, cast["bea"], f"A can of {what}", lot=lot)
        for lot, what in enumerate("tin paper glass".split(), start=1)
    ]


def snapshot(campaign):
    board = CampaignBoard()
    return board.snapshot(f"campaign-{campaign}", PUBLIC, board.figures(f"campaign-{campaign}"))


def asked(browser, *ideas, slug="soda"):
    return browser.get(f"/campaigns/{slug}/cards", query_string={"idea": list(ideas)})


def test_a_snapshot_tells_what_cards_say_by_now(app, people, soda_campaign, three):
    tin, paper, glass = (db.session.get_one(Idea, idea) for idea in three)
    tin.version = 4
    post_comment(paper, people.carl, "How much is it?")
    answer_idea(paper, people.ana, "We will try it.")
    withdraw_idea(glass, people.bea, "Said before.")
    db.session.commit()
    told = snapshot(soda_campaign)
    assert told["versions"] == {str(tin.id): 4, str(paper.id): 1}
    assert told["comments"] == {str(paper.id): 1}
    assert told["answered"] == [paper.id]
    assert told["whole"]


def test_a_sealed_snapshot_says_which_ideas_there_are(app, people, soda_campaign, three):
    db.session.get_one(Campaign, soda_campaign).stages[0].shows_counts = "ended"
    db.session.commit()
    told = snapshot(soda_campaign)
    assert told["versions"] == {str(idea): 1 for idea in three}
    assert "votes" not in told


def test_a_snapshot_of_many_ideas_stays_small(app, people, soda_campaign):
    campaign = db.session.get_one(Campaign, soda_campaign)
    db.session.commit()
    few = len(compact(snapshot(soda_campaign)))
    author = make_person()
    for number in range(200):
        make_idea(campaign, author, f"Another can, number {number}", category=campaign.categories[0])
    db.session.commit()
    assert len(compact(snapshot(soda_campaign))) - few < 200 * 24


def test_cards_read_as_they_are_told_live(app, carl, soda_campaign, three):
    told = asked(carl, *three[:2]).json["ideas"]
    with app.app_context():
        board = CampaignBoard()
        live = board.present(
            f"campaign-{soda_campaign}", {"ideas": three[:2]}, PUBLIC, board.figures(f"campaign-{soda_campaign}")
        )
    assert [(card["id"], card["title"], card["version"], card["votes"]) for card in told] == [
        (three[0], "A can of tin", 1, 0),
        (three[1], "A can of paper", 1, 0),
    ]
    assert told == json.loads(json.dumps(live["ideas"]))


def test_cards_are_of_this_board_only(app, cast, carl, soda_campaign, soda_draft, three):
    hidden = suggest(app, soda_draft, cast["bea"], "A can that nobody may see", lot=9)
    with app.app_context():
        withdraw_idea(db.session.get_one(Idea, three[0]), db.session.get_one(Idea, three[0]).author, "Said before.")
        db.session.commit()
    answer = asked(carl, *three, hidden, 10**30, -1, 0, "x", three[2])
    assert [card["id"] for card in answer.json["ideas"]] == three[1:]
    assert asked(carl).json == {"ideas": []}


def test_cards_of_a_draft_are_its_teams(app, cast, ana, carl, nobody, soda_draft):
    hidden = suggest(app, soda_draft, cast["bea"], "A can that nobody may see", lot=9)
    assert asked(nobody, hidden, slug="next").status_code == asked(carl, hidden, slug="next").status_code == 404
    assert [card["id"] for card in asked(ana, hidden, slug="next").json["ideas"]] == [hidden]


def test_cards_are_bounded_and_ask_as_many_questions_for_many_as_for_one(app, carl, soda_campaign, three, queries):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        more = [
            make_idea(campaign, make_person(), f"Another can, number {number}", category=campaign.categories[0]).id
            for number in range(CARDS + 5)
        ]
        db.session.commit()
    asked(carl, *three)
    with queries() as few:
        asked(carl, more[0])
    with queries() as many:
        cards = asked(carl, *more).json["ideas"]
    assert len(cards) == CARDS
    assert len(many) == len(few), "\n".join(many)
