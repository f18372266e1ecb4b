"""A campaign becomes the beginning of another: a copy, or a plan of the brand's own."""

from datetime import timedelta

import pytest

from campaign.brands.models import Membership
from campaign.campaigns.kinds import KINDS
from campaign.campaigns.models import Campaign, SavedPlan
from campaign.campaigns.planning import copy_campaign, plans_of, save_plan
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from tests.campaigns.test_settings import shown

NEW = "/brands/soda/campaigns/new"


def test_a_copy_is_a_draft_with_everything_but_the_ideas(people, campaign, resealable):
    campaign.stages[1].names = {"en": "The tasting"}
    copy = copy_campaign(campaign, people.ana, "a-click")
    assert copy.is_draft
    assert (copy.slug, copy.title) == ("the-can-of-tomorrow-copy", f"{campaign.title} (copy)")
    assert (copy.text.gift, copy.text.brief) == (campaign.text.gift, campaign.text.brief)
    assert [stage.name for stage in copy.stages] == ["The ideas", "The tasting", "The outcome"]
    assert [category.names for category in copy.categories] == [category.names for category in campaign.categories]
    assert [(tag.name, tag.staff_only) for tag in copy.tags] == [("studied", True)]
    assert not copy.missing


def test_a_copy_begins_in_a_week_and_its_stages_keep_their_lengths(people, campaign):
    copy = copy_campaign(campaign, people.ana, "a-click")
    assert timedelta(days=7) <= copy.opens_at - now() <= timedelta(days=8)
    assert (copy.opens_at - campaign.opens_at) % timedelta(days=1) == timedelta()
    for one, other in zip(campaign.stages, copy.stages, strict=True):
        assert other.opens_at - one.opens_at == copy.opens_at - campaign.opens_at
    assert copy.answers_by - copy.opens_at == campaign.answers_by - campaign.opens_at


def test_the_longest_title_leaves_room_for_another(people, campaign):
    campaign.texts["en"].title = "w" * 119 + "!"
    titled = copy_campaign(campaign, people.ana, "a-click").texts["en"].title
    assert (len(titled), titled[-9:]) == (120, "w… (copy)")


def test_copied_by_two_clicks_it_is_one_draft(people, campaign):
    assert copy_campaign(campaign, people.ana, "a-click") is copy_campaign(campaign, people.ana, "a-click")
    assert copy_campaign(campaign, people.ana, "another") is not copy_campaign(campaign, people.ana, "a-click")


def test_a_plan_keeps_stages_limits_categories_and_tags(people, campaign):
    campaign.title_max, campaign.ends_at = 60, now() + timedelta(days=40)
    campaign.stages[0].accepts_votes = False
    save_plan(campaign, people.ana, "The yearly can", "a-click")
    [plan] = plans_of(people.soda)
    stages, ends_at = plan.dated(now())
    assert (plan.name, plan.limits["title_max"]) == ("The yearly can", 60)
    assert [stage.kind for stage in stages] == ["conception", "vote", "outcome"]
    assert stages[0].switches == KINDS["conception"].switches - {"accepts_votes"}
    assert stages[1].opens_at - stages[0].opens_at == campaign.stages[1].opens_at - campaign.stages[0].opens_at
    assert ends_at - stages[-1].opens_at == campaign.ends_at - campaign.stages[-1].opens_at
    assert [tag.name for tag in plan.tags] == ["studied"]


def test_ana_keeps_a_plan_begins_with_it_and_takes_it_away(app, ana, soda_campaign):
    page = "/campaigns/soda/plan"
    fields = shown(ana.get(page).text)
    for _click in range(2):
        assert ana.post(page, **{**fields, "name": "The yearly can"}).status_code == 302
    shelf = ana.get(NEW).text
    assert shelf.count("The yearly can") == 1
    fields = shown(ana.get(f"{NEW}?plan=own-1").text)
    assert fields["categories-0-name_fr"] == "La canette"
    made = {"title_en": "The bottle of tomorrow", "title_fr": "La bouteille", "slug": "bottle", "name": ""}
    assert ana.post(f"{NEW}?plan=own-1", **{**fields, **made}).location == "/campaigns/bottle"
    assert ana.post("/brands/soda/plans/1/removal").status_code == 302
    assert "The yearly can" not in ana.get(NEW).text
    with app.app_context():
        kinds = [stage.kind for stage in db.session.scalars(db.select(Campaign).filter_by(slug="bottle")).one().stages]
        assert kinds == ["conception", "vote", "outcome"]
        acts = [entry.what for entry in db.session.scalars(db.select(Entry).filter_by(subject="brand"))]
        assert acts == ["brand.plan_saved", "brand.plan_removed"]


def test_a_plan_without_a_name_is_refused(ana, soda_campaign):
    answer = ana.post("/campaigns/soda/plan", name=" ")
    assert answer.status_code == 422
    assert "Give it a name." in answer.text


@pytest.mark.parametrize(("who", "status"), [("ana", 302), ("bea", 404), ("drew", 404), ("nobody", 302)])
def test_only_those_who_manage_the_brand_copy_and_plan(app, request, who, status, soda_campaign, campaign):
    save_plan(campaign, db.session.get_one(type(campaign.publication.by), campaign.publication.by_id), "One", "a-click")
    db.session.commit()
    db.session.remove()
    person = request.getfixturevalue(who)
    assert person.post("/campaigns/soda/copy", key="a-click").status_code == status
    assert person.post("/campaigns/soda/plan", name="The yearly can", key="b-click").status_code == status
    assert person.post("/brands/soda/plans/1/removal").status_code == status
    with app.app_context():
        own = db.session.scalars(db.select(SavedPlan.name)).all()
        assert own == (["The yearly can"] if who == "ana" else ["One"])


def test_a_plan_of_another_brand_is_not_there(app, drew, people, campaign):
    save_plan(campaign, people.ana, "The yearly can", "a-click")
    db.session.commit()
    assert drew.post("/brands/elsewhere/plans/1/removal").status_code == 404
    assert "The yearly can" not in drew.get("/brands/elsewhere/campaigns/new?plan=own-1").text


def test_who_manages_one_campaign_opens_no_other(app, cast, bea, soda_campaign):
    with app.app_context():
        db.session.add(Membership(brand_id=1, person_id=cast["bea"], role="manager", campaign_id=soda_campaign))
        db.session.commit()
    assert "/campaigns/soda/copy" not in bea.get("/campaigns/soda/settings").text
    assert bea.post("/campaigns/soda/copy", key="a-click").status_code == 404
    assert bea.get("/campaigns/soda/plan").status_code == 404
