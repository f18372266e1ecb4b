"""Whether people vote in a stage stays as it is from the first ballot on: its end, its seal and its result hang on it."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from campaign.campaigns.actions import change_campaign
from campaign.campaigns.sealing import CountsWereShown
from campaign.campaigns.setup import Setup, WantedStage, Words
from campaign.campaigns.staging import EndTold, RulesFrozen
from campaign.clock import now
from campaign.extensions import db
from campaign.methods.counting import tally
from campaign.methods.versions import Wanted, make_version
from tests.calendars import until
from tests.campaigns.test_settings import SETTINGS, shown
from tests.voting import cast_vote


def turned(campaign, stage, *switches, ends_at=None):
    """The setup as it is, with these switches on in the stage."""
    texts = {code: Words(text.title, text.lead, text.brief, text.gift) for code, text in campaign.texts.items()}
    wanted = WantedStage(
        stage.kind,
        stage.opens_at,
        names=dict(stage.names),
        switches=frozenset(switches),
        id=stage.id,
        shows_counts=stage.shows_counts,
    )
    return Setup(texts=texts, stages=[wanted], answers_by=campaign.answers_by, ends_at=ends_at)


@pytest.fixture
def voted(people, campaign, resealable):
    cast_vote(resealable, people.carl, "carls-vote")
    db.session.commit()
    return campaign


def test_votes_are_not_switched_off_once_somebody_voted(people, voted):
    stage = voted.stage
    with pytest.raises(RulesFrozen) as refusal:
        change_campaign(voted, people.ana, turned(voted, stage, "accepts_ideas"))
    assert "whether people vote in it stays as it is" in str(refusal.value.message)
    db.session.rollback()
    assert stage.accepts_votes
    change_campaign(voted, people.ana, turned(voted, stage, "accepts_votes"))
    assert (stage.accepts_votes, stage.accepts_ideas) == (True, False), "all else can still be turned"


def test_nor_once_that_stage_is_over(people, voted):
    stage = voted.stage
    until(voted, ideas_until=now() - timedelta(hours=1))
    db.session.commit()
    with pytest.raises(RulesFrozen):
        change_campaign(voted, people.ana, turned(voted, stage, "accepts_ideas"))


def test_before_the_first_ballot_they_are_switched_as_one_likes(people, campaign):
    stage = campaign.stage
    change_campaign(campaign, people.ana, turned(campaign, stage, "accepts_ideas"))
    assert not campaign.accepts_votes
    change_campaign(campaign, people.ana, turned(campaign, stage, "accepts_ideas", "accepts_votes"))
    assert campaign.accepts_votes


@pytest.mark.parametrize("seal", ["voted", "ended"])
def test_after_a_sealed_vote_no_stage_that_has_begun_takes_votes_anew(people, voted, seal):
    first, second, _outcome = voted.stages
    first.shows_counts, second.accepts_votes = seal, False
    until(voted, ideas_until=now() - timedelta(hours=1))
    db.session.commit()
    with pytest.raises(CountsWereShown):
        change_campaign(voted, people.ana, turned(voted, second, "accepts_votes"))
    db.session.rollback()
    first.shows_counts = "always"
    db.session.commit()
    change_campaign(voted, people.ana, turned(voted, second, "accepts_votes"))
    assert voted.accepts_votes


def test_what_was_voted_in_keeps_its_result_and_its_end_though_votes_were_switched_off_before(people, voted):
    stage = voted.stage
    stage.accepts_votes = False  # As it could be done once.
    voted.stages[:] = [stage]
    db.session.commit()
    assert voted.voted_on == [stage]
    with pytest.raises(EndTold):
        change_campaign(voted, people.ana, turned(voted, stage, ends_at=now() + timedelta(days=3)))


def test_the_settings_page_says_so(app, ana, carl, soda_idea):
    fields = shown(ana.get(SETTINGS).text)
    carl.post(f"/ideas/{soda_idea}/vote", id="carls-vote-on-it")
    without = {name: value for name, value in fields.items() if name != "stages-0-accepts_votes"}
    answer = ana.post(SETTINGS, **without)
    assert answer.status_code == 422
    assert "whether people vote in it stays as it is" in unescape(answer.text)


@pytest.mark.parametrize("rules", [("approval", {"cap": 3}), ("score", {"highest": 5})])
def test_a_later_stage_counts_the_support_of_earlier_ones_as_it_began(people, voted, rules):
    _first, second, _outcome = voted.stages
    asked = turned(voted, second, "accepts_votes")
    method, numbers = rules
    asked.stages[:] = [replace(asked.stages[0], method=method, method_settings=numbers)]
    change_campaign(voted, people.ana, asked)  # It has not begun.
    assert (second.method, second.method_settings) == rules
    second.method, second.method_settings = "approval", {"seats": 1}
    until(voted, ideas_until=now() - timedelta(hours=1))
    db.session.commit()
    asked.stages[:] = [replace(asked.stages[0], opens_at=second.opens_at)]
    with pytest.raises(RulesFrozen):
        change_campaign(voted, people.ana, asked)


def test_support_that_was_given_chooses_no_other_number_of_ideas_in_a_later_stage(people, voted):
    _first, second, _outcome = voted.stages
    asked = turned(voted, second, "accepts_votes")
    asked.stages[:] = [replace(asked.stages[0], method="approval", method_settings={"seats": 3})]
    with pytest.raises(RulesFrozen) as refusal:
        change_campaign(voted, people.ana, asked)
    assert "as many ideas are chosen as was said then: 1" in str(refusal.value.message)


def test_support_counts_in_a_later_stage_by_the_number_that_froze_with_it(people, nobody, voted, resealable):
    first, second, _outcome = voted.stages
    first.method_settings, second.method_settings = {"seats": 1}, {"seats": 3, "cap": 2}
    until(voted, ideas_until=now() - timedelta(hours=1))
    db.session.commit()
    assert voted.stage is second
    cast_vote(resealable, people.drew, "drews-vote")
    db.session.commit()
    assert (voted.supported_in, second.supported_before, first.supported_before) == (first, first, None)
    assert second.counted_by == {"seats": 1, "cap": 2}
    [count] = tally(second).counts
    assert len(count.outcome.winners) == 1
    for page in ("results", "voting"):
        told = unescape(nobody.get(f"/campaigns/soda/{page}").text)
        assert "counts here as well, by the rules that froze with it: ideas to choose, 1." in told
    more = [make_version(voted, people.ana, Wanted(after=1, why="Many asked for it.", room=5)) for _click in range(2)]
    assert [(version.number, version.method_settings) for version in more] == [(2, {"cap": 5, "seats": 1})] * 2
