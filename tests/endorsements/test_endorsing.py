"""People put their name to an idea: once, for everybody to read, apart from every total, and moderated."""

from datetime import timedelta

import pytest

from campaign.board.acts import acts
from campaign.brands.models import Membership
from campaign.brands.suspending import suspend_person
from campaign.brands.suspensions import Suspended
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import Terms
from campaign.campaigns.ruling import RulesUnaccepted, state_rules
from campaign.campaigns.sealing import NOBODY
from campaign.clock import now
from campaign.endorsements.access import endorsements_of
from campaign.endorsements.actions import (
    EndorsingClosed,
    NameNotPublic,
    OwnToEndorse,
    endorse,
    hide_endorsement,
    show_endorsement,
    withdraw_endorsement,
)
from campaign.endorsements.models import Endorsement, NameConsent
from campaign.extensions import db
from campaign.ideas.actions import IdeaWithdrawn
from campaign.ideas.models import Idea, Withdrawal
from campaign.merging.actions import merge_ideas
from campaign.statuses.freezing import RemarksFrozen
from campaign.statuses.models import Status
from tests.calendars import over
from tests.makers import make_idea, make_person

SAID = "I drop every second can."


@pytest.fixture
def other_idea(people, campaign):
    return make_idea(campaign, people.bea, "A can with a lid that closes again", category=campaign.categories[0])


def read(idea, asker=NOBODY, **asked):
    return [(one.person.name, one.text) for one in endorsements_of(idea, asker, **asked).endorsements]


def test_a_name_stands_under_an_idea_once(resealable, people):
    endorse(resealable, people.carl, SAID, public=True)
    endorse(resealable, people.carl, SAID, public=True)
    assert read(resealable) == [("Carl", SAID)]
    endorse(resealable, people.carl, "I spill half of it.")
    assert read(resealable) == [("Carl", "I spill half of it.")]


def test_who_put_their_name_to_two_ideas_that_became_one_stands_there_once(resealable, other_idea, people):
    endorse(other_idea, people.carl, "Under the other one.", public=True)
    endorse(other_idea, people.drew, "Drew, there only.", public=True)
    endorse(resealable, people.carl, SAID)
    merge_ideas(other_idea, resealable, people.ana, "They say the same.")
    db.session.commit()
    assert sorted(read(resealable)) == [("Carl", SAID), ("Drew", "Drew, there only.")]
    assert endorsements_of(resealable, NOBODY, most=1).total == 2
    withdraw_endorsement(resealable, people.carl)
    assert sorted(read(resealable)) == [("Carl", "Under the other one."), ("Drew", "Drew, there only.")]


def test_it_is_no_vote_and_in_no_total(resealable, people):
    endorse(resealable, people.carl, SAID, public=True)
    db.session.refresh(resealable)
    assert (resealable.votes, resealable.comments, resealable.heat) == (0, 0, 0.0)


def test_that_the_name_is_public_is_asked_before_the_first_time_only(resealable, people, soda_idea):
    with pytest.raises(NameNotPublic):
        endorse(resealable, people.carl, SAID)
    assert read(resealable) == []
    endorse(resealable, people.carl, SAID, public=True)
    withdraw_endorsement(resealable, people.carl)
    endorse(resealable, people.carl, "")
    assert read(resealable) == [("Carl", "")]
    assert db.session.scalars(db.select(NameConsent.person_id)).all() == [people.carl.id]


def test_it_is_taken_away_at_any_time(resealable, people):
    endorse(resealable, people.carl, SAID, public=True)
    over(resealable.campaign)
    resealable.campaign.ends_at = now() - timedelta(seconds=1)
    withdraw_endorsement(resealable, people.carl)
    withdraw_endorsement(resealable, people.carl)
    assert read(resealable) == []


def test_nobody_signs_their_own_idea(resealable, people):
    with pytest.raises(OwnToEndorse):
        endorse(resealable, people.bea, SAID, public=True)


def test_it_follows_the_stage_as_remarks_do(resealable, people):
    resealable.campaign.stages[0].accepts_comments = False
    with pytest.raises(EndorsingClosed):
        endorse(resealable, people.carl, SAID, public=True)


def test_a_status_that_ends_the_talk_ends_it_too(campaign, resealable, people):
    names = {"en": "Decided", "fr": "Décidé"}
    status = Status(campaign_id=campaign.id, key="decided", position=1, kind="declined", colour="red", names=names)
    status.leads_to, status.freezes_comments = [], True
    db.session.add(status)
    db.session.flush()
    resealable.status_id = status.id
    with pytest.raises(RemarksFrozen):
        endorse(resealable, people.carl, SAID, public=True)


def test_an_idea_that_left_the_board_takes_and_shows_none(resealable, people):
    endorse(resealable, people.carl, SAID, public=True)
    resealable.withdrawal = Withdrawal(reason="Said twice.")
    db.session.flush()
    assert read(resealable) == []
    with pytest.raises(IdeaWithdrawn):
        endorse(resealable, people.drew, SAID, public=True)


def test_who_is_suspended_signs_nothing(resealable, people):
    suspend_person(people.soda, people.carl, people.ana, "Insults.", days=3, key="a-suspension")
    with pytest.raises(Suspended):
        endorse(resealable, people.carl, SAID, public=True)


def test_rules_that_concern_remarks_concern_it(campaign, resealable, people):
    state_rules(campaign, people.ana, Terms(age_min=16, concern_remarks=True), "")
    with pytest.raises(RulesUnaccepted):
        endorse(resealable, people.carl, SAID, public=True)


