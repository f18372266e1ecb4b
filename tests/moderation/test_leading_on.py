"""From the open item to merging, answering and assigning, and back to the list from which somebody came."""

import re
from urllib.parse import quote

import pytest

from campaign.answers.models import Assignment
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.moderation.models import Case
from campaign.moderation.reporting import report
from tests.campaign_cast import suggest

CONSOLE = "/campaigns/soda/console"
PROGRAM = {"Accept": "application/json"}
HERE = f"{CONSOLE}/reports?kind=idea&case=1"
BACK = f"back={quote(HERE)}"


@pytest.fixture
def reported(people, resealable):
    report(resealable, people.carl, "spam")
    db.session.commit()
    return resealable.id


@pytest.fixture
def held(people, reads_first, suggested):
    """The case of an idea of bea's that waits, and the idea."""
    idea = suggested(people.bea)
    return db.session.scalars(db.select(Case.id)).one(), idea.id


def campaign_of(app, idea):
    with app.app_context():
        return db.session.get_one(Idea, idea).campaign_id


def led(page):
    """By which key the open item leads where."""
    item = page[page.index('class="console__case"') :]
    return dict(re.findall(r'href="([^"?]+)\?back=[^"]*" data-key="(\w)"', item))


def test_an_idea_that_stands_leads_to_merging_answering_and_assigning(ana, mod, reported):
    idea = f"/ideas/{reported}"
    page = ana.get(f"{CONSOLE}/reports?kind=idea").text
    assert led(page) == {f"{idea}/same": "m", f"{idea}/answer": "e", f"{idea}/assignment": "g"}
    assert f'{idea}/answer?{BACK}"' in page
    assert 'title="Answer it (E)"' in page
    assert led(mod.get(f"{CONSOLE}/reports").text) == {f"{idea}/same": "m"}  # Moderators don't answer.
    for key in "jkatwruxmeg":
        assert f"<kbd>{key}</kbd>" in page


def test_each_page_leads_back_to_the_list(app, cast, ana, reported):
    idea = f"/ideas/{reported}"
    other = suggest(app, campaign_of(app, reported), cast["carl"], "A can with a lid that closes again")
    for page in ("answer", "assignment", "same", f"merging?with={other}"):
        address = f"{idea}/{page}{'&' if '?' in page else '?'}{BACK}"
        assert f'<a class="crumb" href="{HERE.replace("&", "&amp;")}">' in ana.get(address).text
    assert ana.post(f"{idea}/assignment?{BACK}", person=cast["ana"]).location == HERE
    with app.app_context():
        assert db.session.get_one(Assignment, reported).person_id == cast["ana"]
    assert ana.post(f"{idea}/answer?{BACK}", text="Yes: we try it in three shops.", draft="1").location == HERE
    stamp = re.search(r'name="read"[^>]*value="([^"]*)"', ana.get(f"{idea}/answer?{BACK}").text).group(1)
    assert ana.post(f"{idea}/answer?{BACK}", text="Yes: we try it in three shops.", read=stamp).location == HERE
    search = ana.get(f"{idea}/same?q=lid&{BACK}").text
    assert f'<input type="hidden" name="back" value="{HERE.replace("&", "&amp;")}">' in search
    turned = ana.get(f"{idea}/merging?with={other}&{BACK}").text
    assert f"/ideas/{other}/merging?with={reported}&amp;{BACK}" in turned
    assert ana.post(f"/ideas/{other}/merging?with={reported}&{BACK}", reason="They say the same.").location == HERE


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/campaigns/soda/console",
        "/campaigns/soda/console@evil.example",
        "/campaigns/soda/console/../../../sign-out",
        "/campaigns/soda/console\n",
        "/campaigns/soda/console/first?a=\\",
        "/campaigns/other/console/first",
        "javascript:alert(1)",
        f"/campaigns/soda/console/first?q={'a' * 600}",
    ],
)
def test_a_link_leads_back_to_the_console_and_nowhere_else(ana, cast, reported, elsewhere):
    page = f"/ideas/{reported}/assignment?back={quote(elsewhere, safe='')}"
    assert "Back to the console" not in ana.get(page).text
    assert ana.post(page, person=cast["ana"]).location == f"/ideas/{reported}#team"


def test_what_waits_is_approved_and_led_on_in_one_press(app, ana, held):
    case, idea = held
    page = ana.get(f"{CONSOLE}/first").text
    assert re.findall(r'name="act" value="(\w+)" data-key="(\w)"', page)[-3:] == [
        ("merge", "m"),
        ("answer", "e"),
        ("assign", "g"),
    ]
    answer = ana.post(f"{CONSOLE}/decisions?kind=idea", case=case, act="answer", read="1", queue="first")
    led_to = f"/ideas/{idea}/answer?back={quote(f'{CONSOLE}/first?kind=idea', safe='')}"
    assert answer.location == led_to
    assert ana.get(led_to).status_code == 200
    with app.app_context():
        assert not db.session.get_one(Idea, idea).unseen
    again = ana.post(
        f"{CONSOLE}/decisions?kind=idea", data={"case": case, "act": "answer", "queue": "first"}, headers=PROGRAM
    )
    assert again.json["then"] == led_to


def test_what_a_colleague_took_down_leads_nowhere(ana, mod, held):
    case, _idea = held
    mod.post(f"{CONSOLE}/decisions", case=case, act="hide", reason="Spam.")
    late = ana.post(f"{CONSOLE}/decisions", data={"case": case, "act": "merge"}, headers=PROGRAM)
    assert (late.status_code, late.json["error"]["code"]) == (409, "already_handled")


def test_no_more_than_one_is_led_on(ana, people, held, suggested):
    suggested(people.carl, "A can that sings")
    cases = db.session.scalars(db.select(Case.id)).all()
    assert ana.post(f"{CONSOLE}/decisions", data={"case": cases, "act": "merge"}).status_code == 400
