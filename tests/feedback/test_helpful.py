"""Which remarks help: each person says so once, and the best can be read first."""

from datetime import timedelta

import pytest

from campaign.brands.suspending import suspend_person
from campaign.brands.suspensions import Suspended
from campaign.campaigns.models import Closing
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback import helping, listing
from campaign.feedback.actions import CommentsClosed, RemarkTakenBack, RemarkUnseen, delete_comment, post_comment
from campaign.feedback.helping import (
    Helpful,
    Judged,
    OwnRemark,
    best_first,
    find_helpful,
    find_helpful_no_more,
    helpful_of,
)
from campaign.feedback.listing import SHOWN, ranking, threads
from campaign.feedback.models import CommentHelpful, CommentHold
from campaign.ideas.models import Idea
from campaign.live.models import Change
from campaign.merging.actions import merge_ideas, undo_merge
from tests.campaign_cast import suggest
from tests.makers import make_person

START = now()


def said(idea, author, text="Will it leak?", parent=None):
    comment = post_comment(idea, author, text, parent)
    db.session.commit()
    return comment


def judged(number, helpful, minutes=0, author=0):
    return Judged(number, author, START + timedelta(minutes=minutes), helpful)


def at(*minutes):
    return {1000 + person: START + timedelta(minutes=minute) for person, minute in enumerate(minutes)}


def test_each_person_says_it_once_and_can_take_it_back(people, resealable):
    comment = said(resealable, people.carl)
    for _twice in range(2):
        find_helpful(comment, people.bea)
        db.session.commit()
    assert helpful_of([comment.id], people.bea) == {comment.id: Helpful(1, True)}
    assert helpful_of([comment.id], people.carl) == {comment.id: Helpful(1, False)}
    for _twice in range(2):
        find_helpful_no_more(comment, people.bea)
        db.session.commit()
    assert helpful_of([comment.id], people.bea) == {}
    kinds = [change.news["kinds"] for change in db.session.scalars(db.select(Change).order_by(Change.seq))]
    assert kinds == [["comment.posted"], ["comment.helpful"], ["comment.helpful"]]


def test_nobody_says_it_of_their_own_or_of_what_nobody_reads(people, resealable):
    comment = said(resealable, people.carl)
    with pytest.raises(OwnRemark):
        find_helpful(comment, people.carl)
    comment.hold = CommentHold(kind="held")
    db.session.commit()
    with pytest.raises(RemarkUnseen):
        find_helpful(comment, people.ana)
    comment.hold = None
    find_helpful(comment, people.ana)
    delete_comment(comment)
    db.session.commit()
    assert db.session.scalars(db.select(CommentHelpful)).all() == []
    with pytest.raises(RemarkTakenBack):
        find_helpful(comment, people.bea)


def test_who_is_suspended_and_a_closed_talk_are_refused(people, resealable):
    comment = said(resealable, people.carl)
    suspend_person(people.soda, people.bea, people.ana, "Spam.", None, "k")
    db.session.commit()
    with pytest.raises(Suspended):
        find_helpful(comment, people.bea)
    resealable.campaign.closing = Closing(by_id=people.ana.id, reason="Enough.")
    db.session.commit()
    with pytest.raises(CommentsClosed):
        find_helpful(comment, people.ana)


def test_it_works_without_scripts_and_with_them(people, bea, nobody, carl, resealable):
    comment = said(resealable, people.carl)
    page, url = resealable.url, f"/comments/{comment.id}/helpful"
    anchor = f"#comment-{comment.id}"
    assert bea.post(url).location == page + anchor
    assert f'formaction="{url}/withdrawal" aria-pressed="true"' in bea.get(page).text
    assert '<span class="helpful__count">1</span>' in nobody.get(page).text
    assert "1 person finds it helpful" in carl.get(page).text
    back = bea.post(f"{url}/withdrawal", headers={"Accept": "application/json"})
    assert back.get_json() == {"helpful": 0, "mine": False}
    assert bea.post(url, order="best").location == f"{page}?order=best{anchor}"
    assert carl.post(url).status_code == 409
    assert nobody.post(url).status_code in (302, 401)
    assert bea.post("/comments/999/helpful").status_code == 404
    answers = [bea.post(url).status_code for _time in range(60)]
    assert (answers[0], answers[-1]) == (302, 429), "who presses without end waits"


def test_a_held_remark_is_not_there_for_strangers(people, bea, ana, resealable):
    comment = said(resealable, people.carl)
    comment.hold = CommentHold(kind="held")
    db.session.commit()
    assert bea.post(f"/comments/{comment.id}/helpful").status_code == 404
    assert ana.post(f"/comments/{comment.id}/helpful").status_code == 409


