"""What the team has to answer: due first, whose it is, and many at once."""

import re

import pytest

from campaign.accounts.models import Person
from campaign.answers.actions import Words, answer_idea, draft_of
from campaign.answers.drafting import keep_draft, publish_drafts
from campaign.answers.models import Answer, AnswerDraft, Assignment, stamp_of
from campaign.answers.templates import write_template
from campaign.brands.models import Brand
from campaign.database import lock
from campaign.extensions import db
from campaign.ideas.following import FollowingNews
from campaign.ideas.models import Idea
from campaign.live import announce
from tests.answers.conftest import NO, YES
from tests.votes.test_closing_meanwhile import meanwhile

QUEUE = "/campaigns/soda/answers"


def listed(page):
    return [int(number) for number in re.findall(r'id="idea-(\d+)"', page)]


def stamps(page, name):
    """What the queue's rows say they showed, as the form sends it back."""
    return dict(re.findall(rf'name="({name}-\d+)" value="([^"]*)"', page))


def test_what_is_due_first_comes_first_and_what_is_overdue_says_so(ana, waiting):
    young, old, middle = waiting(1), waiting(12), waiting(9)
    page = ana.get(QUEUE).text
    assert listed(page) == [old, middle, young]
    assert page.count("Overdue since") == 1
    assert listed(ana.get(f"{QUEUE}?view=overdue").text) == [old]


def test_mine_and_nobodys(app, ana, cast, joins, waiting):
    joins("carl")
    hers, his, free = waiting(1), waiting(2), waiting(3)
    for idea, name in ((hers, "ana"), (his, "carl")):
        assert (
            ana.post(f"{QUEUE}/assignments", idea=idea, person=cast[name], **{f"assigned-{idea}": ""}).status_code
            == 302
        )
    assert listed(ana.get(f"{QUEUE}?whose=mine").text) == [hers]
    assert listed(ana.get(f"{QUEUE}?whose=unassigned").text) == [free]


def test_what_is_somebodys_who_left_is_nobodys(app, ana, cast, waiting):
    idea = waiting(1)
    with app.app_context():
        db.session.add(Assignment(idea_id=idea, person_id=cast["carl"], by_id=cast["ana"]))
        db.session.commit()
    assert listed(ana.get(f"{QUEUE}?whose=unassigned").text) == [idea]


def test_its_pages_follow_each_other_without_a_gap(ana, waiting):
    ideas = [waiting(3) for _number in range(65)]
    found, url = [], QUEUE
    while url:
        page = ana.get(url).text
        found += listed(page)
        more = re.search(r'rel="next" href="([^"]*)"', page)
        url = more and more[1].replace("&amp;", "&")
    assert found == sorted(ideas)


@pytest.mark.parametrize("cursor", ["x", "1", "1-", "-1-2", "1-2-3", "99999999999999-1", "é-1"])
def test_a_page_that_is_none_is_not_there(ana, soda_campaign, cursor):
    assert ana.get(f"{QUEUE}?from={cursor}").status_code == 404


def test_it_asks_as_much_of_the_database_for_many_as_for_few(ana, cast, waiting, queries):
    waiting(1)
    ana.get(QUEUE)
    with queries() as few:
        ana.get(QUEUE)
    for days in range(20):
        waiting(days)
    with queries() as many:
        ana.get(QUEUE)
    assert len(few) == len(many)


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bea", 404), ("carl", 404), ("drew", 404), ("nobody", 302)])
def test_only_who_answers_sees_it(request, who, status, soda_idea):
    person = request.getfixturevalue(who)
    assert person.get(QUEUE).status_code == status
    if who != "ana":
        for act in ("assignments", "drafts", "publication"):
            assert person.post(f"{QUEUE}/{act}", idea=soda_idea, template="1").status_code in (404, 302)
        assert person.get(f"{QUEUE}/promise").status_code == status


@pytest.fixture
def drafted(app, people, waiting):
    """Three ideas with drafts of ana's."""
    ideas = [waiting(days) for days in (3, 2, 1)]
    for idea in ideas:
        keep_draft(db.session.get_one(Idea, idea), people.ana, Words(YES))
    db.session.commit()
    return ideas


def answered(app):
    with app.app_context():
        return sorted(db.session.scalars(db.select(Answer.idea_id)))


