"""The door to remarks and to feedback: whoever may see the idea may read them; only their author changes them."""

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.access import may_on
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.feedback.actions import RemarkTakenBack, RemarkUnseen
from campaign.feedback.listing import may_read
from campaign.feedback.models import Comment, Feedback
from campaign.ideas.access import idea_for, idea_for_team
from campaign.ideas.models import Idea


def comment_for(person: Asker, comment_id: int) -> Comment:
    """The remark, if this person may see its idea."""
    comment = db.session.get(Comment, comment_id) if 0 < comment_id < 2**31 else None
    if comment is None:
        raise NotThere
    idea_for(person, comment.idea_id)
    return comment


def remark_to_judge_for(person: Asker, comment_id: int) -> Comment:
    """The remark, if this person may read what it says."""
    comment = comment_for(person, comment_id)
    if not may_read(comment, person, comment.hold is not None and may_on(person, "see", comment.campaign)):
        raise NotThere
    return comment


def remark_to_pin_for(person: Asker, comment_id: int) -> Comment:
    """The remark, for who moderates its campaign."""
    comment = comment_for(person, comment_id)
    if not may_on(person, "moderate", comment.campaign):
        raise NotThere
    return comment


def giver_of(idea: Idea, person_id: int | None) -> Person | None:
    """Who is met by feedback of theirs in words: a mark alone shows nobody."""
    said = db.session.get(Feedback, (idea.id, person_id)) if 0 < (person_id or 0) < 2**31 else None
    return said.author if said and (said.likes or said.misses) else None


def feedback_to_moderate_for(person: Asker, idea_id: int, author_id: int) -> Feedback:
    """Feedback in words, for who moderates the campaign. Nobody moderates what they wrote themselves."""
    idea = idea_for_team(person, idea_id, "moderate")
    said = db.session.get(Feedback, (idea.id, author_id)) if 0 < author_id < 2**31 else None
    if said is None or author_id == person.id or not (said.likes or said.misses):
        raise NotThere
    return said


def parent_for(person: Asker, idea: Idea, comment_id: int) -> Comment:
    """The remark to reply to, if this person may see it and it stands on this idea. Raises RemarkUnseen where a moderator looks at it."""
    comment = comment_for(person, comment_id)
    if comment.idea_id != idea.id:
        raise NotThere
    if comment.hold is not None:
        raise RemarkUnseen  # Before a page quotes it.
    return comment


def own_comment_for(person: Asker, comment_id: int) -> Comment:
    """The remark, if this person wrote it."""
    comment = comment_for(person, comment_id)
    if not person.is_authenticated or comment.author_id != person.id:
        raise NotThere
    return comment


def editable_comment_for(person: Asker, comment_id: int) -> Comment:
    """The remark, if this person wrote it. Raises RemarkTakenBack where nothing is left to edit."""
    comment = own_comment_for(person, comment_id)
    if comment.deletion is not None:
        raise RemarkTakenBack
    return comment
