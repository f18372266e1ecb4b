"""Pages of merging: who may say so, who decides, who steps out, and what is read where."""

import re

import pytest

from campaign.brands.models import Brand, Membership
from campaign.brands.suspending import suspend_person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.history import Entry
from campaign.ideas.following import Following
from campaign.ideas.models import Idea
from campaign.merging.access import count_waiting_pairs
from campaign.merging.models import Duplicate, DuplicateProposal
from campaign.merging.telling import tell_news
from campaign.votes.models import Vote
from tests.campaign_cast import stage, suggest
from tests.cast import browser_of
from tests.makers import make_person
from tests.merging.conftest import found_by_words

WHY = "Both ask for a lid that closes."


def vote(voter, idea, key="0123456789abcdef"):
    assert voter.post(f"/ideas/{idea}/vote", id=f"{key}-{idea}").status_code == 302


@pytest.fixture
def voted(bea, carl, drew, soda_idea, twin_idea):
    """drew supports both; carl supports bea's idea, and bea carl's."""
    for voter, idea in ((drew, soda_idea), (drew, twin_idea), (carl, soda_idea), (bea, twin_idea)):
        vote(voter, idea)
    return soda_idea, twin_idea


@pytest.fixture
def moved(app, voted, newcomer):
    """A fifth person supports bea's idea only."""
    vote(newcomer, voted[0])
    return voted


@pytest.fixture
def newcomer(app, cast):
    with app.app_context():
        person = make_person("eve", email="eve@example.org")
        db.session.commit()
        number = person.id
    return browser_of(app, number)


def merge(ana, one, other):
    return ana.post(f"/ideas/{one}/merging?with={other}", reason=WHY)


def work(app):
    with app.app_context():
        tell_news()


def pairs(app):
    with app.app_context():
        return [
            (one.first_id, one.second_id, one.person.name)
            for one in db.session.scalars(db.select(DuplicateProposal).order_by(DuplicateProposal.at))
        ]


def acts(app):
    with app.app_context():
        return list(db.session.scalars(db.select(Entry.what).where(Entry.subject == "idea").order_by(Entry.id)))


def test_anybody_says_that_two_are_the_same_and_says_it_once(app, carl, drew, soda_idea, twin_idea):
    assert f"/ideas/{soda_idea}/same" in drew.get(f"/ideas/{soda_idea}").text
    page = drew.get(f"/ideas/{soda_idea}/same?q=lid").text
    assert "A can with a lid that closes again" in page
    assert f'name="other" value="{twin_idea}"' in page
    for _click in range(2):
        assert drew.post(f"/ideas/{soda_idea}/same", other=str(twin_idea)).location == f"/ideas/{soda_idea}"
    assert drew.post(f"/ideas/{twin_idea}/same", other=str(soda_idea)).status_code == 302  # The other way round.
    carl.post(f"/ideas/{twin_idea}/same", other=str(soda_idea))
    assert pairs(app) == [(soda_idea, twin_idea, "Drew"), (soda_idea, twin_idea, "Carl")]
    assert acts(app) == ["duplicate.proposed", "duplicate.proposed"]


def test_without_a_word_it_offers_what_says_nearly_the_same(app, drew, cast, soda_campaign, soda_idea):
    for title in ("A can that one can reseal", "Cheaper on Mondays"):
        found_by_words(app, suggest(app, soda_campaign, cast["carl"], title))
    page = drew.get(f"/ideas/{soda_idea}/same").text
    assert "A can that one can reseal" in page
    assert "Cheaper on Mondays" not in page


def test_nonsense_for_the_other_idea_is_not_there(app, drew, soda_idea, twin_idea, cast):
    elsewhere = suggest(app, stage(app, brand="elsewhere", slug="other"), cast["carl"], "An idea elsewhere")
    for other in ("", "²", "0", "99999999999", "x", str(elsewhere)):
        assert drew.post(f"/ideas/{soda_idea}/same", other=other).status_code == 404
    assert "the same already" in drew.post(f"/ideas/{soda_idea}/same", other=str(soda_idea)).text
    assert pairs(app) == []


