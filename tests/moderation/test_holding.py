"""What waits for a moderator is read by its author and the team alone, wherever somebody might look for it."""

from datetime import timedelta

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.actions import RemarkUnseen, edit_comment, post_comment
from campaign.feedback.models import Comment, CommentPin
from campaign.feedback.pinning import pin_remark
from campaign.feedback.pins import pin_on
from campaign.ideas.actions import IdeaUnseen, restore_idea, withdraw_idea
from campaign.ideas.following import follow
from campaign.ideas.models import Idea
from campaign.live import board_seq
from campaign.moderation.cases import open_case, open_case_about
from campaign.moderation.deciding import decide, hide, put_back, take_back, trust
from campaign.moderation.models import Case
from campaign.moderation.reporting import report
from campaign.moderation.rules import Rules, choose_rules, rules_of
from campaign.moderation.subjects import keep
from campaign.moderation.telling import tell_authors
from campaign.notices.digest import send_digests
from campaign.notices.listing import unread_by, unread_of
from campaign.notices.models import Notice, NoticeNews, NoticeWish
from campaign.notices.spreading import spread, tell_news
from tests.cast import browser_of
from tests.voting import cast_vote

FORM = {"title": "A can that folds", "text": "Along two lines.", "language": "en", "category": "can"}
ADDRESSES = (
    "/campaigns/soda",
    "/campaigns/soda?order=new",
    "/campaigns/soda?q=folds",
    "/campaigns/soda/ideas/withdrawn",
    "/campaigns/soda/history",
)


def test_an_idea_waits_before_it_is_on_the_board(app, bea, carl, nobody, mod, reads_first, soda_campaign):
    answer = bea.post("/campaigns/soda/ideas/new", **FORM, key="k")
    assert answer.status_code == 302
    with app.app_context():
        idea = db.session.scalars(db.select(Idea)).one()
        url, seq = idea.url, board_seq(idea.campaign.board)
        assert db.session.scalars(db.select(Case.cause)).all() == ["first"]
    for browser in (carl, nobody):
        assert browser.get(url).status_code == 404
        assert browser.get(f"{url}/versions").status_code == 404
        for address in ADDRESSES:
            assert "Along two lines" not in browser.get(address).text
            assert "A can that folds" not in browser.get(address).text
    assert "This idea waits for a moderator." in bea.get(url).text
    assert "This idea waits for a moderator." in mod.get(url).text
    assert "Waits for a moderator" in bea.get("/profile/ideas").text
    assert "folds" in mod.get("/campaigns/soda/console/first").text
    assert seq >= 0


def test_what_the_team_writes_and_whom_a_moderator_trusts_waits_for_nobody(
    people, campaign, moderator, reads_first, suggested
):
    assert not suggested(people.ana).unseen
    waiting = suggested(people.bea, "A can that sings")
    assert waiting.unseen
    assert trust(open_case_about(waiting), moderator, "a-batch") == 1
    db.session.commit()
    assert not waiting.unseen
    assert not suggested(people.bea, "A can that flies").unseen
    assert suggested(people.carl, "A can that swims").unseen


def test_what_waits_takes_no_vote_and_no_remark_and_its_author_may_take_it_back_or_edit_it(
    people, bea, moderator, reads_first, suggested
):
    idea = suggested(people.bea)
    with pytest.raises(IdeaUnseen):
        post_comment(idea, people.carl, "Good!")
    with pytest.raises(IdeaUnseen):
        cast_vote(idea, people.carl, "a-key")
    db.session.rollback()
    assert bea.post(f"{idea.url}/edit", **{**FORM, "title": "A can that folds twice"}).status_code == 302
    assert idea.unseen
    with pytest.raises(IdeaUnseen):
        restore_idea(idea, people.bea)


