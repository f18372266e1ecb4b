"""Campaigns, in the brand's languages, with their dates and their limits."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.kinds import ASKING, KINDS, SWITCHES
from campaign.campaigns.licences import LICENCES
from campaign.campaigns.sealing import SHOWN
from campaign.campaigns.voting import METHODS, SETTINGS, Method, settings_of
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.images import Image
from campaign.languages import LANGUAGES, language, number

if TYPE_CHECKING:
    from campaign.ladder.models import LadderClock

BOARD = "campaign-"
BEHIND_A_DOOR = ("members", "invited")  # Not everybody sees what is for these.
KEPT_PRIVATE = timedelta(days=30)  # After a campaign that names no date for private answers.


def board_of(campaign_id: int) -> str:
    """The name of a campaign's board in the live engine."""
    return f"{BOARD}{campaign_id}"


def campaign_id_of(board: str) -> int:
    """Whose board this is."""
    return int(board.removeprefix(BOARD))


class Campaign(db.Model):
    """What a brand asks of people, when, and under which limits."""

    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'unlisted', 'members', 'invited')", name="visibility"),
        CheckConstraint(f"licence IN {tuple(LICENCES)}", name="licence"),
        CheckConstraint("exposure IN ('shuffled', 'guaranteed')", name="exposure"),
        UniqueConstraint("brand_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    brand: Mapped[Brand] = relationship(lazy="joined", innerjoin=True)
    key: Mapped[str | None] = mapped_column(String(64))  # From the sender's form: sent twice, it is one draft.
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("image.id"))
    cover: Mapped[Image | None] = relationship(lazy="joined")

    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # Of its last stage; None: it stays open.
    answers_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    private_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # Private answers are deleted then.

    licence: Mapped[str] = mapped_column(String(8), default="own")  # Of ideas to come; each keeps that it came under.
    takes_guests: Mapped[bool] = mapped_column(
        default=False
    )  # Ideas of people without an account: see ideas/guests.py.
    exposure: Mapped[str] = mapped_column(String(10), default="shuffled")  # The order in which people meet ideas.
    title_min: Mapped[int] = mapped_column(default=10)
    title_max: Mapped[int] = mapped_column(default=120)
    text_min: Mapped[int] = mapped_column(default=0)
    text_max: Mapped[int] = mapped_column(default=5000)
    images_max: Mapped[int] = mapped_column(default=4)
    ideas_each: Mapped[int] = mapped_column(default=0)  # At most, of one person; 0: as many as they like.
    asks_origin: Mapped[bool] = mapped_column(
        default=False
    )  # Whose an idea is; where rules are stated, it always does.

    # What ends the changes to an idea, besides its stage: see ideas/edit_ends.py.
    edit_hours: Mapped[int | None]
    edit_votes: Mapped[int | None]
    edits_until_answer: Mapped[bool] = mapped_column(default=False)

    # With how many supporters an idea qualifies for review: see statuses/qualifying.py.
    qualifies_at: Mapped[int | None]

    # The steps that keep an idea on the board, as [supporters, days] each; None: it has no ladder. See ladder/.
    ladder: Mapped[list[list[int]] | None] = mapped_column(JSON(none_as_null=True))
    ladder_clock: Mapped["LadderClock | None"] = relationship(viewonly=True)
    # Whether who votes is listed by name: see naming.py.
    names_voters: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_named_voters: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # Now, or by an earlier version.
    # What people verify before which act, as the version that stands says it: {act: {kind: age or none}}. See verifications/.
    asks_first: Mapped[dict[str, dict[str, int | None]]] = mapped_column(
        JSON, default=dict, server_default=text("'{}'")
    )
    paper_since: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # It takes contributions on paper: see represented/.

    # Within how many days the brand answers, as [since when (microseconds since 1970), days] each; None: the usual ten. See answers/clock.py.
    answer_days: Mapped[list[list[int]] | None] = mapped_column(JSON(none_as_null=True))

    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    texts: Mapped[dict[str, "CampaignText"]] = relationship(
        collection_class=attribute_keyed_dict("language"), cascade="all, delete-orphan", lazy="selectin"
    )
    categories: Mapped[list["Category"]] = relationship(
        order_by="Category.position", cascade="all, delete-orphan", back_populates="campaign"
    )
    tags: Mapped[list["Tag"]] = relationship(order_by="Tag.name", cascade="all, delete-orphan")
    stages: Mapped[list["Stage"]] = relationship(
        order_by="Stage.opens_at", cascade="all, delete-orphan", back_populates="campaign"
    )
    publication: Mapped["Publication | None"] = relationship(lazy="joined", cascade="all, delete-orphan")
    closing: Mapped["Closing | None"] = relationship(lazy="joined", cascade="all, delete-orphan")

    if TYPE_CHECKING:  # Whether there is something to lead to: see outcomes/roadmap.py.
        has_roadmap: Any
        has_outcome: Any

    # Where it is found.

    @property
    def url(self) -> str:
        return f"/campaigns/{self.slug}"

    @property
    def board(self) -> str:
        """The name of its board in the live engine."""
        return board_of(self.id)

    # What it says.

    @property
    def languages(self) -> list[str]:
        return [code for code in LANGUAGES if code in self.texts]

    @property
    def text(self) -> "CampaignText":
        """The texts in the reader's language, or in the campaign's first."""
        return self.texts.get(language()) or self.texts[self.languages[0]]

    @property
    def title(self) -> str:
        return self.text.title

    # How far it is.

    counts = cast("Any", None)  # Its totals (.ideas, .votes, .comments), once a list of campaigns has counted them.

    @property
    def timeline(self) -> list[Any]:
        """What the rail under its title tells: see campaigns/timeline.py."""
        from campaign.campaigns.timeline import timeline

        return timeline(self, self.counts.ideas if self.counts else None)

    @property
    def missing(self) -> list[Any]:
        """What a draft still lacks before it can be published: see campaigns/readiness.py."""
        from campaign.campaigns.readiness import missing

        return missing(self)

    @property
    def unready(self) -> list[Any]:
        """The coming stages that would not open as they are, and why: see campaigns/readiness.py."""
        from campaign.campaigns.readiness import unready

        return unready(self)

    @property
    def is_listed(self) -> bool:
        """Whether others than its team and those with the link may come across it, search engines included."""
        return not self.is_draft and self.visibility == "public"

    # What can be done now. Server time decides.

    @property
    def is_draft(self) -> bool:
        return self.publication is None

    @property
    def is_open_to_all(self) -> bool:
        """Whether everybody may see it who has the link."""
        return not self.is_draft and self.visibility not in BEHIND_A_DOOR

    @property
    def is_for_invited(self) -> bool:
        """Whether those whom it invites may see it now: see audience.py."""
        return not self.is_draft and self.visibility == "invited"

    @property
    def is_closed(self) -> bool:
        return self.closing is not None

    @property
    def opens_at(self) -> datetime:
        """When its first stage begins."""
        return min(stage.opens_at for stage in self.stages)

    @property
    def stage(self) -> "Stage | None":
        """The stage that the calendar has come to. None before the first."""
        begun = [stage for stage in self.stages if stage.opens_at <= now()]
        return max(begun, key=lambda stage: stage.opens_at, default=None)

    @property
    def present(self) -> "Stage | None":
        """The stage that people are in: none in a draft, whatever its dates; the last in a campaign that was closed."""
        if self.is_draft:
            return None
        return self.stages[-1] if self.is_closed else self.stage

    @property
    def has_ended(self) -> bool:
        """Whether its last date has passed."""
        return not self.is_draft and self.ends_at is not None and self.ends_at <= now()

    @property
    def forgets_at(self) -> datetime | None:
        """When what people gave in private is deleted: on the date that was told, or a month after the campaign. None: not known yet."""
        if self.private_until is not None:
            return self.private_until
        over: list[datetime] = [at for at in (self.closing.at if self.closing else None, self.ends_at) if at]
        return min(over) + KEPT_PRIVATE if over else None

    @property
    def is_open(self) -> bool:
        """Published, begun, and not over: there is something to see and somebody listens."""
        return not self.is_draft and not self.is_closed and not self.has_ended and self.stage is not None

    @property
    def is_over(self) -> bool:
        """Whether nothing is asked of people any more, now or in a stage that is still to come."""
        asks = any(self.awaits(switch) for switch in ASKING)
        return not self.is_draft and (self.is_closed or self.has_ended or not asks)

    @property
    def turns(self) -> list[datetime]:
        """The moments, past and to come, at which what can be done with it changes."""
        return [*(stage.opens_at for stage in self.stages), *([self.ends_at] if self.ends_at else [])]

    @property
    def accepts_ideas(self) -> bool:
        return self._opens("accepts_ideas")

    @property
    def accepts_building(self) -> bool:
        """Whether ideas come in that are built on others: as all do, and in the workshop, where no others come in."""
        present = self.present
        return self.accepts_ideas or (self.accepts_edits and present is not None and present.kind == "development")

    @property
    def accepts_votes(self) -> bool:
        return self._opens("accepts_votes")

    @property
    def tells_together(self) -> bool:
        """Whether the file of the ballots will say which ideas were supported together: where support fills several places."""
        by_support = (stage for stage in self.stages if stage.accepts_votes and stage.method == "approval")
        return any(stage.counted_by["seats"] > 1 for stage in by_support)

    @property
    def accepts_support(self) -> bool:
        """Whether people vote by supporting single ideas now, and not by a ballot for all of them."""
        return self.accepts_votes and self.stage is not None and self.stage.method == "approval"

    @property
    def accepts_ballots(self) -> bool:
        """Whether people fill in a ballot now."""
        return self.accepts_votes and not self.accepts_support

    @property
    def voted_on(self) -> list["Stage"]:
        """The stages with a vote that have begun, the latest first. What somebody voted in keeps its result."""
        if self.is_draft:
            return []
        begun = [stage for stage in self.stages if stage.opens_at <= now() and not stage.held]
        return [stage for stage in reversed(begun) if stage.accepts_votes or stage.was_voted_in]

    @property
    def shows_support(self) -> bool:
        """Whether it says something here how many people support an idea: not where they vote by ballots, and never did otherwise."""
        voted_on = self.voted_on or [stage for stage in self.stages if stage.accepts_votes]
        return any(stage.method == "approval" for stage in voted_on)

    @property
    def supported_in(self) -> "Stage | None":
        """The stage in which people first supported an idea. Support goes from stage to stage, and counts by what froze there."""
        given = [stage for stage in self.stages if stage.method == "approval" and stage.was_voted_in]
        return min(given, key=lambda stage: (stage.first_ballot_at, stage.id), default=None)

    @property
    def accepts_comments(self) -> bool:
        return self._opens("accepts_comments")

    @property
    def accepts_edits(self) -> bool:
        """Whether authors may change what they suggested."""
        return self._opens("accepts_edits")

    @property
    def accepts_feedback(self) -> bool:
        """Whether people may say what they like and miss in an idea, by the campaign's questions."""
        return self._opens("accepts_feedback")

    def _opens(self, switch: str) -> bool:
        return self.is_open and self.stage is not None and not self.stage.held and bool(getattr(self.stage, switch))

    def awaits(self, switch: str) -> bool:
        """Whether the calendar's present stage, or one that is still to come, allows this."""
        return any(getattr(stage, switch) and not stage.has_passed for stage in self.stages)

    @property
    def holds(self) -> "Stage | None":
        """The stage that should have opened, and waits until it lacks nothing any more."""
        return self.stage if self.stage is not None and self.stage.is_held and not self.is_closed else None


