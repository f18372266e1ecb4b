"""What somebody says when they become a co-author."""

from campaign.accounts.models import Person
from campaign.campaigns.agreement_fields import AgreementFields
from campaign.campaigns.incentive_fields import IncentiveFields
from campaign.campaigns.incentives import labels_of
from campaign.campaigns.models import Campaign


class InvitationForm(AgreementFields, IncentiveFields):
    """Yes or no. A yes comes under the campaign's rules; a no takes no more than the button."""

    def ask_author(self, campaign: Campaign, person: Person) -> None:
        """Ask what is asked of everybody before they contribute."""
        self.ask_agreement(campaign, person)
        self.ask_received(labels_of(campaign, {person.id}).get(person.id))

    def ask_no_more(self) -> None:
        """For a no."""
        self.ask_nothing()
        self.ask_no_incentive()
