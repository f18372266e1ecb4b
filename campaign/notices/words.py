"""What a notice says, in the reader's language, and where it leads: the same in the page and in a mail."""

from typing import Any

from flask_babel import gettext as _

from campaign.languages import language
from campaign.notices.models import Notice
from campaign.text import unlinked


def words_of(notice: Notice, plainly: bool = False) -> str:
    """One sentence, to be read below the title of the idea, or of the campaign. `plainly`: for a mail, which makes no link of a name."""
    say = unlinked if plainly else str
    brand = say(notice.campaign.brand.name)
    name = say(notice.by.display_name) if notice.by else brand
    sentence = _SENTENCES.get(notice.what)
    if notice.what == "commented":
        return (
            _("%(name)s answered your remark.", name=name)
            if notice.kind == "reply"
            else _("%(name)s made a remark.", name=name)
        )
    if notice.what == "status":
        return _status(notice, say)
    if notice.what == "stage":
        return _("“%(stage)s” has begun.", stage=say(_in_language(notice.details.get("stage", {}))))
    return sentence(name, brand) if sentence else _("Something has happened.")


def url_of(notice: Notice) -> str:
    """Where it is read in full, on this site."""
    if notice.idea is None:
        return f"{notice.campaign.url}{'/outcome' if notice.details.get('page') else ''}"
    if notice.comment_id:
        return f"/comments/{notice.comment_id}"
    return notice.idea.url + _PLACES.get(notice.what, "")


def title_of(notice: Notice) -> str:
    """What it is about."""
    return notice.idea.title if notice.idea else str(notice.campaign.text.title)


def _status(notice: Notice, say: Any) -> str:
    names = notice.details.get("status")
    name = _in_language(names) if names else notice.idea.status.name if notice.idea and notice.idea.status else ""
    return _("It stands at “%(status)s” now.", status=say(name)) if name else _("It stands elsewhere now.")


def _in_language(names: dict[str, str]) -> str:
    return names.get(language()) or next(iter(names.values()), "")


_PLACES = {
    "answered": "#answer",
    "status": "#standing",
    "update": "#updates",
    "asked": "/clarification",
    "private": "#private",
    "clarified": "/clarification",
    "assigned": "/answer",
    "note": "/notes",
    "note_reply": "/notes",
}
_SENTENCES = {
    "answered": lambda name, brand: _("%(brand)s answered it.", brand=brand),
    "withdrawn": lambda name, brand: _("Its author took it back."),
    "step": lambda name, brand: _("It has reached the supporters of its next step."),
    "expired": lambda name, brand: _("Its time ran out."),
    "extended": lambda name, brand: _("It has more time."),
    "qualified": lambda name, brand: _("It has the supporters with which it qualifies for review."),
    "outcome": lambda name, brand: _("The outcome is there."),
    "merged": lambda name, brand: _("It was merged with another idea."),
    "undone": lambda name, brand: _("It stands by itself again: the merge was undone."),
    "retired": lambda name, brand: _("Its author retired it in favour of another idea."),
    "update": lambda name, brand: _("%(name)s wrote news about it.", name=name),
    "mentioned": lambda name, brand: _("%(name)s mentioned you in a remark.", name=name),
    "suggested": lambda name, brand: _("%(name)s suggested it.", name=name),
    "asked": lambda name, brand: _("%(brand)s asks you something about it.", brand=brand),
    "private": lambda name, brand: _("%(name)s wrote private words to its authors.", name=name),
    "clarified": lambda name, brand: _("%(name)s answered what you asked.", name=name),
    "assigned": lambda name, brand: _("%(name)s gave it to you to answer.", name=name),
    "note": lambda name, brand: _("%(name)s named you in a note.", name=name),
    "note_reply": lambda name, brand: _("%(name)s replied to your note.", name=name),
}
