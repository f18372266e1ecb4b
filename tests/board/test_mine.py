"""What somebody gave, on all boards, and what waits for the team's answer."""

import re
from datetime import timedelta

import pytest

from campaign.board import mine
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.models import Comment, CommentDeletion, Feedback
from campaign.ideas.following import Following
from campaign.ideas.listing import list_ideas
from campaign.ideas.models import Idea, Withdrawal
from campaign.methods.actions import hand_in
from campaign.methods.papers import checked_marks
from campaign.votes.models import Vote
from tests.calendars import over
from tests.campaign_cast import stage, suggest


def titles(page):
    return re.findall(r'row__title"><a [^>]*>([^<]+)<', page.text)


def test_my_ideas_are_those_that_i_wrote_the_newest_first(app, bea, carl, cast, soda_campaign, soda_idea):
    suggest(app, soda_campaign, cast["bea"], "A can for two")
    suggest(app, soda_campaign, cast["carl"], "A can that sings")
    assert titles(bea.get("/profile/ideas")) == ["A can for two", "A can you can reseal"]
    assert titles(carl.get("/profile/ideas")) == ["A can that sings"]


def test_what_i_took_back_is_still_mine_and_says_so(app, bea, soda_idea):
    with app.app_context():
        db.session.add(Withdrawal(idea_id=soda_idea, reason="Said twice."))
        db.session.commit()
    page = bea.get("/profile/ideas")
    assert titles(page) == ["A can you can reseal"]
    assert "Withdrawn" in page.text


def test_my_votes_are_the_ideas_that_i_support(app, carl, bea, soda_idea):
    assert "You support no idea yet" in carl.get("/profile/votes").text
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    assert titles(carl.get("/profile/votes")) == ["A can you can reseal"]
    assert titles(bea.get("/profile/votes")) == []
    carl.post(f"/ideas/{soda_idea}/vote/withdrawal", id="0123456789abcdef02")
    assert titles(carl.get("/profile/votes")) == []


@pytest.mark.parametrize("page", ["/profile/mine", "/profile/ideas", "/profile/votes", "/profile/remarks"])
def test_they_are_for_those_who_are_signed_in(nobody, page):
    assert nobody.get(page).location.startswith("/sign-in")


