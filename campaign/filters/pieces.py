"""What filters look at: the words of an idea or a remark, with who wrote them and where."""

from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlalchemy.orm import aliased

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea, IdeaVersion, Withdrawal
from campaign.moderation.models import SWEPT, Case
from campaign.moderation.subjects import Subject, campaign_of, idea_of, kind_of

OWN_BEFORE, OTHERS_BEFORE = 60, 400  # Of how many a text is compared with, the latest ones.


class Piece(NamedTuple):
    text: str
    language: str
    kind: str
    number: int
    author_id: int
    campaign_id: int
    brand_id: int


def piece_of(subject: Subject, text: str | None = None) -> Piece:
    """What there is to look at. `text`: what it said at another time."""
    campaign = campaign_of(subject)
    said = f"{subject.title}\n{subject.text}" if isinstance(subject, Idea) else subject.text
    return Piece(
        said if text is None else text,
        idea_of(subject).language,
        kind_of(subject),
        subject.id,
        subject.author_id,
        campaign.id,
        campaign.brand_id,
    )


def texts_before(piece: Piece) -> tuple[list[str], list[tuple[int, str]]]:
    """What the same person wrote before in the brand's campaigns, and what others did in this campaign, as (who, text). Four queries.

    Without what its author took back: to suggest that anew is no repetition.
    """
    back = Withdrawal.kind.in_(("withdrawn", "retired", "merged", "expired"))
    ideas = db.select(Idea.author_id, Idea.title, Idea.text).where(~Idea.withdrawal.has(back))
    remarks = db.select(Comment.author_id, Comment.text).where(~Comment.deletion.has())
    if piece.kind == "idea":
        ideas = ideas.where(Idea.id != piece.number)
    else:
        remarks = remarks.where(Comment.id != piece.number)
    own_ideas = ideas.join(Campaign, Campaign.id == Idea.campaign_id)
    own_ideas = own_ideas.where(Campaign.brand_id == piece.brand_id, Idea.author_id == piece.author_id)
    own_remarks = remarks.join(Comment.idea).join(Campaign, Campaign.id == Idea.campaign_id)
    own_remarks = own_remarks.where(Campaign.brand_id == piece.brand_id, Comment.author_id == piece.author_id)
    other_ideas = ideas.where(Idea.campaign_id == piece.campaign_id, Idea.author_id != piece.author_id)
    other_remarks = remarks.join(Comment.idea)
    other_remarks = other_remarks.where(Idea.campaign_id == piece.campaign_id, Comment.author_id != piece.author_id)

    def latest(asked: Select[Any], number: int, last: Any) -> list[tuple[int, str]]:
        rows = db.session.execute(asked.order_by(last).limit(number))
        return [(row[0], "\n".join(row[1:])) for row in rows]

    by_idea, by_remark = Idea.id.desc(), Comment.id.desc()
    own = latest(own_ideas, OWN_BEFORE, by_idea) + latest(own_remarks, OWN_BEFORE, by_remark)
    others = latest(other_ideas, OTHERS_BEFORE, by_idea) + latest(other_remarks, OTHERS_BEFORE, by_remark)
    return [text for _author, text in own], others


def decided_texts(brand_id: int, verdict: str, most: int) -> list[str]:
    """What a brand's moderators decided so last, as it read then, each idea and remark in its last decision alone. Two queries.

    Without what was taken down with a suspension: nobody judged each of those.
    """
    later = aliased(Case)
    again = db.select(later.id).where(
        later.subject == Case.subject,
        later.subject_id == Case.subject_id,
        later.id > Case.id,
        later.verdict.is_not(None),
    )
    cases = db.select(Case.id, Case.subject, Case.subject_id, Case.version).join(Case.campaign)
    cases = cases.where(Campaign.brand_id == brand_id, Case.verdict == verdict, ~again.exists())
    cases = cases.where(judged_itself())
    found = db.session.execute(cases.order_by(Case.id.desc()).limit(most)).all()
    texts: dict[tuple[str, int], str] = {}
    ideas = [case.subject_id for case in found if case.subject == "idea"]
    remarks = [case.subject_id for case in found if case.subject == "comment"]
    versions = {(case.subject_id, case.version) for case in found if case.subject == "idea"}
    texts |= _ideas_as_read(ideas, versions)
    for number, text in db.session.execute(db.select(Comment.id, Comment.text).where(Comment.id.in_(remarks))):
        texts["comment", number] = text
    there = (texts.get((case.subject, case.subject_id), "") for case in reversed(found))
    return [text for text in there if text.strip()]


def judged_itself() -> Any:
    """A condition on Case: somebody looked at this one, and not at its author alone."""
    return db.or_(Case.batch.is_(None), ~Case.batch.startswith(SWEPT, autoescape=True))


def _ideas_as_read(ideas: list[int], versions: set[tuple[int, str]]) -> dict[tuple[str, int], str]:
    asked = db.select(IdeaVersion.idea_id, IdeaVersion.number, IdeaVersion.title, IdeaVersion.text)
    rows = db.session.execute(asked.where(IdeaVersion.idea_id.in_(ideas)))
    return {
        ("idea", row.idea_id): f"{row.title}\n{row.text}" for row in rows if (row.idea_id, str(row.number)) in versions
    }