def test_a_remark_waits_and_is_counted_when_it_is_approved(
    app, people, carl, nobody, mod, moderator, reads_first, resealable
):
    remark = post_comment(resealable, people.carl, "With a lid of cork.")
    db.session.commit()
    assert resealable.comments == 0
    assert "lid of cork" not in nobody.get(resealable.url).text
    assert "lid of cork" in carl.get(resealable.url).text
    assert "lid of cork" in mod.get(resealable.url).text
    with pytest.raises(RemarkUnseen):
        post_comment(resealable, people.bea, "Why cork?", remark)
    decide(open_case_about(remark), moderator, "approved")
    db.session.commit()
    assert resealable.comments == 1
    assert "lid of cork" in nobody.get(resealable.url).text


def test_what_is_taken_down_keeps_its_votes_and_comes_back_with_them(people, nobody, carl, moderator, resealable):
    cast_vote(resealable, people.carl, "a-key")
    db.session.commit()
    assert resealable.votes == 1
    case = hide(resealable, moderator, "It shows a trade mark.")
    db.session.commit()
    assert nobody.get(resealable.url).status_code == 410
    assert "A can you can reseal" not in nobody.get("/campaigns/soda").text
    assert resealable.withdrawal.reason == "It shows a trade mark."
    again = put_back(case, moderator, "The mark is free.")
    db.session.commit()
    assert (resealable.votes, resealable.unseen) == (1, False)
    assert again.id != case.id
    assert put_back(case, moderator, "The mark is free.").id == again.id  # Asked again.
    assert "A can you can reseal" in nobody.get("/campaigns/soda").text


def test_a_remark_that_is_taken_down_leaves_its_place_to_the_replies(app, people, nobody, moderator, resealable):
    remark = post_comment(resealable, people.carl, "Rude words.")
    post_comment(resealable, people.bea, "Let us be kind.", remark)
    db.session.commit()
    hide(remark, moderator, "It insults somebody.")
    db.session.commit()
    page = nobody.get(resealable.url).text
    assert "Rude words." not in page
    assert "A moderator looks at this remark, or has taken it down." in page
    assert "Let us be kind." in page
    assert resealable.comments == 1
    assert "Rude words." in browser_of(app, people.carl.id).get(resealable.url).text


def test_its_author_takes_what_is_down_away_for_good(people, moderator, resealable):
    hide(resealable, moderator, "It shows a trade mark.")
    db.session.commit()
    withdraw_idea(resealable, people.bea, "Better so.")  # Already out of sight: nothing happens.
    assert resealable.withdrawal.kind == "hidden"


def test_rules_are_chosen_by_who_manages_and_read_by_all(people, ana, bea, nobody, mod, campaign):
    assert "Ideas are published at once." in nobody.get("/campaigns/soda/moderation").text
    assert '<form class="form"' not in mod.get("/campaigns/soda/moderation").text
    fields = {"ideas_first": "y", "hides_at": "5"}
    for browser, status in ((nobody, 302), (bea, 404), (mod, 404), (ana, 302)):
        assert browser.post("/campaigns/soda/moderation", **fields).status_code == status
    assert rules_of(campaign) == Rules(True, False, 5)
    assert ana.post("/campaigns/soda/moderation", hides_at="0").status_code == 422
    choose_rules(campaign, people.ana, Rules(True, False, 5))  # Again: nothing is written down.
    db.session.commit()
    assert ana.get("/campaigns/soda/history").text.count("chose how it is moderated") == 1


def test_remarks_in_a_row_are_read_with_the_same_number_of_queries(people, nobody, moderator, resealable, queries):
    def ask():
        with queries() as asked:
            assert nobody.get(resealable.url).status_code == 200
        return len(asked)

    first = post_comment(resealable, people.carl, "One.")
    db.session.commit()
    ask()
    few = ask()
    for number in range(6):
        remark = post_comment(resealable, people.carl, f"More {number}.", first)
        db.session.commit()
        if number % 2:
            hide(remark, moderator, "No.")
            db.session.commit()
    ask()  # What is kept of a board is counted anew.
    assert ask() == few
    assert db.session.scalar(db.select(db.func.count()).select_from(Comment)) == 7


