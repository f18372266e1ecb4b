"""Remarks on an idea: one level of replies, one's own to edit and to take back."""

import re
import threading

import pytest

from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign, Closing
from campaign.clock import now
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.feedback.actions import (
    CommentsClosed,
    RemarkTakenBack,
    delete_comment,
    edit_comment,
    post_comment,
)
from campaign.feedback.listing import threads
from campaign.feedback.models import Comment
from campaign.ideas.actions import IdeaWithdrawn
from campaign.ideas.models import Idea, Withdrawal
from campaign.live.models import Change
from tests.campaign_cast import stage, suggest
from tests.refusals import sentence_at


def said(app):
    with app.app_context():
        return [
            (comment.text, comment.parent_id) for comment in db.session.scalars(db.select(Comment).order_by(Comment.id))
        ]


def count(app, idea_id):
    with app.app_context():
        return db.session.get_one(Idea, idea_id).comments


@pytest.fixture
def remark(app, cast, soda_idea):
    """carl's remark on bea's idea."""
    with app.app_context():
        comment = Comment(idea_id=soda_idea, author_id=cast["carl"], text="Will it leak?")
        db.session.add(comment)
        db.session.execute(db.update(Idea).values(comments=1))
        db.session.commit()
        return comment.id


def test_carl_says_something_and_it_is_counted(app, carl, soda_idea):
    answer = carl.post(f"/ideas/{soda_idea}/comments", text="Will it leak?", key="a")
    assert answer.status_code == 302
    assert answer.location == f"/ideas/{soda_idea}#comment-1"
    assert said(app) == [("Will it leak?", None)]
    assert count(app, soda_idea) == 1


def test_the_page_shows_it(carl, bea, soda_idea):
    carl.post(f"/ideas/{soda_idea}/comments", text="Will it **leak**?", key="a")
    page = bea.get(f"/ideas/{soda_idea}").text
    assert "Will it <strong>leak</strong>?" in page
    assert 'id="comment-1"' in page


def test_everyone_watching_hears_of_it(people, resealable):
    post_comment(resealable, people.carl, "Will it leak?")
    db.session.commit()
    change = db.session.scalars(db.select(Change)).one()
    assert change.news == {"ideas": [resealable.id], "kinds": ["comment.posted"]}


def test_a_remark_sent_twice_is_one_remark(app, carl, soda_idea):
    for _time in range(2):
        answer = carl.post(f"/ideas/{soda_idea}/comments", text="Will it leak?", key="a")
        assert answer.location == f"/ideas/{soda_idea}#comment-1"
    assert len(said(app)) == count(app, soda_idea) == 1


def test_another_remark_from_a_page_gone_back_to_is_not_lost(app, carl, soda_idea):
    for text in ("Will it leak?", "And how much is it?"):
        carl.post(f"/ideas/{soda_idea}/comments", text=text, key="a")
    assert [text for text, _parent in said(app)] == ["Will it leak?", "And how much is it?"]


def test_the_same_words_with_another_key_are_another_remark(app, carl, soda_idea):
    for key in ("a", "b"):
        carl.post(f"/ideas/{soda_idea}/comments", text="+1", key=key)
    assert len(said(app)) == 2


def test_a_reply_to_a_reply_stays_in_its_thread(people, resealable):
    first = post_comment(resealable, people.carl, "Will it leak?")
    db.session.flush()
    reply = post_comment(resealable, people.bea, "No.", parent=first)
    db.session.flush()
    again = post_comment(resealable, people.ana, "We tried.", parent=reply)
    assert again.parent_id == first.id
    db.session.commit()
    [thread] = threads(resealable)
    assert [comment.text for comment in thread.replies] == ["No.", "We tried."]


def test_who_works_for_the_brand_is_marked(app, cast, people, resealable, draft):
    db.session.add(Membership(brand=people.soda, person=people.drew, role="analyst", campaign_id=draft.id))
    for author in (people.ana, people.carl, people.drew):
        post_comment(resealable, author, "Hello")
    db.session.commit()
    assert set(threads(resealable)[0].labels) == {people.ana.id}, "drew works for another campaign only"