@pytest.mark.parametrize("page", ["/profile/ideas", "/profile/votes"])
def test_a_campaign_that_was_narrowed_since_shows_its_ideas_to_its_team_only(
    app, bea, cast, soda_campaign, soda_idea, page
):
    with app.app_context():
        db.session.add(Vote(idea_id=soda_idea, voter_id=cast["bea"]))
        db.session.get(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    assert titles(bea.get(page)) == []
    with app.app_context():
        db.session.add(Membership(brand_id=1, person_id=cast["bea"], role="analyst"))
        db.session.commit()
    assert titles(bea.get(page)) == ["A can you can reseal"]


def test_a_long_list_goes_on_where_it_ended_with_as_many_questions(app, bea, cast, soda_campaign, queries, monkeypatch):
    written = [f"Idea number {number} of bea" for number in range(1, 8)]
    suggest(app, soda_campaign, cast["bea"], written[0])
    bea.get("/profile/ideas")
    with queries() as few:
        bea.get("/profile/ideas")
    for title in written[1:]:
        suggest(app, soda_campaign, cast["bea"], title)
    monkeypatch.setattr(mine, "SHOWN", 3)
    with queries() as many:
        page = bea.get("/profile/ideas")
    assert len(many) == len(few)
    seen = titles(page)
    while onwards := re.search(r'rel="next" href="([^"]+)"', page.text):
        page = bea.get(onwards[1])
        seen += titles(page)
    assert seen == written[::-1]
    assert bea.get("/profile/ideas?from=never").status_code == 404


def shown(page):
    return re.findall(r'id="idea-(\d+)-title"', page.text)


def test_the_team_finds_what_waits_for_its_answer(app, ana, cast, soda_campaign, soda_idea):
    other = suggest(app, soda_campaign, cast["carl"], "A can that sings")
    with app.app_context():
        db.session.get(Idea, other).answered_at = now()
        db.session.commit()
    board = ana.get("/campaigns/soda")
    assert "1 idea has none yet." in board.text
    link = re.search(r'href="([^"]*unanswered=1[^"]*)"', board.text)[1].replace("&amp;", "&")
    assert shown(ana.get(link)) == [str(soda_idea)]


def test_it_goes_on_from_page_to_page(app, ana, cast, soda_campaign, soda_idea, monkeypatch):
    others = [suggest(app, soda_campaign, cast["carl"], f"A can that sings {number} songs") for number in range(2, 6)]
    monkeypatch.setattr("campaign.board.views.list_ideas", lambda *args, **kwargs: list_ideas(*args, **kwargs, size=2))
    page, seen = ana.get("/campaigns/soda?order=new&unanswered=1"), []
    while True:
        seen += shown(page)
        onwards = re.search(r'rel="next" href="([^"]+)"', page.text)
        if not onwards:
            break
        assert "unanswered=1" in onwards[1]
        page = ana.get(onwards[1].replace("&amp;", "&"))
    assert seen == [str(idea) for idea in [*others[::-1], soda_idea]]


def test_others_have_neither_the_list_nor_the_link(app, bea, soda_idea):
    with app.app_context():
        db.session.get(Idea, soda_idea).answered_at = now()
        db.session.commit()
    page = bea.get("/campaigns/soda?unanswered=1")
    assert "unanswered=1" not in bea.get("/campaigns/soda").text
    assert shown(page) == [str(soda_idea)]


@pytest.mark.parametrize("page", ["/profile/ideas", "/profile/votes"])
def test_ideas_on_many_boards_cost_as_much_as_on_one(app, bea, cast, soda_campaign, queries, page):
    def give(campaign, number):
        idea = suggest(app, campaign, cast["bea"], f"Idea number {number} of bea")
        with app.app_context():
            db.session.add(Vote(idea_id=idea, voter_id=cast["bea"]))
            db.session.commit()

    give(soda_campaign, 0)
    bea.get(page)
    with queries() as few:
        bea.get(page)
    for number in range(1, 5):
        give(stage(app, slug=f"soda-{number}"), number)
    with queries() as many:
        assert len(titles(bea.get(page))) == 5
    assert len(many) == len(few), "\n".join(many)


def give_all(app, campaign, person, other, number):
    """One more of everything: an idea of one's own, and one of somebody else's with a vote, a remark and feedback, which is followed."""
    own = suggest(app, campaign, person, f"Own {number}")
    idea = suggest(app, campaign, other, f"Other {number}")
    with app.app_context():
        db.session.add(Vote(idea_id=idea, voter_id=person))
        db.session.add(Following(idea_id=idea, person_id=person))
        db.session.add(Comment(idea_id=idea, author_id=person, text=f"Remark {number}"))
        db.session.add(Feedback(idea_id=idea, author_id=person, likes=f"Like {number}", misses=""))
        db.session.commit()
    return own, idea


def test_one_page_has_the_last_of_everything_with_what_became_of_it(app, bea, cast, soda_campaign, monkeypatch):
    page = bea.get("/profile/mine").text
    for nothing in (
        "No idea of yours yet",
        "You support no idea yet",
        "You have said nothing yet",
        "You follow no idea",
    ):
        assert nothing in page
    for number in range(1, 5):
        own, other = give_all(app, soda_campaign, cast["bea"], cast["carl"], number)
    with app.app_context():
        db.session.get_one(Idea, own).answered_at = now()
        db.session.get_one(Idea, other).answered_at = now()
        db.session.commit()
    monkeypatch.setattr(mine, "LAST", 2)
    page = bea.get("/profile/mine")
    assert titles(page) == ["Own 4", "Own 3", "Other 4", "Other 3", "Other 4", "Other 4", "Other 4", "Other 3"]
    assert page.text.count("The brand answered") == 5  # Own, supported, followed, and twice where something was said.
    for all_of_them in ("ideas", "votes", "remarks", "followed"):
        assert f'href="/profile/{all_of_them}"' in page.text


def test_that_page_asks_as_much_for_many_as_for_few(app, bea, cast, soda_campaign, queries):
    give_all(app, soda_campaign, cast["bea"], cast["carl"], 0)
    bea.get("/profile/mine")
    with queries() as few:
        bea.get("/profile/mine")
    for number in range(1, 4):
        give_all(app, stage(app, slug=f"soda-{number}"), cast["bea"], cast["carl"], number)
    with queries() as many:
        bea.get("/profile/mine")
    assert len(many) == len(few), "\n".join(many)


def test_what_i_said_is_there_remarks_and_feedback_the_newest_first(app, bea, carl, cast, soda_idea):
    assert "You have said nothing yet" in carl.get("/profile/remarks").text
    carl.post(f"/ideas/{soda_idea}/comments", text="And for left hands?", key="0123456789abcdef01")
    with app.app_context():
        likes = Feedback(idea_id=soda_idea, author_id=cast["carl"], likes="It closes.", misses="It drips.", mark=4)
        db.session.add(likes)
        taken_back = Comment(idea_id=soda_idea, author_id=cast["carl"], text="Never mind.", deletion=CommentDeletion())
        db.session.add(taken_back)
        db.session.commit()
    page = carl.get("/profile/remarks").text
    assert page.index("It closes.") < page.index("And for left hands?")
    assert "4 of 5" in page
    assert "Never mind." not in page
    assert "It drips." not in bea.get("/profile/remarks").text
    found = carl.get(re.search(r'href="(/comments/\d+)"', page)[1])
    assert found.location == f"/ideas/{soda_idea}#comment-1"


def test_what_i_said_goes_on_where_it_ended_with_as_many_questions(
    app, carl, cast, soda_campaign, queries, monkeypatch
):
    def say(number):
        idea = suggest(app, soda_campaign, cast["bea"], f"Idea number {number} of bea")
        with app.app_context():
            what = Comment(text="One") if number % 2 else Feedback(likes="Other", misses="")
            what.idea_id, what.author_id, what.at = idea, cast["carl"], now() - timedelta(minutes=9 - number)
            db.session.add(what)
            db.session.commit()

    say(0)
    say(1)
    carl.get("/profile/remarks")
    with queries() as few:
        carl.get("/profile/remarks")
    for number in range(2, 8):
        say(number)
    monkeypatch.setattr(mine, "SHOWN", 3)
    with queries() as many:
        page = carl.get("/profile/remarks")
    assert len(many) == len(few)
    seen = titles(page)
    while onwards := re.search(r'rel="next" href="([^"]+)"', page.text):
        page = carl.get(onwards[1])
        seen += titles(page)
    assert seen == [f"Idea number {number} of bea" for number in range(7, -1, -1)]
    assert carl.get("/profile/remarks?from=never").status_code == 404


def test_a_remark_in_a_campaign_that_was_narrowed_since_has_no_address(
    app, carl, bea, nobody, soda_campaign, soda_idea
):
    carl.post(f"/ideas/{soda_idea}/comments", text="And for left hands?", key="0123456789abcdef01")
    assert nobody.get("/comments/1").location == f"/ideas/{soda_idea}#comment-1"
    assert nobody.get("/comments/9").status_code == 404
    with app.app_context():
        db.session.get(Campaign, soda_campaign).visibility = "members"
        db.session.commit()
    assert nobody.get("/comments/1").status_code == 404
    assert titles(carl.get("/profile/remarks")) == []


def test_my_ballots_lead_to_where_they_can_be_changed_and_later_to_what_came_of_them(
    people, carl, campaign, resealable
):
    stage = campaign.stage
    stage.method = "up_down"
    db.session.flush()
    marks = {resealable.id: 1}
    hand_in(stage.id, people.carl, "carls-ballot", lambda before, frame: checked_marks(marks, frame), marks)
    db.session.commit()
    assert '<a href="/campaigns/soda/ballot">The can of tomorrow · The ideas</a>' in carl.get("/profile/votes").text
    over(campaign)
    db.session.commit()
    page = carl.get("/profile/votes").text
    assert '<a href="/campaigns/soda/ballot">' not in page
    assert '<a href="/campaigns/soda/results">' in page