def test_who_was_told_of_it_reads_it_no_more_in_their_notices(app, people, carl, moderator, resealable):
    follow(people.carl, resealable)
    remark = post_comment(resealable, people.bea, "Rude words.")
    db.session.commit()
    tell_news()
    assert "A can you can reseal" in carl.get("/notices").text
    hide(remark, moderator, "It insults somebody.")
    db.session.commit()
    told = db.select(Notice.comment_id).where(Notice.comment_id == remark.id, ~Notice.resting)
    assert db.session.scalars(told).all() == []
    assert "A can you can reseal" not in carl.get("/notices").text
    assert carl.get("/notices/unread").get_json() == {"unread": 0}
    post_comment(resealable, people.bea, "Kind words.")
    db.session.commit()
    tell_news()
    assert "A can you can reseal" in carl.get("/notices").text
    hide(resealable, moderator, "It shows a trade mark.")
    db.session.commit()
    assert "A can you can reseal" not in carl.get("/notices").text


def of_remark(remark):
    """All that hangs on a remark, as rows."""
    tables = [row.__table__ for row in (CommentPin, Notice, NoticeNews)]
    found = {table.name: db.select(table).where(table.c.comment_id == remark.id) for table in tables}
    return {name: [tuple(row) for row in db.session.execute(rows)] for name, rows in found.items()}


@pytest.fixture
def told_of(people, moderator, resealable):
    """A remark of ana's that stands above the others; carl and moderator were told of it, or are to be, each in their own way."""
    follow(people.carl, resealable)
    set_wish(people.carl)
    remark = post_comment(resealable, people.ana, "We try it this summer.")
    db.session.commit()
    tell_news()
    db.session.execute(db.update(Notice).values(at=now() - timedelta(days=2)))
    pin_remark(remark, people.ana)
    spread("commented", resealable.campaign, resealable, people.ana, remark.id)
    db.session.commit()
    return remark


def set_wish(person):
    db.session.add(NoticeWish(person_id=person.id, kind="said", how="daily"))
    db.session.commit()


def test_an_undo_brings_back_what_hung_on_a_remark(people, moderator, resealable, told_of, mails):
    before = of_remark(told_of)
    assert all(before.values())
    hide(told_of, moderator, "By mistake.", batch="batch")
    db.session.commit()
    assert pin_on(resealable) is None
    assert unread_of(people.carl) == 0
    assert unread_by([people.carl]) == {people.carl.id: 0}
    tell_news()
    send_digests()
    assert mails.to("carl@example.org") == []
    assert take_back("batch", moderator) == 1
    db.session.commit()
    assert of_remark(told_of) == before
    assert pin_on(resealable).comment_id == told_of.id
    assert unread_of(people.carl) == 1
    send_digests()
    assert len(mails.to("carl@example.org")) == 1
    tell_news()
    assert of_remark(told_of)["notice_news"] == []


def test_reports_that_come_to_nothing_leave_a_remark_as_it_was(people, campaign, moderator, resealable, told_of):
    choose_rules(campaign, people.ana, Rules(hides_at=1))
    before = of_remark(told_of)
    report(told_of, people.drew, "spam")
    assert told_of.hold is not None
    decide(open_case_about(told_of), moderator, "approved")
    db.session.commit()
    assert of_remark(told_of) == before


def test_what_its_author_changed_leaves_the_top(people, moderator, resealable, told_of):
    hide(told_of, moderator, "Too early.")
    edit_comment(told_of, "We try it in autumn.")
    db.session.commit()
    assert told_of.hold is None
    assert pin_on(resealable) is None


def test_what_was_told_and_waited_since_is_not_told_twice(people, moderator, resealable):
    follow(people.carl, resealable)
    remark = post_comment(resealable, people.bea, "It could fold.")
    db.session.commit()
    tell_news()
    case = open_case(remark, "filter")
    case.stood = True  # An edit was held.
    keep(remark, "held")
    decide(case, moderator, "approved")
    case.decided_at -= timedelta(minutes=1)
    db.session.commit()
    tell_authors()
    tell_news()
    assert unread_of(people.carl) == 1
