"""Stages turn by the server's clock: each passing is told and written down once, by whichever process sees it first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from campaign.campaigns import turning
from campaign.campaigns.actions import close_campaign, reopen_campaign
from campaign.campaigns.models import Campaign, Publication
from campaign.campaigns.turning import LOOK, look
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.live import board_seq
from campaign.live.announcing import changes_since
from tests.calendars import stages_of, until


@pytest.fixture
def dated(campaign):
    """The campaign with its dates moved: seconds from now, and told until a minute ago."""

    def dated(**seconds):
        moment = now()
        until(campaign, **{name: moment + timedelta(seconds=after) for name, after in seconds.items()})
        campaign.publication.told_until = moment - timedelta(seconds=60)
        db.session.commit()
        return campaign

    return dated


def written():
    return [entry.what for entry in db.session.scalars(db.select(Entry).order_by(Entry.at, Entry.id))]


def told(campaign):
    return [kind for _seq, news in changes_since(campaign.board, 0) or [] for kind in news["kinds"]]


def test_a_date_that_passed_is_told_and_written_down_once(dated):
    campaign = dated(ideas_until=-1)
    look()
    look()
    assert told(campaign) == written() == ["stage.opened"]


def test_what_passed_while_nothing_ran_is_told_in_its_order(dated):
    campaign = dated(opens_at=-50, ideas_until=-30, votes_until=-10)
    look()
    assert told(campaign) == ["stage.opened"]
    assert written() == ["stage.opened"] * 3
    entries = db.session.scalars(db.select(Entry).order_by(Entry.at)).all()
    assert [entry.details["stage"]["kind"] for entry in entries] == ["conception", "vote", "outcome"]
    assert (entries[-1].at, entries[-1].by_id) == (campaign.stages[-1].opens_at, None)


def test_many_processes_tell_it_once(app, dated):
    campaign = dated(votes_until=-1, ideas_until=-1)

    def one_process(_number):
        with app.app_context():
            look()

    with ThreadPoolExecutor(6) as processes:
        list(processes.map(one_process, range(12)))
    assert told(campaign) == written() == ["stage.opened"]


def test_the_next_look_is_taken_when_the_date_passes(dated):
    dated(ideas_until=0.9)
    assert 0 < look() <= 0.9
    dated(ideas_until=5)
    assert 0.9 < look() <= LOOK


def test_a_date_that_moves_is_told_when_it_passes_again(dated):
    campaign = dated(ideas_until=-1)
    look()
    until(campaign, ideas_until=now())  # Later than the first look.
    db.session.commit()
    look()
    assert told(campaign) == ["stage.opened"] * 2


def test_a_draft_turns_for_nobody(draft):
    until(draft, opens_at=now() - timedelta(seconds=1))
    db.session.commit()
    look()
    assert not board_seq(draft.board)
    assert not written()


def test_a_closed_campaign_turns_when_it_is_opened_again(people, dated):
    campaign = dated(ideas_until=-1)
    close_campaign(campaign, people.ana)
    db.session.commit()
    look()
    assert "stage.opened" not in told(campaign)
    reopen_campaign(campaign, people.ana)
    db.session.commit()
    assert told(campaign).count("stage.opened") == 1  # With the opening itself: nobody waits for the clock.
    look()
    assert told(campaign).count("stage.opened") == 1


def test_a_stage_that_lay_within_a_closing_never_opened(people, dated):
    campaign = dated(opens_at=-50)
    look()
    close_campaign(campaign, people.ana)
    campaign.closing.at = now() - timedelta(seconds=30)
    until(
        campaign, opens_at=now() - timedelta(seconds=50), ideas_until=now() - timedelta(seconds=20), votes_until=now()
    )
    campaign.publication.told_until = now() - timedelta(seconds=40)
    db.session.commit()
    reopen_campaign(campaign, people.ana)
    db.session.commit()
    opened = db.session.scalars(db.select(Entry).filter_by(what="stage.opened").order_by(Entry.at)).all()
    assert [entry.details["stage"]["kind"] for entry in opened] == ["conception", "outcome"]
    assert campaign.stages[1] not in campaign.voted_on
    assert [stop.note for stop in campaign.timeline][2] == "did not open"


def test_one_campaign_that_breaks_keeps_no_other_waiting(dated, app, monkeypatch):
    campaign = dated(ideas_until=-1)
    other = Campaign(brand=campaign.brand, stages=stages_of(*(stage.opens_at for stage in campaign.stages)))
    other.slug, other.texts = "broken", {}
    db.session.add(other)
    turn_stages = turning.turn_stages

    def breaks(row, until):
        if row.slug == "soda":
            raise RuntimeError("This one breaks")
        return turn_stages(row, until)

    other.publication = Publication(by_id=campaign.publication.by_id, told_until=now() - timedelta(seconds=60))
    db.session.commit()
    monkeypatch.setattr(turning, "turn_stages", breaks)
    look()
    assert told(other) == ["stage.opened"]
    assert not told(campaign)
