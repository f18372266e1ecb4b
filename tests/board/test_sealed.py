"""Sealed results: before the release no channel says how many votes there are, and after it each does."""

import json
import re
from datetime import timedelta

import pytest
from flask_babel import force_locale

from campaign.accounts.models import Person
from campaign.board.figures import figures_of
from campaign.board.live import VOTER, CampaignBoard
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import NOBODY, counts_shown
from campaign.clock import now
from campaign.doubts.actions import named
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.feedback.models import Comment, Feedback
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_idea
from campaign.ideas.trending import weight_at
from campaign.ladder.actions import set_ladder
from campaign.ledger.appending import append_to_logs
from campaign.live import Audience, announce, numbers_of
from campaign.live.announcing import changes_since
from campaign.live.catching_up import catch_up
from campaign.live.presenting import Presentation
from campaign.methods.models import StageCount
from campaign.reasons.models import Reason
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from campaign.votes.models import BallotDoubt, BallotEntry, StageBallot, Vote, VoteMinute
from tests.addresses import addresses
from tests.campaign_cast import suggest
from tests.makers import make_person

FIGURES = ("7331", "1933", "9264")  # Of two ideas, and in all.
LANGUAGES = ("en", "fr")
# Grouped as one language or the other does: 7,331 and 7 331.
GROUPED = re.compile("(?<=\\d)[,. \u00a0\u202f](?=\\d{3}(?!\\d))")
# Neither about a campaign nor reached without a secret of their own; and files as they lie in the tree.
ELSEWHERE = (
    "/static/",
    "/confirm/",
    "/reset/",
    "/address/",
    "/invitations/",
    "/outbox",
    "/styleguide",
    "/guest-ideas/",
)


def told(text):
    """Which of the figures a text says, however they are written."""
    plain = GROUPED.sub("", text)
    # Not within longer numbers and tokens, which are drawn at random.
    return {figure for figure in FIGURES if re.search(rf"(?<![\w-]){figure}(?![\w-])", plain)}


