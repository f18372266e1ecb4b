"""Decisions: once, by somebody else than the author, with a reason where something is taken down, and never over a colleague's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.clock import now
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.actions import TitleTaken, edit_idea, submit_idea, withdraw_idea
from campaign.ideas.models import Idea
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import (
    AlreadyHandled,
    ChangedMeanwhile,
    NothingLeft,
    OwnContribution,
    ReasonWanted,
    TooLate,
    claim,
    decide,
    decline_all,
    hide,
    put_back,
    take_back,
    trust,
)
from campaign.moderation.models import Case, Trusted
from campaign.moderation.rules import Rules, choose_rules
from campaign.moderation.telling import tell_authors
from tests.makers import make_person

WHY = "It advertises another shop."


@pytest.fixture
def waiting(people, reads_first, suggested):
    """bea's idea, and the case about it."""
    idea = suggested(people.bea)
    return idea, open_case_about(idea)


def test_taking_down_needs_a_reason(waiting, moderator):
    idea, case = waiting
    with pytest.raises(ReasonWanted):
        decide(case, moderator, "hidden")
    assert case.is_open
    with pytest.raises(ReasonWanted):
        hide(idea, moderator, "")


def test_the_second_of_two_moderators_hears_who_was_first(people, waiting, moderator):
    idea, case = waiting
    decide(case, moderator, "approved")
    db.session.commit()
    with pytest.raises(AlreadyHandled, match="already_handled") as refusal:
        decide(case, people.ana, "hidden", WHY)
    assert str(refusal.value.message) == "Already handled by Max: approved."
    assert (case.verdict, case.decided_by, idea.unseen) == ("approved", moderator, False)
    assert decide(case, moderator, "approved") is False  # The first one's second click.


def test_nobody_decides_about_what_they_wrote(people, waiting, moderator, suggested, campaign):
    choose_rules(campaign, people.ana, Rules())
    own = suggested(moderator, "A can of mine")
    for act in (lambda: hide(own, moderator, WHY), lambda: put_back(hide(own, people.ana, WHY), moderator, WHY)):
        with pytest.raises(OwnContribution):
            act()


def test_what_was_edited_meanwhile_is_read_again_first(people, waiting, moderator):
    idea, case = waiting
    words = {"language": "en", "category": idea.category, "tags": (), "pictures": (), "documents": ()}
    edit_idea(idea, people.bea, "A can that folds twice", "Along two lines.", **words)
    db.session.commit()
    with pytest.raises(ChangedMeanwhile):
        decide(case, moderator, "approved", read="1")
    assert decide(case, moderator, "approved", read="2")


def test_an_idea_whose_title_stands_there_by_now_is_not_shown_twice(people, waiting, moderator, campaign):
    idea, case = waiting
    choose_rules(campaign, people.ana, Rules())
    submit_idea(campaign, people.carl, idea.title, language="en", category=idea.category)
    db.session.commit()
    with pytest.raises(TitleTaken):
        decide(case, moderator, "approved")
    assert case.was_kept is None
    assert idea.unseen


def test_to_trust_somebody_approves_all_that_waits_of_them(people, waiting, moderator, suggested):
    _idea, case = waiting
    others = [suggested(people.bea, f"A can of kind {number}") for number in range(3)]
    carls = suggested(people.carl, "A can by carl")
    assert trust(case, moderator, "batch") == 4
    db.session.commit()
    assert not any(idea.unseen for idea in others)
    assert carls.unseen
    assert take_back("batch", moderator) == 4
    db.session.commit()
    assert all(idea.unseen for idea in others)
    assert db.session.scalars(db.select(Trusted)).all() == []
    assert take_back("batch", moderator) == 0  # Taken back twice.


def test_to_decline_all_takes_down_what_waits_of_them(people, waiting, moderator, suggested):
    idea, case = waiting
    other = suggested(people.bea, "Cheap pills")
    assert decline_all(case, moderator, WHY, "batch") == 2
    assert {idea.withdrawal.kind, other.withdrawal.kind} == {"hidden"}


