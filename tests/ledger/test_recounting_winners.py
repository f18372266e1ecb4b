"""recount.py wins by its own lines: on random elections, small enough for ties to be frequent, it names the winners that the server names."""

import importlib.util
import json
import random
import subprocess
import sys

import pytest

from campaign.campaigns.scales import read_lines, together
from campaign.campaigns.voting import settings_of
from campaign.counting.ballots import Approvals, Duels, Marks, Rankings
from campaign.counting.dots import dots
from campaign.counting.duels import duels
from campaign.counting.equal_shares import equal_shares, step_of
from campaign.counting.greedy_budget import greedy_budget
from campaign.counting.instant_runoff import instant_runoff
from campaign.counting.proportional import proportional
from campaign.counting.scales import scales
from campaign.counting.schulze import schulze
from campaign.counting.score import score
from campaign.counting.statements import statements
from campaign.counting.transferable import transferable
from campaign.counting.up_and_down import up_and_down
from campaign.extensions import db
from campaign.ledger.appending import append_to_logs
from campaign.ledger.views import RECOUNT
from campaign.methods.access import stages_with_counts
from campaign.methods.actions import hand_in
from campaign.methods.counting import tally
from campaign.methods.papers import written
from campaign.votes.models import Vote
from tests.calendars import over
from tests.cast import browser_of
from tests.ledger.test_recounting import unsigned
from tests.makers import make_brand, make_campaign, make_idea, make_person
from tests.voting import cast_vote

ELECTIONS = 120
SEED = "a stage and a moment"