def test_what_is_hidden_is_read_by_its_author_and_who_moderates(campaign, resealable, people):
    signed = endorse(resealable, people.carl, "An insult.", public=True)
    endorse(resealable, people.drew, SAID, public=True)
    hide_endorsement(signed, people.ana, "It insults the author.")
    hide_endorsement(signed, people.ana, "Pressed twice.")
    assert read(resealable) == read(resealable, people.bea) == [("Drew", SAID)]
    assert read(resealable, people.carl)[0] == ("Carl", "An insult.")
    assert ("Carl", "An insult.") in read(resealable, people.ana, moderates=True)
    # Given anew it is hidden too.
    withdraw_endorsement(resealable, people.carl)
    again = endorse(resealable, people.carl, "The same insult.", public=True)
    assert read(resealable) == [("Drew", SAID)]
    show_endorsement(again, people.ana)
    show_endorsement(again, people.ana)
    assert ("Carl", "The same insult.") in read(resealable)
    told = [(str(act.sentence), act.why) for act in acts(campaign).acts]
    assert told == [
        ("showed again what somebody put under an idea with their name", ""),
        ("hid what somebody put under an idea with their name", "It insults the author."),
    ]


def test_a_long_list_is_read_page_by_page_ones_own_first(resealable, people):
    signed = [endorse(resealable, make_person(f"fan{number}"), "", public=True) for number in range(7)]
    me = signed[2].person
    found, everybody = endorsements_of(resealable, me, most=3), []
    assert (found.total, found.own) == (7, signed[2])
    while True:
        everybody += found.endorsements
        if found.cursor is None:
            break
        found = endorsements_of(resealable, me, most=3, before=found.cursor)
    assert everybody == [signed[2], *(one for one in signed[::-1] if one is not signed[2])]


# Over HTTP.


def test_somebody_signs_reads_it_and_takes_it_away(carl, nobody, soda_idea):
    url = f"/ideas/{soda_idea}/endorsements"
    assert "Put my name to this idea" in carl.get(f"/ideas/{soda_idea}").text
    refused = carl.post(url, text=SAID)
    assert refused.status_code == 422
    assert "Say first that you know it" in refused.text
    assert SAID in refused.text
    assert carl.post(url, text=SAID, public="y").status_code == 302
    for page in (f"/ideas/{soda_idea}", url):
        assert SAID in nobody.get(page).text
    assert 'name="public"' not in carl.get(url).text
    assert carl.post(url, text="x" * 281).status_code == 422
    assert carl.post(f"{url}/withdrawal").status_code == 302
    assert SAID not in nobody.get(url).text


def test_the_doors(app, cast, ana, bea, carl, nobody, soda_idea):
    url = f"/ideas/{soda_idea}/endorsements"
    assert "/sign-in" in nobody.post(url, text=SAID, public="y").location
    assert "/sign-in" in nobody.post(f"{url}/withdrawal").location
    refused = bea.post(url, text=SAID, public="y")
    assert refused.status_code == 422
    assert "your name stands over it already" in refused.text
    carl.post(url, text=SAID, public="y")
    hiding = f"{url}/{cast['carl']}/hiding"
    for browser in (bea, carl):
        assert browser.get(hiding).status_code == 404
        assert browser.post(hiding, why="No.").status_code == 404
        assert browser.post(f"{hiding}/undo").status_code == 404
    assert "/sign-in" in nobody.post(hiding, why="No.").location
    assert "Hide it" in ana.get(url).text
    assert ana.post(hiding, why="").status_code == 422
    assert ana.post(hiding, why="It insults the author.").status_code == 302
    assert SAID not in nobody.get(url).text
    assert "It insults the author." in carl.get(url).text
    assert "Hidden" in ana.get(url).text
    ana.post(f"{hiding}/undo")
    assert SAID in nobody.get(url).text
    for nonsense in ("x", "-1", "9" * 12):
        assert nobody.get(f"{url}?from={nonsense}").status_code == 404
    with app.app_context():
        db.session.scalars(db.select(Campaign)).one().visibility = "members"
        db.session.commit()
    assert nobody.get(url).status_code == bea.get(url).status_code == 404


def test_nobody_moderates_what_they_wrote_themselves(app, cast, drew, soda_idea):
    with app.app_context():
        brand = db.session.scalars(db.select(Campaign)).one().brand_id
        db.session.add(Membership(brand_id=brand, person_id=cast["drew"], role="moderator"))
        db.session.commit()
    url = f"/ideas/{soda_idea}/endorsements"
    drew.post(url, text=SAID, public="y")
    assert drew.get(f"{url}/{cast['drew']}/hiding").status_code == 404
    with app.app_context():
        assert db.session.scalars(db.select(Endorsement)).one().text == SAID


def test_the_pages_ask_as_many_questions_for_forty_names_as_for_ten(app, carl, soda_idea, queries):
    def sign(*fans):
        with app.app_context():
            idea = db.session.get_one(Idea, soda_idea)
            for fan in fans:
                endorse(idea, make_person(f"fan{fan}"), "", public=True)
            db.session.commit()

    def look(url):
        with queries() as asked:
            carl.get(url)
        return len(asked)

    urls = f"/ideas/{soda_idea}", f"/ideas/{soda_idea}/endorsements"
    sign(*range(10))
    list(map(look, urls))
    few = list(map(look, urls))
    sign(*range(10, 38))
    assert list(map(look, urls)) == few
