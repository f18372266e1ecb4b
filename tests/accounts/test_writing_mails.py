"""What people write stays what they wrote: no name, title or address becomes a header, a sender or a recipient."""

from email import message_from_bytes, policy

import pytest

from campaign import mail
from campaign.accounts.actions import NotAnAddress, tidy_email
from campaign.extensions import db
from campaign.text import plain, unlinked

HEADERS = {"subject", "from", "to", "date", "message-id", "mime-version", "content-type"}
SPELLINGS = [
    "=?utf-8?q?Your_bank?= <bank@example.com>",
    "=?utf-8?q?Hello=0D=0ABcc:_everybody=40example.com?=",
    "=?utf-8?b?SGVsbG8NCkJjYzogZXZlcnlib2R5QGV4YW1wbGUuY29t?=",
    "=?us-ascii?Q?Hello=0A=0AA_body?=",
    "=?utf-8*en?q?Hello=0D=0AFrom:_bank=40example.com?=",
    "a=?utf-8?q?=0D=0ABcc=3A_x=40example.com?=b",
    "Hello\r\nBcc: everybody@example.com",
    "Hello\nFrom: bank@example.com",
    "Hello\x0bBcc: x@example.com",
    "Hello\x85From: x@example.com\u2028Bcc: x@example.com",
    "Hello\x07\x1b[31m\u202e",
]


@pytest.mark.parametrize("name", SPELLINGS)
def test_no_name_spells_a_header(people, name):
    people.soda.name = people.ana.name = name
    invitation = {"inviter": people.ana, "brand": people.soda, "role": "manager", "does": "", "campaign": None}
    mail.send_mail("erin@example.org", "en", "invitation", **invitation, token="t")
    db.session.flush()
    raw = db.session.scalars(db.select(mail.OutgoingMail.message)).one()
    head = raw.partition(b"\n\n")[0].decode("ascii")
    for parsed in (message_from_bytes(raw, policy=policy.default), message_from_bytes(raw)):
        assert {header.lower() for header in parsed} == HEADERS
    parsed = message_from_bytes(raw, policy=policy.default)
    assert parsed["To"] == "erin@example.org"
    assert parsed["From"] == "Ensemble <ensemble@localhost>"
    assert "Your bank" not in parsed["Subject"], "nothing is decoded that was not encoded by us"
    assert parsed["Subject"].isprintable()
    assert "\x07" not in head


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?bea=40example.org=2C?=@example.org",
        "=?utf-8?b?YmVh?=@example.org",
        "erin@example.org\r\nBcc: x@example.org",
    ],
)
def test_no_address_spells_another(address):
    with pytest.raises(NotAnAddress):
        tidy_email(address)


def test_a_subject_may_ask_a_question():
    assert mail.in_one_line("1 + 1 =? A riddle") == "1 + 1 = ? A riddle"


def test_a_letter_without_html_shows_no_signs_of_markdown():
    typed = "**Yes**, we *will*: [look](https://x.example/a).\nSoon.\n\n- one\n- `two`\n\n1. first\n\n## Then\n<https://y.example>"
    assert plain(typed) == (
        "Yes, we will: look (https://x.example/a).\nSoon.\n\n– one\n– two\n\n1. first\n\nThen\n\nhttps://y.example"
    )


def test_an_answer_comes_without_signs_of_markdown(ana, soda_idea, mails):
    ana.post(f"/ideas/{soda_idea}/answer", text="**Yes**, from March on.\n\n- in Lyon\n- in Lille", role="")
    letter = mails.to("bea@example.org")[-1].get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "Yes, from March on.\n\n– in Lyon\n– in Lille" in letter
    assert "**" not in letter


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Claim at evil.example now", "Claim at evil. example now"),
        ("https://evil.example/x", "https:// evil. example/x"),
        ("me@evil.example", "me@ evil. example"),
        ("evil。example", "evil。 example"),
        ("Ana. And so on… 2.0, at 14.30", "Ana. And so on… 2.0, at 14.30"),
        ("Dr. J. R. O’Neill", "Dr. J. R. O’Neill"),
    ],
)
def test_what_people_write_is_no_link_in_a_mail(written, told):
    assert unlinked(written) == told


def test_an_invitation_links_to_nothing_but_us(people, campaign):
    people.ana.name, people.soda.name = "Claim at evil.example now", "evil.example"
    campaign.texts["en"].title = "Win at https://evil.example"
    given = {"inviter": people.ana, "brand": people.soda, "role": "manager", "does": "", "campaign": campaign}
    mail.send_mail("erin@example.org", "en", "invitation", **given, token="t")
    db.session.flush()
    parsed = message_from_bytes(db.session.scalars(db.select(mail.OutgoingMail.message)).one(), policy=policy.default)
    for kind in ("plain", "html"):
        text = parsed.get_body((kind,)).get_content()
        assert "evil. example" in text
        assert "evil.example" not in text
    assert "evil.example" not in parsed["Subject"]


def test_a_mail_that_is_sent_again_after_a_crash_stands_in_the_outbox_once(app, mails, monkeypatch):
    class Killed(BaseException):
        pass

    def die(_row):
        raise Killed

    with app.app_context():
        db.session.add(mail.OutgoingMail(message=b"To: erin@example.org\r\nSubject: Hello\r\n\r\nHello."))
        db.session.commit()
        with monkeypatch.context() as dying:
            dying.setattr(db.session, "delete", die)  # It is in the outbox, and nobody has noted that.
            with pytest.raises(Killed):
                mail.send_due(app)
        db.session.rollback()
        db.session.scalars(db.select(mail.OutgoingMail)).one().next_try_at -= 2 * mail.ONE_TRY
        db.session.commit()
        mail.send_due(app)
        assert db.session.scalars(db.select(mail.OutgoingMail)).all() == []
    assert len(mails.to("erin@example.org")) == 1
