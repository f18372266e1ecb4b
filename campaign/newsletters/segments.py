"""To whom a newsletter goes: always to people who asked for it, and of them to all, or to those who did something."""

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import seal_on
from campaign.extensions import db
from campaign.feedback.models import Comment, Feedback
from campaign.ideas.following import Following
from campaign.ideas.models import CoAuthor, Idea
from campaign.ideas.totals import stands
from campaign.notices.models import CampaignFollowing
from campaign.statuses.models import Status
from campaign.votes.models import StageBallot, Vote

if TYPE_CHECKING:
    from campaign.newsletters.models import Newsletter

NAMES: dict[str, Any] = {
    "everybody": _l("Everybody who asked for it"),
    "participants": _l("Who asked for it and took part"),
    "accepted": _l("Who asked for it and had an idea accepted"),
    "followers": _l("Who asked for it and follows an idea or the campaign"),
}
SEGMENTS = tuple(NAMES)
KEPT = ("accepted", "done")  # The kinds of statuses that promise something.


def in_segment(newsletter: "Newsletter") -> Any:
    """The condition on Person to be in the newsletter's segment; that they asked for it is another."""
    if newsletter.segment == "everybody":
        return db.true()
    of_brand = Campaign.id == newsletter.campaign_id if newsletter.campaign_id else db.true()
    campaigns = list(db.session.scalars(db.select(Campaign).where(Campaign.brand_id == newsletter.brand_id, of_brand)))
    ids = [campaign.id for campaign in campaigns]
    if newsletter.segment == "followers":
        return db.or_(
            _any(CampaignFollowing, CampaignFollowing.person_id, CampaignFollowing.campaign_id.in_(ids)),
            _any(Following, Following.person_id, Following.idea_id.in_(_ideas(ids))),
        )
    if newsletter.segment == "accepted":
        kept = _ideas(ids).join(Status, Status.id == Idea.status_id).where(Status.kind.in_(KEPT), stands())
        return db.or_(
            _any(Idea, Idea.author_id, Idea.id.in_(kept)),
            _any(CoAuthor, CoAuthor.person_id, CoAuthor.idea_id.in_(kept)),
        )
    # How many have voted is sealed with the counts, so until these are shown a vote alone puts nobody among them.
    open_ids = [campaign.id for campaign in campaigns if seal_on(campaign) == "always"]
    stages = db.select(Stage.id).where(Stage.campaign_id.in_(open_ids))
    return db.or_(
        _any(Idea, Idea.author_id, Idea.campaign_id.in_(ids), stands()),
        _any(CoAuthor, CoAuthor.person_id, CoAuthor.idea_id.in_(_ideas(ids))),
        _any(Comment, Comment.author_id, Comment.idea_id.in_(_ideas(ids)), ~Comment.deletion.has()),
        _any(Feedback, Feedback.author_id, Feedback.idea_id.in_(_ideas(ids))),
        _any(Vote, Vote.voter_id, Vote.idea_id.in_(_ideas(open_ids))),
        _any(StageBallot, StageBallot.voter_id, StageBallot.stage_id.in_(stages)),
    )


def _ideas(campaigns: list[int]) -> Any:
    return db.select(Idea.id).where(Idea.campaign_id.in_(campaigns))


def _any(row: Any, whose: Any, *where: Any) -> Any:
    """That there is such a row of this person."""
    return db.select(db.literal(1)).select_from(row).where(whose == Person.id, *where).correlate(Person).exists()
