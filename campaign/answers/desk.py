"""What the page of an idea tells its campaign's team, and nobody else: whose it is, by when it is due, what is drafted and noted."""

from dataclasses import dataclass
from datetime import datetime

from campaign.answers.actions import draft_of
from campaign.answers.assigning import assignment_of
from campaign.answers.clock import due_at
from campaign.answers.models import AnswerDraft, Assignment
from campaign.answers.noting import count_notes
from campaign.clock import now
from campaign.ideas.models import Idea


@dataclass(frozen=True)
class Desk:
    due: datetime
    overdue: bool
    assignment: Assignment | None
    draft: AnswerDraft | None
    notes: int


def desk_of(idea: Idea) -> Desk:
    """For who is of the team: whoever asks looks at that. Three queries."""
    due = due_at(idea)
    overdue = not idea.answered and due < now()
    return Desk(due, overdue, assignment_of(idea), draft_of(idea), count_notes(idea))
