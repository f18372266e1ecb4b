"""What the tests of notices have in common: the worker's look, and who was told what."""

from datetime import timedelta

import pytest

from campaign.extensions import db
from campaign.ideas.following import tell_news as tell_followers
from campaign.notices.models import Notice, NoticeNews
from campaign.notices.spreading import tell_news


@pytest.fixture
def look(app):
    """Let the worker look, twice: what it did is not done again."""

    def look():
        with app.app_context():
            for _again in range(2):
                tell_followers()
                tell_news()
            assert db.session.scalars(db.select(NoticeNews)).all() == []

    return look


@pytest.fixture
def told(app, cast):
    """What this person was told, in order, as (kind, what)."""

    def told(name):
        with app.app_context():
            mine = db.select(Notice.kind, Notice.what).where(Notice.person_id == cast[name]).order_by(Notice.id)
            return [tuple(row) for row in db.session.execute(mine)]

    return told


@pytest.fixture
def some_days_ago(app):
    """Have everything happened some days ago."""

    def age(days=8):
        with app.app_context():
            for notice in db.session.scalars(db.select(Notice)):
                notice.at -= timedelta(days=days)
            db.session.commit()

    return age
