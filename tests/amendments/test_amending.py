"""What others would change in an idea: proposed, read as a diff, taken in or refused, always with names and reasons."""

from html import unescape

import pytest

from campaign.amendments.actions import (
    Ended,
    IdeaChangedMeanwhile,
    NothingProposed,
    OneWaits,
    OwnToEdit,
    accept_amendment,
    propose_amendment,
    refuse_amendment,
    withdraw_amendment,
)
from campaign.amendments.models import Amendment
from campaign.brands.models import Membership
from campaign.campaigns.incentives import Incentive
from campaign.campaigns.rules import RulesAcceptance, Terms
from campaign.campaigns.ruling import Agreement, RulesUnaccepted, state_rules
from campaign.extensions import db
from campaign.ideas.actions import EditsClosed
from campaign.ideas.models import Idea, IdeaPicture
from campaign.images import Image
from tests.campaigns.test_settings import shown
from tests.ideas.test_editing import edit
from tests.refusals import sentence_at
from tests.votes.test_rewording import reword

BETTER = "With a cap that turns both ways."


def propose(idea, by, text=BETTER, key="one", read=1):
    amendment = propose_amendment(idea, by, idea.title, text, why="For left hands.", read=read, key=key)
    db.session.commit()
    return amendment


def test_accepted_it_is_a_new_version_that_names_who_proposed_it_and_keeps_the_rest(people, resealable):
    [resealable.category] = resealable.campaign.categories
    resealable.tags = list(resealable.campaign.tags)
    image = Image(key="ab" * 16, width=640, height=480, by_id=people.bea.id, alt="A cap, from above")
    resealable.pictures = [IdeaPicture(image=image, position=0)]
    db.session.commit()
    amendment = propose(resealable, people.carl)
    accept_amendment(amendment, people.bea, read=1)
    accept_amendment(amendment, people.bea, read=1)  # A second click.
    db.session.commit()
    assert (resealable.text, resealable.version, amendment.end.version) == (BETTER, 2, 2)
    assert resealable.amenders == [people.carl]
    assert resealable.versions[-1].editor == people.bea
    assert sorted(tag.name for tag in resealable.tags) == ["studied", "summer"]
    assert resealable.category is resealable.campaign.categories[0]
    assert [(image.key, image.alt) for image in resealable.images] == [("ab" * 16, "A cap, from above")]


def test_an_idea_that_changed_meanwhile_is_looked_at_again(people, resealable):
    amendment = propose(resealable, people.carl)
    reword(resealable, "With a cap that clicks.")
    with pytest.raises(IdeaChangedMeanwhile):
        accept_amendment(amendment, people.bea, read=1)
    accept_amendment(amendment, people.bea, read=2)
    assert resealable.text == BETTER


def test_what_was_written_on_an_older_version_is_compared_first(people, resealable):
    reword(resealable, "With a cap that clicks.")
    with pytest.raises(IdeaChangedMeanwhile):
        propose(resealable, people.carl, read=1)


def test_each_ends_once(people, resealable):
    amendment = propose(resealable, people.carl)
    refuse_amendment(amendment, people.bea, "Caps turn one way.")
    refuse_amendment(amendment, people.bea, "Another reason")
    db.session.commit()
    assert amendment.end.reason == "Caps turn one way."
    with pytest.raises(Ended):
        accept_amendment(amendment, people.bea, read=1)
    with pytest.raises(Ended):
        withdraw_amendment(amendment, people.carl)


def test_one_waits_at_a_time_and_a_repeat_is_the_same(people, resealable):
    first = propose(resealable, people.carl)
    assert propose(resealable, people.carl) is first
    with pytest.raises(OneWaits):
        propose(resealable, people.carl, key="two")
    withdraw_amendment(first, people.carl)
    assert propose(resealable, people.carl, key="two") is not first


def test_it_has_to_change_something_of_somebody_elses_while_changes_are_open(people, resealable):
    with pytest.raises(NothingProposed):
        propose(resealable, people.carl, text=resealable.text)
    with pytest.raises(OwnToEdit):
        propose(resealable, people.bea)
    resealable.campaign.stages[0].accepts_edits = False
    with pytest.raises(EditsClosed):
        propose(resealable, people.carl)


@pytest.fixture
def proposed(app, carl, soda_idea):
    """carl's amendment to bea's idea."""
    page = f"/ideas/{soda_idea}/amendments/new"
    fields = {**shown(carl.get(page).text), "text": BETTER, "why": "For left hands."}
    return carl.post(page, **fields).headers["Location"]


def test_everybody_reads_it_and_its_author_alone_answers(app, ana, bea, carl, nobody, proposed, mails):
    assert mails.link("bea@example.org") == proposed
    assert "For left hands." in nobody.get("/ideas/1").text
    for other in (ana, carl, nobody):
        page = other.get(proposed).text
        assert "<ins>" in page
        assert "Take it into the idea" not in page
    assert carl.post(proposed, act="accept", version="1").status_code == 404
    assert ana.post(proposed, act="accept", version="1").status_code == 404
    assert nobody.post(proposed, act="accept", version="1").headers["Location"].startswith("/sign-in")
    assert bea.post(proposed, act="accept", version="1", reason="Of course!").status_code == 302
    assert "Amended by Carl." in nobody.get("/ideas/1").text
    assert "with an amendment by Carl" in nobody.get("/ideas/1/versions").text
    assert "Of course!" in nobody.get(proposed).text
    assert "is now part of" in mails.to("carl@example.org")[-1]["Subject"]
    assert "took an amendment into an idea" in ana.get("/campaigns/soda/history").text


