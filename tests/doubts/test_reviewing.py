"""Doubtful votes leave the totals with a reason, and a person decides."""

import re
import threading
from contextlib import ExitStack
from datetime import timedelta
from html import unescape

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.doubts import looking
from campaign.doubts.actions import decide, move_votes
from campaign.doubts.looking import look
from campaign.doubts.models import Doubt
from campaign.doubts.signals import doubtful
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.ledger.verifying import verify
from campaign.live import board_seq
from campaign.methods.counting import tally
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from campaign.votes.models import BallotEntry, Vote, VoteMinute
from tests.campaign_cast import stage
from tests.ledger.conftest import start_anew_after_an_update
from tests.makers import make_person
from tests.votes.test_closing_meanwhile import meanwhile

PAGE = "/campaigns/soda/doubts"
GROUP = "throwaway one_vote"


@pytest.fixture
def decided(ana, voted):
    def decide(decision, was="review", why="I looked at them.", by=ana, idea=None, group=GROUP):
        return by.post(PAGE, idea=str(idea or voted.bought), group=group, was=was, decision=decision, why=why)

    return decide


def rows(app):
    with app.app_context():
        return tuple(db.session.scalar(db.select(db.func.count()).select_from(model)) for model in (Vote, BallotEntry))


def test_what_is_doubtful_is_in_no_total_and_nothing_is_deleted(app, voted):
    assert voted.totals() == (11, 5)
    before = rows(app)
    assert voted.look() == 9
    assert voted.totals() == (2, 5)
    assert rows(app) == before
    assert voted.look() == 0  # Looked at again, it changes nothing.
    assert voted.problems() == []


def test_everybody_sees_how_many_are_under_review(nobody, ana, voted):
    assert "under review" not in nobody.get("/campaigns/soda").text
    voted.look()
    for url in ("/campaigns/soda", f"/ideas/{voted.bought}", "/campaigns/soda/results"):
        assert "9 votes are under review" in nobody.get(url).text
        assert PAGE not in nobody.get(url).text
        assert PAGE in ana.get(url).text
    assert "under review" not in nobody.get(f"/ideas/{voted.liked}").text


def test_the_figures_of_the_board_follow_what_is_set_aside_and_brought_back(nobody, ana, voted, decided):
    def figures():
        return [
            int(re.search(r'data-votes="(\d+)"', browser.get("/campaigns/soda").text)[1]) for browser in (nobody, ana)
        ]

    assert figures() == [16, 16]
    voted.look()
    assert figures() == [7, 7]
    decided("count")
    assert figures() == [16, 16]
    decided("leave", was="count", why="I was wrong.")
    assert figures() == [7, 7]


def test_what_is_set_aside_behind_a_seal_is_in_no_figure_after_it(app, nobody, voted):
    def begin(number, seal):
        with app.app_context():
            stages = db.session.scalars(db.select(Campaign)).one().stages
            for place, stage in enumerate(stages):
                stage.opens_at = now() + timedelta(days=place - number, seconds=-1)
            stages[number].shows_counts = seal
            db.session.commit()

    assert 'data-votes="16"' in nobody.get("/campaigns/soda").text
    begin(1, "ended")
    assert "data-votes=" not in nobody.get("/campaigns/soda").text
    assert voted.look() == 9
    begin(2, "always")
    assert 'data-votes="7"' in nobody.get("/campaigns/soda").text


def test_the_team_sees_reasons_and_the_effect_before_it_decides(ana, voted):
    voted.look()
    text = " ".join(unescape(ana.get(PAGE).text).split())
    assert "9 votes for “A can made of gold”" in text
    assert "throw-away e-mail addresses" in text
    facts = re.findall(r"<dd>(.*?)</dd>", text)
    assert facts == ["2 votes, place 2", "11 votes, place 1"]


def test_while_counts_are_sealed_the_effect_is_told_to_nobody_and_the_board_gets_no_number(
    app, ana, nobody, voted, decided
):
    with app.app_context():
        campaign = db.session.scalars(db.select(Campaign)).one()
        campaign.stages[0].shows_counts = "ended"
        db.session.commit()
        before = board_seq(campaign.board)
    voted.look()
    page = unescape(ana.get(PAGE).text)
    assert "<dd>" not in page
    assert "Votes for “A can made of gold”" in page
    assert "9 votes" not in page
    assert decided("leave").status_code == 302
    assert "left out" not in nobody.get(f"/ideas/{voted.bought}").text
    with app.app_context():
        assert board_seq(db.session.scalars(db.select(Campaign)).one().board) == before


