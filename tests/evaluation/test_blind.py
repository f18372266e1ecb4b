"""Reviewers are blind to each other until they submit: on the page, in the list, in the file, and in the history."""

import pytest

from campaign.brands.models import Membership
from campaign.evaluation.models import Reviewing
from campaign.extensions import db
from tests.evaluation.conftest import CRITERIA

SECRET = "Sour as a lemon"
CHANNELS = (
    "/ideas/{idea}/evaluation",
    "/ideas/{idea}",
    "/campaigns/soda/evaluation",
    "/campaigns/soda/evaluation?show=done",
    "/campaigns/soda/evaluation/results",
    "/campaigns/soda/evaluation/results?order=spread",
    "/campaigns/soda/evaluation/results?version=1",
    "/campaigns/soda/evaluation/export",
    "/campaigns/soda/history",
)
MEAN = "4.00"  # (50·5 + 25·2) / 75


def read_by(browser, idea):
    return {url: browser.get(url.format(idea=idea)).get_data(as_text=True) for url in CHANNELS}


def tells(page):
    return SECRET in page or MEAN in page or "± 0.00" in page


def test_a_reviewer_reads_nothing_of_the_others_before_submitting(drew, asked, gives_marks):
    gives_marks("carl", 5, 2, to_team=SECRET)
    for url, page in read_by(drew, asked).items():
        assert not tells(page), url
    assert "sealed" in drew.get("/campaigns/soda/evaluation/results").text


def test_a_draft_opens_nothing_and_is_its_writers_alone(ana, drew, asked, gives_marks):
    gives_marks("carl", 5, 2, to_team=SECRET, submit=False)
    gives_marks("drew", 1, submit=False)
    for browser in (ana, drew):
        for url, page in read_by(browser, asked).items():
            assert not tells(page), url


def test_who_has_submitted_reads_the_others(drew, asked, gives_marks):
    gives_marks("carl", 5, 2, to_team=SECRET)
    gives_marks("drew", 5, 2)
    pages = read_by(drew, asked)
    assert SECRET in pages["/ideas/{idea}/evaluation"]
    for url in ("/ideas/{idea}/evaluation", "/campaigns/soda/evaluation/results", "/campaigns/soda/evaluation/export"):
        assert MEAN in pages[url], url


def test_a_manager_who_is_to_evaluate_is_blind_like_the_others(app, ana, cast, asked, gives_marks):
    answer = ana.post(f"/ideas/{asked}/evaluation/reviewers", **{"more-reviewers": str(cast["ana"])})
    assert answer.status_code == 302
    gives_marks("carl", 5, 2, to_team=SECRET)
    for url, page in read_by(ana, asked).items():
        assert not tells(page), url


def test_who_could_have_read_the_cards_is_not_asked_for_another(app, ana, cast, asked, gives_marks):
    gives_marks("carl", 5, 2, to_team=SECRET)
    answer = ana.post(
        f"/ideas/{asked}/evaluation/reviewers", **{"more-reviewers": str(cast["ana"])}, follow_redirects=True
    )
    assert "could read cards that are submitted already" in answer.text
    assert MEAN in ana.get(f"/ideas/{asked}/evaluation").text  # Not asked, so she goes on reading.


def test_who_evaluates_no_more_is_taken_back_from_the_idea(app, ana, cast, asked):
    with app.app_context():
        db.session.execute(db.delete(Membership).filter_by(person_id=cast["drew"]))
        db.session.commit()
    for _twice in range(2):
        answer = ana.post(f"/ideas/{asked}/evaluation/reviewers", gone=str(cast["drew"]))
    assert answer.status_code in (302, 404)
    with app.app_context():
        assert list(db.session.scalars(db.select(Reviewing.reviewer_id))) == [cast["carl"]]


def test_new_criteria_do_not_make_blind_who_has_read_the_cards(app, ana, cast, asked, gives_marks):
    gives_marks("carl", 5, 2, to_team=SECRET)
    assert SECRET in ana.get(f"/ideas/{asked}/evaluation").text
    ana.post("/campaigns/soda/evaluation/criteria", **{**CRITERIA, "weight_2": "50", "read": "1"})
    answer = ana.post(
        f"/ideas/{asked}/evaluation/reviewers", **{"more-reviewers": str(cast["ana"])}, follow_redirects=True
    )
    assert "could read cards that are submitted already" in answer.text


@pytest.mark.parametrize("name", ["bea", "nobody"])
def test_nobody_outside_the_team_finds_the_door(request, asked, gives_marks, name):
    gives_marks("carl", 5, 2, to_team=SECRET)
    browser = request.getfixturevalue(name)
    for url in CHANNELS:
        answer = browser.get(url.format(idea=asked))
        assert not tells(answer.get_data(as_text=True)), url
        if "evaluation" in url:
            assert answer.status_code == (404 if name == "bea" else 302), url


def test_an_evaluator_who_is_not_asked_reads_nothing(app, nobody, cast, team, asked, gives_marks):
    gives_marks("carl", 5, 2, to_team=SECRET)
    team(bea="evaluator")
    nobody.sign_in(cast["bea"])
    for url, page in read_by(nobody, asked).items():
        assert not tells(page), url


def test_with_new_criteria_everybody_is_blind_again(ana, drew, asked, gives_marks):
    gives_marks("carl", 5, 2, to_team=SECRET)
    gives_marks("drew", 5, 2)
    ana.post("/campaigns/soda/evaluation/criteria", **{**CRITERIA, "weight_2": "50", "read": "1"})
    for url, page in read_by(drew, asked).items():
        assert not tells(page), url
