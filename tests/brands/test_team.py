"""The team of a brand: invited by mail, with a role in the whole or in one campaign, and never without an owner."""

import threading
from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.brands.access import InvitationOver, invitation_by, may
from campaign.brands.inviting import accept_invitation, invite
from campaign.brands.listing import members_of
from campaign.brands.models import Brand, Invitation, Membership
from campaign.brands.team import OwnerLess, change_role, remove_member
from campaign.clock import now
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.history import Entry
from tests.cast import PASSWORD


def team(app):
    with app.app_context():
        found = db.session.scalars(db.select(Membership).filter_by(brand_id=1).order_by(Membership.id))
        return [(member.person.name, member.role, member.campaign_id) for member in found]


def acts(app):
    with app.app_context():
        return [entry.what for entry in db.session.scalars(db.select(Entry).order_by(Entry.id))]


def invite_bea(ana, mails, role="manager", campaign=""):
    assert ana.post("/brands/soda/members", email="Bea@example.org", role=role, campaign=campaign).status_code == 302
    return mails.link("bea@example.org")


def test_somebody_is_invited_and_joins(app, ana, bea, mails):
    link = invite_bea(ana, mails)
    assert "bea@example.org" in ana.get("/brands/soda/members").text
    (mail,) = mails.to("bea@example.org")
    assert mail["Subject"] == "Ana invites you to Soda"
    assert "manager" in bea.get(link).text
    assert team(app) == [("Ana", "owner", None)], "looking is not joining"

    assert bea.post(link).location == "/brands/soda"
    assert team(app) == [("Ana", "owner", None), ("Bea", "manager", None)]
    assert bea.get("/brands/soda/members").status_code == 200
    assert acts(app) == ["member.invited", "member.joined"]


def test_an_invitation_works_once(bea, ana, mails):
    link = invite_bea(ana, mails)
    bea.post(link)
    assert bea.get(link).status_code == bea.post(link).status_code == 410


def test_an_invitation_leads_through_signing_up_and_back(app, ana, nobody, mails):
    ana.post("/brands/soda/members", email="erin@example.org", role="analyst", campaign="")
    link = mails.link("erin@example.org")
    page = nobody.get(link).text
    assert f"/sign-up?next={link}" in page
    nobody.post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons", next=link)
    assert nobody.post(mails.link("erin@example.org")).location == link
    assert nobody.post(link).location == "/brands/soda"
    assert ("Erin", "analyst", None) in team(app)


def test_an_invitation_leads_through_signing_in_and_back(app, ana, nobody, mails):
    link = invite_bea(ana, mails)
    assert nobody.post(link).location.startswith("/sign-in")
    assert nobody.post("/sign-in", email="bea@example.org", password=PASSWORD, next=link).location == link
    nobody.post(link)
    assert ("Bea", "manager", None) in team(app)


def test_an_invitation_is_declined_with_or_without_an_account(app, ana, nobody, mails):
    link = invite_bea(ana, mails)
    assert nobody.post(f"{link}/refusal").location == "/"
    assert nobody.get(link).status_code == 410
    assert "bea@example.org" not in ana.get("/brands/soda/members").text
    assert acts(app) == ["member.invited", "member.declined"]


def test_an_invitation_is_withdrawn(app, ana, bea, mails):
    link = invite_bea(ana, mails)
    assert ana.post("/brands/soda/invitations/1/withdrawal").location == "/brands/soda/members"
    assert bea.get(link).status_code == bea.post(link).status_code == 410
    assert acts(app) == ["member.invited", "member.uninvited"]


def test_inviting_again_replaces(app, ana, bea, mails):
    first = invite_bea(ana, mails)
    second = invite_bea(ana, mails, role="moderator")
    assert bea.get(first).status_code == 410
    bea.post(second)
    assert team(app)[1:] == [("Bea", "moderator", None)]


def test_an_invitation_ends_after_two_weeks(app, ana, bea, mails):
    link = invite_bea(ana, mails)
    with app.app_context():
        db.session.execute(db.update(Invitation).values(invited_at=now() - timedelta(days=15)))
        db.session.commit()
    assert bea.post(link).status_code == 410
    assert "bea@example.org" not in ana.get("/brands/soda/members").text


