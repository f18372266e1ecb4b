"""How often ideas were before somebody's eyes, in which order they come next, and how sure their places are."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, false
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db


class IdeaExposure(db.Model):
    """How often an idea was seen. A sum and nothing else: neither who saw it nor on which device, nor when."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    seen: Mapped[int] = mapped_column(BigInteger, default=0)  # Was on a screen, as browsers tell.
    served: Mapped[int] = mapped_column(BigInteger, default=0)  # Stood on a page that was read without scripts.
    votes_before: Mapped[int] = mapped_column(default=0)  # That it had when counting began: no view goes with them.


class Drawing(db.Model):
    """The orders of a campaign's ideas that were drawn in one moment. Whoever began to read along one goes on along it."""

    __table_args__ = (Index("ix_drawing_campaign_id", "campaign_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    lanes: Mapped[int]
    # What it was drawn from: while none of it moves, another drawing would say nothing new.
    ideas: Mapped[int]
    views: Mapped[int] = mapped_column(BigInteger)
    blind: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # Whatever votes there were: they were sealed.


class DrawingLane(db.Model):
    """One order of a drawing. Visitors are spread over its lanes, so that many at once don't all see the same ideas first."""

    drawing_id: Mapped[int] = mapped_column(ForeignKey("drawing.id", ondelete="CASCADE"), primary_key=True)
    lane: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    places: Mapped[bytes] = mapped_column(
        LargeBinary
    )  # Ids of ideas, four bytes each, so that a page is read as a slice.


class Standing(db.Model):
    """Between which places an idea with so many votes may really stand. Counted by the worker whenever votes have moved."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    people: Mapped[int]  # Who voted.
    votes: Mapped[int]
    moved: Mapped[int] = mapped_column(
        BigInteger, default=0, server_default="0"
    )  # Sum of votes times idea: a vote that goes elsewhere moves it.
    places: Mapped[dict[str, list[int]]] = mapped_column(JSON)  # {votes of an idea: [first place, last place]}
