"""While people vote, how they vote changes only by versions that leave given votes what they are."""

from datetime import timedelta
from html import unescape

import pytest

from campaign.accounts.wished_mail import wish_mail
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import CountsWereShown, seal_on
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry
from campaign.methods import telling_versions
from campaign.methods.models import VotingVersion
from campaign.methods.telling_versions import tell_voters
from campaign.methods.versions import (
    NoVoteYet,
    VersionPassed,
    VersionRefused,
    VoteOver,
    Wanted,
    can_change,
    make_version,
    versions_of,
)
from tests.calendars import over
from tests.campaigns.test_settings import SETTINGS, shown
from tests.makers import make_person
from tests.methods.test_results import fill
from tests.voting import cast_vote

VOTING = "/campaigns/soda/voting"
NEW = f"{VOTING}/new"


@pytest.fixture
def voted(scene):
    """Each person has two votes, and bea gave one."""
    scene.vote_by("approval", cap=2)
    scene.campaign.ends_at = now() + timedelta(days=30)
    cast_vote(scene.ideas[0], scene.bea, "a-vote-of-bea")
    db.session.commit()
    return scene


def change(scene, **wanted):
    wanted = {"after": 1, "why": "Many asked for it.", **wanted}
    version = make_version(scene.campaign, scene.ana, Wanted(**wanted))
    db.session.commit()
    return version


def test_more_votes_for_each_person_are_a_version_that_everybody_can_look_up(voted, monkeypatch):
    heard = []
    monkeypatch.setattr("campaign.methods.versions.announce", lambda *news: heard.append(news))
    assert versions_of(voted.stage)[0].number == 1
    change(voted, room=5, explanation="One for each room of the house.")
    assert voted.stage.method_settings["cap"] == 5
    assert heard == [(voted.campaign.board, "campaign.changed")]
    latest, first = versions_of(voted.stage)
    assert (latest.number, latest.method_settings["cap"], latest.why) == (2, 5, "Many asked for it.")
    assert (first.number, first.method_settings["cap"], first.at) == (1, 2, voted.stage.first_ballot_at)
    entry = db.session.scalars(db.select(Entry).where(Entry.what == "voting.changed")).one()
    assert (entry.by_id, entry.why, entry.details["changes"]["cap"]) == (voted.ana.id, "Many asked for it.", [2, 5])


@pytest.mark.one_database
def test_a_limit_can_be_taken_away(voted):
    change(voted, no_limit=True)
    assert "cap" not in voted.stage.method_settings
    change(voted, no_limit=True)
    assert versions_of(voted.stage)[0].number == 2


@pytest.mark.one_database
def test_a_vote_can_be_longer_and_asked_twice_it_is_one_version(voted):
    later = voted.stage.ends_at + timedelta(days=2)
    change(voted, ends_at=later)
    change(voted, ends_at=later)
    assert (voted.stage.ends_at, versions_of(voted.stage)[0].number) == (later, 2)
    with pytest.raises(VersionRefused):  # The campaign would be over before.
        change(voted, after=2, ends_at=voted.campaign.ends_at + timedelta(days=1))


@pytest.mark.one_database
def test_a_vote_ends_before_the_answers_that_were_promised(voted):
    voted.campaign.answers_by = voted.stage.ends_at + timedelta(days=1)
    db.session.commit()
    with pytest.raises(VersionRefused) as refusal:
        change(voted, ends_at=voted.campaign.answers_by + timedelta(hours=1))
    assert "You promised answers by" in str(refusal.value.message)
    db.session.rollback()
    change(voted, ends_at=voted.campaign.answers_by)
    assert voted.stage.ends_at == voted.campaign.answers_by


@pytest.mark.one_database
@pytest.mark.parametrize(
    "wanted",
    [
        {"room": 1},
        {"room": 10_000},
        {"ends_at": now() + timedelta(hours=1)},
        {},
    ],
)
def test_less_than_was_promised_and_nothing_at_all_are_refused(voted, wanted):
    with pytest.raises(VersionRefused):
        change(voted, **wanted)
    db.session.rollback()
    assert (versions_of(voted.stage)[0].number, voted.stage.method_settings) == (1, {"cap": 2})


@pytest.mark.one_database
def test_of_points_nobody_gets_more_because_given_ones_would_be_worth_less(scene):
    scene.vote_by("dots", points=10)
    fill(scene, scene.bea, {scene.ideas[0].id: 3})
    with pytest.raises(VersionRefused):
        change(scene, room=20)
    change(scene, room=20, explanation="Only whole points.")
    assert scene.stage.method_settings == {"points": 10}


@pytest.mark.one_database
def test_two_colleagues_do_not_overwrite_each_other(voted):
    change(voted, room=5)
    with pytest.raises(VersionPassed):
        change(voted, room=6)


@pytest.mark.one_database
def test_without_a_vote_or_after_it_there_is_no_version(scene):
    scene.vote_by("approval", cap=2)
    with pytest.raises(NoVoteYet):
        change(scene, room=5)
    over(scene.campaign)
    db.session.commit()
    with pytest.raises(VoteOver):
        change(scene, room=5)


