"""The promise: how many ideas had their answer in time, and how many wait."""

from datetime import timedelta

import pytest

from campaign.answers.promise import Promise, promise
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Withdrawal
from tests.campaign_cast import suggest


@pytest.fixture
def kept(app, cast, soda_campaign, queries):
    """The promise of a campaign whose ideas were given and answered so many days ago."""

    def tell(*ideas, **more):
        for given, answered in ideas:
            at = None if answered is None else now() - timedelta(days=answered)
            suggest(
                app,
                soda_campaign,
                cast["bea"],
                submitted_at=now() - timedelta(days=given),
                answered_at=at,
                **more,
            )
        with app.app_context():
            campaign = db.session.get_one(Campaign, soda_campaign)
            with queries() as asked:
                found = promise(campaign)
            assert len(asked) == 1
            return found

    return tell


def test_without_ideas_there_is_nothing_to_say(kept):
    assert kept() is None


def test_a_young_idea_says_nothing_yet(kept):
    assert kept((1, None), (9.9, None)) is None


def test_an_idea_whose_time_is_up_counts_against_it(kept):
    assert kept((10.1, None)) == Promise(due=1, in_time=0, days=10, waiting=1)


def test_in_time_is_within_ten_days(kept):
    assert kept((20, 10.01)) == Promise(due=1, in_time=1, days=10, waiting=0)
    assert kept((20, 9.99)) == Promise(due=2, in_time=1, days=10, waiting=0)


def test_the_young_ones_wait_without_counting(kept):
    assert kept((20, 15), (20, 15), (20, None), (1, None)) == Promise(due=3, in_time=2, days=10, waiting=2)


def test_what_its_author_took_back_counts_neither_way(kept):
    assert kept((20, None), withdrawal=Withdrawal(reason="It leaked.")) is None


def test_of_a_few_ideas_no_percentage_is_told():
    assert Promise(due=19, in_time=10, days=10, waiting=0).rate is None
    assert Promise(due=21, in_time=20, days=10, waiting=0).rate == 95


def test_the_board_says_what_it_reckoned_with(kept, nobody):
    kept((20, 15), (1, None))
    page = " ".join(nobody.get("/campaigns/soda").text.split())
    assert "The first idea had its answer within 10 days. One is still to be read." in page
    kept((20, 15), (20, None))
    page = " ".join(nobody.get("/campaigns/soda").text.split())
    assert "2 of 3" in page
    assert "An idea counts once it is answered, or 10 days old." in page
    assert "%" not in page.split('id="promise-title"')[1].split("</section>")[0]
