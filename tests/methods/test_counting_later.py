"""Counts of very many ballots: a worker makes them, the page shows the last one and how far the next one is."""

from datetime import timedelta
from html import unescape

import pytest

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.doubts.actions import decide, move_votes
from campaign.doubts.models import Doubt
from campaign.extensions import db
from campaign.methods.actions import take_back
from campaign.methods.counting import counted_at_once, tally
from campaign.methods.counting_later import _take_one, ask_for_count, count_what_is_asked_for, how_far, what_is_counted
from campaign.methods.lots import seed_of
from campaign.methods.models import StageCount
from campaign.methods.results import kept, told
from campaign.votes.actions import hand_back
from tests.calendars import over, until
from tests.makers import make_person
from tests.methods.test_results import RESULTS, fill
from tests.voting import cast_vote

METHODS = ["approval", "dots", "score", "up_down", "statements", "ranked", "duels", "budget"]


@pytest.fixture
def many(monkeypatch):
    """More ballots than are counted in a page: one is enough."""
    monkeypatch.setattr("campaign.methods.counting.AT_ONCE", 0)
    monkeypatch.setattr("campaign.methods.reading.SOME", 2)


@pytest.fixture
def counted(scene, many):
    """Three people gave points, and a worker counted them."""
    scene.vote_by("dots", points=10, seats=1)
    one, two, *_rest = (idea.id for idea in scene.ideas)
    for person in (scene.bea, scene.carl, scene.drew):
        fill(scene, person, {one: 3, two: 2})
    ask_for_count(scene.stage)
    db.session.commit()
    count_what_is_asked_for()
    return scene


def count_of(scene):
    return db.session.get_one(StageCount, scene.stage.id, populate_existing=True)


def test_a_worker_keeps_the_count_of_all_ballots_with_its_time(counted):
    count = count_of(counted)
    assert (count.ballots, count.asked_at, count.lease, count.failure) == (3, None, None, "")
    assert now() - count.counted_at < timedelta(minutes=1)
    assert count.result == kept(tally(counted.stage))
    assert count.result["counts"][0]["rows"][0][4] == [9, 3]
    assert ask_for_count(counted.stage).is_current


def test_another_ballot_asks_for_another_count_and_the_last_one_stays_meanwhile(counted):
    take_back(counted.stage.id, counted.drew, "taken-back")
    db.session.commit()
    standing = ask_for_count(counted.stage)
    db.session.commit()
    assert (standing.is_current, standing.step, standing.count.ballots) == (False, "waiting", 3)
    count_what_is_asked_for()
    assert count_of(counted).ballots == 3, "it rests, so that a vote that goes on doesn't keep a worker busy for ever"
    count_of(counted).rests_until = now()
    db.session.commit()
    count_what_is_asked_for()
    assert count_of(counted).ballots == 2


@pytest.mark.one_database
@pytest.mark.parametrize("change", ["withdrawal", "price", "votes under review"])
def test_what_else_the_outcome_hangs_on_asks_for_another_count(counted, change):
    counted.vote_by("approval" if change == "votes under review" else "budget", budget=100, seats=1)
    if change == "votes under review":
        cast_vote(counted.ideas[0], counted.bea, "the-vote-of-bea")
        db.session.commit()
    ask_for_count(counted.stage)
    count_of(counted).rests_until = None
    db.session.commit()
    count_what_is_asked_for()
    assert ask_for_count(counted.stage).is_current
    if change == "votes under review":
        assert move_votes(counted.campaign, [(counted.ideas[0].id, counted.bea.id)], aside=True) == 1
    elif change == "price":
        counted.ideas[0].cost = 7
    else:
        from campaign.ideas.actions import withdraw_idea

        withdraw_idea(counted.ideas[-1], counted.ana, "Done already.")
    db.session.commit()
    assert not ask_for_count(counted.stage).is_current


def test_two_workers_do_not_count_the_same_at_once_and_a_killed_one_is_replaced(scene, many):
    scene.vote_by("dots", points=10, seats=1)
    fill(scene, scene.bea, {scene.ideas[0].id: 3})
    ask_for_count(scene.stage)
    ask_for_count(scene.stage)
    db.session.commit()
    taken = _take_one()
    assert taken is not None
    assert _take_one() is None
    assert how_far(scene.stage).step == "reading"
    count_of(scene).beat_at = now() - timedelta(minutes=1)  # Whoever took it was killed.
    db.session.commit()
    assert how_far(scene.stage).step == "waiting"
    again = _take_one()
    assert again is not None
    assert again[1] != taken[1]


