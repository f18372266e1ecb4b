"""Every act of moderation stands in a log that the team searches and takes away, and the public page says the same in figures."""

import csv
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest

from campaign.clock import now
from campaign.endorsements.actions import endorse, hide_endorsement, show_endorsement
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.feedback.hiding import hide_feedback, show_feedback
from campaign.feedback.models import Feedback
from campaign.feedback.pinning import pin_remark, unpin_remark
from campaign.filters.choosing import Chosen, choose, choose_words
from campaign.filters.gating import Gates, choose_gates
from campaign.history import Entry, record
from campaign.ideas.models import Idea, Withdrawal
from campaign.merging.access import pair_of
from campaign.merging.actions import merge_ideas, undo_merge
from campaign.merging.proposing import leave_apart, propose_duplicate
from campaign.moderation.cases import open_case, open_case_about
from campaign.moderation.deciding import appeal, decide, hide, put_back, take_back, trust, uphold
from campaign.moderation.figures import figures_of
from campaign.moderation.log import ABOUT_VOTES, Sight, Wanted, lines_of
from campaign.moderation.reporting import report
from campaign.notices.updates import remove_update, write_update
from campaign.reasons.actions import give_reason, hide_reason, show_reason
from tests.voting import cast_vote

LOG = "/campaigns/soda/console/log"
TRAP = "=HYPERLINK(evil)"


@pytest.fixture
def afternoon(people, campaign, moderator, reads_first, suggested, resealable):
    """Max and ana approve, take down, put back, take back, answer an appeal; bea and carl wrote what they decide about."""
    first, second, third = (suggested(people.carl, f"A can of kind {number}") for number in range(3))
    decide(open_case_about(first), moderator, "approved")
    decide(open_case_about(second), moderator, "hidden", TRAP)
    decide(open_case_about(third), people.ana, "hidden", "By mistake.", batch="batch")
    take_back("batch", people.ana)
    report(resealable, people.carl, "spam")
    down = open_case_about(resealable)
    decide(down, moderator, "hidden", "It advertises.")
    put_back(down, people.ana, "It does not.")
    remark = post_comment(first, people.carl, "Rude words.")
    insulting = open_case_about(remark)
    decide(insulting, moderator, "hidden", "It insults somebody.")
    look = appeal(remark, people.carl, "It was a joke.")
    uphold(insulting, people.ana, "Nobody laughed.")
    insulting.opened_at = insulting.decided_at - timedelta(hours=2)
    down.opened_at = down.decided_at - timedelta(hours=1)
    look.at = look.decided_at - timedelta(hours=3)
    db.session.commit()
    return first


def counted(entries):
    """What the log tells, without what was taken back."""
    done = Counter()
    for entry in entries:
        subject, _dot, what = entry.what.partition(".")
        was, verdict = entry.details.get("was"), entry.details.get("verdict")
        kind = "comment" if subject == "remark" else "idea"
        if what == "taken_down" or (what == "decision_undone" and verdict == "hidden"):
            act = "taken_down"
        elif what in ("approved", "decision_undone"):
            act = "put_back" if was == "hidden" else "approved"
        else:
            continue
        done[kind, act] += -1 if what == "decision_undone" else 1
    return +done


def test_the_figures_are_what_the_log_tells(people, campaign, afternoon):
    lines, _further = lines_of(campaign, Wanted(), Sight(True))
    figures = figures_of(campaign)
    assert figures.done == counted(line.entry for line in lines)
    assert figures.done == {
        ("idea", "approved"): 1,
        ("idea", "taken_down"): 2,
        ("idea", "put_back"): 1,
        ("comment", "taken_down"): 1,
    }
    assert figures.waiting == 1
    assert figures.causes == {"first": 2, "reports": 1}
    assert figures.reported == {"spam": 1}
    assert figures.appeals == {"upheld": 1}
    assert figures.appeal_median == timedelta(hours=3)
    # Two ideas at once, one after an hour and a remark after two.
    assert timedelta(minutes=29) < figures.median < timedelta(minutes=32)


def test_everybody_reads_the_figures_without_a_title_or_a_name(people, nobody, afternoon):
    page = nobody.get("/campaigns/soda/moderation").text
    assert "Reported by people: 1" in page
    assert "One appeal so far" in page
    for word in ("A can of kind", "Max", "Carl", "Rude", "Nobody laughed", "HYPERLINK", "advertises."):
        assert word not in page


