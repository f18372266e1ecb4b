"""How an idea came that somebody gave away from the screen: in words."""

from flask_babel import lazy_gettext as _l

from campaign.mail import UNREAD

PAPER_HOST = f".paper{UNREAD}"  # Ends the addresses of people without an account: no mail leaves for it, and nobody signs in by it.
HOWS = {"paper": _l("On paper"), "phone": _l("By phone"), "event": _l("At an event"), "other": _l("In another way")}
TOLD = {
    "paper": _l("Given on paper by %(author)s, recorded by %(name)s (%(brand)s)"),
    "phone": _l("Given by phone by %(author)s, recorded by %(name)s (%(brand)s)"),
    "event": _l("Given at an event by %(author)s, recorded by %(name)s (%(brand)s)"),
    "other": _l("Given away from this site by %(author)s, recorded by %(name)s (%(brand)s)"),
}
BRIEFLY = {
    "paper": _l("on paper, recorded by %(name)s, %(brand)s"),
    "phone": _l("by phone, recorded by %(name)s, %(brand)s"),
    "event": _l("at an event, recorded by %(name)s, %(brand)s"),
    "other": _l("away from this site, recorded by %(name)s, %(brand)s"),
}


def place_of_contact(idea_id: int) -> str:
    """Where a note of contact belongs."""
    return f"recorded idea {idea_id}"