def test_the_team_sees_what_was_proposed_and_leaves_it_apart_with_a_reason(app, ana, drew, soda_idea, twin_idea, mails):
    drew.post(f"/ideas/{soda_idea}/same", other=str(twin_idea))
    assert "Somebody takes two ideas for the same." in ana.get("/campaigns/soda").text
    assert "takes two ideas" not in drew.get("/campaigns/soda").text
    page = ana.get("/campaigns/soda/duplicates").text
    assert "Proposed by Drew" in page
    assert f"/ideas/{twin_idea}/merging?with={soda_idea}" in page
    url = f"/ideas/{soda_idea}/same/{twin_idea}/declining"
    assert ana.post(url, reason=" ").status_code == 422
    for _click in range(2):
        assert ana.post(url, reason="One is of metal.").location == "/campaigns/soda/duplicates"
    assert "Nothing proposed" in ana.get("/campaigns/soda/duplicates").text
    [mail] = mails.to("drew@example.org")
    assert "One is of metal." in mail.get_body(("plain",)).get_content()
    assert "One is of metal." in drew.post(f"/ideas/{twin_idea}/same", other=str(soda_idea)).text
    assert acts(app) == ["duplicate.proposed", "duplicate.declined"]


DOORS = [
    "/ideas/{one}/merging?with={other}",
    "/ideas/{one}/same/{other}/declining",
    "/ideas/{merged}/merging/undo",
]


@pytest.mark.parametrize("door", DOORS)
def test_only_who_moderates_decides(app, ana, bea, carl, drew, nobody, newcomer, cast, soda_campaign, voted, door):
    one, other = voted
    merged = suggest(app, soda_campaign, cast["bea"], "Said a third time")
    drew.post(f"/ideas/{one}/same", other=str(other))
    assert merge(ana, merged, other).location == f"/ideas/{other}"
    url = door.format(one=one, other=other, merged=merged)
    for stranger in (bea, carl, drew):
        assert stranger.get(url).status_code == stranger.post(url, reason=WHY).status_code == 404
    assert nobody.get(url).location.startswith("/sign-in")
    assert nobody.post(url, reason=WHY).location.startswith("/sign-in")
    assert ana.get(url).status_code == 200
    with app.app_context():
        db.session.add(Membership(brand_id=1, person_id=cast["drew"], role="moderator", campaign_id=soda_campaign))
        db.session.commit()
    assert drew.get(url).status_code == 200
    assert drew.post(url, reason=WHY).status_code == 302


def test_the_list_is_for_who_moderates(ana, bea, drew, nobody, soda_campaign):
    assert ana.get("/campaigns/soda/duplicates").status_code == 200
    for stranger in (bea, drew):
        assert stranger.get("/campaigns/soda/duplicates").status_code == 404
    assert nobody.get("/campaigns/soda/duplicates").location.startswith("/sign-in")


def test_two_ideas_are_compared_and_merged_and_each_page_says_so(app, ana, bea, carl, drew, nobody, moved):
    one, other = moved
    page = ana.get(f"/ideas/{one}/merging?with={other}").text
    assert re.search(r"Votes of both together</dt><dd>2<", page)  # drew and the newcomer: authors have none.
    assert re.search(r"voted for both, and count once</dt><dd>1<", page)
    assert ana.post(f"/ideas/{one}/merging?with={other}", reason="").status_code == 422
    for _click in range(2):
        assert merge(ana, one, other).location == f"/ideas/{other}"
    assert merge(ana, other, one).status_code == 422
    page = nobody.get(f"/ideas/{one}").text
    assert "This idea was merged into another one." in page
    assert WHY in page
    assert f'href="/ideas/{other}"' in page
    assert f"/ideas/{one}/vote" not in page
    page = nobody.get(f"/ideas/{other}").text
    assert "It stands for these as well:" in page
    assert f'href="/ideas/{one}"' in page
    assert "co-author" in page
    board = nobody.get("/campaigns/soda").text
    assert f'id="idea-{one}"' not in board
    assert f'id="idea-{other}"' in board
    assert "Merged into:" in nobody.get("/campaigns/soda/withdrawn").text
    assert ana.get("/campaigns/soda/history").text.count("merged an idea into another") == 1
    with app.app_context():
        assert db.session.get_one(Idea, other).votes == 2


