"""What a brand lets people do from some level on: refused with why and what to do, and everybody's until it says so."""

import re

import pytest

from campaign.brands.gates import why_shut
from campaign.extensions import db
from campaign.feedback.actions import edit_comment, post_comment
from campaign.filters.gating import Gates, NotYet, choose_gates, gates_of
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.merging.proposing import propose_duplicate
from campaign.moderation.deciding import hide, put_back
from campaign.moderation.reporting import report
from tests.campaign_cast import suggest
from tests.pictures import pdf, picture

LINK = "Look at https://shop.example/cans and at soda.example"


@pytest.fixture
def gates(people):
    """`gates(links="known")`: from when on one may do what in soda's campaigns."""

    def begin(**levels):
        choose_gates(people.soda, people.ana, Gates(**levels))
        db.session.commit()

    return begin


@pytest.fixture
def known(people, joined, resealable):
    """bea is known: her idea has stood there for some days."""
    joined(people.bea, 30)
    resealable.submitted_at = people.bea.joined_at
    db.session.commit()


def test_everybody_may_do_everything_until_the_brand_says_otherwise(people, resealable, campaign):
    post_comment(resealable, people.carl, LINK)
    assert gates_of(people.soda.id) == Gates()


def test_a_link_waits_until_somebody_is_known_and_is_told_why(people, gates, carl, resealable, known):
    gates(links="known")
    answer = carl.post(f"{resealable.url}/comments", text=LINK)
    assert answer.status_code == 422
    assert "You can’t put links into what you write here yet: take out “shop.example”." in answer.text
    assert "once an idea or three remarks of yours stand in this brand’s campaigns" in answer.text
    assert "Look at https://shop.example/cans" in answer.text  # Their words are still there.
    assert carl.post(f"{resealable.url}/comments", text="Without one.").status_code == 302
    said = post_comment(resealable, people.bea, LINK)
    with pytest.raises(NotYet):
        edit_comment(post_comment(resealable, people.carl, "Mine."), LINK)
    edit_comment(said, "Shorter: https://shop.example")
    post_comment(resealable, people.ana, LINK)  # Of the team.


def test_a_link_that_stood_there_before_stays(people, gates, resealable):
    said = post_comment(resealable, people.carl, LINK)
    gates(links="trusted")
    edit_comment(said, LINK + " today")
    with pytest.raises(NotYet):
        edit_comment(said, LINK + " today, and at https://other.example")


def test_pictures_wait_and_the_form_says_so(people, gates, carl, ana, soda_campaign, known, bea):
    gates(pictures="known")
    page = carl.get("/campaigns/soda/ideas/new").text
    assert "You can’t attach pictures or documents here yet" in page
    assert 'name="pictures"' not in page
    fields = {"title": "A can that folds", "text": "Along a line.", "language": "en", "category": "can"}
    for name, file in (("pictures", (picture(), "a.jpg")), ("documents", (pdf(), "a.pdf"))):
        answer = carl.post("/campaigns/soda/ideas/new", key=f"key-{name}", **fields, data={name: file})
        assert answer.status_code == 422
        assert "You can’t attach pictures or documents here yet" in answer.text
    assert carl.post("/campaigns/soda/ideas/new", key="key-none", **fields).status_code == 302
    assert 'name="pictures"' in bea.get("/campaigns/soda/ideas/new").text


def test_saying_that_two_are_the_same_waits(people, app, gates, carl, bea, campaign, resealable, known, cast):
    other = db.session.get_one(Idea, suggest(app, campaign.id, cast["drew"], "Another can", lot=2))
    gates(merges="new")
    assert "You can from the day after you signed up." in carl.get(f"{resealable.url}/same").text
    assert carl.post(f"{resealable.url}/same", other=str(other.id)).status_code == 422
    assert bea.post(f"{resealable.url}/same", other=str(other.id)).status_code == 302
    with pytest.raises(NotYet):
        propose_duplicate(resealable, other, people.carl)


def test_reports_weigh_a_quarter_and_are_read_like_all(people, app, gates, campaign, resealable, known, cast, carl):
    other = db.session.get_one(Idea, suggest(app, campaign.id, cast["drew"], "Another can", lot=2))
    gates(reports="known")
    assert "weigh less here for now" in carl.get(f"{other.url}/report").text
    assert report(other, people.carl, "spam").weight == 0.25
    assert report(other, people.bea, "spam").weight == 1


def test_who_fell_is_told_so_and_rises_when_it_is_put_back(people, gates, moderator, resealable, known):
    gates(links="known")
    soda = people.soda.id
    assert why_shut("links", people.bea, soda, LINK) is None
    case = hide(resealable, moderator, "It shows a trade mark.")
    db.session.commit()
    assert (
        "Something of yours was taken down here in the last half year"
        in why_shut("links", people.bea, soda, LINK).message
    )
    put_back(case, moderator, "The mark is free.")
    db.session.commit()
    assert why_shut("links", people.bea, soda, LINK) is None
    assert why_shut("links", people.bea, people.elsewhere.id, LINK) is None  # Another brand asks nothing.
    assert why_shut("links", people.carl, soda, "No link.") is None


def test_a_manager_chooses_and_everybody_reads_it(app, ana, carl, soda_campaign):
    page = ana.get("/brands/soda/filters").text
    assert re.search(r'<option selected value="">Everybody', page)
    ana.post("/brands/soda/filters", from_links="known", from_pictures="", from_merges="new", from_reports="")
    ana.post("/brands/soda/filters", from_links="known", from_pictures="", from_merges="new", from_reports="")
    with app.app_context():
        assert gates_of(1) == Gates(links="known", merges="new")
        [entry] = db.session.scalars(db.select(Entry).filter_by(what="gates.chosen"))
        assert entry.details["changes"] == {"links": [None, "known"], "merges": [None, "new"]}
    told = carl.get("/campaigns/soda/moderation").text
    assert "Links in ideas and remarks: Known here" in told
    assert "Pictures and documents" not in told
    assert ana.post("/brands/soda/filters", from_links="everything").status_code == 422
    assert carl.post("/brands/soda/filters", from_links="").status_code == 404


def test_asking_costs_the_same_with_gates_and_without(people, gates, carl, resealable, queries):
    with queries() as plain:
        carl.post(f"{resealable.url}/comments", text="Without a link.")
    gates(links="trusted", pictures="trusted", merges="trusted", reports="trusted")
    with queries() as gated:
        carl.post(f"{resealable.url}/comments", text="Without a link, again.")
    assert len(gated) <= len(plain)
