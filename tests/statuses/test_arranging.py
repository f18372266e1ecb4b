"""A campaign's own list: added to, renamed, moved, and a status that is in use goes only with a place for its ideas."""

from dataclasses import replace

import pytest

from campaign.campaigns.carrying import begin_with
from campaign.campaigns.models import Campaign
from campaign.campaigns.planning import copy_campaign, plans_of, save_plan
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.statuses.actions import BallotRunning, StatusReasonMissing, changes_of
from campaign.statuses.arranging import (
    IdeasBeginHere,
    StatusInUse,
    StatusNamed,
    TooManyStatuses,
    WantedStatus,
    add_status,
    change_status,
    move_status,
    remove_status,
)
from campaign.statuses.lists import statuses_of
from campaign.statuses.models import Status
from tests.refusals import sentence_at

LIST = "/campaigns/soda/statuses"
TESTED = WantedStatus({"en": "Tested", "fr": "Essayée"}, "accepted", "teal", frozenset({"done"}))
FIELDS = {"name_en": "Tested", "name_fr": "Essayée", "kind": "accepted", "colour": "teal", "leads_to": "done"}


def keys(campaign):
    return [status.key for status in statuses_of(campaign)]


def test_every_campaign_has_a_list_without_rows(ana, campaign):
    assert keys(campaign) == ["new", "under-review", "planned", "done", "declined"]
    page = ana.get(LIST).text
    for name in ("New idea", "Under review", "Planned", "Done", "Declined"):
        assert name in page
    assert db.session.scalars(db.select(Status)).all() == []


def test_a_status_is_added_and_changed_on_its_pages(app, ana, nobody, soda_campaign):
    assert ana.post(f"{LIST}/new-status", **FIELDS, freezes="freezes_votes").location == LIST
    with app.app_context():
        status = statuses_of(db.session.get_one(Campaign, soda_campaign))[-1]
        assert (status.key, status.names, status.kind, status.colour) == (
            "tested",
            {"en": "Tested", "fr": "Essayée"},
            "accepted",
            "teal",
        )
        assert (status.freezes_votes, status.freezes_edits, status.leads_to) == (True, False, ["done"])
    ana.post(f"{LIST}/tested", **{**FIELDS, "name_en": "Tried"})
    with app.app_context():
        status = statuses_of(db.session.get_one(Campaign, soda_campaign))[-1]
        assert (status.key, status.name, status.freezes_votes) == ("tested", "Tried", False)
    assert "Essayée" in ana.get(LIST, headers={"Accept-Language": "fr"}).text or "Tried" in ana.get(LIST).text


def test_a_ready_made_name_that_nobody_changes_reads_in_every_language(people, campaign, ana):
    fields = {"name_en": "Planned", "name_fr": "Planned", "kind": "accepted", "colour": "teal"}
    page = ana.get(f"{LIST}/planned").text
    french = page.split('name="name_fr"')[1].split('value="')[1].split('"')[0]
    ana.post(f"{LIST}/planned", **{**fields, "name_fr": french})
    assert next(status for status in statuses_of(campaign) if status.key == "planned").names == {}


def test_what_is_missing_is_said_beside_it(ana, soda_campaign):
    answer = ana.post(f"{LIST}/new-status", **{**FIELDS, "name_fr": ""})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "name_fr") == "Give it a name."
    again = ana.post(f"{LIST}/new-status", **{**FIELDS, "name_en": "planned"})
    assert sentence_at(again.text, "name_en") == "Another status of this campaign has this name."


def test_it_moves_up_and_down_and_never_before_the_first(people, campaign):
    for _click in range(2):  # Sent again, it has moved once.
        move_status(campaign, people.ana, "declined", 3)
        assert keys(campaign) == ["new", "under-review", "planned", "declined", "done"]
    move_status(campaign, people.ana, "declined", 1)
    assert keys(campaign) == ["new", "declined", "under-review", "planned", "done"]
    for place in (0, 5, 99):
        move_status(campaign, people.ana, "declined", place)
    move_status(campaign, people.ana, "new", 1)
    assert keys(campaign) == ["new", "declined", "under-review", "planned", "done"]


def test_buttons_move_it_without_scripts(ana, campaign):
    assert 'name="to" value="2" aria-label="Move “Done” up"' in ana.get(LIST).text
    for _click in range(2):
        assert ana.post(f"{LIST}/done/place", to="2").location == f"{LIST}#status-done"
        assert keys(campaign) == ["new", "under-review", "done", "planned", "declined"]
    ana.post(f"{LIST}/done/place", to="nowhere")
    assert keys(campaign) == ["new", "under-review", "done", "planned", "declined"]


def test_where_ideas_begin_stays_open_and_first(people, campaign):
    for freezes, kind in ((frozenset({"freezes_votes"}), "open"), (frozenset(), "done")):
        with pytest.raises(IdeasBeginHere):
            change_status(campaign, people.ana, "new", WantedStatus({}, kind, "grey", frozenset(), freezes))
    with pytest.raises(IdeasBeginHere):
        remove_status(campaign, people.ana, "new", "planned")
    change_status(campaign, people.ana, "new", WantedStatus({"en": "Fresh", "fr": "Fraîche"}, "open", "grey"))
    assert statuses_of(campaign)[0].name == "Fresh"


