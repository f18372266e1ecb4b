"""People's tags have a page of their own; the settings hold the team's, however many people bring."""

import re

import pytest

from campaign.campaigns.models import Tag
from campaign.extensions import db
from campaign.history import Entry
from tests.campaigns.test_settings import shown

TAGS = "/campaigns/soda/tags"


@pytest.fixture
def brought(app, soda_campaign):
    """People brought many tags with their ideas."""
    with app.app_context():
        names = [f"word {number:03}" for number in range(120)]
        db.session.add_all(Tag(campaign_id=soda_campaign, slug=name.replace(" ", "-"), name=name) for name in names)
        db.session.add(Tag(campaign_id=soda_campaign, slug="cafe", name="Café"))
        db.session.commit()


def tag(app, slug):
    with app.app_context():
        return db.session.scalar(db.select(Tag).filter_by(slug=slug))


def test_the_settings_show_the_teams_tags_alone(ana, brought):
    page = ana.get("/campaigns/soda/settings").text
    assert 'value="studied"' in page
    assert 'value="summer"' not in page
    assert "word 001" not in page


def test_the_page_is_asked_for_in_as_many_questions_however_many_there_are(ana, soda_campaign, queries, request):
    with queries() as few:
        ana.get(TAGS)
    request.getfixturevalue("brought")
    with queries() as many:
        ana.get(TAGS)
    assert len(few) == len(many)


def test_a_tag_that_the_team_names_for_everybody_stays_in_the_settings_and_is_offered(app, ana, carl, soda_campaign):
    page = ana.get("/campaigns/soda/settings").text
    free = max(int(number) for number in re.findall(r'name="tags-(\d+)-name"', page))
    ana.post("/campaigns/soda/settings", **{**shown(page), f"tags-{free}-name": "winter"})
    assert not tag(app, "winter").staff_only
    assert 'value="winter"' in ana.get("/campaigns/soda/settings").text
    assert 'value="winter"' not in ana.get(TAGS).text
    form = carl.get("/campaigns/soda/ideas/new").text
    assert '<option value="winter">' in form
    assert "For instance: winter." in form


def test_a_tag_of_the_team_that_people_may_give_now_stays_the_teams(app, ana, soda_campaign):
    fields = shown(ana.get("/campaigns/soda/settings").text)
    [ticked] = [name for name in fields if name.endswith("staff_only")]
    ana.post("/campaigns/soda/settings", **{name: value for name, value in fields.items() if name != ticked})
    assert not tag(app, "studied").staff_only
    assert 'value="studied"' in ana.get("/campaigns/soda/settings").text


def test_ana_finds_a_tag_without_its_accent_and_corrects_it(app, ana, brought):
    found = ana.get(f"{TAGS}?q=CAFE").text
    assert 'value="Café"' in found
    assert "word 001" not in found
    row = {"tags-0-id": str(tag(app, "cafe").id), "tags-0-name": "coffee", "tags-0-staff_only": "y"}
    assert ana.post(f"{TAGS}?q=CAFE", **row).location == f"{TAGS}?q=CAFE"
    assert (tag(app, "cafe").name, tag(app, "cafe").staff_only) == ("coffee", True)
    assert 'value="coffee"' in ana.get("/campaigns/soda/settings").text
    with app.app_context():
        moved = [{"name": "Café", "staff_only": False}, {"name": "coffee", "staff_only": True}]
        assert [entry.details for entry in db.session.scalars(db.select(Entry))] == [{"changes": {"tags": [moved]}}]


def test_an_emptied_tag_is_gone_and_the_others_stay(app, ana, brought):
    ana.post(TAGS, **{"tags-0-id": str(tag(app, "cafe").id), "tags-0-name": ""})
    assert tag(app, "cafe") is None
    assert tag(app, "word-119") is not None


def test_the_pages_lead_through_all_of_them(ana, brought):
    first = ana.get(TAGS).text
    assert 'value="Café"' in first
    assert "word 060" not in first
    second = ana.get(f"{TAGS}?from=word-048").text
    assert 'value="word 049"' in second
    assert "word 048" not in second


def test_a_row_that_will_not_do_says_so(ana, brought):
    answer = ana.post(TAGS, **{"tags-0-name": "t" * 41})
    assert answer.status_code == 422
    assert "40 characters at most, and this has 41." in answer.text


@pytest.mark.parametrize(("who", "status"), [("bea", 404), ("drew", 404), ("nobody", 302)])
def test_nobody_else_finds_it(request, who, status, soda_campaign):
    assert request.getfixturevalue(who).get(TAGS).status_code == status
