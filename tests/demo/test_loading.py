"""What a first run shows: rows that agree with each other, as if people had made them one by one."""

from collections import Counter

import pytest
from sqlalchemy import func

from campaign.accounts.models import Person
from campaign.accounts.passwords import is_password
from campaign.brands.models import Brand, Membership
from campaign.clock import now
from campaign.demo.loading import PASSWORD, load_demo
from campaign.demo.texts import CONTENT, read_content
from campaign.extensions import db
from campaign.feedback.listing import threads
from campaign.feedback.models import Comment
from campaign.history import Entry
from campaign.ideas.filtering import Wish
from campaign.ideas.listing import list_ideas
from campaign.ideas.models import Idea, IdeaVersion
from campaign.ideas.totals import count_standing, count_votes
from campaign.ideas.trending import warmed, weight_at
from campaign.text import slugify
from campaign.votes.access import votes_per_minute
from campaign.votes.models import BallotEntry, Vote, VoteMinute


def ideas(campaign):
    return db.session.scalars(db.select(Idea).filter_by(campaign_id=campaign.id)).all()


def counted(column):
    return dict(db.session.execute(db.select(column, func.count()).group_by(column)).all())


def test_the_campaign_is_open_in_french_and_english(demo):
    assert demo.accepts_ideas
    assert demo.accepts_votes
    assert demo.languages == ["en", "fr"]
    assert all(set(category.names) == {"en", "fr"} for category in demo.categories)
    assert demo.publication.by.name == "Claire Vasseur"
    assert not demo.missing


def test_everybody_in_the_team_has_their_role_and_the_password_that_is_told(demo):
    team = db.session.execute(
        db.select(Person, Membership.role).join(Membership.person).filter_by(campaign_id=None)
    ).all()
    assert sorted(role for _person, role in team) == ["analyst", "evaluator", "manager", "moderator", "owner"]
    assert all(person.confirmed_at for person, _role in team)
    assert is_password(PASSWORD, team[0][0].password_hash)
    assert len({person.password_hash for person, _role in team}) == 1


def test_totals_are_counts(demo):
    votes = counted(Vote.idea_id)
    seen = db.select(Comment.idea_id, func.count()).where(~Comment.hold.has()).group_by(Comment.idea_id)
    comments = dict(db.session.execute(seen).all())
    for idea in ideas(demo):
        assert (idea.votes, idea.comments) == (votes.get(idea.id, 0), comments.get(idea.id, 0)), idea.title
        assert idea.comments == sum(1 + len(thread.replies) for thread in threads(idea)), idea.title
    here = {idea.id for idea in ideas(demo)}
    given, said = (sum(number for idea, number in these.items() if idea in here) for these in (votes, comments))
    standing = count_standing(demo)
    assert (standing.ideas, count_votes(demo), standing.comments) == (39, given, said - 2)


def test_ideas_have_as_many_votes_as_their_story_tells(demo):
    wanted = {idea["title"]: idea["votes"] for idea in map(read_content, paths())}
    standing = {idea.title: idea.votes for idea in ideas(demo) if not idea.withdrawn}
    assert standing == {title: wanted[title] for title in standing}


def paths():
    return [f"ideas/{path.stem}" for path in (CONTENT / "ideas").glob("*.toml")]


def test_the_book_of_votes_explains_every_vote(demo):
    standing = Counter()
    mine = db.select(BallotEntry).filter_by(campaign_id=demo.id).order_by(BallotEntry.id)
    for entry in db.session.scalars(mine):
        standing[entry.idea_id, entry.voter_id] += 1 if entry.act == "cast" else -1
        assert standing[entry.idea_id, entry.voter_id] in (0, 1)
    here = db.select(Idea.id).filter_by(campaign_id=demo.id)
    votes = db.session.execute(db.select(Vote.idea_id, Vote.voter_id).where(Vote.idea_id.in_(here))).all()
    assert {key for key, number in standing.items() if number} == {tuple(vote) for vote in votes}
    cast = db.session.scalar(
        db.select(func.count()).where(BallotEntry.act == "cast", BallotEntry.campaign_id == demo.id)
    )
    beats = db.select(func.sum(VoteMinute.votes)).where(VoteMinute.campaign_id == demo.id)
    assert db.session.scalar(beats) == cast