def test_a_status_in_use_goes_only_with_a_place_for_its_ideas(people, campaign, resealable, stands):
    stands("planned")
    with pytest.raises(StatusInUse):
        remove_status(campaign, people.ana, "planned")
    with pytest.raises(StatusReasonMissing):
        remove_status(campaign, people.ana, "planned", "under-review")
    db.session.rollback()
    assert remove_status(campaign, people.ana, "planned", "under-review", "We look again.") == 1
    db.session.commit()
    assert resealable.status.key == "under-review"
    assert keys(campaign) == ["new", "under-review", "done", "declined"]
    assert [status.position for status in statuses_of(campaign)] == [0, 1, 2, 3]
    assert all("planned" not in status.leads_to for status in statuses_of(campaign))
    assert [change.key for change in changes_of(resealable)] == ["planned", "under-review"]


def test_its_page_says_so_and_offers_the_others(app, ana, soda_idea):
    ana.post(f"/ideas/{soda_idea}/status", status="planned", reason="", read="0")
    page = ana.get(f"{LIST}/planned/removal").text
    assert "1 idea stands there, so the status can’t just go" in page
    assert ana.post(f"{LIST}/planned/removal", to="planned", reason="Fewer.").status_code == 422
    without = ana.post(f"{LIST}/planned/removal", to="new", reason=" ")
    assert (without.status_code, sentence_at(without.text, "reason")) == (
        422,
        "Say why: everybody reads it with the status.",
    )
    assert ana.post(f"{LIST}/planned/removal", to="new", reason="x" * 501).status_code == 422
    assert ana.post(f"{LIST}/planned/removal", to="new", reason="Fewer.").location == LIST
    assert "1 idea → New idea" in ana.get("/campaigns/soda/history").text
    with app.app_context():
        assert db.session.get_one(Idea, soda_idea).status is None


def test_a_status_that_nobody_uses_just_goes(people, campaign):
    assert remove_status(campaign, people.ana, "declined") == 0
    assert remove_status(campaign, people.ana, "declined") == 0
    assert keys(campaign) == ["new", "under-review", "planned", "done"]


def test_votes_are_not_frozen_by_a_switch_while_people_fill_in_ballots(people, campaign, resealable, stands):
    stands("planned")
    campaign.stages[0].method, campaign.stages[0].method_settings = "dots", {"points": 10}
    db.session.commit()
    frozen = WantedStatus({}, "accepted", "amber", frozenset(), frozenset({"freezes_votes"}))
    with pytest.raises(BallotRunning):
        change_status(campaign, people.ana, "planned", frozen)
    db.session.rollback()
    with pytest.raises(BallotRunning):
        remove_status(campaign, people.ana, "planned", "declined", "We do none of it.")


def test_a_list_is_short_and_its_names_differ(people, campaign):
    added = add_status(campaign, people.ana, TESTED)
    assert add_status(campaign, people.ana, TESTED) is added, "sent again, it is the same"
    with pytest.raises(StatusNamed):
        add_status(campaign, people.ana, replace(TESTED, colour="red"))
    for number in range(14):
        names = {"en": f"Number {number}", "fr": f"Numéro {number}"}
        add_status(campaign, people.ana, WantedStatus(names, "open", "grey"))
    with pytest.raises(TooManyStatuses):
        add_status(campaign, people.ana, WantedStatus({"en": "One more", "fr": "Une de plus"}, "open", "grey"))


@pytest.mark.parametrize("page", ["", "/new-status", "/planned", "/planned/removal"])
def test_the_list_is_its_managers(carl, drew, nobody, gives, page, soda_campaign):
    gives("carl", "moderator")
    assert carl.get(LIST + page).status_code == 404
    assert drew.get(LIST + page).status_code == 404
    assert nobody.get(LIST + page).status_code == 302


def test_a_status_that_is_not_there(ana, soda_campaign):
    assert ana.get(f"{LIST}/elsewhere").status_code == 404
    assert ana.post(f"{LIST}/elsewhere/place", to="2").status_code == 404


def test_a_copy_and_a_plan_begin_with_it(people, campaign, draft):
    add_status(campaign, people.ana, TESTED)
    campaign.qualifies_at = 50
    copy = copy_campaign(campaign, people.ana, "a-click")
    assert keys(copy) == keys(campaign)
    assert copy.qualifies_at == 50
    save_plan(campaign, people.ana, "Ours", "a-plan")
    [plan] = plans_of(campaign.brand)
    begin_with(draft, people.ana, plan.more)
    assert keys(draft) == keys(campaign)
    assert draft.qualifies_at == 50


def test_a_copy_of_the_ready_made_list_stays_ready_made(people, campaign):
    copy_campaign(campaign, people.ana, "a-click")
    assert db.session.scalars(db.select(Status)).all() == []


def test_settings_lead_there(ana, soda_campaign):
    assert f'href="{LIST}"' in ana.get("/campaigns/soda/settings").text