@pytest.fixture(scope="module")
def recount():
    spec = importlib.util.spec_from_file_location("recount", RECOUNT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def elections():
    """Ideas by numbers with gaps, one that was taken back (9), and how many win."""
    for number in range(ELECTIONS):
        chance = random.Random(number)
        ideas = chance.sample(range(10, 99), chance.randint(1, 7))
        yield chance, ideas, chance.randint(1, 4)


def some(chance, ideas):
    return chance.sample(ideas, chance.randint(0, len(ideas)))


def without(ballot, taken_back=9):
    return [idea for idea in ballot if idea != taken_back]


@pytest.mark.one_database
def test_rankings(recount):
    for chance, ideas, seats in elections():
        ballots = [some(chance, [*ideas, 9]) for _voter in range(chance.randint(0, 15))]
        profile = Rankings.of(ideas, map(without, ballots))
        rules = {"method": "ranked", "seats": seats}
        told = dict(recount.winners_of(rules, ballots, set(ideas), {}, SEED))
        assert told == {
            "Schulze": list(schulze(profile, seed=SEED, seats=seats).winners),
            "instant run-off": list(instant_runoff(profile, seed=SEED).winners),
            "single transferable vote": list(transferable(profile, seed=SEED, seats=seats).winners),
        }
        assert (next(iter(told)) == "Schulze") == (seats == 1), "what decides comes first"


@pytest.mark.one_database
def test_budgets(recount):
    for chance, ideas, _seats in elections():
        costs = {idea: 100 * chance.choice([0, 10, 20, 50, chance.randint(1, 100)]) for idea in ideas}
        ballots = [some(chance, [*ideas, 9]) for _voter in range(chance.randint(0, 25))]
        budget = chance.randint(1, sum(costs.values()) // 100 + 1)
        profile = Approvals.of(ideas, map(without, ballots))
        contents = [[[idea, 1] for idea in sorted(ballot)] for ballot in ballots]
        rules = {"method": "budget", "budget": budget}
        told = dict(recount.winners_of(rules, contents, set(ideas), {**costs, 9: 1}, SEED))
        step = step_of(budget * 100, profile.people, 100)
        shares = equal_shares(profile, costs, budget * 100, seed=SEED, step=step)
        assert told == {
            "equal shares": list(shares.winners),
            "by votes alone": list(greedy_budget(profile, costs, budget * 100, seed=SEED).winners),
        }


@pytest.mark.one_database
def test_proportional_shortlists(recount):
    for chance, ideas, seats in elections():
        # Also people all of whose ideas were taken back: they have a part of the places, and spend nothing.
        ballots = [without(some(chance, [*ideas, 9])) for _voter in range(chance.randint(0, 25))]
        profile = Approvals.of(ideas, ballots)
        told = recount.proportional(profile.ballots, set(ideas), seats, SEED)
        assert told == list(proportional(profile, seed=SEED, seats=seats).winners)


@pytest.mark.one_database
def test_strengths_in_duels(recount):
    for chance, ideas, seats in elections():
        duel = [
            [*chance.sample([*ideas, 9, 8], 2), chance.choice(["", "", "equal"])]
            for _answer in range(chance.randint(0, 40))
        ]
        met = [(won, lost) for won, lost, undecided in duel if not undecided and {won, lost}.issubset(ideas)]
        outcome = duels(Duels.of(ideas, met), seed=SEED, seats=seats)
        rules = {"method": "duels", "seats": seats}
        assert recount.winners_of(rules, [duel], set(ideas), {}, SEED) == [("strength in duels", list(outcome.winners))]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("method", "marks", "count"),
    [
        ("dots", (0, 3), lambda profile, seats: dots(profile, seed=SEED, points=100, seats=seats)),
        ("score", (0, 5), lambda profile, seats: score(profile, seed=SEED, highest=5, seats=seats)),
        ("up_down", (-1, 1), lambda profile, seats: up_and_down(profile, seed=SEED, seats=seats)),
        ("statements", (-1, 1), lambda profile, seats: statements(profile, seed=SEED, seats=seats)),
    ],
)
def test_points(recount, method, marks, count):
    for chance, ideas, seats in elections():
        ballots = [
            {idea: chance.randint(*marks) for idea in some(chance, [*ideas, 9])}
            for _voter in range(chance.randint(0, 12))
        ]
        profile = Marks.of(ideas, ({idea: mark for idea, mark in ballot.items() if idea != 9} for ballot in ballots))
        contents = [[[idea, mark] for idea, mark in ballot.items()] for ballot in ballots]
        rules = {"method": method, "seats": seats}
        [(_name, winners)] = recount.winners_of(rules, contents, set(ideas), {}, SEED)
        assert winners == list(count(profile, seats).winners)


@pytest.mark.one_database
def test_the_proportional_shortlist_is_counted_from_what_people_support_together(app, scene, tmp_path, monkeypatch):
    stage = scene.campaign.stage
    stage.method_settings = {"seats": 2}
    third = make_idea(scene.campaign, scene.ana)
    for voter in scene.voters[:6]:
        cast_vote(third, voter, f"third-vote-{voter.id}")
    db.session.commit()
    append_to_logs()
    over(scene.campaign)
    db.session.commit()
    counted = {
        count.outcome.rule: list(count.outcome.winners) for count in tally(stages_with_counts(scene.campaign)[0]).counts
    }
    assert list(counted) == ["approval", "proportional"]
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(browser_of(app).get("/campaigns/cans/log/export", buffered=True).data)
    together = [json.loads(line) for line in file.read_text().splitlines() if "together" in line]
    assert sum(line["people"] for line in together) == len(scene.voters)
    assert [set(line) for line in together] == [{"together", "people"}] * len(together)
    assert together == sorted(together, key=lambda line: line["together"]), "their order tells nothing"
    done = told_by(file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert chosen_in(done.stdout) == list(counted.values())
    file.write_text(file.read_text().replace('"people":', '"people":1'))
    assert "WRONG: what people support together is not what was signed" in told_by(file).stdout
    file.write_text(unsigned(file.read_text()))
    assert "WRONG: what people support together gives idea" in told_by(file).stdout
    file.write_text("".join(line for line in file.read_text().splitlines(True) if "together" not in line))
    done = told_by(file)
    assert done.returncode == 0
    assert "The proportional shortlist can't be counted from here" in done.stdout
    monkeypatch.setattr("campaign.ledger.exporting.TOGETHER_MOST", 1)  # Too many to lie in memory.
    assert b"together" not in browser_of(app).get("/campaigns/cans/log/export", buffered=True).data


def test_who_voted_by_name_and_in_secret_is_not_found_by_the_one_from_the_other(app, scene):
    scene.campaign.stage.method_settings = {"seats": 2}
    over(scene.campaign)
    db.session.commit()

    def tells():
        return b'"together"' in browser_of(app).get("/campaigns/cans/log/export", buffered=True).data

    assert tells()
    scene.campaign.has_named_voters = True
    voter = scene.voters[3].id  # Of those who support both.
    one, other = (db.session.get_one(Vote, (idea.id, voter)) for idea in (scene.first, scene.second))
    one.named = True
    db.session.commit()
    assert not tells()
    other.named = True
    db.session.commit()
    assert tells()


@pytest.mark.one_database
def test_one_is_told_as_one_and_a_campaign_without_support_has_no_table_of_votes(app, tmp_path):
    with app.app_context():
        ana, bea = make_person("ana"), make_person("bea")
        campaign = make_campaign(make_brand(ana), ana, slug="cans")
        campaign.stage.method, campaign.stage.method_settings = "budget", {"budget": 100}
        idea = make_idea(campaign, ana)
        idea.cost = 60
        db.session.commit()
        hand_in(campaign.stage.id, bea, "a-ballot-of-bea", lambda before, frame: f"[[{idea.id},1]]", {idea.id})
        db.session.commit()
        append_to_logs()
        over(campaign)
        db.session.commit()
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(browser_of(app).get("/campaigns/cans/log/export", buffered=True).data)
    told = told_by(file).stdout
    assert told.startswith(
        "The 1 ballot is the one that the log signed.\nIts rules, prices and decisions are those that the log’s key signed.\n\nStage "
    )
    assert "budget: 1 ballot\n" in told
    assert "Votes" not in told


def told_by(file):
    return subprocess.run([sys.executable, "-I", RECOUNT, file], capture_output=True, text=True, timeout=60, cwd="/")


def chosen_in(told):
    return [
        [int(part.rsplit("(idea ", 1)[1].rstrip(")")) for part in line.split(": ", 1)[1].split("; ")]
        for line in told.splitlines()
        if line.startswith("Chosen, ")
    ]


def test_several_scales(recount):
    for chance, ideas, seats in elections():
        highest = [chance.randint(1, 6) for _scale in range(chance.randint(1, 4))]
        ballots = [
            {
                idea: [chance.choice([None, chance.randint(0, most)]) for most in highest]
                for idea in some(chance, [*ideas, 9])
            }
            for _voter in range(chance.randint(0, 12))
        ]
        profiles = [
            Marks.of(
                ideas,
                (
                    {idea: steps[number] for idea, steps in ballot.items() if idea != 9 and steps[number] is not None}
                    for ballot in ballots
                ),
            )
            for number in range(len(highest))
        ]
        named = [
            {"names": {"en": f"Scale {most}"}, "steps": [{"en": str(step)} for step in range(most + 1)]}
            for most in highest
        ]
        contents = [[[idea, steps] for idea, steps in ballot.items()] for ballot in ballots]
        rules = {"method": "scales", "seats": seats, "scales": named}
        [(_name, together), *alone] = recount.winners_of(rules, contents, set(ideas), {}, SEED)
        assert together == list(scales(profiles, seed=SEED, highest=highest, seats=seats).winners)
        for profile, most, (_name, winners) in zip(profiles, highest, alone, strict=True):
            assert winners == list(score(profile, seed=SEED, highest=most, seats=seats).winners)


CONTENTS = {
    "ranked": lambda one, two, three: [[one, two], [two, one], [three, two], [two]],
    "budget": lambda one, two, three: [[[one, 1], [two, 1]], [[one, 1]], [[three, 1]], [[two, 1]]],
    "duels": lambda one, two, three: [[[two, one, ""]], [[two, three, ""]], [[three, one, "equal"]], [[one, two, ""]]],
    "statements": lambda one, two, three: [[[one, 1], [two, -1]], [[three, 0]], [[two, 1]], [[two, 1]]],
    "score": lambda one, two, three: [[[one, 5], [two, 3]], [[two, 3]], [[three, 4]], [[two, 0]]],
    "scales": lambda one, two, three: [[[one, [2, None]], [two, [0, 1]]], [[two, [1, 1]]], [[three, [2, 0]]]],
}
SCALES = together({"en": read_lines("Liking: No, A little, A lot\nNovelty: Seen before, New")})
GIVEN = {"seats": 2, "budget": 100, "scales": SCALES}


@pytest.mark.one_database
@pytest.mark.parametrize("method", CONTENTS)
def test_what_people_download_names_the_winners_of_the_page_of_results(app, scene, tmp_path, method):
    stage = scene.campaign.stage
    ideas = [scene.first, scene.second, make_idea(scene.campaign, scene.ana)]
    for idea, cost in zip(ideas, (60, 50, 30), strict=True):
        idea.cost = cost
    stage.method, stage.method_settings = method, settings_of(method, GIVEN)
    db.session.commit()
    for voter, content in zip(scene.voters, CONTENTS[method](*(idea.id for idea in ideas)), strict=False):
        said = written(content)
        hand_in(stage.id, voter, f"ballot-{voter.id}", lambda before, frame: said, [])  # noqa: B023  Called at once.
    db.session.commit()
    append_to_logs()
    over(scene.campaign)
    db.session.commit()
    counted = [list(count.outcome.winners) for count in tally(stage).counts]
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(browser_of(app).get("/campaigns/cans/log/export", buffered=True).data)
    head = json.loads(file.read_text().splitlines()[0])
    assert head["stages"][str(stage.id)].items() >= settings_of(method, GIVEN).items()
    done = told_by(file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert chosen_in(done.stdout.split(f"Stage {stage.id}, ")[1]) == counted
