"""How much one person may store in a day: counted like attempts, in Redis where there is one, and else in this process."""

import math

from flask_babel import ngettext
from limits import RateLimitItemPerDay

from campaign import settings
from campaign.accounts.attempts import TooMany, count, forgive
from campaign.errors import Refused
from campaign.languages import number


class NoRoomToday(Refused):
    code = "no_room_today"

    @classmethod
    def for_now(cls, megabytes: int, wait: float, field: str) -> "NoRoomToday":
        hours = max(1, math.ceil(wait / 3600))
        return cls(
            ngettext(
                "That would be more than the %(most)s MB which one person can store in a day. There is room again in %(num)s hour.",
                "That would be more than the %(most)s MB which one person can store in a day. There is room again in %(num)s hours.",
                hours,
                most=number(megabytes),
            ),
            field=field,
        )


def take_room(person_id: int, size: int, field: str) -> None:
    """Count `size` bytes that a person is about to store. Raises NoRoomToday, beside `field`, and then counts nothing.

    Taken before they are stored, so that parallel uploads can't slip by.
    """
    megabytes = settings.current().uploads_per_day
    room, who = RateLimitItemPerDay(megabytes * 2**20), str(person_id)
    try:
        count(room, "stored", who, cost=size)
    except TooMany as refusal:
        forgive(room, "stored", who, cost=size)  # What is smaller may still fit.
        raise NoRoomToday.for_now(megabytes, refusal.wait, field) from None
