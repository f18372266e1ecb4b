"""The team says where an idea stands: along the list, signed, told to whom it concerns, and never over a colleague's head."""

import re

import pytest

from campaign.campaigns.models import Closing
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.actions import IdeaWithdrawn
from campaign.ideas.following import tell_news
from campaign.ideas.models import Idea, Withdrawal
from campaign.live.models import Change
from campaign.statuses.actions import (
    NoSuchStatus,
    NotFromHere,
    SetMeanwhile,
    StatusReasonMissing,
    changes_of,
    set_status,
)
from campaign.statuses.models import Status, StatusChange
from tests.refusals import sentence_at

WHY = "It costs more than the can."


def standing(app):
    with app.app_context():
        idea = db.session.scalars(db.select(Idea)).one()
        return idea.status and idea.status.key


def read(page):
    return re.search(r'name="read"[^>]* value="([^"]*)"', page)[1]


def offered(page):
    return re.findall(r'name="status" id="status-([a-z-]+)"', page)


def test_it_stands_on_the_idea_and_on_the_board(app, ana, nobody, soda_idea):
    answer = ana.post(f"/ideas/{soda_idea}/status", status="under-review", reason="", read="0")
    assert answer.location == f"/ideas/{soda_idea}#standing"
    assert standing(app) == "under-review"
    page, board = nobody.get(f"/ideas/{soda_idea}").text, nobody.get("/campaigns/soda").text
    for text in (page, board):
        assert '<span class="badge" data-colour="blue">Under review</span>' in text
    assert "Set by Ana" in page


def test_nothing_is_shown_where_all_ideas_begin(nobody, soda_idea):
    assert "data-colour" not in nobody.get("/campaigns/soda").text
    assert "Where it stands" not in nobody.get(f"/ideas/{soda_idea}").text


def test_only_what_may_follow_is_offered(carl, gives, soda_idea):
    gives("carl", "evaluator")
    page = carl.get(f"/ideas/{soda_idea}/status").text
    assert offered(page) == ["under-review", "planned", "declined"]
    assert carl.post(f"/ideas/{soda_idea}/status", status="done", reason="Yes.", read="0").status_code == 422


def test_who_manages_goes_another_way_with_a_reason(app, ana, soda_idea):
    assert "done" in offered(ana.get(f"/ideas/{soda_idea}/status").text)
    answer = ana.post(f"/ideas/{soda_idea}/status", status="done", reason="", read="0")
    assert sentence_at(answer.text, "reason") == "Say why: everybody reads it with the status."
    assert standing(app) is None
    ana.post(f"/ideas/{soda_idea}/status", status="done", reason="It was there already.", read="0")
    assert standing(app) == "done"


@pytest.mark.parametrize(
    ("role", "status"), [("evaluator", 302), ("moderator", 302), ("manager", 302), ("analyst", 404), (None, 404)]
)
def test_who_evaluates_or_moderates_says_it(carl, gives, soda_idea, role, status):
    if role:
        gives("carl", role)
    assert carl.post(f"/ideas/{soda_idea}/status", status="planned", reason="", read="0").status_code == status
    assert ("/status" in carl.get(f"/ideas/{soda_idea}").text) == (status == 302)


def test_strangers_find_no_door(drew, nobody, soda_idea):
    assert drew.get(f"/ideas/{soda_idea}/status").status_code == 404
    assert nobody.get(f"/ideas/{soda_idea}/status").status_code == 302


def test_declining_says_why_to_everybody(people, campaign, nobody, resealable):
    with pytest.raises(StatusReasonMissing):
        set_status(resealable, people.ana, "declined")
    set_status(resealable, people.ana, "declined", WHY)
    db.session.commit()
    assert WHY in nobody.get(resealable.url).text


def test_it_is_written_down_and_told(people, resealable):
    set_status(resealable, people.ana, "planned", WHY)
    db.session.commit()
    [change] = changes_of(resealable)
    assert (change.key, change.reason, change.by) == ("planned", WHY, people.ana)
    entry = db.session.scalars(db.select(Entry)).one()
    assert (entry.what, entry.by_id, entry.why) == ("idea.status_set", people.ana.id, WHY)
    news = db.session.scalars(db.select(Change)).one().news
    assert news == {"ideas": [resealable.id], "kinds": ["idea.status_set"]}


