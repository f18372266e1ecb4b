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
from campaign.ideas.models import Draft, DraftPicture
from campaign.images import Image, keep_image


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


def attach(draft: Draft, uploads: Sequence[FileStorage], most: int, by: Person) -> None:
    """Keep pictures with the draft, committing each, so that one that is refused doesn't cost the others."""
    for upload in uploads:
        if not upload.filename:
            continue
        if len(draft.pictures) >= most:
            raise TooManyPictures.of(most)
        draft.pictures.append(DraftPicture(image=keep_image(upload, by=by)))
        db.session.commit()


def arrange(images: Sequence[Image], typed: Mapping[str, str], removed: Sequence[str]) -> list[Image]:
    """The pictures that stay, each with the description that was typed for it."""
    kept = [image for image in images if str(image.id) not in removed]
    for image in kept:
        image.alt = typed.get(f"alt-{image.id}", image.alt).strip()[:300]
    return kept


def new_key() -> str:
    """An id for what will be sent, made before it is sent."""
    return secrets.token_urlsafe(16)
