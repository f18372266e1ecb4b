"""What filters find waits for a moderator; they decide nothing."""

from datetime import timedelta

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.actions import edit_comment, post_comment
from campaign.filters.choosing import choose_words
from campaign.ideas.actions import edit_idea
from campaign.ideas.following import follow
from campaign.moderation.cases import open_case_about, told_reason
from campaign.moderation.deciding import decide, trust
from campaign.moderation.models import Case
from campaign.moderation.telling import _tell
from campaign.notices.following import follow_campaign
from campaign.notices.models import Notice
from campaign.notices.spreading import tell_news
from campaign.notices.wishes import choose as wish
from tests.voting import cast_vote

LONG = "I would love a can that one can close again, because half of mine goes flat in the fridge."


def why(subject):
    case = open_case_about(subject)
    return case and (case.cause, [reason[0] for reason in case.reasons])


def edited(idea, editor, text, title=None):
    edit_idea(
        idea,
        editor,
        title or idea.title,
        text,
        language="en",
        category=idea.category,
        tags=(),
        pictures=(),
        documents=(),
    )
    db.session.commit()


def test_nothing_is_held_where_nothing_was_chosen(people, suggested, resealable):
    assert not suggested(people.bea, "Fucking rival", "https://evil.example").unseen
    assert post_comment(resealable, people.carl, "What shit.").hold is None


def test_words_of_the_brand_and_of_the_campaign_are_held_with_their_names(
    app, people, campaign, looks_for, suggested, nobody, mod
):
    looks_for(words=("rival*",))
    choose_words(campaign, people.ana, ("plastic",))
    idea = suggested(people.bea, "Better than RIVALS", "No plastic.")
    assert idea.unseen
    with app.test_request_context():
        assert [str(told_reason(reason)) for reason in open_case_about(idea).reasons] == [
            "Words of your list: “rival*”, “plastic”"
        ]
    assert nobody.get(idea.url).status_code == 404
    assert "Words of your list: “rival*”, “plastic”" in mod.get("/campaigns/soda/console/first").text
    assert not suggested(people.ana, "Our rivals too").unseen  # The team's own.


def test_a_newcomer_may_link_to_listed_sites_only(people, looks_for, joined, suggested, resealable):
    looks_for(links=True, hosts=("good.example",))
    assert post_comment(resealable, people.carl, "See https://www.good.example/a").hold is None
    held = post_comment(resealable, people.carl, "See https://evil.example/good.example")
    assert held.hold.kind == "held"
    assert why(held) == ("filter", ["links"])
    db.session.rollback()
    joined(people.bea, 30)  # bea's idea makes her known once it is two days old.
    resealable.submitted_at = now() - timedelta(days=3)
    assert not suggested(people.bea, "As on this site", "https://evil.example").unseen


def test_the_same_again_is_held_of_one_person_and_of_many(people, looks_for, suggested, resealable, mod_id, moderator):
    looks_for(repeats=True)
    assert post_comment(resealable, people.carl, LONG).hold is None
    again = post_comment(resealable, people.carl, LONG.upper() + " !!")
    assert why(again) == ("filter", ["again"])
    assert post_comment(resealable, people.carl, "Thanks!").hold is None
    assert post_comment(resealable, people.carl, "Thanks!").hold is None  # Too short to say anything.
    assert post_comment(resealable, people.bea, LONG.replace("fridge", "fridges")).hold is None  # The second person…
    db.session.commit()
    third = post_comment(resealable, people.drew, LONG)
    assert why(third) == ("filter", ["copies"])
    assert not suggested(
        people.bea, "Something else altogether", "With other words, about the colour of the label."
    ).unseen


def test_what_an_edit_brings_is_held_and_votes_come_back_with_it(people, looks_for, suggested, moderator, nobody):
    idea = suggested(people.bea, "A can that folds, damn rival")
    looks_for(words=("rival", "gold"))
    cast_vote(idea, people.carl, "a-key-of-carl")
    db.session.commit()
    edited(idea, people.bea, "Along three lines.")
    assert not idea.unseen  # What stood there before is no news.
    edited(idea, people.bea, "Along gold lines.")
    assert idea.unseen
    assert why(idea) == ("filter", ["words"])
    assert nobody.get(idea.url).status_code == 404
    edited(idea, people.bea, "Along golden lines.")  # Taken out again, it still waits for a person.
    assert idea.unseen
    decide(open_case_about(idea), moderator, "approved")
    db.session.commit()
    assert (idea.unseen, idea.votes) == (False, 1)


def test_a_remark_that_an_edit_made_coarse_is_held_and_counted_no_more(people, looks_for, resealable):
    looks_for(coarse=True)
    remark = post_comment(resealable, people.carl, "Fine.")
    db.session.commit()
    assert resealable.comments == 1
    edit_comment(remark, "Fine, you bitch.")
    db.session.commit()
    assert (remark.hold.kind, resealable.comments) == ("held", 0)
    assert why(remark) == ("filter", ["coarse"])


def test_whom_a_moderator_trusts_passes_at_edits_too(people, looks_for, suggested, moderator):
    looks_for(words=("gold",))
    idea = suggested(people.bea, "Gold")
    trust(open_case_about(idea), moderator, "a-batch")
    db.session.commit()
    edited(idea, people.bea, "More gold.")
    assert not idea.unseen
    assert not suggested(people.bea, "Gold again").unseen


