"""Simulated participants: marked as such, at work by the doors that everybody uses, and easy to switch off."""

import dataclasses
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from flask import render_template

from campaign import settings
from campaign.accounts.models import ApiToken, Person, SignIn
from campaign.board.live import CampaignBoard
from campaign.brands.models import Membership
from campaign.clock import now
from campaign.demo.loading import demo_campaign, load_demo
from campaign.demo.models import Simulation
from campaign.demo.participants import Participant
from campaign.demo.simulation import begin_simulation, end_simulation, simulation_on
from campaign.demo.texts import read_content
from campaign.errors import BadSetting
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.live import Audience
from campaign.live.models import Change
from campaign.settings import Settings
from campaign.votes.models import BallotEntry


def test_a_simulation_lasts_until_its_time_is_over(campaign):
    assert simulation_on(campaign) is None
    begin_simulation(campaign)
    db.session.commit()
    assert simulation_on(campaign).until > now()
    simulation_on(campaign).until = now() - timedelta(seconds=1)
    assert simulation_on(campaign) is None


def test_begun_again_it_is_one_and_lasts_from_then_on(campaign):
    begin_simulation(campaign).until = now() + timedelta(seconds=5)
    db.session.commit()
    begin_simulation(campaign)
    db.session.commit()
    (one,) = db.session.scalars(db.select(Simulation))
    assert one.until > now() + timedelta(minutes=9)


def test_ended_twice_it_is_over(campaign):
    begin_simulation(campaign)
    end_simulation(campaign)
    end_simulation(campaign)
    assert simulation_on(campaign) is None


def told(campaign):
    return [
        kind for change in db.session.scalars(db.select(Change).order_by(Change.seq)) for kind in change.news["kinds"]
    ]


def test_an_open_board_hears_of_them_once_when_they_come_and_once_when_they_go(campaign):
    begin_simulation(campaign)
    end_simulation(campaign)
    end_simulation(campaign)
    assert told(campaign) == ["campaign.simulated", "campaign.left_alone"]


def test_an_open_board_shows_the_strip_of_the_page(app, nobody, campaign):
    begin_simulation(campaign)
    db.session.commit()
    news, figures = {"kinds": ["campaign.simulated"]}, CampaignBoard().figures(campaign.board)
    stage = CampaignBoard().present(campaign.board, news, Audience("public", "en"), figures)["stage"]
    strip = re.search(r"<aside class=\"simulation\".*?</aside>", stage["html"], re.DOTALL)[0]
    assert strip in nobody.get(campaign.url).text
    assert stage["said"].startswith("Simulated participants")


def begun(app, campaign_id):
    with app.app_context():
        db.session.add(Simulation(campaign_id=campaign_id, until=now() + timedelta(minutes=5)))
        db.session.commit()


def is_on(app):
    with app.app_context():
        return db.session.scalar(db.select(Simulation)) is not None


def test_who_runs_the_campaign_switches_it_off(app, ana, soda_campaign):
    begun(app, soda_campaign)
    sent = ana.post("/demo/simulation/end", campaign="soda")
    assert sent.status_code == 302
    assert not is_on(app)


def in_development(app):
    app.extensions["settings"] = dataclasses.replace(settings.of(app), development=True)


@pytest.mark.parametrize("who", ["nobody", "bea", "drew", "analyst"])
def test_others_do_so_on_their_own_machine_only(request, app, cast, soda_campaign, who):
    begun(app, soda_campaign)
    if who == "analyst":
        with app.app_context():
            db.session.add(Membership(brand_id=1, person_id=cast["carl"], role="analyst"))
            db.session.commit()
    browser = request.getfixturevalue("carl" if who == "analyst" else who)
    assert browser.post("/demo/simulation/end", campaign="soda").status_code == 404
    assert is_on(app)
    in_development(app)
    assert browser.post("/demo/simulation/end", campaign="soda").status_code == 302
    assert not is_on(app)


def test_the_switch_is_shown_to_those_who_may_use_it(app, ana, nobody, soda_campaign):
    begun(app, soda_campaign)
    switch = 'action="/demo/simulation/end"'
    assert switch in ana.get("/campaigns/soda").text
    assert switch not in nobody.get("/campaigns/soda").text
    in_development(app)
    assert switch in nobody.get("/campaigns/soda").text


@pytest.mark.parametrize("campaign", ["", "none", "next"])
def test_a_switch_without_its_campaign_is_not_there(app, bea, soda_draft, campaign):
    in_development(app)
    assert bea.post("/demo/simulation/end", campaign=campaign).status_code == 404


def test_the_activity_is_switched_off_by_one_word():
    assert not Settings.from_environment({"DEMO_ACTIVITY": "off"}).demo_activity
    assert Settings.from_environment({"DEMO_ACTIVITY": "on"}).demo_activity
    assert Settings.from_environment({}).demo_activity is None
    with pytest.raises(BadSetting):
        Settings.from_environment({"DEMO_ACTIVITY": "sometimes"})


