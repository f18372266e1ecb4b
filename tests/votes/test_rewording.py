"""A vote is for the words that stood there when it was given: who reworded an idea asks its supporters again."""

import json
from html import unescape

import pytest

from campaign.accounts.wished_mail import wish_mail
from campaign.brands.models import Membership
from campaign.campaigns.models import Stage
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.ideas.actions import edit_idea
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.rewording import wording
from campaign.ledger.verifying import verify
from campaign.votes.asking_again import ask_again
from campaign.votes.confirming import RewordedAgain, confirm_vote
from campaign.votes.models import Vote
from tests.ideas.asking import a, ask
from tests.ideas.test_editing import edit
from tests.pictures import pdf
from tests.voting import cast_vote, withdraw_vote


@pytest.fixture
def supported(people, resealable):
    """bea's idea with the votes of carl and drew."""
    cast_vote(resealable, people.carl, "carls-vote")
    cast_vote(resealable, people.drew, "drews-vote")
    db.session.commit()
    return resealable


def reword(idea, text, title="A can you can reseal"):
    edit_idea(
        idea,
        idea.author,
        title,
        text,
        language="en",
        category=idea.campaign.categories[0],
        tags=[],
        pictures=[],
        documents=[],
    )
    db.session.commit()


def counted(idea):
    db.session.refresh(idea)
    return idea.votes, idea.unconfirmed


def test_an_edit_that_says_something_else_asks_every_supporter_again(supported):
    reword(supported, "With a cap that clicks.")
    assert counted(supported) == (2, 2)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "text", ["with a **cap**, that turns", "With a cap\n\nthat turns…", "“With a cap – that turns!”"]
)
def test_typography_asks_nobody(text):
    assert wording(text) == wording("With a cap that turns.")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("one", "other"), [("5 €", "5 %"), ("at -5 °", "at 5 °"), ("la pêche", "la péché"), ("15", "1,5")]
)
def test_a_sign_that_changes_the_sense_is_a_word(one, other):
    assert wording(one) != wording(other)


def test_tags_category_and_typography_leave_the_votes_as_they_are(app, bea, carl, supported):
    carl_before = counted(supported)
    edit(bea, supported.id, text="With a cap, that turns!", tags="summer")
    assert counted(supported) == carl_before == (2, 0)
    assert supported.version == 2


def test_a_vote_for_the_new_words_is_confirmed_and_one_taken_back_is_not_counted_as_unconfirmed(people, supported):
    reword(supported, "With a cap that clicks.")
    cast_vote(supported, people.ana, "anas-vote")
    db.session.commit()
    assert counted(supported) == (3, 2)
    withdraw_vote(supported, people.carl, "carl-goes")
    db.session.commit()
    assert counted(supported) == (2, 1)
    withdraw_vote(supported, people.ana, "ana-goes")
    db.session.commit()
    assert counted(supported) == (1, 1)


def test_who_takes_a_vote_back_and_gives_it_again_has_read_the_new_words(people, supported):
    reword(supported, "With a cap that clicks.")
    withdraw_vote(supported, people.carl, "carl-goes")
    cast_vote(supported, people.carl, "carl-comes")
    db.session.commit()
    assert counted(supported) == (2, 1)


def test_confirming_is_for_the_version_that_was_read_and_done_once(people, supported):
    reword(supported, "With a cap that clicks.")
    with pytest.raises(RewordedAgain):
        confirm_vote(supported, people.carl, read=1)
    confirm_vote(supported, people.carl, read=2)
    confirm_vote(supported, people.carl, read=2)
    confirm_vote(supported, people.ana, read=2)  # She never voted.
    db.session.commit()
    assert counted(supported) == (2, 1)
    reword(supported, "With no cap at all.")
    assert counted(supported) == (2, 2)


def test_the_log_and_the_totals_stay_true(people, supported):
    reword(supported, "With a cap that clicks.")
    confirm_vote(supported, people.carl, read=2)
    withdraw_vote(supported, people.drew, "drew-goes")
    db.session.commit()
    assert verify(supported.campaign).problems == []
    db.session.execute(db.update(Vote).values(version=1))
    db.session.commit()
    said = f"What is not confirmed of idea {supported.id} was changed: it says 0 votes, and they are 1."
    assert verify(supported.campaign).problems == [said]


