"""A status goes, and its ideas move: with a reason, which their authors have in a mail, however many they are."""

import pytest

from campaign.brands.models import Membership
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.following import FollowingNews, follow
from campaign.ideas.models import CoAuthor, Idea, Withdrawal
from campaign.statuses import moving_all
from campaign.statuses.actions import changes_of
from campaign.statuses.arranging import add_status, remove_status
from campaign.statuses.lists import own_list
from campaign.statuses.models import StatusChange, UntoldChange
from campaign.statuses.moving_all import tell_untold
from tests.makers import make_idea, make_person
from tests.statuses.test_arranging import TESTED


@pytest.fixture
def planned(campaign, people):
    """`planned(3)`: so many ideas of others stand at “Planned”, or at another status."""

    def place(many, key="planned"):
        status = next(status for status in own_list(campaign) if status.key == key)
        ideas = [
            make_idea(campaign, make_person(f"author{number}"), category=campaign.categories[0])
            for number in range(many)
        ]
        for idea in ideas:
            idea.status = status
        db.session.commit()
        return ideas

    return place


def test_each_author_has_a_mail_with_the_reason_once(people, campaign, planned, mails, monkeypatch):
    monkeypatch.setattr(moving_all, "AT_ONCE", 2)
    first, *_others, last = ideas = planned(5)
    first.coauthors.append(CoAuthor(person=people.carl))
    last.withdrawal = Withdrawal(reason="Said before.")
    follow(people.drew, first)
    db.session.commit()
    assert remove_status(campaign, people.ana, "planned", "under-review", "We look again.") == 5
    db.session.commit()
    assert remove_status(campaign, people.ana, "planned", "under-review", "We look again.") == 0
    tell_untold()
    tell_untold()
    for idea in ideas[:-1]:
        [mail] = mails.to(idea.author.email)
        assert mail["Subject"] == f"Your idea “{idea.title}” now stands at “Under review”"
        assert "Ana of Soda says why: We look again." in mail.get_body(("plain",)).get_content()
    assert len(mails.to(people.carl.email)) == 1
    assert mails.to(last.author.email) == [], "it is off the board"
    assert [(news.what, news.idea_id) for news in db.session.scalars(db.select(FollowingNews))] == [
        ("status", first.id)
    ]
    assert db.session.scalars(db.select(UntoldChange)).all() == []


def test_it_stands_in_each_history_and_in_the_campaigns(people, campaign, planned):
    idea, _other = planned(2)
    remove_status(campaign, people.ana, "planned", "new", "There is nothing to plan.")
    db.session.commit()
    assert idea.status is None
    [change] = changes_of(idea)
    assert (change.key, change.by, change.reason) == ("new", people.ana, "There is nothing to plan.")
    assert idea.status_changes == [change]
    entry = db.session.scalars(db.select(Entry).filter_by(what="statuses.changed")).one()
    assert (entry.by_id, entry.why, entry.details["ideas"]) == (people.ana.id, "There is nothing to plan.", 2)
    assert (entry.details["to"]["key"], entry.details["status"][0]["key"]) == ("new", "planned")


def test_a_name_of_ones_own_goes_along(people, campaign, planned):
    [idea] = planned(1)
    add_status(campaign, people.ana, TESTED)
    remove_status(campaign, people.ana, "planned", "tested", "Done already.")
    db.session.commit()
    assert [(change.key, change.names) for change in changes_of(idea)] == [("tested", TESTED.names)]
    assert idea.status.key == "tested"


def test_who_may_not_see_the_campaign_any_more_is_told_nothing(people, campaign, planned, mails):
    one, other = planned(2)
    campaign.visibility = "members"
    db.session.add(Membership(brand=campaign.brand, person=other.author, role="analyst"))
    remove_status(campaign, people.ana, "planned", "new", "There is nothing to plan.")
    db.session.commit()
    tell_untold()
    assert (len(mails.to(one.author.email)), len(mails.to(other.author.email))) == (0, 1)


def test_very_many_move_in_as_many_questions_as_one_and_are_never_read(people, campaign, planned, queries):
    asked = []
    for many in (1, 1, 12):
        key = add_status(campaign, people.ana, TESTED).key
        for idea in planned(many, key):
            db.session.expunge(idea)
        with queries() as statements:
            assert remove_status(campaign, people.ana, key, "under-review", "We look again.") == many
        assert not any(isinstance(row, (Idea, StatusChange)) for row in db.session.identity_map.values())
        asked.append(len(statements))
        db.session.commit()
    assert asked[1] == asked[2]