def test_whoever_was_moved_is_told_by_mail_and_on_the_page_of_their_votes(app, ana, bea, drew, newcomer, moved, mails):
    one, other = moved
    with app.app_context():
        db.session.add(Following(idea_id=one, person_id=1, at=now()))  # ana herself.
        db.session.commit()
    merge(ana, one, other)
    work(app)
    work(app)
    [mail] = mails.to("eve@example.org")
    text = mail.get_body(("plain",)).get_content()
    assert f"/ideas/{one}/moved" in text
    assert WHY in text
    assert "counts once" in mails.to("drew@example.org")[-1].get_body(("plain",)).get_content()
    assert "names you as one of its authors" in mails.to("bea@example.org")[-1].get_body(("html",)).get_content()
    assert "into yours" in mails.to("carl@example.org")[-1].get_body(("plain",)).get_content()
    assert "you are told what becomes" in mails.to("ana@example.org")[-1].get_body(("plain",)).get_content()
    page = newcomer.get("/profile/votes").text
    assert "Your vote moved with it." in page
    number = re.search(r'name="merge" value="(\d+)"', page)[1]
    assert newcomer.post("/profile/votes/moved", merge=[number, "²"]).location == "/profile/votes"
    assert "Your vote moved with it." not in newcomer.get("/profile/votes").text
    assert "counts once" in drew.get("/profile/votes").text
    assert "was merged into" not in bea.get("/profile/votes").text


def test_the_way_out_is_one_click(app, ana, bea, drew, nobody, newcomer, moved):
    one, other = moved
    merge(ana, one, other)
    url = f"/ideas/{one}/moved"
    assert url in newcomer.get(f"/ideas/{one}").text
    assert "Your vote moved with it." in newcomer.get(url).text
    for _click in range(2):
        assert newcomer.post(url).location == url
    assert "You have stepped out" in newcomer.get(url).text
    assert "counts once" in drew.get(url).text
    assert "none of yours was moved" in ana.get(url).text
    assert nobody.get(url).location.startswith("/sign-in")
    with app.app_context():
        assert db.session.get_one(Idea, other).votes == 1
    ana.post(f"/ideas/{one}/merging/undo")
    assert newcomer.post(url).location == f"/ideas/{one}"


def test_remarks_say_where_they_come_from_and_are_answered_there_no_more(app, ana, bea, drew, cast, voted):
    one, other = voted
    drew.post(f"/ideas/{one}/comments", text="For left hands?", key="drews-remark")
    drew.post(f"/ideas/{other}/comments", text="And a straw?", key="drews-other")
    merge(ana, one, other)
    page = bea.get(f"/ideas/{other}").text
    assert "2 remarks" in page
    said = page[page.index('id="comment-1"') : page.index('id="comment-2"')]
    assert "For left hands?" in said
    assert re.search(rf'from <a href="/ideas/{one}"', said)
    assert "Reply" not in said
    assert "comment__from" not in page[page.index('id="comment-2"') :]
    assert "The talk goes on at the idea that stands for both." in bea.get(f"/ideas/{one}").text


def test_undone_everybody_is_told(app, ana, bea, drew, newcomer, moved, mails):
    one, other = moved
    merge(ana, one, other)
    newcomer.post(f"/ideas/{one}/moved")
    assert f"/ideas/{one}/merging/undo" in ana.get("/campaigns/soda/duplicates").text
    for _click in range(2):
        assert ana.post(f"/ideas/{one}/merging/undo", reason="They differ.").location == f"/ideas/{one}"
    work(app)
    assert "counts for it again" in mails.to("drew@example.org")[-1].get_body(("plain",)).get_content()
    # Of the merge nothing is said any more, as it was undone before the worker came to it.
    [mail] = mails.to("eve@example.org")
    assert "don’t support" in mail.get_body(("html",)).get_content()
    assert "was merged into" not in drew.get("/profile/votes").text
    with app.app_context():
        one, other = (db.session.get_one(Idea, each) for each in (one, other))
        assert (one.votes, other.votes, other.byline) == (2, 2, "Carl")


