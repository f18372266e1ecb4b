"""Votes that are counted while their campaign changes, or their voter leaves: what is stored first is what counts."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from campaign.accounts.access import Ticket, digest
from campaign.accounts.models import ApiToken, Person
from campaign.campaigns.actions import close_campaign, reopen_campaign
from campaign.campaigns.models import Campaign
from campaign.database import begin_writing
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.votes import ballot_box
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from campaign.votes.models import Vote
from tests.campaign_cast import stage, suggest
from tests.makers import make_token

PATIENCE = 30  # Seconds.


@contextmanager
def meanwhile(app, act) -> Iterator[list]:
    """Begin `act()` on a connection of its own, and go on once it waits for ours. Afterwards: what it gave, after its commit."""
    given: list = []

    def do():
        with app.app_context():
            try:
                given.append(act())
                db.session.commit()
            except Exception as error:
                given.append(error)

    thread = threading.Thread(target=do)
    thread.start()
    waits(app, thread)
    yield given
    thread.join(PATIENCE)
    assert given, "it waits for ever"


def waits(app, thread):
    """Until the other connection waits for a lock. SQLite does not tell: there a moment has to do."""
    deadline = time.monotonic() + (0.3 if db.engine.dialect.name == "sqlite" else PATIENCE)
    waiting = db.text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    while thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)
        if db.engine.dialect.name != "sqlite":
            with db.engine.connect() as look:
                if look.execute(waiting).first():
                    return


def told(results):
    return [result.code if isinstance(result, Refused) else result.act for result in results]


def stored():
    return db.session.scalar(db.select(db.func.count()).select_from(Vote))


def cast(voter, idea, key="made-by-a-test"):
    return lambda: told(count_ballots([Ballot(voter, idea, key, "cast")]))


def test_no_vote_is_stored_once_the_closing_is(app, people, campaign, resealable):
    carl, idea = people.carl.id, resealable.id
    close_campaign(campaign, people.ana)
    db.session.flush()
    with meanwhile(app, cast(carl, idea)) as given:
        db.session.commit()
    assert given == [["voting_closed"]]
    assert stored() == 0


def test_a_vote_that_waits_for_the_campaign_to_open_again_counts(app, people, campaign, resealable):
    carl, idea = people.carl.id, resealable.id
    close_campaign(campaign, people.ana)
    db.session.commit()
    reopen_campaign(campaign, people.ana)
    db.session.flush()
    with meanwhile(app, cast(carl, idea)) as given:
        db.session.commit()
    assert given == [["cast"]]
    assert stored() == 1


def test_a_closing_waits_for_the_votes_that_are_being_counted(app, people, campaign, resealable):
    carl, drew, idea = people.carl.id, people.drew.id, resealable.id
    ana, slug = people.ana.id, campaign.slug
    assert cast(carl, idea)() == ["cast"]

    def close():
        found = db.session.scalars(db.select(Campaign).filter_by(slug=slug)).one()
        close_campaign(found, db.session.get_one(Person, ana))
        return stored()

    with meanwhile(app, close) as given:
        assert given == []
        db.session.commit()
    assert given == [1], "who closes has seen every vote"
    assert cast(drew, idea)() == ["voting_closed"]


def test_who_counts_and_who_closes_wait_for_each_other_and_never_in_a_circle(
    app, people, campaign, resealable, at_once
):
    carl, drew, ana = people.carl.id, people.drew.id, people.ana.id
    other = stage(app, slug="other")
    ideas = [resealable.id, suggest(app, other, people.bea.id, "A lid for the can")]

    def count(voter, ideas):
        def act():
            yield
            results = count_ballots([Ballot(voter, idea, "made-by-a-test", "cast") for idea in ideas])
            assert set(told(results)) <= {"cast", "voting_closed"}

        return act

    def close(campaign):
        def act():
            found, by = db.session.get_one(Campaign, campaign), db.session.get_one(Person, ana)
            yield
            close_campaign(found, by)

        return act

    at_once(count(carl, ideas), count(drew, ideas[::-1]), close(campaign.id), close(other))
    db.session.expire_all()
    for idea in ideas:
        votes = db.session.scalar(db.select(db.func.count()).select_from(Vote).where(Vote.idea_id == idea))
        assert db.session.get_one(Idea, idea).votes == votes


def test_who_signs_out_while_a_ballot_waits_for_its_turn_is_nobody(app, people, resealable):
    ticket, idea = Ticket(digest(make_token(people.carl)), is_token=True), resealable.id
    db.session.commit()
    begin_writing()
    db.session.execute(db.delete(ApiToken).where(ApiToken.token_hash == ticket.key))
    slip = ballot_box.Slip(None, ticket, idea, "made-by-a-test", "cast")
    with meanwhile(app, lambda: told(ballot_box._settle([slip]))) as given:
        db.session.commit()
    # On PostgreSQL it waits for nobody, and so it comes before the signing out, which is not stored yet.
    assert given == [["sign_in_first" if db.engine.dialect.name == "sqlite" else "cast"]]
    assert stored() == len([one for one in given[0] if one == "cast"])
