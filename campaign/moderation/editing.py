"""What was taken down, and its author has changed: the first time it comes back at once, and somebody looks afterwards; the next time it waits.

What never stood in sight waits always: a change is no way around who reads first.
"""

from campaign.accounts.models import Person
from campaign.extensions import db
from campaign.feedback.holding import look_at_edits_with as look_at_remarks_with
from campaign.history import record
from campaign.ideas.holding import look_at_edits_with as look_at_ideas_with
from campaign.ideas.models import Idea
from campaign.moderation.cases import open_case
from campaign.moderation.deciding import close_looks, last_case, leave_top, waiting_looks
from campaign.moderation.rules import rules_of
from campaign.moderation.subjects import Subject, campaign_of, idea_of, keep, kept_as


def comes_back(subject: Subject) -> bool:
    """Whether a change by its author brings it back at once: it had stood there, and was not taken down after such a change already."""
    down, rules = last_case(subject), rules_of(campaign_of(subject))
    first = rules.ideas_first if isinstance(subject, Idea) else rules.remarks_first
    return not first and (down is None or down.cause not in ("first", "filter", "edited"))


def look_again(subject: Subject, _before: str, editor: Person) -> None:
    """See to something that an author of it has just changed. The second looks that waited for the words as they were lapse."""
    if kept_as(subject) != "hidden":
        return
    back, down = comes_back(subject), last_case(subject)
    if down is not None:
        close_looks(waiting_looks(down), "lapsed")
    leave_top(subject)
    keep(subject, None if back else "held")
    db.session.flush()
    case = open_case(subject, "edited")
    kind = "idea" if isinstance(subject, Idea) else "remark"
    record(f"{kind}.{'edited_back' if back else 'edited_again'}", idea_of(subject), by=editor, case=case.id)


look_at_ideas_with(look_again)
look_at_remarks_with(look_again)