def test_drafts_are_published_together_and_each_author_is_told(app, ana, mails, drafted):
    page = ana.get(f"{QUEUE}?view=drafts").text
    assert page.count("in three shops") == 3
    sent = ana.post(f"{QUEUE}/publication", data={"idea": drafted, **stamps(page, "draft"), "view": "drafts"})
    assert sent.status_code == 302
    assert answered(app) == drafted
    assert len(mails.to("bea@example.org")) == 3
    again = ana.post(f"{QUEUE}/publication", data={"idea": drafted, **stamps(page, "draft")})
    assert again.status_code == 302
    assert len(mails.to("bea@example.org")) == 3


def test_they_wait_for_a_vote_on_one_of_them_before_they_take_the_board(app, people, drafted):
    """Who votes holds the idea, and takes the board last. Who publishes must not wait for the idea with the board in hand."""
    first, last = drafted[0], db.session.get_one(Idea, drafted[-1])
    board, by = last.campaign.board, people.ana.id
    lock(last)

    def publish():
        ideas = [db.session.get_one(Idea, idea) for idea in drafted]
        chosen = {idea.id: stamp_of(None, draft_of(idea)) for idea in ideas}
        return publish_drafts(ideas[0].campaign, db.session.get_one(Person, by), chosen, tell=False).ideas

    with meanwhile(app, publish) as given:
        announce(board, "vote.cast", votes={first: 1})
        db.session.commit()
    assert given == [drafted]


def test_without_a_mail_nobody_has_one(app, ana, mails, drafted):
    page = ana.get(f"{QUEUE}?view=drafts").text
    ana.post(f"{QUEUE}/publication", data={"idea": drafted, **stamps(page, "draft"), "quiet": "1"})
    assert answered(app) == drafted
    assert mails.to("bea@example.org") == []
    with app.app_context():
        assert db.session.scalars(db.select(FollowingNews)).all() == []


def test_one_that_was_answered_meanwhile_is_refused_beside_its_row_and_the_others_go(app, ana, people, drafted):
    page = ana.get(f"{QUEUE}?view=drafts").text
    first, second, third = drafted
    answer_idea(db.session.get_one(Idea, second), people.drew, NO)
    keep_draft(db.session.get_one(Idea, third), people.drew, Words(NO))
    db.session.commit()
    sent = ana.post(f"{QUEUE}/publication", data={"idea": drafted, **stamps(page, "draft"), "view": "drafts"})
    assert sent.status_code == 409
    assert f'<a href="/ideas/{second}">A can that sings, number 2</a>: Drew has answered it meanwhile.' in sent.text
    assert "Drew has changed its draft meanwhile. Read it first." in sent.text
    assert answered(app) == sorted([first, second])
    with app.app_context():
        assert db.session.get_one(Answer, second).text == NO


def test_a_template_begins_many_drafts_in_each_ideas_language(app, ana, people, waiting):
    brand = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
    template = write_template(
        brand,
        people.ana,
        "Thank you",
        {"en": "Dear {author}, thank you for “{title}”.", "fr": "Bonjour {auteur}, merci pour « {titre} »."},
    )
    db.session.commit()
    english, french, kept = waiting(3), waiting(2, language="fr"), waiting(1)
    keep_draft(db.session.get_one(Idea, kept), people.ana, Words(NO))
    db.session.commit()
    chosen = {"idea": [english, french, kept], "template": template.id}
    sent = ana.post(f"{QUEUE}/drafts", data=chosen)
    assert sent.status_code == 409
    assert "It has a draft by Ana already." in sent.text
    with app.app_context():
        texts = {draft.idea_id: draft.text for draft in db.session.scalars(db.select(AnswerDraft))}
    assert texts == {
        english: "Dear Bea, thank you for “A can that sings, number 1”.",
        french: "Bonjour Bea, merci pour « A can that sings, number 2 ».",
        kept: NO,
    }


def test_nothing_chosen_says_so_and_does_nothing(app, ana, drafted):
    sent = ana.post(f"{QUEUE}/publication", follow_redirects=True)
    assert "Choose ideas first, then what to do with them." in sent.text
    assert answered(app) == []


@pytest.mark.parametrize("idea", ["x", "0", "999", "99999999999"])
def test_an_idea_of_nowhere_is_acted_on_by_nobody(ana, cast, soda_campaign, idea):
    assert ana.post(f"{QUEUE}/assignments", idea=idea, person=cast["ana"]).status_code in (400, 404)
