"""Reports: somebody says that something should not stand there. Enough of them take it out of sight until a moderator has looked."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.brands.gates import why_shut
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.models import Campaign
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.moderation.cases import open_case, open_case_about
from campaign.moderation.models import Case, Report
from campaign.moderation.rules import rules_of
from campaign.moderation.subjects import (
    Subject,
    campaign_of,
    idea_of,
    is_by,
    is_gone,
    keep,
    kept_as,
    kind_of,
    version_of,
)

REASONS = {
    "spam": _l("It advertises something, or is the same again and again"),
    "insult": _l("It insults or threatens somebody"),
    "private": _l("It tells private things about somebody"),
    "stolen": _l("It is somebody else’s work"),
    "offtopic": _l("It has nothing to do with this campaign"),
    "illegal": _l("It is against the law"),
    "other": _l("Something else"),
}
LIGHTEST, HEAVIEST = 0.25, 2.0


class OwnReport(Refused):
    code, status = "own_report", 403
    message = _l("This is your own. You can change it, or take it back.")


class LookedAt(Refused):
    code = "looked_at"
    message = _l(
        "A moderator has looked at this and found that it may stand. When it is changed, it can be reported again."
    )


class WordsWanted(Refused):
    code, field, status = "words_wanted", "words", 422
    message = _l("Say in a few words what is wrong.")


def report(subject: Subject, reporter: Person, reason: str, words: str = "") -> Report:
    """Report this version of something, once: sent again it is the same report, with the first words.

    It goes out of everybody's sight once the reports of it weigh as much as its campaign says; only a moderator decides.
    Raises OwnReport, LookedAt where a moderator has approved this version, and WordsWanted. Does not commit.
    """
    check_not_suspended(campaign_of(subject).brand_id, reporter)
    lock(idea_of(subject))
    if not isinstance(subject, Idea):
        lock(subject)
    if is_gone(subject):
        raise NotThere
    if is_by(subject, reporter):
        raise OwnReport
    about = {"subject": kind_of(subject), "subject_id": subject.id, "version": version_of(subject)}
    if there := db.session.scalar(db.select(Report).filter_by(**about, reporter_id=reporter.id)):
        return there
    if reason == "other" and not words:
        raise WordsWanted
    if is_cleared(subject):
        raise LookedAt
    case = open_case_about(subject) or open_case(subject, "reports")
    weight = weights_of([reporter.id], campaign_of(subject))[reporter.id]
    if why_shut("reports", reporter, campaign_of(subject).brand_id):
        weight = LIGHTEST
    given = Report(case_id=case.id, **about, reporter_id=reporter.id, reason=reason, words=words, weight=weight)
    try:
        with db.session.begin_nested():
            db.session.add(given)
    except IntegrityError:
        return db.session.scalars(db.select(Report).filter_by(**about, reporter_id=reporter.id)).one()
    total = db.select(db.func.sum(Report.weight)).filter_by(case_id=case.id, version=about["version"])
    if kept_as(subject) is None and (db.session.scalar(total) or 0) >= rules_of(campaign_of(subject)).hides_at:
        keep(subject, "held")
    announce(campaign_of(subject).board, "case.reported")
    return given


def is_cleared(subject: Subject) -> bool:
    """Whether a moderator has looked at this version of it last and approved it, so that it can't be reported again."""
    about = db.select(Case.verdict, Case.version).where(Case.subject == kind_of(subject), Case.subject_id == subject.id)
    last = db.session.execute(about.where(Case.verdict.is_not(None)).order_by(Case.id.desc()).limit(1)).first()
    return last is not None and last.verdict == "approved" and last.version == version_of(subject)


def weights_of(people: Iterable[int], campaign: Campaign) -> dict[int, float]:
    """How much a report of each weighs in this brand: 1 for who never reported, up to 2 for who was always right, down to a quarter.

    Of (right + 1) / (all + 2), twice: Laplace's rule of succession. A report was right where the moderator took the thing down.
    """
    right = db.func.sum(db.case((Case.verdict == "hidden", 1), else_=0))
    asked = db.select(Report.reporter_id, db.func.count(), right).join(Report.case).join(Case.campaign)
    asked = asked.where(
        Report.reporter_id.in_(set(people)), Campaign.brand_id == campaign.brand_id, Case.verdict.is_not(None)
    ).group_by(Report.reporter_id)
    judged = {person: (number, correct) for person, number, correct in db.session.execute(asked)}
    return {person: _weight(*judged.get(person, (0, 0))) for person in people}


def _weight(number: int, correct: int) -> float:
    return min(max(2 * (correct + 1) / (number + 2), LIGHTEST), HEAVIEST)


def has_reported(reporter: Person, subject: Subject) -> bool:
    """Whether this person has reported this version already."""
    about = {"subject": kind_of(subject), "subject_id": subject.id, "version": version_of(subject)}
    return db.session.scalar(db.select(Report.id).filter_by(**about, reporter_id=reporter.id)) is not None
