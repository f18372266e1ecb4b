"""A filter learns from a brand's own decisions, tells how well it does, and waits until there are enough."""

import math
import random

import pytest

from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.feedback.models import Comment
from campaign.filters.learning import ENOUGH, HELD_AMISS, learn, score, weigh, words_of
from campaign.filters.lessons import decisions_of, learn_anew
from campaign.filters.models import Learned
from campaign.filters.pieces import decided_texts
from campaign.moderation.cases import open_case_about, told_reason
from campaign.moderation.models import SWEPT, Case

GOOD = "lid cork bottle glass label colour paper carton fold crate summer fridge taste lemon".split()
BAD = "casino bonus loan winner crypto offer cheap pills invest deposit".split()


def texts(words, number, seed, common=()):
    dice = random.Random(seed)
    return [" ".join(dice.choices([*words, *common], k=8)) for _one in range(number)]


def test_a_weight_is_what_the_formula_says():
    hidden = [words_of("casino bonus"), words_of("casino lid")]
    approved = [words_of("lid cork"), words_of("lid glass"), words_of("cork casino"), words_of("label")]
    weights = weigh(hidden, approved)
    assert weights["casino"] == pytest.approx(math.log((2 + 1) / (2 + 2)) - math.log((1 + 1) / (4 + 2)))
    assert weights["lid"] == pytest.approx(math.log(2 / 4) - math.log(3 / 6))
    assert "glass" not in weights  # In one text only.
    assert score({"casino", "lid", "unknown"}, weights) == pytest.approx(weights["casino"] + weights["lid"])


def test_it_learns_what_it_can_and_says_how_well_it_does():
    lesson = learn(texts(BAD, 60, 1, GOOD[:3]), texts(GOOD, 100, 2))
    assert lesson.caught > 55
    assert lesson.wronged <= HELD_AMISS * 100
    assert score(words_of("Cheap crypto casino bonus"), lesson.weights) > lesson.threshold
    assert score(words_of("A glass bottle with a cork"), lesson.weights) < lesson.threshold


def test_where_there_is_nothing_to_learn_it_says_that_it_does_badly():
    lesson = learn(texts(GOOD, 100, 1), texts(GOOD, 100, 2))
    assert lesson.caught <= 25
    assert lesson.wronged <= HELD_AMISS * 100
    assert learn(texts(BAD, ENOUGH - 1, 1), texts(GOOD, 100, 2)) is None


@pytest.fixture
def decided(people, resealable):
    """`decided(50, 50)`: so many remarks that soda's moderators took down, and approved."""

    def decide(hidden, approved):
        said = [("hidden", text) for text in texts(BAD, hidden, 3)] + [
            ("approved", text) for text in texts(GOOD, approved, 4)
        ]
        for verdict, text in said:
            remark = Comment(idea=resealable, author_id=people.drew.id, text=text)
            db.session.add(remark)
            db.session.flush()
            db.session.add(
                Case(
                    campaign_id=resealable.campaign_id,
                    subject="comment",
                    subject_id=remark.id,
                    idea_id=resealable.id,
                    author_id=people.drew.id,
                    cause="filter",
                    version="1",
                    verdict=verdict,
                )
            )
        db.session.commit()

    return decide


def test_it_is_off_until_there_are_enough_decisions_and_then_says_why_it_holds(
    app, people, decided, looks_for, resealable, ana
):
    looks_for(learned=True)
    decided(ENOUGH - 1, ENOUGH)
    learn_anew()
    assert db.session.get(Learned, people.soda.id) is None
    assert "There are 50 approved and 49 taken down." in ana.get("/brands/soda/filters").text
    assert post_comment(resealable, people.carl, "Cheap crypto casino bonus offer").hold is None
    db.session.commit()
    decided(1, 0)
    assert decisions_of(people.soda.id) == (ENOUGH, ENOUGH)
    learn_anew()
    lesson = db.session.get(Learned, people.soda.id)
    assert lesson.number == 2 * ENOUGH
    page = ana.get("/brands/soda/filters").text
    assert "of 100 decisions that it had not seen" in page
    assert "Of 50 taken down it would have held" in page
    held = post_comment(resealable, people.bea, "Cheap casino bonus for the fridge")
    with app.test_request_context():
        told = str(told_reason(open_case_about(held).reasons[0]))
    assert told.startswith("It reads like what you took down before, by these words: “")
    assert "“casino”" in told
    assert "fridge" not in told
    assert post_comment(resealable, people.bea, "A lid of cork for the glass bottle").hold is None


def test_it_learns_anew_after_ten_decisions_and_each_brand_from_its_own(people, decided):
    decided(ENOUGH, ENOUGH)
    learn_anew()
    made = db.session.get(Learned, people.soda.id).made_at
    decided(5, 4)
    learn_anew()
    assert db.session.get(Learned, people.soda.id).made_at == made
    decided(1, 0)
    learn_anew()
    db.session.expire_all()
    assert db.session.get(Learned, people.soda.id).hidden == ENOUGH + 6
    assert db.session.get(Learned, people.elsewhere.id) is None


def test_what_went_down_with_a_suspension_teaches_nothing(people, decided):
    decided(2, 1)
    swept = db.session.scalars(db.select(Case).filter_by(verdict="hidden").order_by(Case.id)).first()
    swept.batch = f"{SWEPT}{people.soda.id}-{people.drew.id}"
    db.session.commit()
    assert len(decided_texts(people.soda.id, "hidden", 10)) == 1
    assert len(decided_texts(people.soda.id, "approved", 10)) == 1
    assert decisions_of(people.soda.id) == (1, 1)
