"""A board on which every idea is guaranteed its turn, and pages that report what was seen."""

import re
from html import unescape

import pytest

from campaign.campaigns.models import Campaign
from campaign.exposure.drawing import draw
from campaign.exposure.models import IdeaExposure
from campaign.exposure.tally import write_views
from campaign.extensions import db
from campaign.ideas.models import Idea
from tests.makers import make_idea, make_person


class Page:
    """What a browser knows of a board's page."""

    def __init__(self, text):
        ticket = re.search(r'<seen-ideas data-page="([^"]+)" data-ideas="([^"]*)"', text)
        self.ticket = ticket and unescape(ticket[1])
        self.told = [int(idea) for idea in ticket[2].split()] if ticket else []
        self.ideas = [int(idea) for idea in re.findall(r'<li class="idea" id="idea-(\d+)"', text)]
        more = re.search(r'rel="next" href="([^"#]+)', text)
        self.more = more and unescape(more[1])


@pytest.fixture
def guaranteed(app, soda_campaign):
    """The open campaign, with exposure guaranteed and as many ideas as asked for; `draw()` as the worker does."""

    class Board:
        def suggest(self, number):
            with app.app_context():
                campaign = db.session.get_one(Campaign, soda_campaign)
                campaign.exposure = "guaranteed"
                author = make_person()
                for _ in range(number):
                    make_idea(campaign, author, category=campaign.categories[0])
                db.session.commit()

        def draw(self):
            with app.app_context():
                drawing = draw(db.session.get_one(Campaign, soda_campaign))
                db.session.commit()
                return drawing.id

        def look(self, browser, url="/campaigns/soda"):
            return Page(browser.get(url).text)

        def report(self, browser, page, ideas):
            return browser.post("/seen", page=page.ticket, ideas=",".join(map(str, ideas)))

        def views(self):
            with app.app_context():
                write_views()
                rows = db.session.scalars(db.select(IdeaExposure))
                return {row.idea_id: (row.seen, row.served) for row in rows}

        def vote_totals(self, votes):
            with app.app_context():
                for idea, total in votes.items():
                    db.session.get_one(Idea, idea).votes = total
                db.session.commit()

    return Board()
