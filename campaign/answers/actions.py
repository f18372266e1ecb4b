"""What the brand does with an idea: answer it, and change its answer."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.answers.models import Answer, AnswerDraft, AnswerVersion, stamp_of
from campaign.campaigns.access import who_see
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.ideas.following import tell_followers
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.notices import posting

SHORTEST = 20  # Characters: less doesn't say why.


class AnsweredMeanwhile(Refused):
    code = "answered_meanwhile"


@dataclass(frozen=True)
class Words:
    """What an answer says, with what it may say of cost, of what can be done, and of when."""

    text: str
    role: str = ""
    cost: Decimal | None = None
    feasible: str = ""
    timing: str = ""

    @classmethod
    def of(cls, kept: Any) -> "Words":
        """As an answer, a version or a draft says it."""
        return cls(kept.text, kept.role, kept.cost, kept.feasible, kept.timing)


def check_answerable(idea: Idea) -> None:
    """Raise IdeaWithdrawn where there is nothing to answer."""
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back, so there is nothing to answer."))


def answer_idea(
    idea: Idea,
    by: Person,
    words: Words | str,
    role: str = "",
    read: str | None = None,
    *,
    tell: bool = True,
) -> Answer:
    """Give the brand's answer to an idea, or change it: one answer, which keeps its first date and all its versions.

    Its authors and who follows it are told once, of the first, unless it is given without a mail (`tell`). A draft of it is used up.
    `read` is the stamp of what the writer had before them; a colleague's answer, draft or change since then is not overwritten.
    """
    said = words if isinstance(words, Words) else Words(words, role)
    lock(idea)  # Its author may be taking it back, or a colleague answering it, in this moment.
    check_answerable(idea)
    answer = db.session.get(Answer, idea.id, populate_existing=True)
    draft = draft_of(idea)
    if answer is not None and answer.by_id == by.id and Words.of(answer) == said:
        return answer  # A second click.
    if read is not None and read != stamp_of(answer, draft):
        raise meanwhile(answer, draft)
    if answer is not None:
        _change(answer, by, said)
        return answer
    answer = Answer(idea_id=idea.id, by=by, at=now(), version=1, **asdict(said))
    try:
        with db.session.begin_nested():
            db.session.add(answer)
    except IntegrityError:
        raise meanwhile(db.session.get(Answer, idea.id)) from None
    _keep_version(answer, answer.at)
    if draft is not None:
        db.session.delete(draft)
    idea.answered_at = answer.at
    db.session.flush()
    db.session.expire(idea, ["answer"])
    record("idea.answered", idea, by, at=answer.at)
    announce(idea.campaign.board, "idea.answered", ideas=[idea.id])
    if tell:
        tell_followers("answered", idea.campaign, idea)
        _tell_authors(idea, answer, by)
    return answer


def draft_of(idea: Idea) -> AnswerDraft | None:
    """The draft of its answer, as it is stored now."""
    return db.session.get(AnswerDraft, idea.id, populate_existing=True)


def versions_of(idea: Idea) -> list[AnswerVersion]:
    """All that its answer has said, the first first. One query."""
    found = db.select(AnswerVersion).where(AnswerVersion.idea_id == idea.id).order_by(AnswerVersion.number)
    return list(db.session.scalars(found))


def meanwhile(answer: Answer | None, draft: AnswerDraft | None = None) -> AnsweredMeanwhile:
    """The refusal of what was written before a colleague's answer, or draft, was there."""
    if answer is None and draft is not None:
        return AnsweredMeanwhile(
            _(
                "%(name)s has kept another draft meanwhile, as you see below. Send yours again if it should stand instead.",
                name=draft.by.name,
            )
        )
    if answer is None:
        return AnsweredMeanwhile(
            _("What you had before you was taken away meanwhile. Send yours again if it should stand.")
        )
    return AnsweredMeanwhile(
        _(
            "%(name)s has answered meanwhile, as you see below. Send yours again if it should stand instead.",
            name=answer.by.name,
        )
    )


def _change(answer: Answer, by: Person, said: Words) -> None:
    if Words.of(answer) == said:
        return
    if db.session.get(AnswerVersion, (answer.idea_id, answer.version)) is None:
        _keep_version(answer, answer.edited_at or answer.at)
    for name, value in asdict(said).items():
        setattr(answer, name, value)
    answer.by, answer.edited_at, answer.version = by, now(), answer.version + 1
    _keep_version(answer, answer.edited_at)
    record("idea.answer_changed", answer.idea, by)
    announce(answer.idea.campaign.board, "idea.answered", ideas=[answer.idea_id])


def _keep_version(answer: Answer, at: Any) -> None:
    told = asdict(Words.of(answer))
    db.session.add(AnswerVersion(idea_id=answer.idea_id, number=answer.version, by_id=answer.by.id, at=at, **told))


def _tell_authors(idea: Idea, answer: Answer, by: Person) -> None:
    authors, said = who_see(idea.campaign, idea.authors), {"answer": answer}
    posting.tell(authors, "own", "answered", idea.campaign, idea, by=by, mail="idea-answered", said=said)
