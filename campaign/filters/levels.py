"""How well a brand knows somebody, by what they did in its campaigns: levels rise by themselves, and fall when something is taken down.

Computed whenever they are asked for, so they are never out of date; nobody gives or takes them. What a moderator's own trust gives
(moderation.models.Trusted) is one thing more: that what somebody writes waits for nobody.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import aliased

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.moderation.models import Case, Trusted

FIRST_DAY = timedelta(days=1)
IDEA_COUNTS = 3  # As much as three remarks.
KNOWN_FROM, KNOWN_AFTER = 3, timedelta(days=2)
TRUSTED_FROM, TRUSTED_AFTER = 20, timedelta(days=14)
FORGOTTEN_AFTER = timedelta(days=180)  # When what was taken down counts no more.


class Standing(NamedTuple):
    """What a level comes from."""

    joined_at: datetime
    ideas: int = 0  # Published in this brand's campaigns, and still there.
    remarks: int = 0
    since: datetime | None = None  # Of the first of them.
    taken_down: int = 0
    chosen: bool = False  # Of the team, or trusted by a moderator.

    @property
    def level(self) -> str:
        """ "first" on the day of signing up, then "new", "known" and "trusted"."""
        if self.chosen:
            return "trusted"
        if self.joined_at > now() - FIRST_DAY:
            return "first"
        points = IDEA_COUNTS * self.ideas + self.remarks
        lasting = now() - self.since if self.since else timedelta()
        if self.taken_down or points < KNOWN_FROM or lasting < KNOWN_AFTER:
            return "new"
        return "trusted" if points >= TRUSTED_FROM and lasting >= TRUSTED_AFTER else "known"


def standing_of(person_id: int, brand_id: int) -> Standing:
    """What this person did in the brand's campaigns. One query."""
    here = Campaign.brand_id == brand_id
    ideas = db.select(db.func.count(Idea.id)).join(Campaign, Campaign.id == Idea.campaign_id)
    first_idea = db.select(db.func.min(Idea.submitted_at)).join(Campaign, Campaign.id == Idea.campaign_id)
    remarks = db.select(db.func.count(Comment.id)).join(Comment.idea).join(Campaign, Campaign.id == Idea.campaign_id)
    first_remark = db.select(db.func.min(Comment.at)).join(Comment.idea).join(Campaign, Campaign.id == Idea.campaign_id)
    own_ideas = here, Idea.author_id == person_id, ~Idea.withdrawal.has()
    own_remarks = here, Comment.author_id == person_id, ~Comment.deletion.has(), ~Comment.hold.has()
    later = aliased(Case)
    put_back = db.select(later.id).where(
        later.subject == Case.subject,
        later.subject_id == Case.subject_id,
        later.id > Case.id,
        later.verdict == "approved",
    )
    down = db.select(db.func.count(Case.id)).join(Campaign, Campaign.id == Case.campaign_id)
    down = down.where(
        here,
        Case.author_id == person_id,
        Case.verdict == "hidden",
        Case.decided_at > now() - FORGOTTEN_AFTER,
        ~put_back.exists(),
    )
    team = db.select(Membership.id).where(Membership.brand_id == brand_id, Membership.person_id == person_id)
    trusted = db.select(Trusted.person_id).where(Trusted.brand_id == brand_id, Trusted.person_id == person_id)
    row = db.session.execute(
        db.select(
            Person.joined_at,
            ideas.where(*own_ideas).scalar_subquery(),
            remarks.where(*own_remarks).scalar_subquery(),
            first_idea.where(*own_ideas).scalar_subquery(),
            first_remark.where(*own_remarks).scalar_subquery(),
            down.scalar_subquery(),
            team.exists() | trusted.exists(),
        ).where(Person.id == person_id)
    ).one()
    joined_at, number, said, first, spoke, taken_down, chosen = row
    since = min((moment for moment in (first, spoke) if moment is not None), default=None)
    return Standing(joined_at, number, said, since, taken_down, bool(chosen))
