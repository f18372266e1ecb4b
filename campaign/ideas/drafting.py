"""Drafts: what somebody has typed and not sent yet, kept while they type."""

import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import Question
from campaign.clock import now
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.ideas.attaching import Attached, not_shown
from campaign.ideas.models import Draft, DraftDocument, DraftPicture, Idea
from campaign.ideas.replies import begun_in, draft_place, for_draft


def draft_of(campaign: Campaign, author: Person) -> Draft | None:
    """What the author has begun on this campaign."""
    return db.session.scalar(_drafts(campaign, author))


def _drafts(campaign: Campaign, author: Person) -> Select[Draft]:
    return db.select(Draft).filter_by(campaign_id=campaign.id, author_id=author.id)


def draft_with_words(campaign: Campaign, author: Asker) -> Draft | None:
    """What waits for the author to go on with, or to be read again where the campaign takes no ideas any more: words, or what they attached.
    Nobody else's, and nothing that is empty.
    """
    draft = draft_of(campaign, author) if author.is_authenticated else None
    if draft is None or not (draft.fields.get("title") or draft.fields.get("text") or draft.pictures or draft.papers):
        return None
    return draft


def begun_with(draft: Draft) -> dict[str, Any]:
    """What stands in the fields of a form that goes on with a draft."""
    return {
        **draft.fields,
        **begun_in(draft),
        "key": draft.key,
    }


def save_draft(
    campaign: Campaign,
    author: Person,
    key: str,
    fields: dict[str, str],
    answers: Mapping[Question, Any] = MappingProxyType({}),
) -> Draft:
    """Keep what the author has typed so far. One draft per person and campaign: the last saving wins.

    Until the commit nobody else changes or drops it: a second click on the same form may be sending it right now.
    """
    begin_writing()
    check_not_suspended(campaign.brand_id, author)
    draft = db.session.scalar(_drafts(campaign, author).with_for_update().execution_options(populate_existing=True))
    if draft is None:
        try:
            with db.session.begin_nested():
                draft = Draft(campaign_id=campaign.id, author_id=author.id, key=key or new_key())
                db.session.add(draft)
        except IntegrityError:  # A second tab began one in the same moment.
            return save_draft(campaign, author, key, fields, answers)
    draft.fields = fields | for_draft(answers, draft_place(campaign.id, author.id))
    draft.saved_at = now()
    return draft


def drop_draft(campaign: Campaign, author: Person) -> None:
    """Forget the draft: what it held is on the board. Forgotten twice, by two clicks at once, it is gone as well."""
    db.session.execute(db.delete(Draft).where(Draft.campaign_id == campaign.id, Draft.author_id == author.id))


def attached_to_draft(draft: Draft | None, typed: MultiDict[str, str] | None = None) -> Attached:
    """What waits with the draft; and with `typed`, what a form decides about it."""
    pictures = [picture.image for picture in draft.pictures] if draft else []
    documents = [paper.document for paper in draft.papers] if draft else []
    attached = not_shown(pictures, documents)
    attached.typed = typed or MultiDict()
    return attached


def keep_with_draft(draft: Draft, attached: Attached) -> None:
    """Let what stays wait with the draft, its pictures described as they were typed.

    But not what stands on an idea: while files were taken in, a second click may have sent it.
    """
    db.session.flush()  # New uploads have their ids from here on.
    waiting = not_shown([image for image, _alt in attached.staying_pictures], attached.staying_documents)
    attached.pictures = [image for image in attached.pictures if image in waiting.pictures or attached.removes(image)]
    attached.documents = [
        document for document in attached.documents if document in waiting.documents or attached.removes(document)
    ]
    pictures = {picture.image_id: picture for picture in draft.pictures}
    papers = {paper.document_id: paper for paper in draft.papers}
    for image, alt in attached.staying_pictures:
        image.alt = alt
    draft.pictures = [pictures.get(image.id) or DraftPicture(image=image) for image, _alt in attached.staying_pictures]
    draft.papers = [
        papers.get(document.id) or DraftDocument(document=document) for document in attached.staying_documents
    ]


def said_at_first(idea: Idea, title: str, text: str) -> bool:
    """Whether these are the words that the idea was sent with: then sending them again is a repeat, and not another idea."""
    first = idea.versions[0]
    return (first.title, first.text) == (title, text)


def new_key() -> str:
    """An id for what will be sent, made before it is sent."""
    return secrets.token_urlsafe(16)
