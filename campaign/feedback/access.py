"""The door to remarks: whoever may see the idea may read them; only their author changes them."""

from campaign.brands.access import Asker
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.access import idea_for


def comment_for(person: Asker, comment_id: int) -> Comment:
    """The remark, if this person may see its idea."""
    comment = db.session.get(Comment, comment_id) if 0 < comment_id < 2**31 else None
    if comment is None:
        raise NotThere
    idea_for(person, comment.idea_id)
    return comment


def own_comment_for(person: Asker, comment_id: int) -> Comment:
    """The remark, if this person wrote it."""
    comment = comment_for(person, comment_id)
    if not person.is_authenticated or comment.author_id != person.id:
        raise NotThere
    return comment
