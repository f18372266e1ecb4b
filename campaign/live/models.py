"""What the engine remembers: each board's number, and its recent changes."""

from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.extensions import db


class BoardSequence(db.Model):
    """The number of the last change of one board. Changes are numbered 1, 2, 3… without a gap."""

    __tablename__ = "board_sequence"

    board: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    # Of these, the last that was more than votes moving: whatever is counted of anything else is true until it grows.
    beyond_votes: Mapped[int] = mapped_column(BigInteger, default=0)
    # How many of these nobody may count who doesn't hear of them: so many less is the number that clients are told.
    hidden: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class Change(db.Model):
    """One numbered change of a board, kept for a while so that whoever was away can catch up."""

    __tablename__ = "board_change"

    board: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    news: Mapped[dict[str, Any]] = mapped_column(JSON)
    hidden: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")  # Of the board, with this one.
