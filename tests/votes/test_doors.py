"""Who may vote where, by page and by socket: the same door, the same answer."""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from campaign.accounts.models import ApiToken, Person, SignIn
from campaign.brands.models import Membership
from campaign.campaigns.actions import close_campaign
from campaign.campaigns.naming import choose_naming
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.live.broadcasting import compact
from campaign.votes.ballots import Receipt
from campaign.votes.live import told
from campaign.votes.models import Vote
from tests.campaign_cast import stage, suggest
from tests.cast import browser_of
from tests.live.wires import Wire
from tests.makers import make_brand, make_campaign, make_idea, make_person, make_token

KEY = "made-by-a-test"

# Who asks, and what they hear on a draft and on a members' campaign.
DOORS = [
    ("ana", "draft", "voting_closed"),
    ("member", "draft", "voting_closed"),
    ("stranger", "draft", "not_there"),
    ("nobody", "draft", "sign_in_first"),
    ("ana", "members", None),
    ("member", "members", None),
    ("stranger", "members", "not_there"),
    ("nobody", "members", "sign_in_first"),
]


def votes(app, idea):
    with app.app_context():
        counted = db.session.scalar(db.select(db.func.count()).select_from(Vote).where(Vote.idea_id == idea))
        assert db.session.get_one(Idea, idea).votes == counted
        return counted


@pytest.fixture
def behind(app, cast):
    """The id of bea's idea on a campaign behind a door; carl is a member of ana's team, drew is a stranger."""

    def make(kind):
        hidden = {"published": False} if kind == "draft" else {"visibility": "members"}
        with app.app_context():
            brand = db.session.scalars(db.text("SELECT id FROM brand WHERE slug = 'soda'")).one()
            db.session.add(Membership(brand_id=brand, person_id=cast["carl"], role="analyst"))
            db.session.commit()
        return suggest(app, stage(app, slug="hidden", **hidden), cast["bea"])

    return make


@pytest.mark.parametrize("act", ["vote", "vote/withdrawal"])
@pytest.mark.parametrize(("who", "kind", "refusal"), DOORS)
def test_by_a_request(app, request, behind, who, kind, refusal, act):
    idea = behind(kind)
    browser = request.getfixturevalue({"member": "carl", "stranger": "drew"}.get(who, who))
    answer = browser.post(f"/ideas/{idea}/{act}", id=KEY, headers={"Accept": "application/json"})
    refused = refusal if act == "vote" else refusal or "no_vote"  # Behind the door there is nothing to take back.
    assert answer.json.get("error", {}).get("code") == refused
    statuses = {None: 200, "not_there": 404, "voting_closed": 409, "sign_in_first": 401, "no_vote": 409}
    assert answer.status_code == statuses[refused]
    assert votes(app, idea) == (1 if refusal is None and act == "vote" else 0)


@dataclass
class Scene:
    ideas: dict[str, int]
    tokens: dict[str, str | None]
    people: dict[str, int]


@pytest.fixture
def scene(server):
    """On the shared server: bea's idea on a draft, on a members' campaign and on an open one, all ana's."""
    with server.app.app_context():
        people = {name: make_person(name) for name in ("ana", "bea", "member", "stranger")}
        brand = make_brand(people["ana"])
        db.session.add(Membership(brand=brand, person=people["member"], role="analyst"))
        campaigns = {
            kind: make_campaign(brand, people["ana"], visibility="members" if kind == "members" else "public")
            for kind in ("draft", "members", "open")
        }
        ideas = {kind: make_idea(campaign, people["bea"]).id for kind, campaign in campaigns.items()}
        campaigns["draft"].publication = None
        tokens = {name: make_token(person) for name, person in people.items()}
        ids = {name: person.id for name, person in people.items()}
        db.session.commit()
        db.session.remove()
    return Scene(ideas, {**tokens, "nobody": None}, ids)


@pytest.mark.parametrize("act", ["vote.cast", "vote.withdraw"])
@pytest.mark.parametrize(("who", "kind", "refusal"), DOORS)
def test_by_a_socket(server, scene, who, kind, refusal, act):
    with Wire(server.url) as wire:
        answer = wire.open(scene.tokens[who]).ask(act, {"idea": scene.ideas[kind], "id": KEY})
    refused = refusal if act == "vote.cast" else refusal or "no_vote"
    assert answer.get("error", {}).get("code") == refused
    assert answer["ok"] == (refused is None)
    assert votes(server.app, scene.ideas[kind]) == (1 if refusal is None and act == "vote.cast" else 0)


def signs_out(scene):
    db.session.execute(db.delete(SignIn).where(SignIn.person_id == scene.people["member"]))


def loses_the_token(scene):
    db.session.execute(db.delete(ApiToken).where(ApiToken.person_id == scene.people["member"]))