def test_a_reply_belongs_to_its_own_idea(app, carl, cast, soda_campaign, soda_idea, remark):
    other = suggest(app, soda_campaign, cast["bea"], "Another idea altogether")
    assert carl.post(f"/ideas/{other}/comments", text="Hello", parent=str(remark)).status_code == 404


@pytest.mark.parametrize("parent", ["0", "999", "-1", "x", "9" * 30, "1.5", "١"])
def test_a_reply_to_nothing_is_not_found(carl, soda_idea, parent):
    assert carl.post(f"/ideas/{soda_idea}/comments", text="Hello", parent=parent).status_code == 404


@pytest.mark.parametrize("nothing", ["", "   ", "\r\n\t", "\u200b\u200b", "\x00", "\u202e"])
def test_a_remark_of_nothing_is_refused(app, carl, soda_idea, nothing):
    answer = carl.post(f"/ideas/{soda_idea}/comments", text=nothing)
    assert answer.status_code == 422
    assert sentence_at(answer.text, "text") == "Write something first."
    assert said(app) == []


def test_a_remark_that_is_too_long_is_still_there(app, carl, soda_idea, remark):
    assert carl.post(f"/ideas/{soda_idea}/comments", text="é" * 2000).status_code == 302
    answer = carl.post(f"/ideas/{soda_idea}/comments", text="é" * 2001, key="mine", parent=str(remark))
    assert answer.status_code == 422
    assert sentence_at(answer.text, "text") == "2,000 characters at most, and this has 2,001."
    assert "é" * 2001 in answer.text
    assert re.search(r'name="key"[^>]* value="mine"', answer.text)
    assert re.search(rf'name="parent"[^>]* value="{remark}"', answer.text)


def test_ten_megabytes_are_refused(app, carl, soda_idea):
    answer = carl.post(f"/ideas/{soda_idea}/comments", text="a" * 10_000_000)
    assert answer.status_code == 422
    assert said(app) == []


def test_a_script_is_only_text_and_a_link_leads_nowhere_bad(carl, soda_idea):
    carl.post(f"/ideas/{soda_idea}/comments", text="<script>alert(1)</script> [x](javascript:alert(1)) قهوة ☕️")
    page = carl.get(f"/ideas/{soda_idea}").text
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert "قهوة ☕️" in page


@pytest.mark.parametrize("key", ["k" * 5000, "\x00", "é"])
def test_any_key_will_do(carl, soda_idea, key):
    assert carl.post(f"/ideas/{soda_idea}/comments", text="Hello", key=key).status_code == 302


def test_nobody_signs_in_first(app, nobody, soda_idea, remark):
    assert nobody.post(f"/ideas/{soda_idea}/comments", text="Hello").location.startswith("/sign-in")
    assert nobody.get(f"/comments/{remark}/edit").location.startswith("/sign-in")
    assert nobody.post(f"/comments/{remark}/deletion").location.startswith("/sign-in")
    assert len(said(app)) == 1


def test_a_draft_takes_no_strangers_remark(app, carl, cast, soda_draft):
    idea = suggest(app, soda_draft, cast["ana"])
    assert carl.post(f"/ideas/{idea}/comments", text="Hello").status_code == 404


@pytest.mark.parametrize("idea", ["0", "999", "99999999999999999999"])
def test_an_idea_that_is_not_there_takes_no_remark(carl, soda_campaign, idea):
    assert carl.post(f"/ideas/{idea}/comments", text="Hello").status_code == 404


def test_a_closed_campaign_takes_no_remark_and_gives_the_words_back(app, carl, cast, soda_campaign, soda_idea):
    with app.app_context():
        db.session.add(Closing(campaign_id=soda_campaign, by_id=cast["ana"]))
        db.session.commit()
    answer = carl.post(f"/ideas/{soda_idea}/comments", text="Will it leak?")
    assert answer.status_code == 422
    assert "This campaign takes no remarks now." in answer.text
    assert "Will it leak?" in answer.text
    assert said(app) == []


def test_a_campaign_that_has_not_opened_takes_no_remark(app, people, cast):
    campaign = stage(app, slug="soon", opens_at=now().replace(year=now().year + 1), ideas_until=now().replace(year=now().year + 2),
                     votes_until=now().replace(year=now().year + 2), answers_by=None)  # fmt: skip
    idea = db.session.get_one(Idea, suggest(app, campaign, cast["bea"]))
    with pytest.raises(CommentsClosed):
        post_comment(idea, people.carl, "Hello")


