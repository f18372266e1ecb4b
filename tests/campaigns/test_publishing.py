"""From draft to public: everything that is missing is named, and nobody else sees it before."""

from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.campaigns.actions import NotReady, publish_campaign
from campaign.campaigns.models import Campaign, CampaignText, Category
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.live import board_seq
from tests.calendars import until

PAGES = [
    "/campaigns/next/brief",
    "/campaigns/next/settings",
    "/campaigns/next/publication",
    "/campaigns/next/history",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_is_its_teams_alone(ana, bea, drew, soda_draft, page):
    assert ana.get(page).status_code == 200
    assert bea.get(page).status_code == 404
    assert drew.get(page).status_code == 404


def test_nobody_finds_a_draft(nobody, soda_draft):
    assert nobody.get("/campaigns/next/brief").status_code == 404
    assert nobody.get("/campaigns/next/history").status_code == 404


def test_a_draft_says_that_only_the_team_sees_it(ana, soda_draft):
    page = ana.get("/campaigns/next/brief").text
    assert "Draft: only your team sees this" in page
    assert '<meta name="robots" content="noindex">' in page


def test_the_empty_board_of_a_draft_tells_its_team_what_to_do(app, ana, bea, soda_draft):
    page = ana.get("/campaigns/next").text
    assert "it waits for you" in page
    assert '<a class="button" data-kind="primary" href="/campaigns/next/publication"' in page
    with app.app_context():
        draft = db.session.scalars(db.select(Campaign).where(Campaign.slug == "next")).one()
        reader = db.session.scalars(db.select(Person).where(Person.email == "bea@example.org")).one()
        db.session.add(Membership(brand_id=draft.brand_id, person=reader, role="analyst"))
        db.session.commit()
    page = bea.get("/campaigns/next").text
    assert "its brief can be read already" in page
    assert "/campaigns/next/publication" not in page


def test_ana_publishes(ana, nobody, soda_draft):
    assert ana.post("/campaigns/next/publication").location == "/campaigns/next"
    page = nobody.get("/campaigns/next/brief")
    assert page.status_code == 200
    assert "Draft" not in page.text
    assert "noindex" not in page.text


@pytest.mark.parametrize("who", ["bea", "drew", "nobody"])
def test_nobody_else_publishes(request, app, who, soda_draft):
    answer = request.getfixturevalue(who).post("/campaigns/next/publication")
    assert answer.status_code == (302 if who == "nobody" else 404)
    assert request.getfixturevalue("nobody").get("/campaigns/next/brief").status_code == 404


def test_publishing_is_told_and_written_down_once(people, draft):
    for _time in range(2):
        publish_campaign(draft, people.ana)
        db.session.commit()
    assert not draft.is_draft
    assert [entry.what for entry in db.session.scalars(db.select(Entry))] == ["campaign.published"]
    assert board_seq(draft.board) == 1


def test_every_missing_thing_is_named(people, draft):
    draft.texts["fr"].brief = ""
    draft.texts["fr"].gift = ""
    draft.texts["en"].lead = "For people who drink."
    days = {"opens_at": 9, "ideas_until": 5, "votes_until": 1}
    until(draft, **{name: now() - timedelta(days=ago) for name, ago in days.items()})
    draft.categories = [Category(slug="can", names={"en": "The can"})]
    with pytest.raises(NotReady) as refused:
        publish_campaign(draft, people.ana)
    assert str(refused.value.message) == (
        "The brief is missing in French. The sentence under the title is missing in French. "
        "What you give is missing in French. Nothing is asked of people in any stage that is still to come. "
        "The category “The can” has no name in French."
    )
    assert draft.is_draft


def test_one_language_is_enough_to_publish(people, draft):
    draft.texts = {"en": CampaignText(language="en", title="The can of tomorrow", brief="Tell us.")}
    publish_campaign(draft, people.ana)
    assert not draft.is_draft


def test_ideas_need_time_of_their_own(people, draft):
    until(draft, opens_at=now() - timedelta(days=9), ideas_until=now() - timedelta(days=5))
    assert [(lack.field, str(lack.sentence)) for lack in draft.missing] == [
        ("stages", "“The ideas” would be over already: choose dates that are still to come.")
    ]


def test_what_is_missing_leads_to_its_field(app, ana, soda_draft):
    with app.app_context():
        db.session.execute(db.update(CampaignText).where(CampaignText.language == "fr").values(brief=""))
        db.session.commit()
    answer = ana.post("/campaigns/next/publication")
    assert answer.status_code == 422
    assert '<a href="/campaigns/next/settings#brief_fr">The brief is missing in French.</a>' in answer.text
    assert 'id="brief_fr"' in ana.get("/campaigns/next/settings").text
