"""How much comes in now, beside what is usual, and when somebody should look."""

from datetime import timedelta

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.moderation.rates import LEAST, Rate, rates_of
from campaign.votes.models import VoteMinute

CONSOLE = "/campaigns/soda/console"


@pytest.fixture
def came(campaign, resealable, people):
    """`came(ideas=[(2, 5)])`: two ideas five minutes ago; remarks and votes likewise."""
    resealable.submitted_at = now() - timedelta(days=9)
    numbers = iter(range(1, 10_000))

    def come(ideas=(), remarks=(), votes=()):
        for many, minutes in ideas:
            at = now() - timedelta(minutes=minutes)
            for number in (next(numbers) for _each in range(many)):
                given = {"campaign_id": campaign.id, "author_id": people.bea.id, "language": "en", "text": ""}
                db.session.add(Idea(**given, title=f"A can, {number}", heat=0.0, lot=number, submitted_at=at))
        for many, minutes in remarks:
            at = now() - timedelta(minutes=minutes)
            for number in (next(numbers) for _each in range(many)):
                db.session.add(Comment(idea_id=resealable.id, author_id=people.bea.id, text=f"Yes {number}", at=at))
        for many, minutes in votes:
            minute = int(now().timestamp() // 60) - minutes
            db.session.add(VoteMinute(campaign_id=campaign.id, minute=minute, votes=many))
        db.session.commit()
        return campaign

    return come


def figures(app, campaign):
    with app.test_request_context():
        return {rate.what: (rate.lately, rate.hour, rate.usual) for rate in rates_of(campaign)}


def test_what_came_is_counted_by_five_minutes_the_hour_and_the_day_before(app, came):
    campaign = came(
        ideas=[(2, 1), (3, 30), (24, 200), (50, 1600)],
        remarks=[(1, 4), (1, 59), (48, 61), (5, 1510)],
        votes=[(7, 0), (5, 3), (100, 7), (240, 70), (9, 1440 + 70)],
    )
    assert figures(app, campaign) == {"ideas": (2, 5, 1.0), "remarks": (1, 2, 2.0), "votes": (12, 112, 10.0)}


def test_another_campaign_counts_by_itself(app, people, came, draft):
    came(ideas=[(2, 1)], remarks=[(2, 1)], votes=[(2, 1)])
    assert figures(app, draft) == {"ideas": (0, 0, None), "remarks": (0, 0, None), "votes": (0, 0, None)}


def test_while_counts_are_sealed_no_rate_of_votes_is_told(app, came, ana):
    campaign = came(votes=[(911, 1)])
    page = ana.get(f"{CONSOLE}/first").text
    assert "New votes" in page
    assert page.count("911") == 3  # In five minutes, in an hour, and in the alert.
    campaign.stages[0].shows_counts = "ended"
    db.session.commit()
    assert set(figures(app, campaign)) == {"ideas", "remarks"}
    page = ana.get(f"{CONSOLE}/first").text
    assert "New votes" not in page
    assert "911" not in page


@pytest.mark.parametrize(
    ("lately", "usual", "floods"),
    [
        (10, 0, True),
        (9, 0, False),  # So few are no flood, however quiet it was.
        (26, 60, True),  # Five in five minutes are usual.
        (25, 60, False),
        (500, None, False),  # Nothing is usual yet.
    ],
)
def test_a_flood_is_more_than_five_times_the_usual_and_not_few(lately, usual, floods):
    assert LEAST["ideas"] == 10
    assert Rate("ideas", lately, lately, usual).floods is floods


def test_a_campaign_that_has_just_begun_has_nothing_usual(app, came):
    campaign = came(ideas=[(20, 1)])
    campaign.publication.at = now() - timedelta(minutes=119)
    assert figures(app, campaign)["ideas"] == (20, 20, None)
    campaign.publication.at = now() - timedelta(hours=3)
    assert figures(app, campaign)["ideas"] == (20, 20, 0.0)


def test_a_flood_is_told_with_what_to_do_until_it_is_put_away(app, ana, mod, came):
    assert "data-alert" not in mod.get(f"{CONSOLE}/first").text
    came(ideas=[(12, 1)], votes=[(400, 1)])
    page = mod.get(f"{CONSOLE}/first?kind=idea").text
    assert "12 ideas in five minutes" in page
    assert "400 votes in five minutes" in page
    assert "A manager of the campaign can switch that on." in page
    assert '<a href="/campaigns/soda/moderation">Read first</a>' in ana.get(f"{CONSOLE}/first").text
    away = mod.post(f"{CONSOLE}/alerts?kind=idea", what="ideas", queue="first")
    assert away.location == f"{CONSOLE}/first?kind=idea"
    page = mod.get(f"{CONSOLE}/first").text
    assert "12 ideas in five minutes" not in page
    assert "400 votes in five minutes" in page
    assert "12 ideas in five minutes" in ana.get(f"{CONSOLE}/first").text


def test_only_who_moderates_puts_an_alert_away(app, cast, came, ana, bea, drew, nobody):
    came()
    for browser, status in ((ana, 302), (bea, 404), (drew, 404), (nobody, 302)):
        assert browser.post(f"{CONSOLE}/alerts", what="ideas").status_code == status
    assert ana.post(f"{CONSOLE}/alerts", what="weather").status_code == 400
    assert ana.post(f"{CONSOLE}/alerts", data={"what": "votes"}, headers={"Accept": "application/json"}).json == {
        "ok": True
    }
