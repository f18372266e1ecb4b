"""What is counted over a whole board is counted once for each of its numbers."""

import pytest

from campaign.extensions import db
from campaign.live import announce, numbers_of
from campaign.live.counting import counted

pytestmark = pytest.mark.one_database


@pytest.fixture
def count(app):
    """`count()` gives how many times the board was counted so far."""
    made = []

    def count(what="ideas", votes=False):
        numbers = numbers_of("board")
        number = numbers.seq if votes else numbers.beyond_votes
        return counted("board", number, what, lambda: made.append(what) or len(made))

    with app.app_context():
        yield count


def change(*kinds, **news):
    announce("board", *kinds, **news)
    db.session.commit()


def test_a_board_that_stays_as_it_is_is_counted_once(count):
    change("idea.submitted", ideas=[1])
    assert [count(), count(), count("tags"), count()] == [1, 1, 2, 1]


def test_whatever_changes_is_counted_anew(count):
    for expected, news in enumerate([{"ideas": [1]}, {"gone": [1]}, {"ideas": [2], "votes": {2: 1}}, {}], start=1):
        change("idea.changed", **news)
        assert count() == expected


def test_votes_move_what_is_counted_of_votes_and_nothing_else(count):
    change("idea.submitted", ideas=[1])
    assert (count(), count("votes", votes=True)) == (1, 2)
    change("vote.cast", votes={1: 1})
    assert (count(), count("votes", votes=True)) == (1, 3)


def test_what_may_still_be_taken_back_is_not_kept(count):
    change("idea.submitted", ideas=[1])
    assert count() == 1
    announce("board", "idea.submitted", ideas=[2])
    assert count() == 2
    db.session.rollback()
    change("idea.submitted", ideas=[3])
    assert count() == 3
