"""A brand says of each stage when its counts are shown: before the stage begins, and then it stays."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from campaign.campaigns.actions import change_campaign, close_campaign, reopen_campaign
from campaign.campaigns.models import Campaign
from campaign.campaigns.planning import copy_campaign, plans_of, save_plan
from campaign.campaigns.sealing import NOBODY, CountsWereShown, counts_shown, seal_on
from campaign.campaigns.setup import Setup, WantedStage, Words
from campaign.campaigns.staging import StageBegun
from campaign.clock import now
from campaign.extensions import db
from tests.campaigns.test_settings import SETTINGS, shown


def seals(campaign):
    return [stage.shows_counts for stage in campaign.stages]


def changed(campaign, stage, **given):
    texts = {code: Words(text.title, text.lead, text.brief, text.gift) for code, text in campaign.texts.items()}
    kept = {"names": dict(stage.names), "switches": frozenset(["accepts_votes"]), "id": stage.id}
    wanted = WantedStage(stage.kind, stage.opens_at, **kept, **given)
    return Setup(texts=texts, stages=[wanted], answers_by=campaign.answers_by)


def test_what_nobody_turned_stays_shown(people, campaign):
    assert seals(campaign) == ["always"] * 3
    assert counts_shown(campaign, NOBODY)


def test_a_stage_to_come_is_sealed_on_the_settings_page_and_the_history_says_so(app, ana, soda_campaign):
    page = ana.get(SETTINGS).text
    assert "Sealed counts are hidden from everybody, your team included" in page
    answer = ana.post(SETTINGS, **{**shown(page), "stages-1-shows_counts": "ended"})
    assert answer.status_code == 302
    with app.app_context():
        assert seals(db.session.get_one(Campaign, soda_campaign)) == ["always", "ended", "always"]
    told = "The vote, counts shown: from always to when the stage ends"
    assert told in unescape(ana.get("/campaigns/soda/history").text)


@pytest.mark.parametrize("choice", ["never", "x" * 300])
def test_a_choice_that_does_not_exist_is_refused(app, ana, soda_campaign, choice):
    fields = {**shown(ana.get(SETTINGS).text), "stages-1-shows_counts": choice}
    assert ana.post(SETTINGS, **fields).status_code == 422
    with app.app_context():
        assert seals(db.session.get_one(Campaign, soda_campaign)) == ["always"] * 3


def test_nobody_breaks_or_sets_a_seal_in_a_stage_that_has_begun(people, campaign):
    begun = campaign.stages[0]
    with pytest.raises(StageBegun) as refusal:
        change_campaign(campaign, people.ana, changed(campaign, begun, shows_counts="ended"))
    assert "when its counts are shown stays as it was" in str(refusal.value.message)
    begun.shows_counts = "ended"
    with pytest.raises(StageBegun):
        change_campaign(campaign, people.ana, changed(campaign, begun, shows_counts="always"))


def test_copies_and_plans_carry_it(people, campaign):
    campaign.stages[1].shows_counts = "voted"
    assert seals(copy_campaign(campaign, people.ana, "a-click")) == ["always", "voted", "always"]
    save_plan(campaign, people.ana, "The yearly can", "a-click")
    stages, _ends_at = plans_of(people.soda)[0].dated(now())
    assert [stage.shows_counts for stage in stages] == ["always", "voted", "always"]


@pytest.mark.one_database
def test_a_seal_lasts_as_long_as_its_stage(people, campaign):
    first, second, third = campaign.stages
    first.shows_counts = second.shows_counts = "ended"
    assert seal_on(campaign) == "ended"
    assert not any(counts_shown(campaign, person) for person in (NOBODY, people.ana, people.bea))
    first.opens_at, second.opens_at = now() - timedelta(days=2), now() - timedelta(days=1)
    assert seal_on(campaign) == "ended"
    third.opens_at = now() - timedelta(seconds=1)
    assert all(counts_shown(campaign, person) for person in (NOBODY, people.ana))
    third.shows_counts, campaign.ends_at = "ended", now()
    assert counts_shown(campaign, NOBODY)


@pytest.mark.parametrize("seal", ["voted", "ended"])
def test_a_sealed_vote_whose_counts_were_shown_does_not_go_on(people, campaign, seal):
    campaign.stages[0].shows_counts, campaign.stages[0].first_ballot_at = seal, now()
    close_campaign(campaign, people.ana)
    db.session.commit()
    with pytest.raises(CountsWereShown):
        reopen_campaign(campaign, people.ana)
    assert campaign.is_closed
    campaign.stages[0].first_ballot_at = None
    reopen_campaign(campaign, people.ana)
    assert campaign.is_open


def test_nor_does_it_when_its_end_is_moved(people, campaign):
    first, *later = campaign.stages
    for stage in later:
        campaign.stages.remove(stage)
    first.shows_counts, first.first_ballot_at = "ended", now()
    campaign.ends_at = now() - timedelta(minutes=5)
    db.session.commit()
    longer = replace(changed(campaign, first, shows_counts="ended"), ends_at=now() + timedelta(days=2))
    with pytest.raises(CountsWereShown):
        change_campaign(campaign, people.ana, longer)
