"""Answers that were not given yet: kept for the team, begun from a template for many ideas, and published together."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import gettext as _

from campaign.accounts.models import Person
from campaign.answers.actions import SHORTEST, Words, answer_idea, check_answerable, draft_of, meanwhile
from campaign.answers.models import Answer, AnswerDraft, AnswerTemplate, stamp_of
from campaign.answers.templates import filled
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.models import Idea

AT_ONCE = 50  # Ideas that one press acts on: each tells its authors.


class DraftGone(Refused):
    code = "draft_gone"


class DraftThere(Refused):
    code = "draft_there"


@dataclass
class Done:
    """What became of many ideas at once: of each that was refused, why."""

    ideas: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def keep_draft(idea: Idea, by: Person, words: Words, read: str | None = None) -> AnswerDraft:
    """Keep an answer for the team, until it is given. Kept again in the same words, it changes nothing.

    `read`: as for an answer. Raises AnsweredMeanwhile where there is an answer by now, or another draft.
    """
    lock(idea)
    check_answerable(idea)
    answer, draft = db.session.get(Answer, idea.id, populate_existing=True), draft_of(idea)
    if answer is not None or (read is not None and read != stamp_of(None, draft)):
        raise meanwhile(answer, draft)
    if draft is None:
        draft = AnswerDraft(idea_id=idea.id)
        db.session.add(draft)
    elif Words.of(draft) == words:
        return draft
    for name, value in asdict(words).items():
        setattr(draft, name, value)
    draft.by, draft.at = by, now()
    db.session.flush()
    return draft


def drop_draft(idea: Idea) -> None:
    """Take the draft away. Taken away already, it stays so."""
    lock(idea)
    if (draft := draft_of(idea)) is not None:
        db.session.delete(draft)


def publish_drafts(campaign: Campaign, by: Person, chosen: Mapping[int, str], *, tell: bool = True) -> Done:
    """Give the answers that wait as drafts for these ideas, by each one's id with the stamp of the draft that was read.

    What was answered meanwhile, or reworded, is refused by itself, and the others go. Pressed twice, each is given once.
    """

    def publish(idea: Idea) -> None:
        answer, draft = db.session.get(Answer, idea.id, populate_existing=True), draft_of(idea)
        if answer is not None:
            if answer.by_id == by.id and draft is None:
                return  # A second click.
            raise DraftGone(_("%(name)s has answered it meanwhile.", name=answer.by.name))
        if draft is None:
            raise DraftGone(_("Its draft was taken away meanwhile."))
        if chosen[idea.id] != stamp_of(None, draft):
            raise DraftGone(_("%(name)s has changed its draft meanwhile. Read it first.", name=draft.by.name))
        if len(draft.text) < SHORTEST:
            raise DraftGone(_("It is still too short to say why."))
        answer_idea(idea, by, Words.of(draft), tell=tell)

    return each(campaign, chosen, publish)


def begin_drafts(campaign: Campaign, by: Person, template: AnswerTemplate, ideas: Collection[int]) -> Done:
    """Begin a draft with the template for each of these ideas that has neither an answer nor a draft. Pressed twice, each is begun once."""

    def begin(idea: Idea) -> None:
        check_answerable(idea)
        words = filled(template, idea)
        if (answer := db.session.get(Answer, idea.id, populate_existing=True)) is not None:
            raise DraftThere(_("%(name)s has answered it already.", name=answer.by.name))
        draft = draft_of(idea)
        if draft is not None and draft.text != words:
            raise DraftThere(_("It has a draft by %(name)s already.", name=draft.by.name))
        if draft is None:
            keep_draft(idea, by, Words(words))

    return each(campaign, ideas, begin)


def each(campaign: Campaign, ideas: Collection[int], act: Callable[[Idea], Any]) -> Done:
    """Do something with each of these ideas, held in the order of their ids; what is refused of one keeps none of the others.

    All are held before the first is acted on: acting may take the board, and whoever has the board must wait for nobody's idea.
    """
    done = Done()
    held: list[Idea] = []
    for idea_id in sorted(ideas)[:AT_ONCE]:
        idea = db.session.get(Idea, idea_id) if 0 < idea_id < 2**31 else None
        if idea is None or idea.campaign_id != campaign.id:
            raise NotThere
        held.append(idea)
    for idea in held:
        lock(idea)
    for idea in held:
        try:
            with db.session.begin_nested():
                act(idea)
        except Refused as refusal:
            done.refused[idea.id] = str(refusal.message)
        else:
            done.ideas.append(idea.id)
    return done
