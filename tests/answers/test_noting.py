"""Notes on an idea stay in the team, and name colleagues, who are told."""

import pytest

from campaign.answers import noting
from campaign.answers.actions import Words
from campaign.answers.drafting import keep_draft
from campaign.answers.models import Note
from campaign.answers.noting import NoteReplied, add_note, mentioned, notes_on, remove_note
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.live.models import Change
from tests.addresses import addresses
from tests.makers import make_person

SECRET = "the supplier in Lyon is too dear"


@pytest.fixture
def team(people, campaign):
    """carl manages soda, drew watches it."""
    db.session.add(Membership(brand=people.soda, person=people.carl, role="manager"))
    db.session.add(Membership(brand=people.soda, person=people.drew, role="analyst"))
    db.session.commit()
    return people


def test_a_note_and_its_replies_stand_together(team, resealable):
    note = add_note(resealable, team.ana, SECRET, "one")
    reply = add_note(resealable, team.carl, "Not in winter.", "two", note.id)
    again = add_note(resealable, team.ana, "True.", "three", reply.id)
    [talk] = notes_on(resealable)
    assert (talk.note, talk.replies) == (note, [reply, again])


def test_sent_twice_it_is_one(team, resealable, mails):
    for _time in range(2):
        add_note(resealable, team.ana, "@Carl, look", "one")
    db.session.commit()
    assert len(notes_on(resealable)) == 1
    assert len(mails.to("carl@example.org")) == 1


def test_the_repeat_of_the_last_for_which_there_is_room_is_one_too(team, resealable, monkeypatch):
    monkeypatch.setattr(noting, "MOST", 1)
    note = add_note(resealable, team.ana, SECRET, "one")
    assert add_note(resealable, team.ana, SECRET, "one") == note
    with pytest.raises(noting.NotesFull):
        add_note(resealable, team.ana, SECRET, "two")


def test_who_is_named_has_a_mail_that_keeps_what_was_noted_in_the_team(team, resealable, mails):
    add_note(resealable, team.ana, f"@carl and @Bea: {SECRET}", "one")
    db.session.commit()
    [mail] = mails.to("carl@example.org")
    assert mail["Subject"] == "Ana names you in a note on “A can you can reseal”"
    assert SECRET not in mail.as_string()
    assert mails.to("bea@example.org") == []


def test_who_is_chosen_has_one_too_and_who_is_replied_to(team, resealable, mails):
    note = add_note(resealable, team.ana, SECRET, "one", also={team.drew.id, team.bea.id})
    add_note(resealable, team.carl, "Not in winter.", "two", note.id)
    db.session.commit()
    assert len(mails.to("drew@example.org")) == 1
    assert [mail["Subject"] for mail in mails.to("ana@example.org")] == [
        "Carl has replied to your note on “A can you can reseal”"
    ]
    assert mails.to("bea@example.org") == []


def test_a_name_is_read_whole_and_a_first_name_where_only_one_has_it(people):
    one, other, third = (make_person(name=name) for name in ("Zoe", "Zoe", "Max"))
    one.name, other.name, third.name = "Zoé Petit", "Zoé Petitjean", "Max Roy"
    team = [one, other, third]
    assert mentioned("@Zoé Petitjean, please", team) == [other]
    assert mentioned("@zoé petit.", team) == [one]
    assert mentioned("@Zoé?", team) == []
    assert mentioned("@Max and max@roy.example", team) == [third]
    assert mentioned("@Maxime", team) == []


def test_ones_own_note_can_be_taken_away_until_somebody_has_replied(team, resealable):
    note = add_note(resealable, team.ana, SECRET, "one")
    reply = add_note(resealable, team.carl, "No.", "two", note.id)
    with pytest.raises(NoteReplied):
        remove_note(note, team.ana)
    with pytest.raises(NotThere):
        remove_note(reply, team.ana)
    remove_note(reply, team.carl)
    remove_note(note, team.ana)
    assert db.session.scalars(db.select(Note)).all() == []


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("moderator", 200), ("evaluator", 200), ("analyst", 200), (None, 404)]
)
def test_the_whole_team_reads_and_writes_them(joins, carl, soda_idea, role, status):
    if role:
        joins("carl", role)
    assert carl.get(f"/ideas/{soda_idea}/notes").status_code == status
    sent = carl.post(f"/ideas/{soda_idea}/notes", text="Look at this.", key="a")
    assert sent.status_code == (302 if role else 404)


@pytest.mark.parametrize(("who", "status"), [("bea", 404), ("drew", 404), ("nobody", 302)])
def test_nobody_else_reads_writes_or_removes_one(request, app, ana, who, status, soda_idea):
    ana.post(f"/ideas/{soda_idea}/notes", text=SECRET, key="a")
    person = request.getfixturevalue(who)
    for answer in (
        person.get(f"/ideas/{soda_idea}/notes"),
        person.post(f"/ideas/{soda_idea}/notes", text="Mine", key="b"),
        person.post(f"/ideas/{soda_idea}/notes/1/removal"),
    ):
        assert answer.status_code == status
        assert SECRET not in answer.text
    with app.app_context():
        assert len(db.session.scalars(db.select(Note)).all()) == 1


def test_a_note_says_what_it_lacks_beside_it(ana, soda_idea):
    answer = ana.post(f"/ideas/{soda_idea}/notes", text=" ", key="a")
    assert answer.status_code == 422
    assert "Write something first." in answer.text


def test_a_reply_to_a_note_of_another_idea_is_to_none(team, resealable, waiting):
    other = waiting(1)
    note = add_note(resealable, team.ana, SECRET, "one")
    with pytest.raises(NotThere):
        add_note(db.session.get_one(Idea, other), team.ana, "No.", "two", note.id)


ELSEWHERE = (
    "/static/",
    "/confirm/",
    "/reset/",
    "/address/",
    "/invitations/",
    "/outbox",
    "/styleguide",
    "/guest-ideas/",
)


@pytest.mark.parametrize("who", ["bea", "carl", "nobody"])
def test_no_page_tells_others_of_notes_drafts_or_whose_it_is(request, app, people, resealable, who):
    add_note(resealable, people.ana, SECRET, "one")
    keep_draft(resealable, people.ana, Words(f"{SECRET}, so no."))
    db.session.commit()
    reader = request.getfixturevalue(who)
    for _endpoint, address in addresses(app, without=ELSEWHERE, slug="soda", idea_id=resealable.id):
        answer = reader.get(address)
        assert SECRET not in answer.text, address
        assert "For your team" not in answer.text, address


def test_neither_exports_nor_boards_tell_of_them(people, campaign, resealable):
    add_note(resealable, people.ana, SECRET, "one")
    keep_draft(resealable, people.ana, Words(f"{SECRET}, so no."))
    db.session.commit()
    assert db.session.scalars(db.select(Change)).all() == []
    campaign = db.session.get_one(Campaign, campaign.id)
    for private in (False, True):
        told = "".join(as_json(campaign, private)) + "".join(as_csv(campaign, private))
        assert SECRET not in told
