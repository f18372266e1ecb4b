"""What somebody gave away from the screen, on paper, by phone or in a room, and who of the team wrote it down."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.recorded import HOWS


class PaperVoter(db.Model):
    """One paper of a campaign, by the number on it: it votes like one person, and stands for nobody's account."""

    __table_args__ = (UniqueConstraint("campaign_id", "reference"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    reference: Mapped[str] = mapped_column(String(40))


class PaperVote(db.Model):
    """A vote that somebody of the team recorded from a paper: which, for which idea, how it came, and who did it."""

    __table_args__ = (
        CheckConstraint(f"how IN {tuple(HOWS)}", name="how"),
        UniqueConstraint("idea_id", "voter_id"),
        Index("ix_paper_vote_voter_id", "voter_id"),
        Index("ix_paper_vote_by_id", "by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    voter_id: Mapped[int] = mapped_column(ForeignKey("paper_voter.person_id"))
    voter: Mapped[PaperVoter] = relationship(lazy="joined", innerjoin=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    how: Mapped[str] = mapped_column(String(8))
    event: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    removal: Mapped["PaperVoteRemoval | None"] = relationship(lazy="joined", cascade="all, delete-orphan")


class PaperVoteRemoval(db.Model):
    """A recorded vote was taken back by the team, and why."""

    vote_id: Mapped[int] = mapped_column(ForeignKey("paper_vote.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    why: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
