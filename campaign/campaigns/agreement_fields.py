"""What a form asks of somebody before their first contribution: that they accept the rules, and meet their conditions."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from campaign.brands.access import Asker
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import Rules, has_accepted, standing_rules
from campaign.campaigns.ruling import Agreement, NotFromHere, RulesChanged, RulesUnaccepted, TooYoung
from campaign.forms import Form, Told


class AgreementFields(Form):
    """The boxes to tick. `ask_agreement` takes away those that this person needn't tick."""

    rules = Told()
    accepts = BooleanField(_l("I have read these rules and accept them"))
    of_age = BooleanField()
    from_country = BooleanField()

    standing: Rules | None = None

    def ask_agreement(self, campaign: Campaign, person: Asker, remark: bool = False, guest: bool = False) -> None:
        """Ask what the campaign's rules want of this person now. Two queries at most. `guest`: they give without an account."""
        rules = standing_rules(campaign) if person.is_authenticated or guest else None
        if rules and remark and not rules.concern_remarks:
            rules = None
        self.standing = rules
        if rules is None or (not guest and has_accepted(rules, person)):
            del self.accepts, self.of_age, self.from_country
            self.rules.told = str(rules.number) if rules else ""
            return
        self.rules.told = str(rules.number)
        if rules.age_min is None:
            del self.of_age
        else:
            self.of_age.label.text = _("I am %(age)s or older", age=rules.age_min)
        if not rules.countries:
            del self.from_country
        else:
            self.from_country.label.text = _(
                "I live in one of these: %(countries)s", countries=", ".join(rules.country_names)
            )

    def ask_nothing(self) -> None:
        """For what is no first contribution, such as an edit."""
        del self.rules, self.accepts, self.of_age, self.from_country

    @property
    def agreement_parts(self) -> list[Field]:
        """The boxes that there are, in their order."""
        return [field for field in (self.accepts, self.of_age, self.from_country) if field]

    @property
    def agreement(self) -> Agreement | None:
        """What was ticked, for the action. None: nothing was asked."""
        if not self.accepts or self.standing is None:
            return None
        return Agreement(
            self.standing.number,
            bool(self.accepts.data),
            bool(self.of_age and self.of_age.data),
            bool(self.from_country and self.from_country.data),
        )

    @property
    def is_outdated(self) -> bool:
        """Whether other rules stood on the page that was sent than stand now. What was ticked on it says nothing then."""
        return self.standing is not None and self.rules.data != str(self.standing.number)

    def validate_accepts(self, field: Field) -> None:
        if self.is_outdated:
            for box in self.agreement_parts:
                box.data = False
            raise ValidationError(RulesChanged.message if self.rules.data else RulesUnaccepted.message)
        if not field.data:
            raise ValidationError(RulesUnaccepted.message)

    def validate_of_age(self, field: Field) -> None:
        if not field.data and not self.is_outdated:
            raise ValidationError(TooYoung.message)

    def validate_from_country(self, field: Field) -> None:
        if not field.data and not self.is_outdated:
            raise ValidationError(NotFromHere.message)