def test_an_idea_taken_back_takes_no_remark_and_keeps_its_talk(people, resealable):
    comment = post_comment(resealable, people.carl, "Will it leak?")
    resealable.withdrawal = Withdrawal(reason="It leaked.")
    db.session.commit()
    with pytest.raises(IdeaWithdrawn):
        post_comment(resealable, people.carl, "Told you.")
    with pytest.raises(IdeaWithdrawn):
        edit_comment(comment, "It will leak.")
    assert [thread.comment.text for thread in threads(resealable)] == ["Will it leak?"]


def test_carl_edits_his_remark(app, carl, remark, soda_idea):
    assert "Will it leak?" in carl.get(f"/comments/{remark}/edit").text
    assert carl.post(f"/comments/{remark}/edit", text="Will it *ever* leak?").location.endswith(f"#comment-{remark}")
    page = carl.get(f"/ideas/{soda_idea}").text
    assert "Will it <em>ever</em> leak?" in page
    assert "edited" in page
    assert count(app, soda_idea) == 1


def test_an_edit_that_changes_nothing_leaves_no_mark(people, resealable):
    comment = post_comment(resealable, people.carl, "Will it leak?")
    edit_comment(comment, "Will it leak?")
    assert comment.edited_at is None


def test_an_edit_to_nothing_is_refused(app, carl, remark):
    answer = carl.post(f"/comments/{remark}/edit", text=" ")
    assert answer.status_code == 422
    assert said(app) == [("Will it leak?", None)]


@pytest.mark.parametrize("who", ["ana", "bea", "drew"])
def test_nobody_else_touches_a_remark(request, app, who, remark):
    person = request.getfixturevalue(who)
    assert person.get(f"/comments/{remark}/edit").status_code == 404
    assert person.post(f"/comments/{remark}/edit", text="Mine now").status_code == 404
    assert person.post(f"/comments/{remark}/deletion").status_code == 404
    assert said(app) == [("Will it leak?", None)]


def test_a_remark_without_replies_vanishes(app, carl, remark, soda_idea):
    assert carl.post(f"/comments/{remark}/deletion").location == f"/ideas/{soda_idea}#comments"
    page = carl.get(f"/ideas/{soda_idea}").text
    assert f'id="comment-{remark}"' not in page
    assert count(app, soda_idea) == 0


def test_a_remark_with_replies_keeps_its_place_and_not_its_words(app, carl, bea, remark, soda_idea):
    bea.post(f"/ideas/{soda_idea}/comments", text="No.", parent=str(remark))
    carl.post(f"/comments/{remark}/deletion")
    page = bea.get(f"/ideas/{soda_idea}").text
    assert "This remark was taken back by its author." in page
    assert "No." in page
    assert "Will it leak?" not in page
    assert said(app)[0] == ("", None)
    assert count(app, soda_idea) == 1


def test_when_the_last_reply_goes_the_place_goes_too(people, resealable):
    first = post_comment(resealable, people.carl, "Will it leak?")
    db.session.flush()
    reply = post_comment(resealable, people.bea, "No.", parent=first)
    db.session.commit()
    delete_comment(first)
    delete_comment(reply)
    db.session.commit()
    assert threads(resealable) == []
    assert resealable.comments == 0


def test_taken_back_twice_is_taken_back_once(app, carl, remark, soda_idea):
    for _time in range(2):
        assert carl.post(f"/comments/{remark}/deletion").status_code == 302
    assert count(app, soda_idea) == 0


def test_words_that_were_taken_back_in_the_same_moment_stay_gone(people, resealable, elsewhere):
    comment = post_comment(resealable, people.carl, "Will it leak?")
    db.session.commit()
    assert comment.deletion is None
    elsewhere(lambda: delete_comment(db.session.get_one(Comment, comment.id)))
    with pytest.raises(RemarkTakenBack):
        edit_comment(comment, "It will leak.")
    delete_comment(comment)
    db.session.commit()
    db.session.expire_all()
    assert (comment.text, resealable.comments) == ("", 0)


