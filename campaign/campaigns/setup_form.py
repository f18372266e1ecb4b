"""The form in which a brand says how a campaign should be: what it accepts becomes a `Setup`."""

import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, FormField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from campaign.campaigns.access import is_taken, tags_named_by_team
from campaign.campaigns.actions import SettingsMeanwhile, SlugTaken
from campaign.campaigns.fields import LimitField, MomentField, WholeField, WholeOrNoneField, zone
from campaign.campaigns.kinds import ASKING
from campaign.campaigns.licences import LICENCES
from campaign.campaigns.models import Campaign
from campaign.campaigns.plans import PLANS, Plan
from campaign.campaigns.question_rows import (
    QUESTIONS_MAX,
    QuestionRow,
    check_questions,
    shown_questions,
    wanted_questions,
)
from campaign.campaigns.questions import questions_of
from campaign.campaigns.rows import (
    CATEGORIES_MAX,
    TAGS_MAX,
    CategoryRow,
    Rows,
    TagRow,
    about_the_whole,
    add_rows,
    each_name_once,
    shown_categories,
    shown_tags,
    wanted_categories,
    wanted_tags,
    with_rows,
)
from campaign.campaigns.rules import WORDS as RULES_WORDS
from campaign.campaigns.rules_fields import LABELS as RULES_LABELS
from campaign.campaigns.rules_fields import RulesFields, shown_rules, shown_terms
from campaign.campaigns.setup import ABOUT_IDEAS, DATES, EDIT_ENDS, IMAGES_MOST, LIMITS, WORDS, Setup, Words
from campaign.campaigns.stage_rows import (
    STAGES_MAX,
    StageRow,
    check_stages,
    shown_stages,
    told_of_stages,
    wanted_stages,
)
from campaign.campaigns.staging import EndsTooSoon, NoStage, same_moment
from campaign.campaigns.tracing import stamp_of
from campaign.clock import now
from campaign.errors import Refused
from campaign.forms import at_most
from campaign.images import ALT_MAX, Image
from campaign.languages import LANGUAGES, name_of, own_first
from campaign.text import slugify, squeeze, tidy