class Stage(db.Model):
    """A stretch of a campaign, from its beginning to the next one's: so there is neither a gap between two nor an overlap."""

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
        CheckConstraint(f"shows_counts IN {tuple(SHOWN)}", name="shows_counts"),
        CheckConstraint(f"method IN {tuple(METHODS)}", name="method"),
        Index("ix_stage_campaign_id", "campaign_id", "opens_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship(back_populates="stages")
    kind: Mapped[str] = mapped_column(String(20))
    names: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict
    )  # {language: name}; as its kind is called, where there is none.
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    accepts_ideas: Mapped[bool] = mapped_column(default=False)
    accepts_votes: Mapped[bool] = mapped_column(default=False)
    accepts_comments: Mapped[bool] = mapped_column(default=True)
    accepts_edits: Mapped[bool] = mapped_column(default=False)
    accepts_feedback: Mapped[bool] = mapped_column(default=False)
    shows_counts: Mapped[str] = mapped_column(String(6), default="always")  # When people see totals: see sealing.py.
    method: Mapped[str] = mapped_column(String(12), default="approval")  # See voting.py.
    method_settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    first_ballot_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # From then on, how people vote stays.
    held: Mapped[bool] = mapped_column(
        default=False
    )  # It lacks something, so it doesn't open: see readiness.py. Or the campaign was closed throughout it.

    @property
    def rules(self) -> Method:
        """How people vote in it, in words."""
        return METHODS[self.method]

    @property
    def supported_before(self) -> "Stage | None":
        """Of a stage in which people support ideas: the earlier one whose support it counts with its own."""
        first = self.campaign.supported_in if self.method == "approval" else None
        return first if first is not None and first.opens_at < self.opens_at else None

    @property
    def counted_by(self) -> dict[str, Any]:
        """The numbers by which its votes are counted. How many ideas support chooses froze with the first of it, in whichever stage."""
        given, before = settings_of(self.method, self.method_settings), self.supported_before
        return given if before is None else given | {"seats": before.counted_by["seats"]}

    @property
    def name(self) -> str:
        """In the reader's language, or else as its kind is called."""
        return self.names.get(language()) or str(KINDS[self.kind].name)

    @property
    def ends_at(self) -> datetime | None:
        """When the next one begins, or the campaign ends. None where nothing comes after it."""
        later = [stage.opens_at for stage in self.campaign.stages if stage.opens_at > self.opens_at]
        return min(later, default=self.campaign.ends_at)

    @property
    def allows(self) -> list[str]:
        """What people can do in it, in words."""
        return [str(act) for switch, act in SWITCHES.items() if getattr(self, switch)]

    @property
    def voted_by(self) -> list[str]:
        """How people vote in it, for whoever reads of it before: the way, and its numbers. Nothing where they don't vote."""
        if not self.accepts_votes:
            return []
        given = self.counted_by
        told = [(SETTINGS[name].label, number(given[name])) for name in self.rules.settings if given.get(name)]
        return [
            _("%(field)s: %(sentence)s", field=self.rules.name, sentence=self.rules.about),
            *(_("%(field)s: %(sentence)s", field=label, sentence=value) for label, value in told),
        ]

    @property
    def state(self) -> str:
        """Where it stands beside the one that people are in: past, now, later."""
        present = self.campaign.present
        if present is None or self.opens_at > present.opens_at:
            return "later"
        return "now" if self is present else "past"

    @property
    def has_passed(self) -> bool:
        end = self.ends_at
        return end is not None and end <= now()

    @property
    def is_over(self) -> bool:
        """Whether nobody does anything in it any more: the next one has begun, or the campaign has ended or was closed."""
        return self.has_passed or self.campaign.is_closed

    @property
    def was_voted_in(self) -> bool:
        """Whether somebody has voted in it."""
        return self.first_ballot_at is not None

    @property
    def is_held(self) -> bool:
        """Whether its hour came and found it half configured, or the campaign closed until it was over."""
        return self.held and self.opens_at <= now() and not self.campaign.is_draft

    @property
    def is_coming(self) -> bool:
        """Whether it can still open: its hour is to come, or found it half configured."""
        return not self.has_passed and (self.held or self.opens_at > now())


