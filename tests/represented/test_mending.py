"""Votes from paper where their idea leaves the board, moves or is sealed; and what is kept of the people behind them."""

from datetime import timedelta

import pytest

from campaign.board.acts import acts
from campaign.brands.models import Membership
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.actions import restore_idea
from campaign.ideas.models import Idea, RecordedIdea
from campaign.ideas.purging import purge_private_answers
from campaign.ledger.appending import append_to_logs
from campaign.ledger.verifying import verify
from campaign.merging.actions import merge_ideas, undo_merge
from campaign.merging.retiring import retire_idea
from campaign.merging.telling import tell_news
from campaign.represented.access import papers_counted, recorders_of, votes_recorded
from campaign.represented.actions import (
    AlreadyRecorded,
    PaperNotTaken,
    record_idea,
    record_vote,
    take_back_recorded,
    take_paper,
)
from campaign.represented.models import PaperVote
from campaign.votes.models import BallotEntry, Vote
from tests.campaign_cast import suggest
from tests.represented.conftest import given

WHY = "Both ask for a lid that closes."


@pytest.fixture
def lid(app, on_paper, people, resealable):
    return db.session.get_one(Idea, suggest(app, on_paper.id, people.carl.id, "A can with a lid that closes again"))


def votes_told(campaign):
    return {one.person.name: one.votes for one in recorders_of(campaign)}


def entries():
    return db.session.scalar(db.select(db.func.count(BallotEntry.id)))


def supporters(idea):
    return db.session.scalar(db.select(db.func.count()).select_from(Vote).where(Vote.idea_id == idea.id))


def test_a_vote_that_was_handed_back_is_recorded_again(on_paper, resealable, lid, people):
    first = record_vote(resealable, people.ana, given(), "a-paper")
    retire_idea(resealable, lid, resealable.author, "It says the same.")
    db.session.commit()
    assert votes_told(on_paper) == {}  # It counts nowhere.
    restore_idea(resealable, resealable.author)
    db.session.commit()
    assert (resealable.votes, votes_told(on_paper)) == (0, {})
    again = record_vote(resealable, people.ana, given(how="phone"), "another-form")
    assert (again.id, again.how, resealable.votes) == (first.id, "phone", 1)
    assert votes_told(on_paper) == {"Ana": 1}
    assert papers_counted(on_paper, [resealable.id]) == {resealable.id: 1}
    with pytest.raises(AlreadyRecorded):
        record_vote(resealable, people.ana, given(), "a-third-form")


def test_what_was_handed_back_is_taken_back_without_a_vote(on_paper, resealable, lid, people):
    vote = record_vote(resealable, people.ana, given(), "a-paper")
    retire_idea(resealable, lid, resealable.author, "It says the same.")
    restore_idea(resealable, resealable.author)
    written = entries()
    take_back_recorded(vote, people.ana, "Unsigned.")
    assert (resealable.votes, entries()) == (0, written)  # The book has said so already.
    with pytest.raises(AlreadyRecorded):
        record_vote(resealable, people.ana, given(), "another-form")


def test_a_vote_that_moved_with_a_merge_is_taken_back_where_it_counts(on_paper, resealable, lid, people):
    vote = record_vote(resealable, people.ana, given(), "a-paper")
    merge_ideas(resealable, lid, people.ana, WHY)
    db.session.commit()
    assert (lid.votes, votes_told(on_paper), votes_recorded(lid)) == (1, {"Ana": 1}, [vote])
    with pytest.raises(AlreadyRecorded):
        record_vote(lid, people.ana, given(), "another-form")
    take_back_recorded(vote, people.ana, "Unsigned.")
    take_back_recorded(vote, people.ana, "Unsigned.")
    assert (lid.votes, votes_told(on_paper)) == (0, {})
    undo_merge(resealable, people.ana)
    db.session.commit()
    assert (resealable.votes, lid.votes) == (0, 0)
    append_to_logs()
    assert verify(on_paper).problems == []


@pytest.mark.parametrize("taken_back", ["resealable", "lid"])
def test_of_a_paper_that_supports_both_only_one_is_taken_back(on_paper, resealable, lid, people, taken_back):
    votes = {
        "resealable": record_vote(resealable, people.ana, given(), "one"),
        "lid": record_vote(lid, people.ana, given(), "two"),
    }
    merge_ideas(resealable, lid, people.ana, WHY)
    db.session.commit()
    assert (lid.votes, votes_told(on_paper)) == (1, {"Ana": 1})
    take_back_recorded(votes[taken_back], people.ana, "Unsigned.")
    assert lid.votes == 1
    undo_merge(resealable, people.ana)
    db.session.commit()
    kept = {"resealable": supporters(resealable), "lid": supporters(lid)}
    assert kept == {"resealable": 1, "lid": 1} | {taken_back: 0}
    append_to_logs()
    assert verify(on_paper).problems == []


