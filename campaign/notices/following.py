"""Following a campaign, a person or a tag. (Ideas are followed in ideas/following.py.)"""

from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.access import campaign_for, seen_by
from campaign.campaigns.models import Campaign, Tag
from campaign.clock import now
from campaign.database import insert
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.models import CoAuthor, Idea
from campaign.notices.models import CampaignFollowing, PersonFollowing, TagFollowing


class OneSelf(Refused):
    code, message = "oneself", _l("You know first what you do yourself.")


def follow_campaign(person: Person, campaign: Campaign) -> None:
    """Tell this person from now on what happens in the campaign. Asked again, it changes nothing; so with the others below."""
    _begin(CampaignFollowing, campaign_id=campaign.id, person_id=person.id)


def follow_person(person: Person, other: Person) -> None:
    """Tell this person from now on of ideas that the other suggests."""
    if person.id == other.id:
        raise OneSelf
    _begin(PersonFollowing, followed_id=other.id, person_id=person.id)


def follow_tag(person: Person, tag: Tag) -> None:
    """Tell this person from now on of ideas that come with this tag."""
    _begin(TagFollowing, tag_id=tag.id, person_id=person.id)


def unfollow_campaign(person: Person, campaign: Campaign) -> None:
    _end(CampaignFollowing, campaign_id=campaign.id, person_id=person.id)


def unfollow_person(person: Person, other_id: int) -> None:
    _end(PersonFollowing, followed_id=other_id, person_id=person.id)


def unfollow_tag(person: Person, tag: Tag) -> None:
    _end(TagFollowing, tag_id=tag.id, person_id=person.id)


def tag_to_follow(person: Asker, campaign: Campaign, slug: str) -> tuple[Tag, bool] | None:
    """The tag, and whether this person follows it. None where there is none that they could. One query."""
    if not person.is_authenticated or not slug:
        return None
    mine = db.and_(TagFollowing.tag_id == Tag.id, TagFollowing.person_id == person.id)
    found = db.select(Tag, TagFollowing.at).outerjoin(TagFollowing, mine)
    row = db.session.execute(found.where(Tag.campaign_id == campaign.id, Tag.slug == slug, ~Tag.staff_only)).first()
    return (row[0], row[1] is not None) if row else None


def tag_for(person: Asker, slug: str, tag_slug: str) -> Tag:
    """A tag of a campaign that this person may see, other than those that its team keeps to itself."""
    campaign = campaign_for(person, slug)
    found = db.select(Tag).where(Tag.campaign_id == campaign.id, Tag.slug == tag_slug, ~Tag.staff_only)
    if (tag := db.session.scalar(found)) is None:
        raise NotThere
    return tag


def author_for(person: Asker, person_id: int) -> Person:
    """Somebody of whom this person may read an idea. Anybody else isn't there."""
    readable = db.select(Idea.id).join(Idea.campaign).where(seen_by(person))
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.person_id == Person.id).correlate(Person)
    theirs = readable.where(db.or_(db.and_(Idea.author_id == Person.id, ~Idea.recorded.has()), Idea.id.in_(joined)))
    found = db.session.scalar(db.select(Person).where(Person.id == person_id, theirs.correlate(Person).exists()))
    if found is None:
        raise NotThere
    return found


def campaigns_followed(person: Person) -> list[Campaign]:
    """The campaigns that this person follows and sees, the latest first. One query, and one for their stages."""
    theirs = db.select(Campaign).join(CampaignFollowing, CampaignFollowing.campaign_id == Campaign.id)
    theirs = theirs.where(CampaignFollowing.person_id == person.id, seen_by(person))
    return list(db.session.scalars(theirs.order_by(CampaignFollowing.at.desc())).unique())


def people_followed(person: Person) -> list[Person]:
    theirs = db.select(Person).join(PersonFollowing, PersonFollowing.followed_id == Person.id)
    theirs = theirs.where(PersonFollowing.person_id == person.id)
    return list(db.session.scalars(theirs.order_by(Person.name, Person.id)))


def tags_followed(person: Person) -> list[tuple[Tag, Campaign]]:
    theirs = db.select(Tag, Campaign).join(TagFollowing, TagFollowing.tag_id == Tag.id)
    theirs = theirs.join(Campaign, Campaign.id == Tag.campaign_id)
    theirs = theirs.where(TagFollowing.person_id == person.id, seen_by(person), ~Tag.staff_only)
    return [(tag, campaign) for tag, campaign in db.session.execute(theirs.order_by(Tag.name, Tag.id)).unique()]


def _begin(row: Any, **whose: int) -> None:
    db.session.execute(insert(row).values(**whose, at=now()).on_conflict_do_nothing())


def _end(row: Any, **whose: int) -> None:
    db.session.execute(db.delete(row).filter_by(**whose).execution_options(synchronize_session=False))
