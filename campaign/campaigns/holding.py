"""A stage whose hour came while it lacks something: it stays shut, and those who can mend it are told why."""

from flask_babel import force_locale

from campaign.accounts.models import Person
from campaign.brands.access import MAY
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.readiness import unready
from campaign.extensions import db
from campaign.history import record
from campaign.languages import LANGUAGES
from campaign.mail import send_mail


def hold_back(campaign: Campaign, begun: list[Stage]) -> list[Stage]:
    """Of these stages, whose hour has come, hold those that are half configured; gives them.

    It is written down as the system's act, and told by mail to those who manage the campaign.
    """
    for stage in begun:
        stage.held = not stage.has_passed  # What has not opened yet is what `unready` looks at.
    lacking = {one.stage for one in unready(campaign)} if begun else set()
    for stage in begun:
        stage.held = stage in lacking
        if stage.held:
            _tell(campaign, stage)
    return [stage for stage in begun if stage.held]


def _tell(campaign: Campaign, stage: Stage) -> None:
    lacks = {}
    for code in LANGUAGES:
        with force_locale(code):
            lacks[code] = [str(lack.sentence) for one in unready(campaign) if one.stage is stage for lack in one.lacks]
    told = {"kind": stage.kind, "names": stage.names}
    record("stage.held", campaign, stage=told, lacks=lacks)
    for person in managers_of(campaign):
        with force_locale(person.language):
            name = stage.name
        send_mail(
            person.email,
            person.language,
            "stage-held",
            name=person.name,
            campaign=campaign,
            brand=campaign.brand,
            stage=name,
            lacks=lacks[person.language],
        )


def managers_of(campaign: Campaign) -> list[Person]:
    """Everybody whose role in the brand or in this campaign lets them manage it. One query."""
    managing = [role for role, rights in MAY.items() if "manage" in rights]
    theirs = db.select(Membership.person_id).where(
        Membership.brand_id == campaign.brand_id,
        Membership.role.in_(managing),
        db.or_(Membership.campaign_id.is_(None), Membership.campaign_id == campaign.id),
    )
    return list(db.session.scalars(db.select(Person).where(Person.id.in_(theirs)).order_by(Person.id)))
