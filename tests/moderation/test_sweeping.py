"""All that somebody gave is taken down with their suspension, where the moderator ticks it, and comes back when it is lifted."""

import re

import pytest

from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.models import Idea
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import TooLate, hide, put_back, take_back
from campaign.moderation.models import Case
from campaign.moderation.reporting import report
from campaign.moderation.subjects import kept_as
from campaign.moderation.sweeping import hidden_with, hide_all_of, put_all_back
from campaign.moderation.telling import tell_authors
from tests.campaign_cast import suggest
from tests.voting import cast_vote

FORM = {"reason": "The same advertisement everywhere.", "lasts": "7", "key": "key-of-the-page"}


@pytest.fixture
def given(app, people, campaign, resealable, suggested):
    """Two ideas and two remarks of bea's, one of them on carl's idea; and a remark of carl's on hers."""
    cast_vote(resealable, people.carl, "a-vote")
    other = suggested(people.bea, "A can that sings")
    carls = suggested(people.carl, "A can of carl's")
    remarks = [post_comment(resealable, people.bea, "Mine."), post_comment(carls, people.bea, "Buy my cans!")]
    post_comment(resealable, people.carl, "I like it.")
    db.session.commit()
    return [resealable, other, *remarks]


def kept(given):
    db.session.expire_all()
    return [kept_as(subject) for subject in given]


def test_nothing_is_taken_down_unless_it_is_ticked(mod, given, mails):
    page = mod.get(f"/ideas/{given[0].id}/suspension").text
    assert "Take down their ideas and remarks, too" in page
    assert "4 ideas and remarks in all your campaigns" in page
    assert not re.search(r'name="hides"[^>]* checked|checked[^>]* name="hides"', page)
    mod.post(f"/ideas/{given[0].id}/suspension", **FORM)
    assert kept(given) == [None] * 4


def test_all_of_it_goes_with_one_mail_and_comes_back_with_its_votes(app, people, mod, nobody, given, mails):
    before = len(mails.to("bea@example.org"))
    for _click in range(2):
        mod.post(f"/ideas/{given[0].id}/suspension", **FORM, hides="y")
    assert kept(given) == ["hidden"] * 4
    assert nobody.get(given[0].url).status_code == 410
    tell_authors()
    [mail] = mails.to("bea@example.org")[before:]
    assert "4 contributions of yours were taken down" in mail.get_body(("plain",)).get_content()
    assert db.session.scalars(db.select(Idea).filter_by(author_id=people.carl.id)).one().withdrawal is None
    lifting = f"/brands/soda/suspensions/{people.bea.id}/lifting"
    page = mod.get(lifting).text
    assert "4 ideas and remarks are still down." in page
    read = re.search(r'name="read"[^>]* value="([^"]*)"', page)[1]
    mod.post(lifting, reason="She has said sorry.", read=read, restores="y")
    assert kept(given) == [None] * 4
    assert given[0].votes == 1
    tell_authors()
    [mail] = mails.to("bea@example.org")[before + 1 :]
    assert "stands there again: 4 contributions." in mail.get_body(("plain",)).get_content()


def test_lifting_alone_leaves_it_down(people, mod, given):
    mod.post(f"/ideas/{given[0].id}/suspension", **FORM, hides="y")
    mod.post(f"/brands/soda/suspensions/{people.bea.id}/lifting", reason="Enough.", read=FORM["key"])
    assert kept(given) == ["hidden"] * 4


def test_what_was_decided_before_or_since_stays_as_it_was_decided(people, moderator, given):
    hide(given[1], moderator, "It shows a trade mark.")
    assert hide_all_of(people.soda, people.bea, moderator, "Spam.") == 3
    put_back(hidden_with(people.soda, people.bea)[0], moderator, "This one is good.")
    assert len(hidden_with(people.soda, people.bea)) == 2
    assert put_all_back(people.soda, people.bea, moderator, "She has said sorry.") == 2
    assert put_all_back(people.soda, people.bea, moderator, "She has said sorry.") == 0
    assert kept(given) == [None, "hidden", None, None]


def test_what_cannot_come_back_stays_in_the_trash(app, people, moderator, given, campaign):
    hide_all_of(people.soda, people.bea, moderator, "Spam.")
    db.session.commit()
    suggest(app, campaign.id, people.drew.id, given[1].title, lot=9)
    assert put_all_back(people.soda, people.bea, moderator, "She has said sorry.") == 3
    assert kept(given) == [None, "hidden", None, None]


def test_nobody_takes_down_their_own_with_it(people, moderator, given):
    said = post_comment(given[0], moderator, "I moderate here.")
    assert hide_all_of(people.soda, moderator, moderator, "Spam.") == 0
    assert kept_as(said) is None


def test_the_button_for_ten_seconds_is_not_its_undo(people, moderator, given):
    hide_all_of(people.soda, people.bea, moderator, "Spam.")
    batch = hidden_with(people.soda, people.bea)[0].batch
    with pytest.raises(TooLate):
        take_back(batch, moderator)


def test_to_decline_and_block_takes_what_is_reported_too_and_to_trust_does_not(people, mod, given, moderator):
    for subject in (given[1], given[3]):
        report(subject, people.drew, "spam")
    db.session.commit()
    cases = [open_case_about(subject).id for subject in (given[1], given[3])]
    mod.post("/campaigns/soda/console/decisions", case=cases[0], act="trust", key="k1")
    db.session.expire_all()
    assert db.session.get_one(Case, cases[1]).verdict is None
    report(given[0], people.drew, "spam")
    db.session.commit()
    mod.post("/campaigns/soda/console/decisions", case=cases[1], act="hide_all", reason="Spam.", key="k2")
    assert kept(given) == ["hidden", None, None, "hidden"]
