"""A campaign goes through stages: planned, named, moved, added, taken away, and kept once they have begun."""

from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from campaign.campaigns.actions import change_campaign, draft_campaign
from campaign.campaigns.kinds import KINDS
from campaign.campaigns.models import Campaign
from campaign.campaigns.plans import PLANS, plan_called
from campaign.campaigns.setup import Setup, WantedStage, Words
from campaign.campaigns.staging import EndsTooSoon, NoStage, StageBegun, StagesOverlap
from campaign.clock import now
from campaign.extensions import db
from tests.campaigns.test_settings import SETTINGS, shown
from tests.refusals import sentence_at

NEW = "/brands/soda/campaigns/new"


def setup(stages, **given) -> Setup:
    return Setup(**{"texts": {"en": Words("A new bottle")}, "stages": stages, **given})


def wanted(kind="vote", days=1, **given) -> WantedStage:
    return WantedStage(kind, now() + timedelta(days=days), **given)


def kinds(campaign):
    return [stage.kind for stage in campaign.stages]


@contextmanager
def refused(sentence):
    with pytest.raises(StageBegun) as refusal:
        yield
    assert sentence in str(refusal.value.message)


@pytest.fixture
def unchanged(campaign):
    """The open campaign's setup as it is, with some of it otherwise."""

    def unchanged(*stages, **given):
        texts = {code: Words(text.title, text.lead, text.brief, text.gift) for code, text in campaign.texts.items()}
        return Setup(texts=texts, stages=list(stages), **{"answers_by": campaign.answers_by, **given})

    return unchanged


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_every_plan_makes_a_campaign_that_can_be_published(people, plan):
    stages, ends_at = plan.dated(now() + timedelta(days=7))
    texts = {"en": Words("A new bottle", brief="What should it do?")}
    campaign = draft_campaign(
        people.soda, people.ana, Setup(texts=texts, stages=stages, ends_at=ends_at, **plan.limits)
    )
    assert kinds(campaign) == [stage.kind for stage in plan.stages]
    assert not campaign.missing


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_a_plan_fills_the_form_and_can_be_kept_as_it_is(app, ana, plan):
    fields = shown(ana.get(f"{NEW}?plan={plan.key}").text) | {"title_en": "A new bottle", "slug": "bottle"}
    assert ana.post(NEW, **fields).status_code == 302
    with app.app_context():
        campaign = db.session.scalars(db.select(Campaign).filter_by(slug="bottle")).one()
        assert kinds(campaign) == [stage.kind for stage in plan.stages]
        assert [frozenset(switch for switch in KINDS[stage.kind].switches if getattr(stage, switch)) for stage in campaign.stages] == [
            KINDS[stage.kind].switches if stage.switches is None else stage.switches for stage in plan.stages
        ]  # fmt: skip


def test_a_participatory_budget_is_voted_on_as_one(people):
    stages, _ends_at = plan_called("participatory-budget").dated(now())
    assert [stage.method for stage in stages if stage.kind == "vote"] == ["budget"]


def test_a_stage_is_added_where_its_date_says(people, campaign, unchanged):
    change_campaign(campaign, people.ana, unchanged(wanted("review", days=15)))
    assert kinds(campaign) == ["conception", "vote", "review", "outcome"]
    assert campaign.stages[1].ends_at == campaign.stages[2].opens_at


def test_stages_that_are_not_mentioned_stay(people, campaign, unchanged):
    before = [stage.id for stage in campaign.stages]
    change_campaign(campaign, people.ana, unchanged())
    assert [stage.id for stage in campaign.stages] == before


def test_a_stage_to_come_can_go_and_one_that_has_begun_stays(people, campaign, unchanged):
    ideas, vote, _outcome = campaign.stages
    change_campaign(campaign, people.ana, unchanged(WantedStage("", vote.opens_at, id=vote.id)))
    assert kinds(campaign) == ["conception", "outcome"]
    with refused("“The ideas” has begun, so it stays"):
        change_campaign(campaign, people.ana, unchanged(WantedStage("", ideas.opens_at, id=ideas.id)))


def test_nothing_begins_in_the_past(people, campaign, unchanged):
    _ideas, vote, _outcome = campaign.stages
    with refused("can begin from now on"):
        change_campaign(campaign, people.ana, unchanged(WantedStage("vote", now() - timedelta(hours=1), id=vote.id)))
    with refused("begins in the future"):
        change_campaign(campaign, people.ana, unchanged(wanted("review", days=-1)))


def test_a_stage_can_begin_in_the_minute_that_is_running(people, campaign, unchanged):
    ideas, vote, outcome = campaign.stages
    asked = now()
    change_campaign(campaign, people.ana, unchanged(WantedStage("vote", asked, id=vote.id)))
    assert asked < vote.opens_at < now() + timedelta(seconds=5), "now, and not at the beginning of the minute"
    asked = now()
    change_campaign(campaign, people.ana, unchanged(WantedStage("review", asked)))
    assert kinds(campaign) == ["conception", "vote", "review", "outcome"]
    with refused("has begun, so its beginning stays"):
        change_campaign(campaign, people.ana, unchanged(WantedStage("conception", now(), id=ideas.id)))
    assert outcome.opens_at > now() + timedelta(minutes=1)


def test_what_is_open_in_a_stage_that_runs_can_change_and_is_told(people, campaign, unchanged):
    ideas = campaign.stages[0]
    assert campaign.accepts_comments
    quiet = WantedStage("conception", ideas.opens_at, switches=frozenset({"accepts_ideas"}), id=ideas.id)
    change_campaign(campaign, people.ana, unchanged(quiet))
    assert campaign.accepts_ideas
    assert not campaign.accepts_votes
    assert not campaign.accepts_comments
    assert not campaign.accepts_edits


