"""Words that nobody can hold, in feedback, under a name and with a vote: what a filter finds there is not taken, with a sentence."""

import pytest

from campaign.campaigns.wording import WordsUnfit
from campaign.endorsements.actions import endorse
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.feedback.giving import give_feedback
from campaign.feedback.models import Feedback
from campaign.filters.choosing import choose_words
from campaign.filters.gating import Gates, NotYet, choose_gates
from campaign.filters.models import Learned
from campaign.reasons.actions import give_reason
from tests.feedback.test_giving import ask_for_feedback
from tests.voting import cast_vote

STOPS = "A filter of this campaign stops at these words"
WAYS = {
    "feedback": lambda idea, person, words: give_feedback(idea, person, "", words, None),
    "endorsement": lambda idea, person, words: endorse(idea, person, words, public=True),
    "reason": give_reason,
}


@pytest.fixture(params=WAYS)
def say(request, people, resealable):
    """`say(person, "…")`: one of the ways to write something about bea's idea."""
    ask_for_feedback(resealable.campaign)
    for person in (people.carl, people.ana):
        cast_vote(resealable, person, f"vote-of-{person.id}-here")
    db.session.commit()
    return lambda person, words: WAYS[request.param](resealable, person, words)


def test_a_listed_word_and_a_link_of_somebody_new_are_not_taken(people, say, looks_for, campaign):
    say(people.carl, "Pills at https://pills.example")
    looks_for(words=("pill*", "casino"), links=True)
    choose_words(campaign, people.ana, ("lager",))
    say(people.carl, "Pills at https://pills.example")  # As it stood there already.
    for words in ("Casinos and a casino", "A lager", "See https://shop.example"):
        with pytest.raises(WordsUnfit):
            say(people.carl, words)
        say(people.ana, words)  # Of the team.
    say(people.carl, "A lid.")


def test_a_link_needs_the_level_that_the_brand_wants(people, say):
    choose_gates(people.soda, people.ana, Gates(links="known"))
    with pytest.raises(NotYet):
        say(people.carl, "See https://shop.example")
    say(people.carl, "See nothing.")


def test_what_was_learned_refuses_nothing(people, say, looks_for, resealable):
    looks_for(learned=True)
    found = {"seen": 1, "approved": 1, "hidden": 1, "caught": 1, "wronged": 0}
    db.session.add(Learned(brand_id=people.soda.id, threshold=1.0, weights={"casino": 9.0}, **found))
    db.session.commit()
    assert post_comment(resealable, people.carl, "A casino").hold is not None
    say(people.carl, "A casino")


def test_whoever_is_refused_reads_why_and_has_their_words_still(people, carl, resealable, looks_for):
    ask_for_feedback(resealable.campaign)
    cast_vote(resealable, people.carl, "vote-of-carl-here")
    looks_for(words=("pills",))
    for page, sent in (
        ("feedback", {"likes": "Cheap pills", "misses": ""}),
        ("endorsements", {"text": "Cheap pills", "public": "y"}),
        ("reasons", {"reason": "Cheap pills"}),
    ):
        answer = carl.post(f"{resealable.url}/{page}", **sent)
        assert (answer.status_code, STOPS in answer.text) == (422, True), page
        assert "Cheap pills" in answer.text
    assert db.session.scalars(db.select(Feedback)).all() == []