def test_what_was_done_is_taken_back_within_seconds_by_who_did_it_only(app, people, waiting, moderator):
    idea, case = waiting
    decide(case, moderator, "hidden", WHY, batch="batch")
    db.session.commit()
    assert take_back("batch", people.ana) == 0
    assert take_back("batch", moderator) == 1
    db.session.commit()
    assert (idea.withdrawal.kind, idea.withdrawal.reason, case.is_open) == ("held", "", True)
    decide(case, moderator, "approved", batch="later")
    case.decided_at -= timedelta(minutes=1)
    db.session.commit()
    with pytest.raises(TooLate):
        take_back("later", moderator)
    assert not idea.unseen


def test_what_was_decided_anew_is_not_taken_back(people, waiting, moderator):
    idea, case = waiting
    decide(case, moderator, "approved", batch="batch")
    hide(idea, people.ana, WHY)
    db.session.commit()
    with pytest.raises(TooLate):
        take_back("batch", moderator)
    assert idea.withdrawal.kind == "hidden"


def test_what_its_author_took_back_is_left_alone(people, resealable, moderator):
    case = hide(resealable, moderator, WHY)
    put_back(case, moderator, "Fine.")
    withdraw_idea(resealable, people.bea, "I changed my mind.")
    db.session.commit()
    with pytest.raises(NothingLeft):
        hide(resealable, people.ana, WHY)


def test_who_looks_is_shown_and_gives_way_after_a_while(people, waiting, moderator):
    _idea, case = waiting
    claim(case, moderator)
    claim(case, people.ana)
    assert case.holder == moderator
    case.held_since -= timedelta(minutes=6)
    claim(case, people.ana)
    assert case.holder == people.ana
    assert decide(case, moderator, "approved")  # Looking keeps nobody from deciding.
    assert case.holder is None


def test_its_author_is_told_once_and_not_before_it_is_too_late_to_take_it_back(app, people, waiting, moderator, mails):
    _idea, case = waiting
    decide(case, moderator, "hidden", WHY)
    db.session.commit()
    tell_authors()
    assert mails.to(people.bea.email) == []
    case.decided_at = now() - timedelta(minutes=1)
    db.session.commit()
    for _twice in range(2):
        tell_authors()
    [mail] = mails.to(people.bea.email)
    assert WHY in mail.get_body(("plain",)).get_content()
    case.batch = "batch"
    with pytest.raises(TooLate):
        take_back("batch", moderator)
    db.session.rollback()
    again = put_back(case, moderator, "A second look.")
    again.decided_at = now() - timedelta(minutes=1)
    db.session.commit()
    tell_authors()
    assert "is on the board again" in mails.to(people.bea.email)[-1]["Subject"]


def test_two_who_decide_at_once_decide_once(app, cast, mod_id, waiting):
    _idea, case = waiting
    case_id = case.id
    db.session.commit()

    def act(person_id, verdict):
        with app.app_context():
            try:
                decide(db.session.get_one(Case, case_id), db.session.get_one(Person, person_id), verdict, WHY)
                db.session.commit()
            except AlreadyHandled:
                return "late"
            return verdict

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(act, (mod_id, cast["ana"]), ("approved", "hidden")))
    assert sorted(done).count("late") == 1
    db.session.expire_all()
    [won] = [verdict for verdict in done if verdict != "late"]
    assert db.session.get_one(Case, case_id).verdict == won
    idea = db.session.scalars(db.select(Idea)).one()
    assert idea.unseen == (won == "hidden")


def test_who_moderates_one_campaign_trusts_nobody_in_the_whole_brand(people, waiting, campaign):
    idea, case = waiting
    own = make_person("mia")
    db.session.add(Membership(brand=campaign.brand, person=own, role="moderator", campaign_id=campaign.id))
    db.session.commit()
    with pytest.raises(NotThere):
        trust(case, own, "batch")
    assert idea.unseen
    assert db.session.scalars(db.select(Trusted)).all() == []
    assert decide(case, own, "approved")
