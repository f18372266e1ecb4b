"""Doubtful ballots leave the count of their stage with a reason, and a person decides. By whichever method people vote."""

import json
import re
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import timedelta
from html import unescape

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Stage
from campaign.clock import now
from campaign.doubts import looking
from campaign.doubts.actions import decide_on_ballots
from campaign.doubts.signals import doubtful_ballots
from campaign.extensions import db
from campaign.history import Entry, record
from campaign.ideas.models import Idea
from campaign.ledger.appending import append_to_logs
from campaign.ledger.views import RECOUNT
from campaign.methods.counting_later import ask_for_count, count_what_is_asked_for
from campaign.methods.models import StageCount
from campaign.votes.models import BallotDoubt, BallotEntry, BallotName, StageBallot, VoteNetwork
from campaign.votes.networks import write_networks
from tests.calendars import over
from tests.campaigns.test_settings import shown
from tests.methods.test_counting_later import METHODS
from tests.votes.test_closing_meanwhile import meanwhile

PAGE, RESULTS, BALLOT = "/campaigns/soda/doubts", "/campaigns/soda/results", "/campaigns/soda/ballot"
GROUP = "throwaway one_vote"
BY_BALLOT = [method for method in METHODS if method != "approval"]


@pytest.fixture
def filled(filled_in):
    return filled_in("dots")


@pytest.fixture
def decided(ana, filled):
    def decide(decision, was="review", why="I looked at them.", by=ana, stage=None, group=GROUP):
        return by.post(PAGE, stage=str(stage or filled.stage), group=group, was=was, decision=decision, why=why)

    return decide


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.text)).split())


def rows(app):
    with app.app_context():
        return tuple(
            db.session.scalar(db.select(db.func.count()).select_from(model)) for model in (StageBallot, BallotEntry)
        )


@pytest.mark.parametrize("method", BY_BALLOT)
def test_what_is_doubtful_is_in_no_count_of_any_method_and_nothing_is_deleted(app, filled_in, method):
    filled = filled_in(method)
    assert filled.counted() == (16, (filled.bought,))
    before = rows(app)
    assert filled.look() == 9
    assert filled.counted() == (7, (filled.liked,))
    assert rows(app) == before
    assert filled.look() == 0  # Looked at again, it changes nothing.
    assert filled.problems() == []