def test_supporters_are_written_to_once_unless_they_want_no_such_mail(people, supported, mails):
    wish_mail(people.drew, "idea-reworded", wanted=False)
    db.session.commit()
    reword(supported, "With a cap that clicks.")
    ask_again()
    reword(supported, "With a cap that sings.")
    ask_again()
    assert [mail["Subject"] for mail in mails.to("carl@example.org")] == [
        "“A can you can reseal” has changed since you supported it"
    ]
    assert mails.link("carl@example.org") == f"{supported.url}/vote/confirmation"
    assert mails.to("drew@example.org") == mails.to("ana@example.org") == mails.to("bea@example.org") == []
    confirm_vote(supported, people.carl, read=3)
    db.session.commit()
    reword(supported, "With a cap that turns.")
    ask_again()
    assert len(mails.to("carl@example.org")) == 2


@pytest.fixture
def voted(app, bea, carl, soda_idea):
    """bea's idea, which carl supports and bea has reworded since."""
    carl.post(f"/ideas/{soda_idea}/vote", id="carls-vote")
    edit(bea, soda_idea)
    return f"/ideas/{soda_idea}"


def test_who_supported_it_sees_what_changed_and_confirms(app, carl, voted):
    assert "This idea has changed since you supported it." in carl.get(voted).text
    assert "data-reworded" in carl.get("/campaigns/soda").text
    page = carl.get(f"{voted}/vote/confirmation").text
    assert "clicks" in page
    assert "<ins>" in page
    assert "<del>" in page
    assert carl.post(f"{voted}/vote/confirmation", read="2").headers["Location"].endswith(voted)
    assert carl.post(f"{voted}/vote/confirmation", read="2").status_code == 302  # A second click.
    assert "This idea has changed since you supported it." not in carl.get(voted).text
    assert "data-reworded" not in carl.get("/campaigns/soda").text
    with app.app_context():
        assert db.session.scalars(db.select(Idea.unconfirmed)).one() == 0


@pytest.mark.parametrize("gone", ["vote", "idea", "nobody's"])
def test_nothing_is_said_to_be_confirmed_where_no_vote_stands(app, ana, carl, voted, gone):
    if gone == "vote":
        carl.post(f"{voted}/vote/withdrawal", id="carl-takes-it-back")
    if gone == "idea":
        with app.app_context():
            db.session.scalars(db.select(Idea)).one().withdrawal = Withdrawal(reason="Said twice.")
            db.session.commit()
    asker = ana if gone == "nobody's" else carl
    told = asker.post(f"{voted}/vote/confirmation", read="2", follow_redirects=True).text
    assert "Your vote is confirmed." not in told
    assert "nothing was confirmed" in told


def test_a_page_from_before_another_edit_shows_that_edit_first(bea, carl, voted):
    edit(bea, voted.rpartition("/")[2], text="With no cap at all.")
    page = carl.post(f"{voted}/vote/confirmation", read="2")
    assert page.status_code == 422
    assert "The idea has changed once more meanwhile." in page.text
    assert "at all" in page.text


def test_another_document_is_an_edit_that_its_supporters_read_and_confirm(app, bea, carl, soda_idea):
    page, plan = f"/ideas/{soda_idea}", (pdf("x" * 2400), "Plan of the cap.pdf")
    same = {"title": "A can you can reseal", "text": "With a cap that turns.", "category": "can"}
    carl.post(f"{page}/vote", id="carls-vote")
    assert bea.post(f"{page}/edit", **same, data={"documents": plan}).status_code == 302
    with app.app_context():
        assert counted(db.session.get_one(Idea, soda_idea)) == (1, 1)
    assert "Plan of the cap.pdf" in carl.get(f"{page}/vote/confirmation").text
    carl.post(f"{page}/vote/confirmation", read="2")
    with app.app_context():
        idea = db.session.get_one(Idea, soda_idea)
        key = idea.documents[0].key
        assert counted(idea) == (1, 0)
    bea.post(f"{page}/edit", **same, tags="summer", kept=key)
    with app.app_context():
        assert counted(db.session.get_one(Idea, soda_idea)) == (1, 0)
    bea.post(f"{page}/edit", **same, kept=key, remove=key)
    with app.app_context():
        assert counted(db.session.get_one(Idea, soda_idea)) == (1, 1)


