"""The mails of a day and a week: grouped, never empty, nothing twice, once after a kill; and one press ends them."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal
from campaign.mail import OutgoingMail
from campaign.notices.digest import last_hour, send_digests
from campaign.notices.ending import DIGESTS, ending_url
from campaign.notices.models import Notice
from campaign.notices.wishes import exceptions_of, wishes_of
from tests.campaign_cast import suggest
from tests.notices.wished import wishes

CARL = "carl@example.org"


@pytest.fixture
def waiting(app, cast, soda_campaign, soda_idea):
    """carl waits for two mails: of a day on two ideas, and of a week."""
    other = suggest(app, soda_campaign, cast["bea"], "A can that sings")
    with app.app_context():
        about = {"person_id": cast["carl"], "campaign_id": soda_campaign, "at": datetime.now(UTC) - timedelta(days=8)}
        for idea, what, digest in (
            (soda_idea, "answered", "daily"),
            (other, "commented", "daily"),
            (soda_idea, "merged", "weekly"),
        ):
            db.session.add(Notice(**about, idea_id=idea, what=what, kind="followed", digest=digest, by_id=cast["bea"]))
        db.session.commit()
    return soda_idea


def send(app):
    with app.app_context():
        send_digests()


def test_one_mail_tells_it_all_by_idea_and_none_follows(app, mails, waiting):
    send(app)
    send(app)
    [mail] = mails.to(CARL)
    assert mail["Subject"] == "“A can you can reseal” and 1 more: what is new"
    text = mail.get_body(("plain",)).get_content()
    assert text.index("A can you can reseal") < text.index("It was merged") < text.index("Soda answered it.")
    assert text.index("Soda answered it.") < text.index("A can that sings")
    assert text.count("A can you can reseal") == 1
    assert "\n\n\n" not in text
    assert "A can that sings" in mail.get_body(("html",)).get_content()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_it_comes_in_the_readers_language(app, cast, mails, waiting):
    with app.app_context():
        db.session.get_one(Person, cast["carl"]).language = "fr"
        db.session.commit()
    send(app)
    [mail] = mails.to(CARL)
    assert "La canette de demain" in mail.get_body(("plain",)).get_content()


def test_what_was_read_in_the_page_is_not_told_again_and_nothing_is_no_mail(app, carl, mails, waiting):
    carl.post("/notices/reading", until="3")
    send(app)
    assert mails.to(CARL) == []


def test_what_somebody_may_no_longer_see_is_told_to_nobody(app, mails, soda_campaign, waiting):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    send(app)
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "public"
        db.session.commit()
    send(app)
    assert mails.to(CARL) == []


def test_the_title_of_what_is_out_of_sight_is_told_to_nobody_but_its_authors(app, cast, mails, soda_campaign, waiting):
    with app.app_context():
        at = datetime.now(UTC) - timedelta(days=8)
        about = {"campaign_id": soda_campaign, "idea_id": waiting, "at": at, "digest": "daily"}
        db.session.add(Notice(**about, person_id=cast["bea"], what="commented", kind="own_remarks", by_id=cast["carl"]))
        db.session.add(Notice(**about, person_id=cast["bea"], what="answered", kind="own"))
        db.session.get_one(Idea, waiting).withdrawal = Withdrawal(kind="hidden", reason="It tells a name.")
        db.session.commit()
    send(app)
    [mail] = mails.to(CARL)
    assert "A can that sings" in mail["Subject"]
    assert "A can you can reseal" not in mail.as_string()
    [mail] = mails.to("bea@example.org")
    assert "A can you can reseal" in mail["Subject"]


def test_what_came_out_of_sight_before_its_mail_waits_until_it_is_back(app, carl, mails, waiting):
    def keep(withdrawal):
        with app.app_context():
            db.session.get_one(Idea, waiting).withdrawal = withdrawal
            db.session.commit()

    keep(Withdrawal(kind="held", reason=""))
    send(app)
    [mail] = mails.to(CARL)
    assert "A can you can reseal" not in mail.as_string()
    carl.post("/notices/reading", until="99")
    keep(None)
    assert carl.get("/notices/unread").get_json()["unread"] > 0
    for _twice in range(2):
        send(app)
    [_before, mail] = mails.to(CARL)
    assert "A can you can reseal" in mail["Subject"]


def test_what_waits_follows_when_somebody_chooses_otherwise(app, carl, mails, waiting):
    carl.post("/profile/notices", data=wishes(followed="page"))
    send(app)
    assert mails.to(CARL) == []


def test_a_mail_is_due_at_eight_in_the_zone_of_the_installation(app):
    with app.app_context():
        monday = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # Eight o'clock in Paris.
        assert last_hour(monday) == last_hour(monday, weekly=True) == monday
        before = monday - timedelta(minutes=1)
        assert last_hour(before) == monday - timedelta(days=1)
        assert last_hour(before, weekly=True) == monday - timedelta(days=7)
        summer = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
        assert last_hour(summer) == summer


def test_what_happened_since_waits_for_the_next(app, cast, mails, soda_campaign, soda_idea):
    with app.app_context():
        db.session.add(
            Notice(
                person_id=cast["carl"],
                campaign_id=soda_campaign,
                idea_id=soda_idea,
                what="answered",
                kind="followed",
                digest="weekly",
                at=datetime.now(UTC) + timedelta(minutes=1),
            )
        )
        db.session.commit()
    send(app)
    assert mails.to(CARL) == []


DYING = """
import os, signal
from sqlalchemy import event
from sqlalchemy.orm import Session
import campaign.mail
from campaign import create_app
from campaign.notices.digest import send_digests