def test_looking_asks_a_fixed_number_of_questions(people, looks_for, resealable, queries):
    looks_for(words=("rival",), links=True, repeats=True, coarse=True, learned=True)

    def ask(text):
        with queries() as asked:
            post_comment(resealable, people.carl, text)
            db.session.commit()
        return len(asked)

    ask("One remark about the lid, with https://a.example")
    few = ask("Another one that says something about corks, https://b.example")
    for number in range(8):
        ask(f"Number {number} has words of its own, {number * 12345} of them, https://c.example")
    assert ask("The last one is about the label and its colour, https://d.example") == few
    assert db.session.scalar(db.select(db.func.count()).select_from(Case)) >= 10


@pytest.mark.parametrize(
    "text", ["", "https://", "www.", "*", "\u200b", "a" * 9000, "é" * 5000, "%(found)s %s https://%(x)s.com"]
)
def test_nothing_that_people_write_breaks_a_filter(app, people, looks_for, resealable, mod, text):
    looks_for(words=("rival", "*a*"), links=True, repeats=True, coarse=True)
    post_comment(resealable, people.carl, text + " https://evil.example %s")
    db.session.commit()
    assert mod.get("/campaigns/soda/console/first").status_code == 200


def told(person):
    """What this person was told by now, in order, as far as they may read it."""
    db.session.commit()
    tell_news()
    mine = db.select(Notice.what).where(Notice.person_id == person.id, ~Notice.resting).order_by(Notice.id)
    return list(db.session.scalars(mine))


def approve(subject, by):
    case = open_case_about(subject)
    decide(case, by, "approved")
    db.session.commit()
    _tell(case)  # As the worker does, once it can't be taken back.
    db.session.commit()


def test_an_idea_whose_edit_was_held_is_told_to_nobody_anew(people, campaign, mails, looks_for, suggested, moderator):
    looks_for(words=("rival",))
    follow_campaign(people.carl, campaign)
    idea = suggested(people.bea)
    assert told(people.carl) == ["suggested"]
    edited(idea, people.bea, "Better than a rival.")
    assert idea.unseen
    approve(idea, moderator)
    assert not idea.unseen
    assert told(people.carl) == ["suggested"]
    assert [mail["Subject"] for mail in mails.to(people.bea.email)][
        -1
    ] == "Your idea “A can that folds” is on the board again"
    held = suggested(people.bea, "A rival that folds")
    assert told(people.carl) == ["suggested"]
    approve(held, moderator)  # What never stood there is told then.
    assert told(people.carl) == ["suggested"] * 2


def test_a_remark_whose_edit_was_held_is_told_to_whom_it_mentions_anew_alone(
    people, mails, looks_for, resealable, moderator
):
    looks_for(words=("rival",))
    for person in (people.ana, people.bea, people.drew):
        wish(person, {"mentioned": "at_once", "said": "at_once"}, {})
    post_comment(resealable, people.drew, "Hello.")
    assert told(people.bea) == ["commented"]
    follow(people.ana, resealable)
    comment = post_comment(resealable, people.carl, "Hello @Bea!")
    before = {one.name: told(one) for one in (people.bea, people.drew, people.ana)}
    assert before["Bea"][-1] == "mentioned"
    edit_comment(comment, "Hello @Bea and @Drew! No rival.")
    db.session.commit()
    assert comment.hold is not None
    assert told(people.bea) == before["Bea"][:-1]  # Out of sight, it is not to be read among notices either.
    approve(comment, moderator)
    assert told(people.bea) == before["Bea"]
    assert told(people.drew) == [*before["Drew"], "mentioned"]
    assert told(people.ana) == before["Ana"]
    assert [len(mails.to(one.email)) for one in (people.bea, people.drew)] == [1, 1]
    assert len(mails.to(people.ana.email)) == len(before["Ana"])


def test_an_edit_within_the_moment_of_the_first_approval_still_has_it_told_once(
    people, campaign, looks_for, suggested, moderator
):
    looks_for(words=("rival", "plastic"))
    follow_campaign(people.carl, campaign)
    idea = suggested(people.bea, "A rival that folds")
    case = open_case_about(idea)
    decide(case, moderator, "approved")
    edited(idea, people.bea, "No plastic.")
    _tell(case)
    assert told(people.carl) == []
    approve(idea, moderator)
    assert told(people.carl) == ["suggested"]


def test_of_a_held_reply_whose_remark_it_answers_is_told(people, looks_for, resealable, moderator):
    looks_for(words=("rival",))
    first = post_comment(resealable, people.carl, "Hello.")
    second = post_comment(resealable, people.drew, "Hello to you.", first)
    before = told(people.carl), told(people.drew)
    held = post_comment(resealable, people.ana, "No.", second)
    assert held.hold is None  # Of the team.
    held = post_comment(resealable, people.bea, "No rival.", second)
    assert held.hold is not None
    approve(held, moderator)
    assert told(people.carl) == before[0]
    kinds = db.select(Notice.kind).where(Notice.person_id == people.drew.id, Notice.comment_id == held.id)
    assert list(db.session.scalars(kinds)) == ["reply"]