@pytest.mark.parametrize(("decision", "totals"), [("count", (11, 5)), ("leave", (2, 5))])
def test_a_person_decides_with_a_reason_and_can_decide_otherwise(ana, nobody, voted, decided, decision, totals):
    voted.look()
    for _twice in range(2):
        assert decided(decision).status_code == 302
    assert voted.totals() == totals
    assert voted.look() == 0  # What a person decided stays.
    assert voted.totals() == totals
    assert voted.problems() == []
    told = "9 votes were left out after a review" in nobody.get("/campaigns/soda").text
    assert told == (decision == "leave")
    history = unescape(ana.get("/campaigns/soda/history").text)
    assert history.count("I looked at them.") == 1
    assert "set votes aside for review" in history

    other = {"count": "leave", "leave": "count"}[decision]
    assert decided(other, was=decision, why="I was wrong.").status_code == 302
    assert voted.totals() == {(11, 5): (2, 5), (2, 5): (11, 5)}[totals]
    assert "I was wrong." in unescape(ana.get("/campaigns/soda/history").text)
    assert decided("review", was=other, why="A third look.").status_code == 302
    assert voted.totals() == (2, 5)
    assert voted.problems() == []


def test_a_decision_needs_a_reason_and_something_to_decide(ana, voted, decided):
    voted.look()
    answer = decided("leave", why="")
    assert answer.status_code == 422
    assert "Say why." in answer.text
    kept = decided("", why="Because of their addresses.")
    assert kept.status_code == 422
    assert "Because of their addresses." in kept.text
    for answer in (decided("leave", group="nothing"), decided("leave", was="count")):  # Nobody had counted them.
        assert answer.status_code == 422
        assert "These votes are not under review any more." in answer.text
    for idea in ("x", "0", "99999", "9" * 20, "é"):
        assert decided("leave", idea=idea).status_code == 404
    assert voted.totals() == (2, 5)


def test_only_who_moderates_may_look_and_decide(nobody, carl, drew, voted, decided):
    voted.look()
    assert nobody.get(PAGE).status_code == 302
    for browser in (carl, drew):
        assert browser.get(PAGE).status_code == 404
        assert decided("count", by=browser).status_code == 404
    assert voted.totals() == (2, 5)


def test_who_takes_a_doubtful_vote_back_and_casts_it_again_gains_nothing(voted, decided):
    voted.look()
    one = voted.machines[0]
    voted.vote(voted.bought, one, act="withdraw")
    assert voted.totals() == (2, 5)  # It was in no total.
    voted.vote(voted.bought, one, key="another-key")
    assert voted.totals() == (3, 5)
    assert voted.look() == 1
    assert voted.totals() == (2, 5)
    assert voted.problems() == []
    decided("count")
    assert voted.totals() == (11, 5)


def test_a_vote_that_somebody_left_out_in_the_database_is_named(app, voted):
    with app.app_context():
        db.session.execute(db.update(Vote).where(Vote.idea_id == voted.liked).values(aside=True))
        db.session.commit()
    assert len([problem for problem in voted.problems() if "is left out, and nothing says why" in problem]) == 5
    voted.look()
    with app.app_context():
        db.session.execute(db.delete(Doubt))
        db.session.commit()
    assert len([problem for problem in voted.problems() if "nothing says why" in problem]) == 14


def test_people_from_a_file_are_not_doubted(app, voted):
    with app.app_context():
        db.session.execute(db.text("UPDATE person SET password_hash = NULL"))
        db.session.commit()
    assert voted.look() == 0


def test_the_results_leave_out_what_the_board_leaves_out(app, voted, soda_campaign):
    voted.look()
    with app.app_context():
        [count] = tally(db.session.get_one(Campaign, soda_campaign).stage).counts
        assert (count.outcome.figures["votes"], count.outcome.winners) == (
            {voted.bought: 2, voted.liked: 5},
            (voted.liked,),
        )


