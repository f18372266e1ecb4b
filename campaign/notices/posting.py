"""Telling people: a notice for each, in the transaction of what happened, and a mail to who wants one at once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.following import FollowingNews, change_told, choose_with, outcome_url
from campaign.ideas.models import Idea
from campaign.mail import send_mail
from campaign.notices.ending import ending_url
from campaign.notices.kinds import BY_DIGEST
from campaign.notices.models import Notice
from campaign.notices.wishes import how_to_tell

# What an idea's authors are told as its authors, so not once more as its followers.
TOLD_TO_AUTHORS = ("answered", "status", "step", "expired", "extended")


def tell(
    people: Collection[Person],
    kind: str,
    what: str,
    campaign: Campaign,
    idea: Idea | None = None,
    *,
    mail: str,
    by: Person | None = None,
    details: dict[str, Any] | None = None,
    said: dict[str, Any] | None = None,
) -> None:
    """Tell these people, but not whose act it was. `mail`: the template for who wants one at once, with what is `said` in it.

    Whoever calls has seen that they may see the campaign. Two queries, however many they are.
    """
    told = [person for person in people if by is None or person.id != by.id]
    for notice in note(told, dict.fromkeys([one.id for one in told], kind), what, campaign, idea, by, details):
        person = notice.person
        send_mail(
            person.email,
            person.language,
            mail,
            **{"idea": idea, "reader": person, "brand": campaign.brand, **(said or {})},
            unsubscribe=ending_url(person, kind, campaign),
        )


def note(
    people: Collection[Person],
    kinds: dict[int, str],
    what: str,
    campaign: Campaign,
    idea: Idea | None = None,
    by: Person | None = None,
    details: dict[str, Any] | None = None,
    comment_id: int | None = None,
    at: datetime | None = None,
) -> list[Notice]:
    """Put a notice down for each of these people, of the kind that it is to them. Gives those of who wants a mail at once."""
    if not people:
        return []
    wished = how_to_tell({person.id for person in people}, set(kinds.values()), campaign.id)
    at_once = []
    for person in people:
        how = wished[person.id, kinds[person.id]]
        if how == "nothing":
            continue
        notice = Notice(
            person=person,
            kind=kinds[person.id],
            what=what,
            campaign=campaign,
            idea=idea,
            by=by,
            comment_id=comment_id,
            details=details or {},
            at=at or now(),
            digest=how if how in BY_DIGEST else None,
        )
        db.session.add(notice)
        if how == "at_once":
            at_once.append(notice)
    return at_once


def _note_followed(news: FollowingNews, people: list[Person], ideas: dict[int, list[Idea]]) -> list[Person]:
    """What becomes of ideas that people follow, as notices. Gives those who want a mail at once, as they always had."""
    idea = db.session.get(Idea, news.idea_id) if news.idea_id else None
    if idea is not None and news.what in TOLD_TO_AUTHORS:
        people = [person for person in people if person.id not in idea.author_ids]
    kinds = {person.id: "followed" for person in people}
    at_once = note(people, kinds, news.what, news.campaign, idea, details=_details(news, idea), at=news.at)
    return [notice.person for notice in at_once]


def _details(news: FollowingNews, idea: Idea | None) -> dict[str, Any]:
    """What a line says later on, whatever became of the idea since."""
    if news.what == "outcome":
        return {"page": outcome_url(news.campaign) != news.campaign.url}
    change = change_told(news, idea) if news.what == "status" and idea is not None else None
    return {"status": change.all_names} if change is not None else {}


choose_with(_note_followed)
