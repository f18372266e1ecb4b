"""The roadmap, and the page that says what people asked and the brand did."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image as Pillow

from campaign.campaigns.models import Campaign
from campaign.campaigns.turning import turn_stages
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.following import tell_news
from campaign.ideas.models import CoAuthor, Idea, Withdrawal
from campaign.outcomes.models import Milestone, Outcome
from campaign.statuses.actions import set_status
from tests.calendars import until
from tests.campaign_cast import suggest

CARL = "carl@example.org"
MILESTONE = {"name_en": "First cans", "name_fr": "Premières canettes", "due": "2027-03-01"}
TEXTS = {"text_en": "We **built** it.", "text_fr": "Nous l’avons **fait**."}


def picture():
    file = io.BytesIO()
    Pillow.new("RGB", (40, 30), "red").save(file, "PNG")
    return io.BytesIO(file.getvalue()), "can.png"


def read(page):
    return re.search(r'name="read"[^>]* value="([^"]*)"', page)[1]


def keep(ana, **fields):
    page = ana.get("/campaigns/soda/outcome/draft").text
    return ana.post("/campaigns/soda/outcome/draft", **{**TEXTS, "read": read(page), **fields})


def publish(ana):
    return ana.post("/campaigns/soda/outcome/publication", read=read(ana.get("/campaigns/soda/outcome/preview").text))


@pytest.fixture
def planned(app, cast, soda_idea):
    with app.app_context():
        idea = db.session.get_one(Idea, soda_idea)
        set_status(idea, idea.campaign.publication.by, "planned", "Good.", freely=True)
        idea.coauthors.append(CoAuthor(person_id=cast["drew"]))
        db.session.commit()
    return soda_idea


def test_the_roadmap_tells_what_was_accepted_and_is_linked_once_there_is_something(
    app, nobody, cast, soda_campaign, soda_idea
):
    assert "/campaigns/soda/roadmap" not in nobody.get("/campaigns/soda").text
    suggest(app, soda_campaign, cast["bea"], "A can that sings")
    with app.app_context():
        idea = db.session.get_one(Idea, soda_idea)
        set_status(idea, idea.campaign.publication.by, "planned", "Good.", freely=True)
        db.session.commit()
    assert 'href="/campaigns/soda/roadmap"' in nobody.get("/campaigns/soda/brief").text
    page = nobody.get("/campaigns/soda/roadmap").text
    assert "A can you can reseal" in page
    assert "Planned" in page
    assert "A can that sings" not in page


def test_milestones_count_the_progress(app, ana, nobody, planned):
    assert ana.post("/campaigns/soda/roadmap/milestones/new", **MILESTONE, ideas=str(planned)).status_code == 302
    again = ana.post("/campaigns/soda/roadmap/milestones/new", **MILESTONE, ideas=str(planned))
    assert "This milestone stands on the roadmap already." in again.text
    ana.post("/campaigns/soda/roadmap/milestones/new", **{**MILESTONE, "name_en": "In shops", "due": "2027-06-01"})
    ana.post("/campaigns/soda/roadmap/milestones/1/done", done="yes")
    page = nobody.get("/campaigns/soda/roadmap").text
    assert "50%" in page
    assert "1 of 2 milestones reached" in page
    assert "1 of 1 milestones" in page  # Of the idea.
    assert page.index("First cans") < page.index("In shops")
    ana.post("/campaigns/soda/roadmap/milestones/2/removal")
    ana.post("/campaigns/soda/roadmap/milestones/2/removal")
    assert "In shops" not in nobody.get("/campaigns/soda/roadmap").text
    assert "put a milestone on the roadmap" in ana.get("/campaigns/soda/history").text


def test_a_milestone_changes_and_links_only_ideas_of_its_campaign(app, ana, planned):
    ana.post("/campaigns/soda/roadmap/milestones/new", **MILESTONE, ideas="999")
    ana.post("/campaigns/soda/roadmap/milestones/1", **{**MILESTONE, "name_en": "Cans"}, ideas=str(planned), done="y")
    with app.app_context():
        milestone = db.session.get_one(Milestone, 1)
        assert (milestone.names["en"], [idea.id for idea in milestone.ideas]) == ("Cans", [planned])
        assert milestone.done_at is not None
        assert [entry.what for entry in db.session.scalars(db.select(Entry).order_by(Entry.id))][-2:] == [
            "milestone.added",
            "milestone.changed",
        ]


PAGES = ("roadmap/milestones/new", "roadmap/milestones/1", "outcome/draft", "outcome/preview")
ACTS = ("roadmap/milestones/1/done", "roadmap/milestones/1/removal", "outcome/publication")


@pytest.mark.parametrize(("name", "status"), [("bea", 404), ("drew", 404), ("nobody", 302)])
def test_only_who_manages_writes(request, ana, planned, name, status):
    ana.post("/campaigns/soda/roadmap/milestones/new", **MILESTONE)
    keep(ana)
    browser = request.getfixturevalue(name)
    for page in PAGES:
        assert browser.get(f"/campaigns/soda/{page}").status_code == status, page
    for act in ACTS:
        assert browser.post(f"/campaigns/soda/{act}").status_code == status, act
    assert browser.get("/campaigns/soda/outcome").status_code == 404


def test_the_page_is_a_draft_until_it_is_published_in_every_language(app, ana, nobody, planned):
    keep(ana, text_fr="", ideas=str(planned))
    assert nobody.get("/campaigns/soda/outcome").status_code == 404
    assert "in each of the campaign’s languages" in publish(ana).get_data(as_text=True)
    keep(ana, ideas=str(planned))
    assert publish(ana).location == "/campaigns/soda/outcome"
    page = nobody.get("/campaigns/soda/outcome").text
    assert "<strong>built</strong>" in page
    assert "Bea, Drew" in page  # The author and the co-author.
    assert 'href="/campaigns/soda/outcome"' in nobody.get("/campaigns/soda/brief").text
    assert "<strong>fait</strong>" in nobody.get("/campaigns/soda/outcome", headers={"Accept-Language": "fr"}).text


def test_what_is_published_stays_until_the_next_version_is(app, ana, nobody, planned):
    keep(ana)
    publish(ana)
    keep(ana, text_en="We built **two**.")
    assert "two" not in nobody.get("/campaigns/soda/outcome").text
    publish(ana)
    assert "two" in nobody.get("/campaigns/soda/outcome").text
    with app.app_context():
        assert [one.number for one in db.session.scalars(db.select(Outcome).order_by(Outcome.number))] == [1, 2]


@pytest.mark.parametrize("kind", ["hidden", "held"])
def test_what_is_out_of_sight_is_named_on_neither_page_and_stays_linked(app, ana, nobody, planned, kind):
    ana.post("/campaigns/soda/roadmap/milestones/new", **MILESTONE, ideas=str(planned))
    keep(ana, ideas=str(planned))
    publish(ana)
    pages = [f"/campaigns/soda/{page}" for page in ("roadmap", "outcome")]
    assert all("A can you can reseal" in nobody.get(page).text for page in pages)
    with app.app_context():
        db.session.add(Withdrawal(idea_id=planned, kind=kind, reason=""))
        db.session.commit()
    for page in pages:
        text = nobody.get(page).text
        assert "A can you can reseal" not in text, page
        assert "Drew" not in text, page
    ana.post("/campaigns/soda/roadmap/milestones/1/done", done="yes")
    with app.app_context():
        db.session.delete(db.session.get_one(Withdrawal, planned))
        db.session.commit()
    assert all("A can you can reseal" in nobody.get(page).text for page in pages)


def test_pictures_need_words_and_are_the_teams_until_it_is_published(app, ana, nobody, planned):
    keep(ana, pictures=picture())
    with app.app_context():
        [shown] = db.session.get_one(Outcome, 1).pictures
        image, url = shown.image_id, shown.image.url()
    assert ana.get(url).status_code == 200
    assert nobody.get(url).status_code == 404
    assert "what it shows" in publish(ana).get_data(as_text=True)
    keep(ana, **{f"alt-{image}": "A red can"})
    publish(ana)
    assert nobody.get(url).status_code == 200
    assert 'alt="A red can"' in nobody.get("/campaigns/soda/outcome").text


def test_another_window_is_not_written_over(ana, planned):
    keep(ana)
    old = read(ana.get("/campaigns/soda/outcome/draft").text)
    keep(ana, text_en="Newer.")
    answer = ana.post("/campaigns/soda/outcome/draft", **TEXTS, read=old)
    assert "changed or published in another window" in answer.text


def told(app, mails):
    with app.app_context():
        tell_news()
    return [mail for mail in mails.to(CARL) if mail["Subject"].startswith("The outcome")]


def begin_outcome(app, soda_campaign):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        until(campaign, ideas_until=now() - timedelta(hours=2), votes_until=now() - timedelta(hours=1))
        campaign.publication.told_until = now() - timedelta(hours=3)
        db.session.commit()
        turn_stages(campaign, now())
        db.session.commit()


def test_publishing_tells_everybody_who_follows_once(app, ana, carl, mails, soda_campaign, planned):
    carl.post(f"/ideas/{planned}/following")
    keep(ana)
    assert "the 1 person who asked" in ana.get("/campaigns/soda/outcome/preview").text
    publish(ana)
    [mail] = told(app, mails)
    assert "/campaigns/soda/outcome" in mail.get_body(("plain",)).get_content()
    keep(ana, text_en="We built **two**.")
    publish(ana)
    begin_outcome(app, soda_campaign)
    assert len(told(app, mails)) == 1


def test_the_stage_waits_for_a_page_that_is_being_written(app, ana, carl, mails, soda_campaign, planned):
    carl.post(f"/ideas/{planned}/following")
    keep(ana)
    begin_outcome(app, soda_campaign)
    assert told(app, mails) == []
    publish(ana)
    assert len(told(app, mails)) == 1


def test_told_by_the_stage_it_is_not_told_again(app, ana, carl, mails, soda_campaign, planned):
    carl.post(f"/ideas/{planned}/following")
    begin_outcome(app, soda_campaign)
    assert len(told(app, mails)) == 1
    keep(ana)
    assert "so no mail leaves now" in ana.get("/campaigns/soda/outcome/preview").text
    publish(ana)
    assert len(told(app, mails)) == 1


def test_the_roadmap_and_the_page_ask_a_fixed_number_of_questions(
    app, ana, nobody, cast, soda_campaign, planned, queries
):
    ana.post("/campaigns/soda/roadmap/milestones/new", **MILESTONE, ideas=str(planned))
    keep(ana, ideas=str(planned))
    publish(ana)
    counted = []
    for number in range(2):
        for page in ("roadmap", "outcome"):
            nobody.get(f"/campaigns/soda/{page}")
            with queries() as asked:
                nobody.get(f"/campaigns/soda/{page}")
            counted.append(len(asked))
        more = [
            suggest(app, soda_campaign, cast["carl"], f"A can with {each} lids")
            for each in range(5 if not number else 0)
        ]
        with app.app_context():
            milestone, outcome = db.session.get_one(Milestone, 1), db.session.get_one(Outcome, 1)
            for key in more:
                idea = db.session.get_one(Idea, key)
                set_status(idea, idea.campaign.publication.by, "planned", "Good.", freely=True)
                milestone.ideas.append(idea)
                outcome.ideas.append(idea)
            db.session.commit()
    assert counted[2:] == counted[:2]