def die(session):
    if not session.in_nested_transaction() and session.info.get("mail"):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Session, {when!r}, die, insert=True)
app = create_app()
with app.app_context():
    send_digests()
"""


@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
def test_a_worker_that_is_killed_around_the_commit_sends_it_once(app, database_url, tmp_path, waiting, when):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "INSTANCE": str(tmp_path),
        "SECRET_KEY": "of the tests" * 4,
    }
    died = subprocess.run([sys.executable, "-c", DYING.format(when=when)], env=environment, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    with app.app_context():
        kept = len(db.session.scalars(db.select(OutgoingMail)).all())
        assert kept == (when == "after_commit")
        # Another worker looks; what it does not find any more was stored with the mail.
        send_digests()
        left = [mail.message for mail in db.session.scalars(db.select(OutgoingMail))]
        assert db.session.scalars(db.select(Notice).where(Notice.digest.is_not(None))).all() == []
    out = left or list((app.extensions["settings"].instance / "outbox").glob("*"))
    assert len(out) == 1


def press(app, url, **form):
    # As a mail program sends it: without our page, its cookies or its token.
    return app.test_client().post("/" + url.split("/", 3)[-1], data=form or {"List-Unsubscribe": "One-Click"})


@pytest.mark.parametrize(
    ("what", "kept", "exception"),
    [
        (None, {"followed": "page", "own": "at_once"}, None),
        ("campaign", {"followed": "at_once", "own": "at_once"}, "page"),
        ("all", {"followed": "page", "own": "page", "suggested": "page"}, None),
    ],
)
def test_one_press_without_an_account_ends_a_kind_a_campaign_or_all(
    app, cast, nobody, soda_campaign, what, kept, exception
):
    with app.app_context():
        person = db.session.get_one(Person, cast["carl"])
        url = ending_url(person, "followed", db.session.get_one(Campaign, soda_campaign))
    assert "No more mails?" in nobody.get("/" + url.split("/", 3)[-1]).text
    with app.app_context():
        assert wishes_of(db.session.get_one(Person, cast["carl"]))["followed"] == "at_once"  # Looking ends nothing.
    for _again in range(2):
        assert press(app, url, **({"what": what} if what else {})).status_code == 200
    with app.app_context():
        person = db.session.get_one(Person, cast["carl"])
        assert {kind: wishes_of(person)[kind] for kind in kept} == kept
        assert exceptions_of(person).get(soda_campaign) == exception


def test_the_link_of_a_digest_ends_digests_alone(app, cast):
    with app.app_context():
        url = ending_url(db.session.get_one(Person, cast["carl"]), DIGESTS)
    press(app, url)
    with app.app_context():
        wished = wishes_of(db.session.get_one(Person, cast["carl"]))
    assert wished["own"] == "at_once"
    assert set(wished.values()) == {"at_once", "page"}


@pytest.mark.one_database
@pytest.mark.parametrize("token", ["none", "eyJwZXJzb24iOjF9.forged"])
def test_a_link_that_is_not_ours_ends_nothing(nobody, token):
    assert nobody.get(f"/notices/ending/{token}").status_code == 410
    assert nobody.post(f"/notices/ending/{token}").status_code in (410, 422)
