"""Drafts: what somebody has typed and not sent yet, kept while they type."""

import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.actions import TooManyPictures
from campaign.ideas.models import Draft, DraftPicture, Idea, IdeaPicture
from campaign.images import Image, keep_image
from campaign.text import squeeze


def draft_of(campaign: Campaign, author: Person) -> Draft | None:
    """What the author has begun on this campaign."""
    return db.session.scalar(db.select(Draft).filter_by(campaign_id=campaign.id, author_id=author.id))


def save_draft(campaign: Campaign, author: Person, key: str, fields: dict[str, str]) -> Draft:
    """Keep what the author has typed so far. One draft per person and campaign: the last saving wins."""
    draft = draft_of(campaign, author)
    if draft is None:
        try:
            with db.session.begin_nested():
                draft = Draft(campaign_id=campaign.id, author_id=author.id, key=key or new_key())
                db.session.add(draft)
        except IntegrityError:  # A second tab began one in the same moment.
            draft = draft_of(campaign, author)
            assert draft is not None
    draft.fields, draft.saved_at = fields, now()
    return draft


def drop_draft(campaign: Campaign, author: Person) -> None:
    """Forget the draft: what it held is on the board. Forgotten twice, by two clicks at once, it is gone as well."""
    db.session.execute(db.delete(Draft).where(Draft.campaign_id == campaign.id, Draft.author_id == author.id))


def attach(draft: Draft, uploads: Sequence[FileStorage], most: int, by: Person) -> None:
    """Keep pictures with the draft, committing each, so that one that is refused doesn't cost the others."""
    for upload in uploads:
        if len(draft.pictures) >= most:
            raise TooManyPictures.of(most)
        draft.pictures.append(DraftPicture(image=keep_image(upload, by=by)))
        db.session.commit()


def arrange(images: Sequence[Image], typed: Mapping[str, str], removed: Sequence[str]) -> list[tuple[Image, str]]:
    """The pictures that stay, each with the description that was typed for it."""
    kept = [image for image in images if str(image.id) not in removed]
    return [(image, squeeze(typed.get(f"alt-{image.id}", image.alt))[:300]) for image in kept]


def waiting_pictures(person: Person, keys: Sequence[str]) -> list[Image]:
    """Pictures that this person uploaded with a form that was refused, and that stand on no idea yet."""
    free = ~db.select(IdeaPicture).where(IdeaPicture.image_id == Image.id).exists()
    found = db.select(Image).where(Image.key.in_(keys[:20]), Image.by_id == person.id, free).order_by(Image.id)
    return list(db.session.scalars(found)) if keys else []


def said_at_first(idea: Idea, title: str, text: str) -> bool:
    """Whether these are the words that the idea was sent with: then sending them again is a repeat, and not another idea."""
    first = idea.versions[0]
    return (first.title, first.text) == (title, text)


def new_key() -> str:
    """An id for what will be sent, made before it is sent."""
    return secrets.token_urlsafe(16)
