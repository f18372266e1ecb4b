"""An idea stays as it is some time after it came in, with so many supporters, or once it is answered: as its campaign says."""

from datetime import timedelta
from html import unescape

import pytest

from campaign.answers.actions import answer_idea
from campaign.clock import now
from campaign.ideas.actions import EditsClosed, check_editable
from tests.campaigns.test_settings import SETTINGS, shown
from tests.ideas.test_editing import edit
from tests.voting import cast_vote


def settled(ana, **ends):
    return ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), **ends})


def test_time_ends_it(people, resealable):
    resealable.campaign.edit_hours = 3
    resealable.submitted_at = now() - timedelta(hours=2)
    check_editable(resealable)
    resealable.submitted_at = now() - timedelta(hours=4)
    with pytest.raises(EditsClosed, match="edits_closed"):
        check_editable(resealable)


def test_supporters_end_it(people, resealable):
    resealable.campaign.edit_votes = 2
    cast_vote(resealable, people.carl, "carls-vote")
    check_editable(resealable)
    cast_vote(resealable, people.drew, "drews-vote")
    with pytest.raises(EditsClosed):
        check_editable(resealable)


def test_the_answer_ends_it_where_the_campaign_says_so(people, resealable):
    answer_idea(resealable, people.ana, "We will try this in spring, in two shops.")
    check_editable(resealable)
    resealable.campaign.edits_until_answer = True
    with pytest.raises(EditsClosed):
        check_editable(resealable)


@pytest.mark.one_database
def test_the_team_sets_it_and_the_author_reads_it(ana, bea, carl, soda_idea):
    assert settled(ana, edit_hours="48", edit_votes="1", edits_until_answer="y").status_code == 302
    page = unescape(bea.get(f"/ideas/{soda_idea}/edit").text)
    assert "1 person supports it or the brand answers it." in page
    carl.post(f"/ideas/{soda_idea}/vote", id="carls-vote")
    said = "1 person supports this idea, so it stays as it is."
    assert said in unescape(bea.get(f"/ideas/{soda_idea}").text)
    assert said not in unescape(carl.get(f"/ideas/{soda_idea}").text)
    assert said in unescape(edit(bea, soda_idea).text)
    told = unescape(ana.get("/campaigns/soda/history").text)
    assert "after how many hours an idea can’t be changed: from – to 48" in told
    assert "whether the answer ends the changes to an idea: from no to yes" in told


@pytest.mark.one_database
def test_nonsense_is_said_beside_the_field_and_nothing_is_nothing(ana, bea, soda_idea):
    answer = settled(ana, edit_hours="soon", edit_votes="0")
    assert answer.status_code == 422
    assert "This isn’t a whole number." in unescape(answer.text)
    assert "A whole number from 1 to 1000000." in answer.text
    assert settled(ana, edit_hours="", edit_votes=" ").status_code == 302
    assert "can be changed until" not in bea.get(f"/ideas/{soda_idea}/edit").text
