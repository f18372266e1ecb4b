"""The ballot logs: for each campaign a tree of hashes, kept in tiles, and the last checkpoint that was signed."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.campaigns.models import Campaign
from campaign.database import UTCDateTime
from campaign.extensions import db


class BallotLog(db.Model):
    """The log of one campaign, as far as it was signed."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    campaign: Mapped[Campaign] = relationship()
    origin: Mapped[str] = mapped_column(String(300), unique=True)  # Its name to others; stays, whatever moves.
    size: Mapped[int] = mapped_column(BigInteger)
    checkpoint: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When a fact last said how far it was: see witnessing.py.
    witnessed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    damaged_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # Since when it stands still: see appending.py: go_on.
    # As everybody saw it when totals were last shown. While they are sealed it is shown no further: its length would tell how many vote.
    shown_size: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    shown_checkpoint: Mapped[str] = mapped_column(Text, default="", server_default="")
    shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BallotTile(db.Model):
    """Up to 256 hashes in a row of one log: of its leaves (level 0), or of complete tiles of the level below."""

    __table_args__ = (Index("ix_ballot_tile_first_entry", "campaign_id", "first_entry"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_entry: Mapped[int | None] = mapped_column(BigInteger)  # Of a tile of leaves.
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    # Which entry of the book each leaf stands for, and for which idea, so that one that is gone can be named.
    entries: Mapped[bytes | None] = mapped_column(LargeBinary)


class BookReading(db.Model):
    """How far the logs have read the book of ballots: one row. Whoever appends to a log holds it."""

    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[int] = mapped_column(BigInteger)  # The number of the last entry that was read.
    unmarked_until: Mapped[int] = mapped_column(BigInteger)  # The last that was written before entries had marks.
    begun: Mapped[str | None] = mapped_column(String(32))  # What the key says of that: see beginning.py.
    key_name: Mapped[str | None] = mapped_column(String(16))  # Which key the logs were begun with.


class BallotFile(db.Model):
    """That somebody asked for the file of a campaign's ballots, and how far a worker is with it."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: it was written.
    beat_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # When whoever writes it last said so.
    lines: Mapped[int] = mapped_column(BigInteger, default=0)  # So far.
