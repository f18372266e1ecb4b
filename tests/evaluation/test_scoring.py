"""Criteria, cards and what they come to."""

import csv
import io
from decimal import Decimal
from fractions import Fraction

import pytest

from campaign.campaigns.carrying import begin_with, carried_by
from campaign.campaigns.models import Campaign
from campaign.evaluation.assigning import assign, ideas_to_deal
from campaign.evaluation.criteria import SetAnew, WantedCriterion, scorecard_of, set_criteria
from campaign.evaluation.models import Card, Reviewing, Scorecard
from campaign.evaluation.results import Spread, results_of
from campaign.evaluation.scoring import CardSubmitted, CriteriaChanged, Given, MarksMissing, OwnIdea, save_card
from campaign.extensions import db
from campaign.feedback.models import Feedback
from campaign.history import Entry
from campaign.ideas.models import CoAuthor, Idea
from tests.campaign_cast import suggest
from tests.evaluation.conftest import CRITERIA, WANTED


def all_cards(app):
    with app.app_context():
        return db.session.scalars(db.select(Card).order_by(Card.id)).all()


def test_the_owner_sets_criteria_in_each_language(app, ana, soda_campaign):
    answer = ana.post("/campaigns/soda/evaluation/criteria", **CRITERIA, read="0")
    assert answer.status_code == 302
    with app.app_context():
        first, second = scorecard_of(db.session.get_one(Campaign, soda_campaign)).criteria
        assert (first.names, first.lows, first.weight) == ({"en": "Effect", "fr": "Effet"}, {"en": "none"}, 50)
        assert (second.names["fr"], second.highs, second.weight) == ("Effort", {}, 25)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"weight_1": "101"}, "A whole number from 1 to 100."),
        ({"weight_1": ""}, "Say how much it weighs."),
        ({"name_fr_2": ""}, "Give it a name."),
        (dict.fromkeys(CRITERIA, ""), "Name one criterion at least"),
    ],
)
def test_what_is_no_criterion_is_said_beside_it(app, ana, soda_campaign, wrong, sentence):
    answer = ana.post("/campaigns/soda/evaluation/criteria", **{**CRITERIA, **wrong, "read": "0"})
    assert sentence in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(Scorecard)).all() == []


def test_before_a_card_is_submitted_criteria_change_in_place_and_drafts_keep_their_marks(
    people, campaign, criteria, gives_marks
):
    gives_marks("carl", 5, submit=False)
    scorecard = scorecard_of(campaign)
    kept = WantedCriterion({"en": "Impact", "fr": "Impact"}, 60, id=scorecard.criteria[0].id)
    set_criteria(campaign, people.ana, [kept])
    db.session.commit()
    assert [one.number for one in db.session.scalars(db.select(Scorecard))] == [1]
    [card] = db.session.scalars(db.select(Card))
    assert card.marks == {scorecard.criteria[0].id: 5}


def test_once_a_card_is_submitted_a_change_is_a_new_version_and_logged(people, campaign, gives_marks):
    gives_marks("carl", 5, 2)
    set_criteria(campaign, people.ana, [*WANTED, WantedCriterion({"en": "Joy", "fr": "Joie"}, 5)], read=1)
    db.session.commit()
    first, second = db.session.scalars(db.select(Scorecard).order_by(Scorecard.number))
    assert (len(first.criteria), len(second.criteria)) == (2, 3)
    assert [card.scorecard_id for card in db.session.scalars(db.select(Card))] == [first.id]
    told = db.session.scalars(db.select(Entry).filter_by(what="evaluation.criteria_set").order_by(Entry.id)).all()
    assert [entry.details["number"] for entry in told] == [1, 2]
    set_criteria(campaign, people.ana, [*WANTED, WantedCriterion({"en": "Joy", "fr": "Joie"}, 5)])
    assert len(db.session.scalars(db.select(Scorecard)).all()) == 2  # Said again, nothing changes.


def test_criteria_of_another_window_are_not_written_over(people, campaign, criteria):
    with pytest.raises(SetAnew):
        set_criteria(campaign, people.ana, WANTED[:1], read=0)


def test_criteria_go_into_copies_and_plans(people, campaign, draft, criteria):
    begin_with(draft, people.ana, carried_by(campaign))
    db.session.flush()
    assert [(one.names["en"], one.weight) for one in scorecard_of(draft).criteria] == [("Effect", 50), ("Effort", 25)]