class CampaignForm(RulesFields):
    """Everything that a brand decides about a campaign. The fields of each language are added below."""

    key = HiddenField()
    read = HiddenField()  # Which state of the settings they had before them.
    slug = StringField(_l("Address of the page"), filters=[squeeze])

    stages = Rows(FormField(StageRow), _l("Stages"), max_entries=STAGES_MAX)
    ends_at = MomentField(_l("The campaign ends"), validators=[Optional()])
    answers_by = MomentField(_l("Answers by"), validators=[Optional()])

    visibility = RadioField(
        _l("Who sees it"),
        choices=[
            SelectChoice("public", _l("Everybody. It is listed on the front page and on your brand’s page.")),
            SelectChoice(
                "unlisted",
                _l("Whoever has the link. It is listed nowhere, and search engines are asked to stay out."),
            ),
            SelectChoice(
                "invited", _l("The people whom you invite by mail, and your team. Others find nothing at its address.")
            ),
            SelectChoice("members", _l("Your team only. Others find nothing at its address.")),
        ],
        default="public",
        invalid_choice_message=_l("Choose who sees it."),
    )

    takes_guests = BooleanField(_l("People without an account can suggest ideas"))

    licence = RadioField(
        _l("Whose idea it is"),
        choices=[SelectChoice(key, licence.name) for key, licence in LICENCES.items()],
        default="own",
        invalid_choice_message=_l("Choose a licence."),
    )

    cover = FileField(_l("Cover picture"))
    cover_key = HiddenField()  # A picture that came with an earlier attempt, so that nobody chooses it twice.
    cover_alt = StringField(_l("What the picture shows"), filters=[squeeze], validators=[at_most(ALT_MAX)])
    cover_removed = BooleanField(_l("Take the picture away"))

    title_min = WholeField(_l("Title, at least"), 1, 100, default=10)
    title_max = WholeField(_l("Title, at most"), 20, 200, default=120)
    text_min = WholeField(_l("Text, at least"), 0, 2000, default=0)
    text_max = WholeField(_l("Text, at most"), 100, 20_000, default=5000)
    images_max = WholeField(_l("Pictures, at most"), 0, IMAGES_MOST, default=4)

    edit_hours = WholeOrNoneField(_l("This long after it came in"), 1, 24 * 365)
    edit_votes = WholeOrNoneField(_l("As soon as it has"), 1, 1_000_000)
    edits_until_answer = BooleanField(_l("As soon as you have answered it"))
    asks_origin = BooleanField(_l("Ask “Is this yours?” before somebody’s first idea"), default=True)

    categories = Rows(FormField(CategoryRow), _l("Categories"), max_entries=CATEGORIES_MAX)
    tags = Rows(FormField(TagRow), _l("Tags"), max_entries=TAGS_MAX)

    questions = Rows(FormField(QuestionRow), _l("Questions"), max_entries=QUESTIONS_MAX)
    forget_replies = BooleanField(
        _l("Take questions away together with what people answered. Earlier versions of their ideas still tell it.")
    )
    private_until = MomentField(_l("Private answers are deleted on"), validators=[Optional()])
    ideas_each = LimitField(_l("Ideas of one person, at most"), 1000)

    why = StringField(_l("Why you change it"), filters=[squeeze], validators=[at_most(500)])

    def __init__(self, campaign: Campaign | None = None, plan: Plan = PLANS[0], **kwargs: Any) -> None:
        self.campaign = campaign
        self.plan = None if campaign else plan
        self.languages = own_first()
        super().__init__(**kwargs, **(_shown(campaign) if campaign else _planned(plan)))
        self.key.data = self.key.data or secrets.token_urlsafe(16)
        if campaign and not campaign.is_draft:
            del self.slug
        else:
            del self.why

    @property
    def stamp(self) -> int | None:
        """The state of the settings that the page showed."""
        read = self.read.data or ""
        return int(read) if read.isdecimal() and len(read) < 12 else None

    def refuse(self, error: Refused) -> None:
        super().refuse(error)
        if isinstance(error, SettingsMeanwhile):
            self.read.data = str(error.stamp)  # Sent again, it is meant.

    @property
    def errors(self) -> dict[str | None, Any]:
        """What is wrong, in the order of the page."""
        found = with_rows(super().errors, self.stages, self.categories, self.tags, self.questions)
        places = {name: place for place, name in enumerate(self._order())}
        return {name: found[name] for name in sorted(found, key=lambda name: places.get(name, len(places)))}

    def _order(self) -> Iterator[str | None]:
        """As the page asks: a language at a time, and so on down to the reason."""
        yield None
        for code in self.languages:
            yield from (f"{kind}_{code}" for kind in ("title", "lead", "gift", "brief"))
        yield from (
            "stages",
            "ends_at",
            "answers_by",
            "visibility",
            "takes_guests",
            "slug",
            "licence",
            *self.rules_order(),
            "cover",
            "cover_alt",
            *LIMITS,
            *ABOUT_IDEAS,
            "categories",
            "tags",
            *(f"template_{code}" for code in self.languages),
            "questions",
            "forget_replies",
            "private_until",
            *(f"scale_{code}" for code in self.languages),
            "why",
        )

    def name_in_summary(self, name: str) -> str:
        kind, _underscore, code = name.rpartition("_")
        if code in LANGUAGES:
            return _("%(field)s (%(language)s)", field=LABELS[kind], language=name_of(code))
        return super().name_in_summary(name)

    def told_of(self, name: str) -> list[tuple[str | None, str, Any]]:
        if name != "stages":
            return super().told_of(name)
        whole = [(self.stages.id, self.name_in_summary(name), sentence) for sentence in about_the_whole(self.stages)]
        return [*whole, *told_of_stages(self.stages)]

    whole = staticmethod(about_the_whole)

    @property
    def concerns_ideas(self) -> bool:
        """Whether the part about ideas has something to say, or was just being filled in."""
        parts = (*LIMITS, "categories", "tags")
        return any(name in self.errors for name in parts) or request.form.get("then") == "more"

    @property
    def concerns_edits(self) -> bool:
        """Whether the part about what ends the changes says something."""
        return any(self[name].data or name in self.errors for name in EDIT_ENDS)

    def more_rows(self) -> None:
        add_rows(self.categories)
        add_rows(self.tags)

    def one_more_stage(self) -> None:
        if len(self.stages) < STAGES_MAX:
            self.stages.append_entry()

    @property
    def concerns_questions(self) -> bool:
        """Whether the part about questions has something to say, or was just being filled in."""
        parts = ("questions", "forget_replies", "private_until", *(f"template_{code}" for code in self.languages))
        return any(name in self.errors for name in parts) or request.form.get("then") == "question"

    @property
    def concerns_feedback(self) -> bool:
        """Whether the part about feedback says something."""
        return any(self[f"scale_{code}"].data or self[f"scale_{code}"].errors for code in self.languages)

    def one_more_question(self) -> None:
        if len(self.questions) < QUESTIONS_MAX:
            self.questions.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        # Each check adds its own sentence, and all of them are shown at once.
        sound = super().validate(extra_validators)
        for check in (
            self._check_languages,
            self._check_stages,
            self._check_limits,
            self._check_cover,
            self._check_rows,
            self.check_rules,
            self._check_questions,
        ):
            sound = check() and sound
        # Said with what else is wrong. With all sound it may be this form sent a second time, and draft_campaign decides.
        if not sound and self.slug and self.slug.data and is_taken(self.slug.data.lower(), besides=self.campaign):
            _refuse(self.slug, SlugTaken.message)
        return sound

    def validate_slug(self, field: wtforms.Field) -> None:
        given = field.data.lower()
        if given and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", given):
            if better := slugify(given[:200]):
                raise ValidationError(
                    _(
                        "Only letters without accents, digits and hyphens. “%(better)s” would do.",
                        better=better,
                    )
                )
            raise ValidationError(_("Only letters without accents, digits and hyphens."))
        if len(given) > 60:
            raise ValidationError(_("60 characters at most."))

    def _check_languages(self) -> bool:
        written = {
            code for code in self.languages if any(self[f"{kind}_{code}"].data for kind in (*WORDS, *RULES_WORDS))
        }
        if not written:
            return _refuse(self[f"title_{self.languages[0]}"], _("Give it a title, in one language at least."))
        untitled = [code for code in written if not self[f"title_{code}"].data]
        for code in untitled:
            _refuse(
                self[f"title_{code}"],
                _("Give it a title in this language too, or leave all its fields empty."),
            )
        return not untitled

    def _check_stages(self) -> bool:
        if not check_stages(self.stages):
            return False
        begins = [stage.opens_at for stage in wanted_stages(self.stages) if stage.kind]
        if not begins:
            return _refuse(self.stages, NoStage.message)
        if self.ends_at.data and self.ends_at.data <= max(begins):
            return _refuse(self.ends_at, EndsTooSoon.message)
        asking = [stage for stage in wanted_stages(self.stages) if stage.kind and stage.switches & set(ASKING)]
        last = max((stage.opens_at for stage in asking), default=min(begins))
        after = min((begin for begin in begins if begin > last), default=last)
        if self.answers_by.data and self.answers_by.data < after:
            return _refuse(self.answers_by, _("Your answers come after people have given theirs. Choose a later date."))
        return True

    def _check_limits(self) -> bool:
        for least, most in ((self.title_min, self.title_max), (self.text_min, self.text_max)):
            if least.data is not None and most.data is not None and least.data > most.data:
                return _refuse(most, _("This is less than the least. Nobody could write anything."))
        return True

    def _check_cover(self) -> bool:
        covered = (
            self.cover.data
            or self.cover_key.data
            or (self.campaign and self.campaign.cover and not self.cover_removed.data)
        )
        if covered and not self.cover_alt.data:
            return _refuse(self.cover_alt, _("Say in a few words what the picture shows, for those who can’t see it."))
        return True

    def _check_rows(self) -> bool:
        return all([each_name_once(self.categories), each_name_once(self.tags)])

    def _check_questions(self) -> bool:
        sound = check_questions(self.questions)
        until, before = self.private_until, self.campaign.private_until if self.campaign else None
        private = any(question.private and question.kind for question in wanted_questions(self.questions))
        if private and not until.data and not until.errors:
            return _refuse(until, _("Say when private answers are deleted. Whoever gives one is told."))
        if until.data and until.data <= now() and not same_moment(until.data, before):
            return _refuse(until, _("Choose a moment to come."))
        needed = any(question.required and question.kind for question in wanted_questions(self.questions))
        if needed and self.takes_guests.data:
            _refuse(
                self.takes_guests,
                _(
                    "They are not asked your questions, and one of these must be answered. Let it be left open, or ask for an account."
                ),
            )
            return False
        return sound

    def setup(self, cover: Image | None = None) -> Setup:
        """What was asked, for the actions. The address is made from the title in the language of who asks, where there is one."""
        written = [code for code in self.languages if self[f"title_{code}"].data]
        return Setup(
            slug=self.slug.data.lower() if self.slug else "",
            texts={code: Words(**{kind: self[f"{kind}_{code}"].data for kind in WORDS}) for code in written},
            visibility=self.visibility.data,
            licence=self.licence.data,
            takes_guests=self.takes_guests.data,
            exposure=self.plan.exposure if self.plan else None,  # It has a page of its own.
            rules=self.terms(),
            cover=cover,
            cover_alt=self.cover_alt.data,
            categories=wanted_categories(self.categories),
            tags=wanted_tags(self.tags),
            stages=wanted_stages(self.stages),
            questions=wanted_questions(self.questions),
            forget_replies=self.forget_replies.data,
            **{name: self[name].data for name in (*DATES, *LIMITS, *ABOUT_IDEAS)},
        )


