"""Sending what leaves: a worker, some people at a time.

The mails, and how far the newsletter has come, are one transaction: a crash neither loses nor doubles one.
"""

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.jobs import job
from campaign.newsletters.actions import Letter, asked_for, letters_of, mail_to
from campaign.newsletters.models import Newsletter

AT_ONCE = 50  # People in one transaction: whoever votes meanwhile waits for its end.


@job("newsletters")
def send_newsletters() -> None:
    """Send what was not sent yet, to each person once."""
    leaving = Newsletter.sent_at.is_not(None), Newsletter.done_at.is_(None)
    first = db.select(Newsletter).where(*leaving).order_by(Newsletter.id).limit(1)
    first = first.with_for_update(skip_locked=True, of=Newsletter)
    letters: dict[int, dict[str, Letter]] = {}
    while True:
        # Before anything is held: whoever votes meanwhile waits for nobody's Markdown.
        for number in db.session.scalars(db.select(Newsletter.id).where(*leaving)).all():
            if number not in letters:
                letters[number] = letters_of(db.session.get_one(Newsletter, number))
        db.session.rollback()
        begin_writing()
        newsletter = db.session.scalars(first.execution_options(populate_existing=True)).first()
        if newsletter is None:  # Another worker is at the one that is locked.
            db.session.rollback()
            return
        if newsletter.id in letters:  # Else it was sent in this moment.
            _send_some(newsletter, letters[newsletter.id])
        db.session.commit()


def _send_some(newsletter: Newsletter, letters: dict[str, Letter]) -> None:
    next_ones = asked_for(newsletter).where(Person.id > newsletter.reached).order_by(Person.id).limit(AT_ONCE)
    people = db.session.scalars(db.select(Person).where(Person.id.in_(next_ones)).order_by(Person.id)).all()
    for person in people:
        mail_to(person, newsletter, letters, person.language)
    newsletter.recipients += len(people)
    if people:
        newsletter.reached = people[-1].id
    else:
        newsletter.done_at = now()
