"""Feedback in words is taken down by who moderates, with a reason, and put back with one; its author reads it meanwhile."""

import pytest

from campaign.extensions import db
from campaign.feedback.giving import give_feedback, take_feedback_back
from campaign.feedback.hiding import hide_feedback, show_feedback
from campaign.feedback.models import Feedback, FeedbackHiding
from campaign.feedback.summary import marks_of
from campaign.history import Entry
from campaign.live.announcing import changes_since
from tests.feedback.test_giving import ask_for_feedback

RUDE, WHY = "Only fools drink it", "It insults people."


@pytest.fixture
def given(people, resealable):
    """carl's feedback on bea's idea, with a mark."""
    ask_for_feedback(resealable.campaign)
    give_feedback(resealable, people.carl, RUDE, "", 2)
    give_feedback(resealable, people.drew, "The lid", "", None)
    db.session.commit()
    return db.session.get_one(Feedback, (resealable.id, people.carl.id))


def acts():
    found = db.select(Entry.what, Entry.why).where(Entry.what.startswith("feedback.")).order_by(Entry.id)
    return [tuple(row) for row in db.session.execute(found)]


def test_it_is_read_by_its_author_and_the_team_until_it_is_put_back(
    people, resealable, given, ana, bea, carl, drew, nobody
):
    page = f"{resealable.url}/feedback"
    url = f"{page}/{people.carl.id}"
    assert f'href="{url}/hiding"' in ana.get(page).text
    assert "/hiding" not in carl.get(page).text
    assert ana.post(f"{url}/hiding", why=" ").status_code == 422
    for _click in range(2):
        assert ana.post(f"{url}/hiding", why=WHY).location == page
    for browser in (bea, drew, nobody):
        for path in (page, resealable.url):
            assert RUDE not in browser.get(path).text
            assert WHY not in browser.get(path).text
        assert "The lid" in browser.get(page).text
    own = carl.get(page).text
    assert "The team has taken yours down: only you read it." in own
    assert WHY in own
    assert WHY in ana.get(page).text
    assert marks_of(resealable).counts[2] == 1, "a mark says nothing to anybody"
    assert ana.post(f"{url}/showing", why="").status_code == 422
    for _click in range(2):
        assert ana.post(f"{url}/showing", why="It is meant kindly.").location == page
    assert RUDE in nobody.get(page).text
    assert acts() == [("feedback.hidden", WHY), ("feedback.shown", "It is meant kindly.")]
    kinds = [kind for _seq, news in changes_since(resealable.campaign.board, 0) for kind in news["kinds"]]
    assert kinds[-2:] == ["feedback.taken_back", "feedback.given"]


def test_given_anew_it_is_down_still(people, resealable, given, nobody):
    hide_feedback(given, people.ana, WHY)
    hide_feedback(given, people.ana, "Another reason.")
    give_feedback(resealable, people.carl, "Only the lazy drink it", "", None)
    db.session.commit()
    assert "Only the lazy" not in nobody.get(f"{resealable.url}/feedback").text
    take_feedback_back(resealable, people.carl)
    give_feedback(resealable, people.carl, RUDE, "", None)
    db.session.commit()
    assert RUDE not in nobody.get(f"{resealable.url}/feedback").text
    again = db.session.get_one(Feedback, (resealable.id, people.carl.id))
    show_feedback(again, people.ana, "Fine.")
    show_feedback(again, people.ana, "Fine.")
    db.session.commit()
    assert db.session.scalars(db.select(FeedbackHiding)).all() == []
    assert [what for what, _why in acts()] == ["feedback.hidden", "feedback.shown"]


def test_the_door_is_for_who_moderates_what_is_not_their_own(app, people, resealable, given, ana, bea, drew, nobody):
    for act in ("hiding", "showing"):
        url = f"{resealable.url}/feedback/{people.carl.id}/{act}"
        for stranger in (bea, drew):
            assert stranger.get(url).status_code == stranger.post(url, why=WHY).status_code == 404
        assert nobody.post(url, why=WHY).status_code in (302, 401)
        for other in (people.ana.id, people.bea.id, 999, 2**40):
            assert ana.get(f"{resealable.url}/feedback/{other}/{act}").status_code == 404
    give_feedback(resealable, people.ana, "Our own word", "", None)
    db.session.commit()
    assert ana.post(f"{resealable.url}/feedback/{people.ana.id}/hiding", why=WHY).status_code == 404
