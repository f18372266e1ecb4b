"""More ideas than a rule compares: told before the vote opens, and never a reason not to count a ballot that was handed in."""

import importlib.util
import json

import pytest

from campaign.campaigns.actions import NotReady, publish_campaign
from campaign.campaigns.readiness import unready
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ledger.views import RECOUNT
from campaign.methods.comparing import IDEAS_MOST
from campaign.methods.counting import tally
from campaign.methods.counting_later import ask_for_count, count_what_is_asked_for
from campaign.methods.models import StageCount
from campaign.methods.results import kept
from campaign.votes.models import StageBallot
from tests.calendars import until
from tests.methods.test_results import RESULTS, fill

MEND = "Merge some, take some off, or choose another way to vote."


@pytest.fixture
def three(monkeypatch):
    """Three ideas are compared at most."""
    for method in IDEAS_MOST:
        monkeypatch.setitem(IDEAS_MOST, method, 3)


def put(campaign, author, cost):
    """One idea more on the board, whichever way it came."""
    title = f"Idea number {db.session.scalar(db.select(db.func.count(Idea.id)))}"
    db.session.add(Idea(campaign=campaign, author=author, title=title, cost=cost, language="en", heat=0.0, lot=7))
    db.session.flush()


def vote(scene, method):
    """Three people vote on five ideas: one is chosen by all, two by two, one by one, and the last by nobody."""
    scene.vote_by(method, seats=1, budget=100)
    for idea in scene.ideas:
        idea.cost = 30
    db.session.commit()
    one, two, three, four, _five = (idea.id for idea in scene.ideas)
    papers = {
        "ranked": ([one, four], [two, one, three], [three, two, one]),
        "budget": ({one: 1, four: 1}, {one: 1, two: 1, three: 1}, {one: 1, two: 1, three: 1}),
    }
    for person, paper in zip((scene.bea, scene.carl, scene.drew), papers[method], strict=True):
        fill(scene, person, paper)
    return one, two, three


def the_duels(scene):
    """The same in duels, as the book keeps them."""
    scene.vote_by("budget", budget=100)
    one, two, three, four, _five = (idea.id for idea in scene.ideas)
    for idea in scene.ideas:
        idea.cost = 30
    db.session.commit()
    answers = (
        [[one, two, ""], [one, four, ""]],
        [[two, four, ""], [two, three, ""]],
        [[three, one, ""], [two, four, ""]],
    )
    for person, duels in zip((scene.bea, scene.carl, scene.drew), answers, strict=True):
        fill(scene, person, {one: 1})
        db.session.get_one(StageBallot, (scene.stage.id, person.id)).content = json.dumps(duels)
    scene.vote_by("duels", seats=1)
    return one, two, three


@pytest.mark.parametrize("method", ["ranked", "budget", "duels"])
def test_of_too_many_ideas_those_are_compared_that_people_chose_most_often(scene, three, method):
    compared = the_duels(scene) if method == "duels" else vote(scene, method)
    counted = tally(scene.stage)
    assert (counted.people, counted.left_out) == (3, 2)
    for count in counted.counts:
        assert {idea for equal in count.outcome.ranking for idea in equal} == set(compared)
        assert set(count.outcome.winners) <= set(compared)


@pytest.mark.one_database
@pytest.mark.parametrize("method", ["ranked", "budget", "duels"])
def test_whoever_posts_one_idea_more_changes_nothing_of_what_was_counted(scene, monkeypatch, method):
    (the_duels if method == "duels" else lambda scene: vote(scene, method))(scene)
    monkeypatch.setitem(IDEAS_MOST, method, 5)
    assert tally(scene.stage).left_out == 0
    before = [count.outcome.winners for count in tally(scene.stage).counts]
    put(scene.campaign, scene.ana, 1)
    db.session.commit()
    ask_for_count(scene.stage)
    db.session.commit()
    count_what_is_asked_for()
    count = db.session.get_one(StageCount, scene.stage.id, populate_existing=True)
    assert (count.failure, count.ballots, count.result) == ("", 3, kept(tally(scene.stage)))
    assert [count.outcome.winners for count in tally(scene.stage).counts] == before
    assert tally(scene.stage).left_out == 2, "the new one, and the one that nobody chose"