def test_a_card_is_kept_as_a_draft_then_submitted_once_for_good(app, carl, asked, criteria):
    first, second = criteria
    draft = {"read": "1", f"mark_{first}": "4", "then": "draft", "to_team": "Hm."}
    assert carl.post(f"/ideas/{asked}/evaluation", **draft).location == f"/ideas/{asked}/evaluation"
    assert "Hm." in carl.get(f"/ideas/{asked}/evaluation").text
    missing = carl.post(f"/ideas/{asked}/evaluation", **{**draft, "then": "submit"})
    assert missing.status_code == 422
    assert "Give a mark for each criterion" in missing.text
    whole = {**draft, f"mark_{second}": "2", "then": "submit"}
    assert carl.post(f"/ideas/{asked}/evaluation", **whole).status_code == 302
    assert carl.post(f"/ideas/{asked}/evaluation", **whole).status_code == 302  # A second click.
    other = carl.post(f"/ideas/{asked}/evaluation", **{**whole, f"mark_{second}": "5"})
    assert "so it stays as it is" in other.text
    [card] = all_cards(app)
    assert card.marks == {first: 4, second: 2}
    assert "submitted on" in carl.get("/campaigns/soda/evaluation?show=done").text


def test_nobody_evaluates_an_idea_of_their_own(people, campaign, resealable, criteria, team):
    team(bea="evaluator")
    dealt = assign(campaign, people.ana, [people.bea], [resealable.id])
    assert (dealt.given, dealt.short) == (0, 1)
    with pytest.raises(OwnIdea):
        save_card(resealable, people.bea, 1, Given(dict.fromkeys(criteria, 5)), submit=True)


def test_the_card_of_somebody_who_became_an_author_counts_no_more(people, campaign, resealable, gives_marks):
    gives_marks("carl", 5, 2)
    gives_marks("drew", 1, 1)
    resealable.coauthors.append(CoAuthor(person=people.carl))
    db.session.commit()
    result = results_of(scorecard_of(campaign))[resealable.id]
    assert (result.submitted, result.weighted) == (1, Fraction(1))


def test_cards_by_criteria_of_another_window_are_asked_again(people, resealable, criteria, asked):
    with pytest.raises(CriteriaChanged):
        save_card(resealable, people.carl, 7, Given({}))
    with pytest.raises(MarksMissing):
        save_card(resealable, people.carl, 1, Given({criteria[0]: 5, 999: 4}), submit=True)
    save_card(resealable, people.carl, 1, Given(dict.fromkeys(criteria, 5)), submit=True)
    with pytest.raises(CardSubmitted):
        save_card(resealable, people.carl, 1, Given(dict.fromkeys(criteria, 4)))


def test_mean_spread_number_and_weighted_total_are_exact(people, campaign, resealable, criteria, gives_marks):
    gives_marks("carl", 5, 2)
    gives_marks("drew", 2, 1)
    result = results_of(scorecard_of(campaign))[resealable.id]
    assert result.by_criterion == {criteria[0]: Spread(2, 7, 29), criteria[1]: Spread(2, 3, 5)}
    assert result.weighted == (50 * Fraction(7, 2) + 25 * Fraction(3, 2)) / 75 == Fraction(17, 6)
    assert result.by_criterion[criteria[0]].deviation == Decimal("1.50")


@pytest.mark.parametrize(
    ("marks", "deviation"), [([1, 2, 3], "0.82"), ([1, 1, 5], "1.89"), ([3], "0.00"), ([1, 2, 3, 4, 5], "1.41")]
)
def test_a_spread_is_the_root_rounded_half_up(marks, deviation):
    assert Spread(len(marks), sum(marks), sum(mark**2 for mark in marks)).deviation == Decimal(deviation)


def test_ideas_are_dealt_out_evenly_and_asked_again_nothing_is_added(app, people, campaign, cast, criteria, team):
    team(carl="evaluator", drew="evaluator")
    for number in range(6):
        suggest(app, campaign.id, cast["bea"], f"A can with {number} lids")
    crew = [people.ana, people.carl, people.drew]
    dealt = assign(campaign, people.ana, crew, ideas_to_deal(campaign), each=2)
    assert dealt.given == 12
    assert assign(campaign, people.ana, crew, ideas_to_deal(campaign), each=2).given == 0
    loads = db.select(db.func.count()).select_from(Reviewing).group_by(Reviewing.reviewer_id)
    assert list(db.session.scalars(loads)) == [4, 4, 4]
    pairs = db.session.execute(db.select(Reviewing.idea_id, Reviewing.reviewer_id)).all()
    meets = {frozenset(person for one, person in pairs if one == idea) for idea, _person in pairs}
    assert len(meets) == 3  # Not always the same two.


def test_only_the_ideas_of_a_status_or_those_chosen(app, people, campaign, cast, resealable):
    other = suggest(app, campaign.id, cast["bea"], "A can that sings")
    assert ideas_to_deal(campaign, status="planned") == []
    assert ideas_to_deal(campaign, status="new") == [resealable.id, other]
    assert ideas_to_deal(campaign, chosen=[other, 12345]) == [other]


