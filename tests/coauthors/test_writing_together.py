"""Writing an idea together: invited by its author among those who took part, named with it, and without a vote for it."""

import json

import pytest

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.campaigns.incentives import Incentive
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import RulesAcceptance, Terms
from campaign.campaigns.ruling import Agreement, RulesUnaccepted, state_rules
from campaign.campaigns.voting import settings_of
from campaign.clock import now
from campaign.coauthors.access import could_join, invitations_to
from campaign.coauthors.actions import (
    NoInvitation,
    NotAmongThem,
    accept_invitation,
    decline_invitation,
    invite_coauthor,
    leave_idea,
    uninvite_coauthor,
)
from campaign.coauthors.models import CoAuthorInvitation
from campaign.exchange.exporting import as_json
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.models import Idea
from campaign.ledger.appending import append_to_logs
from campaign.ledger.verifying import verify
from campaign.merging.actions import merge_ideas
from campaign.methods.access import ballot_of, is_on_ballot
from campaign.methods.actions import hand_in
from campaign.methods.counting import tally
from campaign.methods.pairs import answer_pair, open_pair
from campaign.methods.papers import BallotRefused, checked_marks
from campaign.verifications.access import VerificationNeeded
from campaign.verifications.asking import Wish, ask_for
from campaign.votes.ballots import OwnIdea
from campaign.votes.models import StageBallot
from tests.calendars import over
from tests.campaigns.test_settings import shown
from tests.ideas.test_cards import card
from tests.ideas.test_editing import edit
from tests.makers import make_idea
from tests.refusals import sentence_at
from tests.votes.test_closing_meanwhile import meanwhile
from tests.voting import cast_vote, vote_anew_by


@pytest.fixture
def discussed(people, resealable):
    """bea's idea, on which carl made a remark; drew only voted."""
    post_comment(resealable, people.carl, "And for left hands?", key="carls-remark")
    cast_vote(resealable, people.carl, "carls-vote")
    cast_vote(resealable, people.drew, "drews-vote")
    db.session.commit()
    return resealable


def test_who_has_to_verify_something_before_an_idea_does_so_before_signing_one(people, discussed, carl):
    invite_coauthor(discussed, people.bea, people.carl.id)
    ask_for(discussed.campaign, people.ana, Wish({"idea": ["phone"]}, None, (), "One person, one name."))
    db.session.commit()
    with pytest.raises(VerificationNeeded):
        accept_invitation(discussed, people.carl)
    db.session.rollback()
    page = carl.post(f"{discussed.url}/invitation", act="accept")
    assert page.status_code == 422
    assert f"/campaigns/soda/before/idea?next={discussed.url}/invitation" in page.text
    decline_invitation(discussed, people.carl)  # To say no, nothing is asked.


def test_who_becomes_an_author_by_a_merge_is_asked_no_more(people, discussed):
    invite_coauthor(discussed, people.bea, people.carl.id)
    own = make_idea(discussed.campaign, people.carl, "A cap for left hands", category=discussed.campaign.categories[0])
    db.session.commit()
    merge_ideas(own, discussed, people.ana, "The same.")
    db.session.commit()
    assert [one.person for one in discussed.coauthors] == [people.carl]
    assert invitations_to(discussed) == []


def test_who_took_part_in_the_talk_can_be_asked_and_voters_are_nobodys_business(people, discussed):
    assert could_join(discussed) == [people.carl]
    assert could_join(discussed, "ar") == [people.carl]
    assert could_join(discussed, "%") == []
    with pytest.raises(NotAmongThem):
        invite_coauthor(discussed, people.bea, people.drew.id)


def test_who_accepts_is_an_author_and_their_vote_is_handed_back(people, discussed, mails):
    invite_coauthor(discussed, people.bea, people.carl.id)
    invite_coauthor(discussed, people.bea, people.carl.id)  # A second click.
    db.session.commit()
    assert len(mails.to("carl@example.org")) == 1
    accept_invitation(discussed, people.carl)
    accept_invitation(discussed, people.carl)
    db.session.commit()
    assert (discussed.byline, discussed.votes) == ("Bea, Carl", 1)
    assert verify(discussed.campaign).problems == []
    with pytest.raises(OwnIdea):
        cast_vote(discussed, people.carl, "carl-again")
    assert could_join(discussed) == []
    assert len(mails.to("bea@example.org")) == 1


