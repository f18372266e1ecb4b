"""The page “You asked, we did”: written as a draft, published, and told once to everybody who asked what becomes of an idea."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.following import lead_to_outcome, tell_outcome
from campaign.ideas.holding import in_sight
from campaign.ideas.models import CoAuthor, Idea, IdeaVersion, disclose
from campaign.images import Image
from campaign.outcomes.models import Outcome, OutcomePicture

PICTURES_MOST = 8
IDEAS_MOST = 200


class OutcomeUnwritten(Refused):
    code, message = "outcome_unwritten", _l("Write it in each of the campaign’s languages, then publish it.")


class PictureUndescribed(Refused):
    code = "picture_undescribed"
    message = _l("Say of each picture in a few words what it shows, for those who can’t see it.")


class TooManyPictures(Refused):
    code, message, field = "too_many_pictures", _l("8 pictures at most."), "pictures"


class TooManyIdeas(Refused):
    code, message, field = "too_many_ideas", _l("200 ideas at most on one page."), "ideas"


class DraftChanged(Refused):
    code = "draft_changed"
    message = _l("The page was changed or published in another window meanwhile. Look at what it says now.")


def published(campaign: Campaign) -> Outcome | None:
    """The page that people read."""
    found = db.select(Outcome).where(Outcome.campaign_id == campaign.id, Outcome.published_at.is_not(None))
    return db.session.scalar(found.order_by(Outcome.number.desc()).limit(1))


def draft_of(campaign: Campaign) -> Outcome | None:
    """The version that isn't published yet."""
    return db.session.scalar(
        db.select(Outcome).where(Outcome.campaign_id == campaign.id, Outcome.published_at.is_(None))
    )


def save_draft(
    campaign: Campaign,
    by: Person,
    texts: Mapping[str, str],
    ideas: Collection[int],
    pictures: Sequence[tuple[Image, str]],
    read: str | None = None,
) -> Outcome:
    """Keep the page as a draft, which only the team sees; what is published stays as it is until the draft is.

    `pictures` come with what they show. `read`: the stamp of what the writer had before them. Raises DraftChanged.
    """
    lock(campaign)
    draft, last = draft_of(campaign), published(campaign)
    if read is not None and read != stamp_of(draft or last):
        raise DraftChanged
    if len(pictures) > PICTURES_MOST:
        raise TooManyPictures
    if len(ideas) > IDEAS_MOST:
        raise TooManyIdeas
    if draft is None:
        draft = Outcome(campaign_id=campaign.id, number=last.number + 1 if last else 1, by=by)
        db.session.add(draft)
    draft.by, draft.saved_at = by, now()
    draft.texts = {code: text for code, text in texts.items() if code in campaign.texts and text}
    found = db.select(Idea).where(Idea.campaign_id == campaign.id, Idea.id.in_(ideas)).order_by(Idea.id)
    draft.ideas = list(db.session.scalars(found)) if ideas else []
    there = {picture.image_id: picture for picture in draft.pictures}
    draft.pictures = [there.get(image.id) or OutcomePicture(image=image) for image, _alt in pictures]
    for place, (_image, alt) in enumerate(pictures):
        draft.pictures[place].position, draft.pictures[place].alt = place, alt
    db.session.flush()
    return draft


def publish_outcome(campaign: Campaign, by: Person, read: str | None = None) -> Outcome:
    """Let everybody read the draft. Who asked to be told what becomes of an idea has one mail, the first time. Published twice, it is done once."""
    lock(campaign)
    draft, last = draft_of(campaign), published(campaign)
    if draft is None:
        if last is None:
            raise OutcomeUnwritten
        return last
    if read is not None and read != stamp_of(draft):
        raise DraftChanged
    if not all(draft.texts.get(code) for code in campaign.languages):
        raise OutcomeUnwritten
    if not all(picture.alt for picture in draft.pictures):
        raise PictureUndescribed
    draft.published_at, draft.by = now(), by
    db.session.flush()
    record("outcome.published", campaign, by, number=draft.number, ideas=[idea.id for idea in draft.ideas])
    tell_outcome(campaign)
    return draft


def stamp_of(outcome: Outcome | None) -> str:
    """Which state of the page this is."""
    return f"{outcome.number} {outcome.saved_at.isoformat()}" if outcome else ""


def told_ideas(outcome: Outcome) -> tuple[list[Idea], dict[int, list[Person]]]:
    """The ideas of a page with their authors, and who amended each, but none that is out of sight. The number of queries is fixed."""
    parts = joinedload(Idea.author), joinedload(Idea.status), joinedload(Idea.recorded)
    found = db.select(Idea).where(Idea.id.in_([idea.id for idea in outcome.ideas]), in_sight()).order_by(Idea.id)
    found = found.options(*parts, selectinload(Idea.coauthors).joinedload(CoAuthor.person))
    ideas = list(db.session.scalars(found.execution_options(populate_existing=True)).unique())
    amended = db.select(IdeaVersion.idea_id, Person).join(Person, Person.id == IdeaVersion.amender_id)
    amended = amended.where(IdeaVersion.idea_id.in_([idea.id for idea in ideas])).order_by(IdeaVersion.number)
    amenders: dict[int, list[Person]] = {}
    for idea, person in db.session.execute(amended):
        if person not in amenders.setdefault(idea, []):
            amenders[idea].append(person)
    disclose(outcome.campaign, ideas, {person.id for people in amenders.values() for person in people})
    return ideas, amenders


def _where_told(campaign: Campaign) -> tuple[str, bool]:
    """Where the outcome of a campaign is read, and whether its page is still being written, so that telling waits for it."""
    if published(campaign) is not None:
        return f"{campaign.url}/outcome", False
    return campaign.url, draft_of(campaign) is not None


lead_to_outcome(_where_told)