class CampaignText(db.Model):
    """A campaign's words in one language."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    lead: Mapped[str] = mapped_column(String(300), default="")
    brief: Mapped[str] = mapped_column(Text, default="")
    gift: Mapped[str] = mapped_column(Text, default="")
    template: Mapped[str] = mapped_column(Text, default="")  # What the text of an idea begins with.
    scale: Mapped[str] = mapped_column(
        String(120), default=""
    )  # What feedback is marked by, from 1 to 5; empty: no marks.


class Publication(db.Model):
    """The moment a draft became public, and whose act it was."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    told_until: Mapped[datetime] = mapped_column(UTCDateTime, default=now)  # Which dates passed since: see turning.py.


class Closing(db.Model):
    """The moment a brand closed its campaign. Deleting the row opens it again, within its dates."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    reason: Mapped[str] = mapped_column(String(500), default="")


class SavedPlan(db.Model):
    """A plan that a brand made of one of its campaigns: see plans.py for what is in it."""

    __table_args__ = (UniqueConstraint("brand_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"))
    brand: Mapped[Brand] = relationship()
    key: Mapped[str] = mapped_column(String(64))  # From the sender's form: sent twice, it is one plan.
    name: Mapped[str] = mapped_column(String(60))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # What save_plan wrote: see planning.py.


class Category(db.Model):
    """One of the drawers into which every idea of a campaign goes."""

    __table_args__ = (UniqueConstraint("campaign_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship(back_populates="categories")
    slug: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, Any]] = mapped_column(JSON)  # {language: name}

    @property
    def name(self) -> str:
        return self.names.get(language()) or next(iter(self.names.values()), _("No name"))


class Tag(db.Model):
    """A word that ideas of a campaign share. Some are given by the brand's team only."""

    __table_args__ = (UniqueConstraint("campaign_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(40))
    staff_only: Mapped[bool] = mapped_column(default=False)
    offered: Mapped[bool] = mapped_column(default=False)  # Named by the team, for people to choose.
