"""Ideas without an account, where a brand allows them: a name, an address, and a link in a mail."""

from datetime import timedelta

import pytest

from campaign.accounts.actions import sign_up
from campaign.accounts.models import Person
from campaign.accounts.robots import MOST, digest_of, new_puzzle
from campaign.campaigns.incentives import Incentive
from campaign.campaigns.models import Campaign, Category
from campaign.campaigns.planning import copy_campaign, plans_of, save_plan
from campaign.campaigns.questions import Question
from campaign.campaigns.rules import Terms
from campaign.campaigns.ruling import state_rules
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.guest_form import opened
from campaign.ideas.guests import GuestIdea, confirm_guest_idea, forget_guest_ideas
from campaign.ideas.models import Draft, Idea
from tests.campaigns.test_settings import SETTINGS, shown
from tests.ideas.test_similar import put_up

PAGE = "/campaigns/soda/ideas/guest"
EVE = "eve@example.net"


@pytest.fixture
def invited(app, soda_campaign) -> int:
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).takes_guests = True
        db.session.commit()
    return soda_campaign


@pytest.fixture
def typed(app, invited) -> dict[str, str]:
    """A form that somebody opened a minute ago and filled in well."""
    with app.app_context():
        begun = opened(now() - timedelta(minutes=1))
    idea = {"title": "A can that says when it is cold", "text": "With ink that changes.", "category": "can"}
    return {**idea, "language": "en", "name": "Eve", "email": EVE, "key": "a-form", "begun": begun}


def ideas(app) -> list[tuple[str, str]]:
    with app.app_context():
        return [(idea.title, idea.author.name) for idea in db.session.scalars(db.select(Idea).order_by(Idea.id))]


def waiting(app) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(GuestIdea))


def test_eve_suggests_an_idea_and_the_link_puts_it_on_the_board(app, nobody, mails, typed):
    assert nobody.get("/campaigns/soda/ideas/new").location == PAGE
    assert nobody.get(PAGE).status_code == 200
    for _click in range(2):
        assert nobody.post(PAGE, **typed).location == "/mailbox"
    assert EVE in nobody.get("/mailbox").text
    assert len(mails.to(EVE)) == 1
    assert ideas(app) == []
    link = mails.link(EVE)
    confirming = nobody.get(link).text
    assert "A can that says when it is cold" in confirming
    assert "under the name Eve" in confirming
    assert ideas(app) == []  # A mail server that follows links has put nothing on the board.
    first = nobody.post(link)
    assert first.status_code == 302
    assert nobody.post(link).location == nobody.get(link).location == first.location
    assert ideas(app) == [("A can that says when it is cold", "Eve")]
    assert "Eve" in nobody.get(first.location).text


def test_eve_takes_it_over_by_making_an_account(app, nobody, mails, typed):
    nobody.post(PAGE, **typed)
    idea = nobody.post(mails.link(EVE)).location
    nobody.post("/sign-up", name="Evelyn", email=EVE, password="a good long password")
    link = mails.link(EVE)
    assert link.startswith("/reset/")
    assert nobody.post(link, password="another good long one").status_code == 302
    assert nobody.get(f"{idea}/edit").status_code == 200