@pytest.mark.one_database
@pytest.mark.parametrize("method", ["ranked", "budget", "duels"])
def test_what_people_download_compares_the_same_ideas(scene, three, monkeypatch, method):
    (the_duels if method == "duels" else lambda scene: vote(scene, method))(scene)
    spec = importlib.util.spec_from_file_location("recount", RECOUNT)
    recount = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recount)
    assert recount.MOST.keys() == IDEAS_MOST.keys()
    monkeypatch.setattr(recount, "MOST", IDEAS_MOST)
    ballots = db.session.scalars(db.select(StageBallot.content).filter_by(stage_id=scene.stage.id))
    contents = [json.loads(content) for content in ballots]
    ideas, counted = {idea.id for idea in scene.ideas}, tally(scene.stage)
    rules = {"method": method, "seats": 1, "budget": 100}
    told = recount.winners_of(rules, contents, ideas, dict.fromkeys(ideas, 3000), counted.seed.words)
    assert [winners for _name, winners in told] == [list(count.outcome.winners) for count in counted.counts]


@pytest.mark.one_database
def test_as_many_are_compared_outside_of_the_product():
    spec = importlib.util.spec_from_file_location("recount", RECOUNT)
    recount = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recount)
    assert recount.MOST == IDEAS_MOST


@pytest.mark.one_database
def test_the_page_says_that_some_are_left_out(app, three, carl, nobody, voted_by):
    one, *_rest = voted_by("ranked", seats=1)
    page = carl.get("/campaigns/soda/ballot").text
    key, stage = (page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0] for name in ("key", "stage"))
    carl.post("/campaigns/soda/ballot", key=key, stage=stage, **{f"idea-{one}": "1"})
    assert "3 other ideas are left out." in nobody.get(RESULTS).text


@pytest.mark.parametrize("method", ["ranked", "budget", "duels"])
def test_a_stage_is_told_in_advance_that_too_many_are_on_the_board(campaign, people, monkeypatch, method):
    monkeypatch.setitem(IDEAS_MOST, method, 2)
    stage = campaign.stages[1]
    stage.method, stage.method_settings = method, {"budget": 100, "seats": 1}
    for cost in (1, 2, None):
        put(campaign, people.bea, cost)
    db.session.commit()
    lacks = [lack.sentence for one in unready(campaign) for lack in one.lacks]
    assert len([lack for lack in lacks if MEND in lack]) == (method != "budget"), "who has no price is on no ballot"
    put(campaign, people.bea, 3)
    db.session.commit()
    [one] = unready(campaign)
    assert one.stage is stage
    assert [lack.sentence for lack in one.lacks if MEND in lack.sentence]
    stage.method, stage.method_settings = "approval", {}
    assert not unready(campaign)


@pytest.mark.one_database
def test_a_draft_with_too_many_is_not_published(people, draft, monkeypatch):
    monkeypatch.setitem(IDEAS_MOST, "ranked", 1)
    draft.stages[1].method = "ranked"
    put(draft, people.ana, None)
    db.session.commit()
    assert not draft.missing
    put(draft, people.ana, None)
    db.session.commit()
    with pytest.raises(NotReady) as refused:
        publish_campaign(draft, people.ana)
    assert MEND in refused.value.message


@pytest.mark.one_database
def test_a_vote_that_is_open_goes_on_whatever_comes(scene, three):
    vote(scene, "ranked")
    until(scene.campaign, ideas_until=now())
    assert not unready(scene.campaign)
    fill(scene, scene.bea, [scene.ideas[4].id])
    assert tally(scene.stage).people == 3