def test_somebody_works_for_one_campaign_only(app, ana, bea, mails, open_campaign):
    fizz, other = open_campaign("fizz"), open_campaign("other")
    link = invite_bea(ana, mails, role="moderator", campaign=str(fizz))
    assert "The fizz of tomorrow" in mails.to("bea@example.org")[0].get_body(("plain",)).get_content()
    bea.post(link)
    assert team(app)[1:] == [("Bea", "moderator", fizz)]
    assert bea.get("/brands/soda/members").status_code == 404
    assert "for “The fizz of tomorrow”" in ana.get("/brands/soda/members").text
    with app.app_context():
        member = db.session.get_one(Membership, 3).person
        assert may(member, "moderate", 1, fizz)
        assert not may(member, "moderate", 1, other)
        assert not may(member, "moderate", 1)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": ""}, "To whom shall the invitation go?"),
        ({"email": "bea"}, "It looks like name@example.org."),
        ({"email": "<script>@example.org"}, "It looks like name@example.org."),
        ({"email": "x" * 10_000_000}, "254 characters at most, and this has 10,000,000."),
        ({"email": "Ana@Example.org"}, "Ana is in the team already."),
        ({"role": "queen"}, "Choose one of the roles."),
        ({"role": ""}, "Choose one of the roles."),
        ({"campaign": "77"}, "Choose the whole brand, or one of its campaigns."),
        ({"campaign": "2"}, "Choose the whole brand, or one of its campaigns."),
        ({"campaign": "1", "role": "owner"}, "An owner owns the whole brand."),
    ],
)
def test_an_invitation_that_can_not_be_sent(app, ana, mails, open_campaign, typed, sentence):
    open_campaign("fizz")
    open_campaign("strange", brand=2)
    answer = ana.post("/brands/soda/members", **{"email": "bea@example.org", "role": "manager", "campaign": ""} | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not mails.to("bea@example.org")
    assert acts(app) == []


def test_an_owner_changes_a_role(app, ana, employ):
    bea = employ("bea", "manager")
    assert ana.post(f"/brands/soda/members/{bea}/role", role="analyst").location == "/brands/soda/members"
    assert team(app)[1:] == [("Bea", "analyst", None)]
    assert ana.post(f"/brands/soda/members/{bea}/role", role="queen").status_code == 400
    assert acts(app) == ["member.role_changed"]


def test_an_owner_removes_a_member_who_loses_every_door(app, ana, bea, employ):
    member = employ("bea", "manager")
    assert bea.get("/brands/soda/members").status_code == 200
    ana.post(f"/brands/soda/members/{member}/removal")
    assert bea.get("/brands/soda/members").status_code == 404
    assert acts(app) == ["member.removed"]


def test_a_member_leaves(app, bea, employ):
    member = employ("bea", "moderator")
    assert f"/brands/soda/members/{member}/removal" in bea.get("/brands/soda").text
    assert bea.post(f"/brands/soda/members/{member}/removal").location == "/brands/soda"
    assert team(app) == [("Ana", "owner", None)]
    assert acts(app) == ["member.left"]


def test_a_brand_keeps_an_owner(app, ana, employ):
    for answer in (
        ana.post("/brands/soda/members/1/removal"),
        ana.post("/brands/soda/members/1/role", role="manager"),
    ):
        assert answer.status_code == 422
        assert "A brand needs an owner." in answer.text
        assert "What each role may do" in answer.text, "on the page of the team"
    assert team(app) == [("Ana", "owner", None)]
    employ("bea", "owner")
    assert ana.post("/brands/soda/members/1/removal").location == "/brands/soda"
    assert team(app) == [("Bea", "owner", None)]


def test_of_two_owners_who_leave_at_once_one_stays(app, cast, employ):
    second = employ("bea", "owner")
    together = threading.Barrier(2)
    outcomes = []

    def leave(membership_id):
        with app.app_context():
            member = db.session.get_one(Membership, membership_id)
            together.wait()
            try:
                remove_member(member, by=member.person)
                db.session.commit()
                outcomes.append("left")
            except OwnerLess:
                db.session.rollback()
                outcomes.append("stays")

    both = [threading.Thread(target=leave, args=(one,)) for one in (1, second)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["left", "stays"]
    assert len(team(app)) == 1


def test_an_owner_does_not_lose_the_brand_by_accepting_less(people):
    invite(people.soda, people.ana, "second@example.org", "analyst")
    db.session.flush()
    found = db.session.scalar(db.select(Invitation))
    with pytest.raises(OwnerLess):
        accept_invitation(found, people.ana)


def test_an_owner_of_one_campaign_does_not_count(people, open_campaign):
    campaign = open_campaign()
    db.session.add(Membership(brand=people.soda, person=people.bea, role="owner", campaign_id=campaign))
    owner = db.session.get_one(Membership, 1)
    with pytest.raises(OwnerLess):
        remove_member(owner, people.ana)
    with pytest.raises(OwnerLess):
        change_role(owner, people.ana, "analyst")


@pytest.mark.parametrize("role", ["manager", "moderator", "evaluator", "analyst"])
def test_the_team_reads_who_is_in_it_and_manages_nothing(app, bea, employ, role):
    member = employ("bea", role)
    page = bea.get("/brands/soda/members").text
    assert "Ana" in page
    assert "ana@example.org" not in page
    assert "Send the invitation" not in page
    assert bea.post("/brands/soda/members", email="x@example.org", role="owner", campaign="").status_code == 404
    assert bea.post(f"/brands/soda/members/{member}/role", role="owner").status_code == 404
    assert bea.post("/brands/soda/members/1/removal").status_code == 404
    assert team(app)[0] == ("Ana", "owner", None)


def test_the_team_is_nobody_elses(app, ana, drew, carl, nobody, mails):
    invite_bea(ana, mails)
    for browser in (drew, carl):
        assert browser.get("/brands/soda/members").status_code == 404
        assert browser.post("/brands/soda/members", email="x@example.org", role="owner", campaign="").status_code == 404
        assert browser.post("/brands/soda/members/1/role", role="analyst").status_code == 404
        assert browser.post("/brands/soda/members/1/removal").status_code == 404
        assert browser.post("/brands/soda/invitations/1/withdrawal").status_code == 404
    # Not by way of one's own brand either.
    assert drew.post("/brands/elsewhere/members/1/removal").status_code == 404
    assert drew.post("/brands/elsewhere/members/1/role", role="analyst").status_code == 404
    assert drew.post("/brands/elsewhere/invitations/1/withdrawal").status_code == 404
    assert drew.post("/brands/soda/members/999/removal").status_code == 404
    assert nobody.get("/brands/soda/members").location == "/sign-in?next=/brands/soda/members"
    for path in ("members", "members/1/role", "members/1/removal", "invitations/1/withdrawal"):
        assert nobody.post(f"/brands/soda/{path}").location == "/sign-in"
    assert team(app) == [("Ana", "owner", None)]


@pytest.mark.parametrize("token", ["x", "%00", "..", "' OR 1=1 --"])
def test_a_made_up_invitation_opens_nothing(bea, token):
    assert bea.get(f"/invitations/{token}").status_code in (404, 410)
    assert bea.post(f"/invitations/{token}").status_code in (404, 410)
    assert bea.post(f"/invitations/{token}/refusal").status_code in (404, 410)


def test_invitations_to_one_mailbox_end_somewhere(ana, mails):
    for _ in range(5):
        invite_bea(ana, mails)
    answer = ana.post("/brands/soda/members", email="bea@ｅxample.org", role="manager", campaign="")
    assert "You can try again in 60 minutes." in answer.text
    assert len(mails.to("bea@example.org")) == 5


def test_the_mail_speaks_the_language_of_who_gets_it(app, ana, cast, mails):
    with app.app_context():
        db.session.get_one(Person, cast["bea"]).language = "fr"
        db.session.commit()
    invite_bea(ana, mails)
    assert 'lang="fr"' in mails.to("bea@example.org")[0].get_body(("html",)).get_content()


def test_the_token_is_kept_only_as_its_digest(app, ana, mails):
    token = invite_bea(ana, mails).removeprefix("/invitations/")
    with app.app_context():
        assert invitation_by(token).token_hash != token


def at_once(*acts):
    """Do several things in the same moment. Gives their outcomes, in order."""
    together = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def do(index, act):
        together.wait()
        try:
            outcomes[index] = act()
        except Exception as error:
            outcomes[index] = error

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_one_invitation_lets_one_person_in(app, ana, cast, mails):
    token = invite_bea(ana, mails).removeprefix("/invitations/")
    together = threading.Barrier(4)

    def accept(name):
        def act():
            with app.app_context():
                found, person = invitation_by(token), db.session.get_one(Person, cast[name])
                assert found.brand
                together.wait()
                try:
                    accept_invitation(found, person)
                except InvitationOver:
                    db.session.rollback()
                    assert found.invited_by.name == "Ana", "the page that says it is over still names who invited"
                    return "over"
                db.session.commit()
                return name

        return act

    outcomes = at_once(accept("bea"), accept("bea"), accept("carl"), accept("carl"))
    assert sorted(outcomes) in (["bea", "bea", "over", "over"], ["carl", "carl", "over", "over"])
    assert len(team(app)) == 2
    assert acts(app) == ["member.invited", "member.joined"]


def test_two_people_who_post_one_invitation_at_once_get_an_answer(app, ana, bea, carl, mails):
    link = invite_bea(ana, mails)
    bea.get(link), carl.get(link)
    answers = at_once(lambda: bea.post(link), lambda: carl.post(link), lambda: bea.post(link), lambda: carl.post(link))
    assert {answer.status_code for answer in answers} <= {302, 410, 422}
    assert len(team(app)) == 2


def test_who_got_a_role_meanwhile_has_the_invited_one(app, ana, bea, employ, mails):
    link = invite_bea(ana, mails)
    employ("bea", "analyst")
    assert bea.post(link).status_code == 302
    assert team(app)[1:] == [("Bea", "manager", None)]


@pytest.mark.parametrize("how", ["removal", "role", "leaving"])
def test_who_owns_no_longer_leaves_no_invitation_behind(app, ana, bea, carl, employ, mails, how):
    member = employ("bea", "owner")
    bea.post("/brands/soda/members", email="carl@example.org", role="owner", campaign="")
    ana.post("/brands/soda/members", email="erin@example.org", role="analyst", campaign="")
    if how == "role":
        ana.post(f"/brands/soda/members/{member}/role", role="analyst")
    else:
        (bea if how == "leaving" else ana).post(f"/brands/soda/members/{member}/removal")
    assert carl.post(mails.link("carl@example.org")).status_code == 410
    page = ana.get("/brands/soda/members").text
    assert "carl@example.org" not in page
    assert "erin@example.org" in page
    assert acts(app)[-1] == "member.uninvited"
    with app.app_context():
        withdrawn = db.session.scalars(db.select(Entry).filter_by(what="member.uninvited")).one()
        assert withdrawn.details == {"email": "carl@example.org", "role": "owner", "campaign": None}


def test_who_owns_the_brand_no_longer_invites_nobody(app, ana, cast, employ, mails, elsewhere):
    employ("carl", "owner")
    with app.app_context():
        brand, inviter = db.session.get_one(Brand, 1), db.session.get_one(Person, cast["ana"])
        assert may(inviter, "own", brand.id)
        gone = db.delete(Membership).where(Membership.brand_id == 1, Membership.person_id == cast["ana"])
        elsewhere(lambda: db.session.execute(gone))
        with pytest.raises(NotThere):
            invite(brand, inviter, "erin@example.org", "owner")
    assert mails.to("erin@example.org") == []


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("declined", "declined an invitation to this campaign"),
        ("withdrawn", "took an invitation to this campaign back"),
        ("left", "took an invitation to this campaign back"),
    ],
)
def test_the_end_of_an_invitation_to_one_campaign_stands_in_its_history(
    app, ana, nobody, carl, employ, mails, open_campaign, how, sentence
):
    link = invite_bea(ana, mails, role="moderator", campaign=str(open_campaign("fizz")))
    if how == "declined":
        nobody.post(f"{link}/refusal")
    elif how == "withdrawn":
        ana.post("/brands/soda/invitations/1/withdrawal")
    else:
        employ("carl", "owner")
        carl.post("/brands/soda/members/1/removal")
    told = (carl if how == "left" else ana).get("/campaigns/fizz/history").text
    assert sentence in told
    assert "bea@example.org" in told


