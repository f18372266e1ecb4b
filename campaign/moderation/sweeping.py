"""Taking down all that somebody gave to a brand's campaigns, together with suspending them; and bringing all of it back.

Each idea and each remark is a case of its own, so that the log and the trash have it, and any of them can be put back alone.
"""

from sqlalchemy.orm import aliased

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import begin_writing
from campaign.errors import Refused
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.moderation.deciding import AT_ONCE, hide, hold_all, hold_subjects, in_turn, put_back
from campaign.moderation.models import SWEPT, Case
from campaign.moderation.subjects import Subject, campaign_of


def standing_of_person(brand: Brand, person: Person) -> list[Subject]:
    """What this person suggested and said in the brand's campaigns and everybody reads, the latest first. Two queries."""
    ideas = db.select(Idea).join(Idea.campaign).where(Campaign.brand_id == brand.id, Idea.author_id == person.id)
    ideas = ideas.where(~Idea.withdrawal.has(), ~Idea.recorded.has()).order_by(Idea.id.desc()).limit(AT_ONCE)
    remarks = db.select(Comment).join(Comment.idea).join(Idea.campaign).where(Campaign.brand_id == brand.id)
    remarks = remarks.where(Comment.author_id == person.id, ~Comment.deletion.has(), ~Comment.hold.has())
    found: list[Subject] = list(db.session.scalars(ideas).unique())
    found += db.session.scalars(remarks.order_by(Comment.id.desc()).limit(AT_ONCE)).unique()
    return found[:AT_ONCE]


def hide_all_of(brand: Brand, person: Person, by: Person, reason: str) -> int:
    """Take all of it down, with the reason of the suspension, of which one mail tells; gives how many. Asked again, it finds nothing more.

    What `by` has a part in stays: nobody decides about their own.
    """
    begin_writing()
    standing = standing_of_person(brand, person)
    hold_subjects(standing)
    done = 0
    for subject in sorted(standing, key=lambda subject: campaign_of(subject).id):  # So boards are taken.
        try:
            with db.session.begin_nested():
                case = hide(subject, by, reason, batch=_batch(brand, person))
                case.told_at = now()  # By the mail about the suspension.
        except Refused:
            continue
        done += 1
    return done


def put_all_back(brand: Brand, person: Person, by: Person, reason: str) -> int:
    """Bring back what was taken down with a suspension and is still down; gives how many.

    What can't come back stays down, such as an idea whose title another has by now: the trash has it.
    """
    begin_writing()
    down = in_turn(hidden_with(brand, person))
    hold_all(down)
    done = 0
    for case in down:
        try:
            with db.session.begin_nested():
                put_back(case, by, reason).told_at = now()  # By the mail about its end.
        except Refused:
            continue
        done += 1
    return done


def hidden_with(brand: Brand, person: Person) -> list[Case]:
    """What was taken down with a suspension of this person, and has not been decided anew since. One query."""
    later = aliased(Case)
    anew = db.select(later.id).where(
        later.subject == Case.subject, later.subject_id == Case.subject_id, later.id > Case.id
    )
    found = db.select(Case).where(Case.batch == _batch(brand, person), Case.verdict == "hidden", ~anew.exists())
    return list(db.session.scalars(found.order_by(Case.id).limit(AT_ONCE)))


def _batch(brand: Brand, person: Person) -> str:
    return f"{SWEPT}{brand.id}-{person.id}"
