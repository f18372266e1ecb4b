"""Why people vote as they do: a sentence that belongs to the vote, in no order that tells who voted, and sealed with the totals."""

import json
from datetime import timedelta

import pytest

from campaign.board.acts import acts
from campaign.brands.suspending import suspend_person
from campaign.brands.suspensions import Suspended
from campaign.campaigns.models import Campaign
from campaign.campaigns.naming import choose_naming
from campaign.campaigns.sealing import NOBODY
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.live.announcing import changes_since
from campaign.merging.actions import merge_ideas, undo_merge
from campaign.methods.actions import hand_in, take_back
from campaign.methods.papers import written
from campaign.reasons.access import ReasonsSealed, every_reason, reasons_beside, reasons_of
from campaign.reasons.actions import NoVoteToExplain, give_reason, hide_reason, show_reason, take_reason_back
from campaign.reasons.models import Reason
from campaign.votes.ballots import VotingClosed
from campaign.votes.models import BallotDoubt, Vote
from campaign.votes.supporters import supporters_of
from tests.calendars import over
from tests.campaign_cast import suggest
from tests.makers import make_person
from tests.voting import cast_vote, withdraw_vote

SAID = "My bag is full of soda."


def read(idea, asker=NOBODY, side="for", **asked):
    return [
        (told.voter.name if told.voter else None, told.text)
        for told in reasons_of(idea, asker, side, **{"most": 30, **asked}).told
    ]


@pytest.fixture
def supported(resealable, people):
    """bea's idea, which carl supports."""
    cast_vote(resealable, people.carl, "carl-votes-1")
    return resealable


def test_a_reason_belongs_to_a_vote(supported, people):
    with pytest.raises(NoVoteToExplain):
        give_reason(supported, people.drew, SAID)
    give_reason(supported, people.carl, SAID)
    give_reason(supported, people.carl, SAID)
    assert read(supported) == [(None, SAID)]
    give_reason(supported, people.carl, "It leaks.")
    assert read(supported) == [(None, "It leaks.")]


def test_it_goes_with_the_vote_and_does_not_come_back_with_it(supported, people):
    give_reason(supported, people.carl, SAID)
    withdraw_vote(supported, people.carl, "carl-leaves-1")
    assert read(supported) == []
    cast_vote(supported, people.carl, "carl-votes-2")
    assert read(supported) == []
    assert db.session.scalar(db.select(db.func.count(Reason.place))) == 0


def test_others_keep_theirs_when_somebody_takes_a_vote_back(supported, people):
    cast_vote(supported, people.drew, "drew-votes-1")
    give_reason(supported, people.carl, SAID)
    give_reason(supported, people.drew, "It leaks.")
    withdraw_vote(supported, people.carl, "carl-leaves-1")
    assert read(supported) == [(None, "It leaks.")]


def test_it_is_taken_back_alone_at_any_time(supported, people):
    give_reason(supported, people.carl, SAID)
    over(supported.campaign)
    take_reason_back(supported, people.carl)
    take_reason_back(supported, people.carl)
    assert read(supported) == []
    assert supported.votes == 1


def test_when_voting_is_over_it_stays_and_none_comes(supported, people):
    give_reason(supported, people.carl, SAID)
    over(supported.campaign)
    db.session.flush()
    with pytest.raises(VotingClosed):
        give_reason(supported, people.carl, "It leaks.")
    assert read(supported) == [(None, SAID)]


def test_who_is_suspended_says_nothing(supported, people):
    suspend_person(people.soda, people.carl, people.ana, "Insults.", days=3, key="a-suspension")
    with pytest.raises(Suspended):
        give_reason(supported, people.carl, SAID)


def test_by_name_as_the_vote_and_not_as_the_campaign_is_by_now(campaign, supported, people):
    choose_naming(campaign, people.ana, named=True, why="From now on.")
    cast_vote(supported, people.drew, "drew-votes-1", named=True)
    give_reason(supported, people.carl, SAID)
    give_reason(supported, people.drew, "It leaks.")
    assert sorted(read(supported), key=str) == [("Drew", "It leaks."), (None, SAID)]


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_sealed_with_the_totals_for_the_team_as_well_but_for_ones_own(supported, people, seal):
    cast_vote(supported, people.ana, "ana-votes-01")
    give_reason(supported, people.carl, SAID)
    withdraw_vote(supported, people.ana, "ana-leaves-1")
    stage = supported.campaign.stages[0]
    stage.shows_counts = seal
    db.session.flush()
    for asker in (NOBODY, people.bea, people.drew):
        assert read(supported, asker, moderates=True) == []
        beside = reasons_beside(supported, asker)
        assert (beside.own, beside.sides["for"]) == (None, [])
    assert reasons_beside(supported, people.carl).own.text == SAID
    with pytest.raises(ReasonsSealed):
        list(every_reason(supported.campaign))
    supported.campaign.ends_at = now() - timedelta(seconds=1)
    db.session.flush()
    assert read(supported) == [(None, SAID)]