LENGTHS = {"title": 120, "lead": 300, "brief": 20_000, "gift": 2000, "template": 2000, "scale": 120}
LABELS = {
    "title": _l("Title"),
    "lead": _l("In one sentence"),
    "brief": _l("Brief"),
    "gift": _l("What you give"),
    "template": _l("What the text begins with"),
    "scale": _l("What the scale asks"),
} | RULES_LABELS

for _code in LANGUAGES:
    for _kind in WORDS:
        _class, _filter = (StringField, squeeze) if _kind in ("title", "lead", "scale") else (TextAreaField, tidy)
        setattr(
            CampaignForm,
            f"{_kind}_{_code}",
            _class(LABELS[_kind], filters=[_filter], validators=[at_most(LENGTHS[_kind])]),
        )


def _shown(campaign: Campaign) -> dict[str, Any]:
    """What the fields show before anybody typed."""
    shown: dict[str, Any] = {
        name: getattr(campaign, name)
        for name in ("slug", "visibility", "takes_guests", "licence", *DATES, *LIMITS, *ABOUT_IDEAS)
    }
    for code, text in campaign.texts.items():
        shown |= {f"{kind}_{code}": getattr(text, kind) for kind in WORDS}
    shown |= shown_rules(campaign)
    shown["read"] = str(stamp_of(campaign))
    shown["cover_alt"] = campaign.cover.alt if campaign.cover else ""
    shown["stages"] = shown_stages(campaign.stages)
    shown["questions"] = shown_questions(questions_of(campaign))
    shown["categories"] = shown_categories(campaign.categories)
    shown["tags"] = shown_tags(tags_named_by_team(campaign)[:TAGS_MAX])
    return shown