def test_a_suspended_person_proposes_nothing(app, people, drew, soda_idea, twin_idea):
    suspend_person(people.soda, people.drew, people.ana, "Advertisements.", 7, "key-of-the-page")
    db.session.commit()
    assert drew.get(f"/ideas/{soda_idea}/same").status_code == 403
    assert drew.post(f"/ideas/{soda_idea}/same", other=str(twin_idea)).status_code == 403
    assert f"/ideas/{soda_idea}/same" not in drew.get(f"/ideas/{soda_idea}").text
    assert db.session.scalars(db.select(Duplicate)).all() == []


def test_a_file_says_into_what(app, ana, voted):
    one, other = voted
    merge(ana, one, other)
    with app.app_context():
        campaign = db.session.scalars(db.select(Campaign)).one()
        assert f'"merged_into": {other}, "retired_for": null' in "".join(as_json(campaign))
        assert f"{WHY},{other}," in "".join(as_csv(campaign))


def test_pages_ask_as_many_questions_for_many_as_for_one(app, ana, carl, drew, cast, soda_campaign, voted, queries):
    _one, other = voted
    urls = ["/campaigns/soda/duplicates", f"/ideas/{other}", "/profile/votes"]

    def fill(number):
        with app.app_context():
            writer = make_person(f"writer{number}").id
            db.session.commit()
        third, fourth = (suggest(app, soda_campaign, writer, f"Lid {number} {side}") for side in ("a", "b"))
        drew.post(f"/ideas/{third}/same", other=str(fourth))
        fifth = suggest(app, soda_campaign, writer, f"Lid {number} c")
        vote(drew, fifth)
        with app.app_context():
            db.session.add(Comment(idea_id=fifth, author_id=writer, text="Said there."))
            db.session.commit()
        assert merge(ana, fifth, other).status_code == 302

    def asked():
        counts = []
        for reader, url in ((ana, urls[0]), (drew, urls[1]), (drew, urls[2])):
            reader.get(url)
            with queries() as few:
                assert reader.get(url).status_code == 200
            counts.append(len(few))
        return counts

    fill(0)
    few = asked()
    for number in range(1, 5):
        fill(number)
    assert asked() == few
    assert few[1] <= 24


@pytest.fixture
def retired(bea, voted):
    one, other = voted
    answer = bea.post(f"/ideas/{one}/retirement?for={other}", reason="Carl says it better.")
    assert answer.location == f"/ideas/{one}"
    return voted


def test_an_author_retires_their_idea_and_nobody_is_moved(app, bea, carl, drew, nobody, newcomer, moved):
    one, other = moved
    assert f"/ideas/{one}/retirement" in bea.get(f"/ideas/{one}").text
    assert f"for={other}" in bea.get(f"/ideas/{one}/retirement?q=lid").text
    url = f"/ideas/{one}/retirement?for={other}"
    for stranger in (carl, drew):
        assert stranger.get(url).status_code == stranger.post(url, reason="Mine.").status_code == 404
    assert nobody.post(url, reason="Mine.").location.startswith("/sign-in")
    assert bea.post(url, reason="").status_code == 422
    for _click in range(2):
        assert bea.post(url, reason="Carl says it better.").location == f"/ideas/{one}"
    page = nobody.get(f"/ideas/{one}").text
    assert "Carl says it better." in page
    assert "3 people supported it, and have their votes back." in page
    assert "people support it" not in page
    assert "Retired in favour of:" in nobody.get("/campaigns/soda/withdrawn").text
    with app.app_context():
        assert db.session.get_one(Idea, other).votes == 2
        assert db.session.scalar(db.select(db.func.count()).where(Vote.idea_id == one)) == 3
    assert acts(app) == ["idea.retired"]


