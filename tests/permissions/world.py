"""One brand in which everything has happened that somebody could act upon, and everybody who could try."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from campaign.accounts.access import digest
from campaign.accounts.models import Person
from campaign.amendments.models import Amendment
from campaign.answers.models import AnswerTemplate, Note
from campaign.brands.models import Brand, Invitation, Membership
from campaign.brands.suspending import suspend_person
from campaign.campaigns.models import Campaign, Category, SavedPlan, Tag
from campaign.campaigns.rules import Rules
from campaign.clock import now
from campaign.doubts.models import Doubt
from campaign.extensions import db, limiter
from campaign.feedback.models import Comment, CommentPin, Feedback, FeedbackHiding
from campaign.ideas.models import Idea
from campaign.ladder.models import Expiry
from campaign.ledger.appending import append_to_logs
from campaign.moderation.models import Case
from campaign.newsletters.models import Newsletter
from campaign.notices.models import IdeaUpdate
from campaign.outcomes.models import Milestone
from campaign.promotion.links import code_of
from campaign.reasons.models import Reason
from campaign.represented.models import PaperVote
from campaign.votes.models import Vote
from campaign.votes.moving import recount
from tests.campaign_cast import stage, suggest
from tests.campaigns.test_settings import shown
from tests.cast import Browser, browser_of, settle
from tests.makers import make_person
from tests.permissions.table import ROLES, Row

WORKING = ("manager", "moderator", "evaluator", "analyst")


@dataclass
class World:
    """The application, who is who by their role, and what stands in addresses by its name in the table."""

    app: Flask
    people: dict[str, int]
    known: dict[str, Any]
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)  # By role: a cookie, and a token for forms.
    shown: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: Path | None = None

    @property
    def file(self) -> Path:
        with self.app.app_context():
            return Path(str(db.engine.url.database))

    def keep(self) -> None:
        """Remember all of it as it is now."""
        self.let_go()
        self.kept = self.file.with_suffix(".kept")
        shutil.copyfile(self.file, self.kept)

    def put_back(self) -> None:
        """Have everything as it was kept."""
        assert self.kept is not None
        self.let_go()
        for journal in ("-wal", "-shm"):
            Path(f"{self.file}{journal}").unlink(missing_ok=True)
        shutil.copyfile(self.kept, self.file)

    def let_go(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    def sign_in(self) -> None:
        for role in ROLES:
            browser = browser_of(self.app, self.people.get(role))
            token = browser.token()
            cookie = browser.get_cookie("session")
            assert cookie is not None
            self.sessions[role] = f"session={cookie.value}", token

    def filled(self, words: str) -> str:
        """An address, or what a field holds, with the numbers of this world."""
        return words.format_map(self.known)

    def fields_of(self, row: Row) -> dict[str, Any]:
        """What everybody sends: what the page offers to somebody whom it lets in, and what the table says."""
        if row.method != "POST":
            return {}
        offered = self._offered(self.filled(row.address), row)
        return {**offered, **{name: self.filled(value) for name, value in row.sends.items()}}

    def _offered(self, url: str, row: Row) -> dict[str, str]:
        if url not in self.shown:
            answers = (self.ask(role, "GET", url) for role in ROLES if role in row.allowed)
            page = next((one.text for one in answers if one.status_code == 200 and one.mimetype == "text/html"), "")
            self.shown[url] = shown(page.partition("<main")[2].partition("</main")[0])
        return self.shown[url]

    def ask(self, role: str, method: str, url: str, fields: Mapping[str, Any] | None = None) -> TestResponse:
        """What the application answers to this role. A form goes with the token that its page would have held."""
        cookie, token = self.sessions[role]
        limiter.reset()  # Somebody who does everything would soon have done too much.
        client = self.app.test_client(use_cookies=False)
        given = {"csrf_token": token, **(fields or {})} if method == "POST" else None
        # A form refused is shown again, whoever sent it; a program hears which refusal it was.
        wants = "text/html" if method == "GET" else "application/json"
        return client.open(url, method=method, data=given, headers={"Cookie": cookie, "Accept": wants}, buffered=True)


def build(app: Flask) -> World:
    """Put it all into an application's database, over HTTP wherever somebody could have done it there."""
    people = {"nobody": None, **settle(app)}
    roles = {"owner": people["ana"], "author": people["bea"], "owner elsewhere": people["drew"]}
    categories = [Category(slug="can", names={"en": "The can", "fr": "La canette"})]
    tags = [Tag(slug="summer", name="summer"), Tag(slug="studied", name="studied", staff_only=True)]
    soda = stage(app, categories=categories, tags=tags, takes_guests=True)
    today = now().replace(second=0, microsecond=0)
    draft = stage(app, published=False, slug="next", opens_at=today + timedelta(days=1))
    other = stage(app, slug="other")
    stage(app, brand="elsewhere", slug="theirs")
    with app.app_context():
        brand = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
        for role in WORKING:
            for name, of in ((role, None), (f"{role} of the campaign", soda)):
                person = make_person(name.split()[0] + ("c" if of else ""))
                db.session.add(Membership(brand=brand, person=person, role=role, campaign_id=of))
                if of:  # The draft is of the same hands.
                    db.session.add(Membership(brand=brand, person=person, role=role, campaign_id=draft))
                db.session.flush()
                roles[name] = person.id
        elsewhere = make_person("oda")
        db.session.add(Membership(brand=brand, person=elsewhere, role="manager", campaign_id=other))
        db.session.flush()
        roles["manager of another campaign"] = elsewhere.id
        other_brand = db.session.scalars(db.select(Brand).filter_by(slug="elsewhere")).one()
        moderates_elsewhere = make_person("mia")
        db.session.add(Membership(brand=other_brand, person=moderates_elsewhere, role="moderator"))
        db.session.flush()
        roles["moderator elsewhere"] = moderates_elsewhere.id
        for role, name in (("participant", "pat"), ("suspended", "sue"), ("invited", "ivo")):
            roles[role] = make_person(name).id
        people["leo"] = make_person("leo").id
        max_ = make_person("max")
        db.session.add(Membership(brand=brand, person=max_, role="moderator"))
        db.session.flush()
        people["max"] = max_.id  # Decides what others answer for: nobody has a second look at their own decision.
        db.session.commit()
    idea = suggest(app, soda, roles["author"])
    second = suggest(app, soda, people["carl"], "A can for two", lot=2)
    third = suggest(app, soda, people["carl"], "A can that sings", lot=3)
    gone = suggest(app, soda, roles["author"], "A can that is gone", lot=4)
    merged = suggest(app, soda, people["carl"], "A can to close again", lot=5)
    unclimbed = suggest(app, soda, people["carl"], "A can of yesterday", lot=8)
    sues = suggest(app, soda, roles["suspended"], "A can of sue", lot=6)
    drafts = suggest(app, draft, roles["owner"], "A can of the draft", lot=7)
    inviting = third
    ideas = {"idea": idea, "other": second, "third": third, "inviting": inviting, "gone": gone, "merged": merged}
    ideas |= {"unclimbed": unclimbed, "sues_idea": sues, "drafts_idea": drafts}
    ideas["down"] = suggest(app, soda, roles["author"], "A can with a mark", lot=9)
    ideas["unsupported"] = suggest(app, soda, roles["author"], "A can of leaves", lot=11)
    ideas["appealed"] = suggest(app, soda, roles["author"], "A can with two marks", lot=10)
    by = {
        name: browser_of(app, number)
        for name, number in (people | {"sue": roles["suspended"], "pat": roles["participant"]}).items()
    }
    _happen(by, roles, people, ideas)
    with app.app_context():
        known = _numbers(app, ideas, roles, people)
        invitation = Invitation(
            brand_id=db.session.get_one(Campaign, soda).brand_id,
            email="ivo@example.net",
            role="moderator",
            token_hash=digest("welcome"),
            invited_by_id=roles["owner"],
        )
        db.session.add(invitation)
        db.session.add(Expiry(idea_id=unclimbed, step=1, supporters=10, votes=1, returned=False))
        said = {"number": 1, "licence": "own", "contract": "cooperation", "by_id": roles["owner"]}
        db.session.add(Rules(campaign_id=other, **said))
        sue = db.session.get_one(Person, roles["suspended"])
        ana = db.session.get_one(Person, roles["owner"])
        suspend_person(db.session.get_one(Campaign, soda).brand, sue, ana, "She sold things.", None, "a-suspension")
        db.session.flush()
        known["invitation"] = invitation.id
        db.session.commit()
        append_to_logs()
    world = World(app, dict(roles), known)
    world.sign_in()
    return world