@pytest.mark.parametrize("method", BY_BALLOT)
def test_the_recount_leaves_out_what_the_server_leaves_out_and_has_its_winners(
    app, nobody, filled_in, method, tmp_path
):
    filled = filled_in(method)
    filled.look()
    with app.app_context():
        over(db.session.scalars(db.select(Campaign)).one())
        db.session.commit()
        append_to_logs()
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(nobody.get("/campaigns/soda/log/export", buffered=True).data)
    lines = [json.loads(line) for line in file.read_text().splitlines()[1:]]
    assert [line["aside"] for line in lines if "aside" in line] == ["under review"] * 9
    done = subprocess.run([sys.executable, "-I", RECOUNT, file], capture_output=True, text=True, timeout=60, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Stage {filled.stage}, {method}: 7 ballots" in done.stdout
    assert "not counted here: 9" in done.stdout
    people, [winner] = filled.counted()
    assert people == 7
    first = next(line for line in done.stdout.splitlines() if line.startswith("Chosen, "))
    assert first.endswith(f"(idea {winner})")
    assert filled.problems() == []


def test_everybody_sees_how_many_are_under_review(nobody, ana, filled, decided):
    assert "under review" not in nobody.get(RESULTS).text
    filled.look()
    for url in ("/campaigns/soda", RESULTS):
        assert "9 ballots are under review" in nobody.get(url).text
        assert PAGE not in nobody.get(url).text
        assert PAGE in ana.get(url).text
    decided("leave")
    for url in ("/campaigns/soda", RESULTS):
        assert "9 ballots were left out after a review." in nobody.get(url).text
        assert "under review" not in nobody.get(url).text
    assert "7 people have voted" in words(nobody.get(RESULTS))


def test_where_every_ballot_is_under_review_nobody_is_told_that_there_are_none(app, nobody, filled):
    filled.look()
    for person in filled.people:
        filled.take_back(person)
    page = words(nobody.get(RESULTS))
    assert "Nobody has voted yet" not in page
    assert "9 ballots are under review" in page


def test_the_team_sees_reasons_and_the_effect_before_it_decides(ana, filled, decided):
    filled.look()
    page = words(ana.get(PAGE))
    assert "9 ballots in “The ideas”" in page
    assert "throw-away e-mail addresses" in page
    assert "accounts made within the hour that did nothing but hand in this ballot" in page
    without = "If they are left out 7 ballots counted. Chosen: A can made of paper"
    counted = "If they are counted 16 ballots counted. Chosen: A can made of gold"
    assert f"{without} {counted} They change what is chosen." in page
    assert "“A can made of gold”: rank 2 without them, 1 with them" in page
    decided("count")
    page = words(ana.get(PAGE))
    assert f"{without} {counted} They change what is chosen." in page


def test_ballots_that_change_nothing_are_said_to(ana, filled):
    filled.hand_in([filled.machines[0]], filled.liked, key="changed")
    for machine in filled.machines[1:]:
        filled.take_back(machine)
    assert filled.look() == 1
    page = words(ana.get(PAGE))
    assert "The same is chosen either way." in page
    assert "without them," not in page


def test_what_is_too_much_for_a_page_is_counted_by_a_worker(app, ana, filled, decided, monkeypatch):
    filled.look()
    # Once it would be counted while somebody waits, and twice it would not.
    monkeypatch.setattr("campaign.methods.counting.AT_ONCE", 20)
    page = words(ana.get(PAGE))
    assert "What they would change is being counted." in page
    assert "The votes wait to be counted." in page
    with app.app_context():
        count_what_is_asked_for()
    page = words(ana.get(PAGE))
    assert "If they are left out 7 ballots counted. Chosen: A can made of paper" in page
    assert "If they are counted 16 ballots counted. Chosen: A can made of gold" in page
    assert "Counted " in page
    decided("count")
    assert "What they would change is being counted." in words(ana.get(PAGE))
    with app.app_context():
        assert not ask_for_count(db.session.get_one(Stage, filled.stage)).is_current
        db.session.get_one(StageCount, filled.stage).rests_until = None
        db.session.commit()
        count_what_is_asked_for()
        assert ask_for_count(db.session.get_one(Stage, filled.stage)).is_current
    page = words(ana.get(PAGE))
    assert "If they are left out 7 ballots counted. Chosen: A can made of paper" in page
    assert "If they are counted 16 ballots counted. Chosen: A can made of gold" in page


@pytest.mark.one_database
def test_what_can_not_be_counted_is_said_to_be(app, ana, filled, monkeypatch):
    filled.look()
    monkeypatch.setattr("campaign.methods.counting.AT_ONCE", 0)
    monkeypatch.setattr("campaign.methods.counting.ANY_MOST", 1)
    ana.get(PAGE)
    with app.app_context():
        count_what_is_asked_for()
    assert "What they would change can’t be counted here." in words(ana.get(PAGE))


@pytest.mark.one_database
def test_a_decision_counts_nothing_again_before_it_is_stored(ana, filled, decided, monkeypatch):
    filled.look()
    monkeypatch.setattr("campaign.doubts.views.stages_doubted", None)
    assert decided("leave").status_code == 302


def test_while_counts_are_sealed_neither_how_many_nor_what_they_change_is_told(app, ana, nobody, filled, decided):
    with app.app_context():
        db.session.get_one(Stage, filled.stage).shows_counts = "ended"
        db.session.commit()
    filled.look()
    page = words(ana.get(PAGE))
    assert "Ballots in “The ideas”" in page
    assert "What they would change is told when the counts are shown." in page
    assert "9 ballots" not in page
    assert "Chosen:" not in page
    assert decided("leave").status_code == 302
    for browser in (ana, nobody):
        for url in ("/campaigns/soda", RESULTS):
            assert "left out" not in browser.get(url).text
    history = words(ana.get("/campaigns/soda/history"))
    assert "left ballots out that were under review" in history  # Her own decision.
    assert "set ballots aside" not in history
    assert "9 ballots" not in history


@pytest.mark.parametrize("decision", ["count", "leave"])
def test_a_person_decides_with_a_reason_and_can_decide_otherwise(ana, nobody, filled, decided, decision):
    filled.look()
    counts = {"count": (16, (filled.bought,)), "leave": (7, (filled.liked,)), "review": (7, (filled.liked,))}
    for _twice in range(2):
        assert decided(decision).status_code == 302
    assert filled.counted() == counts[decision]
    assert filled.look() == 0  # What a person decided stays.
    assert filled.counted() == counts[decision]
    history = words(ana.get("/campaigns/soda/history"))
    assert history.count("I looked at them.") == 1
    assert "set ballots aside for review" in history
    assert "The ideas" in history
    assert "9 ballots" in history
    assert "accounts made within the hour that did nothing but hand in this ballot" in history

    other = {"count": "leave", "leave": "count"}[decision]
    assert decided(other, was=decision, why="I was wrong.").status_code == 302
    assert filled.counted() == counts[other]
    assert "I was wrong." in words(ana.get("/campaigns/soda/history"))
    assert decided("review", was=other, why="A third look.").status_code == 302
    assert filled.counted() == counts["review"]
    assert filled.problems() == []


def test_a_decision_needs_a_reason_and_something_to_decide(ana, filled, decided):
    filled.look()
    answer = decided("leave", why="")
    assert answer.status_code == 422
    assert "Say why." in answer.text
    kept = decided("", why="Because of their addresses.")
    assert kept.status_code == 422
    assert "Because of their addresses." in kept.text
    for answer in (decided("leave", group="nothing"), decided("leave", was="count")):  # Nobody had counted them.
        assert answer.status_code == 422
        assert "These ballots are not under review any more." in answer.text
    for stage in ("x", "0", "99999", "9" * 20, "é"):
        assert decided("leave", stage=stage).status_code == 404
    assert filled.counted()[0] == 7


def test_only_who_moderates_may_decide(nobody, carl, drew, filled, decided):
    filled.look()
    assert nobody.get(PAGE).status_code == 302
    for browser in (carl, drew):
        assert browser.get(PAGE).status_code == 404
        assert decided("count", by=browser).status_code == 404
    decided("count", by=nobody)
    assert filled.counted()[0] == 7


@pytest.mark.parametrize("own", ["idea", "ballot"])
def test_nobody_decides_on_their_own_ballot_or_about_their_own_idea(app, cast, filled, decided, own):
    filled.look()
    with app.app_context():
        if own == "idea":
            db.session.get_one(Idea, filled.liked).author_id = cast["ana"]
        else:
            for row in (BallotDoubt, StageBallot):
                of_one = db.update(row).where(row.stage_id == filled.stage, row.voter_id == filled.machines[0])
                db.session.execute(of_one.values(voter_id=cast["ana"]))
        db.session.commit()
    refused = decided("count")
    assert refused.status_code == 422
    assert "Somebody else of the team decides about them." in refused.text
    assert filled.counted()[0] == 7


def test_who_changes_a_doubtful_ballot_or_hands_it_in_anew_gains_nothing(filled, decided):
    filled.look()
    one = filled.machines[0]
    filled.hand_in([one], filled.liked, key="changed")
    assert filled.counted()[0] == 7
    filled.take_back(one)
    filled.hand_in([one], filled.bought, key="anew")
    assert filled.look() == 0
    assert filled.counted()[0] == 7
    decided("count")
    assert filled.counted()[0] == 16
    assert filled.problems() == []


def test_people_from_a_file_are_not_doubted(app, filled):
    with app.app_context():
        db.session.execute(db.text("UPDATE person SET password_hash = NULL"))
        db.session.commit()
    assert filled.look() == 0


def test_the_worker_looks_where_ballots_were_handed_in_lately(app, filled):
    with app.app_context():
        db.session.execute(db.update(BallotEntry).values(at=now() - timedelta(minutes=20)))
        theirs = db.update(Person).where(Person.id.in_(filled.machines))
        db.session.execute(theirs.values(joined_at=now() - timedelta(minutes=22)))
        db.session.commit()
        looking.look_where_voted()
    assert filled.counted()[0] == 16
    with app.app_context():
        latest = db.session.scalar(db.select(db.func.max(BallotEntry.id)))
        db.session.execute(db.update(BallotEntry).where(BallotEntry.id == latest).values(at=now()))
        db.session.commit()
        looking.look_where_voted()
    assert filled.counted()[0] == 7


def test_a_decision_that_comes_while_a_look_is_taken_stays(app, filled, cast, monkeypatch):
    def count_them():
        stage, ana = db.session.get_one(Stage, filled.stage), db.session.get_one(Person, cast["ana"])
        return decide_on_ballots(stage, GROUP, ana, "count", "I looked at them.")

    filled.look()
    filled.hand_in([make_another(app)], filled.bought)
    with ExitStack() as until_the_look_is_stored:

        def after_a_decision(*given, **more):
            until_the_look_is_stored.enter_context(meanwhile(app, count_them))
            return record(*given, **more)

        monkeypatch.setattr(looking, "record", after_a_decision)
        assert filled.look() == 1
    assert filled.counted()[0] in (16, 17)
    assert filled.problems() == []


def make_another(app):
    from tests.makers import make_person

    with app.app_context():
        joined = now() - timedelta(minutes=2)
        person = make_person("m10", email="m10@mailinator.com", joined_at=joined, password_hash="x")
        db.session.commit()
        return person.id


def test_two_workers_that_look_at_once_find_each_doubt_once(app, filled, soda_campaign, at_once, monkeypatch):
    both = threading.Barrier(2, timeout=30)

    def together(ballots):
        found = doubtful_ballots(ballots)
        both.wait()
        return found

    monkeypatch.setattr(looking, "doubtful_ballots", together)

    def look():
        yield
        looking.look_at_ballots(db.session.get_one(Campaign, soda_campaign))

    with app.app_context():
        at_once(look, look)
    assert filled.counted()[0] == 7
    assert filled.problems() == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda doubt: db.session.delete(doubt), "there are 8, and 9 were set aside"),
        (lambda doubt: setattr(doubt, "decision", "count"), "nobody decided so"),
        (lambda doubt: setattr(doubt, "why", "Because."), "nobody decided so"),
        (lambda doubt: setattr(doubt, "group", "burst"), "there are 1, and 0 were set aside"),
        (
            lambda doubt: db.session.add(BallotDoubt(stage_id=doubt.stage_id, voter_id=1, reasons=[], group=GROUP)),
            "there are 10, and 9 were set aside",
        ),
    ],
)
def test_a_doubt_that_somebody_changed_in_the_database_is_named(app, filled, change, problem):
    filled.look()
    with app.app_context():
        change(db.session.scalars(db.select(BallotDoubt).where(BallotDoubt.voter_id == filled.machines[0])).one())
        db.session.commit()
    assert any(problem in each for each in filled.problems())


