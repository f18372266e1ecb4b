"""Who works for the brand or has something from it is told beside what they give, on every channel."""

import csv
import json
import re
from html import unescape
from io import StringIO

import pytest

from campaign.amendments.actions import accept_amendment, propose_amendment
from campaign.board.live import CampaignBoard
from campaign.brands.models import Membership
from campaign.campaigns.incentives import Incentive, WorksForBrand, declare_incentive, declare_own, labels_of
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.history import Entry
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import CoAuthor, Idea
from campaign.live import Audience
from tests.campaign_cast import suggest
from tests.campaigns.test_settings import shown
from tests.makers import make_person
from tests.refusals import sentence_at

NEW = "/campaigns/soda/ideas/new"
SAMPLED = "Received a sample from Soda"


def test_the_label_is_on_every_channel(people, campaign, resealable, app, nobody):
    declare_incentive(campaign, people.bea, "sample", "a crate of twelve", by=people.ana)
    post_comment(resealable, people.bea, "I have tried it.")
    db.session.commit()
    idea_id, board = resealable.id, campaign.board
    message = CampaignBoard().present(board, {"ideas": [idea_id]}, Audience("public", "en"), None)
    told = json.loads("".join(as_json(campaign)))["ideas"][0]
    [line] = csv.DictReader(StringIO("".join(as_csv(campaign)).removeprefix("\ufeff"), newline=""))
    assert SAMPLED in message["ideas"][0]["html"]
    assert message["ideas"][0]["disclosed"] == SAMPLED
    assert (
        (told["disclosed"], told["received"])
        == (line["disclosed"], line["received"])
        == ("sample", "a crate of twelve")
    )
    assert SAMPLED in nobody.get("/campaigns/soda").text
    assert nobody.get(f"/ideas/{idea_id}").text.count(f"{SAMPLED}: a crate of twelve") == 2  # The idea and the remark.


def test_a_member_of_the_team_is_told_as_one_by_themselves(people, campaign, resealable):
    post_comment(resealable, people.ana, "We will look at it.")
    assert labels_of(campaign, {people.ana.id, people.bea.id, people.drew.id}).keys() == {people.ana.id}
    db.session.execute(db.delete(Membership).where(Membership.person_id == people.ana.id))
    assert labels_of(campaign, {people.ana.id})[people.ana.id].words == "Works for Soda", "they did when they wrote"


def test_that_somebody_works_for_the_brand_can_not_be_taken_off(people, campaign):
    with pytest.raises(WorksForBrand):
        declare_incentive(campaign, people.ana, "", "", by=people.ana)


def test_a_participant_declares_it_themselves_at_the_form(app, carl, soda_campaign):
    fields = {**shown(carl.get(NEW).text), "title": "A can for two people", "category": "can", "act": "submit"}
    answer = carl.post(NEW, **{**fields, "received": "reward", "received_what": "50 euros"})
    page = carl.get(answer.location).text
    assert "Rewarded by Soda: 50 euros" in page
    again = carl.get(NEW).text
    assert "Rewarded by Soda: 50 euros" in again
    assert 'name="received"' not in again


def test_what_a_manager_declared_is_not_said_otherwise_by_its_person(people, campaign):
    declare_incentive(campaign, people.carl, "reward", "50 euros", by=people.ana)
    declare_own(campaign, people.carl, "sample", "a can")
    assert labels_of(campaign, {people.carl.id})[people.carl.id].in_full == "Rewarded by Soda: 50 euros"


def test_declaring_is_in_the_history_once_and_can_be_taken_back(app, ana, soda_idea):
    page = f"/ideas/{soda_idea}/incentive"
    for _time in range(2):
        assert ana.post(page, kind="sample", what="a crate").status_code == 302
    assert shown(ana.get(page).text)["kind"] == "sample"
    assert ana.post(page, kind="", what="").status_code == 302
    history = unescape(ana.get("/campaigns/soda/history").text)
    assert history.count("declared what somebody received") == 2
    assert "a crate" in history
    with app.app_context():
        assert db.session.scalar(db.select(Incentive)) is None
        told = db.session.scalars(db.select(Entry).where(Entry.what == "incentive.declared").order_by(Entry.id))
        assert [entry.details["kind"] for entry in told] == ["sample", ""]


@pytest.mark.one_database
@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bea", 404), ("drew", 404), ("nobody", 302)])
def test_only_who_manages_the_campaign_declares(request, app, people, soda_idea, who, status):
    remark = post_comment(db.session.get_one(Idea, soda_idea), people.carl, "Yes.")
    db.session.commit()
    remark_id = remark.id
    person = request.getfixturevalue(who)
    for page in (f"/ideas/{soda_idea}/incentive", f"/comments/{remark_id}/incentive"):
        assert person.get(page).status_code == status
        if who != "ana":
            assert person.post(page, kind="sample").status_code == status