def test_a_vote_is_handed_back_also_while_voting_is_closed(people, discussed):
    discussed.campaign.stages[0].accepts_votes = False
    db.session.commit()
    invite_coauthor(discussed, people.bea, people.carl.id)
    accept_invitation(discussed, people.carl)
    db.session.commit()
    assert discussed.votes == 1
    assert verify(discussed.campaign).problems == []


@pytest.mark.parametrize(
    ("method", "before", "after"),
    [
        ("dots", "[[{idea},7],[{other},3]]", "[[{other},3]]"),
        ("ranked", "[{idea},{other}]", "[{other}]"),
        ("duels", '[[{idea},{other},""],[{other},{third},""]]', '[[{other},{third},""]]'),
        ("budget", "[[{idea},1]]", "[]"),
    ],
)
def test_the_idea_leaves_the_ballots_of_who_joins_and_all_who_count_agree(people, discussed, method, before, after):
    stage = discussed.campaign.stage
    discussed.cost = 10
    vote_anew_by(stage, method, **settings_of(method, {"points": 10, "budget": 100, "duels": 10}))
    ids = {
        name: make_idea(discussed.campaign, people.bea, category=discussed.campaign.categories[0]).id
        for name in ("other", "third")
    }
    ids["idea"] = discussed.id
    for person in (people.carl, people.drew):
        hand_in(stage.id, person, f"ballot-of-{person.id}", lambda kept, frame: filled(before, ids), ids.values())
    db.session.commit()
    invite_coauthor(discussed, people.bea, people.carl.id)
    assert is_on_ballot(people.carl, discussed)
    accept_invitation(discussed, people.carl)
    db.session.commit()
    assert not is_on_ballot(people.carl, discussed)
    ballots = dict(db.session.execute(db.select(StageBallot.voter_id, StageBallot.content)).all())
    assert ballots == {people.carl.id: filled(after, ids), people.drew.id: filled(before, ids)}
    assert tally(stage).people == 2
    append_to_logs()
    assert verify(discussed.campaign).problems == []


@pytest.mark.parametrize("method", ["approval", "dots"])
def test_what_was_given_in_a_vote_that_is_over_stays(people, discussed, method, carl):
    campaign, stage = discussed.campaign, discussed.campaign.stage
    if method == "dots":
        vote_anew_by(stage, "dots", points=10)
        hand_in(
            stage.id,
            people.carl,
            "carls-ballot",
            lambda kept, frame: checked_marks({discussed.id: 7}, frame),
            [discussed.id],
        )
    over(campaign)
    db.session.commit()
    before = tally(stage).counts[0].outcome
    invite_coauthor(discussed, people.bea, people.carl.id)
    assert not is_on_ballot(people.carl, discussed)
    accept_invitation(discussed, people.carl)
    db.session.commit()
    assert discussed.is_by(people.carl)
    assert discussed.votes == (2 if method == "approval" else 1), (
        "support still goes on where the vote by points is over"
    )
    assert tally(stage).counts[0].outcome == before
    append_to_logs()
    assert verify(campaign).problems == []


def filled(ballot, ids):
    for name, number in ids.items():
        ballot = ballot.replace("{" + name + "}", str(number))
    return ballot


def test_a_ballot_that_is_handed_in_meanwhile_leaves_the_idea_out_as_well(app, people, discussed):
    stage = discussed.campaign.stage
    stage.method, stage.method_settings = "dots", {"points": 10}
    invite_coauthor(discussed, people.bea, people.carl.id)
    db.session.commit()
    number, carl, idea = stage.id, people.carl.id, discussed.id

    def fill(kept, frame):
        return checked_marks({idea: 7}, frame)

    accept_invitation(discussed, people.carl)
    with meanwhile(
        app, lambda: hand_in(number, db.session.get_one(Person, carl), "ballot-of-carl", fill, [idea])
    ) as told:
        db.session.commit()
    assert isinstance(told[0], BallotRefused)
    assert db.session.scalars(db.select(StageBallot)).all() == []