def test_a_merge_mails_nobody_who_exists_on_paper_only(mails, on_paper, resealable, lid, people):
    written = record_idea(
        on_paper, people.ana, given("18", "Yves"), "A can for one hand", key="k", category=on_paper.categories[0]
    )
    vote = record_vote(resealable, people.ana, given(), "a-paper")
    merge_ideas(resealable, lid, people.ana, WHY)
    merge_ideas(written, lid, people.ana, WHY)
    db.session.commit()
    tell_news()
    assert mails.to("carl@example.org")
    assert mails.to(vote.voter.person.email) == mails.to(written.author.email) == []


def test_nothing_is_recorded_once_a_colleague_chose_to_take_nothing(elsewhere, on_paper, resealable, people):
    idea, ana, campaign = resealable, people.ana, on_paper
    assert campaign.paper_since is not None
    db.session.commit()
    assert idea.campaign.paper_since is not None  # As our page was when it was asked for.
    elsewhere(lambda: take_paper(db.session.get_one(type(campaign), 1), db.session.get_one(type(ana), 1), False))
    with pytest.raises(PaperNotTaken):
        record_vote(idea, ana, given(), "a-paper")
    assert campaign.paper_since is None


@pytest.fixture
def colleague(drew, on_paper, people):
    """drew manages the campaign as well."""
    db.session.add(Membership(brand_id=on_paper.brand_id, person_id=people.drew.id, role="owner"))
    db.session.commit()
    return drew


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_under_seal_colleagues_do_not_learn_how_many_one_recorded(ana, colleague, on_paper, resealable, people, seal):
    on_paper.stage.shows_counts = seal
    votes = [record_vote(resealable, people.ana, given(f"P{one}", f"Person {one}"), f"vote-{one}") for one in range(3)]
    take_back_recorded(votes[0], people.ana, "Unsigned.")
    db.session.commit()
    told = "recorded a vote that somebody gave elsewhere"
    history, removal = "/campaigns/soda/history", f"/recorded-votes/{votes[1].id}/removal"
    assert ana.get(history).text.count(told) == 3
    assert ana.get(removal).status_code == 200
    text = colleague.get(history).text
    assert "number P0" not in text
    assert told not in text
    assert "Unsigned." not in text
    assert colleague.get(removal).status_code == 404
    assert 'row__title">Ana' not in colleague.get("/campaigns/soda/on-paper").text
    assert told not in [str(act.sentence) for act in acts(on_paper).acts]
    on_paper.stage.shows_counts = "always"
    db.session.commit()
    assert colleague.get(history).text.count(told) == 3
    assert colleague.get(removal).status_code == 200
    assert db.session.scalar(db.select(db.func.count()).select_from(PaperVote)) == 3


def test_how_to_reach_an_author_is_for_who_manages_until_its_date(ana, bea, carl, drew, nobody, on_paper, people):
    db.session.add(Membership(brand_id=on_paper.brand_id, person_id=people.drew.id, role="analyst"))
    on_paper.private_until = now() + timedelta(days=5)
    idea = record_idea(
        on_paper,
        people.ana,
        given(),
        "A can for one hand",
        key="k",
        category=on_paper.categories[0],
        contact="06 12 34",
    )
    db.session.commit()
    assert "How to reach them: 06 12 34" in ana.get(idea.url).text
    for browser in (bea, carl, drew, nobody):
        assert "06 12 34" not in browser.get(idea.url).text
    purge_private_answers()
    assert contacts() == 1  # Its date hasn't come.
    on_paper.private_until = now() - timedelta(seconds=1)
    db.session.commit()
    assert "06 12 34" not in ana.get(idea.url).text  # The clock decides, deleted or not.
    for _again in range(2):
        purge_private_answers()
        assert contacts() == 0
    assert db.session.get_one(Idea, idea.id).recorded.how == "paper"


def test_where_no_date_is_told_it_is_forgotten_a_month_after_the_campaign(ana, on_paper, people):
    assert on_paper.private_until is None
    given_by = given()
    idea = record_idea(
        on_paper, people.ana, given_by, "A can", key="k", category=on_paper.categories[0], contact="06 12 34"
    )
    on_paper.ends_at = now() - timedelta(days=29)
    db.session.commit()
    purge_private_answers()
    assert contacts() == 1
    assert idea.recorded.contact_words == "06 12 34"
    on_paper.ends_at = now() - timedelta(days=31)
    db.session.commit()
    assert idea.recorded.contact_words == ""
    purge_private_answers()
    assert contacts() == 0


def contacts():
    return db.session.scalar(db.select(db.func.count(RecordedIdea.contact)))
