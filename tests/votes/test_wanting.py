"""A vote that was wanted before signing in is offered afterwards, on the idea, and never given by following a link."""

import re
from html import unescape

import pytest

from campaign.extensions import db
from campaign.ideas.models import Idea
from tests.calendars import over
from tests.cast import PASSWORD

ERIN = {"name": "Erin", "email": "erin@example.org", "password": "seven blue herons"}
OFFER = "You wanted to support “A can you can reseal”."


@pytest.fixture
def url(soda_idea):
    return f"/ideas/{soda_idea}"


def onwards_of(page):
    """Where a form leads on to."""
    return unescape(re.search(r'id="next" name="next"[^>]*value="([^"]*)"', page)[1])


def votes(app, idea_id):
    with app.app_context():
        return db.session.get_one(Idea, idea_id).votes


def test_who_signs_in_to_vote_is_offered_the_vote_on_the_idea(app, nobody, soda_idea, url):
    door = nobody.post(f"{url}/vote", id="vote-of-nobody", next="/campaigns/soda?order=new")
    assert "Your vote is then one click away." in nobody.get(door.location).text
    idea = nobody.post(door.location, email="carl@example.org", password=PASSWORD).location
    page = nobody.get(idea)
    assert OFFER in page.text
    assert votes(app, soda_idea) == 0, "nobody votes by following a link"
    back = nobody.post(f"{url}/vote", id="first-vote", next=idea)
    assert votes(app, soda_idea) == 1
    voted = nobody.get(back.location).text
    assert "Your vote is stored." in voted
    assert OFFER not in voted


def test_who_signs_up_to_vote_is_offered_the_vote_after_confirming(app, nobody, mails, soda_idea, url):
    door = nobody.post(f"{url}/vote", id="vote-of-nobody").location
    onwards = onwards_of(nobody.get(door.replace("/sign-in", "/sign-up")).text)
    nobody.post("/sign-up", **ERIN, next=onwards)
    elsewhere = app.test_client()  # The mail may well be read on another device.
    page = elsewhere.get(mails.link("erin@example.org"))
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    idea = elsewhere.post(page.request.path, data={"csrf_token": token}).location
    assert OFFER in elsewhere.get(idea).text
    assert votes(app, soda_idea) == 0


def test_the_way_from_signing_in_to_signing_up_keeps_the_vote(nobody, url):
    door = nobody.post(f"{url}/vote", id="vote-of-nobody").location
    page = nobody.get(door).text
    sign_up = unescape(page.partition("New here?")[2].split('href="')[1].split('"')[0])
    assert onwards_of(nobody.get(sign_up).text) == f"{url}?vote=wanted"


def test_the_vote_is_offered_to_those_who_can_give_it(app, nobody, bea, carl, url):
    wanted = f"{url}?vote=wanted"
    assert OFFER in carl.get(wanted).text
    assert OFFER not in carl.get(url).text
    assert OFFER not in nobody.get(wanted).text
    assert OFFER not in bea.get(wanted).text, "it is her own idea"
    carl.post(f"{url}/vote", id="first-vote")
    assert OFFER not in carl.get(wanted).text


def test_no_vote_is_offered_when_voting_is_over(app, carl, soda_idea, url):
    with app.app_context():
        over(db.session.get_one(Idea, soda_idea).campaign)
        db.session.commit()
    assert OFFER not in carl.get(f"{url}?vote=wanted").text


def test_a_script_is_told_to_sign_in(nobody, url):
    answer = nobody.post(f"{url}/vote", id="vote-of-nobody", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "sign_in_first")