@pytest.fixture
def sealed(app, cast, soda_campaign, soda_idea, carl, monkeypatch):
    """A campaign in a stage of this seal, with conspicuous totals; carl has voted, gus is of the team, and a worker has counted."""
    monkeypatch.setattr("campaign.methods.counting.AT_ONCE", 0)

    def seal(shows_counts, voted=False):
        carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
        other = suggest(app, soda_campaign, cast["bea"], "A can that sings", lot=77)
        with app.app_context():
            campaign = db.session.get_one(Campaign, soda_campaign)
            voted_at, campaign.stages[0].first_ballot_at = campaign.stages[0].first_ballot_at, None
            campaign.stages[0].shows_counts = shows_counts
            first, second = (db.session.get_one(Idea, idea) for idea in (soda_idea, other))
            index_idea(first)
            index_idea(second)
            first.votes, second.votes = 7331, 1933
            first.unconfirmed, first.worded = 7331, 2  # Its author has just changed what it says.
            campaign.edit_votes = 1
            set_ladder(campaign, campaign.publication.by, [[9000, 60]])
            campaign.stages[0].first_ballot_at = voted_at
            campaign.takes_guests = campaign.stages[0].accepts_feedback = True
            db.session.add(Feedback(idea_id=soda_idea, author_id=cast["carl"], likes="The lid", misses="", mark=4))
            first.heat, second.heat = weight_at(now()) + 7331, weight_at(now()) + 1933
            db.session.add(Membership(brand_id=campaign.brand_id, person_id=cast["drew"], role="analyst"))
            db.session.add(Comment(idea_id=soda_idea, author_id=cast["carl"], text="How much is it?"))
            # Named by an earlier version of the campaign, and explained: both would tell that somebody has voted.
            campaign.has_named_voters = True
            nia = make_person(name="Nia 9264")
            db.session.add(Vote(idea_id=soda_idea, voter_id=nia.id, named=True))
            said = {"side": "for", "named": True, "text": "1933 of us want it.", "place": 5}
            db.session.add(Reason(idea_id=soda_idea, voter_id=nia.id, **said))
            # A colleague's: under seal it is told to nobody else.
            record("vote.recorded", campaign, nia, how="event", event="Booth 9264", reference="P-1")
            record("votes.set_aside", first, number=9264, reasons=["burst"])
            db.session.add(counted(campaign.stages[0], first.id, second.id))
            db.session.execute(db.delete(VoteMinute))
            for ago in (0, 1):
                minute = int(now().timestamp() // 60) - ago
                db.session.add(VoteMinute(campaign_id=campaign.id, minute=minute, votes=9264 if ago else 7331))
            db.session.commit()
            if voted:
                vote_as_told(first.id, second.id)
            while append_to_logs():
                pass
        return soda_campaign, soda_idea, other

    return seal


def vote_as_told(first, second):
    """Let people give these votes, so that the log has 9264 lines: with carl's, 7331 for the one, and 1933 for the other. Commits."""
    known = max(db.session.scalars(db.select(Person.id))) + 1
    like = {"name": "Machine", "language": "en", "password_hash": "x", "joined_at": now()}
    people = [{"id": known + place, "email": f"m{place}@example.org", **like} for place in range(7330)]
    db.session.execute(db.insert(Person), people)
    db.session.execute(db.update(Idea).where(Idea.id.in_((first, second))).values(votes=0))
    db.session.execute(db.update(Idea).where(Idea.id == first).values(votes=1))
    ballots = [Ballot(person["id"], first, "a-vote-of-theirs", "cast", 1) for person in people]
    ballots += [Ballot(person["id"], second, "a-vote-of-theirs", "cast", 1) for person in people[:1933]]
    for begin in range(0, len(ballots), 1000):
        count_ballots(ballots[begin : begin + 1000])
    db.session.execute(db.delete(VoteMinute).where(VoteMinute.votes < 1000))
    db.session.commit()


def counted(stage, first, second):
    """What a worker keeps of the stage's votes, and says of the next count, which is under way."""
    rows = [[first, 1, [1, 1], True, [7331]], [second, 2, [2, 2], False, [1933]]]
    count = {"rule": "approval", "rows": rows, "more": 0, "ties": [], "rounds": []}
    result = {"people": 9264, "seed": {"words": "soda", "provisional": True}, "counts": [count]}
    asked = {
        "asked_at": now(),
        "lease": "of a worker",
        "beat_at": now() + timedelta(hours=1),
        "step": "reading",
        "done": 7331,
        "out_of": 9264,
    }
    places = {"of": "earlier", "rules": {"approval": [[first, 1933, 7331], [second, 7331, 9264]]}}
    kept = {"ballots": 9264, "counted_at": now(), "result": result, "places": places}
    return StageCount(stage_id=stage.id, of="earlier", **kept, **asked)


def release(app, campaign_id):
    """Let the clock come to the end of the stage that seals."""
    with app.app_context():
        first, second, _third = db.session.get_one(Campaign, campaign_id).stages
        first.opens_at, second.opens_at = (now() - timedelta(days=days) for days in (9, 1))
        db.session.commit()


def pages(app, idea):
    """Every page of the application, and the board in each of its orders."""
    with app.app_context():
        stage = db.session.get_one(Idea, idea).campaign.stages[0].id
        other = db.session.scalars(db.select(Idea.id).where(Idea.id != idea)).first()
    known = {"slug": "soda", "idea_id": idea, "other_id": other, "stage_id": stage}
    yield from (url for _endpoint, url in addresses(app, ELSEWHERE, **known))
    yield from (f"/ideas/{idea}/{page}={other}" for page in ("merging?with", "retirement?for"))
    yield f"/ideas/{idea}/same?q=can"
    yield from (f"/campaigns/soda/{page}?stage={stage}" for page in ("results", "voting"))
    yield from (f"/campaigns/soda/console/{page}" for page in ("first", "reports?q=can&kind=idea", "hidden"))
    for order in ("shuffled", "new", "trending", "supported", "discussed"):
        yield f"/campaigns/soda?order={order}"
        yield f"/campaigns/soda?order={order}&q=can&unanswered=1"
        yield f"/campaigns/soda?order={order}&unvoted=1"
    yield "/campaigns/soda/log/leaves/0"
    yield f"/campaigns/soda/cards?idea={idea}&idea={other}"
    yield f"/ideas/{idea}?vote=wanted"


def said_by(browser, url):
    """Everything that an address answers this browser: as a page in one language, as data in the other, headers included."""
    for language, accepted in (("en", "text/html"), ("fr", "application/json, text/html;q=0.5")):
        browser.set_cookie("language", language)
        answer = browser.get(url, headers={"Accept": accepted}, buffered=True)
        yield answer.get_data().decode("utf-8", "replace")
        yield str(answer.headers)


def walk(app, browsers, idea):
    """Where which figure was found, and how many addresses were asked."""
    found, asked = {}, 0
    for url in pages(app, idea):
        asked += 1
        for name, browser in browsers.items():
            figures = set().union(*(told(text) for text in said_by(browser, url)))
            if figures:
                found[name, url] = figures
    return found, asked


def voter_in(app, campaign_id):
    """What the role of those ends with who voted in the present stage."""
    with app.app_context():
        return VOTER % db.session.get_one(Campaign, campaign_id).present.id


def broadcasts(app, campaign_id, idea, role):
    """What a board says to an audience: the whole, a change, what somebody missed, and a stage."""
    board = CampaignBoard()
    name = f"campaign-{campaign_id}"
    with app.test_request_context():
        for language in LANGUAGES:
            audience = Audience(role, language)
            figures = board.figures(name)
            yield board.snapshot(name, audience, figures)
            news = {"votes": {str(idea): 7331}, "ideas": [idea], "kinds": ["vote.cast", "idea.edited"]}
            yield board.present(name, board.heard(name, news, audience), audience, figures)
            yield board.present(name, {"kinds": ["stage.opened"]}, audience, figures)
            for _seq, change in changes_since(name, 0) or []:
                yield board.present(name, board.heard(name, change, audience), audience, figures)


def files(app, campaign_id):
    with app.app_context():
        campaign = db.session.get_one(Campaign, campaign_id)
        yield "".join(as_json(campaign))
        yield "".join(as_csv(campaign))


def promised_by_a_sealed_log(voter, browsers, idea):
    """The voter's receipt, while nobody sees anything of the log."""
    promise = voter.get(f"/ideas/{idea}/vote/receipt").text
    assert promise.startswith("ensemble-ballot-promise@v1\n")
    for browser in browsers:
        assert browser.get("/campaigns/soda/log/checkpoint").status_code == 404
        assert browser.get("/campaigns/soda/log/leaves/0").status_code == 404
        browser.set_cookie("language", "en")
        assert "promised to the log" in browser.post("/receipts", text=promise).text
    return promise


def what_a_log_promised_it_keeps(voter, browsers, idea, promise):
    for browser in browsers:
        assert "9264" in told(browser.get("/campaigns/soda/log").text), "its length is shown again"
        assert "9264" in told(browser.get("/campaigns/soda/log/checkpoint").text)
        assert "9264" in told(browser.post("/receipts", text=promise).text)
    assert voter.get(f"/ideas/{idea}/vote/receipt").text.startswith("c2sp.org/tlog-proof@v1\n")


def test_no_channel_says_a_figure_before_the_stage_ends_and_each_does_after(
    app, cast, ana, bea, carl, drew, nobody, mails, sealed
):
    campaign, idea, _other = sealed("ended", voted=True)
    browsers = {"nobody": nobody, "voter": carl, "author": bea, "team": drew, "owner": ana}
    found, asked = walk(app, browsers, idea)
    assert found == {}
    assert asked > 40
    similar = carl.post("/campaigns/soda/ideas/similar", title="A can you can reseal")
    assert "A can you can reseal" in similar.text
    assert not told(similar.text)
    ana.post(f"/ideas/{idea}/answer", text="We will build it this summer.")
    for mail in mails.to("bea@example.org"):
        assert not told(mail.as_string())
    voted = voter_in(app, campaign)
    for role in ("public", "team", "public" + voted, "team" + voted):
        for message in broadcasts(app, campaign, idea, role):
            assert not told(json.dumps(message))
            assert "votes" not in message
    assert not any(told(file) for file in files(app, campaign))
    receipt = carl.post(f"/ideas/{idea}/vote", json={}, query_string={"id": "0123456789abcdef02"}).get_json()
    assert "votes" not in receipt["receipt"]
    promise = promised_by_a_sealed_log(carl, browsers.values(), idea)

    release(app, campaign)
    with app.app_context():
        db.session.get_one(Idea, idea).votes = 7331
        db.session.commit()
    for browser in browsers.values():
        for url in ("/", "/brands/soda", "/campaigns/soda", f"/ideas/{idea}"):
            assert all(told(text) for text in list(said_by(browser, url))[::2]), f"{url} keeps its figures"
    what_a_log_promised_it_keeps(carl, browsers.values(), idea, promise)
    assert "Booth 9264" in drew.get("/campaigns/soda/history").text
    assert "Nia 9264" in nobody.get(f"/ideas/{idea}/supporters").text
    assert "1933 of us want it." in nobody.get(f"/ideas/{idea}/reasons").text
    for browser, url in (
        (bea, "/profile/mine"),
        (bea, "/profile/ideas"),
        (carl, "/profile/votes"),
        (ana, f"/ideas/{idea}/answer"),
    ):
        assert "7331" in told(next(said_by(browser, url)))
    for message in broadcasts(app, campaign, idea, "public"):
        assert told(json.dumps(message))
    assert all("7331" in file for file in files(app, campaign))


@pytest.fixture
def sealed_ballots(app, cast, soda_campaign, soda_idea):
    """A sealed stage in which people spread points: of 1934 ballots one counts, and the history tells of the others; one more was left out by gus."""
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        stage = campaign.stages[0]
        stage.shows_counts, stage.method, stage.first_ballot_at = "ended", "dots", now()
        db.session.add(Membership(brand_id=campaign.brand_id, person_id=cast["drew"], role="moderator"))
        first = max(db.session.scalars(db.select(Person.id))) + 1
        like = {"name": "Machine", "language": "en", "password_hash": "x", "joined_at": now()}
        people = [{"id": first + place, "email": f"m{place}@example.org", **like} for place in range(1933)]
        db.session.execute(db.insert(Person), people)
        acts = [
            {
                "campaign_id": campaign.id,
                "stage_id": stage.id,
                "voter_id": voter,
                "key": "a-ballot",
                "act": "cast",
                "content": f"[[{soda_idea},7]]",
            }
            for voter in (cast["carl"], *(person["id"] for person in people))
        ]
        db.session.execute(db.insert(BallotEntry), acts)
        kept = db.select(BallotEntry.stage_id, BallotEntry.voter_id, BallotEntry.id, BallotEntry.content)
        columns = ["stage_id", "voter_id", "entry_id", "content"]
        db.session.execute(db.insert(StageBallot).from_select(columns, kept))
        doubt = {"stage_id": stage.id, "reasons": ["burst"], "group": "burst", "why": ""}
        db.session.execute(db.insert(BallotDoubt), [{**doubt, "voter_id": person["id"]} for person in people])
        told = {"stage": named(stage), "reasons": ["burst"]}
        record("ballots.set_aside", campaign, **told, number=1933)
        drew = db.session.get_one(Person, cast["drew"])
        record("ballots.left_out", campaign, by=drew, why="I asked.", **told, number=9264)
        db.session.commit()
        return soda_campaign, soda_idea, stage.id


def test_no_channel_says_how_many_ballots_are_under_review_before_the_stage_ends(
    app, cast, ana, bea, carl, drew, nobody, sealed_ballots
):
    campaign, idea, stage = sealed_ballots
    suggest(app, campaign, cast["bea"], "A can that sings", lot=77)
    browsers = {"nobody": nobody, "voter": carl, "author": bea, "team": drew, "owner": ana}
    found, asked = walk(app, browsers, idea)
    assert found == {}
    assert asked > 40
    for browser in (ana, drew):
        browser.set_cookie("language", "en")
    assert "Ballots in “The ideas”" in drew.get("/campaigns/soda/doubts").text
    assert "left ballots out" in drew.get("/campaigns/soda/history").text
    assert not any(told(file) for file in files(app, campaign))

    release(app, campaign)
    for browser in browsers.values():
        for url in ("/campaigns/soda", f"/campaigns/soda/results?stage={stage}"):
            assert all(told(text) == {"1933"} for text in list(said_by(browser, url))[::2]), f"{url} says nothing"
    for browser in (ana, drew):
        browser.set_cookie("language", "en")
    assert "1,933 ballots in “The ideas”" in drew.get("/campaigns/soda/doubts").text
    assert told(ana.get("/campaigns/soda/history").text) == {"1933", "9264"}


def test_who_has_voted_sees_and_nobody_else(app, cast, ana, bea, carl, drew, nobody, sealed):
    campaign, idea, _other = sealed("voted", voted=True)
    found, _asked = walk(app, {"nobody": nobody, "author": bea, "team": drew, "owner": ana}, idea)
    assert found == {}
    progress = next(url for url in pages(app, idea) if url.endswith("/progress"))
    seen = (
        "/",
        "/brands/soda",
        "/campaigns/soda",
        f"/ideas/{idea}",
        "/profile/votes",
        "/campaigns/soda/results",
        progress,
    )
    for url in seen:
        assert any(told(text) for text in said_by(carl, url))
    voted = voter_in(app, campaign)
    for role, seen in (("public", False), ("team", False), ("public" + VOTER % 99, False), ("public" + voted, True)):
        for message in broadcasts(app, campaign, idea, role):
            assert bool(told(json.dumps(message))) == seen
    assert not any(told(file) for file in files(app, campaign))


def test_no_order_follows_the_votes(app, nobody, ana, sealed):
    _campaign, idea, other = sealed("ended")

    def orders():
        return [
            re.findall(r'<li class="idea" id="idea-(\d+)"', browser.get(f"/campaigns/soda{asked}").text)
            for browser in (nobody, ana)
            for asked in ("", "?order=supported", "?order=trending", "?order=new", "?order=discussed", "?q=can")
        ]

    before = orders()
    assert all(set(order) == {str(idea), str(other)} for order in before)
    with app.app_context():
        first, second = db.session.get_one(Idea, idea), db.session.get_one(Idea, other)
        first.votes, second.votes, first.heat, second.heat = second.votes, first.votes, second.heat, first.heat
        db.session.commit()
    assert orders() == before
    page = nobody.get("/campaigns/soda?order=supported").text
    assert "order=supported#results" not in page
    assert "order=trending#results" not in page


def test_a_vote_under_seal_leaves_no_number_on_the_board(app, bea, carl, sealed):
    campaign, idea, _other = sealed("ended")
    board = f"campaign-{campaign}"
    with app.app_context():
        before = changes_since(board, 0)
    carl.post(f"/ideas/{idea}/vote/withdrawal", id="0123456789abcdef03")
    carl.post(f"/ideas/{idea}/vote", id="0123456789abcdef04")
    with app.app_context():
        assert changes_since(board, 0) == before


def test_where_some_may_know_no_number_that_the_others_are_told_steps_with_a_vote(app, carl, nobody, sealed):
    campaign, idea, _other = sealed("voted")
    board = f"campaign-{campaign}"

    def numbers():
        pages = (nobody.get(url).text for url in ("/campaigns/soda", f"/ideas/{idea}"))
        on_pages = {int(re.search(r'data-seq="(\d+)"', page)[1]) for page in pages}
        public, present = Audience("public", "en"), Presentation()
        present.app, present.presenter = app, CampaignBoard()
        answers = [json.loads(catch_up(present, None, board, public, since)) for since in (None, *on_pages)]
        with app.app_context():
            latest = numbers_of(board).seq
        said = [*answers, answers[1]["changes"][0], present.say(board, latest, {}, public)]
        return on_pages | {message["seq"] for message in said}

    before = numbers()
    assert len(before) == 1
    for place in range(3):
        carl.post(f"/ideas/{idea}/vote/withdrawal", id=f"0123456789abcdefa{place}")
        carl.post(f"/ideas/{idea}/vote", id=f"0123456789abcdefb{place}")
    with app.app_context():
        db.session.get_one(Idea, idea).title = "A can that rings"
        announce(board, "idea.edited", ideas=[idea])
        db.session.commit()
        voters = [news for _seq, news in changes_since(board, max(before)) if "votes" in news]
        assert len(voters) == 6, "who has voted hears of them"
    assert numbers() == {max(before) + 1}


def test_who_stands_by_their_vote_under_seal_leaves_no_number_either(app, carl, sealed):
    campaign, idea, _other = sealed("voted")
    board = f"campaign-{campaign}"
    with app.app_context():
        before = changes_since(board, 0)
    assert carl.post(f"/ideas/{idea}/vote/confirmation", read="2").status_code == 302
    with app.app_context():
        assert changes_since(board, 0) == before
        assert db.session.get_one(Idea, idea).unconfirmed == 7330


def test_a_vote_of_an_earlier_stage_opens_no_later_one(app, cast, carl, sealed):
    campaign, idea, _other = sealed("voted")
    assert told(carl.get(f"/ideas/{idea}").text)
    with app.app_context():
        first, second, _third = db.session.get_one(Campaign, campaign).stages
        first.opens_at, second.opens_at, second.shows_counts = now() - timedelta(days=9), now(), "voted"
        db.session.commit()
    assert not told(carl.get(f"/ideas/{idea}").text)
    before = voter_in(app, campaign)
    carl.post(f"/ideas/{idea}/vote/withdrawal", id="0123456789abcdef05")
    carl.post(f"/ideas/{idea}/vote", id="0123456789abcdef06")
    assert told(carl.get(f"/ideas/{idea}").text)
    assert voter_in(app, campaign) == before


def test_supporters_end_no_changes_under_seal(app, bea, carl, sealed):
    _campaign, idea, _other = sealed("ended")
    assert carl.get(f"/ideas/{idea}/amendments/new").status_code == 200
    assert "people support it" not in bea.get(f"/ideas/{idea}/edit").text


def test_what_was_counted_before_a_seal_is_not_told_after_it(app, carl, soda_campaign, soda_idea):
    def votes():
        with app.app_context():
            campaign = db.session.get_one(Campaign, soda_campaign)
            return figures_of(campaign, numbers_of(campaign.board)).votes

    def begin(number, seal):
        """Let the clock come to this stage, of which the board has no number yet."""
        with app.app_context():
            stages = db.session.get_one(Campaign, soda_campaign).stages
            for place, stage in enumerate(stages):
                stage.opens_at = now() + timedelta(days=place - number, seconds=-1)
            stages[number].shows_counts = seal
            db.session.commit()

    assert votes() == 0
    begin(1, "ended")
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    assert votes() == 1
    begin(2, "always")
    assert votes() == 1


def test_the_ballots_stay_shut_while_the_counts_are(app, ana, cast, sealed):
    campaign, _idea, _other = sealed("ended")
    with app.app_context():
        # Nobody votes in it, and it is sealed all the same.
        for stage in db.session.get_one(Campaign, campaign).stages:
            stage.accepts_votes, stage.shows_counts = False, "ended"
        db.session.commit()
    assert ana.get("/campaigns/soda/log/export").status_code == 409
    release(app, campaign)
    with app.app_context():
        db.session.get_one(Campaign, campaign).stages[1].shows_counts = "always"
        db.session.commit()
    assert "ensemble-ballot-log-1" in ana.get("/campaigns/soda/log/export", buffered=True).text


def test_an_author_does_not_learn_from_a_refusal_that_there_are_votes(app, bea, sealed):
    _campaign, idea, _other = sealed("ended")
    assert f"/ideas/{idea}/withdrawal" in bea.get(f"/ideas/{idea}").text
    assert bea.post(f"/ideas/{idea}/withdrawal", reason="Said twice.").status_code == 302


@pytest.mark.one_database
def test_what_is_over_shows_its_counts(campaign, people):
    stage: Stage = campaign.stages[0]
    assert counts_shown(campaign, NOBODY)
    stage.shows_counts = "ended"
    assert not counts_shown(campaign, people.ana)
    campaign.ends_at = now() - timedelta(seconds=1)
    assert counts_shown(campaign, NOBODY)


@pytest.mark.one_database
def test_the_board_says_until_when_in_both_languages(app, nobody, ana, sealed):
    sealed("ended")
    for browser in (nobody, ana):
        assert "Counts are sealed until “The ideas” ends" in browser.get("/campaigns/soda").text
    with app.test_request_context(), force_locale("fr"):
        assert nobody.get("/campaigns/soda").status_code == 200