def test_each_says_what_it_is_and_what_it_says_fits_the_campaign():
    told, campaign = read_content("further"), read_content("campaign")
    assert all(re.search(r"\((simulated|simulée?)\)$", one["name"]) for one in told["people"])
    authors = {one["key"] for one in told["people"]}
    for idea in told["ideas"]:
        assert idea["author"] in authors
        assert idea["category"] in {one["key"] for one in campaign["categories"]}
        assert set(idea["tags"]) <= {one["key"] for one in campaign["tags"]}
        assert campaign["title_min"] <= len(idea["title"]) <= campaign["title_max"]
    for remark in told["remarks"]:
        assert remark["author"] in authors
        assert read_content(f"ideas/{remark['on']}")["title"]
    french = [one["text"] for one in [*told["ideas"], *told["remarks"]] if re.search(r"[éèàç]| le | la ", one["text"])]
    assert not [text for text in french if re.search(r"(?<!\u202f)[;!?%»]|(?<!\u00a0):|\d [h€]|[\"']", text)]


@pytest.mark.parametrize(("language", "time"), [("en-GB,en", r"14:32"), ("fr", r"14\sh\s32")])
def test_the_strip_says_until_when_and_offers_the_switch_to_who_may(app, campaign, language, time):
    simulation = Simulation(until=datetime(2026, 11, 22, 13, 32, tzinfo=UTC))
    with app.test_request_context(headers={"Accept-Language": language}):
        shown = {"campaign": campaign, "simulation": simulation}
        strip = render_template("demo/_simulation.html", **shown)
        seen, run = (render_template("demo/_switch.html", campaign=campaign, may_manage=may) for may in (False, True))
        assert render_template("demo/_simulation.html", campaign=campaign).strip() == ""
    assert re.search(time, strip)
    assert re.search(r'<button[^>]* form="end-simulation"', strip)
    assert 'id="end-simulation"' in run
    assert seen.strip() == ""


# Against a server.


@pytest.fixture(scope="module")
def demo_server(serve, databases):
    """A server with the demo in it, as an operator runs it."""
    url = databases.copy()
    with serve(DATABASE_URL=url, DEVELOPMENT="1") as server:
        with server.app.app_context():
            load_demo()
            db.session.commit()
        yield server
    databases.drop(url)


def wait_until(true, seconds=45):
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it didn’t happen"
        time.sleep(0.2)
    return found


def count(server, what):
    with server.app.app_context():
        return db.session.scalar(what)


def participants(server):
    return subprocess.Popen(
        [Path(sys.executable).parent / "campaign", "demo", "participants", "--url", server.url],
        # A proxy that leads nowhere, and least of all back to this machine.
        env={"PATH": os.defpath, "http_proxy": "http://127.0.0.1:9", "no_proxy": "example.org", **server.environment},
    )


@pytest.mark.one_database
def test_they_vote_until_somebody_switches_them_off(demo_server):
    with demo_server.app.app_context():
        begin_simulation(demo_campaign())
        db.session.commit()
    process = participants(demo_server)
    try:
        theirs = (
            db.select(db.func.count())
            .select_from(BallotEntry)
            .join(Person, Person.id == BallotEntry.voter_id)
            .where(Person.name.like("%(simul%"), ~BallotEntry.key.startswith("demo-"))
        )
        wait_until(lambda: count(demo_server, theirs))
        browser = requests.Session()
        page = browser.get(f"{demo_server.url}/campaigns/cafe-de-demain").text
        csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        fields = {"campaign": "cafe-de-demain", "csrf_token": csrf}
        assert browser.post(f"{demo_server.url}/demo/simulation/end", data=fields).ok
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
    assert count(demo_server, db.select(db.func.count()).select_from(ApiToken)) == 0
    assert count(demo_server, db.select(db.func.count()).select_from(SignIn)) == 0


@pytest.mark.one_database
def test_they_write_by_the_pages_own_forms(demo_server):
    told, tags = read_content("further"), {one["key"]: one for one in read_content("campaign")["tags"]}
    with demo_server.app.app_context():
        author = db.session.scalars(db.select(Person).where(Person.email == told["people"][0]["email"])).one()
        bench = db.session.scalars(db.select(Idea.id).order_by(Idea.id)).first()
        ines = Participant(author, "", demo_server.url, tags)
    idea = next(one for one in told["ideas"] if one["author"] == told["people"][0]["key"])
    assert ines.suggest("cafe-de-demain", idea)
    assert ines.suggest("cafe-de-demain", idea)  # Sent twice, it is one idea.
    assert ines.remark(bench, "Je suis d’accord.")
    with demo_server.app.app_context():
        (given,) = db.session.scalars(db.select(Idea).where(Idea.title == idea["title"]))
        assert (given.author.name, len(given.tags)) == ("Inès (simulée)", 2)
        assert db.session.scalar(db.select(Comment.idea_id).where(Comment.text == "Je suis d’accord.")) == bench


@pytest.mark.one_database
def test_nobody_comes_to_a_campaign_that_does_not_expect_them(demo_server):
    assert participants(demo_server).wait(timeout=60) == 0
