"""One form, sent by several clicks at once, is one idea, and every click leads to it."""

import threading

from campaign.extensions import db
from campaign.ideas.models import Draft, Idea
from tests.cast import browser_of

CLICKS = 12


def test_many_clicks_at_once_are_one_idea_and_all_lead_to_it(app, cast, soda_campaign):
    for round, title in enumerate(("A can you can reseal", "Straws of paper", "Bring the bottle back")):
        form = {"key": f"round-{round}", "title": title, "category": "can"}
        browsers = [browser_of(app, cast["bea"]) for _ in range(CLICKS)]
        begin, answers = threading.Barrier(CLICKS), []

        def click(browser, form=form, begin=begin, answers=answers):
            begin.wait()
            answers.append(browser.post("/campaigns/soda/ideas/new", **form))

        clicks = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
        for one in clicks:
            one.start()
        for one in clicks:
            one.join()
        assert [answer.status_code for answer in answers] == [302] * CLICKS
        assert len({answer.location for answer in answers}) == 1
        with app.app_context():
            assert db.session.scalar(db.select(db.func.count()).select_from(Idea)) == round + 1
            assert db.session.scalar(db.select(db.func.count()).select_from(Draft)) == 0
