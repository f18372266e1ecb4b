"""The door to authors' news, and the campaigns of which somebody may want to hear otherwise."""

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.access import may_on, open_to, seen_by
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.access import idea_for
from campaign.ideas.following import Following
from campaign.ideas.models import Idea
from campaign.notices.models import CampaignFollowing, CampaignWish, IdeaUpdate

CAMPAIGNS = 50


def own_idea_to_tell_of(person: Asker, idea_id: int) -> Idea:
    """The idea, if this person is one of its authors."""
    idea = idea_for(person, idea_id)
    if not idea.is_by(person):
        raise NotThere
    return idea


def update_to_remove(person: Asker, update_id: int) -> IdeaUpdate:
    """An author's news, for the idea's authors and for who moderates its campaign."""
    update = db.session.get(IdeaUpdate, update_id)
    if update is None or update.removed_at is not None or not open_to(person, update.idea.campaign):
        raise NotThere
    if not (update.idea.is_by(person) or may_on(person, "moderate", update.idea.campaign)):
        raise NotThere
    return update


def campaigns_heard_of(person: Person) -> list[Campaign]:
    """The campaigns from which notices come to this person, or would: those of which something is wished first. One query."""
    wished = db.select(CampaignWish.campaign_id).where(CampaignWish.person_id == person.id)
    followed = db.select(CampaignFollowing.campaign_id).where(CampaignFollowing.person_id == person.id)
    ideas = db.select(Idea.campaign_id).join(Following, Following.idea_id == Idea.id)
    of_ideas = ideas.where(Following.person_id == person.id)
    own = db.select(Idea.campaign_id).where(Idea.author_id == person.id)
    heard = wished.union(followed, of_ideas, own).subquery()
    found = db.select(Campaign).where(Campaign.id.in_(db.select(heard.c[0])), seen_by(person))
    otherwise = Campaign.id.in_(wished)  # First, or who has muted an old one could not undo it.
    return list(db.session.scalars(found.order_by(otherwise.desc(), Campaign.id.desc()).limit(CAMPAIGNS)).unique())
