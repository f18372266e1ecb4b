"""Uploaded files leave by the same door as what they belong to."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, request, send_from_directory
from flask_login import AnonymousUserMixin, current_user
from sqlalchemy.orm import aliased

from campaign.brands.access import Asker
from campaign.brands.models import Brand
from campaign.campaigns.access import campaign_for
from campaign.campaigns.models import Campaign
from campaign.documents import Document
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.access import TakenDown, idea_for
from campaign.ideas.models import IdeaDocument, IdeaPicture
from campaign.images import Image
from campaign.outcomes.models import Outcome, OutcomePicture
from campaign.storage import folder

YEAR = 365 * 24 * 3600  # What a name stands for never changes.
SHARED = 3600  # A cache of many people can't be told that a campaign is no longer everybody's,
SHARED_IDEA = 300  # nor that a moderator has taken an idea out of everybody's sight.
NOBODY = AnonymousUserMixin()
_PICTURE = re.compile(r"([0-9a-f]{32})-[0-9]{1,4}\.webp")
_DOCUMENT = re.compile(r"([0-9a-f]{32})\.pdf")

bp = Blueprint("files", __name__)


@dataclass(frozen=True)
class Shown:
    """An uploaded file, and everything that shows it."""

    upload: Image | Document
    as_logo: bool = False
    by_campaigns: set[str] = field(default_factory=set)
    by_ideas: set[int] = field(default_factory=set)
    by_outcomes: set[str] = field(default_factory=set)  # Of campaigns, by published pages that say what came of them;
    by_drafts: set[str] = field(default_factory=set)  # and by such pages that nobody but the team reads yet.

    def open_to(self, person: Asker) -> bool:
        """Whether this person may see something that shows it. What nothing shows yet is its uploader's."""
        if self.as_logo:
            return True
        if self.by_campaigns or self.by_ideas or self.by_outcomes or self.by_drafts:
            return (
                any(_opens(campaign_for, person, slug) for slug in self.by_campaigns | self.by_outcomes)
                or any(_opens(idea_for, person, idea_id) for idea_id in self.by_ideas)
                or any(_opens(partial(campaign_for, to="manage"), person, slug) for slug in self.by_drafts)
            )
        return person.is_authenticated and person.id == self.upload.by_id


@bp.get("/files/<name>")
def file(name: str) -> Response:
    shown = _shown(name)
    # Asked as nobody first: what everybody may see is sent without a question about the person.
    public = shown.open_to(NOBODY)
    if not public and not shown.open_to(current_user):
        raise NotThere
    if isinstance(shown.upload, Image):
        return _kept(send_from_directory(folder(), name, mimetype="image/webp"), shown, public)
    # A document may hold scripts, so it is taken away and never opened as a page of ours.
    response = send_from_directory(
        folder(), name, mimetype="application/pdf", as_attachment=True, download_name=shown.upload.name
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return _kept(response, shown, public)


def _shown(name: str) -> Shown:
    """What is kept under this name. One query, whatever shows it."""
    if picture := _PICTURE.fullmatch(name):
        told = aliased(Campaign)
        found = (
            db.select(Image, Brand.id, Campaign.slug, IdeaPicture.idea_id, told.slug, Outcome.published_at)
            .outerjoin(Brand, Brand.logo_id == Image.id)
            .outerjoin(Campaign, Campaign.cover_id == Image.id)
            .outerjoin(IdeaPicture, IdeaPicture.image_id == Image.id)
            .outerjoin(OutcomePicture, OutcomePicture.image_id == Image.id)
            .outerjoin(Outcome, Outcome.id == OutcomePicture.outcome_id)
            .outerjoin(told, told.id == Outcome.campaign_id)
            .where(Image.key == picture[1])
        )
        if rows := db.session.execute(found).all():
            uploads, brands, campaigns, ideas = (set(column) - {None} for column in list(zip(*rows, strict=True))[:4])
            pages = {(row[4], row[5] is not None) for row in rows if row[4]}
            outcomes, drafts = ({slug for slug, told in pages if told is public} for public in (True, False))
            return Shown(uploads.pop(), bool(brands), campaigns, ideas, outcomes, drafts)
    if document := _DOCUMENT.fullmatch(name):
        by = IdeaDocument.document_id == Document.id
        row = db.session.execute(
            db.select(Document, IdeaDocument.idea_id).outerjoin(IdeaDocument, by).where(Document.key == document[1])
        ).first()
        if row:
            return Shown(row[0], by_ideas={row[1]} - {None})
    raise NotThere


def _opens(door: Callable[[Asker, Any], object], person: Asker, key: object) -> bool:
    try:
        door(person, key)
    except (NotThere, TakenDown):
        return False
    return True


def _kept(response: Response, shown: Shown, public: bool) -> Response:
    """How long browsers and caches may keep it."""
    cache = response.cache_control
    cache.no_cache = None
    if not public:
        cache.private = cache.no_cache = True  # Asked for again each time, because access may have ended.
    elif current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        # The answer brings the person's own cookie along, which no cache of many people may keep.
        cache.private, cache.max_age, cache.immutable = True, YEAR, True
    else:
        shared = SHARED_IDEA if shown.by_ideas and not (shown.as_logo or shown.by_campaigns) else SHARED
        cache.public, cache.max_age, cache.s_maxage, cache.immutable = True, YEAR, shared, True
    return response
