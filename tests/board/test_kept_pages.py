"""Pages that are made once for all visitors who are nobody: what they share, and what they never do."""

import re
from datetime import timedelta

import pytest

from campaign.accounts.models import Person
from campaign.board import kept_pages
from campaign.brands.models import Brand
from campaign.brands.suspending import suspend_person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from tests.campaign_cast import suggest
from tests.cast import browser_of

BOARD = "/campaigns/soda"
OWN = {
    "nonce": r'nonce="([^"]+)"',
    "token": r'name="csrf_token" value="([^"]+)"',
    "vote": r'name="id" value="([^"]+)"',
    "ticket": r'data-page="([^"]+)"',
}


@pytest.fixture(autouse=True)
def one_lot(app, soda_idea, monkeypatch):
    """All visitors of a test come within the same second, and start from the same order."""
    monkeypatch.setattr("campaign.board.lots.FEW", 1)
    monkeypatch.setattr(kept_pages, "LASTS", timedelta(hours=1))


@pytest.fixture
def visitor(app, cast):
    """Another visitor each time: a browser with no cookies but these."""

    def come(**cookies):
        browser = browser_of(app)
        for name, value in cookies.items():
            browser.set_cookie(name, value)
        return browser

    return come


@pytest.fixture
def elsewhere(app):
    """Change the database as another process does, of which this one hears nothing."""

    def change(sql, **given):
        with app.app_context(), db.engine.begin() as connection:
            assert connection.execute(db.text(sql), given).rowcount

    return change


@pytest.fixture
def made(queries):
    """Whether a page was made for this answer: `made(lambda: nobody.get(…))` gives that, and the answer."""

    def look(ask):
        with queries() as asked:
            page = ask()
        return len(asked) > 1, page

    return look


def own(page):
    """What a page has for this answer alone."""
    return {name: re.search(pattern, page.text)[1] for name, pattern in OWN.items()}


def without_own(page):
    text = page.text
    for pattern in OWN.values():
        text = re.sub(pattern, "", text)
    return re.sub(r"/seen\?page=[^\"]+|name=\"csrf-token\" content=\"[^\"]+\"", "", text)


def test_the_next_visitor_costs_one_question(visitor, made):
    assert made(lambda: visitor().get(BOARD))[0]
    again, page = made(lambda: visitor().get(BOARD))
    assert not again
    assert "A can you can reseal" in page.text


def test_whoever_comes_again_costs_no_more(visitor, made):
    one = visitor()
    for _look in range(3):
        one.get(BOARD)
    one.post("/theme", theme="auto")
    assert not made(lambda: one.get(BOARD))[0]
    assert not made(lambda: visitor().get(BOARD))[0]


def test_a_kept_page_is_the_page_that_was_made(visitor):
    first, second = visitor().get(BOARD), visitor().get(BOARD)
    assert without_own(first) == without_own(second)
    assert kept_pages._secret not in first.text + second.text
    for header in ("Content-Type", "Cache-Control", "Vary", "X-Frame-Options"):
        assert first.headers[header] == second.headers[header]


def test_each_answer_has_a_nonce_a_token_a_vote_and_a_ticket_of_its_own(visitor):
    pages = [visitor().get(BOARD) for _ in range(3)]
    for name in OWN:
        assert len({own(page)[name] for page in pages}) == 3, name
    for page in pages:
        nonces = set(re.findall(OWN["nonce"], page.text))
        assert nonces == {own(page)["nonce"]}
        assert page.headers["Content-Security-Policy"].count(f"'nonce-{own(page)['nonce']}'") == 2


def test_the_forms_of_two_visitors_work_for_each_and_not_for_the_other(visitor):
    one, other = visitor(), visitor()
    tokens = [own(browser.get(BOARD))["token"] for browser in (one, other)]
    assert one.post("/theme", csrf_token=tokens[0], theme="dark").status_code == 302
    assert other.post("/theme", csrf_token=tokens[1], theme="dark").status_code == 302
    assert one.post("/theme", csrf_token=tokens[1], theme="dark").status_code == 400


def test_each_ticket_reports_for_itself(visitor):
    for _ in range(2):
        browser = visitor()
        ticket = own(browser.get(BOARD))["ticket"]
        assert browser.post("/seen", page=ticket, ideas="1").status_code == 204


def test_whoever_is_signed_in_neither_leaves_nor_gets_a_kept_page(visitor, carl, made):
    assert "data-person" in carl.get(BOARD).text
    assert "data-person" not in visitor().get(BOARD).text
    assert made(lambda: carl.get(BOARD))[0]
    assert "data-person" in carl.get(BOARD).text
    carl.post("/sign-out")
    page = carl.get(BOARD)
    assert "data-person" not in page.text
    assert "Carl" not in page.text