def test_who_lost_the_lease_writes_nothing(scene, many, monkeypatch):
    scene.vote_by("dots", points=10, seats=1)
    fill(scene, scene.bea, {scene.ideas[0].id: 3})
    ask_for_count(scene.stage)
    db.session.commit()

    def taken_over(stage, tell):
        count_of(scene).lease = "of another"
        db.session.commit()
        return read_ballots(stage, tell)

    from campaign.methods.counting import read_ballots

    monkeypatch.setattr("campaign.methods.counting_later.read_ballots", taken_over)
    count_what_is_asked_for()
    assert count_of(scene).lease == "of another"
    assert count_of(scene).result is None


@pytest.mark.one_database
def test_a_count_that_breaks_off_is_not_tried_for_ever_and_the_last_one_stays(counted, monkeypatch):
    take_back(counted.stage.id, counted.drew, "taken-back")
    ask_for_count(counted.stage)
    count_of(counted).rests_until = None
    db.session.commit()

    def breaks(stage, tell):
        raise ValueError("no such ballot")

    monkeypatch.setattr("campaign.methods.counting_later.read_ballots", breaks)
    count_what_is_asked_for()
    count = count_of(counted)
    assert (count.failure, count.asked_at, count.ballots, count.result["people"]) == ("broken", None, 3, 3)


@pytest.mark.one_database
def test_with_nobody_at_work_the_page_says_so(scene, many):
    scene.vote_by("dots", points=10, seats=1)
    fill(scene, scene.bea, {scene.ideas[0].id: 3})
    ask_for_count(scene.stage)
    count_of(scene).asked_at = now() - timedelta(minutes=10)
    db.session.commit()
    assert how_far(scene.stage).step == "unattended"


@pytest.mark.parametrize("seats", [1, 3])
def test_votes_that_are_set_aside_are_in_no_count(scene, seats):
    scene.vote_by("approval", seats=seats)
    one, two, *_rest = scene.ideas
    for person in (scene.bea, scene.carl):
        cast_vote(one, person, f"vote-of-{person.id}")
    cast_vote(two, scene.carl, "another-of-carls")
    move_votes(scene.campaign, [(one.id, scene.carl.id)], aside=True)
    db.session.commit()
    counted = tally(scene.stage)
    votes = counted.counts[0].outcome.figures["votes"]
    assert (votes[one.id], votes[two.id], counted.people) == (1, 1, 2)


@pytest.fixture
def reviewed(scene, many):
    """Of two votes for an idea that were doubted, bea's is under review and carl's was found good. Voting is over, and a worker counted."""
    scene.vote_by("approval", seats=3)
    one, two, *_rest = scene.ideas
    for person in (scene.bea, scene.carl):
        cast_vote(one, person, f"vote-of-{person.id}")
        group = "throwaway" if person is scene.bea else "burst"
        given = {"campaign_id": scene.campaign.id, "idea_id": one.id, "voter_id": person.id}
        db.session.add(Doubt(**given, reasons=[group], group=group, decision="count" if group == "burst" else None))
    cast_vote(two, scene.carl, "another-of-carls")
    move_votes(scene.campaign, [(one.id, scene.bea.id)], aside=True)
    over(scene.campaign)
    db.session.commit()
    scene.voted_in = next(stage for stage in scene.campaign.stages if stage.accepts_votes)
    count_again(scene)
    return scene


def count_again(scene):
    """Let a worker count at once; gives what it came to."""
    ask_for_count(scene.voted_in)
    count_of_stage(scene.voted_in).rests_until = None
    db.session.commit()
    count_what_is_asked_for()
    assert ask_for_count(scene.voted_in).is_current
    return count_of_stage(scene.voted_in).result


@pytest.mark.parametrize(
    ("decisions", "votes"),
    [
        ({"throwaway": "count"}, 2),
        ({"burst": "leave"}, 0),
        ({"throwaway": "count", "burst": "leave"}, 1),  # As many as before, and others.
    ],
)
def test_votes_that_are_reviewed_after_the_end_ask_for_another_count(reviewed, decisions, votes):
    one = reviewed.ideas[0]
    for group, decision in decisions.items():
        was = "count" if decision == "leave" else "review"
        decide(reviewed.campaign, one, group, reviewed.drew, decision, "I asked them.", was=was)
    db.session.commit()
    assert not ask_for_count(reviewed.voted_in).is_current
    again = count_again(reviewed)
    assert {row[0]: row[4] for row in again["counts"][0]["rows"]}[one.id] == [votes]
    assert again == kept(tally(reviewed.voted_in))


