"""A campaign's history: everything that was done with it, its ideas and its own team, a page at a time."""

from datetime import timedelta

import pytest

from campaign.answers.actions import answer_idea
from campaign.board import acts as board_acts
from campaign.board.acts import acts
from campaign.brands.inviting import invite
from campaign.brands.models import Membership
from campaign.brands.team import change_role, remove_member
from campaign.campaigns.actions import close_campaign, publish_campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry, record
from campaign.ideas.actions import withdraw_idea
from campaign.ideas.orders import NoSuchPage
from campaign.ideas.tagging import tag_as_team
from tests.campaign_cast import stage, suggest

HISTORY = "/campaigns/soda/history"


def whats(campaign):
    return [entry.what for entry in db.session.scalars(db.select(Entry).order_by(Entry.id))]


def test_answers_tags_and_withdrawals_are_in_the_history(ana, nobody, people, campaign, resealable):
    answer_idea(resealable, people.ana, "Yes, in spring.")
    tag_as_team(resealable, people.ana, [tag for tag in campaign.tags if tag.staff_only])
    withdraw_idea(resealable, people.bea, "It was on the board already.")
    db.session.commit()
    page = ana.get(HISTORY).text
    for sentence in ("answered an idea", "changed the team’s tags of an idea", "+ studied", "took an idea back"):
        assert sentence in page
    assert "“It was on the board already.”" in page
    assert page.count("A can you can reseal</a>") == 3


def test_roles_for_this_campaign_alone_are_in_its_history(app, people, campaign):
    membership = Membership(brand=people.soda, person=people.bea, role="analyst", campaign_id=campaign.id)
    db.session.add(membership)
    db.session.flush()
    invite(people.soda, people.ana, "eve@example.org", "moderator", campaign)
    invite(people.soda, people.ana, "of-the-whole@example.org", "moderator")
    change_role(membership, people.ana, "manager")
    remove_member(membership, people.ana)
    with app.test_request_context():
        told = [(str(act.sentence), act.details) for act in reversed(acts(campaign).acts)]
    assert told == [
        ("invited somebody to this campaign", ["eve@example.org", "moderator"]),
        ("changed a role in this campaign", ["Bea", "analyst, now manager"]),
        ("took somebody out of the team of this campaign", ["Bea", "manager"]),
    ]


def test_what_the_clock_did_is_ensembles(ana, people, campaign):
    record("campaign.votes_ended", campaign, at=now() - timedelta(hours=1))
    db.session.commit()
    assert "<strong>Ensemble</strong> ended the vote at its date" in ana.get(HISTORY).text


def test_other_campaigns_have_their_own(app, people, campaign, draft):
    publish_campaign(draft, people.ana)
    close_campaign(campaign, people.ana)
    with app.test_request_context():
        assert [str(act.sentence) for act in acts(campaign).acts] == ["closed the campaign"]


def test_a_long_history_is_read_a_page_at_a_time(ana, people, campaign, monkeypatch):
    monkeypatch.setattr(board_acts, "SHOWN", 3)
    moment = now()
    for number in range(7):
        record("campaign.changed", campaign, people.ana, f"reason {number}", at=moment - timedelta(hours=number // 2))
    db.session.commit()
    seen, after = [], None
    while True:
        page = acts(campaign, after)
        seen += [act.why for act in page.acts]
        if page.cursor is None:
            break
        after = str(page.cursor)
    assert len(page.acts) == 1
    assert sorted(seen) == [f"reason {number}" for number in range(7)]
    assert seen.index("reason 1") < seen.index("reason 2") < seen.index("reason 5")
    assert "from=" in ana.get(HISTORY).text


@pytest.mark.parametrize("cursor", ["x", "²", "9" * 30, "-1", "999999"])
def test_a_page_that_is_not_there_says_so(ana, soda_campaign, cursor):
    assert ana.get(f"{HISTORY}?from={cursor}").status_code == 404
    with ana.application.app_context(), pytest.raises(NoSuchPage):
        board_acts._before(cursor)


def test_it_asks_as_many_questions_for_many_acts_as_for_one(app, ana, cast, queries, soda_campaign):
    def answered(number):
        idea = suggest(app, soda_campaign, cast["bea"], f"Idea number {number}")
        with app.app_context():
            db.session.add(Entry(what="idea.answered", subject="idea", subject_id=idea, by_id=cast["ana"], details={}))
            db.session.commit()

    answered(0)
    with queries() as few:
        ana.get(HISTORY)
    for number in range(1, 8):
        answered(number)
    with queries() as many:
        ana.get(HISTORY)
    assert len(few) == len(many)


def test_the_acts_of_another_brands_campaign_stay_there(app, ana, cast, soda_campaign):
    other = stage(app, brand="elsewhere", slug="other")
    idea = suggest(app, other, cast["carl"], "A secret can")
    with app.app_context():
        db.session.add(Entry(what="idea.answered", subject="idea", subject_id=idea, by_id=cast["drew"], details={}))
        db.session.commit()
    assert "A secret can" not in ana.get(HISTORY).text
