"""Feedback on an idea: what somebody likes in it, what they miss, and a mark where the campaign asks for one."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import keep_as_it_is
from campaign.campaigns.incentives import declare_own, keep_staff
from campaign.campaigns.models import Campaign
from campaign.campaigns.rewriting import keep_words_with
from campaign.campaigns.ruling import Agreement, hold_to_rules
from campaign.campaigns.sealing import seal_on
from campaign.campaigns.setup import Setup
from campaign.campaigns.wording import check_words
from campaign.clock import now
from campaign.database import insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.feedback.models import Feedback
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.statuses.freezing import FeedbackFrozen, check_remarks
from campaign.verifications.access import check_verified


class FeedbackClosed(Refused):
    code = "feedback_closed"
    message = _l("This campaign takes no feedback now. What was given stays readable.")


class OwnFeedback(Refused):
    code, message = "own_idea", _l("You wrote this idea: feedback on it comes from others.")


class ScaleFrozen(Refused):
    code = "scale_frozen"
    message = _l("People have given marks by this question, so it stays: another would change what they said.")


def give_feedback(
    idea: Idea,
    author: Person,
    likes: str,
    misses: str,
    mark: int | None,
    agreement: Agreement | None = None,
    received: tuple[str, str] = ("", ""),
) -> None:
    """Keep what this person thinks of the idea, in place of what they said before. Sent again, it changes nothing, but stands under the
    rules of now.

    A mark counts only where the campaign asks for one. `received`: what they say they have from the brand, as its kind and in
    words. Raises FeedbackClosed, FeedbackFrozen, OwnFeedback, IdeaWithdrawn, Suspended, WordsUnfit.
    """
    lock(idea)  # Who becomes one of its authors in the same moment gives it no mark, and what is withdrawn takes none.
    keep_as_it_is(idea.campaign)
    _check_open(idea)
    if idea.is_by(author):
        raise OwnFeedback
    check_not_suspended(idea.campaign.brand_id, author)
    check_verified(idea.campaign, author, "comment", f"{idea.url}/feedback")
    mark = mark if asks_for_marks(idea.campaign) else None
    said_before = db.session.get(Feedback, (idea.id, author.id), populate_existing=True)
    before = f"{said_before.likes}\n{said_before.misses}" if said_before else ""
    check_words(idea.campaign, author, idea.language, f"{likes}\n{misses}".strip(), before.strip(), "likes")
    rules = hold_to_rules(idea.campaign, author, agreement, remark=True)
    said = {"likes": likes, "misses": misses, "mark": mark}
    mine = {"idea_id": idea.id, "author_id": author.id}
    under = {"rules_id": rules.id if rules else None}
    row = insert(Feedback).values(**mine, **under, at=now(), **said)
    differs = db.or_(*(getattr(Feedback, name).is_distinct_from(value) for name, value in said.items()))
    changed = {**said, **under, "edited_at": now()}
    row = row.on_conflict_do_update(index_elements=list(mine), set_=changed, where=differs)
    if db.session.execute(row.returning(Feedback.idea_id)).first():
        keep_staff(idea.campaign, author)
        declare_own(idea.campaign, author, *received)
        if _is_told(idea, bool(likes or misses)):
            announce(idea.campaign.board, "feedback.given", ideas=[idea.id])
    else:
        # The same words, given again: under the rules that stand now.
        db.session.execute(db.update(Feedback).filter_by(**mine).values(**under))


def take_feedback_back(idea: Idea, author: Person) -> None:
    """Take one's feedback back, at any time. Its words are gone for good; asked again, nothing more happens."""
    mine = db.delete(Feedback).where(Feedback.idea_id == idea.id, Feedback.author_id == author.id)
    for likes, misses in db.session.execute(mine.returning(Feedback.likes, Feedback.misses)).all():
        if _is_told(idea, bool(likes or misses)):
            announce(idea.campaign.board, "feedback.taken_back", ideas=[idea.id])


def drop_mark(idea: Idea, author: Person) -> None:
    """Take off the mark of somebody who is one of the idea's authors now. What they said in words was said before, and stays."""
    mine = Feedback.idea_id == idea.id, Feedback.author_id == author.id
    db.session.execute(db.delete(Feedback).where(*mine, Feedback.likes == "", Feedback.misses == ""))
    db.session.execute(db.update(Feedback).where(*mine).values(mark=None))


def has_marked(idea: Idea, person: Person) -> bool:
    """Whether this person has given the idea a mark."""
    own = db.session.get(Feedback, (idea.id, person.id))
    return own is not None and own.mark is not None


def asks_for_marks(campaign: Campaign) -> bool:
    """Whether the campaign says what its scale from 1 to 5 asks."""
    return any(text.scale for text in campaign.texts.values())


def _keep_scale(campaign: Campaign, setup: Setup) -> None:
    said = {code: words.scale for code, words in setup.texts.items()}
    reworded = [code for code, text in campaign.texts.items() if text.scale and said.get(code) != text.scale]
    if not (reworded and campaign.id):
        return
    marked = db.select(Feedback.idea_id).join(Idea, Idea.id == Feedback.idea_id)
    marked = marked.where(Idea.campaign_id == campaign.id, Feedback.mark.is_not(None))
    if db.session.scalar(marked.limit(1)) is not None:
        raise ScaleFrozen(field=f"scale_{reworded[0]}")


keep_words_with(_keep_scale)


def _check_open(idea: Idea) -> None:
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back, so it takes no feedback any more."))
    if not idea.campaign.accepts_feedback:
        raise FeedbackClosed
    check_remarks(idea, FeedbackFrozen)


def _is_told(idea: Idea, has_words: bool) -> bool:
    # A mark alone shows nothing while counts are sealed, so when it comes must not tell either.
    return has_words or seal_on(idea.campaign) == "always"