def test_what_it_was_called_then_stays(people, resealable, stands):
    stands("planned")
    resealable.status.names = {"en": "In the making", "fr": "En cours"}
    db.session.commit()
    assert [change.name for change in changes_of(resealable)] == ["Planned"]


def test_its_author_and_its_followers_have_a_mail(app, ana, bea, carl, mails, soda_idea):
    carl.post(f"/ideas/{soda_idea}/following")
    ana.post(f"/ideas/{soda_idea}/status", status="declined", reason=WHY, read="0")
    with app.app_context():
        tell_news()
    [to_author], [to_follower] = mails.to("bea@example.org"), mails.to("carl@example.org")
    assert to_author["Subject"] == "Your idea “A can you can reseal” now stands at “Declined”"
    assert to_follower["Subject"] == "“A can you can reseal” now stands at “Declined”"
    for mail in (to_author, to_follower):
        assert WHY in mail.get_body(("plain",)).get_content()
        assert WHY in mail.get_body(("html",)).get_content()


def test_two_at_once_and_the_second_is_told(app, ana, carl, gives, soda_idea):
    gives("carl", "manager")
    seen = read(carl.get(f"/ideas/{soda_idea}/status").text)
    ana.post(f"/ideas/{soda_idea}/status", status="planned", reason="", read=seen)
    answer = carl.post(f"/ideas/{soda_idea}/status", status="declined", reason=WHY, read=seen)
    assert answer.status_code == 422
    assert "Ana has already set it to “Planned” meanwhile." in sentence_at(answer.text, "status")
    assert standing(app) == "planned"
    assert WHY in answer.text
    assert (
        carl.post(f"/ideas/{soda_idea}/status", status="declined", reason=WHY, read=read(answer.text)).status_code
        == 302
    )
    assert standing(app) == "declined"


def test_the_same_choice_of_another_is_told_as_well(people, resealable):
    set_status(resealable, people.ana, "planned", read=0)
    with pytest.raises(SetMeanwhile):
        set_status(resealable, people.carl, "planned", read=0)


def test_a_second_click_does_nothing(app, ana, mails, soda_idea):
    for _click in range(2):
        assert ana.post(f"/ideas/{soda_idea}/status", status="planned", reason="", read="0").status_code == 302
    with app.app_context():
        assert len(db.session.scalars(db.select(StatusChange)).all()) == 1
    assert len(mails.to("bea@example.org")) == 1


def test_two_in_the_same_moment_write_one_list_and_one_change(people, cast, soda_idea, at_once):
    told = []

    def choose(name, key):
        def act():
            from campaign.accounts.models import Person

            idea, by = db.session.get_one(Idea, soda_idea), db.session.get_one(Person, cast[name])
            yield
            try:
                set_status(idea, by, key, read=0)
            except SetMeanwhile as refusal:
                told.append(str(refusal.message))
                db.session.rollback()

        return act

    at_once(choose("ana", "planned"), choose("carl", "under-review"))
    assert len(told) == 1
    assert len(db.session.scalars(db.select(Status)).all()) == 5
    assert len(db.session.scalars(db.select(StatusChange)).all()) == 1


def test_from_where_it_stands(people, resealable):
    with pytest.raises(NotFromHere):
        set_status(resealable, people.ana, "done")
    with pytest.raises(NoSuchStatus):
        set_status(resealable, people.ana, "elsewhere")


def test_back_to_where_it_began(people, resealable, stands):
    stands("under-review")
    stands("new")
    assert resealable.status is None
    assert [change.key for change in changes_of(resealable)] == ["under-review", "new"]


def test_an_idea_that_was_taken_back_stands_nowhere(people, resealable):
    resealable.withdrawal = Withdrawal(reason="Said twice.")
    with pytest.raises(IdeaWithdrawn):
        set_status(resealable, people.ana, "planned")


def test_a_campaign_that_is_over_still_says_it(people, campaign, resealable):
    campaign.closing = Closing(by=people.ana)
    set_status(resealable, people.ana, "planned")
    assert resealable.status.key == "planned"


def test_the_history_of_the_campaign_tells_it(ana, soda_idea):
    ana.post(f"/ideas/{soda_idea}/status", status="planned", reason=WHY, read="0")
    page = ana.get("/campaigns/soda/history").text
    assert "said where an idea stands" in page
    assert "New idea → Planned" in page
