"""What was taken down: its author changes it, and it comes back once; asks for another look; and a second person looks where the campaign wants it."""

from datetime import timedelta

import pytest

from campaign.brands.models import Membership
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.actions import delete_comment, edit_comment, post_comment
from campaign.ideas.actions import edit_idea
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import (
    LookedTwice,
    NothingToAppeal,
    OwnContribution,
    OwnDecision,
    ReasonWanted,
    appeal,
    decide,
    hide,
    last_case,
    put_back,
    take_back,
    uphold,
    waiting_looks,
)
from campaign.moderation.models import Case, SecondLook
from campaign.moderation.queue import QUEUES, count_waiting, items_in
from campaign.moderation.rules import Rules, choose_rules
from campaign.moderation.telling import tell_appeals, tell_authors
from campaign.notices.following import follow_campaign
from campaign.notices.models import Notice
from campaign.notices.spreading import tell_news

WHY = "It shows a trade mark."


def change(idea, title, text="Along two lines."):
    words = {"language": "en", "category": idea.campaign.categories[0], "tags": (), "pictures": (), "documents": ()}
    edit_idea(idea, idea.author, title, text, **words)
    db.session.commit()


@pytest.fixture
def down(people, resealable, moderator):
    """bea's idea, which Max has taken down."""
    resealable.category = resealable.campaign.categories[0]
    case = hide(resealable, moderator, WHY)
    db.session.commit()
    return case


@pytest.fixture
def confirms(people, campaign):
    choose_rules(campaign, people.ana, Rules(confirms_hides=True, appeal_days=3))
    db.session.commit()


def test_a_change_brings_an_idea_back_once_and_somebody_looks_afterwards(people, nobody, moderator, resealable, down):
    change(resealable, "A can without a mark")
    assert not resealable.unseen
    assert "A can without a mark" in nobody.get("/campaigns/soda").text
    case = open_case_about(resealable)
    assert case.cause == "edited"
    decide(case, moderator, "hidden", WHY)
    db.session.commit()
    change(resealable, "A can with half a mark")
    assert resealable.withdrawal.kind == "held"
    assert nobody.get(resealable.url).status_code == 404
    case = open_case_about(resealable)
    assert case.cause == "edited"
    decide(case, moderator, "hidden", WHY)
    db.session.commit()
    change(resealable, "A can with a quarter of a mark")
    assert resealable.withdrawal.kind == "held"  # And however often it is changed.
    decide(open_case_about(resealable), moderator, "approved")
    hide(resealable, moderator, "Now it is about something else.")
    db.session.commit()
    change(resealable, "A can again")
    assert not resealable.unseen  # Another decision, about something that stood there.


def test_a_change_is_no_way_around_who_reads_first(people, moderator, reads_first, suggested, campaign):
    idea = suggested(people.carl, "Cheap pills")
    decide(open_case_about(idea), moderator, "hidden", WHY)
    db.session.commit()
    change(idea, "Cheaper pills")
    assert idea.withdrawal.kind == "held"
    decide(open_case_about(idea), moderator, "hidden", WHY)
    choose_rules(campaign, people.ana, Rules())
    db.session.commit()
    change(idea, "The cheapest pills")
    assert idea.withdrawal.kind == "held"


def test_a_save_without_a_change_brings_nothing_back(people, resealable, down):
    change(resealable, resealable.title, resealable.text)
    assert resealable.withdrawal.kind == "hidden"


def test_a_change_brings_a_remark_back_once(people, carl, nobody, moderator, resealable):
    remark = post_comment(resealable, people.carl, "Rude words.")
    hide(remark, moderator, "It insults somebody.")
    db.session.commit()
    assert resealable.comments == 0
    assert carl.post(f"/comments/{remark.id}/edit", text="Kind words.").status_code == 302
    db.session.expire_all()
    assert (remark.hold, resealable.comments) == (None, 1)
    assert "Kind words." in nobody.get(resealable.url).text
    decide(open_case_about(remark), moderator, "hidden", WHY)
    edit_comment(remark, "Rude again.")
    db.session.commit()
    assert (remark.hold.kind, resealable.comments) == ("held", 0)
    assert "Rude again." not in nobody.get(resealable.url).text


