"""Building on an idea: where its licence allows it, under the terms that it asks for, with its lineage shown."""

from html import unescape

import pytest

from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.actions import IdeasClosed, LicenceChanged, submit_idea, withdraw_idea
from campaign.ideas.building import BuiltOnWithdrawn, NotShared, check_building, lineage_of
from campaign.ideas.models import CoAuthor, Idea
from tests.campaign_cast import suggest
from tests.campaigns.test_settings import shown

NEW = "/campaigns/soda/ideas/new"


def build(parent, by, title="A can that two can open", **given):
    campaign = parent.campaign
    idea = submit_idea(campaign, by, title, language="en", category=campaign.categories[0], parent=parent, **given)
    db.session.commit()
    return idea


@pytest.fixture
def licensed(app, soda_idea):
    """Give bea's idea another licence than its campaign's, which keeps all rights with authors."""

    def change(licence):
        with app.app_context():
            db.session.get(Idea, soda_idea).licence = licence
            db.session.commit()

    return change


@pytest.mark.parametrize(("licence", "becomes"), [("by", "own"), ("by-sa", "by-sa"), ("zero", "own")])
def test_what_the_licence_asks_for_is_kept(people, resealable, licence, becomes):
    resealable.licence = licence
    idea = build(resealable, people.carl)
    assert (idea.parent_id, idea.licence) == (resealable.id, becomes)


def test_words_that_ask_for_their_authors_name_go_on_asking_where_the_campaign_asks_for_nothing(people, resealable):
    resealable.licence, resealable.campaign.licence = "by", "zero"
    assert build(resealable, people.carl).licence == "by"


@pytest.fixture
def workshop(app, soda_campaign):
    """soda, where no more ideas come in but such as are built on others."""
    with app.app_context():
        stage = db.session.get_one(Campaign, soda_campaign).stage
        stage.kind = "development"
        stage.accepts_ideas, stage.accepts_votes, stage.accepts_edits = False, False, True
        db.session.commit()


def test_in_the_workshop_ideas_are_built_on_others_and_no_others_come_in(workshop, people, resealable):
    resealable.licence = "by"
    campaign = resealable.campaign
    with pytest.raises(IdeasClosed):
        submit_idea(campaign, people.carl, "A can of mine", language="en", category=campaign.categories[0])
    assert build(resealable, people.carl).parent_id == resealable.id
    campaign.stage.kind = "review"  # Another stage in which ideas are changed.
    with pytest.raises(IdeasClosed):
        build(resealable, people.carl, "A can that three can open")


def test_the_workshop_has_a_form_for_what_is_built_on_another(carl, nobody, licensed, workshop, soda_idea):
    licensed("by")
    assert "This campaign doesn’t take ideas now." in carl.get(NEW).text or carl.get(NEW).status_code == 409
    assert carl.post("/campaigns/soda/draft", title="Something of mine").status_code == 409
    assert f'href="{NEW}?on={soda_idea}"' in nobody.get(f"/ideas/{soda_idea}").text
    fields = {**shown(carl.get(f"{NEW}?on={soda_idea}").text), "category": "can", "act": "submit"}
    assert carl.post("/campaigns/soda/draft", **{**fields, "title": "Mine"}).status_code == 200
    assert "You build on" in carl.get(NEW).text
    assert carl.post(NEW, **{**fields, "parent": "", "title": "A can that two can open"}).status_code == 422
    assert carl.post(NEW, **{**fields, "title": "A can that two can open"}).status_code == 302


def test_an_idea_whose_rights_are_kept_is_built_on_by_its_author_alone(people, resealable):
    with pytest.raises(NotShared):
        build(resealable, people.carl)
    assert build(resealable, people.bea).parent_id == resealable.id


def test_nothing_is_built_on_what_was_taken_back_or_stands_elsewhere(app, people, resealable, draft):
    other = db.session.get_one(Idea, suggest(app, draft.id, people.bea.id, licence="by"))
    with pytest.raises(NotThere):
        check_building(other, resealable.campaign, people.carl)
    resealable.licence = "by"
    withdraw_idea(resealable, people.bea, "Said better elsewhere.")
    with pytest.raises(BuiltOnWithdrawn):
        check_building(resealable, resealable.campaign, people.carl)


def test_who_was_told_the_campaigns_licence_is_asked_again_for_the_same_one(people, resealable):
    resealable.licence = "by-sa"
    with pytest.raises(LicenceChanged):
        build(resealable, people.carl, licence="own")


def test_a_lineage_of_several_steps_is_told_from_its_beginning(people, resealable):
    resealable.licence = "by-sa"
    second = build(resealable, people.carl)
    third = build(second, people.drew, "A can that three can open")
    assert lineage_of(third) == [resealable, second]
    assert lineage_of(resealable) == []


def test_the_form_opens_with_the_words_and_the_terms(app, carl, nobody, licensed, soda_idea):
    licensed("by-sa")
    assert f'href="{NEW}?on={soda_idea}"' in nobody.get(f"/ideas/{soda_idea}").text
    page = carl.get(f"{NEW}?on={soda_idea}").text
    assert "With a cap that turns." in page
    assert "You build on “A can you can reseal”" in page
    assert "is shared in the same way" in page
    assert "share what they make of it in the same way" in unescape(page)
    fields = {**shown(page), "category": "can", "act": "submit"}
    refused = carl.post(NEW, **{**fields, "title": "short"})
    assert "You build on" in refused.text  # What was typed stays, and on what it was built.
    answer = carl.post(NEW, **{**fields, "title": "A can that two can open"})
    assert answer.status_code == 302
    child = nobody.get(answer.headers["Location"]).text
    assert "Built on:" in child
    assert "A can you can reseal" in child
    assert "A can that two can open" in nobody.get(f"/ideas/{soda_idea}").text


def test_where_all_rights_are_kept_the_page_says_why_not(carl, bea, soda_idea):
    page = carl.get(f"/ideas/{soda_idea}").text
    assert "Build on this idea" not in page
    assert "not build on it" in page
    assert "All rights to this idea stay with its authors" in carl.get(f"{NEW}?on={soda_idea}").text
    assert "Build on this idea" in bea.get(f"/ideas/{soda_idea}").text


def test_a_draft_that_was_begun_is_not_lost_to_it(carl, licensed, soda_idea):
    licensed("by")
    carl.post("/campaigns/soda/draft", title="Something of mine", text="That took an hour")
    page = carl.get(f"{NEW}?on={soda_idea}").text
    assert "That took an hour" in page
    assert "You have begun another idea." in page
    assert "You build on" not in page


def test_a_draft_keeps_what_it_is_built_on(carl, licensed, soda_idea):
    licensed("by")
    carl.post("/campaigns/soda/draft", title="Mine, built on another", text="…", parent=str(soda_idea))
    assert "You build on" in carl.get(NEW).text


@pytest.mark.one_database
@pytest.mark.parametrize("on", ["x", "-1", "99999999999999", "٣", ""])
def test_nonsense_is_no_idea(carl, soda_campaign, on):
    page = carl.get(NEW, query_string={"on": on})
    assert page.status_code == 200
    assert "You build on" not in page.text


def test_a_lineage_names_everybody_who_wrote(app, people, nobody, resealable):
    resealable.licence = "by"
    child = build(resealable, people.carl)
    child.coauthors.append(CoAuthor(person=people.drew))
    db.session.commit()
    assert "Carl, Drew" in nobody.get(resealable.url).text
