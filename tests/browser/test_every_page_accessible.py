"""Every page that the application has, in a campaign in which much has happened: accessible, and as wide as a phone."""

from datetime import timedelta

import pytest

from campaign.answers.models import AnswerTemplate
from campaign.campaigns.models import Campaign
from campaign.campaigns.voting import METHODS, settings_of
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.guests import GuestIdea, token_for
from campaign.ideas.models import Idea
from campaign.ledger.appending import append_to_logs
from campaign.newsletters.models import Newsletter
from campaign.notices.models import IdeaUpdate
from campaign.reasons.models import Reason
from campaign.represented.models import PaperVote
from tests.addresses import addresses
from tests.campaigns.test_settings import shown
from tests.cast import browser_of
from tests.methods.test_scales import SCALES

pytestmark = pytest.mark.one_database

PHONE = {"locale": "fr-FR", "viewport": {"width": 360, "height": 800}}
# Files, answers for programs, and what is behind a secret or in development only: other tests look at those that are pages.
OTHERS = (
    "/static/",
    "/files/",
    "/assets/",
    "/confirm/",
    "/reset/",
    "/address/",
    "/invitations/",
    "/following/",
    "/outbox",
    "/styleguide",
)
# Whose pages are looked at for what: the rest is refused to them, or isn't there.
HERS = {
    None: {
        "pages.front",
        "accounts.sign_in",
        "accounts.sign_up",
        "accounts.forgotten",
        "brand_home.show",
        "ideas.withdrawn",
        "ideas.guest",
        "ideas.guest_confirmation",
        "feedback.feedback",
        "methods.results",
        "voting_versions.show",
        "naming.show",
        "answers.versions",
        "votes.supporters",
        "endorsements.show",
        "reasons.show",
        "outcomes.roadmap",
        "outcomes.outcome",
        "console.rules",
    },
    "ana": {
        "campaigns.settings",
        "doubts.show",
        "exposure.show",
        "incentives.of_idea",
        "methods.prices",
        "board.history",
        "ledger.show",
        "voting_versions.new",
        "statuses.list_page",
        "statuses.new",
        "statuses.change",
        "statuses.removal",
        "statuses.place",
        "naming.show",
        "endorsements.hiding",
        "reasons.hiding",
        "merging.duplicates",
        "merging.decline",
        "verifications.setup",
        "verifications.listed",
        "audience.show",
        "represented.overview",
        "represented.idea",
        "represented.votes",
        "represented.removal",
        "ladder.show",
        "promotion.marks",
        "evaluation.mine",
        "evaluation.results",
        "evaluation.criteria",
        "evaluation.assignment",
        "evaluation.card",
        "evaluation.clarification",
        "outcomes.new_milestone",
        "outcomes.draft",
        "outcomes.preview",
        "answers.answer",
        "answers.assignment",
        "answer_queue.show",
        "answer_queue.promised",
        "answer_templates.show",
        "answer_templates.new",
        "answer_templates.change",
        "newsletters.listed",
        "newsletters.new",
        "newsletters.show",
        "newsletters.words",
        "notes.notes",
        "console.show",
        "console.taking_down",
        "moderation_log.show",
        "filters.of_brand",
        "filters.of_campaign",
    },
    "bea": {
        "ideas.edit",
        "coauthors.authors",
        "amendments.show",
        "ideas.versions",
        "ideas.new",
        "merging.retire",
        "promotion.show",
        "evaluation.clarification",
        "notices.show",
        "updates.new",
        "updates.removal",
        "appeals.appealing",
    },
    "carl": {
        "votes.confirm",
        "coauthors.invitation",
        "ledger.receipts",
        "feedback.edit",
        "feedback.feedback",
        "mine.show",
        "mine.votes",
        "mine.followed",
        "notices.wishes",
        "newsletters.wishes",
        "amendments.propose",
        "merging.same",
        "verifications.before",
        "console.reporting",
    },
}


def slug_of(stage):
    """Its brand and its campaign have the same."""
    return stage.url.rpartition("/")[2]


