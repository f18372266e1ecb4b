"""A list of the console is searched by words, kind, author and cause; what is searched for stays with every act."""

import re
from types import SimpleNamespace

import pytest

from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.moderation.deciding import hide
from campaign.moderation.models import Case
from campaign.moderation.queue import QUEUES, authors_in, items_in
from campaign.moderation.reporting import report
from campaign.moderation.searching import Search, causes_of

CONSOLE = "/campaigns/soda/console"
PROGRAM = {"Accept": "application/json"}


@pytest.fixture
def waiting(people, campaign, reads_first, suggested, resealable):
    """An idea of bea's that was held because of its words, one of carl's and a remark of carl's that wait as all do."""
    held = suggested(people.bea, "A can that sings")
    plain = suggested(people.carl, "A can that folds")
    remark = post_comment(resealable, people.carl, "Mine sings already.")
    db.session.flush()
    cases = [
        db.session.scalars(db.select(Case).filter_by(subject=kind, subject_id=subject.id)).one()
        for kind, subject in (("idea", held), ("idea", plain), ("comment", remark))
    ]
    cases[0].cause, cases[0].reasons = "filter", [["words", 'sings, or ["links", too']]
    db.session.commit()
    return SimpleNamespace(held=cases[0].id, plain=cases[1].id, remark=cases[2].id)


def found(campaign, queue="first", **search):
    return [item.case.id for item in items_in(campaign, QUEUES[queue], search=Search(**search))[0]]


def test_words_kind_author_and_cause_find_together(people, campaign, waiting):
    assert found(campaign) == [waiting.held, waiting.plain, waiting.remark]
    assert found(campaign, words="SINGS") == [waiting.held, waiting.remark]
    assert found(campaign, words="carl") == [waiting.plain, waiting.remark]
    assert found(campaign, words="100%") == []
    assert found(campaign, kind="comment") == [waiting.remark]
    assert found(campaign, by=people.carl.id) == [waiting.plain, waiting.remark]
    assert found(campaign, by=people.carl.id, kind="idea", words="folds") == [waiting.plain]
    assert found(campaign, cause="first") == [waiting.plain, waiting.remark]
    assert found(campaign, cause="filter") == found(campaign, cause="filter.words") == [waiting.held]
    assert found(campaign, cause="filter.links") == []  # It stands in what was found only.


def test_reports_are_found_by_their_reason(people, campaign, resealable, aged_idea):
    report(resealable, people.carl, "spam")
    report(aged_idea, people.carl, "insult")
    cases = {case.idea_id: case.id for case in db.session.scalars(db.select(Case))}
    assert found(campaign, "reports", cause="reports.spam") == [cases[resealable.id]]
    assert found(campaign, "reports", cause="reports.insult") == [cases[aged_idea.id]]
    assert found(campaign, "reports", cause="reports.illegal") == []


@pytest.fixture
def aged_idea(people, suggested):
    return suggested(people.bea, "A can of another kind")


def test_nonsense_in_an_address_asks_for_nothing(app, campaign):
    assert Search.read({"kind": "cat", "by": "x'1", "cause": "filter.nonsense"}) == Search()
    assert Search.read({"by": "9" * 30}) == Search()
    for queue in QUEUES:
        for cause in causes_of(queue):
            assert Search.read({"cause": cause}).cause == cause
            assert found(campaign, queue, cause=cause, words="100%_", by=7, kind="idea") == []


def test_whose_are_in_a_list_is_told_with_their_number(people, campaign, waiting):
    assert authors_in(campaign, QUEUES["first"]) == [(people.carl, 2), (people.bea, 1)]
    assert authors_in(campaign, QUEUES["reports"]) == []
    for queue in QUEUES.values():
        authors_in(campaign, queue, people.carl.id)  # Each of them can be asked.


def test_whoever_is_looked_for_stays_in_the_choice(monkeypatch, people, campaign, waiting):
    monkeypatch.setattr("campaign.moderation.queue.AUTHORS", 1)
    assert authors_in(campaign, QUEUES["first"]) == [(people.carl, 2)]
    assert authors_in(campaign, QUEUES["first"], people.bea.id) == [(people.bea, 1)]


def test_a_search_stays_with_the_next_the_act_and_its_undo(mod, people, waiting):
    sought = f"kind=idea&by={people.carl.id}"
    page = mod.get(f"{CONSOLE}/first?{sought}").text
    links = re.findall(r'class="console__link" href="([^"]+)"', page)
    assert [link.replace("&amp;", "&") for link in links] == [f"{CONSOLE}/first?{sought}&case={waiting.plain}"]
    acts = set(re.findall(r'action="([^"]*/decisions[^"]*)"', page))
    assert acts == {f"{CONSOLE}/decisions?{sought.replace('&', '&amp;')}"}
    done = mod.post(f"{CONSOLE}/decisions?{sought}", case=waiting.plain, act="approve", key="k", queue="first")
    assert done.location == f"{CONSOLE}/first?{sought}&undo=k"
    after = mod.get(done.location).text
    assert "Nothing in this list is what you look for." in after
    assert f'action="{CONSOLE}/undo?{sought.replace("&", "&amp;")}"' in after
    undone = mod.post(f"{CONSOLE}/undo?{sought}", batch="k", queue="first")
    assert undone.location == f"{CONSOLE}/first?{sought}"
    assert "A can that folds" in mod.get(undone.location).text


def test_the_form_shows_what_is_searched_for(mod, people, waiting):
    page = mod.get(f"{CONSOLE}/first?q=sings&kind=comment&by={people.carl.id}&cause=filter.words").text
    form = re.search(r'<details class="console__filters" open>.*?</details>', page, re.DOTALL).group()
    assert 'name="q" value="sings"' in form
    assert re.findall(r'<option value="([^"]*)" selected>', form) == ["comment", str(people.carl.id), "filter.words"]
    assert "Carl (2)" in form
    assert '<details class="console__filters">' in mod.get(f"{CONSOLE}/first").text


def test_the_place_in_a_long_list_stays_too(monkeypatch, mod, waiting):
    monkeypatch.setattr("campaign.moderation.queue.SHOWN", 1)
    page = mod.get(f"{CONSOLE}/first?kind=idea").text
    further = f"{CONSOLE}/first?from={waiting.held}&amp;kind=idea"
    assert f'href="{further}"' in page
    second = mod.get(further.replace("&amp;", "&")).text
    assert f'href="{CONSOLE}/first?kind=idea&amp;from={waiting.held}&amp;case={waiting.plain}"' in second


def test_what_was_taken_down_is_searched_as_well(mod, people, campaign, moderator, resealable, waiting):
    case = hide(resealable, moderator, "It shows a trade mark.")
    db.session.commit()
    assert found(campaign, "hidden", words="trade MARK", cause="team", kind="idea") == [case.id]
    assert found(campaign, "hidden", cause="reports") == []
    assert "It shows a trade mark." in mod.get(f"{CONSOLE}/hidden?q=trade&cause=team").text