def swapped(doubts, people):
    """A person's ballot is left out in place of a machine's: there are as many as there were."""
    doubts[0].voter_id = people[0]


def undecided(doubts, people):
    for doubt in doubts:
        doubt.decision, doubt.decided_by_id, doubt.decided_at, doubt.why = None, None, None, ""


@pytest.mark.parametrize(
    ("change", "says", "many"),
    [
        (swapped, "was removed: it was set aside.", 1),
        (swapped, "was added: nothing tells that it was set aside.", 1),
        (undecided, "it says under review, and it was counted.", 9),
    ],
)
def test_a_swapped_voter_and_a_decision_that_was_taken_back_in_the_database_are_named(
    app, filled, decided, change, says, many
):
    filled.look()
    assert decided("count").status_code == 302
    assert filled.problems() == []
    with app.app_context():
        change(db.session.scalars(db.select(BallotDoubt).order_by(BallotDoubt.id)).all(), filled.people)
        db.session.commit()
    found = [problem for problem in filled.problems() if says in problem]
    assert len(found) == many, filled.problems()
    assert f" in stage {filled.stage} " in found[0]


def test_the_history_tells_of_no_decision_that_was_not_taken(app, filled, decided):
    filled.look()
    assert decided("leave", was="review").status_code == 302
    assert decided("leave", was="review").status_code == 302
    with app.app_context():
        acts = db.session.scalars(db.select(Entry.what).where(Entry.what.startswith("ballots."))).all()
    assert sorted(acts) == ["ballots.left_out", "ballots.set_aside"]


