"""How many ideas one person can give to a campaign, where it says so."""

from flask_babel import ngettext

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.database import begin_writing, lock_words
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal


class AllIdeasGiven(Refused):
    code = "all_ideas_given"

    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "Everybody can give one idea here, and yours is on the board. You can still edit it.",
                "Everybody can give %(num)s ideas here, and yours are all on the board. You can still edit them.",
                most,
            )
        )


def ideas_given(campaign: Campaign, person: Person) -> int:
    """How many ideas of this person stand on the board. What they took back leaves its place to another."""
    given = db.select(db.func.count(Idea.id)).where(Idea.campaign_id == campaign.id, Idea.author_id == person.id)
    return db.session.scalar(given.where(~db.exists().where(Withdrawal.idea_id == Idea.id))) or 0


def wait_for_share(campaign: Campaign, person: Person) -> None:
    """Be the only one, until the commit, who puts an idea of this person on the board. Before a title is taken."""
    if campaign.ideas_each:
        begin_writing()
        lock_words(f"{campaign.id} ideas of {person.id}")


def check_share(campaign: Campaign, person: Person) -> None:
    """Raise AllIdeasGiven where this person has given as many ideas as the campaign takes from each."""
    if campaign.ideas_each and ideas_given(campaign, person) >= campaign.ideas_each:
        raise AllIdeasGiven(campaign.ideas_each)