def test_each_supporter_is_asked_and_moves_by_one_click(app, bea, carl, drew, newcomer, moved, mails):
    one, other = moved
    bea.post(f"/ideas/{one}/retirement?for={other}", reason="Carl says it better.")
    work(app)
    [mail] = mails.to("eve@example.org")
    assert "Carl says it better." in mail.get_body(("plain",)).get_content()
    page = newcomer.get("/profile/votes").text
    assert "Its author has retired the idea in favour of “A can with a lid that closes again”" in page
    page = newcomer.get(f"/ideas/{one}").text
    form = page[page.index(f'action="/ideas/{other}/vote"') :]
    fields = dict(re.findall(r'name="(id|version|next)" value="([^"]+)"', form[: form.index("</form>")]))
    assert newcomer.post(f"/ideas/{other}/vote", **fields).location == f"/ideas/{other}"
    assert "You support that one." in newcomer.get(f"/ideas/{one}").text
    assert "You support that one." in drew.get(f"/ideas/{one}").text
    assert f'action="/ideas/{other}/vote"' not in carl.get(f"/ideas/{one}").text  # It is his.
    with app.app_context():
        assert db.session.get_one(Idea, other).votes == 3


def test_a_retired_idea_comes_back_as_one_that_was_taken_back(app, bea, retired):
    one, _other = retired
    assert bea.post(f"/ideas/{one}/withdrawal/undo").status_code == 302
    with app.app_context():
        assert db.session.get_one(Idea, one).votes == 0


def test_refused_the_page_says_why_before_anybody_writes_a_reason(app, ana, voted):
    one, other = voted
    with app.app_context():
        db.session.scalars(db.select(Campaign)).one().stage.shows_counts = "ended"
        db.session.commit()
    page = ana.get(f"/ideas/{one}/merging?with={other}").text
    assert "Counts are sealed now." in page
    assert "Votes of both together" not in page
    assert "votes ·" not in page
    answer = merge(ana, one, other)
    assert answer.status_code == 422
    assert "Counts are sealed now." in answer.text


def test_whoever_wrote_one_of_two_is_offered_no_decision_about_them(app, ana, bea, carl, drew, cast, voted):
    one, other = voted
    drew.post(f"/ideas/{one}/same", other=str(other))
    with app.app_context():
        soda = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
        db.session.add_all(Membership(brand=soda, person_id=cast[name], role="moderator") for name in ("bea", "carl"))
        db.session.commit()
    no = "One of the two is your own."
    for author in (bea, carl):
        page = author.get("/campaigns/soda/duplicates").text
        assert no in page
        assert "Compare and merge" not in page
        for door in DOORS[:2]:
            url = door.format(one=one, other=other)
            page = author.get(url).text
            assert no in page
            assert 'name="reason"' not in page
            assert no in author.post(url, reason=WHY).text
        assert "It is this one" in author.get(f"/ideas/{one}/same?q=lid").text
    assert merge(ana, one, other).location == f"/ideas/{other}"
    for author in (bea, carl):
        assert f"/ideas/{one}/merging/undo" not in author.get(f"/ideas/{one}").text
        assert f"/ideas/{one}/merging/undo" not in author.get("/campaigns/soda/duplicates").text
        assert no in author.get(f"/ideas/{one}/merging/undo").text
        assert no in author.post(f"/ideas/{one}/merging/undo", reason=WHY).text
    assert f"/ideas/{one}/merging/undo" in ana.get("/campaigns/soda/duplicates").text


@pytest.mark.only_on("sqlite")
def test_the_pairs_that_wait_are_counted_from_the_pairs_and_not_from_all_ideas(app, soda_campaign, queries):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        with queries() as asked:
            assert count_waiting_pairs(campaign) == 0
        [statement] = asked
        values = tuple(0 for _place in range(statement.count("?")))
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        assert plan[0].detail.startswith("SCAN duplicate")
