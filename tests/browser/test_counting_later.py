"""A count that a worker makes takes its place on a page that is open, without a new page."""

import re

import pytest
from playwright.sync_api import expect

from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.methods.counting_later import count_what_is_asked_for

pytestmark = pytest.mark.one_database


def test_the_page_waits_for_the_count_and_shows_it(server, open_as, stage):
    with server.app.app_context():
        db.session.get_one(Idea, stage.ideas[0]).votes = 30_000  # As if: more than are counted in a page.
        db.session.commit()
    page = open_as("carl", f"{stage.url}/results")
    expect(page.get_by_text("The votes wait to be counted.")).to_be_visible()
    page.evaluate("window.here = true")
    with server.app.app_context():
        count_what_is_asked_for()
    expect(page.get_by_text(re.compile("Counted on .*: 0 ballots."))).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert page.evaluate("window.here")