@pytest.fixture
def last(voted):
    """The vote is the last stage, so it ends with the campaign."""
    for stage in voted.campaign.stages[2:]:
        voted.campaign.stages.remove(stage)
    db.session.commit()
    return voted


def test_a_vote_that_is_over_goes_on_in_a_version_that_says_until_when(last):
    last.campaign.ends_at = ended = now() - timedelta(minutes=5)
    db.session.commit()
    for wanted in ({"explanation": "It is over."}, {"ends_at": now() - timedelta(minutes=2)}):
        with pytest.raises(VersionRefused):
            change(last, **wanted)
        db.session.rollback()
    later = now() + timedelta(days=2)
    change(last, ends_at=later)
    assert last.campaign.accepts_votes
    assert [version.ends_at for version in versions_of(last.stage)] == [later, ended]


@pytest.mark.parametrize("seal", ["voted", "ended"])
def test_a_sealed_vote_gets_more_time_before_its_counts_are_shown_and_none_after(last, seal):
    last.stage.shows_counts = seal
    later = last.campaign.ends_at + timedelta(days=2)
    change(last, ends_at=later)
    assert (last.stage.ends_at, seal_on(last.campaign)) == (later, seal)
    last.campaign.ends_at = now() - timedelta(minutes=5)
    db.session.commit()
    assert not can_change(last.campaign, last.stage)
    with pytest.raises(CountsWereShown):
        change(last, after=2, ends_at=now() + timedelta(days=2))


@pytest.mark.one_database
def test_a_vote_without_an_end_gets_one(last):
    last.campaign.ends_at = None
    db.session.commit()
    soon = now() + timedelta(days=2)
    change(last, ends_at=soon)
    assert [version.ends_at for version in versions_of(last.stage)] == [soon, None]


@pytest.mark.one_database
@pytest.mark.parametrize("days", [-1, 1])
def test_the_dates_of_the_settings_move_no_end_of_a_vote_and_lead_to_a_new_version(app, ana, carl, voted_by, days):
    one, *_rest = voted_by("approval", cap=2)
    fields = shown(ana.get(SETTINGS).text)
    with app.app_context():
        campaign = db.session.scalars(db.select(Campaign).filter_by(slug="soda")).one()
        number = campaign.stages.index(campaign.stage) + 1
        moved = campaign.stages[number].opens_at + timedelta(days=days)
    other = {**fields, f"stages-{number}-opens_at": f"{moved:%Y-%m-%dT%H:%M}"}
    assert ana.post(SETTINGS, **other).status_code == 302, "nobody has voted yet"
    assert ana.post(SETTINGS, **fields).status_code == 302
    carl.post(f"/ideas/{one}/vote", id="a-vote-of-carls")
    refused = ana.post(SETTINGS, **other)
    assert refused.status_code == 422
    told = unescape(refused.text)
    assert "That end moves in a new version of how people vote" in told
    assert f'href="{NEW}"' in told
    assert ana.post(SETTINGS, **fields).status_code == 302, "all else can change"


@pytest.mark.one_database
def test_nor_do_they_move_the_end_of_the_last_stage(app, ana, carl, voted_by):
    one, *_rest = voted_by("approval", cap=2)
    with app.app_context():
        campaign = db.session.scalars(db.select(Campaign).filter_by(slug="soda")).one()
        for stage in campaign.stages[campaign.stages.index(campaign.stage) + 1 :]:
            campaign.stages.remove(stage)
        campaign.ends_at = now() + timedelta(days=9)
        db.session.commit()
    carl.post(f"/ideas/{one}/vote", id="a-vote-of-carls")
    fields = shown(ana.get(SETTINGS).text)
    for end in ("", f"{now() + timedelta(days=20):%Y-%m-%dT%H:%M}"):
        refused = ana.post(SETTINGS, **{**fields, "ends_at": end})
        assert "That end moves in a new version of how people vote" in unescape(refused.text)
        assert f'href="{NEW}"' in refused.text


@pytest.mark.one_database
def test_nor_does_a_new_stage_end_a_sealed_vote_to_show_its_counts(app, ana, carl, voted_by):
    one, *_rest = voted_by("approval", cap=2)
    with app.app_context():
        db.session.scalars(db.select(Campaign).filter_by(slug="soda")).one().stage.shows_counts = "ended"
        db.session.commit()
    carl.post(f"/ideas/{one}/vote", id="a-vote-of-carls")
    fields = shown(ana.get(SETTINGS).text)
    new = f"stages-{sum(name.endswith('-opens_at') for name in fields)}-"
    soon = f"{now() + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    row = {"kind": "vote", "opens_at": soon, "accepts_votes": "y", "shows_counts": "always", "method": "approval"}
    refused = ana.post(SETTINGS, **fields, **{f"{new}{name}": value for name, value in row.items()})
    assert refused.status_code == 422
    assert "That end moves in a new version of how people vote" in unescape(refused.text)


