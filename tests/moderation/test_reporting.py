"""Reports: once per person and version, weighed by who was right before; enough of them take something out of sight, and no machine decides."""

import pytest

from campaign.extensions import db
from campaign.feedback.actions import edit_comment, post_comment
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import decide
from campaign.moderation.models import Case, Report
from campaign.moderation.reporting import LookedAt, OwnReport, WordsWanted, report, weights_of
from campaign.moderation.rules import Rules, choose_rules
from tests.makers import make_idea, make_person


@pytest.fixture
def at_two(campaign, people):
    choose_rules(campaign, people.ana, Rules(False, False, 2))
    db.session.commit()


def test_a_report_counts_once_for_each_person(people, campaign, resealable):
    first = report(resealable, people.carl, "spam", "Buy here!")
    assert report(resealable, people.carl, "insult") is first
    assert (first.reason, first.weight) == ("spam", 1.0)
    assert db.session.scalar(db.select(db.func.count()).select_from(Report)) == 1
    assert open_case_about(resealable).cause == "reports"


def test_nobody_reports_what_is_their_own_and_something_else_needs_words(people, resealable):
    with pytest.raises(OwnReport):
        report(resealable, people.bea, "spam")
    with pytest.raises(WordsWanted):
        report(resealable, people.carl, "other")


def test_enough_reports_take_it_out_of_sight_until_a_moderator_has_looked(
    people, nobody, at_two, moderator, resealable
):
    report(resealable, people.carl, "spam")
    assert not resealable.unseen
    report(resealable, people.drew, "spam")
    db.session.commit()
    assert nobody.get(resealable.url).status_code == 404
    decide(open_case_about(resealable), moderator, "approved")
    db.session.commit()
    assert nobody.get(resealable.url).status_code == 200


def test_what_was_approved_is_reported_again_only_once_it_is_changed(people, at_two, moderator, resealable):
    remark = post_comment(resealable, people.carl, "Look at my shop.")
    report(remark, people.bea, "spam")
    decide(open_case_about(remark), moderator, "approved")
    with pytest.raises(LookedAt):
        report(remark, people.drew, "spam")
    assert report(remark, people.bea, "spam").case.verdict == "approved"  # The same report, sent again.
    edit_comment(remark, "Look at my shop: it has a sale.")
    assert report(remark, people.bea, "spam").case.is_open


def test_who_was_right_weighs_more_and_who_was_wrong_less(people, campaign, moderator):
    right, wrong, new = (make_person(name) for name in ("right", "wrong", "new"))
    for number in range(3):
        idea = make_idea(campaign, people.bea, f"Idea {number}", category=campaign.categories[0])
        report(idea, right, "spam")
        decide(open_case_about(idea), moderator, "hidden", "Spam.")
        other = make_idea(campaign, people.bea, f"Other {number}", category=campaign.categories[0])
        report(other, wrong, "spam")
        decide(open_case_about(other), moderator, "approved")
    weights = weights_of([right.id, wrong.id, new.id], campaign)
    assert weights == {right.id: 1.6, wrong.id: 0.4, new.id: 1.0}


def test_the_page_takes_one_report_and_says_so(app, carl, nobody, bea, soda_idea):
    page = f"/ideas/{soda_idea}/report"
    assert nobody.get(page).location.startswith("/sign-in")
    assert "Report" in carl.get(f"/ideas/{soda_idea}").text
    assert carl.post(page).status_code == 422
    refused = carl.post(page, reason="other")
    assert "Say in a few words what is wrong." in refused.text
    assert "This is your own." in bea.post(page, reason="spam").text
    for _twice in range(2):
        assert carl.post(page, reason="spam", words="A shop.").status_code == 302
    assert "You have reported it." in carl.get(page).text
    with app.app_context():
        assert db.session.scalars(db.select(Case.cause)).all() == ["reports"]