def test_nothing_is_announced_that_would_tell_of_a_vote(supported, people):
    db.session.commit()
    before = changes_since(supported.campaign.board, 0)
    reason = give_reason(supported, people.carl, SAID)
    hide_reason(reason, people.ana, "An insult.")
    show_reason(reason, people.ana)
    take_reason_back(supported, people.carl)
    db.session.commit()
    assert changes_since(supported.campaign.board, 0) == before


def test_the_order_is_a_lot_and_stays_when_others_come(supported):
    def come(number):
        voter = make_person(f"voter{number}")
        cast_vote(supported, voter, f"vote-of-{voter.id:05}")
        give_reason(supported, voter, f"Because, {number}.")

    for number in range(12):
        come(number)
    before = [text for _name, text in read(supported)]
    assert before != sorted(before, key=lambda text: int(text[9:-1])), "in the order in which they voted"
    for number in range(12, 20):
        come(number)
    assert [text for _name, text in read(supported) if text in before] == before


def test_what_is_hidden_is_read_by_its_author_and_who_moderates(campaign, supported, people):
    cast_vote(supported, people.drew, "drew-votes-1")
    give_reason(supported, people.drew, SAID)
    reason = give_reason(supported, people.carl, "An insult.")
    hide_reason(reason, people.ana, "It insults.")
    hide_reason(reason, people.ana, "Pressed twice.")
    assert read(supported) == [(None, SAID)]
    assert sorted(read(supported, people.ana, moderates=True)) == [(None, "An insult."), (None, SAID)]
    assert [told.text for told in reasons_beside(supported, people.ana).sides["for"]] == [SAID]
    beside = reasons_beside(supported, people.carl)
    assert (beside.own.text, beside.why_hidden) == ("An insult.", "It insults.")
    assert SAID in {told.text for _idea, told in every_reason(campaign)}
    assert "An insult." not in {told.text for _idea, told in every_reason(campaign)}
    # Written anew after another vote, it is hidden too.
    withdraw_vote(supported, people.carl, "carl-leaves-1")
    cast_vote(supported, people.carl, "carl-votes-2")
    again = give_reason(supported, people.carl, "The same insult.")
    assert read(supported) == [(None, SAID)]
    show_reason(again, people.ana)
    show_reason(again, people.ana)
    assert (None, "The same insult.") in read(supported)
    told = [(str(act.sentence), act.why, act.details) for act in acts(campaign).acts][:2]
    assert told == [
        ("showed again what somebody said about their vote", "", []),
        ("hid what somebody said about their vote", "It insults.", []),
    ]


def test_a_vote_under_review_says_nothing_to_others(supported, people):
    give_reason(supported, people.carl, SAID)
    db.session.execute(db.update(Vote).values(aside=True))
    assert read(supported) == []
    assert reasons_beside(supported, people.carl).own.text == SAID


def test_reasons_follow_a_merged_idea_and_come_back(app, cast, campaign, supported, people):
    db.session.commit()
    other = db.session.get_one(Idea, suggest(app, campaign.id, cast["carl"], "A lid that closes again"))
    cast_vote(other, people.drew, "drew-votes-1")
    give_reason(other, people.drew, "It leaks.")
    db.session.commit()
    merge_ideas(other, supported, people.ana, "The same.")
    db.session.commit()
    assert read(supported) == [(None, "It leaks.")]
    undo_merge(other, people.ana, "Not the same.")
    db.session.commit()
    assert (read(supported), read(other)) == ([], [(None, "It leaks.")])
    merge_ideas(other, supported, people.ana, "The same after all.")
    db.session.commit()
    withdraw_vote(supported, people.drew, "drew-leaves-1")
    assert read(supported) == []
    assert db.session.scalar(db.select(db.func.count(Reason.place))) == 0


# For and against.


@pytest.fixture
def both_ways(campaign, resealable):
    campaign.stages[0].method, campaign.stages[0].method_settings = "up_down", {}
    db.session.commit()
    return resealable


