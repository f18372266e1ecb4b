"""Taking the words of feedback down, with a reason that their author reads, and putting them back. A mark counts on: it says nothing to anybody."""

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import insert, lock
from campaign.extensions import db
from campaign.feedback.models import Feedback, FeedbackHiding
from campaign.history import record
from campaign.live import announce


def hide_feedback(feedback: Feedback, by: Person, why: str) -> None:
    """Let nobody but its author and who moderates read it. Taken down again, the first reason stays."""
    lock(feedback.idea)
    hiding = insert(FeedbackHiding).values(
        idea_id=feedback.idea_id, author_id=feedback.author_id, by_id=by.id, why=why, at=now()
    )
    hidden = hiding.on_conflict_do_nothing().returning(FeedbackHiding.__table__.c.idea_id)
    if db.session.execute(hidden).first():
        record("feedback.hidden", feedback.idea, by, why, person=feedback.author_id)
        announce(feedback.idea.campaign.board, "feedback.taken_back", ideas=[feedback.idea_id])


def show_feedback(feedback: Feedback, by: Person, why: str) -> None:
    """Let everybody read it again. Put back again, nothing happens."""
    lock(feedback.idea)
    hiding = db.session.get(FeedbackHiding, (feedback.idea_id, feedback.author_id), populate_existing=True)
    if hiding is None:
        return
    db.session.delete(hiding)
    record("feedback.shown", feedback.idea, by, why, person=feedback.author_id)
    announce(feedback.idea.campaign.board, "feedback.given", ideas=[feedback.idea_id])