@pytest.mark.parametrize(
    "held",
    [
        {"_user_id": "a sign-in that has ended"},
        {"former_csrf_token": "of the pages before it"},
        {"mail": {"about": "reset", "to": "bea@example.org"}},
        {"outbox": True},
    ],
    ids=lambda held: next(iter(held)),
)
def test_whose_session_holds_more_neither_leaves_nor_gets_a_kept_page(visitor, made, held):
    one = visitor()
    with one.session_transaction() as session:
        session.update(held)
    assert one.get(BOARD).status_code == 200
    assert made(lambda: visitor().get(BOARD))[0]  # What the one was given stays theirs.
    with one.session_transaction() as session:
        session.update(held)
    with_questions, page = made(lambda: one.get(BOARD))
    assert (with_questions, page.status_code) == (True, 200)
    assert not made(lambda: visitor().get(BOARD))[0]


def test_what_is_said_to_one_visitor_is_said_to_no_other(visitor):
    one = visitor()
    with one.session_transaction() as session:
        session["_flashes"] = [("good", "For your eyes only.")]
    assert "For your eyes only." in one.get(BOARD).text
    for page in (visitor().get(BOARD), one.get(BOARD)):
        assert "For your eyes only." not in page.text


def test_a_page_is_kept_for_its_language_its_theme_and_its_address(visitor, made):
    looks = [
        (BOARD, {}),
        (BOARD, {"language": "fr"}),
        (BOARD, {"theme": "dark"}),
        (BOARD, {"language": "fr", "theme": "light"}),
        (f"{BOARD}?order=new", {}),
        (f"{BOARD}?q=reseal", {}),
        (f"{BOARD}?q=nothing", {}),
    ]
    first = [visitor(**cookies).get(url) for url, cookies in looks]
    again = [made(lambda url=url, cookies=cookies: visitor(**cookies).get(url)) for url, cookies in looks]
    assert not any(fresh for fresh, _page in again)
    assert [without_own(page) for page in first] == [without_own(page) for _fresh, page in again]
    assert len({without_own(page) for page in first}) == len(looks)


def test_what_this_process_stores_is_shown_at_once(app, cast, soda_campaign, soda_idea, visitor):
    visitor().get(BOARD)
    suggest(app, soda_campaign, cast["bea"], "A can that sings")
    assert "A can that sings" in visitor().get(BOARD).text
    with app.app_context():
        db.session.get_one(Idea, soda_idea).title = "A can that closes again"
        db.session.commit()
    assert "A can that closes again" in visitor().get(BOARD).text


def test_what_another_process_announces_is_shown_at_once_and_the_rest_within_a_second(
    soda_idea, visitor, elsewhere, monkeypatch, carl
):
    carl.post(f"/ideas/{soda_idea}/comments", text="Yes, please.")  # The board has a number now.
    visitor().get(BOARD)
    elsewhere("UPDATE idea SET title = 'A can that rings' WHERE id = :id", id=soda_idea)
    assert "A can that rings" not in visitor().get(BOARD).text
    elsewhere("UPDATE board_sequence SET seq = seq + 1, beyond_votes = seq + 1")
    assert "A can that rings" in visitor().get(BOARD).text
    elsewhere("UPDATE idea SET title = 'A can that hums' WHERE id = :id", id=soda_idea)
    later = now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(kept_pages, "now", lambda: later)
    assert "A can that hums" in visitor().get(BOARD).text


def test_votes_leave_the_page_for_a_moment_and_its_board_catches_up(soda_idea, carl, visitor, made, monkeypatch):
    seq = re.search(r'data-seq="(\d+)"', visitor().get(BOARD).text)[1]
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    fresh, page = made(lambda: visitor().get(BOARD))
    assert not fresh
    assert f'data-seq="{seq}"' in page.text  # So it asks for all that came since then.
    later = now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(kept_pages, "now", lambda: later)
    assert f'data-seq="{int(seq) + 1}"' in visitor().get(BOARD).text


@pytest.mark.parametrize(
    "shut",
    [
        "UPDATE campaign SET visibility = 'members'",
        "UPDATE campaign SET visibility = 'invited'",
        "DELETE FROM publication",
    ],
    ids=["members", "invited", "draft"],
)
def test_the_door_is_asked_before_any_kept_page(visitor, elsewhere, shut):
    assert visitor().get(BOARD).status_code == 200
    elsewhere(shut)
    page = visitor().get(BOARD)
    assert page.status_code == 404
    assert "A can you can reseal" not in page.text


@pytest.mark.parametrize("slug", ["%00", "..%2f", "' OR 1=1 --", "x" * 2000])
def test_no_campaign_is_found_by_what_no_address_is(visitor, slug):
    assert visitor().get(f"/campaigns/{slug}").status_code == 404


