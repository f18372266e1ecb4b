"""A ballot as a browser sends it: fields by idea. What can't be read stays as it was typed, with its sentence beside it."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired

from campaign.campaigns.fields import MomentField, WholeOrNoneField
from campaign.errors import Refused
from campaign.forms import Form, at_most
from campaign.methods.papers import (
    MARKED,
    UNDECIDED,
    BallotRefused,
    Frame,
    check_read,
    checked_marks,
    checked_ranking,
    checked_steps,
    ideas_in,
    marks_in,
    steps_in,
)
from campaign.methods.versions import Wanted
from campaign.text import squeeze, tidy

FIELD, READ = "idea-", "read-"  # What stands in an idea's fields, and which version of it stands beside them.


class BallotForm(Form):
    """The form around a ballot, with what stands in its fields by idea: what was typed, or else what was handed in before."""

    key = HiddenField()
    stage = HiddenField()
    named = HiddenField()  # "1": the page said that the voter's name will stand under what they vote for.

    def __init__(self, given: MultiDict[str, str], kept: Mapping[int, Any], **shown: Any) -> None:
        super().__init__(**shown)
        # The last value of a name: where a box isn't ticked, an empty field says so in its place.
        self.typed = {int(name[5:]): given.getlist(name)[-1].strip() for name in given if _names_idea(name)}
        # Where there are several scales, an idea has a field for each: they stand together as "0=2 1=4".
        self.typed |= {
            idea: " ".join(f"{scale}={text}" for scale, text in sorted(texts.items()) if text)
            for idea, texts in _by_scale(given).items()
        }
        # The version of each idea that stood on the page.
        self.read = {
            int(name.removeprefix(READ)): int(text)
            for name, text in given.items()
            if name.startswith(READ) and _is_number(name.removeprefix(READ)) and _is_number(text)
        }
        self.refused: dict[int, str] = {}
        self._kept = kept

    def value(self, idea: int) -> str:
        """What the field of an idea shows."""
        return self.typed.get(idea, str(self._kept.get(idea, "")))

    def step(self, idea: int, scale: int) -> str:
        """The step that is ticked for an idea on one of several scales."""
        return dict(_steps(self.value(idea))).get(scale, "")

    def place_of(self, idea: int) -> tuple[int, int]:
        """Where an idea stands in a ranking that is being typed; last, as long as that can't be read."""
        text = self.value(idea)
        return int(text) if _is_number(text) else 10**9, idea

    def refuse(self, error: Refused) -> None:
        if isinstance(error, BallotRefused) and error.idea is not None:
            self.refused[error.idea] = str(error.message)
        super().refuse(error)

    def content(self, before: str | None, frame: Frame) -> str:
        """The ballot that these fields make of the one before. Raises BallotRefused."""
        content = self._content(before, frame)
        check_read(self.read, ideas_in(frame.method, content), frame)
        return content

    def _content(self, before: str | None, frame: Frame) -> str:
        if frame.method == "scales":
            return self._on_scales(before, frame)
        numbers = {idea: _number(idea, text) for idea, text in self.typed.items()}
        if frame.method not in MARKED:
            return checked_ranking(_in_order(numbers), frame)
        # Ideas that the page didn't show keep their marks, unless they were taken back meanwhile.
        kept = {idea: mark for idea, mark in marks_in(before).items() if idea in frame.ideas}
        wanted = kept | numbers
        return checked_marks({idea: mark for idea, mark in wanted.items() if mark is not None}, frame)

    def _on_scales(self, before: str | None, frame: Frame) -> str:
        wanted = {idea: steps for idea, steps in steps_in(before).items() if idea in frame.ideas}
        for idea, text in self.typed.items():
            steps: list[int | None] = [None] * len(frame.scales)
            for scale, said in _steps(text):
                if scale >= len(steps):
                    raise BallotRefused(_("This scale is not among those of this vote."), idea)
                steps[scale] = _number(idea, said)
            wanted[idea] = tuple(steps)
        return checked_steps(wanted, frame)


class DuelForm(Form):
    """The answer to one pair."""

    stage = HiddenField()
    pair = HiddenField()
    undecided = RadioField(
        _l("Why?"),
        choices=[SelectChoice(key, reason) for key, reason in UNDECIDED.items()],
        validate_choice=False,  # A button for one of the two says enough.
    )


class VersionForm(Form):
    """What a new version of how people vote says. What is left as it is stays as it is."""

    after = HiddenField()
    ends_at = MomentField(_l("Voting ends"))
    room = WholeOrNoneField(_l("For each person"))
    no_limit = BooleanField(_l("As many as they like"))
    explanation = TextAreaField(_l("Explanation"), filters=[tidy], validators=[at_most(2000)])
    why = StringField(
        _l("Why"),
        filters=[squeeze],
        validators=[InputRequired(_l("Say why. Everybody reads it.")), at_most(500)],
    )

    def wanted(self) -> Wanted:
        """What was asked for."""
        after = self.after.data or ""
        return Wanted(
            after=int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0,
            why=self.why.data,
            ends_at=self.ends_at.data,
            room=self.room.data,
            no_limit=self.no_limit.data,
            explanation=self.explanation.data or "",
        )


def _names_idea(name: str) -> bool:
    number = name.removeprefix(FIELD)
    return number != name and _is_number(number)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _by_scale(given: MultiDict[str, str]) -> dict[int, dict[int, str]]:
    """What was typed for an idea on each of several scales: their fields are called idea-7-0, idea-7-1…"""
    found: dict[int, dict[int, str]] = {}
    for name in given:
        of, _hyphen, scale = name.rpartition("-")
        if _names_idea(of) and scale.isascii() and scale.isdigit() and len(scale) < 3:
            said = "".join(given.getlist(name)[-1].split())[:12]
            found.setdefault(int(of.removeprefix(FIELD)), {})[int(scale)] = said
    return found


def steps_as_typed(steps: tuple[int | None, ...]) -> str:
    """What is kept of an idea's steps, as if it had been typed."""
    return " ".join(f"{scale}={step}" for scale, step in enumerate(steps) if step is not None)


def _steps(text: str) -> Iterator[tuple[int, str]]:
    for word in text.split():
        scale, equals, said = word.partition("=")
        if equals and scale.isdigit():
            yield int(scale), said


def _number(idea: int, text: str) -> int | None:
    try:
        if len(text := text.strip()) > 12:
            raise ValueError
        return int(text) if text else None
    except ValueError:
        raise BallotRefused(_("This isn’t a whole number."), idea) from None


def _in_order(places: Mapping[int, int | None]) -> list[int]:
    placed = sorted((place, idea) for idea, place in places.items() if place is not None)
    for place, idea in placed:
        if place < 1:
            raise BallotRefused(_("Places begin with 1."), idea)
    for (before, _first), (place, idea) in pairwise(placed):
        if place == before:
            raise BallotRefused(_("Another idea has this place. Give each its own."), idea)
    return [idea for _place, idea in placed]
