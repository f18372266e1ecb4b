"""Whoever is suspended gives nothing to the brand's campaigns, by whatever address: every one of them is tried."""

import secrets
from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.amendments.actions import propose_amendment
from campaign.brands.models import Brand
from campaign.brands.suspending import suspend_person
from campaign.brands.suspensions import Suspension
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.coauthors.models import CoAuthorInvitation
from campaign.evaluation.clarifying import send_back
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.actions import edit_idea, withdraw_idea
from campaign.ideas.guests import GuestIdea, token_for
from campaign.ideas.models import Idea
from tests.campaign_cast import stage, suggest
from tests.voting import cast_vote

WORDS = {"title": "A can that folds flat", "text": "Along two lines.", "language": "en", "category": "can"}
UNTOUCHED = {"language": "en", "tags": (), "pictures": (), "documents": ()}
PROGRAM = {"Accept": "application/json"}

# What takes away one's own, or is no contribution, and stays open to who is suspended.
OPEN = {
    "/campaigns/<slug>/ideas/similar": "reads",
    "/campaigns/<slug>/ideas/guest": "for who has no account: whose the address is, the link in the mail says",
    "/campaigns/<slug>/draft/removal": "their own words",
    "/ideas/<id:idea_id>/withdrawal": "their own words",
    "/comments/<id:comment_id>/deletion": "their own words",
    "/comments/<id:comment_id>/helpful/withdrawal": "their own opinion",
    "/ideas/<id:idea_id>/feedback/withdrawal": "their own words",
    "/ideas/<id:idea_id>/endorsements/withdrawal": "their own name",
    "/ideas/<id:idea_id>/reasons/withdrawal": "their own words",
    "/campaigns/<slug>/before/<act>": "shows what they are asked, and gives nothing",
    "/amendments/<id:amendment_id>/withdrawal": "their own words",
    "/ideas/<id:idea_id>/authors/<id:person_id>/removal": "an invitation of theirs",
    "/ideas/<id:idea_id>/authors/leaving": "their own name",
    "/ideas/<id:idea_id>/moved": "their own vote, which others moved",
    "/ideas/<id:idea_id>/following": "their own mail",
    "/ideas/<id:idea_id>/following/end": "their own mail",
    "/campaigns/<slug>/ballot/following": "their own mail",
    **dict.fromkeys(
        (
            "/campaigns/<slug>/following",
            "/campaigns/<slug>/following/end",
            "/campaigns/<slug>/tags/<tag>/following",
            "/campaigns/<slug>/tags/<tag>/following/end",
            "/brands/<slug>/newsletter",
        ),
        "their own mail",
    ),
}