def _happen(by: dict[str, Browser], roles: dict[str, int], people: dict[str, int], ideas: dict[str, int]) -> None:
    ana, bea, carl, sue, leo, pat, max_ = (by[name] for name in ("ana", "bea", "carl", "sue", "leo", "pat", "max"))
    url, soda = f"/ideas/{ideas['idea']}", "/campaigns/soda"

    def done(answer: TestResponse) -> TestResponse:
        assert answer.status_code in (200, 204, 302, 303), (
            answer.request.path,
            answer.status_code,
            answer.text.partition("<main")[2][:6000],
        )
        return answer

    done(ana.post(f"{soda}/on-paper", takes="yes"))
    done(ana.post(f"{soda}/naming", naming="named"))
    done(ana.post("/campaigns/other/plan", **{**shown(ana.get("/campaigns/other/plan").text), "name": "Yearly"}))
    done(carl.post(f"{url}/vote", id="0123456789abcdef01", named="1"))
    done(sue.post(f"{url}/vote", id="0123456789abcdef02", named="1"))
    done(pat.post(f"/ideas/{ideas['other']}/vote", id="0123456789abcdef03", named="1"))
    done(ana.post(f"{url}/on-paper", reference="17", name="Odile M.", how="paper", key="a-paper"))
    done(carl.post(f"{url}/reasons", reason="My bag is full of soda."))
    done(carl.post(f"{url}/endorsements", text="I drop every second can.", public="y"))
    done(bea.post(f"{url}/comments", text="And for left hands?"))
    amended = f"/ideas/{ideas['other']}/amendments/new"
    done(bea.post(amended, **{**shown(bea.get(amended).text), "text": "With a cap.", "why": "For left hands."}))
    amended = f"{url}/amendments/new"
    done(
        carl.post(amended, **{**shown(carl.get(amended).text), "text": "With a cap that clicks.", "why": "It is nice."})
    )
    done(leo.post(f"{url}/comments", text="I would."))
    for word in ("It has a cap.", "It will have a lid."):
        done(ana.post(f"{url}/comments", text=word))
    done(bea.post(f"{url}/authors", person=str(people["leo"])))
    done(leo.post(f"{url}/invitation", **shown(leo.get(f"{url}/invitation").text), act="accept"))
    done(pat.post(f"{url}/comments", text="And I."))
    third = f"/ideas/{ideas['third']}"
    done(pat.post(f"{third}/comments", text="So would I."))
    done(carl.post(f"{third}/authors", person=str(roles["participant"])))
    done(ana.post(f"{url}/answer", text="We will build it this summer."))
    done(ana.post(f"{url}/answer", **{**shown(ana.get(f"{url}/answer").text), "text": "We will build it this autumn."}))
    done(ana.post(f"{url}/notes", text="@Ana, who has the cap?", key="a-note"))
    done(ana.post("/brands/soda/answer-templates/new", name="Thanks", text_en="Dear {author}, thank you."))
    letter = {"segment": "everybody", "campaign": "0", "key": "a-letter"}
    letter |= {"subject_en": "News", "text_en": "We build it.", "subject_fr": "Nouvelles", "text_fr": "On le fait."}
    done(ana.post("/brands/soda/newsletters/new", **letter))
    done(carl.post("/brands/soda/newsletter", wanted="yes"))
    done(ana.post(f"/ideas/{ideas['other']}/answer", text="Not this year.", draft="1"))
    done(ana.post(f"{url}/incentive", kind="sample", what="Two cans"))
    done(ana.post(f"{url}/status", status="under-review", reason="We ask the bottlers.", read="0"))
    done(bea.post(f"{url}/updates/new", text="We have built a first one.", key="a-first"))
    done(carl.post(f"{url}/same", other=str(ideas["other"])))
    done(bea.post(f"/ideas/{ideas['gone']}/withdrawal", reason="I was wrong."))
    done(ana.post(f"/ideas/{ideas['merged']}/merging?with={ideas['third']}", reason="They are one."))
    done(bea.post(f"/ideas/{ideas['third']}/report", reason="spam"))
    for down in ("down", "appealed"):
        done(max_.post(f"/ideas/{ideas[down]}/taking-down", reason="It shows a trade mark."))
    done(bea.post(f"/ideas/{ideas['appealed']}/appeal", words="The mark is mine."))
    who = [str(roles[role]) for role in ("evaluator", "evaluator of the campaign", "owner", "manager")]
    criterion = {"name_en_1": "Effect", "name_fr_1": "Effet", "high_fr_1": "grand", "weight_1": "50", "read": "0"}
    done(ana.post(f"{soda}/evaluation/criteria", **criterion))
    done(ana.post(f"{soda}/evaluation/assignment", data={"reviewers": who, "which": "all", "status": "new"}))
    due = (now() + timedelta(days=3)).isoformat()
    done(ana.post(f"{url}/clarification", question="How does it close?", due=due))
    done(ana.post(f"/ideas/{ideas['sues_idea']}/clarification", question="How does it close?", due=due))
    done(ana.post(f"{soda}/roadmap/milestones/new", name_en="Cans", name_fr="Canettes", due="2027-03-01"))
    page = {"text_en": "We built it.", "text_fr": "C’est fait.", "ideas": str(ideas["idea"])}
    for publishes in (True, False):
        read = shown(ana.get(f"{soda}/outcome/draft").text)["read"]
        done(ana.post(f"{soda}/outcome/draft", **page, read=read))
        if publishes:
            done(ana.post(f"{soda}/outcome/publication"))
    asked = {"vote": "postcode", "areas": "75", "purpose": "It is for those who live here.", "read": "0"}
    done(ana.post("/campaigns/other/verifications", **asked))