@pytest.mark.one_database
def test_bad_input_is_refused_beside_the_field(app, ana, soda_idea):
    page = f"/ideas/{soda_idea}/incentive"
    for fields in ({"kind": "staff"}, {"kind": "sample", "what": "x" * 300}, {"kind": "", "what": "a crate"}):
        assert ana.post(page, **fields).status_code == 422
    with app.app_context():
        assert db.session.scalar(db.select(Incentive)) is None


@pytest.mark.one_database
def test_the_export_asks_the_same_of_the_database_for_many_as_for_one(app, people, campaign, resealable, queries):
    with queries() as few:
        list(as_json(campaign))
    authors = [make_person().id for _number in range(12)]
    db.session.commit()
    for number, author in enumerate(authors):
        suggest(app, campaign.id, author, f"Idea number {number}")
    with queries() as many:
        list(as_json(campaign))
    assert len(few) == len(many), "\n".join(many)


@pytest.fixture
def written_together(people, campaign):
    """bea's idea of today that ana, of the team, writes with her, and into which an amendment of carl's went, who has a sample."""
    declare_incentive(campaign, people.carl, "sample", "a crate", by=people.ana)
    idea = submit_idea(campaign, people.bea, "A can for two people", language="en", category=campaign.categories[0])
    idea.coauthors.append(CoAuthor(person=people.ana))
    db.session.commit()
    amendment = propose_amendment(idea, people.carl, "A can for two friends", "", why="", read=1, key="k")
    accept_amendment(amendment, people.ana, read=1)
    db.session.commit()
    return idea.id


def test_coauthors_and_amenders_carry_their_labels_wherever_they_are_named(nobody, people, campaign, written_together):
    idea = f"/ideas/{written_together}"
    page = nobody.get(idea).text
    told = page.split('data-follows="authors"')[1].split("</header>")[0]
    assert "Works for Soda" in told.partition("co-author")[2]
    assert "Works for Soda" not in told.partition("co-author")[0].rpartition("person__name")[0]
    assert SAMPLED in page.split("Amended by")[1].split("</p>")[0]
    assert SAMPLED in page.split('class="amendments"')[1].split("</section>")[0]
    versions = nobody.get(f"{idea}/versions").text
    assert SAMPLED in versions.split("with an amendment by")[1].split("</p>")[0]
    assert "Works for Soda" in versions
    amendment = nobody.get("/amendments/1").text
    assert SAMPLED in amendment
    assert "Works for Soda" in amendment  # Whose answer it was.
    board = nobody.get("/campaigns/soda").text
    assert board.count("Works for Soda") == 2  # The card, and what happens right now.
    message = CampaignBoard().present(
        campaign.board, {"ideas": [written_together], "kinds": ["idea.edited"]}, Audience("public", "en"), None
    )
    assert message["ideas"][0]["disclosed"] == "Works for Soda"
    assert "Works for Soda" in message["ideas"][0]["html"]
    assert "Works for Soda" in message["lately"]
    assert "Bea, Ana" in re.sub(r" ?<span[^>]*>.*?</span>", "", message["lately"])


def test_the_export_tells_what_coauthors_have(campaign, written_together, resealable):
    ideas = {one["id"]: one for one in json.loads("".join(as_json(campaign)))["ideas"]}
    assert (ideas[written_together]["disclosed"], ideas[written_together]["coauthors_disclosed"]) == (None, ["staff"])
    assert ideas[resealable.id]["coauthors_disclosed"] == []


@pytest.mark.parametrize("page", ["/ideas/{}", "/ideas/{}/versions", "/campaigns/soda"])
def test_labels_cost_the_same_however_many_wrote(people, campaign, nobody, queries, written_together, page):
    page = page.format(written_together)
    idea = db.session.get_one(Idea, written_together)

    def write_too(friends):
        idea.coauthors.append(CoAuthor(person=make_person()))
        amender = make_person()
        db.session.commit()
        title = f"A can for {friends} friends"
        amendment = propose_amendment(idea, amender, title, "", why="", read=idea.version, key="k")
        accept_amendment(amendment, people.bea, read=idea.version)
        db.session.commit()

    nobody.get(page)
    write_too(3)
    with queries() as few:
        nobody.get(page)
    for friends in (4, 5, 6):
        write_too(friends)
    with queries() as many:
        nobody.get(page)
    assert len(many) == len(few) > 1, "\n".join(many)


def test_who_only_says_something_declares_what_they_have(app, carl, nobody, soda_idea):
    page = f"/ideas/{soda_idea}"
    assert "Did Soda give you something?" in carl.get(page).text
    said = {"text": "I like it.", "key": "k", "rules": ""}
    refused = carl.post(f"{page}/comments", **said, received="", received_what="a crate")
    assert refused.status_code == 422
    assert sentence_at(refused.text, "received_what") == "Choose above what this is."
    assert "I like it." in refused.text
    for _click in range(2):
        answer = carl.post(f"{page}/comments", **said, received="sample", received_what="a crate")
        assert answer.status_code == 302
    assert f"{SAMPLED}: a crate" in nobody.get(page).text
    again = carl.get(page).text
    assert "Beside your name will stand:" in again
    assert 'name="received"' not in again