@pytest.fixture
def happened(server, stage):
    """bea's idea was supported, talked about, amended, reworded and answered; somebody works for the brand. Gives what has a number."""
    ana, bea, carl = (browser_of(server.app, stage.people[name]) for name in ("ana", "bea", "carl"))
    idea = f"/ideas/{stage.ideas[0]}"
    ana.post(f"{stage.url}/on-paper", takes="yes")
    ana.post(f"{stage.url}/naming", naming="named")
    carl.post(f"{idea}/vote", id="0123456789abcdef01", named="1")
    ana.post(f"{idea}/on-paper", reference="17", name="Odile M.", how="paper", key="a-paper")
    carl.post(f"{idea}/reasons", reason="My bag is full of soda.")
    carl.post(f"{idea}/endorsements", text="I drop every second can.", public="y")
    carl.post(f"{idea}/comments", text="And for left hands?")
    amended = f"{idea}/amendments/new"
    fields = shown(carl.get(amended).text)
    amendment = carl.post(amended, **{**fields, "text": "With a cap that clicks.", "why": "For left hands."}).headers[
        "Location"
    ]
    bea.post(f"{idea}/authors", person=str(stage.people["carl"]))
    bea.post(f"{idea}/edit", **{**shown(bea.get(f"{idea}/edit").text), "text": "Its lid turns back."})
    ana.post(f"{idea}/answer", text="We will build it this summer.")
    ana.post(f"{idea}/answer", **{**shown(ana.get(f"{idea}/answer").text), "text": "We will build it this autumn."})
    ana.post(f"{idea}/notes", text="@Ana, who has the cap?", key="a-note")
    ana.post(f"/brands/{slug_of(stage)}/answer-templates/new", name="Thanks", text_en="Dear {author}, thank you.")
    letter = {
        "segment": "everybody",
        "campaign": "0",
        "key": "a-letter",
        "subject_en": "News",
        "text_en": "## We build it",
    }
    ana.post(f"/brands/{slug_of(stage)}/newsletters/new", **letter)
    carl.post(f"/brands/{slug_of(stage)}/newsletter", wanted="yes")
    ana.post(f"/ideas/{stage.ideas[1]}/answer", text="Not this year.", draft="1")
    ana.post(f"{idea}/incentive", kind="sample", what="Two cans")
    ana.post(f"{idea}/status", status="under-review", reason="We ask the bottlers.", read="0")
    carl.post(f"{stage.url}/following")
    carl.post(f"{idea}/following")
    bea.post(f"{idea}/updates/new", text="We have built a first one.", key="a-first")
    carl.post(f"{idea}/same", other=str(stage.ideas[1]))
    with server.app.app_context():
        campaign = db.session.get_one(Campaign, stage.campaign)
        campaign.takes_guests = campaign.stages[0].accepts_feedback = True
        for text in campaign.texts.values():
            text.scale = "Would you drink it?"
        offered = {"title": "A can that is never full", "text": "Nor empty.", "language": "en", "category": "can"}
        offered |= {"licence": None, "origin": None, "builds_on": "", "received": ["", ""]}
        guest = {"key": stage.url, "email": "eve@example.net", "name": "Eve", "language": "en"}
        waits = GuestIdea(campaign=campaign, content=offered, **guest)
        db.session.add(waits)
        db.session.commit()
        token = token_for(waits)
    carl.post(f"{idea}/feedback", likes="The lid", misses="A straw", mark="4")
    asked = {"comment": "postcode", "areas": "75", "purpose": "It is for those who live here.", "read": "0"}
    ana.post(f"{stage.url}/verifications", **asked)
    ana.post(f"{stage.url}/audience", addresses="eve@example.net")
    evaluated(ana, stage, idea)
    with server.app.app_context():
        append_to_logs()
        recorded = db.session.scalars(db.select(PaperVote.id).filter_by(idea_id=stage.ideas[0])).one()
        remark = db.session.scalars(db.select(Comment.id).filter_by(idea_id=stage.ideas[0])).one()
        update = db.session.scalars(db.select(IdeaUpdate.id).filter_by(idea_id=stage.ideas[0])).one()
        place = db.session.scalars(db.select(Reason.place).filter_by(idea_id=stage.ideas[0])).one()
        template = db.session.scalars(
            db.select(AnswerTemplate.id).join(AnswerTemplate.brand).filter_by(slug=slug_of(stage))
        ).one()
        newsletter = db.session.scalars(
            db.select(Newsletter.id).join(Newsletter.brand).filter_by(slug=slug_of(stage))
        ).one()
    numbers = {
        "newsletter_id": newsletter,
        "person_id": stage.people["carl"],
        "comment_id": remark,
        "first": remark,
        "number": stage.ideas[0],
        "place": place,
        "vote_id": recorded,
        "update_id": update,
        "template_id": template,
    }
    numbers |= {"amendment_id": int(amendment.rpartition("/")[2]), "other_id": stage.ideas[1]}
    return {**numbers, "token": token, "act": "comment"}


def evaluated(ana, stage, idea):
    """ana evaluates the idea, sends it back with a question, and tells what came of the campaign, in a page and in its next draft."""
    criterion = {"name_en_1": "Effect", "name_fr_1": "Effet", "high_fr_1": "grand", "weight_1": "50", "read": "0"}
    ana.post(f"{stage.url}/evaluation/criteria", **criterion)
    ana.post(f"{stage.url}/evaluation/assignment", reviewers=str(stage.people["ana"]), which="all", status="new")
    ana.post(f"{idea}/clarification", question="How does it close?", due=(now() + timedelta(days=3)).isoformat())
    ana.post(f"{stage.url}/roadmap/milestones/new", name_en="Cans", name_fr="Canettes", due="2027-03-01")
    page = {"text_en": "We built it.", "text_fr": "C’est fait.", "ideas": idea.rpartition("/")[2]}
    for publishes in (True, False):
        ana.post(f"{stage.url}/outcome/draft", **page, read=shown(ana.get(f"{stage.url}/outcome/draft").text)["read"])
        if publishes:
            ana.post(f"{stage.url}/outcome/publication")


@pytest.mark.parametrize("name", HERS)
def test_every_page_is_accessible(server, open_as, stage, happened, sound, name):
    page = open_as(name, "/", **PHONE)
    slug = slug_of(stage)
    looked = set()
    for endpoint, url in addresses(server.app, OTHERS, slug=slug, idea_id=stage.ideas[0], **happened):
        answer = page.request.get(url, headers={"Accept": "text/html"})
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html") and answer.url.endswith(url):
            page.goto(url)
            sound(page)
            looked.add(endpoint)
    assert looked >= {"board.show", "board.idea", "campaigns.brief"} | HERS[name]


@pytest.mark.parametrize("method", METHODS)
def test_every_ballot_and_its_results_are_accessible(server, open_as, stage, sound, method):
    with server.app.app_context():
        campaign = db.session.get_one(Campaign, stage.campaign)
        given = {"budget": 1000, "least": 2, "most": 3, "scales": SCALES}
        campaign.stage.method, campaign.stage.method_settings = method, settings_of(method, given)
        for number, idea in enumerate(stage.ideas, start=1):
            db.session.get_one(Idea, idea).cost = 300 * number
        db.session.commit()
    page = open_as("carl", f"{stage.url}/ballot", **PHONE)
    sound(page)
    page.goto(f"{stage.url}/results")
    sound(page)
