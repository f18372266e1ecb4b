"""What else waits for the team stands in the console, in figures, for whoever it concerns; and open consoles hear when it moves."""

import re
from datetime import timedelta

import pytest

from campaign.answers.assigning import assign, assign_many
from campaign.board.live import CampaignBoard
from campaign.brands.access import MAY
from campaign.brands.models import Membership
from campaign.campaigns.errands import owed_by
from campaign.clock import now
from campaign.doubts.actions import decide
from campaign.doubts.models import Doubt
from campaign.evaluation.assigning import assign as ask_to_evaluate
from campaign.evaluation.assigning import take_assignments_back
from campaign.evaluation.criteria import WantedCriterion, set_criteria
from campaign.evaluation.scoring import Given, save_card
from campaign.extensions import db
from campaign.ideas.actions import withdraw_idea
from campaign.ideas.models import Idea
from campaign.live import Audience, board_seq
from campaign.live.announcing import changes_since
from campaign.merging.access import pair_of
from campaign.merging.proposing import leave_apart, propose_duplicate
from campaign.moderation.deciding import hide
from campaign.moderation.models import Case
from campaign.moderation.queue import count_waiting
from campaign.moderation.reporting import report
from campaign.votes.models import BallotDoubt, BallotEntry, StageBallot, Vote
from tests.campaign_cast import suggest
from tests.cast import browser_of
from tests.makers import make_person

CONSOLE = "/campaigns/soda/console"


@pytest.fixture
def colleague(people):
    """`colleague("evaluator")`: somebody else of soda's team."""

    def make(role):
        person = make_person(f"their-{role}")
        db.session.add(Membership(brand=people.soda, person=person, role=role))
        db.session.commit()
        return person

    return make


@pytest.fixture
def aged(app, people, campaign):
    """`aged(12)`: an idea of bea's that came so many days ago."""

    def make(days):
        at = now() - timedelta(days=days)
        number = suggest(app, campaign.id, people.bea.id, f"A can of {days} days", submitted_at=at, lot=days)
        return db.session.get_one(Idea, number)

    return make


@pytest.fixture
def doubted(campaign, resealable):
    """Votes for an idea, doubted in two groups."""
    for number, group in enumerate(("burst", "burst", "throwaway")):
        voter = make_person(f"machine{number}")
        db.session.add(Vote(idea_id=resealable.id, voter_id=voter.id, aside=True))
        doubt = {"campaign_id": campaign.id, "idea_id": resealable.id, "voter_id": voter.id}
        db.session.add(Doubt(**doubt, reasons=[group], group=group))
    db.session.commit()


def owed(person, campaign, role="owner"):
    return {one.errand.key: one.number for one in owed_by(person, campaign, MAY[role])}


def test_answers_are_counted_by_when_they_are_due_and_whose_they_are(people, campaign, aged, colleague):
    manager = colleague("manager")
    aged(12), aged(11), aged(9)
    new, gone = aged(1), aged(30)
    withdraw_idea(gone, people.bea, "I changed my mind.")
    assign(new, people.ana, manager)
    db.session.commit()
    assert owed(people.ana, campaign) == {
        "answers_overdue": 2,
        "answers_soon": 1,
        "answers_mine": 0,
        "answers": 4,
        "evaluation": 0,
        "doubts": 0,
        "duplicates": 0,
    }
    assert owed(manager, campaign)["answers_mine"] == 1


def test_doubts_are_counted_in_groups_until_somebody_decides(people, campaign, resealable, doubted, voters_ballot):
    assert owed(people.ana, campaign)["doubts"] == 2
    voters_ballot("burst")
    assert owed(people.ana, campaign)["doubts"] == 3
    decide(campaign, resealable, "burst", people.ana, "leave", "They are machines.")
    assert owed(people.ana, campaign)["doubts"] == 2


@pytest.fixture
def voters_ballot(campaign):
    """`voters_ballot("burst")`: a ballot that is doubted so."""

    def make(group):
        stage, voter = campaign.stages[0], make_person("voter")
        entry = BallotEntry(
            campaign_id=campaign.id, stage_id=stage.id, voter_id=voter.id, key="k", act="cast", content="[]"
        )
        db.session.add(entry)
        db.session.flush()
        db.session.add(StageBallot(stage_id=stage.id, voter_id=voter.id, entry_id=entry.id, content="[]"))
        db.session.add(BallotDoubt(stage_id=stage.id, voter_id=voter.id, reasons=[group], group=group))
        db.session.flush()

    return make


def test_pairs_wait_until_a_moderator_leaves_them_apart(people, campaign, resealable, aged):
    twin = aged(1)
    propose_duplicate(resealable, twin, people.carl)
    assert owed(people.ana, campaign)["duplicates"] == 1
    leave_apart(pair_of(resealable, twin), people.ana, "The one folds, the other sings.")
    assert owed(people.ana, campaign)["duplicates"] == 0


