"""The filters themselves: what each finds in something that is new, or in what an edit brought. They hold, and decide nothing.

What was found is kept with the case, in the words that a moderator looks for; their sentences stand in TOLD.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from rapidfuzz import fuzz, process

import campaign.moderation.editing  # noqa: F401 Its look at an edit comes before this one: what it brings back is filtered.
from campaign import settings
from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.campaigns.wording import sift_with
from campaign.errors import Refused
from campaign.extensions import db
from campaign.feedback.holding import look_at_edits_with as look_at_remarks_with
from campaign.filters.choosing import Chosen, chosen_by, words_of_campaign
from campaign.filters.coarse import coarse_words
from campaign.filters.learning import score, telling, words_of
from campaign.filters.levels import standing_of
from campaign.filters.models import Learned
from campaign.filters.pieces import Piece, piece_of, texts_before
from campaign.filters.words import folded, found_in
from campaign.ideas.holding import look_at_edits_with as look_at_ideas_with
from campaign.ideas.models import Idea
from campaign.moderation.cases import filter_with, open_case, waits_for_nobody
from campaign.moderation.subjects import Subject, keep, kept_as
from campaign.notices.updates import judge_updates_with

TOLD = {
    "words": _l("Words of your list: %(found)s"),
    "links": _l("A link by somebody who is new here: %(found)s"),
    "again": _l("They have written nearly the same before: %(found)s"),
    "copies": _l("Several people send nearly the same: %(found)s"),
    "coarse": _l("Coarse words: %(found)s"),
    "learned": _l("It reads like what you took down before, by these words: %(found)s"),
}
NAMED = {
    "words": _l("Words of your list"),
    "links": _l("A link by somebody new"),
    "again": _l("Written before by the same person"),
    "copies": _l("Sent by several people"),
    "coarse": _l("Coarse words"),
    "learned": _l("Reads like what you took down"),
}
SHOWN = 6  # Of what was found.

ALIKE = 90  # Of 100, as rapidfuzz.fuzz.ratio says it: a few letters of a line differ.
OWN_SHORTEST, OTHERS_SHORTEST = 20, 60  # Letters. “I like this a lot!” is no repetition, and many people say so.
OTHERS_FROM = 2  # People who have sent it already, so that the third is held.
COMPARED = 1500  # Letters of a text.

_ENDINGS = "com|net|org|info|biz|io|app|dev|shop|store|site|online|top|xyz|club|click|live|vip|fr|be|ch|ca|lu|de|uk|eu|ru|cn|me|co|tk|ly"
_LINK = re.compile(
    rf"https?://[^\s/?#]*?([\w.-]+\.\w+)(?=[:/?#\s<>)\]\"'»,;!]|\.?$|\.\s|$)|(?<![\w@.-])((?:[\w-]+\.)+(?:{_ENDINGS}))(?![\w@-])",
    re.IGNORECASE | re.MULTILINE,
)

Finder = Callable[[Piece, Chosen], list[str]]


def hosts_in(text: str) -> list[str]:
    """The hosts to which a text links, or which it names as people type them, each once."""
    found = (match[1] or match[2] for match in _LINK.finditer(text))
    return list(dict.fromkeys(host.casefold().strip(".").removeprefix("www.") for host in found))


def strange_hosts(text: str, brand_id: int) -> list[str]:
    """Those that the brand hasn't listed, and that aren't these pages themselves. No query where the text has none."""
    hosts = hosts_in(text)
    return _strange(hosts, chosen_by(brand_id)) if hosts else []


def _strange(hosts: list[str], chosen: Chosen) -> list[str]:
    own = urlsplit(settings.current().address).hostname or ""
    return [host for host in hosts if not any(_is_of(host, listed) for listed in (*chosen.hosts, own))]


def _words(piece: Piece, chosen: Chosen) -> list[str]:
    return found_in(piece.text, [*chosen.words, *words_of_campaign(piece.campaign_id)])


def _links(piece: Piece, chosen: Chosen) -> list[str]:
    strange = _strange(hosts_in(piece.text), chosen) if chosen.links else []
    if not strange or standing_of(piece.author_id, piece.brand_id).level not in ("first", "new"):
        return []
    return strange


def _is_of(host: str, listed: str) -> bool:
    return host == listed or host.endswith("." + listed)


def _coarse(piece: Piece, chosen: Chosen) -> list[str]:
    return coarse_words(piece.text, piece.language) if chosen.coarse else []


def _learned(piece: Piece, chosen: Chosen) -> list[str]:
    lesson = db.session.get(Learned, piece.brand_id) if chosen.learned else None
    if lesson is None:
        return []
    words = words_of(piece.text)
    if (
        score(words, lesson.weights) <= lesson.threshold
        or standing_of(piece.author_id, piece.brand_id).level == "trusted"
    ):
        return []
    return [word for word, weight in telling(words, lesson.weights) if weight > 0]


ALWAYS: dict[str, Finder] = {"words": _words, "links": _links, "coarse": _coarse, "learned": _learned}


def repeated(piece: Piece) -> dict[str, list[str]]:
    """Where nearly the same stands already: by the same person in this brand's campaigns, or by several in this campaign."""
    text = _plain(piece.text)
    if len(text) < OWN_SHORTEST:
        return {}
    own, others = texts_before(piece)
    if alike := process.extractOne(text, [_plain(one) for one in own], scorer=fuzz.ratio, score_cutoff=ALIKE):
        return {"again": [own[alike[2]].split("\n")[0][:80]]}
    if len(text) < OTHERS_SHORTEST:
        return {}
    near = process.extract(text, [_plain(one) for _who, one in others], scorer=fuzz.ratio, score_cutoff=ALIKE, limit=50)
    people = {others[place][0] for _text, _score, place in near}
    return {"copies": [others[near[0][2]][1].split("\n")[0][:80]]} if len(people) >= OTHERS_FROM else {}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text[:COMPARED])))