def test_a_decision_that_comes_while_a_look_is_taken_stays(app, voted, cast, soda_campaign, monkeypatch):
    def count_them():
        campaign, idea = db.session.get_one(Campaign, soda_campaign), db.session.get_one(Idea, voted.bought)
        return decide(campaign, idea, GROUP, db.session.get_one(Person, cast["ana"]), "count", "I looked at them.")

    voted.look()
    for act in ("withdraw", "cast"):  # So that the next look has something to set aside.
        voted.vote(voted.bought, voted.machines[0], act=act, key="another-key")
    with ExitStack() as until_the_look_is_stored:

        def after_a_decision(*given, **more):
            until_the_look_is_stored.enter_context(meanwhile(app, count_them))
            return move_votes(*given, **more)

        monkeypatch.setattr(looking, "move_votes", after_a_decision)
        voted.look()
    assert voted.totals() == (11, 5)
    assert voted.problems() == []


def test_a_look_asks_as_much_of_the_database_however_many_ideas_a_machine_voted_for(
    app, voted, soda_campaign, cast, queries
):
    """Nobody can vote meanwhile."""

    def vote_for(name, number):
        with app.app_context():
            campaign, carl = db.session.get_one(Campaign, soda_campaign), db.session.get_one(Person, cast["carl"])
            bot = make_person(name, joined_at=now() - timedelta(days=9), password_hash="x").id
            said = {"campaign": campaign, "author": carl, "language": "en", "heat": 0.0}
            fresh = [Idea(**said, title=f"{name} {place}", lot=place) for place in range(1, number + 1)]
            db.session.add_all(fresh)
            db.session.commit()
            ideas = [idea.id for idea in fresh]
            count_ballots([Ballot(bot, idea, f"{name}-{idea}", "cast") for idea in ideas])
            db.session.commit()

    def statements(aside):
        with queries() as asked:
            assert voted.look() == aside
        return asked

    assert voted.look() == 9
    vote_for("bot", 40)
    few = statements(40)
    vote_for("another-bot", 160)
    many = statements(160)
    assert len(many) == len(few) <= 30
    assert voted.problems() == []


def test_a_decision_is_taken_without_reading_what_the_page_shows(ana, voted, decided, queries):
    voted.look()
    with queries() as asked:
        ana.get(PAGE)
    assert [statement for statement in asked if "GROUP BY doubt" in statement]
    assert [statement for statement in asked if "GROUP BY idea.votes" in statement]
    with queries() as asked:
        assert decided("count").status_code == 302
    assert not [statement for statement in asked if "GROUP BY doubt" in statement or "GROUP BY idea" in statement]


def test_where_nothing_is_doubtful_a_look_keeps_nobody_waiting(app, voted, soda_campaign, queries):
    voted.look()
    with app.app_context(), queries() as asked:
        assert look(db.session.get_one(Campaign, soda_campaign)) == 0
        driver = db.session.connection().connection.driver_connection
        assert not getattr(driver, "in_transaction", False), "on SQLite it has the writer's turn"
    assert not [statement for statement in asked if "FOR UPDATE" in statement or "advisory" in statement]


def test_two_workers_that_look_at_once_find_each_doubt_once(app, voted, soda_campaign, at_once, monkeypatch):
    both = threading.Barrier(2, timeout=30)

    def together(votes):
        found = doubtful(votes)
        both.wait()
        return found

    monkeypatch.setattr(looking, "doubtful", together)

    def look():
        yield
        looking.look(db.session.get_one(Campaign, soda_campaign))

    with app.app_context():
        at_once(look, look)
    assert voted.totals() == (2, 5)
    assert voted.problems() == []


