"""What a campaign was set up with goes along into copies and plans, to the last column; what belongs to one run stays."""

from datetime import timedelta

import pytest

from campaign.campaigns.models import Campaign, CampaignText, Category, Stage
from campaign.campaigns.planning import copy_campaign, plans_of, save_plan
from campaign.campaigns.questions import Question, questions_of
from campaign.campaigns.rules import Rules, RulesAcceptance, Terms, latest_rules
from campaign.campaigns.ruling import state_rules
from campaign.clock import now
from campaign.extensions import db
from tests.campaigns.test_settings import shown

NEW = "/brands/soda/campaigns/new"
# What makes each row itself, or belongs to one run. Whatever else a row has goes along.
OWN = {
    Campaign: {"id", "slug", "brand_id", "key", "made_at", "cover_id", "ends_at", "answers_by", "private_until"},
    Stage: {"id", "campaign_id", "opens_at", "first_ballot_at"},
    CampaignText: {"campaign_id", "title", "lead", "brief"},
    Rules: {"id", "campaign_id", "number", "at", "by_id"},
    Question: {"id", "campaign_id"},
    Category: {"id", "campaign_id", "slug"},
}


def kept(row) -> dict:
    return {
        column.key: getattr(row, column.key)
        for column in type(row).__table__.columns
        if column.key not in OWN[type(row)]
    }


def whole(campaign: Campaign) -> list[dict]:
    rows = [campaign, *campaign.stages, *(campaign.texts[code] for code in campaign.languages)]
    return [kept(row) for row in (*rows, latest_rules(campaign), *questions_of(campaign), *campaign.categories)]


def set_up(campaign: Campaign, by) -> None:
    """Let nothing of it be as it would be anyway."""
    campaign.visibility, campaign.licence, campaign.exposure = "unlisted", "by-sa", "guaranteed"
    campaign.title_min, campaign.title_max, campaign.text_min, campaign.text_max = 5, 80, 20, 900
    campaign.images_max, campaign.ideas_each = 2, 3
    campaign.edit_hours, campaign.edit_votes, campaign.edits_until_answer = 12, 30, True
    campaign.takes_guests, campaign.asks_origin = True, True
    campaign.qualifies_at = 25
    campaign.private_until = campaign.opens_at + timedelta(days=90)
    for text in campaign.texts.values():
        text.gift, text.template = "A first bottle", "Who drinks it, and where?"
    vote = campaign.stages[1]
    vote.method, vote.method_settings = "dots", {"points": 7, "seats": 2}
    vote.shows_counts, vote.names, vote.accepts_comments = "ended", {"en": "The tasting"}, False
    vote.first_ballot_at = now()
    asked = {"names": {"en": "Where?"}, "kind": "one", "choices": [{"en": "At home"}, {"en": "Outside"}]}
    db.session.add(Question(campaign_id=campaign.id, **asked, required=True))
    scale = {"top": 7, "low": {"en": "Never"}, "high": {"en": "Daily"}, "private": True}
    db.session.add(Question(campaign_id=campaign.id, names={"en": "How often?"}, kind="scale", position=1, **scale))
    agreed = {"scope": "One label", "milestones": "A sketch", "deliverables": "Files", "price": "900 euros"}
    said = {code: {"rules": "One entry each.", "refusal": "You read why.", **agreed} for code in ("en", "fr")}
    state_rules(campaign, by, Terms("collaboration", 18, ("FR", "DE"), 3, 40, True, said))
    db.session.flush()


def test_a_copy_has_the_whole_setup(people, campaign):
    set_up(campaign, people.ana)
    copy = copy_campaign(campaign, people.ana, "a-click")
    assert whole(copy) == whole(campaign)
    assert copy.private_until - copy.opens_at == timedelta(days=90)
    assert [stage.first_ballot_at for stage in copy.stages] == [None, None, None]


def test_who_accepted_the_rules_of_the_last_run_accepts_those_of_the_next(people, campaign):
    set_up(campaign, people.ana)
    db.session.add(RulesAcceptance(rules=latest_rules(campaign), person_id=people.bea.id))
    rules = latest_rules(copy_campaign(campaign, people.ana, "a-click"))
    assert rules.number == 1
    assert db.session.get(RulesAcceptance, (rules.id, people.bea.id)) is None


def test_a_campaign_that_begins_with_a_plan_has_the_whole_setup(app, ana, soda_campaign):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        set_up(campaign, campaign.publication.by)
        campaign.asks_origin = False  # As it wouldn't be anyway in a form.
        campaign.takes_guests = False  # A question that must be answered needs an account.
        db.session.commit()
    assert ana.post("/campaigns/soda/plan", **{**shown(ana.get("/campaigns/soda/plan").text), "name": "Yearly"})
    page = f"{NEW}?plan=own-1"
    own = {"title_en": "The next one", "title_fr": "La suivante", "brief_en": "Again.", "slug": "again"}
    fields = {**shown(ana.get(page).text), **own}
    assert (fields["template_en"], fields["age_min"]) == ("Who drinks it, and where?", "18")
    assert ana.post(page, **fields).location == "/campaigns/again"
    with app.app_context():
        before, again = (
            db.session.scalars(db.select(Campaign).filter_by(slug=slug)).one() for slug in ("soda", "again")
        )
        assert whole(again) == whole(before)
        assert (again.text.lead, again.text.brief, again.cover) == ("", "Again.", None)
        an_hour = timedelta(hours=1)  # The clock may be changed in between.
        assert abs(again.private_until - again.opens_at - timedelta(days=90)) <= an_hour
        assert abs(again.answers_by - again.opens_at - (before.answers_by - before.opens_at)) <= an_hour


@pytest.mark.one_database
def test_a_plan_from_before_they_kept_so_much_still_opens(people, campaign):
    saved = save_plan(campaign, people.ana, "An old one", "a-click")
    old = ("stages", "licence", "limits", "categories", "tags")
    saved.content = {name: saved.content[name] for name in old}
    db.session.flush()
    [plan] = plans_of(people.soda)
    assert (plan.terms, plan.questions, plan.exposure) == (Terms(), (), "shuffled")