def test_the_owner_asks_and_sees_how_far_everybody_is(app, ana, carl, cast, criteria, team, soda_idea):
    team(carl="evaluator")
    answer = ana.post("/campaigns/soda/evaluation/assignment", reviewers=str(cast["carl"]), which="all", status="new")
    assert answer.status_code == 302
    assert "0 of 1 submitted" in ana.get("/campaigns/soda/evaluation/assignment").text
    assert "A can you can reseal" in carl.get("/campaigns/soda/evaluation").text
    ana.post("/campaigns/soda/evaluation/assignment/removal", person=str(cast["carl"]))
    assert "You aren’t asked for any idea" in carl.get("/campaigns/soda/evaluation").text


def test_the_teams_view_is_sorted_by_weighted_mean_beside_feedback_and_a_file(
    app, ana, cast, asked, gives_marks, soda_campaign
):
    gives_marks("carl", 2, 2)
    with app.app_context():
        better = suggest(app, soda_campaign, cast["bea"], "=A can that sings")
        db.session.add(Feedback(idea_id=better, author_id=cast["ana"], likes="Yes", misses="", mark=4))
        people = [db.session.get_one(type(db.session.get_one(Idea, better).author), cast["carl"])]
        assign(db.session.get_one(Campaign, soda_campaign), people[0], people, [better])
        scorecard = scorecard_of(db.session.get_one(Campaign, soda_campaign))
        marks = {criterion.id: 5 for criterion in scorecard.criteria}
        save_card(db.session.get_one(Idea, better), people[0], 1, Given(marks), submit=True)
        db.session.commit()
    page = ana.get("/campaigns/soda/evaluation/results").text
    assert page.index("A can that sings") < page.index("A can you can reseal")
    assert "4.00 <span" in page  # The participants' mark.
    answer = ana.get("/campaigns/soda/evaluation/export")
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
    assert head[4:6] == ["weighted mean", "Effect (50): mean"]
    assert [row[4] for row in rows] == ["5.00", "2.00"]
    assert rows[0][-3:] == ["4.00", "0.00", "1"]
    assert not rows[0][1].startswith("=")


def test_participants_marks_stay_sealed_in_the_teams_view(app, ana, cast, asked, gives_marks, soda_campaign):
    gives_marks("carl", 2, 2)
    with app.app_context():
        db.session.add(Feedback(idea_id=asked, author_id=cast["ana"], likes="", misses="", mark=4))
        db.session.get_one(Campaign, soda_campaign).stages[0].shows_counts = "ended"
        db.session.commit()
    for url in (
        "/campaigns/soda/evaluation/results",
        "/campaigns/soda/evaluation/export",
        f"/ideas/{asked}/evaluation",
    ):
        text = ana.get(url).get_data(as_text=True)
        assert "2.00" in text
        assert "4.00" not in text
        assert "mean, of 5" not in text.replace("weighted mean, of 5", "")


def test_the_file_of_the_whole_campaign_reads_no_idea_whole(ana, asked, gives_marks, queries):
    """With ten thousand ideas, their texts would fill the memory of the process that serves the others."""
    gives_marks("carl", 5, 2)
    with queries() as statements:
        answer = ana.get("/campaigns/soda/evaluation/export")
    assert answer.status_code == 200
    assert not any("idea.text" in statement for statement in statements)


def test_words_to_the_authors_reach_them_alone(app, ana, bea, carl, drew, nobody, mails, asked, gives_marks):
    gives_marks("carl", 5, 2, to_authors="Think of left hands.", to_team="Dear.", marks_to_authors=True)
    page = bea.get(f"/ideas/{asked}").text
    assert "Think of left hands." in page
    assert "Dear." not in page
    assert "<dt>Effect</dt><dd>5 of 5</dd>" in page
    for browser in (nobody, drew, carl, ana):
        assert "Think of left hands." not in browser.get(f"/ideas/{asked}").text
    [mail] = mails.to("bea@example.org")
    text = mail.get_body(("plain",)).get_content()
    assert "Think of left hands." in text
    assert "Effect: 5 of 5" in text
    assert "Dear." not in text


def test_private_words_are_a_notice_too_by_which_their_mails_can_be_ended(bea, mails, asked, gives_marks):
    gives_marks("carl", 5, 2, to_authors="Bring a sample.")
    [mail] = mails.to("bea@example.org")
    assert "/notices/ending/" in mail["List-Unsubscribe"]
    page = bea.get("/notices").text
    assert "Carl wrote private words to its authors." in page
    assert "Bring a sample." not in page


def test_the_teams_view_asks_a_fixed_number_of_questions(app, ana, cast, asked, gives_marks, soda_campaign, queries):
    gives_marks("carl", 2, 2)
    ana.get("/campaigns/soda/evaluation/results")
    with queries() as few:
        ana.get("/campaigns/soda/evaluation/results")
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        more = [suggest(app, soda_campaign, cast["bea"], f"A can with {number} lids") for number in range(8)]
        person = db.session.get_one(Card, 1).reviewer
        assign(campaign, person, [person], more)
        db.session.commit()
    with queries() as many:
        assert "A can with 7 lids" in ana.get("/campaigns/soda/evaluation/results").text
    assert len(many) <= len(few)