@pytest.mark.one_database
def test_a_campaign_that_can_not_be_looked_at_keeps_no_other_waiting(app, voted, monkeypatch):
    other, looked = stage(app, slug="other"), []

    def look(campaign):
        looked.append(campaign.id)
        if len(looked) == 1:
            raise RuntimeError("it breaks")

    monkeypatch.setattr(looking, "look", look)
    with app.app_context():
        db.session.add(VoteMinute(campaign_id=other, minute=int(now().timestamp() // 60), votes=1))
        db.session.commit()
        looking.look_where_voted()
    assert len(looked) == 2


@pytest.mark.parametrize("own", ["idea", "vote"])
def test_nobody_decides_on_their_own_idea_or_vote(app, ana, cast, voted, decided, own):
    voted.look()
    with app.app_context():
        if own == "idea":
            db.session.get_one(Idea, voted.bought).author_id = cast["ana"]
        else:
            for row in (Doubt, Vote):
                of_one = db.update(row).where(row.idea_id == voted.bought, row.voter_id == voted.machines[0])
                db.session.execute(of_one.values(voter_id=cast["ana"]))
        db.session.commit()
    refused = decided("count")
    assert refused.status_code == 422
    assert "Somebody else of the team decides about them." in refused.text
    assert voted.totals() == (2, 5)


def brought_back(doubts):
    """All votes count as somebody wants it, in the totals as well: nothing in these tables tells otherwise."""
    move_votes(
        db.session.get_one(Campaign, doubts[0].campaign_id), [(one.idea_id, one.voter_id) for one in doubts], False
    )


def counted(doubts):
    for doubt in doubts:
        doubt.decision = "count"
    brought_back(doubts)


def undecided(doubts):
    for doubt in doubts:
        doubt.decision, doubt.decided_by_id, doubt.decided_at, doubt.why = None, None, None, ""


def removed(doubts):
    brought_back(doubts)
    for doubt in doubts:
        db.session.delete(doubt)


def swapped(doubts):
    """A person's vote is left out in place of a machine's."""
    campaign, one = db.session.get_one(Campaign, doubts[0].campaign_id), doubts[0]
    machines = [doubt.voter_id for doubt in doubts]
    person = db.select(Vote.voter_id).where(Vote.idea_id == one.idea_id, Vote.voter_id.not_in(machines)).limit(1)
    brought_back([one])
    one.voter_id = db.session.scalars(person).one()
    move_votes(campaign, [(one.idea_id, one.voter_id)], aside=True)


def for_another_reason(doubts):
    doubts[0].group = "burst"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (brought_back, "counts, and it is left out."),
        (counted, "it says counted, and it was left out."),
        (undecided, "it says under review, and it was left out."),
        (removed, "was removed: it was set aside."),
        (swapped, "was removed: it was set aside."),
        (swapped, "was added: nothing tells that it was set aside."),
        (for_another_reason, "was changed: it says “burst”, and it was for “throwaway one_vote”."),
    ],
)
def test_a_decision_or_a_doubt_that_was_changed_in_the_database_is_named(app, voted, decided, change, says):
    voted.look()
    assert decided("leave").status_code == 302
    assert voted.problems() == []
    with app.app_context():
        doubts = db.session.scalars(db.select(Doubt).order_by(Doubt.id)).all()
        change(doubts)
        db.session.commit()
    found = [problem for problem in voted.problems() if says in problem]
    assert len(found) == (9 if change in (brought_back, counted, undecided, removed) else 1), voted.problems()
    assert f" for idea {voted.bought}" in found[0]


def test_a_decision_that_was_taken_back_with_what_the_history_told_of_it_is_named(app, voted, decided):
    voted.look()
    assert decided("leave").status_code == 302
    with app.app_context():
        undecided(db.session.scalars(db.select(Doubt)).all())
        db.session.execute(db.delete(Entry).where(Entry.what == "votes.left_out"))
        db.session.commit()
    found = voted.problems()
    assert any("What the history told of fact 3 (decided) was removed." in problem for problem in found), found


def test_doubts_from_before_facts_were_written_down_hold_as_they_were_found(app, voted, soda_campaign):
    """As on a server that was there before; but what is put there now is named."""
    voted.look()
    with app.app_context():
        db.session.execute(db.delete(Entry).where(Entry.what == "fact.doubted"))
        for entry in db.session.scalars(db.select(Entry).where(Entry.what == "votes.set_aside")):
            entry.details = {name: value for name, value in entry.details.items() if name != "fact"}
            entry.id = -entry.id  # Older than any fact.
        start_anew_after_an_update()
        report = verify(db.session.get_one(Campaign, soda_campaign))
        assert (report.problems, report.unwritten) == ([], 9)
        person = db.select(Vote.voter_id).where(Vote.idea_id == voted.liked).limit(1)
        of = {"campaign_id": soda_campaign, "idea_id": voted.bought, "voter_id": db.session.scalars(person).one()}
        db.session.add(Doubt(**of, reasons=GROUP.split(), group=GROUP))
        db.session.commit()
        found = verify(db.session.get_one(Campaign, soda_campaign)).problems
        assert [problem for problem in found if "was added: nothing tells that it was set aside." in problem]
