"""A campaign for the people whom it invites: they see it, and nobody else but the team, on every channel."""

import io
import re

import pytest

from campaign.accounts.models import Person
from campaign.audience import actions
from campaign.audience.actions import (
    TooManyInvited,
    invite_no_longer,
    invite_nobody_awaited,
    invite_people,
    note_coming,
)
from campaign.audience.mailing import purge_audiences, send_invitations
from campaign.campaigns.access import campaigns_of, open_to, seen_by, sees, who_see
from campaign.campaigns.audience import Invitee, invited
from campaign.campaigns.models import Campaign, Closing
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from tests.cast import PASSWORD

PAGE = "/campaigns/soda/audience"


@pytest.fixture
def for_invited(campaign):
    campaign.visibility = "invited"
    db.session.commit()
    return campaign


@pytest.fixture
def shut(app, soda_campaign):
    """The same for tests of pages: soda is for the people whom it invites."""
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "invited"
        db.session.commit()


def write_to_all(app):
    with app.app_context():
        send_invitations()


def who_finds(campaign):
    """The same question, asked in each of its forms: they agree."""
    people = db.session.scalars(db.select(Person).order_by(Person.id)).all()
    by_door = {one.name for one in people if open_to(one, campaign)}
    listed = {
        one.name
        for one in people
        if campaign.id in db.session.scalars(db.select(Campaign.id).where(seen_by(one))).all()
    }
    written_to = {one.name for one in who_see(campaign, people)}
    among = set(db.session.scalars(db.select(Person.name).where(sees(campaign))))
    on_brand_page = {one.name for one in people if campaign in campaigns_of(campaign.brand, one)}
    assert by_door == listed == written_to == among == on_brand_page
    return by_door


def test_who_is_invited_sees_it_and_nobody_else_but_the_team(for_invited, people):
    assert who_finds(for_invited) == {"Ana"}
    assert invite_people(for_invited, people.ana, ["Bea@Example.org", "new@example.org"]) == 2
    assert who_finds(for_invited) == {"Ana", "Bea"}
    assert invited([for_invited], {people.bea.id, people.carl.id}) == {(for_invited.id, people.bea.id)}


def test_a_draft_stays_its_teams(draft, people):
    draft.visibility = "invited"
    db.session.commit()
    invite_people(draft, people.ana, ["bea@example.org"])
    db.session.commit()
    assert who_finds(draft) == {"Ana"}


def test_invited_twice_somebody_stands_there_once(for_invited, people):
    invite_people(for_invited, people.ana, ["bea@example.org"])
    assert invite_people(for_invited, people.ana, ["bea@example.org", "BEA@example.org"]) == 0
    recorded = db.session.scalars(db.select(Entry).filter_by(what="audience.invited")).all()
    assert [entry.details for entry in recorded] == [{"number": 1}]  # And no address stays in the history.


def test_of_a_list_that_comes_again_only_who_is_new_counts(for_invited, people, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 2)
    invite_people(for_invited, people.ana, ["bea@example.org"])
    invite_people(for_invited, people.ana, ["bea@example.org", "carl@example.org"])
    with pytest.raises(TooManyInvited):
        invite_people(for_invited, people.ana, ["drew@example.org"])


def test_who_has_come_is_invited_by_their_account_whatever_its_address_becomes(for_invited, people):
    invite_people(for_invited, people.ana, ["bea@example.org"])
    assert note_coming(for_invited, people.bea)
    assert not note_coming(for_invited, people.bea)
    assert not note_coming(for_invited, people.carl)
    people.bea.email = "beatrice@example.org"
    db.session.flush()
    people.carl.email = "bea@example.org"  # Who has the address afterwards was not invited.
    db.session.commit()
    assert who_finds(for_invited) == {"Ana", "Bea"}


def test_who_is_removed_sees_it_no_longer(for_invited, people):
    invite_people(for_invited, people.ana, ["bea@example.org", "carl@example.org"])
    note_coming(for_invited, people.bea)
    bea = db.session.scalar(db.select(Invitee.id).filter_by(email="bea@example.org"))
    assert invite_no_longer(for_invited, people.ana, bea)
    assert not invite_no_longer(for_invited, people.ana, bea)
    assert who_finds(for_invited) == {"Ana", "Carl"}