@pytest.fixture
def contributions(app, cast, soda_campaign, soda_idea):
    """Everything that a suspended bea may try to give, filled in as it would be taken from anybody: by rule, address and form."""
    carls = suggest(app, soda_campaign, cast["carl"], "A can for two")
    drews = suggest(app, soda_campaign, cast["drew"], "A can that sings")
    gone = suggest(app, soda_campaign, cast["bea"], "A can for nobody")
    dots = stage(app, slug="dots")
    subject = suggest(app, dots, cast["carl"], "A can with dots")
    with app.app_context():
        bea, carl = (db.session.get_one(Person, cast[name]) for name in ("bea", "carl"))
        own, others, reworded = (db.session.get_one(Idea, key) for key in (soda_idea, carls, drews))
        categories = own.campaign.categories
        own.campaign.stages[0].accepts_feedback = own.campaign.takes_guests = True
        offered = {**WORDS, "title": "A can that is never full", "licence": None, "origin": None, "builds_on": ""}
        guest = {"key": "k" * 16, "email": bea.email, "name": "B.", "language": "en"}
        waits = GuestIdea(campaign=own.campaign, content={**offered, "received": ["", ""]}, **guest)
        db.session.add(waits)
        withdraw_idea(db.session.get_one(Idea, gone), bea, "Nobody wants it.")
        said = post_comment(others, bea, "For three!")
        leaks = post_comment(own, carl, "It leaks.")
        amendment = propose_amendment(own, carl, "A can you can close", own.text, why="", read=1, key="k" * 32)
        db.session.add(CoAuthorInvitation(idea=others, person=bea))
        send_back(own, db.session.get_one(Person, cast["ana"]), "How does it close?", now() + timedelta(days=7))
        cast_vote(reworded, bea, "key-one-two")
        edit_idea(reworded, reworded.author, "A can that hums", "", category=categories[0], **UNTOUCHED)
        voted = db.session.get_one(Campaign, dots).stage
        voted.method, voted.method_settings = "dots", {"points": 10}
        brand, ana = db.session.get_one(Brand, 1), db.session.get_one(Person, cast["ana"])
        suspend_person(brand, bea, ana, "Spam under eleven ideas", 7, "key-of-the-page")
        db.session.commit()
        ballot = {"stage": voted.id, "key": "ballot-key", f"idea-{subject}": "3"}
        key = secrets.token_urlsafe(16)
        return [
            ("/campaigns/<slug>/draft", "/campaigns/soda/draft", {**WORDS, "key": key}),
            ("/campaigns/<slug>/ideas/new", "/campaigns/soda/ideas/new", {**WORDS, "key": key}),
            ("/amendments/<id:amendment_id>", f"/amendments/{amendment.id}", {"act": "accept", "version": 1}),
            ("/amendments/<id:amendment_id>", f"/amendments/{amendment.id}", {"act": "refuse", "reason": "No."}),
            ("/ideas/<id:idea_id>/edit", f"/ideas/{own.id}/edit", {**WORDS, "title": "A can that shuts"}),
            ("/ideas/<id:idea_id>/withdrawal/undo", f"/ideas/{gone}/withdrawal/undo", {}),
            ("/ideas/<id:idea_id>/authors", f"/ideas/{own.id}/authors", {"person": carl.id}),
            ("/guest-ideas/<token>", f"/guest-ideas/{token_for(waits)}", {}),
            ("/ideas/<id:idea_id>/feedback", f"/ideas/{drews}/feedback", {"likes": "The hum", "misses": ""}),
            ("/ideas/<id:idea_id>/comments", f"/ideas/{carls}/comments", {"text": "Again!", "key": key}),
            ("/comments/<id:comment_id>/edit", f"/comments/{said.id}/edit", {"text": "For four!"}),
            ("/comments/<id:comment_id>/helpful", f"/comments/{leaks.id}/helpful", {}),
            (
                "/ideas/<id:idea_id>/amendments/new",
                f"/ideas/{carls}/amendments/new",
                {"title": "A can for three", "text": "", "version": 1, "key": key},
            ),
            ("/ideas/<id:idea_id>/vote", f"/ideas/{carls}/vote", {"id": key}),
            ("/ideas/<id:idea_id>/invitation", f"/ideas/{carls}/invitation", {"act": "accept"}),
            ("/ideas/<id:idea_id>/vote/confirmation", f"/ideas/{drews}/vote/confirmation", {"read": 2}),
            ("/ideas/<id:idea_id>/endorsements", f"/ideas/{drews}/endorsements", {"text": "Mine too.", "public": "y"}),
            ("/ideas/<id:idea_id>/reasons", f"/ideas/{drews}/reasons", {"reason": "It hums."}),
            ("/ideas/<id:idea_id>/vote/withdrawal", f"/ideas/{drews}/vote/withdrawal", {"id": key}),
            ("/campaigns/<slug>/ballot", "/campaigns/dots/ballot", ballot),
            (
                "/campaigns/<slug>/ballot/withdrawal",
                "/campaigns/dots/ballot/withdrawal",
                {**ballot, "key": "another-key"},
            ),
            ("/ideas/<id:idea_id>/clarification/reply", f"/ideas/{own.id}/clarification/reply", {"reply": "By a cap."}),
            ("/ideas/<id:idea_id>/updates/new", f"/ideas/{own.id}/updates/new", {"text": "It turns.", "key": key}),
            ("/<any(ideas, comments):kind>/<id:number>/report", f"/ideas/{drews}/report", {"reason": "spam"}),
            ("/ideas/<id:idea_id>/same", f"/ideas/{carls}/same", {"other": drews}),
            (
                "/ideas/<id:idea_id>/retirement",
                f"/ideas/{own.id}/retirement?for={carls}",
                {"reason": "Theirs is better."},
            ),
        ]