def test_a_no_says_why_and_stays_readable(bea, nobody, proposed, mails):
    page = bea.post(proposed, act="refuse", version="1", reason="")
    assert page.status_code == 422
    assert "Say in a few words why not" in page.text
    bea.post(proposed, act="refuse", version="1", reason="Caps turn one way.")
    assert "Caps turn one way." in nobody.get(proposed).text
    assert "Refused" in nobody.get("/ideas/1").text
    assert "Caps turn one way." in mails.to("carl@example.org")[-1].get_body(("plain",)).get_content()


def test_a_page_from_before_an_edit_shows_it_again(app, bea, proposed):
    edit(bea, 1)
    page = bea.post(proposed, act="accept", version="1")
    assert "The idea has changed meanwhile." in page.text
    assert "The idea has changed since this was proposed." in page.text
    assert bea.post(proposed, **{**shown(page.text), "act": "accept"}).status_code == 302
    with app.app_context():
        assert db.session.get(Idea, 1).text == BETTER


def test_words_that_do_not_fit_come_back(app, carl, soda_idea):
    page = f"/ideas/{soda_idea}/amendments/new"
    answer = carl.post(page, **{**shown(carl.get(page).text), "title": "short", "text": "An hour of work"})
    assert answer.status_code == 422
    assert "An hour of work" in answer.text
    assert "A little more" in answer.text
    with app.app_context():
        assert db.session.scalar(db.select(Amendment)) is None


def test_its_author_takes_it_back_and_nobody_else(bea, carl, proposed):
    assert bea.post(f"{proposed}/withdrawal").status_code == 404
    assert carl.post(f"{proposed}/withdrawal").status_code == 302
    assert "Taken back" in bea.get(proposed).text


def test_an_author_is_led_to_the_edit_and_closed_ideas_say_so(bea, carl, nobody, soda_idea):
    page = f"/ideas/{soda_idea}/amendments/new"
    assert bea.get(page).headers["Location"].endswith("/edit")
    assert nobody.get(page).headers["Location"].startswith("/sign-in")
    bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Said better elsewhere.")
    assert "withdrawn by its author" in unescape(carl.get(page).text)


def test_other_words_from_a_page_gone_back_to_are_no_repeat(app, carl, bea, proposed):
    page = "/ideas/1/amendments/new"
    sent = {**shown(carl.get(page).text), "text": "With a cap that sings.", "why": "It is merry."}
    first = carl.post(page, **sent)
    assert "waits for its answer" in first.text  # carl's first one does.
    assert "With a cap that sings." in first.text
    carl.post(f"{proposed}/withdrawal")
    assert (second := carl.post(page, **sent).headers["Location"]) != proposed
    assert carl.post(page, **sent).headers["Location"] == second  # A second click.
    other = carl.post(page, **{**sent, "text": "With a cap that hums."})
    assert "waits for its answer" in other.text
    assert "With a cap that hums." in other.text


@pytest.fixture
def ruled(people, campaign):
    """The open campaign with rules, for people of 18 or older."""
    state_rules(campaign, people.ana, Terms(age_min=18, texts={"en": {"criteria": "Whether it fits."}}))
    db.session.commit()


def test_words_that_may_enter_an_idea_come_under_the_rules(people, resealable, ruled):
    with pytest.raises(RulesUnaccepted):
        propose(resealable, people.carl)
    db.session.rollback()
    agreement = Agreement(1, accepts=True, of_age=True)
    propose_amendment(resealable, people.carl, resealable.title, BETTER, why="", read=1, key="k", agreement=agreement)
    accepted = db.session.scalars(db.select(RulesAcceptance)).one()
    assert (accepted.person_id, accepted.of_age) == (people.carl.id, True)


def test_the_form_asks_for_the_rules_and_what_one_received_and_names_the_licence(app, carl, soda_idea, ruled):
    page = f"/ideas/{soda_idea}/amendments/new"
    asked = carl.get(page).text
    assert "Your words are shared as this idea is: All rights stay with the author." in asked
    fields = {**shown(asked), "text": BETTER, "received": "sample", "received_what": "a crate"}
    refused = carl.post(page, **fields)
    assert refused.status_code == 422
    assert "accept them" in sentence_at(refused.text, "accepts")
    assert sentence_at(refused.text, "of_age")
    assert BETTER in refused.text
    with app.app_context():
        assert db.session.scalar(db.select(Amendment)) is None
    assert carl.post(page, **fields, accepts="y", of_age="y").status_code == 302
    with app.app_context():
        assert db.session.scalars(db.select(Incentive)).one().what == "a crate"
    assert "Received a sample from Soda" in carl.get(f"/ideas/{soda_idea}").text


def test_its_mails_go_to_who_may_see_the_campaign(people, resealable, mails):
    db.session.add(Membership(brand=people.soda, person=people.carl, role="analyst"))
    resealable.campaign.visibility = "members"
    db.session.commit()
    amendment = propose(resealable, people.carl)
    assert mails.to("bea@example.org") == []
    db.session.execute(db.delete(Membership).where(Membership.person_id == people.carl.id))
    refuse_amendment(amendment, people.bea, "Caps turn one way.")
    db.session.commit()
    assert mails.to("carl@example.org") == []