def test_the_figures_of_a_campaign_without_decisions(nobody, campaign):
    assert "Nothing was decided yet." in nobody.get("/campaigns/soda/moderation").text


def test_the_log_is_the_teams_and_is_searched(people, app, bea, drew, nobody, mod, moderator, afternoon):
    for browser, status in ((nobody, 302), (bea, 404), (drew, 404), (mod, 200)):
        assert browser.get(LOG).status_code == status
        assert browser.get(f"{LOG}/export", buffered=True).status_code == status
    page = mod.get(LOG).text
    assert "took a remark on an idea down" in page
    assert "Nobody laughed." in page
    mine = mod.get(f"{LOG}?by={moderator.id}").text
    assert "Nobody laughed." not in mine
    assert "It insults somebody." in mine
    appeals = mod.get(f"{LOG}?what=appeal").text
    assert "Nobody laughed." in appeals
    assert "It insults somebody." not in appeals
    assert "It insults somebody." in mod.get(f"{LOG}?words=INSULTS").text
    today = now().date()
    assert (
        "Nobody laughed." in mod.get(f"{LOG}?since={today - timedelta(days=1)}&until={today + timedelta(days=1)}").text
    )
    assert "Nothing like that" in mod.get(f"{LOG}?until={today - timedelta(days=3)}").text
    for nonsense in (
        "by=zz",
        "what=zz",
        "since=zz",
        "until=9999-12-31",
        "from=zz",
        "from=99999999999999999999",
        "words=%00",
    ):
        assert mod.get(f"{LOG}?{nonsense}").status_code in (200, 400)


def test_the_file_of_the_log_tells_the_same_and_holds_no_formula(mod, campaign, afternoon):
    answer = mod.get(f"{LOG}/export?what=down", buffered=True)
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row["act"] for row in rows] == ["idea.taken_down"] * 3 + ["remark.taken_down"]
    assert rows[0]["why"].endswith(TRAP)
    assert not rows[0]["why"].startswith("=")
    assert {row["by"] for row in rows} == {"Max", "Ana"}


def test_what_authors_and_moderators_say_to_each_other_is_not_in_the_public_history(nobody, ana, afternoon):
    assert "Nobody laughed." not in nobody.get("/campaigns/soda/history").text
    assert "Nobody laughed." in ana.get("/campaigns/soda/history").text


def test_a_long_log_is_read_with_the_same_number_of_queries(people, campaign, mod, moderator, resealable, queries):
    def ask():
        with queries() as asked:
            assert mod.get(LOG).status_code == 200
            assert mod.get("/campaigns/soda/moderation").status_code == 200
        return len(asked)

    case = hide(resealable, moderator, "No.")
    db.session.commit()
    ask()
    few = ask()
    for _round in range(30):
        put_back(case, people.ana, "Yes.")
        case = hide(resealable, moderator, "No.")
    db.session.commit()
    assert ask() == few
    assert (
        db.session.scalar(db.select(db.func.count()).select_from(Entry).where(Entry.subject == Idea.__tablename__)) > 50
    )
    page = mod.get(LOG).text
    assert f"{LOG}?from=" in page


def told(mod, what=""):
    rows = csv.DictReader(
        StringIO(mod.get(f"{LOG}/export?what={what}", buffered=True).get_data(as_text=True).removeprefix("\ufeff"))
    )
    return [row["act"] for row in rows]