def test_ideas_to_evaluate_are_those_without_a_submitted_card(people, campaign, aged, colleague):
    evaluator = colleague("evaluator")
    criteria = set_criteria(campaign, people.ana, [WantedCriterion({"en": "Effect", "fr": "Effet"}, 50)])
    db.session.commit()
    first, second = aged(1), aged(2)
    ask_to_evaluate(campaign, people.ana, [evaluator], [first.id, second.id])
    assert owed(evaluator, campaign, "evaluator") == {"evaluation": 2}
    marks = {criterion.id: 3 for criterion in criteria.criteria}
    save_card(first, evaluator, criteria.number, Given(marks))
    assert owed(evaluator, campaign, "evaluator") == {"evaluation": 2}
    save_card(first, evaluator, criteria.number, Given(marks), submit=True)
    assert owed(evaluator, campaign, "evaluator") == {"evaluation": 1}
    take_assignments_back(campaign, people.ana, evaluator)
    assert owed(evaluator, campaign, "evaluator") == {"evaluation": 0}


def test_everybody_sees_what_concerns_them(app, people, campaign, aged, doubted, colleague, bea, nobody):
    aged(12)
    seen = {role: browser_of(app, colleague(role).id) for role in ("manager", "moderator", "evaluator", "analyst")}
    for role, words, others in (
        ("manager", ["Answers overdue", "Without an answer", "Votes under review", "To approve"], []),
        ("moderator", ["Votes under review", "Ideas that are the same", "To approve"], ["answer"]),
        ("evaluator", ["Nothing waits for you."], ["answer", "Votes under review", "To approve"]),
    ):
        page = seen[role].get(CONSOLE, follow_redirects=True)
        assert page.status_code == 200
        told = re.search(r'data-part="rail".*', page.text, re.DOTALL).group()
        rail = told[: told.find("</nav>")] if "</nav>" in told else told
        assert [one for one in words if one not in rail] == []
        assert [one for one in others if one in rail.replace("/answers", "")] == []
    urgent = re.findall(
        r'<a href="/campaigns/soda(/\w+)[^>]*><span>[^<]*</span><span class="console__count" data-urgent>(\d+)',
        seen["manager"].get(f"{CONSOLE}/first").text,
    )
    assert urgent == [("/answers", "1"), ("/doubts", "2")]
    assert [browser.get(CONSOLE).status_code for browser in (seen["analyst"], bea, nobody)] == [404, 404, 302]


def test_an_evaluator_is_led_to_what_they_are_to_score(app, people, campaign, aged, colleague):
    evaluator, idea = colleague("evaluator"), aged(1)
    set_criteria(campaign, people.ana, [WantedCriterion({"en": "Effect", "fr": "Effet"}, 50)])
    ask_to_evaluate(campaign, people.ana, [evaluator], [idea.id])
    db.session.commit()
    browser = browser_of(app, evaluator.id)
    assert '<a href="/campaigns/soda/evaluation"><span>Yours to evaluate</span>' in browser.get(CONSOLE).text
    assert browser.get(f"{CONSOLE}/first").status_code == 404


def test_the_team_hears_of_it_and_nobody_else(people, campaign, resealable, aged, doubted, colleague):
    evaluator, twin = colleague("evaluator"), aged(1)
    set_criteria(campaign, people.ana, [WantedCriterion({"en": "Effect", "fr": "Effet"}, 50)])
    db.session.commit()
    before = board_seq(campaign.board)
    assign(resealable, people.ana, people.ana)
    assign(resealable, people.ana, people.ana)  # Nothing changes, and nothing is told.
    assign_many(campaign, people.ana, None, {resealable.id: "", twin.id: ""})
    propose_duplicate(resealable, twin, people.carl)
    leave_apart(pair_of(resealable, twin), people.ana, "The one folds.")
    decide(campaign, resealable, "burst", people.ana, "leave", "They are machines.")
    ask_to_evaluate(campaign, people.ana, [evaluator], [twin.id])
    take_assignments_back(campaign, people.ana, evaluator)
    news = [told for _seq, told in changes_since(campaign.board, before)]
    assert [told["kinds"] for told in news] == [
        ["answer.assigned"],
        ["answer.assigned"],
        ["duplicate.proposed"],
        ["duplicate.declined"],
        ["doubts.decided"],
        ["evaluation.assigned"],
        ["evaluation.unassigned"],
    ]
    board = CampaignBoard()
    for told in news:
        assert board.heard(campaign.board, told, Audience("team", "en")) == told
        for role in ("public", "public, suspended"):
            assert board.heard(campaign.board, told, Audience(role, "en")) == {}


def test_while_counts_are_sealed_no_number_tells_of_doubts(people, campaign, resealable, doubted):
    for seal in ("ended", "voted"):
        campaign.stages[0].shows_counts = seal
        db.session.flush()
        before = board_seq(campaign.board)
        was = "review" if seal == "ended" else "leave"
        decide(campaign, resealable, "burst", people.ana, {"ended": "leave", "voted": "review"}[seal], "I looked.", was)
        assert board_seq(campaign.board) == before


def test_what_is_gone_waits_for_nobody(people, campaign, resealable, aged, moderator):
    other, third = aged(1), aged(2)
    report(resealable, people.carl, "spam")
    report(other, people.carl, "spam")
    assert count_waiting(campaign)["reports"] == 2
    withdraw_idea(resealable, people.bea, "I changed my mind.")
    db.session.flush()
    assert count_waiting(campaign)["reports"] == 1
    hide(third, moderator, "Spam.")
    assert db.session.scalar(db.select(db.func.count(Case.id)).where(Case.verdict.is_(None))) == 2
    assert count_waiting(campaign)["reports"] == 1
