"""A date passes, and whoever watches hears of it and sees what the page would show."""

from datetime import timedelta

from flask_babel import force_locale

from campaign.board.live import CampaignBoard
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.live import Audience
from tests.calendars import until
from tests.live.conftest import Listener, put_stage


def in_seconds(app, slug, **seconds):
    """Let the campaign's dates be so many seconds from now."""
    with app.app_context():
        campaign = db.session.scalars(db.select(Campaign).filter_by(slug=slug)).one()
        until(campaign, **{name: now() + timedelta(seconds=after) for name, after in seconds.items()})
        db.session.commit()
        return campaign.id


def test_who_watches_hears_that_a_date_passed(server):
    stage = put_stage(server.app)
    bea = Listener(server.url, stage.tokens["bea"], ["websocket"])
    bea.ask("board.watch", {"campaign": stage.campaign})
    campaign = in_seconds(server.app, stage.campaign, ideas_until=0.7, votes_until=1.5)
    heard = bea.until(lambda change: "stage.opened" in change["kinds"] and not change["stage"]["votes"])
    assert heard["stage"]["votes"] is False
    assert heard["stage"]["said"] == "The answers come now. Thank you to all who took part."
    bea.client.disconnect()
    with server.app.app_context():
        written = db.select(Entry.what).where(Entry.subject == "campaign", Entry.subject_id == campaign)
        assert db.session.scalars(written.order_by(Entry.at)).all() == ["stage.opened", "stage.opened"]


def test_what_passed_while_the_server_was_down_is_told_after_the_start(serve, databases):
    url = databases.copy()
    with serve(DATABASE_URL=url) as server:
        stage = put_stage(server.app)
        bea = Listener(server.url, stage.tokens["bea"], ["websocket"])
        seq = bea.ask("board.watch", {"campaign": stage.campaign})["seq"]
        bea.client.disconnect()
        app = server.app
    in_seconds(app, stage.campaign, ideas_until=-2, votes_until=-1)
    with app.app_context():
        publication = db.session.scalars(db.select(Campaign)).one().publication
        publication.told_until = now() - timedelta(seconds=60)
        db.session.commit()
    with serve(DATABASE_URL=url) as server:
        bea = Listener(server.url, stage.tokens["bea"], ["websocket"])
        answer = bea.ask("board.watch", {"campaign": stage.campaign, "since": seq})
        changes = answer["changes"]
        if not changes[0]["kinds"]:
            changes = [bea.until(lambda change: change["kinds"])]
        assert changes[0]["kinds"] == ["stage.opened"]
        bea.client.disconnect()
    databases.drop(url)


def test_the_announced_stage_is_the_pages(app, ana, nobody, soda_campaign):
    for closed in (False, True):
        if closed:
            ana.post("/campaigns/soda/closing", reason="The line stands still.")
        page = squeezed(nobody.get("/campaigns/soda").text)
        with app.test_request_context(), force_locale("en"):
            news = {"kinds": ["campaign.changed"]}
            board = f"campaign-{soda_campaign}"
            told = CampaignBoard().present(board, news, Audience("public", "en"), CampaignBoard().figures(board))
        pieces = [squeezed(piece.split(">", 1)[1]) for piece in told["stage"]["html"].split('<div id="stage-')[1:]]
        assert len(pieces) == 6
        assert ("The line stands still." in pieces[0]) == closed
        assert all(piece.removesuffix("</div>").strip() in page for piece in pieces)


def squeezed(html):
    return " ".join(html.split())