def test_nobody_votes_for_their_own_idea_or_before_it_was_there(demo):
    wrong = (BallotEntry.voter_id == Idea.author_id) | (BallotEntry.at < Idea.submitted_at) | (BallotEntry.at > now())
    assert db.session.scalar(db.select(func.count()).select_from(BallotEntry).join(Idea).where(wrong)) == 0
    late = db.session.scalar(
        db.select(func.count()).select_from(Vote).join(Person).where(Person.joined_at > Vote.cast_at)
    )
    assert late == 0


def test_heat_is_what_the_votes_would_have_made_it(demo):
    idea = min((idea for idea in ideas(demo) if idea.votes), key=lambda idea: idea.votes)
    heat = weight_at(idea.submitted_at)
    for at in db.session.scalars(db.select(Vote.cast_at).where(Vote.idea_id == idea.id).order_by(Vote.cast_at)):
        heat = warmed(heat, weight_at(at))
    assert idea.heat == pytest.approx(heat)


def test_the_pulse_beats_from_the_first_look(demo):
    assert sum(votes_per_minute(demo)) >= 30


def test_every_idea_is_found_by_its_title(demo):
    for idea in ideas(demo):
        found = {one.id for one in list_ideas(demo, Wish(query=idea.title)).ideas}
        assert (idea.id in found) is not idea.withdrawn, idea.title


@pytest.mark.parametrize(("question", "title"), [("consigne", "gourde"), ("refill", "refill wall")])
def test_search_knows_both_languages(demo, question, title):
    assert any(title in idea.title for idea in list_ideas(demo, Wish(query=question)).ideas)


def test_an_amended_idea_keeps_what_it_said_before(demo):
    cups = db.session.scalars(db.select(Idea).where(Idea.title.startswith("Des tasses"))).one()
    assert [version.number for version in cups.versions] == [1, 2, 3, 4]
    assert cups.version == 4
    assert cups.versions[-1].text == cups.text
    assert [version.at for version in cups.versions] == sorted(version.at for version in cups.versions)
    edits = db.session.scalars(db.select(Entry).where(Entry.what == "idea.edited", Entry.subject_id == cups.id))
    assert all(edit.why for edit in edits)
    every = db.session.scalar(
        db.select(func.count()).select_from(IdeaVersion).join(Idea).filter_by(campaign_id=demo.id)
    )
    assert every == sum(idea.version for idea in ideas(demo))


def test_who_takes_an_idea_back_had_no_support_left(demo):
    (taken,) = [idea for idea in ideas(demo) if idea.withdrawn and not idea.unseen]
    last = db.session.scalar(db.select(func.max(BallotEntry.at)).where(BallotEntry.idea_id == taken.id))
    assert taken.votes == 0
    assert last < taken.withdrawal.at


def test_answers_stand_where_the_board_looks_for_them(demo):
    answered = [idea for idea in ideas(demo) if idea.answered_at]
    assert len(answered) == 34
    assert all(idea.answer.at == idea.answered_at and idea.answer.by.name for idea in answered)


def test_pictures_are_kept_and_described_in_the_language_of_their_idea(demo, demo_app):
    pictured = [idea for idea in ideas(demo) if idea.images]
    assert len(pictured) == 12
    client = demo_app.test_client()
    for idea in pictured:
        told = next(one for one in map(read_content, paths()) if one["title"] == idea.title)
        assert idea.image.alt == told["illustration"][idea.language]
        assert client.get(idea.image.url(320)).status_code == 200


def test_loaded_twice_it_is_there_once(demo):
    before = [db.session.scalar(db.select(func.count()).select_from(row)) for row in (Brand, Person, Idea, Vote)]
    assert load_demo() is demo
    db.session.commit()
    after = [db.session.scalar(db.select(func.count()).select_from(row)) for row in (Brand, Person, Idea, Vote)]
    assert after == before


def test_a_tag_is_found_by_what_people_would_write(demo):
    assert {tag.slug: tag.name for tag in demo.tags}["a-emporter"] == "à emporter"
    assert all(slugify(tag.name) == tag.slug for tag in demo.tags)
