"""A ballot is for what its ideas said when it was handed in: who rewords one has its voters look again."""

from html import unescape

import pytest

from campaign.extensions import db
from campaign.ideas.actions import EditsClosed, edit_idea
from campaign.ideas.models import Idea
from campaign.methods.access import ballot_of
from campaign.methods.actions import drop_from_ballots
from campaign.methods.pairs import answer_pair, open_pair
from campaign.methods.rereading import is_to_reread, reworded_since, rewordings_told
from campaign.votes.asking_again import ask_again
from tests.calendars import over
from tests.ideas.test_editing import edit
from tests.methods.test_ballots import BALLOT, fields, kept
from tests.methods.test_results import RESULTS, fill

CHANGED = "This idea has changed since you put it on your ballot."


def reword(scene, idea, text="With a cap that clicks."):
    scene.stage.accepts_edits = True
    words = {"title": idea.title, "text": text, "language": "en"}
    edit_idea(idea, scene.ana, **words, category=None, tags=(), pictures=(), documents=())
    db.session.commit()


def hand_in(client, **marks):
    return client.post(BALLOT, **{**fields(client.get(BALLOT).text), **marks})


@pytest.fixture
def handed_in(voted_by, carl, drew):
    """carl's ballot has the first idea, drew's the second."""
    one, two, *_rest = voted_by("dots", points=10)
    assert hand_in(carl, **{f"idea-{one}": "7"}).status_code == 302
    assert hand_in(drew, **{f"idea-{two}": "3"}).status_code == 302
    carl.get(BALLOT), drew.get(BALLOT)  # What flashed is read.
    return one, two


def test_who_has_a_reworded_idea_on_their_ballot_is_asked_to_look_again(app, bea, carl, drew, nobody, handed_in, mails):
    one, _two = handed_in
    assert edit(bea, one, title="The idea one", text="Now it floats.").status_code == 302
    with app.app_context():
        ask_again()
        ask_again()
    [mail] = mails.to("carl@example.org")
    assert mail["Subject"] == "“The idea one” has changed since you put it on your ballot"
    assert mails.link("carl@example.org") == BALLOT
    assert mails.to("drew@example.org") == []
    for client, asked in ((carl, True), (drew, False), (nobody, False), (bea, False)):
        assert (CHANGED in client.get(f"/ideas/{one}").text) == asked
        assert ("was reworded since you handed it in" in client.get(BALLOT).text) == asked
    assert "0 of 1 ballots with it are for what it says now" in unescape(nobody.get(RESULTS).text)
    assert hand_in(carl).status_code == 302
    assert CHANGED not in carl.get(f"/ideas/{one}").text
    assert "ballots with it" not in nobody.get(RESULTS).text


def test_another_rewording_asks_those_who_stood_by_it_and_nobody_twice(app, bea, carl, handed_in, mails):
    one, _two = handed_in
    for text in ("Now it floats.", "Now it flies."):
        edit(bea, one, title="The idea one", text=text)
        with app.app_context():
            ask_again()
    assert len(mails.to("carl@example.org")) == 1
    hand_in(carl)
    edit(bea, one, title="The idea one", text="Now it sings.")
    with app.app_context():
        ask_again()
    assert len(mails.to("carl@example.org")) == 2


def test_a_ballot_from_a_page_of_before_is_looked_at_again(app, bea, carl, voted_by):
    one, two, *_rest = voted_by("dots", points=10)
    page = fields(carl.get(BALLOT).text)
    edit(bea, one, title="The idea one", text="Now it floats.")
    answer = carl.post(BALLOT, **{**page, f"idea-{one}": "7", f"idea-{two}": "1"})
    assert answer.status_code == 422
    assert "This idea was reworded while you filled in your ballot." in answer.text
    assert "Now it floats." in answer.text
    assert fields(answer.text)[f"idea-{one}"] == "7"
    assert kept(app) == []
    assert carl.post(BALLOT, **fields(answer.text)).status_code == 302
    assert kept(app) == [[[one, 7], [two, 1]]]


def test_what_only_sets_the_words_apart_asks_nobody(app, bea, carl, handed_in, mails):
    one, _two = handed_in
    edit(bea, one, title="The idea one!", text="With a cap, that turns.")
    with app.app_context():
        ask_again()
    assert mails.to("carl@example.org") == []
    assert CHANGED not in carl.get(f"/ideas/{one}").text


@pytest.mark.parametrize(
    ("method", "given", "ballot"),
    [
        ("score", {"highest": 9}, lambda one, two: {one: 3, two: 1}),
        ("ranked", {}, lambda one, two: [two, one]),
        ("up_down", {}, lambda one, two: {one: -1, two: 1}),
    ],
)
def test_the_result_says_how_many_ballots_are_for_the_words_of_now(scene, method, given, ballot):
    scene.vote_by(method, **given)
    one, two, three, *_rest = scene.ideas
    fill(scene, scene.bea, ballot(one.id, two.id))
    fill(scene, scene.carl, ballot(one.id, three.id))
    fill(scene, scene.drew, ballot(two.id, three.id))
    stage = scene.stage
    reword(scene, one)
    assert is_to_reread(scene.bea, one)
    assert not is_to_reread(scene.drew, one)
    [(idea, said)] = rewordings_told(stage, [each.id for each in scene.ideas]).items()
    assert idea == one.id
    assert ": 0 of 2 ballots with it are for what it says now." in said
    over(scene.campaign)
    scene.campaign.stages[-1].accepts_edits = True
    reword(scene, two, "After the vote.")
    assert set(rewordings_told(stage, [one.id, two.id])) == {one.id, two.id}
    assert not is_to_reread(scene.bea, one), "a vote that is over asks nobody to vote again"


def test_a_ballot_that_is_handed_in_for_its_voter_confirms_nothing(scene):
    scene.vote_by("dots", points=10)
    one, two, *_rest = scene.ideas
    fill(scene, scene.bea, {one.id: 3, two.id: 1})
    reword(scene, one)
    drop_from_ballots(two, scene.bea)
    db.session.commit()
    assert reworded_since(scene.bea, scene.stage, ballot_of(scene.bea, scene.stage)) == {one.id}


def test_where_ideas_are_compared_in_pairs_they_stay_from_the_first_answer_on(scene):
    scene.vote_by("duels")
    one = scene.ideas[0]
    reword(scene, one)
    pair = open_pair(scene.stage, scene.bea, None)
    answer_pair(scene.stage.id, scene.bea, pair.number, "first", "")
    db.session.commit()
    with pytest.raises(EditsClosed, match="edits_closed"):
        reword(scene, one, "With no cap.")
    db.session.rollback()
    over(scene.campaign)
    scene.campaign.stages[-1].accepts_edits = True
    reword(scene, db.session.get_one(Idea, one.id), "With no cap.")
