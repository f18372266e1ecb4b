"""Tags of ideas: the words of their authors, found or made, and those that only the team gives."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.campaigns.access import tags_of_team
from campaign.campaigns.models import Campaign, Tag
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_idea
from campaign.live import announce
from campaign.text import slugify

TAGS_MAX = 5


class TooManyTags(Refused):
    code, message, field = "too_many_tags", _l("Five tags at most, of 40 characters each."), "tags"


def tag_as_team(idea: Idea, by: Person, tags: Sequence[Tag]) -> None:
    """Give the idea these of the team's own tags, and take the others off. The author's tags stay as they are."""
    lock(idea)
    given = [tag for tag in idea.tags if not tag.staff_only]
    before = {tag.slug for tag in idea.tags if tag.staff_only}
    after = {tag.slug for tag in tags if tag.staff_only}
    if before == after:
        return
    idea.tags = [*given, *(tag for tag in tags if tag.staff_only)]
    index_idea(idea)
    record("idea.tagged", idea, by=by, given=sorted(after - before), taken=sorted(before - after))
    announce(idea.campaign.board, "idea.tagged", ideas=[idea.id])


def slugs_of(names: Sequence[str]) -> dict[str, str]:
    """The tags that these names stand for, each with its name. Raises TooManyTags."""
    # In one order for everybody: two people who make the same two tags at once must not wait for each other in a circle.
    slugs = dict(sorted((slug[:60], name) for name in names if (slug := slugify(name) or name.casefold())))
    if len(slugs) > TAGS_MAX or any(len(name) > 40 for name in slugs.values()):
        raise TooManyTags
    return slugs


def withheld_from(campaign: Campaign, names: Sequence[str], has: Sequence[Tag] = ()) -> list[str]:
    """Those of these names that a participant doesn't get: the team's own tags, but for what the idea `has`. One query."""
    slugs = slugs_of(names)
    return [tag.name for tag in tags_of_team(campaign) if tag.slug in slugs and tag not in has]


def find_tags(campaign: Campaign, names: Sequence[str], by_team: bool = False) -> list[Tag]:
    """The campaign's tags of these names; unknown ones are made. Raises TooManyTags.

    A participant who writes the name of a tag that is the team's only doesn't get it.
    """
    slugs = slugs_of(names)
    known = {tag.slug: tag for tag in campaign.tags}
    for slug, name in slugs.items():
        if slug not in known:
            tag = Tag(campaign_id=campaign.id, slug=slug, name=name)
            try:
                with db.session.begin_nested():
                    db.session.add(tag)
            except IntegrityError:  # Somebody made it in the same moment.
                tag = db.session.scalars(db.select(Tag).filter_by(campaign_id=campaign.id, slug=slug)).one()
            known[slug] = tag
    return sorted((known[slug] for slug in slugs if by_team or not known[slug].staff_only), key=lambda tag: tag.name)