def test_another_campaigns_stage_is_not_changed(people, campaign, draft, unchanged):
    foreign = draft.stages[1]
    before = foreign.opens_at
    change_campaign(campaign, people.ana, unchanged(wanted("review", days=15, id=foreign.id)))
    assert foreign.opens_at == before
    assert kinds(draft) == ["conception", "vote", "outcome"]


@pytest.mark.parametrize(
    ("stages", "ends", "refusal"),
    [
        ([], None, NoStage),
        ([("conception", 1), ("vote", 1)], None, StagesOverlap),
        ([("conception", 1), ("vote", 2)], 2, EndsTooSoon),
    ],
)
def test_stages_that_make_no_sense_are_refused(people, stages, ends, refusal):
    begin = now()
    given = [WantedStage(kind, begin + timedelta(days=days)) for kind, days in stages]
    with pytest.raises(refusal):
        draft_campaign(people.soda, people.ana, setup(given, ends_at=ends and begin + timedelta(days=ends)))


def test_a_campaign_that_has_an_end_takes_nothing_after_it(people, campaign):
    campaign.ends_at = now() + timedelta(days=40)
    assert campaign.is_open
    campaign.ends_at = now()
    assert campaign.has_ended
    assert not campaign.is_open
    assert not campaign.accepts_comments


# The form.


def test_one_more_stage_is_an_empty_row_and_keeps_what_was_typed(ana, typed):
    page = ana.post(NEW, **{**typed, "then": "stage"}).text
    assert 'name="stages-3-kind"' in page
    assert shown(page)["title_en"] == typed["title_en"]
    assert 'name="stages-4-kind"' not in page


def test_a_new_stage_goes_between_two_others(app, ana, typed):
    between = {"stages-3-kind": "review", "stages-3-opens_at": "2027-04-05T09:00"}
    assert ana.post(NEW, **{**typed, **between}).status_code == 302
    with app.app_context():
        assert kinds(db.session.scalars(db.select(Campaign)).one()) == ["conception", "vote", "review", "outcome"]


def test_two_stages_at_one_moment_are_refused_beside_the_second(ana, typed):
    between = {"stages-3-kind": "review", "stages-3-opens_at": "2027-04-01T18:00"}
    answer = ana.post(NEW, **{**typed, **between})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "stages-3-opens_at") == "Another stage begins at this moment."


def test_what_follows_moves_along_and_keeps_its_length(ana, typed):
    # The vote is moved beyond the outcome, two weeks after it.
    page = ana.post(NEW, **{**typed, "stages-1-opens_at": "2027-05-01T18:00", "then": "along"}).text
    fields = shown(page)
    assert fields["stages-1-opens_at"] == "2027-05-01T18:00"
    assert fields["stages-2-opens_at"] == "2027-05-15T18:00"
    answers = {"answers_by": "2027-06-01T18:00", "then": ""}
    assert ana.post(NEW, **{**fields, **answers}).status_code == 302


@pytest.mark.parametrize("was", ["", "soon", "2027-04-15T18:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00+00:00"])
def test_what_a_forged_form_says_of_before_breaks_nothing(ana, typed, was):
    for then in ("along", ""):
        forged = {**typed, "stages-1-opens_at": "2027-05-01T18:00", "stages-2-was": was, "then": then}
        assert ana.post(NEW, **forged).status_code in (200, 302, 422)


def test_a_kind_that_does_not_exist_is_refused_beside_it(ana, typed):
    moved = {"stages-1-kind": "xyz", "stages-1-opens_at": "2027-05-01T18:00"}  # Beyond the one after it.
    answer = ana.post(NEW, **{**typed, **moved})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "stages-1-kind")


def test_a_stage_has_a_name_of_its_own(ana, nobody, soda_campaign):
    names = {"stages-1-name_en": "The tasting", "stages-1-name_fr": "La dégustation"}
    assert ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), **names}).status_code == 302
    assert "The tasting" in nobody.get("/campaigns/soda").text
    nobody.set_cookie("language", "fr")
    assert "La dégustation" in nobody.get("/campaigns/soda").text
    assert "The vote → The tasting" in unescape(ana.get("/campaigns/soda/history").text)


def test_a_stage_that_has_begun_is_refused_in_the_form_with_its_name(ana, soda_campaign):
    answer = ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "stages-0-kind": ""})
    assert answer.status_code == 422
    assert "“The ideas” has begun, so it stays." in unescape(answer.text)


def test_the_minute_that_is_running_can_be_typed_as_a_beginning(ana, soda_campaign):
    fields = shown(ana.get(SETTINGS).text)
    in_paris = now().astimezone(ZoneInfo("Europe/Paris"))
    answer = ana.post(SETTINGS, **fields | {"stages-1-opens_at": in_paris.strftime("%Y-%m-%dT%H:%M")})
    assert answer.status_code == 302


def test_the_brief_tells_the_stages_and_what_is_open_in_each(nobody, soda_campaign):
    page = nobody.get("/campaigns/soda/brief").text
    calendar = page[page.index('class="calendar"') :]
    assert calendar.index("The ideas") < calendar.index("The vote") < calendar.index("The outcome")
    assert "Open: new ideas, votes, remarks, changes to ideas." in calendar
    assert 'data-state="now" aria-current="step"' in calendar
