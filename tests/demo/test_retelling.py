"""The campaigns beside the first: told in full, in both languages, and as sound as if people had made them."""

import re

import pytest
from sqlalchemy import func

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import as_of, now
from campaign.demo.loading import RETOLD
from campaign.demo.texts import read_content, read_ideas
from campaign.extensions import db
from campaign.feedback.models import Comment, Feedback
from campaign.ideas.guests import invites_guests
from campaign.ideas.models import Idea
from campaign.ladder.models import StepReached
from campaign.ledger.appending import append_to_logs
from campaign.ledger.verifying import verify
from campaign.mail import OutgoingMail
from campaign.merging.models import MergingNews
from campaign.methods.counting import tally
from campaign.text import tidy
from campaign.votes.models import BallotEntry, Vote
from tests.calendars import stage_called
from tests.cast import browser_of

SLUGS = ["cafe-de-demain", "la-boisson-qui-manque", "gobelets-a-l-essai"]
PAGES = [
    "",
    "/brief",
    "/rules",
    "/results",
    "/log",
    "/voting",
    "/withdrawn",
    "?order=supported",
    "?order=discussed",
    "?order=new",
    "?status=done",
    "?status=declined",
]
TEAM = ["/settings", "/history", "/statuses", "/ladder", "/duplicates", "/doubts", "/exposure", "/promotion", "/tags"]
NO_TEXT = re.compile(r"lorem|ipsum|TODO|FIXME|\bNone\b|\{\{|%\(", re.IGNORECASE)


def told(folder):
    return read_content(f"{folder}/campaign"), read_ideas(folder)


def of(campaign, title):
    return db.session.scalars(db.select(Idea).filter_by(campaign_id=campaign.id, title=title)).one()


def idea_called(campaign, folder, key):
    return of(campaign, read_ideas(folder)[key]["title"])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("slug", SLUGS[1:])
def test_every_page_answers_in_both_languages(demo_app, slug, language):
    with demo_app.app_context():
        campaign = db.session.scalars(db.select(Campaign).filter_by(slug=slug)).one()
        ideas = db.session.scalars(db.select(Idea.id).filter_by(campaign_id=campaign.id)).all()
        title = campaign.texts[language].title
        owner = db.session.scalars(db.select(Person.id).filter_by(email="claire@maison-lutece.example")).one()
    ours = [f"/campaigns/{slug}{page}" for page in TEAM]
    paths = [f"/campaigns/{slug}{page}" for page in PAGES] + ["/", "/brands/maison-lutece"]
    paths += [f"/ideas/{idea}{page}" for idea in ideas for page in ("", "/versions", "/feedback", "/endorsements")]
    nobody, claire = browser_of(demo_app), browser_of(demo_app, owner)
    for reader, some in ((nobody, paths), (claire, [*paths, *ours])):
        for path in some:
            page = reader.get(path, headers={"Accept-Language": language}, follow_redirects=True)
            assert page.status_code == 200, path
            words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page.text, flags=re.DOTALL)
            assert not NO_TEXT.search(words), path
    assert title in nobody.get(f"/campaigns/{slug}", headers={"Accept-Language": language}).text.replace("&#39;", "’")


@pytest.mark.parametrize("slug", SLUGS)
def test_its_log_says_what_the_book_says(demo_app, slug):
    with demo_app.app_context():
        while append_to_logs():
            pass
        campaign = db.session.scalars(db.select(Campaign).filter_by(slug=slug)).one()
        report = verify(campaign)
        book = db.session.scalar(db.select(func.count()).select_from(BallotEntry).filter_by(campaign_id=campaign.id))
        assert report.problems == []
        assert (report.leaves, report.waiting, report.unmarked) == (book, 0, 0)


def test_the_counts_are_those_that_the_texts_tell(drinks):
    counted = tally(stage_called(drinks, "vote"))
    transferable, schulze, runoff = (count.outcome for count in counted.counts)
    chosen = {idea_called(drinks, "drinks", key).id for key in ("cascara", "cafe-touba", "rooibos")}
    tonic, cascara = (idea_called(drinks, "drinks", key).id for key in ("espresso-tonic", "cascara"))
    assert counted.people == 64
    assert set(transferable.winners) == chosen
    assert transferable.winners[0] == schulze.winners[0] == runoff.winners[0] == cascara
    assert tonic in schulze.ranking[1]
    supported = tally(stage_called(drinks, "conception")).counts
    assert supported[0].outcome.ranking[0] == (tonic,)
    assert len(supported) == 2


def test_it_is_over_and_every_idea_has_an_answer_and_a_place(drinks):
    ideas = db.session.scalars(db.select(Idea).filter_by(campaign_id=drinks.id)).all()
    merged = [idea for idea in ideas if idea.withdrawal]
    assert drinks.is_over
    assert drinks.has_ended
    assert [idea.withdrawal.kind for idea in merged] == ["merged"]
    assert all(idea.answer and idea.status and idea.status_changes for idea in ideas if idea not in merged)
    places = [idea.status.key for idea in ideas if idea.status]
    assert {place: places.count(place) for place in set(places)} == {
        "done": 4,
        "planned": 1,
        "under-review": 1,
        "declined": 7,
    }
    in_time = [idea for idea in ideas if idea.answered_at and (idea.answered_at - idea.submitted_at).days < 10]
    assert len(in_time) == 12
    assert all(change.reason for idea in ideas for change in idea.status_changes)


