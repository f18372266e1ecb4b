"""Every act of moderation stands in a log that the team searches and takes away, and the public page says the same in figures."""

import csv
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import appeal, decide, hide, put_back, take_back, uphold
from campaign.moderation.figures import figures_of
from campaign.moderation.log import Wanted, lines_of
from campaign.moderation.reporting import report

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
    lines, _further = lines_of(campaign, Wanted(), True)
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
        assert browser.get(f"{LOG}/export").status_code == status
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
    for nonsense in ("by=zz", "what=zz", "since=zz", "until=9999-12-31", "from=zz", "words=%00"):
        assert mod.get(f"{LOG}?{nonsense}").status_code in (200, 400)


def test_the_file_of_the_log_tells_the_same_and_holds_no_formula(mod, campaign, afternoon):
    answer = mod.get(f"{LOG}/export?what=down")
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
