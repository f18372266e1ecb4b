"""The list of those who are invited, as a file for spreadsheets."""

import csv
from datetime import datetime
from io import StringIO

from campaign.audience.access import every_guest
from campaign.campaigns.models import Campaign
from campaign.text import inert

COLUMNS = ("email", "invited_at", "mailed_at", "came_at", "name")


def as_csv(campaign: Campaign) -> str:
    """With a byte order mark, without which spreadsheets garble accents."""
    lines = StringIO()
    write = csv.writer(lines).writerow
    write(COLUMNS)
    for guest in every_guest(campaign):
        moments = (_moment(at) for at in (guest.invited_at, guest.mailed_at, guest.came_at))
        write((inert(guest.email), *moments, inert(guest.name or "")))
    return "\ufeff" + lines.getvalue()


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