def test_a_suspension_is_told_to_whom_it_concerns_and_stands_in_no_kept_page(app, cast, bea, visitor, made):
    with app.app_context():
        brand = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
        bea_row, ana_row = (db.session.get_one(Person, cast[name]) for name in ("bea", "ana"))
        suspend_person(brand, bea_row, ana_row, "Spam under eleven ideas", None, "key-of-the-page")
        db.session.commit()
    assert "Spam under eleven ideas" in bea.get(BOARD).text
    assert "Spam under eleven ideas" not in visitor().get(BOARD).text
    assert not made(lambda: visitor().get(BOARD))[0]
    assert "Spam under eleven ideas" in bea.get(BOARD).text
    bea.post("/sign-out")
    bea.get("/")
    fresh, page = made(lambda: bea.get(BOARD))
    assert not fresh  # Who has left is nobody like the others.
    assert "Spam under eleven ideas" not in page.text


@pytest.mark.parametrize("seal", ["ended", "voted"])
def test_behind_a_seal_no_kept_page_says_a_total_and_afterwards_each_does(
    app, soda_campaign, soda_idea, ana, carl, visitor, made, seal
):
    with app.app_context():
        campaign, idea = db.session.get_one(Campaign, soda_campaign), db.session.get_one(Idea, soda_idea)
        campaign.stages[0].shows_counts, idea.votes = seal, 7331
        db.session.commit()
    visitor().get(BOARD)
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    assert ("7,332" in carl.get(BOARD).text) == (seal == "voted")
    for order in ("", "?order=new", "?order=supported"):
        for page in (visitor().get(BOARD + order), visitor().get(BOARD + order)):
            assert not re.search(r"(?<![\w-])7,?33[12](?![\w-])", page.text)
            assert "Counts are sealed" in page.text
    assert not made(lambda: visitor().get(BOARD))[0]
    ana.post(f"{BOARD}/closing", reason="Enough.")
    for fresh in (True, False):
        asked, page = made(lambda: visitor().get(BOARD))
        assert asked == fresh
        assert "7,332" in page.text
        assert "Counts are sealed" not in page.text


def test_an_unlisted_board_is_kept_too_and_says_so(app, soda_campaign, visitor, made):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).visibility = "unlisted"
        db.session.commit()
    visitor().get(BOARD)
    fresh, page = made(lambda: visitor().get(BOARD))
    assert not fresh
    assert '<meta name="robots" content="noindex">' in page.text


def test_a_page_does_not_outlast_the_stage_in_which_it_was_made(app, soda_campaign, visitor, made, monkeypatch):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        campaign.stages[1].opens_at = now() + timedelta(minutes=10)
        db.session.commit()
    visitor().get(BOARD)
    for minutes, fresh in ((9, False), (11, True)):
        later = now() + timedelta(minutes=minutes)
        monkeypatch.setattr(kept_pages, "now", lambda later=later: later)
        assert made(lambda: visitor().get(BOARD))[0] == fresh


def test_the_page_of_a_campaign_with_no_turn_to_come_is_kept_too(app, soda_campaign, visitor, made):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        campaign.ends_at = None
        for days, stage in enumerate(reversed(campaign.stages), start=1):
            stage.opens_at = now() - timedelta(days=days)
        db.session.commit()
    assert visitor().get(BOARD).status_code == 200
    fresh, page = made(lambda: visitor().get(BOARD))
    assert (fresh, page.status_code) == (False, 200)


def test_a_refusal_in_the_making_has_a_nonce_of_its_own_too(visitor, elsewhere, monkeypatch):
    elsewhere("DELETE FROM publication")
    monkeypatch.setattr(kept_pages, "glance", lambda slug: (1, 0))  # The door shut while the page was being made.
    pages = [visitor().get(BOARD) for _ in range(2)]
    assert [page.status_code for page in pages] == [404, 404]
    assert len({page.headers["Content-Security-Policy"] for page in pages}) == 2
    assert kept_pages._secret not in pages[0].text


def test_what_is_kept_has_its_bounds(app, visitor, monkeypatch):
    monkeypatch.setattr(kept_pages, "ROOM", 200_000)
    for number in range(20):
        visitor().get(f"{BOARD}?q={number}")
    pages = app.extensions["board_pages"]
    assert 0 < len(pages._pages) < 20
    assert pages._size == sum(page.size for page in pages._pages.values()) <= 200_000


def test_who_has_an_order_keeps_it_and_who_has_none_shares_one_for_some_minutes(app, visitor, monkeypatch):
    def lot(browser):
        browser.get(BOARD)
        with browser.session_transaction() as session:
            return session["lot"]

    one = visitor()
    first = lot(one)
    assert lot(visitor()) == first
    app.extensions["board_lots"] = None, []  # Some minutes later.
    assert lot(visitor()) != first
    assert lot(one) == first
