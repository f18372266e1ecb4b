"""Ideas, edits, amendments and co-authors that come while their campaign closes: what is stored first is what counts."""

import pytest

from campaign.accounts.models import Person
from campaign.amendments.actions import propose_amendment
from campaign.amendments.models import Amendment
from campaign.campaigns.actions import close_campaign
from campaign.coauthors.actions import CampaignOver, accept_invitation, invite_coauthor
from campaign.coauthors.models import CoAuthorInvitation
from campaign.database import lock
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.actions import EditsClosed, IdeasClosed, edit_idea, restore_idea, submit_idea, withdraw_idea
from campaign.ideas.models import CoAuthor, Idea
from tests.votes.test_closing_meanwhile import meanwhile


def submit(idea, people):
    [category] = idea.campaign.categories
    given = {"language": "en", "category": category, "key": "carls"}
    submit_idea(idea.campaign, people["carl"], "A lid for the can of tomorrow", **given)


def edit(idea, people, title=None):
    words = {"title": title or idea.title, "text": "With a cap that clicks.", "language": "en"}
    [category] = idea.campaign.categories
    edit_idea(idea, people["bea"], **words, category=category, tags=(), pictures=(), documents=())


def rename(idea, people):
    edit(idea, people, "A can that reseals itself")


def propose(idea, people):
    propose_amendment(idea, people["carl"], idea.title, "With a lid.", why="It keeps.", read=1, key="carls")


def invite(idea, people):
    invite_coauthor(idea, people["bea"], people["carl"].id)


def join(idea, people):
    accept_invitation(idea, people["carl"])


def restore(idea, people):
    restore_idea(idea, people["bea"])


def stored():
    counts = [db.session.scalar(db.select(db.func.count()).select_from(row)) for row in (Idea, Amendment, CoAuthor)]
    idea = db.session.get_one(Idea, 1, populate_existing=True)
    return *counts, db.session.scalar(db.select(db.func.count()).select_from(CoAuthorInvitation)), idea.text, idea.title


@pytest.mark.parametrize(
    ("act", "no"),
    [
        (submit, IdeasClosed),
        (edit, EditsClosed),
        (rename, EditsClosed),
        (propose, EditsClosed),
        (invite, CampaignOver),
        (join, CampaignOver),
        (restore, IdeasClosed),
    ],
)
def test_nothing_comes_in_once_a_closing_is_stored(app, people, resealable, act, no):
    post_comment(resealable, people.carl, "And for left hands?", key="carls-remark")
    if act is join:
        invite(resealable, {"bea": people.bea, "carl": people.carl})
    if act is restore:
        withdraw_idea(resealable, people.bea, "Not yet.")
    db.session.commit()
    before, idea_id = stored(), resealable.id
    ids = {"bea": people.bea.id, "carl": people.carl.id}
    close_campaign(resealable.campaign, people.ana, "Enough.")

    def late():
        idea = db.session.get_one(Idea, idea_id)
        campaign = idea.campaign  # Held, as the page of the form holds it.
        assert campaign.is_open, "as whoever came through the door saw it"
        act(idea, {name: db.session.get_one(Person, number) for name, number in ids.items()})
        del campaign

    with meanwhile(app, late) as told:
        db.session.commit()
    assert isinstance(told[0], no), told
    assert stored() == before
    assert (resealable.withdrawal is not None) == (act is restore)


def test_an_idea_that_waits_while_its_stage_stops_taking_ideas_is_refused(app, people, resealable):
    carl, idea_id = people.carl.id, resealable.id
    lock(resealable.campaign)  # As whoever changes the settings does.
    resealable.campaign.stages[0].accepts_ideas = False
    db.session.flush()

    def late():
        idea = db.session.get_one(Idea, idea_id)
        assert idea.campaign.accepts_ideas
        submit(idea, {"carl": db.session.get_one(Person, carl)})

    with meanwhile(app, late) as told:
        db.session.commit()
    assert isinstance(told[0], IdeasClosed)
