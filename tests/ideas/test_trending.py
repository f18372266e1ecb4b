"""Heat stays a number that a database can count with, whatever lies between two votes."""

from datetime import timedelta

import pytest
from sqlalchemy import literal

from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.trending import cooled, warmed, weight_at


@pytest.mark.parametrize("years", [0, 1, 9, 40])
def test_an_idea_of_any_age_is_warmed_by_a_vote_and_cooled_again(app, years):
    born, voted = now() - timedelta(days=365 * years), now()
    with app.app_context():
        cold = literal(weight_at(born))
        hot = db.session.scalar(db.select(warmed(cold, weight_at(voted))))
        assert hot == pytest.approx(max(weight_at(born), weight_at(voted)), abs=0.7)
        assert db.session.scalar(db.select(cooled(literal(hot), weight_at(voted), weight_at(born)))) == pytest.approx(
            weight_at(born), abs=0.1
        )


def test_an_old_vote_taken_back_leaves_a_hot_idea_hot(app):
    born, voted = now() - timedelta(days=365 * 10), now() - timedelta(days=365 * 9)
    with app.app_context():
        hot = weight_at(now())
        assert db.session.scalar(db.select(cooled(literal(hot), weight_at(voted), weight_at(born)))) == pytest.approx(
            hot
        )
