"""What the brand does with an idea: answer it, and change its answer."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.answers.models import Answer, stamp_of
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
from campaign.notices.posting import tell


class AnsweredMeanwhile(Refused):
    code = "answered_meanwhile"


def check_answerable(idea: Idea) -> None:
    """Raise IdeaWithdrawn where there is nothing to answer."""
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back, so there is nothing to answer."))


def answer_idea(idea: Idea, by: Person, text: str, role: str = "", read: str | None = None) -> Answer:
    """Give the brand's answer to an idea, or change it: one answer, which keeps its first date. Its authors are told once.

    `read` is the stamp of what the writer had before them; a colleague's answer or change since then is not overwritten.
    """
    lock(idea)  # Its author may be taking it back, or a colleague answering it, in this moment.
    check_answerable(idea)
    answer = db.session.get(Answer, idea.id, populate_existing=True)
    if read is not None and read != stamp_of(answer):
        raise _meanwhile(answer)
    if answer is not None:
        _change(answer, by, text, role)
        return answer
    answer = Answer(idea_id=idea.id, by=by, text=text, role=role, at=now())
    try:
        with db.session.begin_nested():
            db.session.add(answer)
    except IntegrityError:
        raise _meanwhile(db.session.get(Answer, idea.id)) from None
    idea.answered_at = answer.at
    db.session.flush()
    db.session.expire(idea, ["answer"])
    record("idea.answered", idea, by)
    announce(idea.campaign.board, "idea.answered", ideas=[idea.id])
    tell_followers("answered", idea.campaign, idea)
    authors, said = who_see(idea.campaign, idea.authors), {"answer": answer}
    tell(authors, "own", "answered", idea.campaign, idea, by=by, mail="idea-answered", said=said)
    return answer


def _change(answer: Answer, by: Person, text: str, role: str) -> None:
    if (answer.text, answer.role) == (text, role):
        return
    answer.text, answer.role, answer.by, answer.edited_at = text, role, by, now()
    record("idea.answer_changed", answer.idea, by)
    announce(answer.idea.campaign.board, "idea.answered", ideas=[answer.idea_id])


def _meanwhile(answer: Answer | None) -> AnsweredMeanwhile:
    if answer is None:
        return AnsweredMeanwhile(_("The answer was taken away meanwhile. Send yours again to give it."))
    name = answer.by.name
    return AnsweredMeanwhile(
        _(
            "%(name)s has answered meanwhile, as you see below. Send yours again if it should stand instead.",
            name=name,
        )
    )
