"""A campaign becomes the beginning of another: copied as a draft, or kept as one of the brand's plans."""

from dataclasses import asdict
from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.actions import draft_campaign
from campaign.campaigns.carrying import carried_by
from campaign.campaigns.kinds import KINDS, SWITCHES
from campaign.campaigns.models import Campaign, CampaignText, SavedPlan, Stage
from campaign.campaigns.plans import Plan, PlannedStage
from campaign.campaigns.questions import copied_questions
from campaign.campaigns.rules import Terms, latest_rules
from campaign.campaigns.setup import (
    ABOUT_IDEAS,
    LIMITS,
    WORDS,
    Setup,
    WantedCategory,
    WantedQuestion,
    WantedStage,
    WantedTag,
    Words,
)
from campaign.clock import now
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.history import record
from campaign.languages import language

AHEAD = timedelta(days=7)  # When a copy begins: time to change what is to be another.
TITLE_MOST = 120
KEPT_WORDS = ("gift", "template", "scale")  # A title and a brief are of one campaign.


def copy_campaign(campaign: Campaign, by: Person, key: str) -> Campaign:
    """Draft a campaign with the whole set-up of this one under another title, to begin in a week.

    What belongs to one run stays with it: ideas, replies, who accepted which rules, who received what from the brand.
    Copied again with the same key, it is the same draft.
    """
    later = now() + AHEAD - campaign.opens_at
    # The hour of the day is what somebody chose, so whole days are added.
    later = timedelta(days=max(later.days + 1, 0))
    setup = Setup(
        texts={code: _copied_words(text) for code, text in campaign.texts.items()},
        stages=[
            WantedStage(
                stage.kind,
                stage.opens_at + later,
                dict(stage.names),
                _open(stage),
                shows_counts=stage.shows_counts,
                method=stage.method,
                method_settings=dict(stage.method_settings),
            )
            for stage in campaign.stages
        ],
        ends_at=campaign.ends_at and campaign.ends_at + later,
        answers_by=campaign.answers_by and campaign.answers_by + later,
        private_until=campaign.private_until and campaign.private_until + later,
        questions=copied_questions(campaign),
        visibility=campaign.visibility,
        takes_guests=campaign.takes_guests,
        licence=campaign.licence,
        exposure=campaign.exposure,
        cover=campaign.cover,
        cover_alt=campaign.cover.alt if campaign.cover else "",
        categories=[WantedCategory(dict(category.names)) for category in campaign.categories],
        tags=_own_tags(campaign),
        rules=rules.terms if (rules := latest_rules(campaign)) else None,
        more=carried_by(campaign),
        **{name: getattr(campaign, name) for name in (*LIMITS, *ABOUT_IDEAS)},
    )
    return draft_campaign(campaign.brand, by, setup, f"copy {campaign.id} {key}")


def _copied_words(text: CampaignText) -> Words:
    """The same words under another title, so that nobody takes one campaign for the other."""
    said = {kind: getattr(text, kind) for kind in WORDS}
    with force_locale(text.language):
        room = TITLE_MOST - len(_("%(title)s (copy)", title=""))
        if len(said["title"]) > room:
            said["title"] = f"{said['title'][: room - 1].rstrip()}…"
        said["title"] = _("%(title)s (copy)", title=said["title"])
    return Words(**said)


