"""People say of each idea how it does on several scales that the brand named; each scale is counted, and all of them together."""

import json
from fractions import Fraction
from html import unescape
from types import SimpleNamespace

import pytest

from campaign.campaigns.models import Campaign
from campaign.campaigns.readiness import missing
from campaign.campaigns.scales import BadLine, read_lines, together
from campaign.extensions import db
from campaign.methods.actions import hand_in
from campaign.methods.counting import tally
from campaign.methods.leaving import says_of
from campaign.methods.papers import BallotRefused, Frame, checked_steps, favoured_in, ideas_in, without
from campaign.votes.models import StageBallot
from tests.campaigns.test_settings import SETTINGS, shown
from tests.methods.test_ballots import BALLOT, fields, kept
from tests.methods.test_results import RESULTS

SCALES = together({"en": read_lines("Liking: No, A little, A lot\nNovelty: Seen before, New")})


def fill(scene, person, steps):
    hand_in(
        scene.stage.id,
        person,
        f"ballot-of-{person.id}",
        lambda before, frame: checked_steps(steps, frame),
        list(steps),
    )
    db.session.commit()


def test_a_brand_names_its_scales_and_they_stay_from_the_first_ballot_on(app, ana, carl, soda_idea):
    wanted = {"stages-0-method": "scales", "stages-0-scales_en": "Liking: No, A little, A lot\nWould buy: 😞, 🙂"}
    assert ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), **wanted}).status_code == 302
    assert shown(ana.get(SETTINGS).text)["stages-0-scales_en"] == wanted["stages-0-scales_en"]
    page = carl.get(BALLOT).text
    assert "Would buy" in page
    assert "😞" in page
    carl.post(BALLOT, **{**fields(page), f"idea-{soda_idea}-0": "2", f"idea-{soda_idea}-1": "0"})
    assert kept(app) == [[[soda_idea, [2, 0]]]]
    changed = {**shown(ana.get(SETTINGS).text), "stages-0-scales_en": "Liking: No, A lot\nWould buy: 😞, 🙂"}
    refused = ana.post(SETTINGS, **changed)
    assert refused.status_code == 422
    assert "how people vote in it stays as it is" in unescape(refused.text)
    told = unescape(ana.get("/campaigns/soda/history").text)
    assert "Liking: No, A little, A lot" in told
    assert "Liking: No, A little, A lot" in unescape(carl.get("/campaigns/soda/voting").text)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Liking: No",
        ": No, Yes",
        "Liking: No, no",
        "Liking: No, Yes\nLIKING: No, Yes",
        "Liking: " + "x" * 41 + ", Yes",
        "\n".join(f"Scale {number}: No, Yes" for number in range(7)),
    ],
)
def test_scales_that_can_not_be_are_refused_beside_their_field(ana, soda_campaign, typed):
    sent = {**shown(ana.get(SETTINGS).text), "stages-0-method": "scales", "stages-0-scales_en": typed}
    answer = ana.post(SETTINGS, **sent)
    assert answer.status_code == 422
    assert 'id="stages-0-scales_en-refusal"' in answer.text


@pytest.mark.one_database
def test_the_languages_say_the_same():
    both = together({"en": read_lines("Liking: No, Yes"), "fr": read_lines("Goût : Non, Oui")})
    assert both == [
        {"names": {"en": "Liking", "fr": "Goût"}, "steps": [{"en": "No", "fr": "Non"}, {"en": "Yes", "fr": "Oui"}]}
    ]
    assert [len(scale["steps"]) for scale in together({"en": read_lines("Liking"), "fr": []})] == [5]
    with pytest.raises(BadLine):
        together({"en": read_lines("Liking: No, Yes"), "fr": read_lines("Goût : Non, Peu, Oui")})


def test_a_ballot_of_scales_is_shown_again_and_changed(app, carl, voted_by):
    one, two, *_rest = voted_by("scales", seats=1, scales=SCALES)
    sent = {**fields(carl.get(BALLOT).text), f"idea-{one}-0": "2", f"idea-{one}-1": "1", f"idea-{two}-1": "0"}
    assert carl.post(BALLOT, **sent).status_code == 302
    assert kept(app) == [[[one, [2, 1]], [two, [None, 0]]]]
    again = fields(carl.get(BALLOT).text)
    assert (again[f"idea-{one}-0"], again[f"idea-{two}-0"], again[f"idea-{two}-1"]) == ("2", "", "0")
    carl.post(BALLOT, **{**again, f"idea-{one}-0": "", f"idea-{one}-1": ""})
    assert kept(app) == [[[two, [None, 0]]]]