def test_an_answered_pair_is_not_asked_again_of_who_joined_and_left(people, discussed):
    stage = discussed.campaign.stage
    stage.method, stage.method_settings = "duels", {"duels": 10}
    other = make_idea(discussed.campaign, people.bea, category=discussed.campaign.categories[0])
    db.session.commit()
    pair = open_pair(stage, people.carl, None)
    answer_pair(stage.id, people.carl, pair.number, "first", "")
    invite_coauthor(discussed, people.bea, people.carl.id)
    accept_invitation(discussed, people.carl)
    leave_idea(discussed, people.carl)
    db.session.commit()
    assert ballot_of(people.carl, stage) == "[]"
    assert open_pair(stage, people.carl, "[]") is None, f"{other.id} and {discussed.id} were compared once"


def test_who_says_no_is_not_asked_again(people, discussed):
    invite_coauthor(discussed, people.bea, people.carl.id)
    decline_invitation(discussed, people.carl)
    decline_invitation(discussed, people.carl)
    invite_coauthor(discussed, people.bea, people.carl.id)
    assert could_join(discussed) == []
    with pytest.raises(NoInvitation):
        accept_invitation(discussed, people.carl)
    assert discussed.votes == 2


def test_an_invitation_that_was_taken_back_can_no_longer_be_accepted(people, discussed):
    invite_coauthor(discussed, people.bea, people.carl.id)
    uninvite_coauthor(discussed, people.carl.id)
    with pytest.raises(NoInvitation):
        accept_invitation(discussed, people.carl)


def test_who_leaves_may_vote_again(people, discussed):
    invite_coauthor(discussed, people.bea, people.carl.id)
    accept_invitation(discussed, people.carl)
    leave_idea(discussed, people.carl)
    leave_idea(discussed, people.carl)
    db.session.commit()
    assert discussed.byline == "Bea"
    cast_vote(discussed, people.carl, "carl-again")
    assert discussed.votes == 2


@pytest.fixture
def invited(app, bea, carl, cast, soda_idea):
    """carl, who made a remark and supports the idea, has bea's invitation."""
    carl.post(f"/ideas/{soda_idea}/comments", text="And for left hands?", key="carls-remark")
    carl.post(f"/ideas/{soda_idea}/vote", id="carls-vote")
    bea.post(f"/ideas/{soda_idea}/authors", person=cast["carl"])
    return f"/ideas/{soda_idea}"


def test_the_walk_over_the_pages(app, ana, bea, carl, nobody, invited, soda_idea):
    assert "Asked" in bea.get(f"{invited}/authors").text
    assert "invites you to be a co-author" in carl.get(invited).text
    assert "Your vote is handed back." in carl.get(f"{invited}/invitation").text
    assert carl.post(f"{invited}/invitation", act="accept").status_code == 302
    assert carl.post(f"{invited}/invitation", act="accept").status_code == 302  # A second click.
    assert "Bea, Carl" in card(nobody.get("/campaigns/soda").text, soda_idea)
    assert " data-own" in card(carl.get("/campaigns/soda").text, soda_idea)
    assert "co-author" in nobody.get(invited).text
    assert "A can you can reseal" in carl.get("/profile/ideas").text
    assert "became a co-author of an idea" in ana.get("/campaigns/soda/history").text
    assert edit(carl, soda_idea, text="With a cap for both hands.").status_code == 302
    with app.app_context():
        idea = db.session.get(Idea, soda_idea)
        assert (idea.text, idea.votes) == ("With a cap for both hands.", 0)
        assert json.loads("".join(as_json(idea.campaign)))["ideas"][0]["coauthors"] == ["Carl"]
    assert carl.post(f"{invited}/authors/leaving").status_code == 302
    assert edit(carl, soda_idea).status_code == 404