def mark(idea, voter, mark, key, named=False):
    content = written([[idea.id, mark]] if mark else [])
    hand_in(idea.campaign.stages[0].id, voter, key, lambda before, frame: content, [idea.id], named)


def test_who_votes_against_says_what_is_missing_without_a_name(campaign, both_ways, people):
    choose_naming(campaign, people.ana, named=True)
    db.session.commit()
    mark(both_ways, people.carl, 1, "carl-votes-1", named=True)
    mark(both_ways, people.drew, -1, "drew-votes-1", named=True)
    give_reason(both_ways, people.carl, SAID)
    give_reason(both_ways, people.drew, "It will leak.")
    assert read(both_ways) == [("Carl", SAID)]
    assert read(both_ways, side="against") == [(None, "It will leak.")]
    assert [person.name for person in supporters_of(both_ways, NOBODY).people] == ["Carl"]


def test_a_ballot_under_review_says_nothing_to_others_and_lists_no_name(campaign, both_ways, people):
    choose_naming(campaign, people.ana, named=True)
    db.session.commit()
    for person in (people.carl, people.drew):
        mark(both_ways, person, 1, f"{person.name}-votes-1", named=True)
        give_reason(both_ways, person, f"{person.name} wants it.")
    doubt = {"stage_id": campaign.stages[0].id, "voter_id": people.carl.id, "reasons": ["burst"], "group": "burst"}
    db.session.add(BallotDoubt(**doubt))
    db.session.flush()
    assert read(both_ways) == [("Drew", "Drew wants it.")]
    assert [person.name for person in supporters_of(both_ways, NOBODY).people] == ["Drew"]
    assert [told.text for _idea, told in every_reason(campaign)] == ["Drew wants it."]
    assert reasons_beside(both_ways, people.carl).own.text == "Carl wants it."
    db.session.execute(db.update(BallotDoubt).values(decision="count"))
    assert {name for name, _text in read(both_ways)} == {"Carl", "Drew"}


def test_a_ballot_that_changes_its_mind_takes_name_and_reason_with_it(campaign, both_ways, people):
    choose_naming(campaign, people.ana, named=True)
    db.session.commit()
    mark(both_ways, people.carl, 1, "carl-votes-1", named=True)
    give_reason(both_ways, people.carl, SAID)
    mark(both_ways, people.carl, 1, "carl-votes-2", named=True)
    assert read(both_ways) == [("Carl", SAID)]
    mark(both_ways, people.carl, -1, "carl-votes-3", named=True)
    assert read(both_ways) == read(both_ways, side="against") == []
    assert supporters_of(both_ways, NOBODY).people == []
    give_reason(both_ways, people.carl, "It will leak.")
    take_back(campaign.stages[0].id, people.carl, "carl-leaves-1")
    assert read(both_ways, side="against") == []


def test_a_ballot_that_is_handed_in_secretly_again_loses_its_names(campaign, both_ways, people):
    choose_naming(campaign, people.ana, named=True)
    db.session.commit()
    mark(both_ways, people.carl, 1, "carl-votes-1", named=True)
    give_reason(both_ways, people.carl, SAID)
    db.session.expire_all()
    choose_naming(campaign, people.ana, named=False, why="And back.")
    assert [person.name for person in supporters_of(both_ways, NOBODY).people] == ["Carl"]
    mark(both_ways, people.carl, 1, "carl-votes-2")
    assert supporters_of(both_ways, NOBODY).people == []
    assert read(both_ways) == [(None, SAID)]


# Over HTTP.


@pytest.fixture
def voted(carl, soda_idea):
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    return soda_idea


def test_who_voted_says_why_on_the_ideas_page_and_nobody_reads_who_it_was(cast, carl, ana, nobody, voted):
    assert 'name="reason"' in carl.get(f"/ideas/{voted}").text
    assert carl.post(f"/ideas/{voted}/reasons", reason=SAID).location == f"/ideas/{voted}#reasons"
    assert "You said:" in carl.get(f"/ideas/{voted}").text
    for browser in (nobody, ana):
        for url in (f"/ideas/{voted}", f"/ideas/{voted}/reasons"):
            page = browser.get(url).text
            assert SAID in page
            assert "a voter" in page
            assert "Carl" not in page
    assert carl.post(f"/ideas/{voted}/reasons", reason="").status_code == 422
    assert carl.post(f"/ideas/{voted}/reasons", reason="x" * 501).status_code == 422
    assert carl.post(f"/ideas/{voted}/reasons/withdrawal").status_code == 302
    assert SAID not in nobody.get(f"/ideas/{voted}").text