def test_the_names_under_an_idea_are_those_whose_ballots_count(app, nobody, filled_in, soda_campaign):
    filled = filled_in("up_down")
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        campaign.names_voters = campaign.has_named_voters = True
        for person, name in ((filled.machines[0], "Nobody Atall"), (filled.people[0], "Paula Lively")):
            db.session.get_one(Person, person).name = name
            db.session.add(BallotName(stage_id=filled.stage, voter_id=person, idea_id=filled.bought))
        db.session.commit()
    machine, person = "Nobody Atall", "Paula Lively"
    listed = nobody.get(f"/ideas/{filled.bought}/supporters").text
    assert machine in listed
    assert person in listed
    filled.look()
    listed = nobody.get(f"/ideas/{filled.bought}/supporters").text
    assert machine not in listed
    assert person in listed


@pytest.mark.parametrize("method", ["dots", "duels"])
def test_a_ballot_is_noted_with_its_network(app, carl, cast, filled_in, method):
    filled = filled_in(method)
    with app.app_context():
        db.session.get_one(Idea, filled.bought).author_id = db.session.get_one(Idea, filled.liked).author_id = cast[
            "bea"
        ]
        db.session.commit()
    page = shown(carl.get(BALLOT).text)
    if method == "duels":
        sent = {"stage": page["stage"], "pair": page["pair"], "answer": "first"}
    else:
        sent = {"stage": page["stage"], "key": page["key"], f"idea-{filled.liked}": "3"}
    assert carl.post(BALLOT, **sent).status_code == 302
    with app.app_context():
        write_networks()
        assert db.session.scalars(db.select(VoteNetwork.voter_id)).all() == [cast["carl"]]


def test_answers_faster_than_two_ideas_are_read_are_set_aside(app, filled_in):
    filled = filled_in("duels")
    fast, slow = filled.people[2], filled.people[3]
    with app.app_context():
        stage = db.session.get_one(Stage, filled.stage)
        for person, pace in ((fast, 0.2), (slow, 3.0)):
            for number in range(12):
                entry = {"campaign_id": stage.campaign_id, "stage_id": stage.id, "voter_id": person, "act": "cast"}
                at = now() - timedelta(minutes=5) + timedelta(seconds=pace * number)
                db.session.add(BallotEntry(**entry, key=f"answer-{number}", at=at, content="[]"))
        db.session.commit()
    filled.look()
    with app.app_context():
        found = dict(db.session.execute(db.select(BallotDoubt.voter_id, BallotDoubt.group)).all())
    assert found[fast] == "too_fast"
    assert slow not in found
