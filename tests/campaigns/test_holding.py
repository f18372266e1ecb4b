"""A stage never opens half configured: it is told in advance, held at its hour, and opens by itself once it is mended."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaign.campaigns.actions import NotReady, close_campaign, publish_campaign, reopen_campaign
from campaign.campaigns.models import Campaign
from campaign.campaigns.readiness import missing, unready
from campaign.campaigns.rules import Terms
from campaign.campaigns.ruling import state_rules
from campaign.campaigns.turning import look
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.live.announcing import changes_since
from campaign.methods.pricing import price_ideas
from tests.calendars import until
from tests.campaigns.test_settings import SETTINGS, shown

UNPRICED = "No idea has a price yet: nobody could spend the budget."
IN_VAIN = "no idea can come before it opens: none would have a price. Let ideas come in a stage before it."


def budget(campaign: Campaign, **settings) -> None:
    stage = campaign.stages[1]
    stage.method, stage.method_settings = "budget", settings or {"budget": 1000}


def vote_begins(campaign: Campaign, seconds: float) -> None:
    """Let the vote begin so many seconds from now, told until a minute ago."""
    until(campaign, ideas_until=now() + timedelta(seconds=seconds))
    campaign.publication.told_until = now() - timedelta(seconds=60)
    db.session.commit()


def written() -> list[str]:
    return list(db.session.scalars(db.select(Entry.what).where(Entry.what.startswith("stage")).order_by(Entry.id)))


def told(campaign: Campaign) -> list[str]:
    return [kind for _seq, news in changes_since(campaign.board, 0) or [] for kind in news["kinds"]]


def price(campaign: Campaign, by, cost: int | None) -> None:
    priced = {idea: cost and Decimal(cost) for idea in db.session.scalars(db.select(Idea.id))}
    price_ideas(campaign, by, priced)
    db.session.commit()


@pytest.fixture
def held(campaign, resealable):
    """A vote on a budget whose hour found no price."""
    budget(campaign)
    vote_begins(campaign, -1)
    look()
    return campaign


def test_at_its_hour_a_stage_that_lacks_something_stays_shut(held):
    assert held.holds is held.stages[1]
    assert [held.accepts_votes, held.accepts_ideas, held.accepts_comments] == [False, False, False]
    assert held.stages[1] not in held.voted_on
    assert told(held) == written() == ["stage.held"]
    entry = db.session.scalars(db.select(Entry).filter_by(what="stage.held")).one()
    assert (entry.by_id, entry.details["lacks"]["en"]) == (None, [UNPRICED])
    assert entry.details["lacks"]["fr"]


def test_it_is_told_once_and_those_who_manage_the_campaign_have_a_mail(held, people, mails):
    look()
    look()
    assert written() == ["stage.held"]
    [mail] = mails.to(people.ana.email)
    assert UNPRICED in mail.get_body(("plain",)).get_content()


def test_once_it_is_mended_it_opens_by_itself(held, people):
    price(held, people.ana, 300)
    assert look() <= 1
    assert held.holds is None
    assert held.accepts_ballots
    assert told(held) == written() == ["stage.held", "stage.opened"]
    opened = db.session.scalars(db.select(Entry).filter_by(what="stage.opened")).one()
    assert opened.by_id is None
    price(held, people.ana, None)
    look()
    assert held.accepts_ballots  # What has opened is not shut again.


def test_what_became_half_configured_while_it_was_closed_stays_shut_once_it_opens_again(campaign, resealable, people):
    price(campaign, people.ana, 300)
    budget(campaign)
    vote_begins(campaign, 60)
    close_campaign(campaign, people.ana, "A pause.")
    price(campaign, people.ana, None)
    reopen_campaign(campaign, people.ana)
    db.session.commit()
    assert campaign.stages[1].held


def test_and_what_should_have_opened_meanwhile_does_not_open_for_a_moment(campaign, resealable, people, mails):
    budget(campaign)
    vote_begins(campaign, 60)
    close_campaign(campaign, people.ana, "A pause.")
    until(campaign, ideas_until=now() - timedelta(seconds=5))
    db.session.commit()
    reopen_campaign(campaign, people.ana)
    db.session.commit()
    assert campaign.holds is campaign.stages[1]
    look()
    assert written() == ["stage.held"]
    assert len(mails.to(people.ana.email)) == 1


def test_the_doors_are_shut_from_the_very_second(campaign, resealable, people):
    price(campaign, people.ana, 300)
    budget(campaign)
    vote_begins(campaign, 0.5)
    price(campaign, people.ana, None)
    look()
    assert campaign.stages[1].held
    assert campaign.accepts_ideas  # Its hour is still to come, and what is open stays open until then.
    assert not told(campaign)


def test_a_held_stage_that_passes_did_not_open(held):
    held.stages[-1].opens_at = now()  # Later than the last look.
    db.session.commit()
    look()
    assert written() == ["stage.held", "stage.opened"]
    assert held.stage.kind == "outcome"
    assert [stop.note for stop in held.timeline][2] == "did not open"


def test_what_is_held_costs_no_writing_and_what_was_held_once_no_look(held, queries):
    slug = held.slug
    with queries() as asked:
        look()
    assert not [said for said in asked if not said.startswith("SELECT")]
    held.stages[-1].opens_at = now()
    db.session.commit()
    look()
    db.session.expire_all()
    with queries() as asked:
        look()
    assert len(asked) == 1, f"the clock asks about {slug} for ever: {asked[1:]}"


def test_a_stage_whose_lacks_are_mended_before_its_hour_opens_at_it(campaign, resealable, people):
    budget(campaign)
    price(campaign, people.ana, 20)
    vote_begins(campaign, -1)
    look()
    assert told(campaign) == written() == ["stage.opened"]


def test_a_campaign_published_in_the_midst_of_its_vote_holds_it(people, draft):
    budget(draft)
    until(draft, opens_at=now() - timedelta(days=2), ideas_until=now() - timedelta(days=1))
    draft.stages[0].accepts_ideas = draft.stages[0].accepts_votes = False
    db.session.add(Idea(campaign=draft, author=people.ana, title="Imported", language="en", heat=0.0, lot=1))
    db.session.commit()
    publish_campaign(draft, people.ana)
    assert draft.holds is draft.stages[1]
    assert written() == ["stage.held"]


def test_a_budget_that_would_wait_for_its_own_ideas_is_not_published(people, draft):
    first, vote, _outcome = draft.stages
    budget(draft)
    assert not missing(draft)
    draft.stages.remove(first)
    vote.accepts_ideas = True
    assert [lack.field for lack in missing(draft)] == ["stages"]
    with pytest.raises(NotReady) as refused:
        publish_campaign(draft, people.ana)
    assert IN_VAIN in refused.value.message
    db.session.add(Idea(campaign=draft, author=people.ana, title="Imported", language="en", heat=0.0, lot=1))
    assert not missing(draft)


def test_a_published_one_says_what_to_do_about_it(campaign, people):
    budget(campaign)
    campaign.stages[0].accepts_ideas = False
    [one] = unready(campaign)
    assert [(lack.field, lack.page) for lack in one.lacks] == [("stages", "settings")]
    assert IN_VAIN in one.lacks[0].sentence
    campaign.stages[0].accepts_ideas = True
    [one] = unready(campaign)
    assert [lack.sentence for lack in one.lacks] == [UNPRICED]


def test_a_budget_without_its_sum_is_not_published(people, draft):
    draft.stages[1].method, draft.stages[1].method_settings = "budget", {}
    with pytest.raises(NotReady) as refused:
        publish_campaign(draft, people.ana)
    assert "needs a number: Budget" in refused.value.message


def test_a_collaboration_says_its_price_in_every_language(people, draft):
    agreed = {"scope": "One label", "milestones": "A sketch", "deliverables": "Files"}
    state_rules(draft, people.ana, Terms("collaboration", texts={"en": {**agreed, "price": "900"}, "fr": agreed}))
    assert [lack.field for lack in missing(draft)] == ["price_fr"]
    state_rules(draft, people.ana, Terms("collaboration", texts={"en": agreed, "fr": agreed}))
    assert [lack.field for lack in missing(draft)] == ["price_en", "price_fr"]


def test_what_a_new_language_lacks_keeps_coming_stages_shut_and_the_open_one_open(campaign):
    campaign.texts["fr"].gift = ""
    [one] = unready(campaign)
    assert (one.stage.kind, [lack.field for lack in one.lacks]) == ("vote", ["gift_fr"])
    assert campaign.accepts_ideas


def test_a_settings_page_tells_in_advance_and_calls_it_by_its_date(app, ana, soda_campaign, soda_idea):
    assert "won’t open" not in ana.get(SETTINGS).text
    fields = {**shown(ana.get(SETTINGS).text), "stages-1-method": "budget", "stages-1-budget": "500"}
    assert ana.post(SETTINGS, **fields).status_code == 302
    page = ana.get(SETTINGS).text
    assert "A stage won’t open as it is" in page
    assert f'<a href="/campaigns/soda/prices">{UNPRICED}</a>' in page
    with app.app_context():
        assert [stage.held for stage in db.session.get_one(Campaign, soda_campaign).stages] == [False, True, False]
    ana.post("/campaigns/soda/prices", **{f"idea-{soda_idea}": "40"})
    assert "won’t open" not in ana.get(SETTINGS).text


def test_while_it_is_held_everybody_reads_why_nothing_is_open(app, ana, nobody, bea, soda_campaign, soda_idea):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        budget(campaign)
        vote_begins(campaign, -1)
        look()
    page = nobody.get("/campaigns/soda").text
    assert "“The vote” is not ready yet." in page
    assert "opens as soon as it is ready" in page
    assert UNPRICED not in page
    assert UNPRICED in ana.get("/campaigns/soda").text
    assert bea.get("/campaigns/soda/ballot").status_code == 302
    history = ana.get("/campaigns/soda/history").text
    assert "held a stage back at its date: it was not ready" in history
    assert UNPRICED in history


def test_a_held_stage_can_be_moved_to_a_later_day(app, ana, soda_campaign, soda_idea):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        budget(campaign)
        vote_begins(campaign, -1)
        look()
        later = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    fields = {**shown(ana.get(SETTINGS).text), "stages-1-opens_at": later}
    assert ana.post(SETTINGS, **fields).status_code == 302
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        assert campaign.holds is None
        assert campaign.accepts_ideas