def test_the_best_first_by_the_share_of_those_who_judged_since():
    judgements = at(1, 2, 3, 30, 31, 32, 33, 34)
    # Of eight who could have, four found the first helpful; of five, four the second, which came later.
    assert best_first([judged(1, 4), judged(2, 4, minutes=20)], judgements) == [2, 1]
    # Whom nobody could judge yet stands at the average.
    assert best_first([judged(1, 0), judged(2, 9), judged(3, 0, minutes=60)], at(*range(10))) == [2, 3, 1]
    # Equals stand as they were said, as does everything where nothing was judged.
    assert best_first([judged(3, 0), judged(1, 0), judged(2, 0)], {}) == [1, 2, 3]
    assert best_first([judged(2, 3), judged(1, 3)], at(1, 2, 3)) == [1, 2]


def test_an_author_is_no_judge_of_their_own():
    judgements = {7: START + timedelta(minutes=5)} | at(6, 7)
    assert best_first([judged(1, 1, author=8), judged(2, 1, author=7)], judgements) == [2, 1], "of three, and of two"


def test_replies_stay_under_their_remark_and_pages_follow_each_other(people, nobody, resealable):
    plain = [said(resealable, people.carl, f"Remark {number}") for number in range(SHOWN + 3)]
    reply = said(resealable, people.bea, "Yes.", parent=plain[-1])
    for comment, person in ((plain[-1], people.bea), (plain[-1], people.ana), (plain[4], people.ana)):
        find_helpful(comment, person)
    db.session.commit()
    order, page = ranking(resealable, people.bea, False), resealable.url
    assert order[:2] == [plain[-1].id, plain[4].id]
    talk = threads(resealable, best=True)
    assert [thread.comment.id for thread in talk] == order[: SHOWN + 1]
    assert talk[0].replies == [reply]
    onwards = f"{page}/remarks/{order[SHOWN]}?order=best"
    assert f'href="{onwards}#comments"' in nobody.get(f"{page}?order=best").text
    last = nobody.get(onwards).text
    assert [number for number in order if f'id="comment-{number}"' in last] == order[SHOWN:]
    assert f'href="{page}?order=best#comments"' in last


def test_the_page_asks_as_much_for_many_remarks_as_for_few(people, carl, queries, resealable):
    page = resealable.url

    def asked():
        carl.get(f"{page}?order=best")
        with queries() as found:
            carl.get(f"{page}?order=best")
        return len(found)

    for text in ("@Carl, look.", "Look."):
        find_helpful(said(resealable, people.bea, text), people.carl)
        db.session.commit()
    few = asked()
    for number in range(8):
        find_helpful(said(resealable, people.bea, f"@Carl, look again: {number}."), people.carl)
        db.session.commit()
    assert asked() == few


def test_a_merge_carries_them_and_its_undoing_gives_them_back(app, people, campaign, resealable):
    other = db.session.get_one(Idea, suggest(app, campaign.id, people.carl.id, "A can that folds"))
    comment = said(other, people.carl)
    find_helpful(comment, people.bea)
    merge_ideas(other, resealable, people.ana, "The same.")
    db.session.commit()
    find_helpful(comment, make_person("eve"))  # On the page of the idea that stands for both.
    db.session.commit()
    assert ranking(resealable, people.bea, False) == [comment.id]
    assert helpful_of([comment.id], people.ana)[comment.id].many == 2
    undo_merge(other, people.ana)
    db.session.commit()
    assert ranking(other, people.bea, False) == [comment.id]
    assert ranking(resealable, people.bea, False) == []


def test_of_a_very_long_talk_the_most_helpful_and_then_the_newest_are_ranked(people, resealable, monkeypatch):
    comments = [said(resealable, people.carl, f"Remark {number}") for number in range(5)]
    find_helpful(comments[1], people.bea)
    db.session.commit()
    monkeypatch.setattr(listing, "RANKED", 3)
    ranked = ranking(resealable, people.drew, team=False)
    assert ranked[0] == comments[1].id
    assert set(ranked) == {comments[1].id, comments[3].id, comments[4].id}
    page = threads(resealable, reader=people.drew, best=True)
    assert [thread.comment.id for thread in page] == ranked


def test_of_very_many_judges_the_last_count(people, resealable, monkeypatch):
    comments = [said(resealable, people.carl, f"Remark {number}") for number in range(2)]
    for comment, judge in zip(comments, (people.bea, people.drew), strict=True):
        find_helpful(comment, judge)
        db.session.commit()
    monkeypatch.setattr(helping, "JUDGES", 1)
    assert list(helping.last_judgements([resealable.id])) == [people.drew.id]