@pytest.mark.one_database
def test_votes_that_are_handed_back_after_the_end_ask_for_another_count(reviewed):
    hand_back(reviewed.ideas[1])
    db.session.commit()
    assert not ask_for_count(reviewed.voted_in).is_current
    assert count_again(reviewed)["people"] == 1


def test_the_end_of_the_vote_asks_for_another_count_by_the_lots_that_decide(counted):
    stage = counted.stage
    assert count_of(counted).result["seed"] == {"words": f"cans {stage.id} provisional", "provisional": True}
    over(counted.campaign)
    db.session.commit()
    assert not ask_for_count(stage).is_current
    counted.voted_in = stage
    seed = count_again(counted)["seed"]
    assert (seed["words"], seed["provisional"]) == (seed_of(stage).words, False)


@pytest.mark.one_database
def test_an_idea_that_was_taken_back_since_is_not_named(counted):
    from campaign.ideas.actions import withdraw_idea

    withdraw_idea(counted.ideas[-1], counted.ana, "Done already.")
    db.session.commit()
    rows = told(counted.stage, count_of(counted).result).counts[0].rows
    assert counted.ideas[-1].id not in {row.idea for row in rows}


@pytest.mark.one_database
@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_counted_beside_the_page_as_in_it(app, many, nobody, voted_by, method):
    voted_by(method, budget=100, points=10)
    with app.app_context():
        stage = db.session.scalars(db.select(Campaign).filter_by(slug="soda")).one().stage
        ask_for_count(stage)
        db.session.commit()
        count_what_is_asked_for()
        assert count_of_stage(stage).result == kept(tally(stage))


def count_of_stage(stage):
    return db.session.get_one(StageCount, stage.id, populate_existing=True)


@pytest.mark.one_database
def test_the_page_shows_how_far_it_is_and_then_the_result_with_its_time(app, many, carl, nobody, voted_by):
    one, two, *_rest = voted_by("approval", seats=1)
    carl.post(f"/ideas/{one}/vote", id="a-vote-of-carls")
    waiting = unescape(nobody.get(RESULTS).text)
    assert "The votes wait to be counted." in waiting
    assert "<progress" in waiting
    where = waiting.split('<count-progress data-url="')[1].split('"')[0]
    far = nobody.get(where).json
    assert (far["step"], far["finished"]) == ("waiting", "")
    with app.app_context():
        count_what_is_asked_for()
    told = unescape(nobody.get(RESULTS).text)
    assert "Counted on" in told
    assert "1 ballots" not in told
    assert "1 ballot." in told
    assert "<progress" not in told
    assert "Most supported" in told
    assert "These lots are provisional" in told
    assert "have changed since" not in told
    assert nobody.get(where).json["finished"] != ""
    carl.post(f"/ideas/{two}/vote", id="another-of-carls")
    told = unescape(nobody.get(RESULTS).text)
    assert "Votes, ideas or the words of the lots have changed since." in told
    assert "The votes wait to be counted." in told


@pytest.mark.one_database
def test_a_count_that_is_kept_is_shown_without_reading_a_ballot(app, many, bea, carl, drew, nobody, voted_by, queries):
    one, two, *_rest = voted_by("ranked", seats=1)

    def hand_in_as(person, first):
        page = person.get("/campaigns/soda/ballot").text
        key, stage = (page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0] for name in ("key", "stage"))
        assert person.post("/campaigns/soda/ballot", key=key, stage=stage, **{f"idea-{first}": "1"}).status_code == 302

    hand_in_as(carl, one)
    nobody.get(RESULTS)
    with app.app_context():
        count_what_is_asked_for()
    with queries() as kept:
        assert "1 ballot." in nobody.get(RESULTS).text
    assert not [statement for statement in kept if "stage_ballot.content" in statement]
    hand_in_as(drew, two)
    with app.app_context():
        stage = db.session.scalars(db.select(StageCount)).one()
        stage.rests_until = None
        db.session.commit()
    nobody.get(RESULTS)
    with queries() as meanwhile:
        told = unescape(nobody.get(RESULTS).text)
    assert "1 ballot. Votes, ideas or the words of the lots have changed since." in told
    assert "The votes wait to be counted." in told
    with app.app_context():
        count_what_is_asked_for()
    with queries() as more:
        assert "2 ballots." in nobody.get(RESULTS).text
    assert len(more) == len(kept) == len(meanwhile)