def test_who_has_voted_is_told_once_and_who_has_not_is_not(voted, mails):
    cast_vote(voted.ideas[0], voted.carl, "a-vote-of-carl")
    wish_mail(voted.carl, "idea-reworded", wanted=False)
    change(voted, room=5)
    tell_voters()
    tell_voters()
    [mail] = mails.to(voted.bea.email)
    assert mail["Subject"].startswith("How people vote has changed")
    assert mails.link(voted.bea.email) == f"/campaigns/cans/voting?stage={voted.stage.id}"
    assert mails.to(voted.carl.email) == mails.to(voted.drew.email) == []
    assert db.session.scalars(db.select(VotingVersion).where(VotingVersion.told_until.is_not(None))).all() == []


def test_who_may_not_see_the_campaign_any_more_is_told_nothing(voted, mails):
    cast_vote(voted.ideas[0], voted.carl, "a-vote-of-carl")
    voted.campaign.visibility = "members"
    db.session.add(Membership(brand=voted.campaign.brand, person=voted.carl, role="analyst"))
    change(voted, room=5)
    tell_voters()
    assert (len(mails.to(voted.bea.email)), len(mails.to(voted.carl.email))) == (0, 1)


@pytest.mark.parametrize("method", ["approval", "dots"])
def test_very_many_are_told_in_pieces_and_each_is_looked_for_once(scene, mails, monkeypatch, queries, method):
    monkeypatch.setattr(telling_versions, "SOME", 2)
    scene.vote_by(method, **({"cap": 2} if method == "approval" else {"points": 10}))
    voters = [scene.bea, scene.carl, scene.drew, make_person("eve"), make_person("fred")]
    for voter in voters:
        if method == "approval":
            cast_vote(scene.ideas[0], voter, f"vote-of-{voter.name}")
            cast_vote(scene.ideas[1], voter, f"other-of-{voter.name}")
        else:
            fill(scene, voter, {scene.ideas[0].id: 3})
    change(scene, explanation="One for each room of the house.")
    with queries() as asked:
        tell_voters()
    assert [len(mails.to(voter.email)) for voter in voters] == [1] * 5
    table = "FROM vote" if method == "approval" else "FROM stage_ballot"
    reading = [statement for statement in asked if table in statement]
    assert len(reading) == 3, "two, two and one"
    assert not any("person.id IN (SELECT" in statement for statement in asked), "the votes are read for nobody anew"


@pytest.mark.one_database
def test_a_manager_makes_one_on_its_page_and_everybody_reads_both(ana, bea, carl, nobody, voted_by):
    one, *_rest = voted_by("approval", cap=2)
    assert ana.get(NEW).status_code == 409, "nobody has voted yet"
    carl.post(f"/ideas/{one}/vote", id="a-vote-of-carls")
    for other in (bea, carl):
        assert other.get(NEW).status_code == 404
        assert other.post(NEW, after="1", room="9", why="Mine").status_code == 404
    assert nobody.get(NEW).status_code == 302
    page = shown(ana.get(NEW).text)
    without_reason = ana.post(NEW, **{**page, "room": "4"})
    assert (without_reason.status_code, shown(without_reason.text)["room"]) == (422, "4")
    fewer = ana.post(NEW, **{**page, "room": "1", "why": "Fewer"})
    assert (fewer.status_code, shown(fewer.text)["why"]) == (422, "Fewer")
    assert "it can be more, not less" in unescape(fewer.text)
    assert ana.post(NEW, **{**page, "room": "4", "why": "Many asked"}).status_code == 302
    told = unescape(nobody.get(VOTING).text)
    assert "Version 2" in told
    assert "Version 1" in told
    assert "Many asked" in told
    assert "How people vote: version 2" in nobody.get("/campaigns/soda/results").text
    history = unescape(ana.get("/campaigns/soda/history").text)
    assert "made a new version of how people vote" in history
    assert "Votes for each person: from 2 to 4" in history


@pytest.mark.one_database
def test_the_ballot_says_its_version_and_its_explanation(app, ana, carl, voted_by):
    one, *_rest = voted_by("dots", points=10)
    ballot = "/campaigns/soda/ballot"
    assert "How people vote: version 1" in carl.get(ballot).text
    sent = {name: value for name, value in shown(carl.get(ballot).text).items() if name in ("key", "stage")}
    carl.post(ballot, **sent, **{f"idea-{one}": "4"})
    explained = {**shown(ana.get(NEW).text), "explanation": "Only *whole* points.", "why": "It was asked."}
    assert ana.post(NEW, **explained).status_code == 302
    page = carl.get(ballot).text
    assert "How people vote: version 2" in page
    assert "Only <em>whole</em> points." in page


@pytest.mark.one_database
def test_versions_of_a_draft_are_not_there(drew, nobody, soda_draft):
    for person in (drew, nobody):
        assert person.get("/campaigns/next/voting").status_code == 404
