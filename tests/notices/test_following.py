"""Following a campaign, a person, a tag: who may, and where one finds it again."""

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.notices.models import CampaignFollowing, PersonFollowing, TagFollowing


def test_the_buttons_stand_where_one_meets_them_and_tell_what_is(bea, carl, cast, soda_idea):
    assert "Follow The can of tomorrow" in carl.get("/campaigns/soda").text
    carl.post("/campaigns/soda/following")
    assert "Follow no more: The can of tomorrow" in carl.get("/campaigns/soda").text
    assert "Follow Bea" in carl.get(f"/ideas/{soda_idea}").text
    carl.post(f"/people/{cast['bea']}/following")
    assert "Follow no more: Bea" in carl.get(f"/ideas/{soda_idea}").text
    assert "Follow Bea" not in bea.get(f"/ideas/{soda_idea}").text
    carl.post("/campaigns/soda/tags/summer/following")
    carl.post(f"/ideas/{soda_idea}/following")
    page = carl.get("/profile/followed").text
    assert all(name in page for name in ("The can of tomorrow", "Bea", "summer", "A can you can reseal"))


def test_it_ends_and_ends_twice(app, carl, cast, soda_idea):
    for url in ("/campaigns/soda", "/campaigns/soda/tags/summer", f"/people/{cast['bea']}"):
        carl.post(f"{url}/following")
        for _again in range(2):
            assert carl.post(f"{url}/following/end").status_code == 302
    with app.app_context():
        for row in (CampaignFollowing, PersonFollowing, TagFollowing):
            assert db.session.scalars(db.select(row)).all() == []


def test_each_door_is_tried(app, ana, carl, drew, nobody, cast, soda_campaign, soda_idea):
    tag, staff = "/campaigns/soda/tags/summer/following", "/campaigns/soda/tags/studied/following"
    urls = ("/campaigns/soda/following", tag, f"/people/{cast['bea']}/following")
    for url in urls:
        assert nobody.post(url).location.startswith("/sign-in")
        assert carl.post(url).status_code == 302
    assert carl.post(staff).status_code == 404  # The team's own.
    assert ana.post(staff).status_code == 404
    assert carl.post(f"/people/{cast['drew']}/following").status_code == 404  # Nothing of drew's can be read.
    assert carl.post("/people/9999/following").status_code == 404
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    for url in urls:
        assert drew.post(url).status_code == 404
        assert ana.post(url).status_code == 302


def test_nobody_follows_themselves_or_is_sent_elsewhere(bea, carl, cast, soda_idea):
    assert bea.post(f"/people/{cast['bea']}/following").status_code == 409
    assert carl.post("/campaigns/soda/following", next="https://evil.example/").location == "/campaigns/soda"
    assert carl.post("/campaigns/soda/following", next="/profile/followed").location == "/profile/followed"