def leaves_the_team(scene):
    db.session.execute(db.delete(Membership).where(Membership.person_id == scene.people["member"]))


def hears_that_it_is_closed(scene):
    close_campaign(
        db.session.get_one(Idea, scene.ideas["members"]).campaign, db.session.get_one(Person, scene.people["ana"])
    )


@pytest.mark.parametrize(
    ("happens", "refusal"),
    [
        (signs_out, "sign_in_first"),
        (loses_the_token, "sign_in_first"),
        (leaves_the_team, "not_there"),
        (hears_that_it_is_closed, "voting_closed"),
    ],
)
def test_what_ended_since_a_socket_opened_ends_its_votes(server, scene, happens, refusal):
    """A member who has voted over this very socket: what was true at that moment counts for nothing afterwards."""
    cookie = browser_of(server.app, scene.people["member"]).get_cookie("session").value
    by_cookie = happens is signs_out
    idea, acts = scene.ideas["members"], ("cast", "withdraw", "cast")
    with Wire(server.url, extra=f"Cookie: session={cookie}\r\n" if by_cookie else "") as wire:
        wire.open(None if by_cookie else scene.tokens["member"])
        for act in acts[:2]:
            assert wire.ask(f"vote.{act}", {"idea": idea, "id": secrets.token_hex(8)})["ok"]
        with server.app.app_context():
            happens(scene)
            db.session.commit()
            db.session.remove()
        for act in acts:
            answer = wire.ask(f"vote.{act}", {"idea": idea, "id": secrets.token_hex(8)})
            assert (answer["ok"], answer["error"]["code"]) == (False, refusal)
    assert votes(server.app, idea) == 0


# Ids that no device of ours makes.
IDS = ["", "short", "x" * 65, "é" * 8, "eight\nlines", "handed-back-by-me", "\x00" * 8, "\ud800" * 8]


@pytest.mark.parametrize("key", [one for one in IDS if one != "\ud800" * 8])
def test_a_request_with_a_malformed_id_is_refused(app, carl, soda_idea, key):
    answer = carl.post(f"/ideas/{soda_idea}/vote", id=key, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")
    assert votes(app, soda_idea) == 0


def test_a_request_without_an_id_is_refused(app, carl, soda_idea):
    answer = carl.post(f"/ideas/{soda_idea}/vote", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")
    assert votes(app, soda_idea) == 0


def test_a_socket_with_a_malformed_ballot_is_refused_and_goes_on(server, scene):
    idea = scene.ideas["open"]
    ids = [*IDS, None, 12345678, ["made-by-a-test"], {"id": KEY}, True]
    malformed = [{"idea": idea, "id": key} for key in ids]
    malformed += [{"idea": number, "id": KEY} for number in (str(idea), float(idea), None, True, [idea], {})]
    malformed += [{"idea": idea, "id": KEY, "named": named} for named in (None, 1, "true", [True])]
    malformed += [{"idea": idea}, {"id": KEY}, {}, {"idea": idea, "id": KEY, "voter": 1}, [idea, KEY], None, "vote", 7]
    with Wire(server.url) as wire:
        wire.open(scene.tokens["stranger"])
        for data in malformed:
            answer = wire.ask("vote.cast", data)
            assert (answer["ok"], answer["error"]["code"]) == (False, "bad_request"), json.dumps(data)
        for number in (0, -1, 2**31, 10**30, 2**31 - 1):
            assert wire.ask("vote.cast", {"idea": number, "id": KEY})["error"]["code"] == "not_there", number
        assert votes(server.app, idea) == 0
        assert wire.ask("vote.cast", {"idea": idea, "id": secrets.token_hex(8)})["ok"]
    assert votes(server.app, idea) == 1


def test_a_socket_gives_a_vote_by_name_only_when_its_voter_was_told(server, scene):
    idea = scene.ideas["open"]
    with server.app.app_context():
        campaign = db.session.get_one(Idea, idea).campaign
        choose_naming(campaign, db.session.get_one(Person, scene.people["ana"]), named=True)
        db.session.commit()
    with Wire(server.url) as wire:
        wire.open(scene.tokens["stranger"])
        assert wire.ask("vote.cast", {"idea": idea, "id": KEY})["error"]["code"] == "name_untold"
        assert wire.ask("vote.cast", {"idea": idea, "id": KEY, "named": True})["ok"]
    with server.app.app_context():
        assert db.session.scalars(db.select(Vote.named).where(Vote.idea_id == idea)).all() == [True]


@pytest.mark.parametrize("key", [KEY, 'with "quotes" and \\'])
def test_a_socket_tells_the_same_receipt_as_a_request(key):
    receipt = Receipt(7, 12, "withdraw", key, datetime(2026, 6, 1, 12, 30, 0, 5000, tzinfo=UTC), 41)
    assert told(receipt) == compact({"ok": True, "receipt": receipt.as_json()})