def test_what_nobody_followed_can_be_withdrawn_at_once(for_invited, people):
    invite_people(for_invited, people.ana, ["bea@example.org", "carl@example.org", "new@example.org"])
    note_coming(for_invited, people.bea)
    assert invite_nobody_awaited(for_invited, people.ana) == 2
    assert invite_nobody_awaited(for_invited, people.ana) == 0
    assert who_finds(for_invited) == {"Ana", "Bea"}


def test_nobody_of_another_campaign_is_removed(for_invited, draft, people):
    invite_people(for_invited, people.ana, ["bea@example.org"])
    bea = db.session.scalar(db.select(Invitee.id))
    assert not invite_no_longer(draft, people.ana, bea)
    assert who_finds(for_invited) == {"Ana", "Bea"}


def test_a_draft_for_nobody_is_not_ready(draft, people):
    draft.visibility = "invited"
    db.session.commit()
    assert [(lack.page, lack.field) for lack in draft.missing] == [("audience", "addresses")]
    invite_people(draft, people.ana, ["bea@example.org"])
    assert draft.missing == []


@pytest.mark.parametrize(
    "typed", ["bea@example.org\ncarl@example.org", 'Bea <bea@example.org>; "Carl" carl@example.org,']
)
def test_a_manager_pastes_them_and_each_has_one_mail(app, ana, mails, shut, typed):
    for _twice in range(2):
        assert ana.post(PAGE, addresses=typed).status_code == 302
        write_to_all(app)
    for address in ("bea@example.org", "carl@example.org"):
        [mail] = mails.to(address)
        assert "The can of tomorrow" in mail["Subject"]
    page = ana.get(PAGE).text
    assert "bea@example.org" in page
    assert "2 people are invited" in page


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
def test_a_table_is_taken_by_its_addresses(ana, shut, charset):
    table = "name;address;since\nBéa;bea@example.org;2019\n;Carl@Example.org;2021\n".encode(charset)
    answer = ana.post(PAGE, data={"addresses": "", "file": (io.BytesIO(table), "customers.csv")}, follow_redirects=True)
    assert "2 people are newly invited." in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Paste the addresses"),
        ("Bea, Carl", "There is no e-mail address in it."),
        ("bea@example.org, carl@, @drew", "carl@, @drew"),
    ],
)
def test_what_is_no_list_of_addresses_invites_nobody(app, ana, shut, typed, said):
    answer = ana.post(PAGE, addresses=typed)
    assert answer.status_code == 422
    assert said in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(Invitee)).all() == []


def test_the_mails_wait_until_it_is_published_for_them(app, ana, mails, soda_draft, people):
    ana.post("/campaigns/next/audience", addresses="bea@example.org")
    write_to_all(app)
    campaign = db.session.get_one(Campaign, soda_draft)
    campaign.visibility = "invited"
    db.session.commit()
    write_to_all(app)
    assert mails.to("bea@example.org") == []
    ana.post("/campaigns/next/publication")
    write_to_all(app)
    assert len(mails.to("bea@example.org")) == 1


def test_no_mail_leaves_once_it_is_closed(app, for_invited, people, mails):
    invite_people(for_invited, people.ana, ["bea@example.org"])
    for_invited.closing = Closing(by=people.ana, reason="")
    db.session.commit()
    send_invitations()
    assert mails.to("bea@example.org") == []


def test_an_invited_person_follows_the_link_and_is_in(app, ana, bea, carl, nobody, mails, shut):
    assert bea.get("/campaigns/soda").status_code == 404
    ana.post(PAGE, addresses="bea@example.org")
    write_to_all(app)
    link = mails.link("bea@example.org")
    assert "Sign in" in nobody.get(link).text
    assert "bea@example.org" in nobody.get(link).text
    assert "carl@example.org" in carl.get(link).text  # Is told that it is for another address.
    assert carl.get("/campaigns/soda").status_code == nobody.get("/campaigns/soda").status_code == 404
    assert "Bea came" not in ana.get(PAGE).text
    assert bea.get(link).location == "/campaigns/soda"
    assert bea.get("/campaigns/soda").status_code == 200
    assert "Bea came" in ana.get(PAGE + "?who=come").text
    assert "bea@example.org" not in ana.get(PAGE + "?who=awaited").text.partition("tabs__list")[2]
    listed = ana.get(PAGE + "/export")
    assert listed.headers["Cache-Control"] == "no-store"
    assert "bea@example.org" in listed.text
    assert ",Bea" in listed.text


