"""On a running server, with real requests and real reports, what was intended comes true."""

import urllib.parse
import urllib.request

from campaign.campaigns.models import Campaign
from campaign.exposure.drawing import draw
from campaign.exposure.models import IdeaExposure
from campaign.extensions import db
from campaign.ideas.models import Idea
from tests.exposure.conftest import Page
from tests.makers import make_brand, make_campaign, make_idea, make_person

IDEAS, VISITS, READ, DRAWN_EVERY = 30, 48, 10, 8


def test_the_realised_exposure_is_the_intended(server):
    app = server.app
    with app.app_context():
        owner = make_person("ana")
        campaign = make_campaign(make_brand(owner), owner, exposure="guaranteed")
        author = make_person()
        ideas = [make_idea(campaign, author).id for _ in range(IDEAS)]
        db.session.commit()
        number, url = campaign.id, f"{server.url}{campaign.url}"

    def counted():
        with app.app_context():
            rows = db.session.execute(db.select(IdeaExposure.idea_id, IdeaExposure.seen).filter_by(campaign_id=number))
            return dict(rows.all())

    def wait_until_counted(total):
        # The server writes each second; it answers meanwhile, and what it answers with is no part of this.
        while sum(counted().values()) < total:
            urllib.request.urlopen(f"{server.url}/healthz", timeout=5).close()

    best = ideas[7]
    for visit in range(VISITS):
        if visit % DRAWN_EVERY == 0:
            wait_until_counted(visit * READ)
            with app.app_context():
                # One idea that nearly everybody votes for.
                db.session.get_one(Idea, best).votes = counted().get(best, 0)
                db.session.flush()
                draw(db.session.get_one(Campaign, number))
                db.session.commit()
        with urllib.request.urlopen(url, timeout=10) as answer:
            page = Page(answer.read().decode())
        report = urllib.parse.urlencode({"page": page.ticket, "ideas": ",".join(map(str, page.ideas[:READ]))})
        urllib.request.urlopen(f"{server.url}/seen", report.encode(), timeout=10).close()
    wait_until_counted(VISITS * READ)

    views = counted()
    assert sum(views.values()) == VISITS * READ  # Each report once.
    assert set(views) == set(ideas)
    # Half of what was read is shared out evenly; the rest goes where votes are.
    assert min(views.values()) >= 0.9 * VISITS * READ / 2 / IDEAS
    assert max(views, key=views.__getitem__) == best