def rows():
    return [db.session.execute(db.select(table)).all() for table in db.metadata.sorted_tables]


def test_every_contribution_is_refused_with_the_reason_and_changes_nothing(app, bea, contributions):
    with app.app_context():
        before = rows()
    for _rule, url, fields in contributions:
        answer = bea.post(url, headers=PROGRAM, **fields)
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "suspended"), url
        assert "Spam under eleven ideas" in answer.json["error"]["message"]
        assert "until" in answer.json["error"]["message"]
    with app.app_context():
        assert rows() == before


def test_the_same_is_taken_once_the_suspension_has_ended(app, bea, contributions):
    """So each of them was refused for that reason, and for no other."""
    with app.app_context():
        db.session.execute(db.update(Suspension).values(until=now() - timedelta(seconds=1)))
        db.session.commit()
    for _rule, url, fields in contributions:
        answer = bea.post(url, headers=PROGRAM, **fields)
        # The amendment was accepted a line above: it is not to be refused any more.
        assert answer.status_code in {200, 302} or answer.json["error"]["code"] == "amendment_ended", (
            url,
            answer.text[:300],
        )


def test_no_address_that_takes_something_is_forgotten(app, bea, cast, soda_idea, contributions):
    """Each that a campaign or its brand has is refused here, or left open for a reason, or not there for who isn't in the team."""
    about = {"slug", "idea_id", "comment_id", "amendment_id"}
    tried = {rule for rule, _url, _fields in contributions}
    given = {"slug": "soda", "idea_id": soda_idea, "comment_id": 1, "amendment_id": 1, "person_id": cast["carl"]}
    given |= {
        "membership_id": 1,
        "invitation_id": 1,
        "number": 1,
        "key": "new",
        "other_id": 2,
        "place": 1,
        "template_id": 1,
        "note_id": 1,
        "newsletter_id": 1,
        "invitee_id": 1,
    }
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or not rule.arguments & about or str(rule) in tried | OPEN.keys():
            continue
        missing = rule.arguments - given.keys()
        assert not missing, f"The walk doesn’t know what to put into {rule}: {missing}"
        url = rule.build({name: given[name] for name in rule.arguments}, append_unknown=False)[1]
        assert bea.post(url, headers=PROGRAM).status_code == 404, f"{rule}: is it a contribution?"


def test_what_they_wrote_while_it_happened_is_shown_again_with_the_reason(bea, contributions):
    page = bea.post("/campaigns/soda/ideas/new", **WORDS, key="k" * 32)
    assert page.status_code == 422
    assert "A can that folds flat</textarea>" in page.text
    assert "Spam under eleven ideas" in page.text


def test_ones_own_words_are_taken_back_all_the_same(app, bea, soda_idea, contributions):
    assert bea.post("/comments/1/deletion").status_code == 302
    assert bea.post(f"/ideas/{soda_idea}/withdrawal", reason="I want it back.").status_code == 302
    with app.app_context():
        assert db.session.get_one(Idea, soda_idea).withdrawn


def test_a_vote_that_was_stored_before_brings_its_receipt_again(people, resealable):
    receipt = cast_vote(resealable, people.carl, "key-one-two")
    suspend_person(people.soda, people.carl, people.ana, "Spam", None, "key-of-the-page")
    db.session.commit()
    assert cast_vote(resealable, people.carl, "key-one-two") == receipt