@pytest.mark.one_database
@pytest.mark.parametrize("typed", ["3", "-1", "two", "9" * 500, "1=1"])
def test_a_step_that_is_not_there_is_refused_beside_its_idea(app, carl, voted_by, typed):
    one, *_rest = voted_by("scales", seats=1, scales=SCALES)
    answer = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}-0": typed, f"idea-{one}-1": "1"})
    assert answer.status_code == 422
    assert f'id="idea-{one}-refusal"' in answer.text
    assert fields(answer.text)[f"idea-{one}-1"] == "1"
    assert kept(app) == []


@pytest.mark.one_database
def test_a_scale_that_is_not_there_is_refused(app, carl, voted_by):
    one, *_rest = voted_by("scales", seats=1, scales=SCALES)
    answer = carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}-2": "1"})
    assert (answer.status_code, kept(app)) == (422, [])
    with pytest.raises(BallotRefused):
        checked_steps({one: (1,)}, Frame("scales", {"scales": SCALES}, [one]))


def test_each_scale_is_counted_and_all_weigh_the_same(scene):
    scene.vote_by("scales", seats=1, scales=SCALES)
    one, two, three, *_rest = (idea.id for idea in scene.ideas)
    fill(scene, scene.bea, {one: (2, None), two: (1, 1)})
    fill(scene, scene.carl, {one: (2, 0), two: (0, 1)})
    together, liking, novelty = tally(scene.stage).counts
    assert [count.outcome.rule for count in (together, liking, novelty)] == ["scales", "scale", "scale"]
    assert together.outcome.winners == (two,)
    assert together.outcome.figures["shares"][two] == Fraction(1, 2) + 2
    assert together.outcome.figures["shares"][one] == 2
    assert together.outcome.figures["mean share"][one] == Fraction(2, 3)
    assert together.outcome.figures["steps given"] == {one: 3, two: 4, three: 0, **dict.fromkeys(_rest, 0)}
    assert (liking.outcome.winners, liking.outcome.figures["sums"][one]) == ((one,), 4)
    assert (novelty.outcome.winners, novelty.outcome.figures["sums"][two]) == ((two,), 2)
    assert all(count.places[one].best == 1 for count in (together, liking, novelty))


@pytest.mark.one_database
def test_the_page_of_results_names_each_scale(carl, nobody, voted_by):
    one, *_rest = voted_by("scales", seats=1, scales=SCALES)
    carl.post(BALLOT, **{**fields(carl.get(BALLOT).text), f"idea-{one}-0": "2", f"idea-{one}-1": "0"})
    told = unescape(nobody.get(RESULTS).text)
    assert "All scales together" in told
    assert "One scale: Liking" in told
    assert "One scale: Novelty" in told
    assert told.index("All scales together") < told.index("Decides") < told.index("One scale: Liking")


@pytest.mark.one_database
def test_a_stage_without_its_scales_does_not_open(ana, app, voted_by):
    voted_by("scales", seats=1)
    with app.app_context():
        lacks = missing(db.session.scalars(db.select(Campaign)).one())
        assert any("has no scale yet" in str(lack.sentence) for lack in lacks)


@pytest.mark.one_database
def test_what_a_kept_ballot_of_scales_says(scene):
    content = "[[7,[3,null]],[12,[7,0]],[20,[0,0]]]"
    assert ideas_in("scales", content) == {7, 12, 20}
    assert favoured_in("scales", content) == {7, 12}
    assert json.loads(without(12, "scales", content)) == [[7, [3, None]], [20, [0, 0]]]
    scene.vote_by("scales", seats=1, scales=SCALES)
    two = scene.ideas[1]
    fill(scene, scene.bea, {two.id: (1, 0)})

    def about(idea):
        return db.session.scalars(db.select(StageBallot.voter_id).where(says_of(scene.stage, idea))).all()

    assert about(two) == [scene.bea.id]
    assert about(SimpleNamespace(id=1)) == [], "a step of that number is no idea"