def test_the_answer_is_the_same_whether_the_address_has_an_account(app, people, nobody, mails, typed):
    unknown = nobody.post(PAGE, **typed)
    known = nobody.post(PAGE, **{**typed, "email": people.bea.email, "key": "another-form", "title": "A wider mouth"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    mine, theirs = (mails.to(address)[0] for address in (EVE, people.bea.email))
    assert theirs["Subject"].startswith("Put your idea on the board")
    assert mine["Subject"].startswith("Put your idea on the board")


def test_with_an_account_it_stands_under_its_name(app, cast, nobody, mails, typed):
    with app.app_context():
        email, name = (person := db.session.get_one(Person, cast["bea"])).email, person.name
    nobody.post(PAGE, **{**typed, "email": email, "name": "Somebody"})
    link = mails.link(email)
    assert f"under the name {name}" in nobody.get(link).text
    nobody.post(link)
    assert ideas(app) == [(typed["title"], name)]


def test_an_account_that_nobody_confirmed_loses_its_password_to_the_mailbox(app, nobody, mails, typed):
    with app.app_context():
        sign_up("A stranger", EVE, "a password of a stranger", "en")
        db.session.commit()
    nobody.post(PAGE, **typed)
    nobody.post(mails.link(EVE))
    assert ideas(app) == [(typed["title"], "Eve")]
    with app.app_context():
        assert db.session.scalars(db.select(Person).filter_by(email=EVE)).one().password_hash is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "nowhere"}, "This isn’t an e-mail address that we can write to."),
        ({"name": " "}, "Your name is needed here."),
        ({"name": "www.buy.example"}, "A name, please, not an address."),
        ({"title": "Short"}, "A little more"),
        ({"category": ""}, "Choose the category that fits best."),
        ({"begun": ""}, "That was very quick."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(app, nobody, typed, fields, sentence):
    answer = nobody.post(PAGE, **{**typed, **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "With ink that changes." in answer.text
    assert waiting(app) == 0


def test_programs_are_told_the_same_and_nothing_is_kept(app, nobody, mails, typed):
    assert nobody.post(PAGE, **typed, website="https://buy.example").location == "/mailbox"
    assert waiting(app) == 0
    assert mails.to(EVE) == []


def test_who_sends_it_at_once_sends_it_again(app, nobody, typed):
    begun = shown(nobody.get(PAGE).text)["begun"]
    answer = nobody.post(PAGE, **{**typed, "begun": begun})
    assert "That was very quick." in answer.text
    assert shown(answer.text)["begun"] == begun  # The clock doesn't start anew.


def test_one_mailbox_is_written_to_a_few_times_an_hour(app, nobody, mails, typed):
    for number in range(7):
        fields = {"key": f"form-{number}", "title": f"An idea with the number {number}"}
        answer = nobody.post(PAGE, **{**typed, **fields})
    assert answer.status_code == 429
    assert len(mails.to(EVE)) == 5


def test_without_the_brand_s_leave_an_account_is_needed(app, bea, nobody, typed, soda_campaign):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).takes_guests = False
        db.session.commit()
    for answer in (nobody.get(PAGE), nobody.post(PAGE, **typed), nobody.get("/campaigns/soda/ideas/new")):
        assert answer.location.startswith("/sign-in")
    assert waiting(app) == 0
    assert bea.get(PAGE).location == "/campaigns/soda/ideas/new"  # Not to sign in once more, and round again.


def test_a_question_that_needs_an_answer_needs_an_account(app, ana, nobody, invited):
    with app.app_context():
        db.session.add(Question(campaign_id=invited, kind="text", names={"en": "Where?", "fr": "Où ?"}, required=True))
        db.session.commit()
    assert nobody.get(PAGE).location.startswith("/sign-in")
    answer = ana.post(SETTINGS, **shown(ana.get(SETTINGS).text))
    assert answer.status_code == 422
    assert "They are not asked your questions" in answer.text


def test_a_hidden_campaign_is_hidden_and_who_has_an_account_uses_it(app, bea, nobody, typed, invited):
    assert bea.get(PAGE).location == "/campaigns/soda/ideas/new"
    with app.app_context():
        db.session.get_one(Campaign, invited).visibility = "members"
        db.session.commit()
    assert nobody.get(PAGE).status_code == 404
    assert nobody.post(PAGE, **typed).status_code == 404


def test_guests_accept_the_rules_and_the_idea_comes_under_them(app, nobody, mails, typed, invited):
    with app.app_context():
        campaign = db.session.get_one(Campaign, invited)
        said = {code: {"rules": "One entry each."} for code in ("en", "fr")}
        state_rules(campaign, campaign.publication.by, Terms(age_min=16, texts=said))
        db.session.commit()
    refused = nobody.post(PAGE, **typed)
    assert refused.status_code == 422
    assert waiting(app) == 0
    ticked = {"rules": "1", "accepts": "y", "of_age": "y", "yours": "own"}
    assert nobody.post(PAGE, **{**typed, **ticked}).location == "/mailbox"
    nobody.post(mails.link(EVE))
    with app.app_context():
        assert db.session.scalars(db.select(Idea)).one().rules.number == 1


def test_what_is_on_the_board_already_is_said_at_once(app, nobody, typed, soda_idea):
    answer = nobody.post(PAGE, **{**typed, "title": "A can you can reseal"})
    assert answer.status_code == 422
    assert "This idea is on the board already." in answer.text
    assert waiting(app) == 0


def test_an_address_is_kept_for_three_days(app, nobody, mails, typed):
    nobody.post(PAGE, **typed)
    with app.app_context():
        db.session.scalars(db.select(GuestIdea)).one().at = now() - timedelta(days=3, minutes=1)
        db.session.commit()
        forget_guest_ideas()
    assert waiting(app) == 0
    assert nobody.get(mails.link(EVE)).status_code == 410


@pytest.mark.one_database
def test_a_link_that_nobody_was_sent_leads_nowhere(nobody, invited):
    assert nobody.get("/guest-ideas/made-up").status_code == 410


@pytest.mark.one_database
def test_copies_and_plans_keep_whether_guests_are_welcome(people, campaign):
    campaign.takes_guests = True
    save_plan(campaign, people.ana, "Yearly", "a-click")
    [plan] = plans_of(people.soda)
    assert plan.takes_guests
    assert copy_campaign(campaign, people.ana, "a-click").takes_guests


def state(app, campaign_id: int, **terms) -> None:
    """Let the campaign's rules say something from now on, in both languages."""
    with app.app_context():
        campaign = db.session.get_one(Campaign, campaign_id)
        said = {code: {"rules": f"One entry each: {sorted(terms)}."} for code in ("en", "fr")}
        state_rules(campaign, campaign.publication.by, Terms(texts=said, **terms))
        db.session.commit()


def change(app, campaign_id: int, **given) -> None:
    with app.app_context():
        for name, value in given.items():
            setattr(db.session.get_one(Campaign, campaign_id), name, value)
        db.session.commit()


def test_who_goes_back_to_mend_the_address_is_written_to_there(app, nobody, mails, typed):
    nobody.post(PAGE, **{**typed, "email": "evee@example.net"})
    nobody.post(PAGE, **typed)
    assert [len(mails.to(address)) for address in ("evee@example.net", EVE)] == [1, 1]


def test_an_idea_is_not_taken_for_one_that_was_forgotten(app, nobody, mails, typed):
    nobody.post(PAGE, **typed)
    nobody.post(mails.link(EVE))
    with app.app_context():
        db.session.execute(db.update(GuestIdea).values(at=now() - timedelta(days=4)))
        db.session.commit()
        forget_guest_ideas()
    another = {**typed, "title": "A can that folds flat", "key": "another-form"}
    nobody.post(PAGE, **another)
    nobody.post(mails.link(EVE))
    assert [title for title, _name in ideas(app)] == [typed["title"], another["title"]]


def test_guests_say_whose_it_is_and_what_they_have_from_the_brand(app, nobody, mails, typed, invited):
    change(app, invited, asks_origin=True)
    said = {"yours": "allowed", "builds_on": "", "received": "sample", "received_what": "Two cans"}
    refused = nobody.post(PAGE, **typed, **said)
    assert refused.status_code == 422
    assert "Name them, so that what is theirs stays theirs." in refused.text
    assert said.items() <= shown(refused.text).items()
    refused = nobody.post(PAGE, **typed, **{**said, "yours": "theirs"})
    assert "Then it is theirs to suggest." in refused.text
    assert nobody.post(PAGE, **typed, **{**said, "builds_on": "Rivella"}).location == "/mailbox"
    nobody.post(mails.link(EVE))
    with app.app_context():
        idea = db.session.scalars(db.select(Idea)).one()
        declared = db.session.get_one(Incentive, (invited, idea.author_id))
        assert (idea.builds_on, declared.kind, declared.what) == ("Rivella", "sample", "Two cans")


def test_rules_that_are_stated_meanwhile_are_accepted_with_the_confirmation(app, nobody, mails, typed, invited):
    nobody.post(PAGE, **typed)
    link = mails.link(EVE)
    state(app, invited, age_min=16, countries=("FR",))
    page = nobody.get(link).text
    assert all(f'name="{field}"' in page for field in ("accepts", "of_age", "from_country", "yours"))
    refused = nobody.post(link, **shown(page))
    assert refused.status_code == 422
    assert "Say whether it is yours." in refused.text
    ticked = {**shown(page), "accepts": "y", "from_country": "y", "yours": "own"}
    refused = nobody.post(link, **ticked)
    assert refused.status_code == 422
    assert "The campaign is for people of that age." in refused.text
    assert (shown(refused.text)["accepts"], shown(refused.text)["yours"]) == ("y", "own")
    assert ideas(app) == []
    assert nobody.post(link, **ticked, of_age="y").status_code == 302
    with app.app_context():
        assert db.session.scalars(db.select(Idea)).one().rules.number == 1


def test_rules_that_change_meanwhile_are_accepted_anew_and_the_others_were_accepted_once(
    app, nobody, mails, typed, invited
):
    state(app, invited, age_min=16)
    ticked = {"rules": "1", "accepts": "y", "of_age": "y", "yours": "own"}
    nobody.post(PAGE, **typed, **ticked)
    link = mails.link(EVE)
    assert 'name="accepts"' not in nobody.get(link).text
    state(app, invited, age_min=18)
    assert "Read the rules and accept them" in nobody.post(link).text
    assert nobody.post(link, rules="2", accepts="y", of_age="y").status_code == 302
    with app.app_context():
        assert db.session.scalars(db.select(Idea)).one().rules.number == 2


def test_a_category_that_is_gone_is_chosen_anew_and_a_licence_is_told_as_it_is(app, nobody, mails, typed, invited):
    nobody.post(PAGE, **typed)
    link = mails.link(EVE)
    before = shown(nobody.get(link).text)
    with app.app_context():
        campaign = db.session.get_one(Campaign, invited)
        campaign.licence = "by"
        campaign.categories[:] = [Category(slug="rest", names={"en": "The rest", "fr": "Le reste"})]
        db.session.commit()
    page = nobody.get(link).text
    assert "Choose the category that fits best." in nobody.post(link, **shown(page)).text
    refused = nobody.post(link, **{**before, "category": "rest"})
    assert "The campaign has changed its licence meanwhile." in refused.text
    assert nobody.post(link, **{**shown(page), "category": "rest"}).status_code == 302
    with app.app_context():
        idea = db.session.scalars(db.select(Idea)).one()
        assert (idea.licence, idea.category.slug) == ("by", "rest")


@pytest.mark.parametrize("given", [{"takes_guests": False}, {"question": True}])
def test_who_would_need_an_account_by_now_is_told_and_keeps_the_words(app, nobody, mails, typed, invited, given):
    nobody.post(PAGE, **typed)
    if "question" in given:
        with app.app_context():
            asked = Question(campaign_id=invited, kind="text", names={"en": "Where?", "fr": "Où ?"}, required=True)
            db.session.add(asked)
            db.session.commit()
    else:
        change(app, invited, **given)
    answer = nobody.post(mails.link(EVE))
    assert answer.status_code == 422
    assert "takes ideas only from people with an account" in answer.text
    assert typed["text"] in answer.text
    assert ideas(app) == []


def test_guests_give_as_many_ideas_as_everybody_and_none_while_a_stage_is_held(app, nobody, mails, typed, invited):
    change(app, invited, ideas_each=1)
    nobody.post(PAGE, **typed)
    first = mails.link(EVE)
    nobody.post(PAGE, **{**typed, "title": "A can that folds flat"})
    second = mails.link(EVE)
    with app.app_context():
        stage = db.session.get_one(Campaign, invited).stages[0]
        stage.held = True
        db.session.commit()
    assert "take ideas now" in nobody.post(first).text
    late = nobody.post(PAGE, **{**typed, "title": "A can with a lid"})
    assert late.status_code == 422
    assert "A can with a lid" in late.text
    with app.app_context():
        db.session.get_one(Campaign, invited).stages[0].held = False
        db.session.commit()
    assert nobody.post(first).status_code == 302
    assert "Everybody can give one idea here" in nobody.post(second).text
    assert len(ideas(app)) == 1


def test_who_signed_in_meanwhile_finds_the_words_in_the_form_of_their_own(app, bea, typed, invited):
    assert bea.post(PAGE, **typed).location == "/campaigns/soda/ideas/new"
    assert typed["text"] in bea.get("/campaigns/soda/ideas/new").text
    bea.post(PAGE, **{**typed, "title": "Another idea altogether"})
    with app.app_context():
        assert db.session.scalars(db.select(Draft)).one().fields["title"] == typed["title"]


def test_two_confirmations_at_once_are_one_idea_of_one_person(app, nobody, mails, typed, at_once):
    nobody.post(PAGE, **typed)
    given = []

    def click():
        kept = db.session.scalars(db.select(GuestIdea)).one()
        yield
        given.append(confirm_guest_idea(kept).id)

    with app.app_context():
        at_once(click, click)
    assert given[0] == given[1]
    assert ideas(app) == [(typed["title"], "Eve")]


def test_two_ideas_of_a_guest_that_are_confirmed_at_once_have_one_author(app, nobody, mails, typed, invited, at_once):
    change(app, invited, ideas_each=2)
    nobody.post(PAGE, **typed)
    nobody.post(PAGE, **{**typed, "title": "A can that folds flat"})

    def click(number):
        def act():
            kept = db.session.scalars(db.select(GuestIdea).order_by(GuestIdea.id)).all()[number]
            yield
            confirm_guest_idea(kept)

        return act

    with app.app_context():
        at_once(click(0), click(1))
    assert len(ideas(app)) == 2
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).where(Person.email == EVE)) == 1


