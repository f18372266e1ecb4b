"""What can be moderated, ideas and remarks, told alike: whose it is, which version, and how it comes out of sight and back."""

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.actions import count_remarks
from campaign.feedback.models import Comment, CommentHold
from campaign.ideas.actions import TitleTaken, take_title, why_gone
from campaign.ideas.models import UNSEEN, Idea, Withdrawal
from campaign.ideas.similar import twin_of
from campaign.live import announce
from campaign.notices.spreading import rest_remark

Subject = Idea | Comment


def subject_named(kind: str, number: int) -> Subject | None:
    """The idea or the remark of this number, as it is now."""
    if kind == "idea":
        return db.session.get(Idea, number, populate_existing=True)
    return db.session.get(Comment, number, populate_existing=True)


def kind_of(subject: Subject) -> str:
    return "idea" if isinstance(subject, Idea) else "comment"


def idea_of(subject: Subject) -> Idea:
    """The idea, or the one on which a remark stands."""
    return subject if isinstance(subject, Idea) else subject.idea


def campaign_of(subject: Subject) -> Campaign:
    return idea_of(subject).campaign


def version_of(subject: Subject) -> str:
    """Which version of it stands there: a report, and a decision, is about this one."""
    if isinstance(subject, Idea):
        return str(subject.version)
    return (subject.edited_at or subject.at).isoformat()


def is_by(subject: Subject, person: Person) -> bool:
    """Whether this person wrote it, alone or with others."""
    return subject.is_by(person) if isinstance(subject, Idea) else subject.author_id == person.id


def is_gone(subject: Subject) -> bool:
    """Whether its author took it back, or it left the board in another way, so that nothing is left to decide."""
    if isinstance(subject, Idea):
        return subject.withdrawn and not subject.unseen
    return subject.deletion is not None


def kept_as(subject: Subject) -> str | None:
    """How it is kept out of sight: "held", "hidden", or not at all."""
    if isinstance(subject, Idea):
        return subject.withdrawal.kind if subject.withdrawal and subject.unseen else None
    return subject.hold.kind if subject.hold else None


def keep(subject: Subject, how: str | None, reason: str = "") -> None:
    """Have it out of sight ("held" or "hidden", with the reason that its author reads), or (None) in everybody's sight. Tells the board.

    Its votes stay as they are: out of sight they count nowhere, and come back with it. So do the notices about a remark, and its place
    above the others, so that an undo leaves all as it was. The subject is held by then.
    Raises TitleTaken where another idea stands on the board with its title by now, and IdeaWithdrawn where its author took it back.
    """
    if isinstance(subject, Idea):
        _keep_idea(subject, how, reason)
    else:
        _keep_remark(subject, how, reason)


def _keep_idea(idea: Idea, how: str | None, reason: str) -> None:
    before, board = kept_as(idea), idea.campaign.board
    if idea.withdrawal and idea.withdrawal.kind not in UNSEEN:
        raise why_gone(idea.withdrawal.kind)
    if how is None:
        if before is None:
            return
        take_title(idea.campaign, idea.title)
        if twin := twin_of(idea.campaign, idea.title):
            raise TitleTaken(twin)
        idea.withdrawal = None
        announce(board, "idea.submitted" if before == "held" else "idea.restored", ideas=[idea.id])
    elif idea.withdrawal:
        idea.withdrawal.kind, idea.withdrawal.reason = how, reason
    else:
        idea.withdrawal = Withdrawal(kind=how, reason=reason)
        announce(board, "idea.hidden", gone=[idea.id])


def _keep_remark(comment: Comment, how: str | None, reason: str) -> None:
    before, board = comment.hold, comment.idea.campaign.board
    if how is None:
        if before is None:
            return
        comment.hold = None
        rest_remark(comment.id, False)
        count_remarks(comment.idea, 1)
        announce(board, "comment.posted", ideas=[comment.idea_id])
    elif before is not None:
        before.kind, before.reason = how, reason
    else:
        comment.hold = CommentHold(kind=how, reason=reason)
        rest_remark(comment.id, True)
        count_remarks(comment.idea, -1)
        announce(board, "comment.deleted", ideas=[comment.idea_id])
