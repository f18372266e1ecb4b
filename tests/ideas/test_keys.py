"""The key of a form is never longer than what keeps it."""

from campaign.extensions import db
from campaign.ideas.models import Idea


def test_an_endless_key_is_cut(app, bea, soda_campaign):
    form = {"key": "k" * 5000, "title": "A can you can reseal", "category": "can"}
    first = bea.post("/campaigns/soda/ideas/new", **form)
    assert bea.post("/campaigns/soda/ideas/new", **form).location == first.location
    with app.app_context():
        assert db.session.scalar(db.select(Idea.key)) == "k" * 64