def test_a_robot_is_slowed_by_the_puzzle_of_the_page(app, nobody, mails, typed):
    assert "data-nonce=" in nobody.get(PAGE).text
    with app.app_context():
        puzzle = new_puzzle(now().timestamp() - 4)
        signed = puzzle.signed
    number = next(n for n in range(MOST) if digest_of(puzzle.nonce, n) == puzzle.challenge)
    answer = nobody.post(PAGE, **typed, page=signed, solved=str(number + 1))
    assert answer.status_code == 429
    assert "That was quicker than people type" in answer.text
    assert typed["title"] in answer.text
    assert "This page was open for a long time." in nobody.post(PAGE, **typed, page="forged").text
    assert waiting(app) == 0
    assert nobody.post(PAGE, **typed, page=signed, solved=str(number)).location == "/mailbox"
    assert waiting(app) == 1


def test_a_guest_is_shown_once_what_says_nearly_the_same(app, cast, nobody, mails, typed, invited):
    put_up(app, invited, cast["bea"], "A bottle made of coloured glass")
    asked = nobody.post("/campaigns/soda/ideas/similar", title="A bottle made of coloured glasses")
    assert "A bottle made of coloured glass" in asked.text
    assert "<similar-ideas" in nobody.get(PAGE).text
    mine = {**typed, "title": "A bottle made of coloured glasses"}
    again = nobody.post(PAGE, **mine)
    assert again.status_code == 422
    assert "Is it one of these?" in again.text
    assert "Send mine all the same" in again.text
    assert mails.to(EVE) == []
    assert nobody.post(PAGE, **mine, seen=shown(again.text)["seen"]).location == "/mailbox"
    assert len(mails.to(EVE)) == 1


def test_where_an_account_is_needed_nobody_is_told_of_others(app, nobody, soda_campaign):
    answer = nobody.post(
        "/campaigns/soda/ideas/similar", title="A bottle of glass", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 401