def save_plan(campaign: Campaign, by: Person, name: str, key: str) -> SavedPlan:
    """Keep the campaign's set-up as a plan of its brand. Sent again with the same key, it is one plan.

    Everything but what makes it this one: its title and brief, its picture, its dates, and what people gave in it.
    """
    content = {
        "stages": [
            {
                "kind": stage.kind,
                "lasts": _seconds(stage),
                "names": dict(stage.names),
                "open": sorted(_open(stage)),
                "counts": stage.shows_counts,
                "method": stage.method,
                "method_settings": dict(stage.method_settings),
            }
            for stage in campaign.stages
        ],
        "licence": campaign.licence,
        "visibility": campaign.visibility,
        "takes_guests": campaign.takes_guests,
        "exposure": campaign.exposure,
        "limits": {name: getattr(campaign, name) for name in (*LIMITS, *ABOUT_IDEAS)},
        "categories": [dict(category.names) for category in campaign.categories],
        "tags": [{"name": tag.name, "staff_only": tag.staff_only} for tag in _own_tags(campaign)],
        "words": {code: {kind: getattr(text, kind) for kind in KEPT_WORDS} for code, text in campaign.texts.items()},
        "terms": asdict(rules.terms if (rules := latest_rules(campaign)) else Terms()),
        "questions": [question.content for question in copied_questions(campaign)],
        "answers_after": _after_beginning(campaign, campaign.answers_by),
        "private_for": _after_beginning(campaign, campaign.private_until),
        "more": carried_by(campaign),
    }
    plan = SavedPlan(brand=campaign.brand, name=name, key=key, by_id=by.id, content=content)
    try:
        with db.session.begin_nested():
            db.session.add(plan)
    except IntegrityError:
        found = db.select(SavedPlan).filter_by(brand_id=campaign.brand_id, key=key)
        return db.session.scalars(found).one()  # Sent twice.
    record("brand.plan_saved", campaign.brand, by=by, name=name)
    return plan


def remove_plan(plan: SavedPlan, by: Person) -> None:
    """Take a plan away. Campaigns that began with it stay as they are."""
    record("brand.plan_removed", plan.brand, by=by, name=plan.name)
    db.session.delete(plan)


def plans_of(brand: Brand) -> list[Plan]:
    """The brand's own plans, the newest first."""
    found = db.select(SavedPlan).filter_by(brand_id=brand.id).order_by(SavedPlan.id.desc())
    return [_as_plan(saved) for saved in db.session.scalars(found)]


def plan_for(brand: Brand, number: int) -> SavedPlan:
    """The plan, if it is this brand's."""
    plan = db.session.get(SavedPlan, number) if 0 < number < 2**31 else None
    if plan is None or plan.brand_id != brand.id:
        raise NotThere
    return plan


def _as_plan(saved: SavedPlan) -> Plan:
    content = saved.content
    stages = tuple(
        PlannedStage(
            stage["kind"],
            _length(stage["lasts"]),
            frozenset(stage["open"]),
            stage["names"],
            stage.get("method"),
            stage.get("method_settings", {}),
            stage.get("counts", "always"),
        )
        for stage in content["stages"]
        if stage["kind"] in KINDS
    )
    tags = tuple(WantedTag(tag["name"], tag["staff_only"]) for tag in content["tags"])
    terms = content.get("terms", {})  # Plans from before they kept more than stages and limits have none of it.
    names = " · ".join(stage.names.get(language()) or str(KINDS[stage.kind].name) for stage in stages)
    return Plan(
        f"own-{saved.id}",
        saved.name,
        names,
        stages,
        content["limits"],
        tuple(content["categories"]),
        tags,
        content["licence"],
        visibility=content.get("visibility", "public"),
        takes_guests=content.get("takes_guests", False),
        exposure=content.get("exposure", "shuffled"),
        words=content.get("words", {}),
        terms=Terms(**{**terms, "countries": tuple(terms.get("countries", ()))}),
        questions=tuple(WantedQuestion(**asked) for asked in content.get("questions", ())),
        answers_after=_length(content.get("answers_after")),
        private_for=_length(content.get("private_for")),
        more=content.get("more", {}),
    )


def _open(stage: Stage) -> frozenset[str]:
    return frozenset(switch for switch in SWITCHES if getattr(stage, switch))


def _seconds(stage: Stage) -> float | None:
    return (stage.ends_at - stage.opens_at).total_seconds() if stage.ends_at else None


def _after_beginning(campaign: Campaign, moment: datetime | None) -> float | None:
    return (moment - campaign.opens_at).total_seconds() if moment else None


def _length(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _own_tags(campaign: Campaign) -> list[WantedTag]:
    """What the team named; the tags that came with people's ideas stay with those."""
    return [WantedTag(tag.name, tag.staff_only) for tag in campaign.tags if tag.offered or tag.staff_only]
