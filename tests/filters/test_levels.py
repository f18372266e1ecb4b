"""Levels rise by what people do and fall by what is taken down; they say how much somebody may send."""

from datetime import timedelta

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.filters.levels import Standing, standing_of
from campaign.filters.limits import LIMITS, VOTES
from campaign.moderation.deciding import hide, put_back
from campaign.votes import pacing
from tests.voting import cast_vote


def ago(**time):
    return now() - timedelta(**time)


@pytest.mark.parametrize(
    ("standing", "level"),
    [
        (Standing(ago(hours=23), ideas=9, since=ago(hours=22)), "first"),
        (Standing(ago(days=90)), "new"),
        (Standing(ago(days=90), ideas=1, since=ago(days=1)), "new"),
        (Standing(ago(days=90), ideas=1, since=ago(days=3)), "known"),
        (Standing(ago(days=90), remarks=2, since=ago(days=3)), "new"),
        (Standing(ago(days=90), remarks=3, since=ago(days=3)), "known"),
        (Standing(ago(days=90), ideas=5, remarks=5, since=ago(days=13)), "known"),
        (Standing(ago(days=90), ideas=5, remarks=5, since=ago(days=15)), "trusted"),
        (Standing(ago(days=90), ideas=5, remarks=5, since=ago(days=15), taken_down=1), "new"),
        (Standing(ago(hours=1), chosen=True), "trusted"),
    ],
)
def test_a_level_comes_from_what_somebody_did(standing, level):
    assert standing.level == level


def test_what_is_taken_down_lowers_a_level_and_what_is_put_back_raises_it(
    people, joined, resealable, moderator, campaign
):
    joined(people.bea, 60)
    resealable.submitted_at = ago(days=20)
    db.session.add_all(Comment(idea=resealable, author_id=people.bea.id, text=f"{n}", at=ago(days=9)) for n in range(4))
    db.session.commit()
    soda = people.soda.id
    assert standing_of(people.bea.id, soda)[1:] == (1, 4, resealable.submitted_at, 0, False)
    assert standing_of(people.bea.id, soda).level == "known"
    assert standing_of(people.bea.id, people.elsewhere.id).level == "new"  # Each brand for itself.
    assert standing_of(people.ana.id, soda).level == "trusted"
    case = hide(resealable, moderator, "It shows a trade mark.")
    db.session.commit()
    assert standing_of(people.bea.id, soda).level == "new"
    put_back(case, moderator, "The mark is free.")
    db.session.commit()
    assert standing_of(people.bea.id, soda).level == "known"


def test_a_newcomer_is_told_how_much_they_may_send_and_when_to_go_on(people, bea, carl, joined, soda_idea):
    url = f"/ideas/{soda_idea}/comments"
    for number in range(LIMITS["remark"]["first"].amount):
        assert carl.post(url, text=f"Remark {number}").status_code == 302
    answer = carl.post(url, text="One more")
    assert answer.status_code == 429
    assert "Whoever is new here may send 12 of these in 10 minutes, which keeps robots away." in answer.text
    assert "One more" in answer.text
    joined(people.carl, 3)
    assert carl.post(url, text="One more").status_code == 302


def test_reports_are_counted_too(people, carl, soda_idea):
    url = f"/ideas/{soda_idea}/report"
    for _number in range(LIMITS["report"]["first"].amount):
        assert carl.post(url, reason="spam").status_code == 302
    assert carl.post(url, reason="spam").status_code == 429


def test_who_votes_like_a_robot_is_stopped_and_what_was_stored_is_told_again(
    people, carl, bea, joined, resealable, monkeypatch
):
    monkeypatch.setattr(pacing, "LOOKED_AT_FROM", 2)
    monkeypatch.setitem(VOTES, "first", 5)
    monkeypatch.setitem(VOTES, "later", 8)
    pacing.forget()
    url = resealable.url

    for number in range(5):
        act = "vote/withdrawal" if number % 2 else "vote"
        assert carl.post(f"{url}/{act}", id=f"act-number-{number}").status_code in (200, 302)
    assert carl.post(f"{url}/vote/withdrawal", id="act-number-5").status_code == 429
    assert carl.post(f"{url}/vote", id="act-number-4").status_code in (200, 302)  # A repeat of what is stored.
    joined(people.carl, 2)
    assert carl.post(f"{url}/vote/withdrawal", id="act-number-5").status_code in (200, 302)


def test_votes_of_most_people_cost_no_question_more(people, resealable, queries):
    pacing.forget()
    with queries() as asked:
        cast_vote(resealable, people.carl, "a-key-of-carl")
        pacing.slowed([people.carl.id])
    assert not any("joined_at" in statement for statement in asked)


def test_who_votes_a_lot_is_looked_at_again_after_a_quarter_of_what_is_left(people, joined, queries, monkeypatch):
    monkeypatch.setattr(pacing, "LOOKED_AT_FROM", 2)
    monkeypatch.setitem(VOTES, "first", 13)
    pacing.forget()
    looks = []
    for _ballot in range(10):
        with queries() as asked:
            assert pacing.slowed([people.carl.id]) == {}
        looks.append(bool(asked))
    assert looks == [False, False, True, False, False, False, True, False, False, False]


def test_everybody_reads_how_much_one_may_send(nobody, carl, ana, soda_campaign):
    page = nobody.get("/campaigns/soda/moderation").text
    assert "On the first day" in page
    assert "You:" not in page
    assert "You: On the first day." in carl.get("/campaigns/soda/moderation").text
    assert "You: Trusted here." in ana.get("/campaigns/soda/moderation").text