@pytest.mark.parametrize("act", ["removal", "role"])
def test_two_owners_who_act_on_each_other_at_once_both_get_an_answer(app, ana, bea, employ, act):
    second = employ("bea", "owner")
    answers = at_once(
        lambda: ana.post(f"/brands/soda/members/{second}/{act}", role="analyst"),
        lambda: bea.post(f"/brands/soda/members/1/{act}", role="analyst"),
    )
    assert {answer.status_code for answer in answers} <= {302, 404, 422}
    assert [role for _name, role, _scope in team(app)].count("owner") == 1


def test_what_a_removed_owner_still_had_open_does_nothing(app, cast, employ):
    second = employ("bea", "owner")
    with app.app_context():
        mine, theirs = db.session.get_one(Membership, second), db.session.get_one(Membership, 1)
        bea = mine.person
        shown = members_of(mine.brand)
        with db.engine.begin() as elsewhere:
            elsewhere.execute(db.delete(Membership).where(Membership.id == second))
        remove_member(mine, by=bea)
        for act in (lambda: change_role(mine, bea, "analyst"), lambda: remove_member(theirs, bea)):
            with pytest.raises(NotThere):
                act()
        db.session.rollback()
        assert [member.role for member in shown] == ["owner", "owner"], "the page can be shown again"
    assert acts(app) == []
    assert team(app) == [("Ana", "owner", None)]


