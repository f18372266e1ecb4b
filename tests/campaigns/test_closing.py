"""A campaign ends when its team closes it, and the closing can be undone."""

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.actions import NotPublished, close_campaign, reopen_campaign
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.history import Entry
from campaign.live import board_seq
from tests.refusals import sentence_at


def test_a_closed_campaign_takes_nothing_more(people, campaign):
    close_campaign(campaign, people.ana, "The line stands still.")
    assert campaign.is_closed
    assert not any([campaign.accepts_ideas, campaign.accepts_votes, campaign.accepts_comments])
    assert campaign.closing.reason == "The line stands still."


def test_closing_can_be_undone(people, campaign):
    close_campaign(campaign, people.ana)
    db.session.commit()
    reopen_campaign(campaign, people.ana)
    db.session.commit()
    assert campaign.accepts_votes


def test_closing_and_opening_again_are_told_and_written_down_once_each(people, campaign):
    for act in (close_campaign, close_campaign, reopen_campaign, reopen_campaign):
        act(campaign, people.ana)
        db.session.commit()
    entries = db.session.scalars(db.select(Entry).order_by(Entry.id))
    assert [entry.what for entry in entries] == ["campaign.closed", "campaign.reopened"]
    assert board_seq(campaign.board) == 2


def test_opening_again_by_two_at_once_is_told_and_written_down_once(app, people, campaign, at_once):
    close_campaign(campaign, people.ana)
    db.session.commit()
    ids, seq = (campaign.id, people.ana.id), board_seq(campaign.board)

    def click():
        there, ana = db.session.get_one(Campaign, ids[0]), db.session.get_one(Person, ids[1])
        assert there.is_closed
        yield
        reopen_campaign(there, ana)

    at_once(click, click, click)
    db.session.expire_all()
    assert not campaign.is_closed
    written = db.session.scalars(db.select(Entry).where(Entry.what == "campaign.reopened")).all()
    assert len(written) == 1
    assert board_seq(campaign.board) == seq + 1


def test_closing_by_two_at_once_is_told_and_written_down_once(app, people, campaign, at_once):
    ids, seq = (campaign.id, people.ana.id), board_seq(campaign.board)

    def click():
        there, ana = db.session.get_one(Campaign, ids[0]), db.session.get_one(Person, ids[1])
        assert not there.is_closed
        yield
        close_campaign(there, ana)

    at_once(click, click, click)
    db.session.expire_all()
    assert campaign.is_closed
    written = db.session.scalars(db.select(Entry).where(Entry.what == "campaign.closed")).all()
    assert len(written) == 1
    assert board_seq(campaign.board) == seq + 1


def test_a_draft_can_not_be_closed(people, draft):
    with pytest.raises(NotPublished):
        close_campaign(draft, people.ana)


def test_ana_closes_with_a_reason_and_opens_again(ana, nobody, soda_campaign):
    assert ana.post("/campaigns/soda/closing", reason="The line stands still.").location == "/campaigns/soda"
    assert "The line stands still." in ana.get("/campaigns/soda/history").text
    assert "The line stands still." in ana.get("/campaigns/soda/settings").text
    assert nobody.get("/campaigns/soda/brief").status_code == 200
    assert ana.post("/campaigns/soda/closing/undo").status_code == 302
    assert "opened the campaign again" in ana.get("/campaigns/soda/history").text


def test_a_reason_that_is_too_long_is_still_there(ana, soda_campaign):
    answer = ana.post("/campaigns/soda/closing", reason="é" * 501)
    assert answer.status_code == 422
    assert sentence_at(answer.text, "reason") == "500 characters at most, and this has 501."
    assert "é" * 501 in answer.text


@pytest.mark.parametrize("path", ["closing", "closing/undo"])
@pytest.mark.parametrize("who", ["bea", "drew", "nobody"])
def test_nobody_else_closes_or_opens(request, ana, soda_campaign, who, path):
    if path == "closing/undo":
        ana.post("/campaigns/soda/closing")
    answer = request.getfixturevalue(who).post(f"/campaigns/soda/{path}")
    assert answer.status_code == (302 if who == "nobody" else 404)
    assert ("Closed on" in ana.get("/campaigns/soda/settings").text) == (path == "closing/undo")


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bea", 404), ("drew", 404), ("nobody", 404)])
def test_the_history_is_the_teams(request, who, status, soda_campaign):
    assert request.getfixturevalue(who).get("/campaigns/soda/history").status_code == status


def test_a_closed_campaign_offers_to_be_opened_and_not_to_be_closed_again(ana, soda_campaign):
    ana.post("/campaigns/soda/closing", reason="The line stands still.")
    page = ana.get("/campaigns/soda/closing").text
    assert "Ana closed it on" in page
    assert "The line stands still." in page
    assert 'action="/campaigns/soda/closing/undo"' in page
    assert "Close it" not in page