def test_an_appeal_is_made_once_by_an_author_and_answered_by_somebody_else(people, moderator, resealable, down, mails):
    look = appeal(resealable, people.bea, "The mark is mine.")
    assert appeal(resealable, people.bea, "Please.") is look
    assert look.words == "The mark is mine."
    db.session.commit()
    assert timedelta(days=4) < look.due_at - now() <= timedelta(days=5)
    for judge in (lambda: uphold(down, moderator, "No."), lambda: put_back(down, moderator, "Yes.")):
        with pytest.raises(OwnDecision):
            judge()
    with pytest.raises(ReasonWanted):
        uphold(down, people.ana)
    assert uphold(down, people.ana, "It is somebody else’s.")
    db.session.commit()
    assert not uphold(down, people.ana, "It is somebody else’s.")  # A second click.
    assert (look.outcome, look.decided_by, resealable.withdrawal.kind) == ("upheld", people.ana, "hidden")
    for _twice in range(2):
        tell_appeals()
    [mail] = mails.to(people.bea.email)
    assert "stays down" in mail["Subject"]
    assert "It is somebody else’s." in mail.get_body(("plain",)).get_content()
    assert appeal(resealable, people.bea, "Once more.") is look


def test_an_appeal_that_is_granted_puts_it_back_and_is_told_once(people, moderator, resealable, down, mails):
    down.told_at = now()
    appeal(resealable, people.bea, "The mark is mine.")
    again = put_back(down, people.ana, "So it is.")
    db.session.commit()
    again.decided_at -= timedelta(minutes=1)
    db.session.commit()
    assert not resealable.unseen
    tell_authors()
    tell_appeals()
    [mail] = mails.to(people.bea.email)
    assert "it is back" in mail["Subject"]
    assert "So it is." in mail.get_body(("plain",)).get_content()


def test_nobody_appeals_against_what_is_not_down(people, moderator, resealable, down):
    put_back(down, moderator, "Fine.")
    with pytest.raises(NothingToAppeal):
        appeal(resealable, people.bea, "Why?")


def test_nobody_judges_an_appeal_about_their_own(people, moderator, resealable, down):
    db.session.add(Membership(brand=people.soda, person=people.bea, role="moderator"))
    appeal(resealable, people.bea, "The mark is mine.")
    db.session.commit()
    for judge in (lambda: uphold(down, people.bea, "No."), lambda: put_back(down, people.bea, "Yes.")):
        with pytest.raises(OwnContribution):
            judge()


def test_an_appeal_lapses_when_its_author_changes_the_idea(people, moderator, resealable, down):
    look = appeal(resealable, people.bea, "The mark is mine.")
    change(resealable, "A can without a mark")
    assert look.outcome == "lapsed"
    with pytest.raises(LookedTwice):
        uphold(down, people.ana, "No.")


def test_a_hide_waits_for_a_second_person_out_of_sight(people, nobody, moderator, resealable, confirms):
    case = hide(resealable, moderator, WHY)
    db.session.commit()
    assert nobody.get(resealable.url).status_code == 410
    assert count_waiting(resealable.campaign)["second"] == 1
    with pytest.raises(OwnDecision):
        uphold(case, moderator)
    assert uphold(case, people.ana)
    assert count_waiting(resealable.campaign)["second"] == 0
    assert resealable.withdrawal.kind == "hidden"


def test_who_disagrees_as_the_second_puts_it_back(people, moderator, resealable, confirms):
    case = hide(resealable, moderator, WHY)
    put_back(case, people.ana, "The mark is free.")
    db.session.commit()
    assert (resealable.unseen, waiting_looks(case), case.looks[0].outcome) == (False, [], "put_back")


def test_what_is_taken_back_waits_for_nobody(people, moderator, resealable, confirms):
    case = hide(resealable, moderator, WHY, batch="batch")
    db.session.commit()
    assert take_back("batch", moderator) == 1
    db.session.commit()
    assert db.session.scalars(db.select(SecondLook)).all() == []
    assert decide(case, moderator, "hidden", WHY)


def test_overdue_appeals_come_first_and_what_is_gone_is_not_among_them(people, campaign, moderator, resealable):
    remarks = [post_comment(resealable, people.carl, f"Remark {number}.") for number in range(3)]
    looks = []
    for remark in remarks:
        hide(remark, moderator, WHY)
        looks.append(appeal(remark, people.carl, "Why?"))
    looks[1].due_at = now() - timedelta(hours=1)
    db.session.commit()
    items, _further = items_in(campaign, QUEUES["appeals"])
    assert [item.subject for item in items] == [remarks[1], remarks[0], remarks[2]]
    assert [item.appeal.is_overdue for item in items] == [True, False, False]
    delete_comment(remarks[0])
    db.session.commit()
    assert count_waiting(campaign)["appeals"] == 2
    assert len(items_in(campaign, QUEUES["appeals"])[0]) == 2