@pytest.mark.one_database
@pytest.mark.parametrize(("money", "at_once"), [(20_000, True), (20_001, False)])
def test_a_budget_of_much_money_is_counted_beside_the_page(scene, money, at_once):
    scene.vote_by("budget", budget=money)
    assert counted_at_once(scene.stage) == at_once


@pytest.mark.one_database
@pytest.mark.parametrize("method", ["approval", "ranked"])
def test_what_a_page_counts_takes_as_many_questions_for_many_votes_as_for_few(scene, queries, method):
    scene.vote_by(method, seats=1)
    make_person("in-between", id=100_000)
    voters = [scene.bea, make_person("far", id=200_000), scene.carl, scene.drew]

    def votes(person):
        if method == "approval":
            cast_vote(scene.ideas[0], person, f"vote-of-{person.id}")
            db.session.commit()
        else:
            fill(scene, person, [scene.ideas[0].id])

    votes(voters[0])
    assert counted_at_once(scene.stage)
    with queries() as few:
        tally(scene.stage)
    for person in voters[1:]:
        votes(person)
    assert counted_at_once(scene.stage)
    with queries() as many:
        assert tally(scene.stage).people == 4
    assert len(many) == len(few)


@pytest.mark.one_database
def test_sealed_counts_have_no_progress_either(many, monkeypatch, carl, nobody, voted_by):
    one, *_rest = voted_by("approval", seats=1)
    carl.post(f"/ideas/{one}/vote", id="a-vote-of-carls")
    where = nobody.get(RESULTS).text.split('<count-progress data-url="')[1].split('"')[0]
    assert nobody.get(where).status_code == 200
    monkeypatch.setattr("campaign.methods.views.counts_shown", lambda campaign, person: False)
    assert nobody.get(where).status_code == 404
    told = nobody.get(RESULTS).text
    assert "<count-progress" not in told
    assert "The results are sealed." in told


@pytest.mark.one_database
def test_too_many_ideas_for_a_rule_are_said_plainly(app, many, monkeypatch, carl, nobody, voted_by):
    one, *_rest = voted_by("approval", seats=1)
    carl.post(f"/ideas/{one}/vote", id="a-vote-of-carls")
    monkeypatch.setattr("campaign.methods.counting.ANY_MOST", 3)
    nobody.get(RESULTS)
    with app.app_context():
        count_what_is_asked_for()
    assert "There are too many ideas to count them in this way." in nobody.get(RESULTS).text


@pytest.mark.one_database
def test_too_many_different_ballots_are_said_plainly(scene, many, monkeypatch):
    scene.vote_by("ranked", seats=1)
    one, two, *_rest = (idea.id for idea in scene.ideas)
    fill(scene, scene.bea, [one, two])
    fill(scene, scene.carl, [two, one])
    monkeypatch.setattr("campaign.methods.reading.DIFFERENT_MOST", 1)
    ask_for_count(scene.stage)
    db.session.commit()
    count_what_is_asked_for()
    assert count_of(scene).failure == "ballots"


def test_what_is_counted_has_its_name_without_a_sum_over_all_ideas_each_time(scene, queries):
    def name():
        with queries() as asked:
            found = what_is_counted(scene.stage)
        return found, len([statement for statement in asked if "FROM idea" in statement])

    until(scene.campaign, ideas_until=now(), votes_until=now() + timedelta(days=1))
    db.session.commit()
    cast_vote(scene.ideas[0], scene.bea, "the-first-vote")
    db.session.commit()
    first, sums = name()
    assert sums == 2
    assert name() == (first, 0)
    cast_vote(scene.ideas[0], scene.carl, "another-vote")
    db.session.commit()
    second, sums = name()
    assert (second != first, sums) == (True, 1)  # Of the votes: which ideas there are is known.
    doubted = Doubt(
        campaign_id=scene.campaign.id,
        idea_id=scene.ideas[0].id,
        voter_id=scene.bea.id,
        reasons=["burst"],
        group="burst",
        decision="count",
    )
    db.session.add(doubted)
    db.session.commit()
    decide(scene.campaign, scene.ideas[0], "burst", scene.drew, "leave", "Nobody knows them.", "count")
    db.session.commit()
    third, _sums = name()
    assert third not in (first, second)
