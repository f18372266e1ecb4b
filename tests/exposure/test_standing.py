"""Places with what is uncertain about them."""

from random import Random

import pytest
from flask_babel import force_locale

from campaign.campaigns.models import Campaign
from campaign.counting.places import places_of_sums
from campaign.exposure.models import Standing
from campaign.exposure.standing import places_by_votes, stand_where_moved
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.languages import ordinal
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from campaign.votes.models import Vote
from tests.campaign_cast import suggest
from tests.makers import make_person


@pytest.fixture
def voted(app, soda_campaign, cast):
    """Three ideas: one that 60 people of 80 support, and two with 20 and 19."""

    def vote(idea, people):
        count_ballots([Ballot(person, idea, f"key-{person}-{idea}", "cast") for person in people])

    ideas = [suggest(app, soda_campaign, cast["bea"], title=f"A can, number {number}") for number in range(3)]
    with app.app_context():
        people = [make_person(f"voter{number}").id for number in range(80)]
        vote(ideas[0], people[:60])
        vote(ideas[1], people[60:])
        vote(ideas[2], people[:19])
        db.session.commit()
        stand_where_moved()
    return ideas


def test_the_most_supported_are_shown_with_their_places(nobody, voted):
    text = nobody.get("/campaigns/soda?order=supported").text
    panel = text.split('class="panel__list placed"')[1].split("</ol>")[0]
    assert [part.split("</span>")[0] for part in panel.split('placed__places">')[1:]] == [
        "1st",
        "2nd to 3rd",
        "2nd to 3rd",
    ]
    french = nobody.get("/campaigns/soda?order=supported", headers={"Accept-Language": "fr"}).text
    assert '<span class="placed__places">1re</span>' in french


@pytest.mark.parametrize("query", ["order=new", "order=supported&q=can", "order=shuffled"])
def test_other_lists_claim_no_places(nobody, voted, query):
    assert "panel__list placed" not in nobody.get(f"/campaigns/soda?{query}").text


def test_places_are_counted_again_only_where_votes_have_moved(app, voted, queries):
    with app.app_context():
        with queries() as asked:
            stand_where_moved()
        assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1
        voter = make_person().id
        count_ballots([Ballot(voter, voted[2], "one-more", "cast")])
        db.session.commit()
        stand_where_moved()
        standing = db.session.scalars(db.select(Standing)).one()
        assert (standing.people, standing.votes) == (81, 100)


def test_places_are_counted_again_where_a_vote_goes_to_another_idea(app, voted):
    with app.app_context():
        voter = db.session.scalars(db.select(Vote.voter_id).where(Vote.idea_id == voted[0])).first()
        count_ballots(
            [Ballot(voter, voted[0], "taken-back", "withdraw"), Ballot(voter, voted[1], "given-anew", "cast")]
        )
        db.session.commit()
        stand_where_moved()
        standing = db.session.scalars(db.select(Standing)).one()
        assert (standing.votes, set(standing.places)) == (99, {"59", "21", "19"})


@pytest.mark.one_database
def test_totals_are_placed_as_each_idea_would_be():
    random = Random(7)
    votes = [random.randrange(200) for _idea in range(120)]
    each = places_of_sums(dict(enumerate(votes)), 400)
    told = places_by_votes({total: votes.count(total) for total in votes}, 400)
    assert all(told[str(votes[idea])] == [place.best, place.worst] for idea, place in each.items())


@pytest.mark.one_database
def test_the_true_place_lies_where_it_is_told_to(app):
    """In 200 elections of planted shares, all places hold together at least as often as promised."""
    random, held = Random(11), 0
    for _election in range(200):
        shares = sorted((random.uniform(0.02, 0.7) for _idea in range(12)), reverse=True)
        votes = [sum(random.random() < share for _person in range(150)) for share in shares]
        told = places_by_votes({total: votes.count(total) for total in votes}, 150)
        held += all(told[str(total)][0] <= place <= told[str(total)][1] for place, total in enumerate(votes, 1))
    assert held >= 0.95 * 200


@pytest.mark.one_database
def test_places_are_written_as_each_language_does(app):
    with app.test_request_context(), force_locale("en"):
        told = [ordinal(place) for place in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    assert told == "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th".split()


def test_a_board_that_nobody_voted_on_tells_no_places(app, nobody, soda_idea):
    with app.app_context():
        stand_where_moved()
        assert db.session.get(Standing, db.session.scalars(db.select(Campaign.id)).one()) is None
        assert db.session.get_one(Idea, soda_idea).votes == 0
    assert "panel__list placed" not in nobody.get("/campaigns/soda?order=supported").text