def test_nobody_replies_to_what_was_taken_back(people, resealable):
    comment = post_comment(resealable, people.carl, "Will it leak?")
    db.session.commit()
    delete_comment(comment)
    db.session.commit()
    with pytest.raises(RemarkTakenBack):
        post_comment(resealable, people.bea, "No.", parent=comment)
    with pytest.raises(RemarkTakenBack):
        edit_comment(comment, "It will.")


def test_one_may_take_ones_words_back_from_a_closed_campaign(app, carl, cast, remark, soda_campaign, soda_idea):
    with app.app_context():
        db.session.add(Closing(campaign_id=soda_campaign, by_id=cast["ana"]))
        db.session.commit()
    assert carl.post(f"/comments/{remark}/deletion").status_code == 302
    assert count(app, soda_idea) == 0


def test_when_access_ends_ones_remark_is_out_of_reach(app, carl, remark):
    with app.app_context():
        db.session.execute(db.update(Campaign).values(visibility="members"))
        db.session.commit()
    assert carl.get(f"/comments/{remark}/edit").status_code == 404


@pytest.mark.parametrize("comment", ["0", "999", "99999999999999999999"])
def test_a_remark_that_is_not_there_is_not_found(carl, soda_idea, comment):
    assert carl.get(f"/comments/{comment}/edit").status_code == 404
    assert carl.post(f"/comments/{comment}/deletion").status_code == 404


def test_a_parent_of_another_idea_is_refused_below_the_door_too(app, people, cast, campaign, resealable):
    other = db.session.get_one(Idea, suggest(app, campaign.id, cast["bea"], "Another idea altogether"))
    comment = post_comment(other, people.carl, "Hello")
    db.session.flush()
    with pytest.raises(NotThere):
        post_comment(resealable, people.carl, "Hello", parent=comment)


def test_remarks_of_one_moment_are_all_counted(app, cast, soda_idea):
    def speak(number):
        with app.app_context():
            author = db.session.get_one(Membership, 1).person
            post_comment(db.session.get_one(Idea, soda_idea), author, f"Remark {number % 8}", key=str(number % 8))
            db.session.commit()

    speakers = [threading.Thread(target=speak, args=(number,)) for number in range(16)]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    assert len(said(app)) == count(app, soda_idea) == 8


def test_a_talk_is_read_with_two_questions(people, resealable, queries):
    def asked():
        db.session.commit()
        resealable.campaign.brand_id  # noqa: B018  Loaded before, as on the page.
        with queries() as questions:
            for thread in threads(resealable):
                for comment in (thread.comment, *thread.replies):
                    assert comment.author.name
                    assert comment.deletion is None
        return len(questions)

    for _time in range(3):
        first = post_comment(resealable, people.carl, "Will it leak?")
        db.session.flush()
        post_comment(resealable, people.bea, "No.", parent=first)
    few = asked()
    for author in (people.ana, people.drew, people.bea):
        for _time in range(10):
            post_comment(resealable, author, "Hello")
    assert asked() == few
    assert few <= 3


def test_no_browser_cuts_a_long_remark_before_anybody_could_say_so(carl, soda_idea, remark):
    url = f"/ideas/{soda_idea}"
    page = carl.get(url).text
    assert "<textarea" in page
    assert 'id="reply-' in page
    assert "maxlength" not in page
    assert page.count('most="2000"') == 2, "a remark and a reply tell how long they may be"
    long = "a" * 2001
    for form in (f"{url}/comments", f"/comments/{remark}/edit"):
        answer = carl.post(form, text=long, key="k")
        assert answer.status_code == 422
        assert long in answer.text, "all of it is still there"
        assert "2,000 characters at most" in sentence_at(answer.text, "text")
        assert "maxlength" not in answer.text


def test_no_form_cuts_what_is_pasted(ana, nobody, soda_campaign):
    pages = [nobody.get("/sign-up"), nobody.get("/sign-in")]
    pages += [ana.get(url) for url in ("/profile", "/brands/new", "/brands/soda/settings", "/campaigns/soda/settings")]
    pages += [ana.get("/campaigns/soda/ideas/new"), ana.get("/campaigns/soda/closing")]
    assert [page.request.path for page in pages if "maxlength" in page.text] == []
