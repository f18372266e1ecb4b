"""Atom feeds (RFC 4287) of a board and of an idea: whoever may open the page may read the feed, and neither says how many voted."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload, selectinload

from campaign import settings
from campaign.answers.models import Answer
from campaign.campaigns.access import campaign_for
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea
from campaign.languages import language
from campaign.notices.updates import shown_updates
from campaign.rendering import markdown, prepare_markdown
from campaign.statuses.actions import changes_of

bp = Blueprint("feeds", __name__)

SHOWN = 30
ATOM = "http://www.w3.org/2005/Atom"


class Item(NamedTuple):
    """One entry of a feed. `url` and `id` are of this site; an id never changes."""

    id: str
    url: str
    title: str
    author: str
    at: datetime
    updated: datetime
    html: str = ""


@bp.get("/campaigns/<slug>/feed.atom")
def board(slug: str) -> ResponseReturnValue:
    """The newest ideas of a board, with the brand's answers."""
    campaign = campaign_for(current_user, slug)
    _check_public(campaign)
    found = db.select(Idea).where(Idea.campaign_id == campaign.id, ~Idea.withdrawal.has())
    found = found.options(joinedload(Idea.author), selectinload(Idea.coauthors), joinedload(Idea.recorded))
    ideas = list(db.session.scalars(found.order_by(Idea.id.desc()).limit(SHOWN)).unique())
    given = db.select(Answer).where(Answer.idea_id.in_([idea.id for idea in ideas]))
    answers = {answer.idea_id: answer for answer in db.session.scalars(given)}
    prepare_markdown(
        [text for idea in ideas for text in (idea.text, answers[idea.id].text if idea.id in answers else "")]
    )
    items = [_of_idea(idea, answers.get(idea.id)) for idea in ideas]
    return _answer(campaign.url, campaign.text.title, campaign.text.lead, campaign, items)


@bp.get("/ideas/<id:idea_id>/feed.atom")
def idea(idea_id: int) -> ResponseReturnValue:
    """What happens to an idea: the brand's answer, where it stands, its authors' news, what people say."""
    found = idea_for(current_user, idea_id)
    _check_public(found.campaign)
    said = db.select(Comment).where(Comment.idea_id == found.id, ~Comment.deletion.has(), ~Comment.hold.has())
    said = said.options(joinedload(Comment.author)).order_by(Comment.id.desc()).limit(SHOWN)
    comments, updates, answer = list(db.session.scalars(said)), shown_updates(found), found.answer
    prepare_markdown([found.text, *(one.text for one in (*comments, *updates)), answer.text if answer else ""])
    items = [_of_idea(found)]
    if answer:
        items.append(_of_answer(found, answer))
    for change in changes_of(found):
        title = _("It stands at “%(status)s” now.", status=change.name)
        items.append(
            Item(
                f"{found.url}#status-{change.id}",
                f"{found.url}#standing",
                title,
                found.campaign.brand.name,
                change.at,
                change.at,
            )
        )
    for one in updates:
        title = _("%(name)s wrote news about it.", name=one.author.display_name)
        url = f"{found.url}#update-{one.id}"
        items.append(Item(url, url, title, one.author.display_name, one.at, one.at, markdown(one.text)))
    for one in comments:
        title, url = _("%(name)s made a remark.", name=one.author.display_name), f"/comments/{one.id}"
        items.append(
            Item(url, url, title, one.author.display_name, one.at, one.edited_at or one.at, markdown(one.text))
        )
    newest = sorted(items, key=lambda item: item.updated, reverse=True)[:SHOWN]
    return _answer(found.url, found.title, found.campaign.text.title, found.campaign, newest)


def _check_public(campaign: Campaign) -> None:
    # A reader of feeds comes without anybody's sign-in, and may hand what it reads to others.
    if not campaign.is_open_to_all:
        raise NotThere


def _of_idea(idea: Idea, answer: Answer | None = None) -> Item:
    html, updated = markdown(idea.text), idea.submitted_at
    if answer is not None:
        told = _("%(brand)s answered it.", brand=idea.campaign.brand.name)
        html += markdown(f"**{told}**") + markdown(answer.text)
        updated = answer.edited_at or answer.at
    return Item(idea.url, idea.url, idea.title, idea.byline, idea.submitted_at, updated, html)


def _of_answer(idea: Idea, answer: Answer) -> Item:
    title = _("%(brand)s answered it.", brand=idea.campaign.brand.name)
    url, updated = f"{idea.url}#answer", answer.edited_at or answer.at
    return Item(url, url, title, answer.by.display_name, answer.at, updated, markdown(answer.text))


def _answer(url: str, title: str, subtitle: str, campaign: Campaign, items: Iterable[Item]) -> ResponseReturnValue:
    """The feed; nothing but "unchanged" for who has it already."""
    answer = Response(_written(url, title, subtitle, campaign, list(items)), mimetype="application/atom+xml")
    answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.update(["Accept-Language", "Cookie"])
    return answer.make_conditional(request)


def _written(url: str, title: str, subtitle: str, campaign: Campaign, items: list[Item]) -> bytes:
    address = settings.current().address
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language(), "xml:base": f"{address}/"})
    _text(feed, "id", f"{address}{url}/feed.atom")
    _text(feed, "title", title)
    if subtitle:
        _text(feed, "subtitle", subtitle)
    _text(feed, "updated", _moment(max((item.updated for item in items), default=campaign.made_at)))
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{address}{url}/feed.atom"})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{address}{url}"})
    _text(SubElement(feed, "author"), "name", campaign.brand.name)
    for item in items:
        entry = SubElement(feed, "entry")
        _text(entry, "id", address + item.id)
        _text(entry, "title", item.title)
        _text(SubElement(entry, "author"), "name", item.author)
        _text(entry, "published", _moment(item.at))
        _text(entry, "updated", _moment(item.updated))
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address + item.url})
        if item.html:
            _text(entry, "content", str(item.html)).set("type", "html")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="utf-8", xml_declaration=False)


def _text(parent: Element, name: str, words: str) -> Element:
    element = SubElement(parent, name)
    element.text = words
    return element


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