def _numbers(app: Flask, ideas: dict[str, int], roles: dict[str, int], people: dict[str, int]) -> dict[str, Any]:
    def one(of: Any) -> Any:
        return db.session.scalars(of).first()

    campaign = one(db.select(Campaign).filter_by(slug="soda"))
    campaign.stages[0].accepts_feedback = True
    db.session.commit()
    pinned, staff_remark = db.session.scalars(
        db.select(Comment.id).filter_by(author_id=roles["owner"]).order_by(Comment.id)
    )
    db.session.add(CommentPin(idea_id=ideas["idea"], comment_id=pinned, by_id=roles["owner"], at=now()))
    db.session.commit()
    doubt = {"idea_id": ideas["idea"], "voter_id": roles["suspended"]}
    db.session.add(Doubt(campaign_id=campaign.id, reasons=["too_fast"], group="too_fast", **doubt))
    db.session.get_one(Vote, tuple(doubt.values())).aside = True
    recount(db.session.get_one(Idea, ideas["idea"]))
    for giver in (roles["suspended"], people["leo"]):
        db.session.add(Feedback(idea_id=ideas["other"], author_id=giver, likes="The lid", misses=""))
    db.session.add(FeedbackHiding(idea_id=ideas["other"], author_id=people["leo"], by_id=people["max"], why="Rude."))
    db.session.commit()
    cases = dict(db.session.execute(db.select(Case.subject_id, Case.id).filter_by(subject="idea")).all())
    amendments = dict(db.session.execute(db.select(Amendment.idea_id, Amendment.id)).all())
    return {
        **ideas,
        "wrong": "none",
        "welcome": "welcome",
        "campaign": "soda",
        "other_campaign": "other",
        "brand": "soda",
        "draft": "next",
        "tag": "summer",
        "status": "declined",
        "code": code_of(db.session.get_one(Idea, ideas["idea"])),
        "soon": (now() + timedelta(days=3)).isoformat(),
        "carl": people["carl"],
        "leo": people["leo"],
        "pat": roles["participant"],
        "sue": roles["suspended"],
        "evaluator": roles["evaluator"],
        "rules": 1,
        "plan": one(db.select(SavedPlan.id)),
        "stage": campaign.stages[0].id,
        "remark": one(db.select(Comment.id).filter_by(author_id=roles["author"])),
        "amendment": amendments[ideas["idea"]],
        "own_amendment": amendments[ideas["other"]],
        "paper_vote": one(db.select(PaperVote.id)),
        "update": one(db.select(IdeaUpdate.id)),
        "reason": one(db.select(Reason.place).filter_by(idea_id=ideas["idea"])),
        "template": one(db.select(AnswerTemplate.id)),
        "newsletter": one(db.select(Newsletter.id)),
        "newsletter_read": one(db.select(Newsletter)).stamp,
        "note": one(db.select(Note.id)),
        "milestone": one(db.select(Milestone.id)),
        "case": cases[ideas["third"]],
        "down_case": cases[ideas["down"]],
        "appealed_case": cases[ideas["appealed"]],
        "pinned": pinned,
        "staff_remark": staff_remark,
        "membership": one(db.select(Membership.id).filter_by(role="analyst", campaign_id=None)),
    }
