"""Places of ideas whose figures don't tell alone how they stand: found by counting ballots that are drawn again, and right on simulated data."""

import random
from dataclasses import replace

import pytest

from campaign.counting.ballots import Approvals, Marks, Rankings
from campaign.counting.equal_shares import equal_shares, step_of
from campaign.counting.instant_runoff import instant_runoff
from campaign.counting.outcomes import Place
from campaign.counting.places import places_of_agreement
from campaign.counting.proportional import proportional
from campaign.counting.resampling import places_by_drawing
from campaign.counting.schulze import schulze
from campaign.counting.statements import statements
from campaign.counting.transferable import transferable

IDEAS = list(range(1, 7))
RULES = {
    "schulze": lambda profile: schulze(profile, seed="s"),
    "instant_runoff": lambda profile: instant_runoff(profile, seed="s"),
    "transferable": lambda profile: transferable(profile, seed="s", seats=2),
}


def rankings(chance, liked, people):
    """Each person likes each idea as much as it is liked, and by something of their own."""
    return [sorted(IDEAS, key=lambda idea: -liked[idea] - chance.gauss(0, 1)) for _person in range(people)]


def stand(outcome):
    return [idea for equal in outcome.ranking for idea in equal]


def test_what_all_agree_on_is_said_and_a_lone_ballot_too_is_only_itself():
    profile = Rankings.of([1, 2, 3], [[1, 2, 3]] * 30)
    found = places_by_drawing(profile, RULES, seed="s", times=40)
    assert found["schulze"] == {1: Place(1, 1), 2: Place(2, 2), 3: Place(3, 3)}
    assert found["instant_runoff"][1] == Place(1, 1)
    assert found.keys() == RULES.keys()


def test_without_a_ballot_every_place_is_open():
    assert places_by_drawing(Rankings.of([1, 2], []), RULES, seed="s")["schulze"] == dict.fromkeys([1, 2], Place(1, 2))


def test_the_same_ballots_and_seed_give_the_same_places_whatever_their_order():
    chance = random.Random(1)
    profile = Rankings.of(IDEAS, rankings(chance, dict.fromkeys(IDEAS, 0.0), 40))
    first = places_by_drawing(profile, RULES, seed="s", times=40)
    shuffled = list(profile.ballots.items())
    chance.shuffle(shuffled)
    assert places_by_drawing(replace(profile, ballots=dict(shuffled)), RULES, seed="s", times=40) == first
    assert places_by_drawing(profile, RULES, seed="another", times=40) != first


def test_where_an_idea_stands_is_always_among_its_places():
    chance = random.Random(2)
    for _trial in range(10):
        profile = Rankings.of(IDEAS, [chance.sample(IDEAS, chance.randint(0, 6)) for _person in range(9)])
        found = places_by_drawing(profile, RULES, seed="s", times=20, people_most=3)
        for rule, count in RULES.items():
            before = 0
            for equal in count(profile).ranking:
                for idea in equal:
                    assert found[rule][idea].best <= before + 1
                    assert found[rule][idea].worst >= before + len(equal)
                before += len(equal)


def test_places_from_rankings_hold_in_most_simulated_votes():
    chance, held, asked = random.Random(3), 0, 0
    for _trial in range(12):
        liked = {idea: chance.gauss(0, 0.7) for idea in IDEAS}
        truth = stand(RULES["schulze"](Rankings.of(IDEAS, rankings(chance, liked, 4000))))
        found = places_by_drawing(
            Rankings.of(IDEAS, rankings(chance, liked, 60)), {"schulze": RULES["schulze"]}, seed="s", times=80
        )["schulze"]
        held += sum(found[idea].best <= place <= found[idea].worst for place, idea in enumerate(truth, 1))
        asked += len(truth)
    assert held >= 0.92 * asked


def test_more_people_make_more_clear_and_fewer_that_are_drawn_less():
    chance = random.Random(4)
    ballots = rankings(chance, {idea: idea / 3 for idea in IDEAS}, 600)

    def width(people, most=1000):
        found = places_by_drawing(
            Rankings.of(IDEAS, ballots[:people]), {"schulze": RULES["schulze"]}, seed="s", times=60, people_most=most
        )
        return sum(place.worst - place.best for place in found["schulze"].values())

    assert width(600) < width(20)
    assert width(600) < width(600, most=20)


def test_budgets_and_shortlists_have_places():
    costs = {1: 60, 2: 40, 3: 40}
    profile = Approvals.of([1, 2, 3], [[1]] * 40 + [[2]] * 30 + [[3]] * 2)
    rules = {
        "equal_shares": lambda drawn: equal_shares(drawn, costs, 100, seed="s", step=step_of(100, drawn.people, 1)),
        "proportional": lambda drawn: proportional(drawn, seed="s", seats=2),
    }
    found = places_by_drawing(profile, rules, seed="s", times=40)
    assert found["equal_shares"][3] == Place(3, 3)
    assert found["proportional"][3] == Place(3, 3)
    assert found["proportional"][1].worst <= 2


def test_it_tells_how_far_it_is():
    heard = []
    places_by_drawing(
        Rankings.of([1, 2], [[1, 2]]), RULES, seed="s", times=3, tell=lambda done, out_of: heard.append((done, out_of))
    )
    assert heard == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize("people", [20, 100, 400])
def test_places_from_agreement_hold_together_in_nineteen_of_twenty(people):
    chance, held = random.Random(people), 0
    for _trial in range(40):
        shares = {idea: chance.random() for idea in IDEAS}
        ballots = [
            {
                idea: chance.choices([1, -1, 0], [shares[idea], 1 - shares[idea], 0])[0]
                for idea in chance.sample(IDEAS, 3)
            }
            for _person in range(people)
        ]
        profile = Marks.of(IDEAS, ballots)
        agree = profile.times(1)
        seen = {idea: agree[idea] + profile.times(-1)[idea] for idea in IDEAS}
        found = places_of_agreement(agree, seen)
        truth = sorted(IDEAS, key=lambda idea: -shares[idea])
        held += all(found[idea].best <= place <= found[idea].worst for place, idea in enumerate(truth, 1))
        shown = stand(statements(profile, seed="s"))
        assert all(found[idea].best <= place <= found[idea].worst for place, idea in enumerate(shown, 1))
    assert held >= 38


def test_an_idea_that_nobody_saw_may_stand_anywhere():
    found = places_of_agreement({1: 90, 2: 1, 3: 0}, {1: 100, 2: 100, 3: 0})
    assert found == {1: Place(1, 2), 2: Place(2, 3), 3: Place(1, 3)}