def _planned(plan: Plan) -> dict[str, Any]:
    """The same for a campaign that is to be: it begins in a week, in the morning."""
    morning = now().astimezone(zone()).replace(hour=9, minute=0, second=0, microsecond=0)
    begin = morning + timedelta(weeks=1)
    stages, ends_at = plan.dated(begin)
    answers_by = stages[-1].opens_at + timedelta(weeks=2) if stages[-1].kind == "outcome" else None
    if plan.answers_after is not None:
        answers_by = begin + plan.answers_after
    return {
        "stages": shown_stages(stages),
        "ends_at": ends_at,
        "answers_by": answers_by,
        "private_until": begin + plan.private_for if plan.private_for is not None else None,
        "licence": plan.licence,
        "visibility": plan.visibility,
        "takes_guests": plan.takes_guests,
        "questions": shown_questions(plan.questions),
        **{f"{kind}_{code}": text for code, words in plan.words.items() for kind, text in words.items()},
        **shown_terms(plan.terms),
        "categories": [{f"name_{code}": name for code, name in names.items()} for names in plan.categories],
        "tags": [{"name": tag.name, "staff_only": tag.staff_only} for tag in plan.tags],
        **plan.limits,
    }


def _refuse(field: wtforms.Field, sentence: str) -> bool:
    if not field.errors:  # The first sentence about a field is enough.
        field.errors = [sentence]
    return False