def found_new(subject: Subject) -> dict[str, list[str]]:
    """What each filter finds in something that was just sent."""
    piece = piece_of(subject)
    chosen = chosen_by(piece.brand_id)
    found = {name: finder(piece, chosen) for name, finder in ALWAYS.items()}
    if chosen.repeats:
        found |= repeated(piece)
    return {name: things for name, things in found.items() if things}


def found_by_edit(subject: Subject, before: str) -> dict[str, list[str]]:
    """What stands in it since an edit, and didn't before: what a moderator has read once needs no second look."""
    after, earlier = piece_of(subject), piece_of(subject, before)
    chosen = chosen_by(after.brand_id)
    found = {}
    for name, finder in ALWAYS.items():
        there = finder(after, chosen)
        known = finder(earlier, chosen) if there else []
        if name == "learned" and known:
            continue  # It read like that before.
        if added := [thing for thing in there if thing not in known]:
            found[name] = added
    return found


def _told(found: dict[str, list[str]]) -> list[list[str]]:
    return [[name, ", ".join(f"“{thing}”" for thing in things[:SHOWN])] for name, things in found.items()]


def _look(subject: Subject) -> list[list[str]]:
    db.session.flush()  # Its number, so that it isn't compared with itself.
    return _told(found_new(subject))


def _look_at_edit(subject: Subject, before: str, editor: Person) -> None:
    """Hold the new version where an edit brought something. Its votes rest meanwhile, and come back with it."""
    piece = piece_of(subject)
    if waits_for_nobody(piece.brand_id, editor.id) or not (found := found_by_edit(subject, before)):
        return
    case = open_case(subject, "filter", _told(found))
    case.reasons = _told(found)
    if kept_as(subject) is None:
        case.stood = True  # Whoever follows it was told already.
        keep(subject, "held")


def _look_at_idea(idea: Idea, before: str, editor: Person) -> None:
    if idea.recorded is None:
        _look_at_edit(idea, before, editor)


class Unsent(Refused):
    """An author's news in which a filter finds something. It can't wait for a moderator, so its author finds other words."""

    code, field, status = "update_filtered", "text", 422


def _look_at_update(idea: Idea, author: Person, text: str) -> Refused | None:
    piece = Piece(text, idea.language, "update", 0, author.id, idea.campaign_id, idea.campaign.brand_id)
    if waits_for_nobody(piece.brand_id, author.id):
        return None
    chosen = chosen_by(piece.brand_id)
    found = {name: things for name, finder in ALWAYS.items() if (things := finder(piece, chosen))}
    if not found:
        return None
    # Nobody reads the brand's own list, nor what it has learned.
    things = [f"“{thing}”" for name in ("links", "coarse") for thing in found.get(name, ())]
    if not things or len(found) > ("links" in found) + ("coarse" in found):
        return Unsent(
            _(
                "One of the brand’s filters finds something in this, so it can’t be sent as it stands. Say it in other words."
            )
        )
    return Unsent(_("This can’t be sent as it stands. Say it without: %(found)s.", found=", ".join(things[:SHOWN])))


def _stops(campaign: Campaign, author: Person, language: str, words: str, before: str) -> bool:
    """Whether a list of words or links finds something new in what nobody can hold. What was learned may hold, and refuses nothing."""
    if waits_for_nobody(campaign.brand_id, author.id):
        return False
    chosen = chosen_by(campaign.brand_id)
    pieces = [Piece(text, language, "", 0, author.id, campaign.id, campaign.brand_id) for text in (words, before)]
    for finder in (_words, _links, _coarse):
        there, known = (finder(piece, chosen) for piece in pieces)
        if not set(there) <= set(known):
            return True
    return False


sift_with(_stops)
filter_with(_look, TOLD, NAMED)
judge_updates_with(_look_at_update)
look_at_ideas_with(_look_at_idea)
look_at_remarks_with(_look_at_edit)