def test_names_stay_where_ideas_come_together(drinks):
    touba, tonic = (idea_called(drinks, "drinks", key) for key in ("cafe-touba", "espresso-tonic"))
    sparkling = idea_called(drinks, "drinks", "cascara-petillant")
    assert [person.name for person in touba.authors] == ["Fatou N.", "Ousmane D."]
    assert [person.name for person in tonic.authors] == ["Marcus J.", "Quentin V."]
    assert sparkling.parent_id == idea_called(drinks, "drinks", "cascara").id


def test_the_product_test_runs_with_all_that_it_promises(cups):
    present = cups.stage
    assert present.kind == "test"
    assert cups.accepts_feedback
    assert cups.accepts_support
    assert invites_guests(cups)
    assert [stage.method for stage in cups.stages if stage.state == "later" and stage.accepts_votes] == ["statements"]
    assert not cups.unready
    for key in ("inox", "gres", "verre"):
        idea = idea_called(cups, "cups", key)
        steps = db.session.scalars(db.select(StepReached.number).filter_by(idea_id=idea.id)).all()
        given = db.session.scalars(db.select(Feedback).filter_by(idea_id=idea.id)).all()
        assert sorted(steps) == [1, 2]
        assert len(given) >= 3
        assert all(one.likes and one.misses and one.mark for one in given)
    assert not db.session.scalars(db.select(Idea).filter_by(campaign_id=cups.id)).first().withdrawal


def test_whoever_was_given_the_cups_says_so(demo_app, cups):
    idea = idea_called(cups, "cups", "inox")
    page = browser_of(demo_app).get(f"{idea.url}/feedback", headers={"Accept-Language": "en"}).text
    assert "Received a sample from Maison Lutèce" in page


@pytest.mark.parametrize("folder", RETOLD)
def test_an_idea_keeps_to_the_rules_of_its_campaign(folder):
    campaign, ideas = told(folder)
    people = {person["key"] for person in read_content("people")["people"]}
    people |= {member["key"] for member in read_content("brand")["team"]}
    answering = {"claire", "karim"} | {key for key, role in campaign["team"].items() if role == "manager"}
    for key, idea in ideas.items():
        assert campaign["title_min"] <= len(idea["title"]) <= campaign["title_max"], key
        assert 80 <= len(idea["text"]) <= campaign["text_max"], key
        assert idea["category"] in {one["key"] for one in campaign["categories"]}
        assert set(idea["tags"]) <= set(campaign["tags"])
        assert idea["author"] in people if "author" in idea else idea["guest"]["email"].endswith("@example.org")
        assert idea.get("answer", {"by": "claire"})["by"] in answering, key
        assert {step["by"] for step in idea.get("statuses", [])} <= answering, key
        for said in [*idea.get("remarks", []), *idea.get("feedback", []), *idea.get("endorsements", [])]:
            assert said["author"] in people
            assert said["days_ago"] < idea["days_ago"]
            assert len(said.get("text", "")) <= 280


@pytest.mark.parametrize("folder", RETOLD)
def test_nothing_in_it_leads_to_anybody(folder):
    campaign, ideas = told(folder)
    said = repr((campaign, ideas))
    assert set(re.findall(r"[\w.+-]+@[\w.-]+", said)) <= {"nadia-de-faidherbe@example.org"}
    assert not re.search(r"\b0[1-9]([ .-]?\d\d){4}\b|\+\d{8}|https?://", said)


@pytest.mark.parametrize("folder", RETOLD)
def test_both_languages_say_as_much(folder):
    campaign, _ideas = told(folder)
    for part in ("title", "lead", "gift", "brief", "cover"):
        french, english = (len(campaign[part][code]) for code in ("fr", "en"))
        assert 0.7 < english / french < 1.1, part


def test_nobody_is_written_to_about_what_happened_then(demo_app, demo):
    assert db.session.scalar(db.select(func.count()).select_from(OutgoingMail)) == 0
    assert db.session.scalar(db.select(func.count()).select_from(MergingNews)) == 0
    assert not db.session.scalar(db.select(Person.id).where(Person.email.endswith(".invalid")).limit(1))


def test_nothing_in_it_is_still_to_happen_or_was_before_its_campaign(demo):
    for row, at in ((Vote, Vote.cast_at), (Comment, Comment.at), (Feedback, Feedback.at)):
        found = db.select(func.count()).select_from(row).join(Idea, Idea.id == row.idea_id)
        assert db.session.scalar(found.where((at > now()) | (at < Idea.submitted_at))) == 0, row


def test_the_clock_goes_on_where_nobody_retells(demo):
    before = now()
    with as_of(demo.made_at):
        assert now() == demo.made_at
    assert now() >= before


def test_texts_are_as_a_form_would_have_tidied_them():
    for folder in RETOLD:
        for idea in told(folder)[1].values():
            for said in [idea["text"], *(remark["text"] for remark in idea.get("remarks", []))]:
                assert tidy(said) == said.strip()
