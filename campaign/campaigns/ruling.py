"""What is done with rules: a team states them, whoever contributes accepts them."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import Rules, RulesAcceptance, Terms, has_accepted, latest_rules, standing_rules
from campaign.clock import now
from campaign.database import insert
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record


class RulesUnaccepted(Refused):
    code, field = "rules_unaccepted", "accepts"
    message = _l("Read the rules and accept them: what you give comes under them.")


class RulesChanged(Refused):
    code, field = "rules_changed", "accepts"
    message = _l("The rules have changed since you opened this page. Read them as they are now, and accept them anew.")


class TooYoung(Refused):
    code, field = "too_young", "of_age"
    message = _l("The campaign is for people of that age. If you are not, please leave this one to others.")


class NotFromHere(Refused):
    code, field = "not_from_here", "from_country"
    message = _l("The campaign is for people who live there. If you do not, please leave this one to others.")


@dataclass(frozen=True)
class Agreement:
    """What somebody ticked below their contribution, and which version of the rules they had before their eyes."""

    number: int | None
    accepts: bool = False
    of_age: bool = False
    from_country: bool = False


def state_rules(campaign: Campaign, by: Person, terms: Terms, why: str = "") -> bool:
    """Let the campaign's rules say this, and answer whether that is new. The caller holds the campaign's lock.

    Once published, another wording or another licence is another version: it binds what comes after it.
    """
    latest = latest_rules(campaign)
    said = latest.terms if latest else Terms()
    # A campaign without rules names its licence beside them, and changes it as it likes.
    if terms == said and (latest is None or terms.say_nothing or latest.licence == campaign.licence):
        return False
    if latest is None or not campaign.is_draft:
        latest = Rules(campaign=campaign, number=latest.number + 1 if latest else 1)
        db.session.add(latest)
    latest.say(terms)
    latest.licence, latest.by, latest.at = campaign.licence, by, now()
    if campaign.is_draft:
        record("campaign.changed", campaign, by, why, changed=["rules"])
    else:
        record("rules.stated", campaign, by, why, number=latest.number)
    return True


def hold_to_rules(
    campaign: Campaign, person: Person, agreement: Agreement | None, remark: bool = False
) -> Rules | None:
    """The version of the rules under which this person contributes now. None: there are none for this.

    Where they have not accepted it, their agreement does, once, however often it is sent. Raises what is missing in it.
    """
    rules = standing_rules(campaign)
    if rules is None or (remark and not rules.concern_remarks):
        return None
    if has_accepted(rules, person):
        return rules
    check_agreement(rules, agreement)
    accepted = insert(RulesAcceptance).values(
        rules_id=rules.id,
        person_id=person.id,
        at=now(),
        of_age=rules.age_min is not None,
        from_country=bool(rules.countries),
    )
    db.session.execute(accepted.on_conflict_do_nothing())
    return rules


def check_agreement(rules: Rules, agreement: Agreement | None) -> None:
    """Raise what this agreement lacks to accept this version."""
    if agreement is not None and agreement.number not in (None, rules.number):
        raise RulesChanged
    if agreement is None or agreement.number is None or not agreement.accepts:
        raise RulesUnaccepted
    if rules.age_min is not None and not agreement.of_age:
        raise TooYoung
    if rules.countries and not agreement.from_country:
        raise NotFromHere
