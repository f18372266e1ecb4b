"""Who supports an idea by name: read by all alike, gone with the vote, and sealed exactly while the totals are."""

from datetime import timedelta

import pytest

from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.campaigns.naming import choose_naming
from campaign.campaigns.sealing import NOBODY
from campaign.clock import now
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.merging.actions import merge_ideas, undo_merge
from campaign.votes.models import Vote
from campaign.votes.supporters import supporters_of
from tests.campaign_cast import suggest
from tests.makers import make_person
from tests.voting import cast_vote, withdraw_vote


@pytest.fixture
def named(campaign, resealable, people):
    """bea's idea in a campaign that lists who votes."""
    choose_naming(campaign, people.ana, named=True)
    db.session.flush()
    return resealable


def names(idea, asker=NOBODY, **asked):
    found = supporters_of(idea, asker, **asked)
    return None if found is None else [person.name for person in found.people]


def test_who_supports_an_idea_by_name_is_listed_the_newest_first(named, people):
    cast_vote(named, people.carl, "carl-votes-1", named=True)
    cast_vote(named, people.drew, "drew-votes-1", named=True)
    assert names(named) == ["Drew", "Carl"]
    withdraw_vote(named, people.drew, "drew-leaves-1")
    assert names(named) == ["Carl"]


def test_in_a_secret_campaign_nobody_is_listed_for_nobody(resealable, people):
    cast_vote(resealable, people.carl, "carl-votes-1", named=True)
    for asker in (NOBODY, people.ana, people.bea, people.carl):
        assert names(resealable, asker) == []


def test_earlier_voters_stay_unnamed_and_named_ones_named(campaign, resealable, people):
    cast_vote(resealable, people.carl, "carl-votes-1")
    choose_naming(campaign, people.ana, named=True, why="From now on.")
    cast_vote(resealable, people.drew, "drew-votes-1", named=True)
    assert names(resealable) == ["Drew"]
    choose_naming(campaign, people.ana, named=False, why="And back.")
    cast_vote(resealable, people.ana, "ana-votes-01")
    assert names(resealable) == ["Drew"]


def test_a_vote_under_review_is_not_listed(named, people):
    cast_vote(named, people.carl, "carl-votes-1", named=True)
    db.session.execute(db.update(Vote).values(aside=True))
    assert names(named) == []


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_names_are_sealed_while_totals_are_for_the_team_as_well(named, people, seal):
    cast_vote(named, people.carl, "carl-votes-1", named=True)
    named.campaign.stages[0].shows_counts = seal
    db.session.flush()
    for asker in (NOBODY, people.ana, people.bea):
        assert supporters_of(named, asker) is None
    assert names(named, people.carl) == (["Carl"] if seal == "voted" else None)
    named.campaign.ends_at = now() - timedelta(seconds=1)
    db.session.flush()
    assert names(named) == ["Carl"]


def test_a_long_list_is_read_page_by_page(named):
    voters = [make_person(f"voter{number}") for number in range(7)]
    for voter in voters:
        cast_vote(named, voter, f"vote-of-{voter.id:05}", named=True)
    everybody, cursor = [], None
    while True:
        found = supporters_of(named, NOBODY, most=3, cursor=cursor)
        assert found.total == 7
        everybody += found.people
        if (cursor := found.cursor) is None:
            break
    assert everybody == voters[::-1]
    for nonsense in ("", "x", "12", "12-", "12-x", "-3", f"{10**20}-3", f"12-{10**12}"):
        with pytest.raises(NotThere):
            supporters_of(named, NOBODY, cursor=nonsense)


def test_votes_that_move_with_a_merged_idea_stay_as_they_were_given(app, cast, campaign, resealable, people):
    other = db.session.get_one(Idea, suggest(app, campaign.id, cast["drew"], "A lid that closes again"))
    secret, open_voter = make_person("quiet"), make_person("proud")
    cast_vote(other, secret, "quiet-votes-1")
    choose_naming(campaign, people.ana, named=True, why="From now on.")
    cast_vote(other, open_voter, "proud-votes-1", named=True)
    db.session.commit()
    merge_ideas(other, resealable, people.ana, "The same.")
    db.session.commit()
    assert names(resealable) == ["Proud"]
    undo_merge(other, people.ana, "Not the same.")
    db.session.commit()
    assert names(resealable) == []
    assert names(other) == ["Proud"]


# Over HTTP.


@pytest.fixture
def listed(ana, carl, drew, soda_idea):
    ana.post("/campaigns/soda/naming", naming="named")
    for number, voter in enumerate((carl, drew)):
        voter.post(f"/ideas/{soda_idea}/vote", id=f"0123456789abcdef{number}", named="1")
    return soda_idea


def test_everybody_reads_the_names_and_a_vote_taken_back_is_gone(nobody, ana, carl, listed):
    for browser in (nobody, ana, carl):
        for url in (f"/ideas/{listed}", f"/ideas/{listed}/supporters"):
            page = browser.get(url).text
            assert "Carl" in page
            assert "Drew" in page
    carl.post(f"/ideas/{listed}/vote/withdrawal", id="0123456789abcdef9")
    for url in (f"/ideas/{listed}", f"/ideas/{listed}/supporters"):
        assert "Carl" not in nobody.get(url).text


def test_nobody_finds_the_names_under_seal(app, nobody, ana, bea, listed):
    with app.app_context():
        db.session.scalars(db.select(Campaign)).one().stages[0].shows_counts = "ended"
        db.session.commit()
    for browser in (nobody, ana, bea):
        for url in (f"/ideas/{listed}", f"/ideas/{listed}/supporters"):
            page = browser.get(url).text
            assert "Drew" not in page
    assert "Names would tell the count" in nobody.get(f"/ideas/{listed}/supporters").text


def test_a_campaign_of_the_team_shows_its_names_to_the_team_only(app, nobody, bea, ana, listed):
    with app.app_context():
        db.session.scalars(db.select(Campaign)).one().visibility = "members"
        db.session.commit()
    for browser in (nobody, bea):
        assert browser.get(f"/ideas/{listed}/supporters").status_code == 404
    assert "Carl" in ana.get(f"/ideas/{listed}/supporters").text


def test_the_page_asks_as_many_questions_for_fifty_voters_as_for_two(app, carl, listed, queries):
    def look():
        with queries() as asked:
            page = carl.get(f"/ideas/{listed}/supporters").text
        return page.count("person__name"), len(asked)

    look()
    few, questions = look()
    assert few == 2
    with app.app_context():
        idea = db.session.get_one(Idea, listed)
        for number in range(50):
            cast_vote(idea, make_person(f"voter{number}"), f"vote-number-{number:03}", named=True)
        db.session.commit()
    assert look() == (52, questions)


def test_who_works_for_the_brand_is_told_as_one(app, cast, nobody, listed):
    with app.app_context():
        brand = db.session.scalars(db.select(Campaign)).one().brand_id
        db.session.add(Membership(brand_id=brand, person_id=cast["drew"], role="analyst"))
        db.session.commit()
    assert "Works for Soda" in nobody.get(f"/ideas/{listed}/supporters").text