def test_another_public_answer_is_an_edit_and_a_private_one_is_not(app, bea, carl, soda_campaign, soda_idea):
    where, secret = ask(app, soda_campaign, a(), a(private=True))
    carl.post(f"/ideas/{soda_idea}/vote", id="carls-vote")
    same = {"title": "A can you can reseal", "text": "With a cap that turns."}

    def answered(**answers):
        assert edit(bea, soda_idea, **same, **answers).status_code == 302
        with app.app_context():
            return counted(db.session.get_one(Idea, soda_idea))

    assert answered(**{f"question-{secret}": "In the bath"}) == (1, 0)
    assert answered(**{f"question-{where}": "On a train"}) == (1, 1)
    assert "On a train" in carl.get(f"/ideas/{soda_idea}/vote/confirmation").text


def test_others_have_nothing_to_confirm(ana, bea, nobody, voted):
    for other in (ana, bea):
        assert other.get(f"{voted}/vote/confirmation").headers["Location"].endswith(voted)
        other.post(f"{voted}/vote/confirmation", read="2")
        assert "changed since you supported it" not in other.get(voted).text
    assert nobody.get(f"{voted}/vote/confirmation").headers["Location"].startswith("/sign-in")
    assert "0 of 1 confirmed since it was reworded" in nobody.get(voted).text


def test_page_card_and_export_say_the_same(app, drew, nobody, voted):
    drew.post(f"{voted}/vote", id="drews-vote")
    for page in (nobody.get(voted), nobody.get("/campaigns/soda")):
        assert "1 of 2 confirmed since it was reworded" in unescape(page.text)
    with app.app_context():
        campaign = db.session.scalars(db.select(Idea)).one().campaign
        [idea] = json.loads("".join(as_json(campaign)))["ideas"]
        assert (idea["votes"], idea["unconfirmed"]) == (2, 1)
        header, line = (row.split(",") for row in "".join(as_csv(campaign)).splitlines())
        assert line[header.index("unconfirmed")] == "1"


def test_between_two_votes_one_can_confirm_and_not_take_back(app, carl, voted):
    with app.app_context():
        for stage in db.session.scalars(db.select(Stage)):
            stage.accepts_votes = False
        db.session.commit()
    page = carl.get(f"{voted}/vote/confirmation").text
    assert "Take my vote back" not in page
    assert carl.post(f"{voted}/vote/confirmation", read="2").status_code == 302
    assert "This idea has changed since you supported it." not in carl.get(voted).text


def test_a_vote_that_waited_for_the_line_is_for_what_its_voter_had_read(app, bea, carl, drew, soda_idea):
    edit(bea, soda_idea)
    carl.post(f"/ideas/{soda_idea}/vote", id="carls-vote", version="1")
    drew.post(f"/ideas/{soda_idea}/vote", id="drews-vote", version="7")  # There is no such version: the present one.
    assert "This idea has changed since you supported it." in carl.get(f"/ideas/{soda_idea}").text
    assert "This idea has changed since you supported it." not in drew.get(f"/ideas/{soda_idea}").text
    with app.app_context():
        idea = db.session.get_one(Idea, soda_idea)
        assert counted(idea) == (2, 1)
        assert verify(idea.campaign).problems == []


@pytest.mark.parametrize("version", ["0", "-1", "99999999999999"])
def test_a_version_that_nobody_read_is_refused(carl, soda_idea, version):
    assert carl.post(f"/ideas/{soda_idea}/vote", id="carls-vote", version=version).status_code == 400


def test_the_profile_keeps_who_wants_no_mail(carl):
    def ticked():
        inputs = carl.get("/profile").text.split("<input")
        return "checked" in next(one for one in inputs if 'id="hears_of_edits"' in one).split(">")[0]

    assert ticked()
    carl.post("/profile", name="Carl", language="en")
    assert not ticked()


def test_no_mail_tells_of_a_campaign_that_its_reader_may_no_longer_see(people, supported, mails):
    reword(supported, "With a cap that clicks.")
    supported.campaign.visibility = "members"
    db.session.add(Membership(brand=people.soda, person=people.drew, role="analyst"))
    db.session.commit()
    ask_again()
    assert mails.to("carl@example.org") == []
    assert len(mails.to("drew@example.org")) == 1