def test_the_doors_are_their_own(ana, bea, carl, drew, nobody, cast, invited):
    for other in (ana, carl, drew):
        assert other.get(f"{invited}/authors").status_code == 404
        assert other.post(f"{invited}/authors", person=cast["ana"]).status_code == 404
    for other in (ana, drew):
        assert other.get(f"{invited}/invitation").status_code == 404
        assert other.post(f"{invited}/invitation", act="accept").status_code == 404
        other.post(f"{invited}/authors/leaving")
    assert nobody.get(f"{invited}/authors").headers["Location"].startswith("/sign-in")
    assert bea.post(f"{invited}/authors", person=cast["drew"]).status_code == 422
    assert carl.post(f"{invited}/withdrawal", reason="Not mine").status_code == 404


def test_a_campaign_that_is_over_keeps_its_authors(app, bea, carl, invited):
    with app.app_context():
        db.session.scalars(db.select(Campaign)).one().ends_at = now()
        db.session.commit()
    assert "keep their authors" in carl.post(f"{invited}/invitation", act="accept").text


def state(app, campaign_id, by):
    with app.app_context():
        campaign = db.session.get_one(Campaign, campaign_id)
        state_rules(campaign, db.session.get_one(Person, by), Terms(texts={"en": {"criteria": "Whether it fits."}}))
        db.session.commit()


def test_who_becomes_an_author_accepts_the_rules(people, discussed):
    invite_coauthor(discussed, people.bea, people.carl.id)
    state_rules(discussed.campaign, people.ana, Terms(texts={"en": {"criteria": "Whether it fits."}}))
    db.session.commit()
    with pytest.raises(RulesUnaccepted):
        accept_invitation(discussed, people.carl)
    db.session.rollback()
    accept_invitation(discussed, people.carl, Agreement(1, accepts=True), ("sample", "a crate"))
    assert db.session.scalars(db.select(RulesAcceptance.person_id)).all() == [people.carl.id]
    assert db.session.scalars(db.select(Incentive.what)).all() == ["a crate"]


def test_the_page_of_an_invitation_asks_for_a_yes_and_nothing_for_a_no(app, carl, cast, invited, soda_campaign):
    state(app, soda_campaign, cast["ana"])
    page = f"{invited}/invitation"
    asked = carl.get(page).text
    assert "Your words are shared as this idea is" in asked
    refused = carl.post(page, **{**shown(asked), "act": "accept", "received": "reward", "received_what": "50 euros"})
    assert refused.status_code == 422
    assert "accept them" in sentence_at(refused.text, "accepts")
    assert 'value="50 euros"' in refused.text
    with app.app_context():
        assert db.session.scalars(db.select(Idea)).one().byline == "Bea"
    assert carl.post(page, **{**shown(asked), "act": "decline"}).status_code == 302


def test_an_invitation_accepted_under_rules(app, bea, carl, nobody, cast, invited, soda_campaign):
    state(app, soda_campaign, cast["ana"])
    page = f"{invited}/invitation"
    fields = {**shown(carl.get(page).text), "act": "accept", "accepts": "y", "received": "reward"}
    assert carl.post(page, **fields).status_code == 302
    for read in (
        nobody.get(invited).text,
        card(nobody.get("/campaigns/soda").text, 1),
        bea.get(f"{invited}/authors").text,
    ):
        assert "Rewarded by Soda" in read


def test_nobody_is_invited_to_what_they_may_not_see(people, discussed, mails):
    discussed.campaign.visibility = "members"
    db.session.commit()
    assert could_join(discussed) == []
    with pytest.raises(NotAmongThem):
        invite_coauthor(discussed, people.bea, people.carl.id)
    db.session.add(Membership(brand=people.soda, person=people.carl, role="analyst"))
    db.session.commit()
    assert could_join(discussed) == [people.carl]
    accept = CoAuthorInvitation(idea=discussed, person=people.carl)
    db.session.add(accept)
    db.session.commit()
    accept_invitation(discussed, people.carl)
    db.session.commit()
    assert mails.to("bea@example.org") == []  # Nor told of it.