def test_who_has_no_account_signs_up_with_the_address_and_is_led_in(app, ana, nobody, mails, shut):
    ana.post(PAGE, addresses="new@example.org")
    write_to_all(app)
    link = mails.link("new@example.org")
    nobody.post("/sign-up", name="Nell", email="new@example.org", password=PASSWORD, next=link)
    answer = nobody.post(mails.link("new@example.org"))
    assert answer.location == link
    assert nobody.get(link).location == "/campaigns/soda"
    assert nobody.get("/campaigns/soda").status_code == 200


def test_every_door_is_shut_to_who_is_not_invited(app, ana, bea, carl, nobody, shut, soda_idea):
    ana.post(PAGE, addresses="bea@example.org")
    urls = ("/campaigns/soda", "/campaigns/soda/brief", f"/ideas/{soda_idea}", "/campaigns/soda/ideas/new")
    for url in urls:
        assert bea.get(url).status_code == 200, url
        assert carl.get(url).status_code == 404, url
        assert nobody.get(url).status_code in (302, 404), url
    for feed in ("/campaigns/soda/feed.atom", f"/ideas/{soda_idea}/feed.atom"):
        assert [browser.get(feed).status_code for browser in (bea, carl, nobody)] == [404, 404, 404]
    assert "The can of tomorrow" in bea.get("/brands/soda").text
    for page in ("/brands/soda", "/"):
        assert "The can of tomorrow" not in carl.get(page).text
        assert "The can of tomorrow" not in nobody.get(page).text


def test_votes_are_taken_from_who_is_invited_only(ana, bea, carl, drew, shut, soda_idea):
    ana.post(PAGE, addresses="carl@example.org")
    vote = f"/ideas/{soda_idea}/vote"
    assert carl.post(vote, id="0123456789abcdef01").status_code == 302
    assert drew.post(vote, id="0123456789abcdef02").status_code == 404
    [number] = re.findall(r'id="invited-(\d+)"', ana.get(PAGE).text)
    ana.post(f"{PAGE}/{number}/removal")
    assert carl.post(f"{vote}/withdrawal", id="0123456789abcdef03").status_code == 404


def test_who_manages_it_has_the_list_and_nobody_else(ana, bea, drew, nobody, shut):
    for browser in (bea, drew):
        assert browser.get(PAGE).status_code == 404
        assert browser.get(f"{PAGE}/export").status_code == 404
        assert browser.post(PAGE, addresses="x@example.org").status_code == 404
        assert browser.post(f"{PAGE}/1/removal").status_code == 404
        assert browser.post(f"{PAGE}/removal").status_code == 404
    for url in (PAGE, f"{PAGE}/export"):
        assert nobody.get(url).status_code == 302
    assert ana.get(PAGE).status_code == 200


def test_a_link_that_was_withdrawn_leads_nowhere(app, ana, bea, nobody, mails, shut):
    ana.post(PAGE, addresses="bea@example.org")
    write_to_all(app)
    link = mails.link("bea@example.org")
    ana.post(f"{PAGE}/removal")
    for browser in (bea, nobody):
        assert browser.get(link).status_code == 410
        assert browser.get("/invited/nothing").status_code == 410
    assert bea.get("/campaigns/soda").status_code == 404


def test_addresses_of_who_never_came_are_deleted_after_the_campaign(for_invited, people):
    invite_people(for_invited, people.ana, ["bea@example.org", "carl@example.org"])
    note_coming(for_invited, people.bea)
    db.session.commit()
    purge_audiences()
    assert len(db.session.scalars(db.select(Invitee)).all()) == 2
    for_invited.closing = Closing(by=people.ana, reason="")
    for_invited.private_until = now()
    db.session.commit()
    purge_audiences()
    purge_audiences()
    assert [one.email for one in db.session.scalars(db.select(Invitee))] == ["bea@example.org"]
    assert [one.details for one in db.session.scalars(db.select(Entry).filter_by(what="audience.purged"))] == [
        {"number": 1}
    ]


@pytest.mark.one_database
def test_the_list_costs_the_same_however_long_it_is(ana, queries, shut):
    ana.post(PAGE, addresses="bea@example.org")
    ana.get(PAGE)
    with queries() as few:
        ana.get(PAGE)
    ana.post(PAGE, addresses=" ".join(f"p{number}@example.org" for number in range(30)))
    ana.get(PAGE)
    with queries() as many:
        ana.get(PAGE)
    assert len(many) == len(few)