def test_the_page_of_an_appeal_is_its_authors_alone(app, people, ana, bea, carl, nobody, mod, resealable, down):
    url = f"{resealable.url}/appeal"
    for browser, status in ((nobody, 302), (carl, 410), (mod, 404), (ana, 404), (bea, 200)):
        assert browser.get(url).status_code == status
    assert WHY in bea.get(url).text
    assert url in bea.get(resealable.url).text
    assert bea.post(url, words=" ").status_code == 422
    assert carl.post(url, words="Let it stand.").status_code == 410
    for _twice in range(2):
        assert bea.post(url, words="The mark is mine.").status_code == 302
    assert "The mark is mine." in bea.get(url).text
    console = "/campaigns/soda/console"
    assert "The mark is mine." in mod.get(f"{console}/appeals").text
    assert "You have taken it down." in mod.get(f"{console}/appeals").text
    fields = {"case": str(down.id), "queue": "appeals"}
    assert mod.post(f"{console}/decisions", act="uphold", reason="No.", **fields).status_code == 403
    assert carl.post(f"{console}/decisions", act="uphold", reason="No.", **fields).status_code == 404
    assert ana.post(f"{console}/decisions", act="uphold", reason="", **fields).status_code == 422
    assert ana.post(f"{console}/decisions", act="uphold", reason="It is not.", **fields).status_code == 302
    assert "It is not." in bea.get(url).text
    assert "Nobody appeals" in ana.get(f"{console}/appeals").text


def test_what_was_taken_down_is_searched_and_put_back(people, mod, moderator, resealable):
    remark, other = (post_comment(resealable, people.carl, words) for words in ("Cheap pills 100%", "Rude words"))
    gone = post_comment(resealable, people.carl, "Pills of mine")
    for one in (remark, other, gone, resealable):
        hide(one, moderator, WHY)
    delete_comment(gone)
    db.session.commit()
    trash = "/campaigns/soda/console/hidden"
    page = mod.get(trash).text
    assert "Cheap pills" in page
    assert resealable.title in page
    assert "Pills of mine" not in page
    found = mod.get(f"{trash}?q=PILLS").text
    assert "Cheap pills" in found
    assert "Rude words" not in found
    assert "Nothing in this list is what you look for." in mod.get(f"{trash}?q=zz").text
    assert "Nothing in this list is what you look for." in mod.get(f"{trash}?q=100_").text
    assert "Rude words" not in mod.get(f"{trash}?kind=idea").text
    number = next(item.case.id for item in items_in(resealable.campaign, QUEUES["hidden"])[0] if item.subject == remark)
    fields = {"case": str(number), "queue": "hidden", "act": "put_back", "reason": "They are not for sale."}
    assert mod.post("/campaigns/soda/console/decisions", **fields).status_code == 302
    db.session.expire_all()
    assert remark.hold is None
    assert "Cheap pills" not in mod.get(trash).text


@pytest.fixture
def told(people):
    """`told(person)`: what this person was told, once workers have done what is to be done."""

    def look(person):
        for case in db.session.scalars(db.select(Case).where(Case.told_at.is_(None), Case.decided_at.is_not(None))):
            case.decided_at -= timedelta(minutes=1)
        db.session.commit()
        for work in (tell_authors, tell_appeals, tell_news):
            work()
        mine = db.select(Notice.what).where(Notice.person_id == person.id, ~Notice.resting).order_by(Notice.id)
        return list(db.session.scalars(mine))

    return look


def test_what_was_declined_at_first_is_told_once_it_is_approved_after_a_change(
    people, campaign, moderator, reads_first, suggested, told
):
    follow_campaign(people.carl, campaign)
    idea = suggested(people.bea)
    decide(open_case_about(idea), moderator, "hidden", WHY)
    assert told(people.carl) == []
    change(idea, "A can without a mark")
    decide(open_case_about(idea), moderator, "approved")
    assert told(people.carl) == ["suggested"]
    hide(idea, moderator, WHY)
    assert told(people.carl) == ["suggested"]
    put_back(last_case(idea), moderator, "A mistake.")
    assert told(people.carl) == ["suggested"]


def test_what_was_declined_at_first_is_told_once_an_appeal_is_granted(
    people, campaign, moderator, reads_first, resealable, told
):
    first = post_comment(resealable, people.ana, "It could fold.")
    reply = post_comment(resealable, people.carl, "Along two lines.", parent=first)
    db.session.commit()
    decide(open_case_about(reply), moderator, "hidden", WHY)
    assert told(people.ana) == []
    appeal(reply, people.carl, "It is to the point.")
    put_back(last_case(reply), people.ana, "So it is.")
    assert told(people.ana) == ["commented"]
    hide(reply, moderator, WHY)
    put_back(last_case(reply), moderator, "A mistake.")
    assert told(people.ana) == ["commented"]


def test_what_goes_out_of_sight_before_anybody_was_told_is_told_when_it_is_back(
    people, campaign, moderator, reads_first, suggested, told
):
    follow_campaign(people.carl, campaign)
    idea = suggested(people.bea)
    decide(open_case_about(idea), moderator, "approved")
    hide(idea, people.ana, WHY)
    assert told(people.carl) == []
    put_back(last_case(idea), people.ana, "A mistake.")
    assert told(people.carl) == ["suggested"]
