"""How somebody wants a campaign to be: what a form, an import or the demo hands to the actions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from campaign.campaigns.rules import Terms
from campaign.images import Image

# The numbers that participants are told before they write.
LIMITS = ("title_min", "title_max", "text_min", "text_max", "images_max", "ideas_each")
# What ends the changes to an idea.
EDIT_ENDS = ("edit_hours", "edit_votes", "edits_until_answer")
ABOUT_IDEAS = (*EDIT_ENDS, "asks_origin")
IMAGES_MOST = 8  # Pictures of one idea that a campaign can allow.
DATES = ("ends_at", "answers_by", "private_until")
WORDS = ("title", "lead", "brief", "gift", "template", "scale")


@dataclass(frozen=True)
class Words:
    """A campaign's texts in one language."""

    title: str
    lead: str = ""
    brief: str = ""
    gift: str = ""
    template: str = ""
    scale: str = ""


@dataclass(frozen=True)
class WantedCategory:
    """A category by its names. With the id of an existing one: that one, renamed; without names: taken away."""

    names: dict[str, str]
    id: int | None = None


@dataclass(frozen=True)
class WantedTag:
    """A tag by its name. With the id of an existing one: that one, changed; without a name: taken away."""

    name: str
    staff_only: bool = False
    id: int | None = None


@dataclass(frozen=True)
class WantedStage:
    """A stage by its kind, its beginning and what it opens.

    With the id of an existing one: that one, changed; without a kind: taken away.
    """

    kind: str
    opens_at: datetime
    names: dict[str, str] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    id: int | None = None
    method: str | None = None  # None: as it is, and in a new stage by support.
    method_settings: dict[str, Any] = field(default_factory=dict)
    shows_counts: str = "always"


@dataclass(frozen=True)
class WantedQuestion:
    """A question by its kind and its words. With the id of an existing one: that one, changed; without a kind: taken away."""

    CONTENT: ClassVar[tuple[str, ...]] = ("kind", "names", "choices", "top", "low", "high", "required", "private")

    kind: str
    names: dict[str, str] = field(default_factory=dict)
    choices: list[dict[str, str]] = field(default_factory=list)
    top: int = 5
    low: dict[str, str] = field(default_factory=dict)
    high: dict[str, str] = field(default_factory=dict)
    required: bool = False
    private: bool = False
    id: int | None = None

    @property
    def content(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.CONTENT}


@dataclass(frozen=True)
class Setup:
    """A campaign as it should be. Stages, categories, tags and questions that it doesn't mention stay as they are."""

    texts: dict[str, Words]
    stages: list[WantedStage]
    ends_at: datetime | None = None
    answers_by: datetime | None = None
    private_until: datetime | None = None
    licence: str = "own"
    takes_guests: bool = False
    exposure: str | None = None  # None: as it is, and in a new campaign shuffled.
    slug: str = ""  # Empty: made from the title.
    visibility: str = "public"
    cover: Image | None = None
    cover_alt: str = ""
    title_min: int = 10
    title_max: int = 120
    text_min: int = 0
    text_max: int = 5000
    images_max: int = 4
    ideas_each: int = 0
    edit_hours: int | None = None
    edit_votes: int | None = None
    edits_until_answer: bool = False
    asks_origin: bool = False
    categories: list[WantedCategory] = field(default_factory=list)  # In their order.
    tags: list[WantedTag] = field(default_factory=list)
    rules: Terms | None = None  # None: as they are.
    questions: list[WantedQuestion] = field(default_factory=list)  # In their order.
    more: dict[str, Any] = field(default_factory=dict)  # What a draft begins with of other slices: see carrying.py.
    forget_replies: bool = False  # Whether a question may be taken away with what people answered.