@pytest.mark.parametrize("gone", ["bea", "ana"])
def test_who_changes_a_role_too_late_sees_the_team_as_it_is_or_nothing(app, ana, cast, employ, monkeypatch, gone):
    member = employ("bea", "manager")
    employ("carl", "owner")

    def too_late(membership, *args):
        with db.engine.begin() as elsewhere:
            elsewhere.execute(db.delete(Membership).where(Membership.person_id == cast[gone]))
        change_role(membership, *args)

    monkeypatch.setattr("campaign.campaigns.team.change_role", too_late)
    answer = ana.post(f"/brands/soda/members/{member}/role", role="analyst")
    assert answer.status_code == {"bea": 422, "ana": 404}[gone]
    assert ("no longer in the team" in answer.text) == (gone == "bea")
    assert "bea@example.org" not in answer.text
    assert ("carl@example.org" in answer.text) == (gone == "bea")


def test_two_owners_who_leave_at_once_both_get_an_answer(app, ana, bea, employ):
    second = employ("bea", "owner")
    answers = at_once(
        lambda: ana.post("/brands/soda/members/1/removal"),
        lambda: bea.post(f"/brands/soda/members/{second}/removal"),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert len(team(app)) == 1


def test_the_front_page_asks_once_for_all_of_somebodys_brands(app, ana, cast, queries):
    ana.get("/")
    with queries() as few:
        assert "Open a campaign for Soda" in ana.get("/").text
    with app.app_context():
        for number, role in enumerate(("owner", "manager", "analyst")):
            brand = Brand(slug=f"brand-{number}", name=f"Brand {number}")
            db.session.add(Membership(brand=brand, person_id=cast["ana"], role=role))
        db.session.commit()
    with queries() as many:
        page = ana.get("/").text
    assert len(many) == len(few), "\n".join(many)
    assert "Open a campaign for Brand 1" in page
    assert "Open a campaign for Brand 2" not in page  # Who analyses opens none.
