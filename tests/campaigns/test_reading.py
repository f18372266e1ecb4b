"""Where campaigns are found, and by whom."""

from datetime import timedelta

import pytest

from campaign.brands.models import Membership
from campaign.campaigns.access import campaigns_of, ended_campaigns, open_campaigns
from campaign.campaigns.models import Campaign, Closing
from campaign.clock import now
from campaign.extensions import db
from tests.campaign_cast import stage, suggest


class Nobody:
    is_authenticated = False


@pytest.fixture
def several(app, cast):
    """Campaigns of soda in every state."""
    today = now()
    stage(app, slug="open", opens_at=today - timedelta(days=3))
    stage(app, slug="newer", opens_at=today - timedelta(days=1))
    stage(app, slug="unlisted", visibility="unlisted")
    stage(app, slug="members", visibility="members")
    stage(app, slug="draft", published=False)
    stage(app, slug="soon", opens_at=today + timedelta(days=1))
    stage(app, slug="over", ideas_until=today - timedelta(hours=2), votes_until=today - timedelta(hours=1))
    stage(app, slug="closed", closing=Closing(by_id=cast["ana"]))


def slugs(campaigns):
    return [campaign.slug for campaign in campaigns]


def test_the_front_page_shows_what_is_public_and_open_now(people, several):
    assert slugs(open_campaigns()) == ["newer", "open"]
    assert slugs(ended_campaigns()) == ["closed", "over"]


def test_a_brands_page_shows_each_what_they_may_find(people, several):
    public = {"open", "newer", "soon", "over", "closed"}
    assert set(slugs(campaigns_of(people.soda, Nobody()))) == public
    assert set(slugs(campaigns_of(people.soda, people.drew))) == public
    assert set(slugs(campaigns_of(people.soda, people.ana))) == public | {"unlisted", "members", "draft"}


def test_who_works_for_one_campaign_finds_that_one(people, several):
    every = {campaign.slug: campaign for campaign in campaigns_of(people.soda, people.ana)}
    db.session.add(Membership(brand=people.soda, person=people.bea, role="analyst", campaign_id=every["draft"].id))
    db.session.commit()
    found = slugs(campaigns_of(people.soda, people.bea))
    assert "draft" in found
    assert "members" not in found


@pytest.mark.parametrize(
    ("slug", "who"),
    [("unlisted", {"ana", "bea", "drew", "nobody"}), ("members", {"ana"}), ("draft", {"ana"})],
)
def test_the_door_opens_to_those_it_is_for(request, several, slug, who):
    for name in ("ana", "bea", "drew", "nobody"):
        answer = request.getfixturevalue(name).get(f"/campaigns/{slug}/brief")
        assert answer.status_code == (200 if name in who else 404), name


def test_the_unlisted_asks_search_engines_to_stay_out(nobody, several):
    assert '<meta name="robots" content="noindex">' in nobody.get("/campaigns/unlisted/brief").text
    assert "noindex" not in nobody.get("/campaigns/open/brief").text


@pytest.mark.parametrize("slug", ["none", "OPEN", "a" * 5000, "%00"])
def test_a_campaign_that_is_not_there_is_not_found(nobody, several, slug):
    assert nobody.get(f"/campaigns/{slug}/brief").status_code == 404


def test_the_brief_tells_the_gift_before_it_asks(nobody, soda_campaign):
    page = nobody.get("/campaigns/soda/brief").text
    assert page.index("A crate.") < page.index("What would you change?")
    assert "10 to 120 characters" in page
    assert "Central European Time" in page


def test_the_brief_tells_before_anybody_writes_what_ends_changes_and_how_people_vote(app, nobody, soda_campaign):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        campaign.edit_hours, campaign.edit_votes, campaign.edits_until_answer = 48, 10, True
        campaign.stages[0].method_settings = {"cap": 7, "seats": 3}
        db.session.commit()
    page = nobody.get("/campaigns/soda/brief").text
    assert "until 48 hours after it came in or 10 people support it or the brand answers it" in page
    assert "Support: Everybody supports as many ideas as they like, or up to a number." in page
    assert "Votes for each person: 7" in page
    assert "Ideas to choose: 3" in page


def test_the_brief_speaks_the_readers_language(nobody, soda_campaign):
    page = nobody.get("/campaigns/soda/brief", headers={"Accept-Language": "fr"}).text
    assert "La canette de demain" in page
    assert "The can of tomorrow" not in page


def test_the_front_page_counts_in_a_fixed_number_of_questions(app, nobody, cast, several, queries):
    with queries() as few:
        assert nobody.get("/").status_code == 200
    for number in range(6):
        campaign = stage(app, slug=f"another-{number}")
        for title in ("One idea", "Another idea"):
            suggest(app, campaign, cast["bea"], title)
    with queries() as many:
        page = nobody.get("/").text
    assert page.count("2 ideas") == 6
    assert len(many) == len(few)