def test_every_act_of_moderation_is_in_it(people, campaign, mod, moderator, resealable, suggested):
    twin, third = suggested(people.carl, "A can with a lid"), suggested(people.carl, "A can that sings")
    propose_duplicate(resealable, third, people.drew)
    leave_apart(pair_of(resealable, third), people.ana, "One of them sings.")
    merge_ideas(twin, resealable, people.ana, "The same.")
    undo_merge(twin, people.ana, "Not the same.")
    official = post_comment(resealable, people.ana, "We try it.")
    pin_remark(official, people.ana)
    unpin_remark(official, people.ana)
    given = endorse(resealable, people.carl, "Good.", public=True)
    hide_endorsement(given, people.ana, "Rude.")
    show_endorsement(given, people.ana)
    liked = Feedback(idea=resealable, author=people.carl, likes="The lid", misses="")
    db.session.add(liked)
    hide_feedback(liked, people.ana, "Rude.")
    show_feedback(liked, people.ana, "Not rude.")
    cast_vote(resealable, people.carl, "0123456789abcdef")
    db.session.commit()
    reason = give_reason(resealable, people.carl, "It keeps.")
    hide_reason(reason, people.ana, "Rude.")
    show_reason(reason, people.ana)
    remove_update(write_update(resealable, people.bea, "It folds now.", "key"), people.ana, "An advertisement.")
    for what in ("votes.counted", "votes.left_out", "votes.reviewed_again"):
        record(what, resealable, by=people.ana, number=2, reasons=[])
    for what in ("ballots.counted", "ballots.left_out", "ballots.reviewed_again"):
        record(what, campaign, by=people.ana, number=2, reasons=[])
    choose_words(campaign, people.ana, ("lager",))
    choose(people.soda, people.ana, Chosen(links=True))
    choose_gates(people.soda, people.ana, Gates(links="known"))
    db.session.commit()
    assert told(mod, "merged") == ["duplicate.declined", "idea.merged", "idea.unmerged"]
    assert told(mod, "top") == ["remark.pinned", "remark.unpinned"]
    assert told(mod, "down") == ["endorsement.hidden", "feedback.hidden", "reason.hidden", "idea.update_removed"]
    assert told(mod, "approved") == ["endorsement.shown", "feedback.shown", "reason.shown"]
    assert told(mod, "rules") == ["filter_words.chosen", "filters.chosen", "gates.chosen"]
    assert told(mod, "votes") == [what for what in ABOUT_VOTES if not what.endswith("set_aside")]
    assert "chose what the filters look for" in mod.get(LOG).text


def test_while_counts_are_sealed_it_tells_of_votes_only_to_who_decided(people, campaign, ana, mod, resealable):
    record("votes.counted", resealable, by=people.ana, number=2, reasons=[])
    db.session.commit()
    assert told(mod) == ["votes.counted"]
    assert campaign.present is not None
    campaign.present.shows_counts = "ended"
    db.session.commit()
    assert told(mod) == []
    assert "votes counted" not in mod.get(LOG).text
    assert f'<option value="{people.ana.id}"' not in mod.get(LOG).text
    assert told(ana) == ["votes.counted"]


def test_trust_is_told_once_and_so_is_its_end(people, mod, moderator, reads_first, suggested):
    for title, by in (("A can that folds", moderator), ("A can that sings", people.ana)):
        trust(open_case_about(first_held(suggested, people, title)), by, f"batch-{by.id}")
        db.session.commit()
    assert told(mod, "person") == ["person.trusted"], "a colleague had trusted them already"
    take_back(f"batch-{people.ana.id}", people.ana)
    db.session.commit()
    assert told(mod, "person") == ["person.trusted"], "the colleague trusts them still"
    take_back(f"batch-{moderator.id}", moderator)
    db.session.commit()
    assert told(mod, "person") == ["person.trusted", "person.trust_undone"]


def test_figures_and_file_take_no_more_of_a_long_history_at_once(
    people, campaign, mod, moderator, resealable, afternoon, monkeypatch, queries
):
    before, figures = mod.get(f"{LOG}/export", buffered=True).data, figures_of(campaign)
    monkeypatch.setattr("campaign.moderation.log.AT_ONCE", 2)
    monkeypatch.setattr("campaign.moderation.figures.MEASURED", 1)
    with queries() as asked:
        assert mod.get(f"{LOG}/export", buffered=True).data == before
    acts = len(before.splitlines()) - 1
    assert sum("FROM history" in one for one in asked) >= acts // 2
    fewer = figures_of(campaign)
    assert (fewer.done, fewer.causes, fewer.waiting) == (figures.done, figures.causes, figures.waiting)
    assert fewer.median == timedelta(hours=2), "the latest decision alone"


def first_held(suggested, people, title):
    """An idea of carl's that waits: he is trusted by nobody when he sends it, or the trust of him begins with it."""
    idea = suggested(people.carl, title)
    if not idea.unseen:
        idea.withdrawal = Withdrawal(kind="held", reason="")
        open_case(idea, "filter")
        db.session.commit()
    return idea