def place_of(app):
    with app.app_context():
        return db.session.scalars(db.select(Reason.place)).one()


def test_the_doors(app, ana, bea, carl, drew, nobody, voted):
    url = f"/ideas/{voted}/reasons"
    assert "/sign-in" in nobody.post(url, reason=SAID).location
    assert "/sign-in" in nobody.post(f"{url}/withdrawal").location
    assert "A reason belongs to a vote" in drew.post(url, reason=SAID).text
    carl.post(url, reason=SAID)
    hiding = f"{url}/{place_of(app)}/hiding"
    for browser in (bea, carl, drew):
        assert browser.get(hiding).status_code == 404
        assert browser.post(hiding, why="No.").status_code == 404
        assert browser.post(f"{hiding}/undo").status_code == 404
        assert browser.get("/campaigns/soda/reasons/export").status_code == 404
    assert "/sign-in" in nobody.post(hiding, why="No.").location
    assert "/sign-in" in nobody.get("/campaigns/soda/reasons/export").location
    assert ana.post(hiding, why="").status_code == 422
    assert ana.post(hiding, why="It insults.").status_code == 302
    assert SAID not in nobody.get(url).text
    for page in (f"/ideas/{voted}", url):
        assert "It insults." in carl.get(page).text
    assert "Hidden" in ana.get(url).text
    ana.post(f"{hiding}/undo")
    assert SAID in nobody.get(url).text
    with app.app_context():
        db.session.scalars(db.select(Campaign)).one().stages[0].shows_counts = "ended"
        db.session.commit()
    assert ana.get(hiding).status_code == 404
    assert ana.get("/campaigns/soda/reasons/export").status_code == 409
    for browser in (ana, nobody):
        for page in (f"/ideas/{voted}", url):
            assert SAID not in browser.get(page).text
    with app.app_context():
        db.session.scalars(db.select(Campaign)).one().visibility = "members"
        db.session.commit()
    assert nobody.get(url).status_code == bea.get(url).status_code == 404


def test_the_file_says_what_everybody_reads(app, ana, carl, voted):
    carl.post(f"/ideas/{voted}/reasons", reason="=HYPERLINK(0)")
    told = json.loads(ana.get("/campaigns/soda/reasons/export?as=json").text)
    assert told == [
        {"idea": voted, "title": "A can you can reseal", "side": "for", "name": None, "reason": "=HYPERLINK(0)"}
    ]
    answer = ana.get("/campaigns/soda/reasons/export")
    assert answer.text == f"\ufeffidea,title,side,name,reason\r\n{voted},A can you can reseal,for,,'=HYPERLINK(0)\r\n"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_ballot_says_that_it_has_a_name(app, ana, carl, nobody, voted):
    carl.post(f"/ideas/{voted}/vote/withdrawal", id="0123456789abcdef02")
    with app.app_context():
        stage = db.session.scalars(db.select(Campaign)).one().stages[0]
        stage.method, stage.method_settings, number = "up_down", {}, stage.id
        db.session.commit()
    ana.post("/campaigns/soda/naming", naming="named", why="From now on.")
    page = carl.get("/campaigns/soda/ballot").text
    assert "Your name will stand under the ideas that you vote for" in page
    ballot = {"stage": str(number), "key": "a-ballot-of-carl", f"idea-{voted}": "1"}
    assert carl.post("/campaigns/soda/ballot", **ballot).status_code == 422
    assert carl.post("/campaigns/soda/ballot", **ballot, named="1").status_code == 302
    assert "Carl" in nobody.get(f"/ideas/{voted}/supporters").text
    assert "Why do you support it?" in carl.get(f"/ideas/{voted}").text


def test_the_idea_asks_as_many_questions_for_thirty_reasons_as_for_six(app, carl, voted, queries):
    def say(*voters):
        with app.app_context():
            idea = db.session.get_one(Idea, voted)
            for number in voters:
                voter = make_person(f"voter{number}")
                cast_vote(idea, voter, f"vote-of-{voter.id:05}")
                give_reason(idea, voter, "Because.")
            db.session.commit()

    def look(url):
        with queries() as asked:
            carl.get(url)
        return len(asked)

    urls = f"/ideas/{voted}", f"/ideas/{voted}/reasons"
    say(*range(6))
    list(map(look, urls))
    few = list(map(look, urls))
    say(*range(6, 30))
    assert list(map(look, urls)) == few
