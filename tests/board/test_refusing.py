"""How "no" reads, wherever it comes from."""

import io

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from campaign import database, documents, images
from campaign.campaigns.models import Closing
from campaign.extensions import db
from campaign.ideas.attaching import DOCUMENTS_MAX

STALE = {"csrf_token": "from another day", "text": "Words that took me an hour", "key": "key-of-the-page"}
OURS = {"Sec-Fetch-Site": "same-origin"}


def test_an_address_with_an_empty_part_leads_nowhere_and_to_no_other_host(nobody, soda_campaign):
    answer = nobody.get("/campaigns//soda", headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "evil.example" not in answer.text


def test_a_form_that_grew_stale_stands_again_as_it_was_filled_in(carl, soda_idea):
    url = f"/ideas/{soda_idea}/comments"
    page = carl.post(url, data=STALE, headers=OURS)
    assert page.status_code == 400
    assert "so nothing was sent" in page.text
    assert "Words that took me an hour</textarea>" in page.text
    assert f'action="{url}' in page.text
    assert page.text.count("key-of-the-page") == 1, "sent along, and not shown"
    assert "/brands/soda" in page.text, "under the mark of its brand"
    carl.post(url, text=STALE["text"], key=STALE["key"])
    assert "Words that took me an hour" in carl.get(f"/ideas/{soda_idea}").text


def test_a_stale_form_with_files_says_that_they_are_to_be_chosen_again(carl, soda_campaign):
    url = "/campaigns/soda/ideas/new"
    sent = {"csrf_token": "old", "title": "A can for the train", "pictures": (io.BytesIO(b"GIF89a"), "can.gif")}
    page = carl.post(url, data=sent, headers=OURS)
    assert page.status_code == 400
    assert "Choose your files again" in page.text
    assert "A can for the train</textarea>" in page.text
    assert 'type="file"' in page.text
    assert "A can for the train" not in carl.get("/campaigns/soda").text
    assert "A can for the train" not in carl.get(url).text, "not even as a draft"


def test_whoever_was_signed_out_meanwhile_reads_their_words_again(nobody, soda_idea):
    page = nobody.post(f"/ideas/{soda_idea}/comments", data=STALE, headers=OURS)
    assert page.status_code == 400
    assert "<p>Words that took me an hour</p>" in page.text
    assert "You are signed out" in page.text


def test_a_stale_page_changes_nothing_wherever_it_leads(app, people, ana, soda_idea):
    """Every address that takes a form is tried: none of them gets further than its question."""
    given = {"slug": "soda", "idea_id": soda_idea}
    adapter = app.url_map.bind("localhost")
    with app.app_context():
        before = _rows()
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.arguments <= given.keys():
            url = adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments}, method="POST")
            answer = ana.post(url, data=STALE, headers=OURS)
            assert answer.status_code == 400, url
            assert "so nothing was sent" in answer.text or "It is published" in answer.text, url
            tried += 1
    assert tried > 25
    with app.app_context():
        assert _rows() == before


def _rows() -> list:
    return [db.session.execute(db.select(table)).all() for table in db.metadata.sorted_tables]


def test_without_tls_the_origin_tells_that_a_form_is_ours(carl, soda_idea):
    """Browsers send Sec-Fetch-Site only where they trust the connection."""
    page = carl.post(f"/ideas/{soda_idea}/comments", data=STALE, headers={"Origin": "http://localhost"})
    assert "Words that took me an hour</textarea>" in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "https://localhost"},
        {"Origin": "null"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_origin_is_another_site(carl, soda_idea, headers):
    page = carl.post(f"/ideas/{soda_idea}/comments", data=STALE, headers=headers)
    assert page.status_code == 400
    assert "Words that took me an hour" not in page.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
def test_what_another_site_sends_is_not_offered_again(carl, soda_idea, site):
    page = carl.post(f"/ideas/{soda_idea}/comments", data=STALE, headers={"Sec-Fetch-Site": site} if site else {})
    assert page.status_code == 400
    assert "Words that took me an hour" not in page.text


def test_a_password_is_not_repeated(carl):
    page = carl.post("/sign-in", data={**STALE, "password": "my secret"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "my secret" not in page.text


@pytest.mark.parametrize(
    "path",
    ["/nonsense", "/campaigns/nonsense", "/ideas/7", "/brands/nonsense", "/files/x.webp", "/files/..%2Fsecret_key"],
)
def test_what_is_not_there_says_so_to_people_and_programs(nobody, path):
    assert nobody.get(path).status_code == 404
    answer = nobody.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_there")
    assert answer.json["error"]["message"]


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), "9" * 20, "9" * 5000, "٣"])
@pytest.mark.parametrize(
    "path", ["/brands/soda/members/{}/removal", "/brands/soda/invitations/{}/withdrawal", "/ideas/{}/vote"]
)
def test_a_number_that_no_row_can_have_leads_nowhere(ana, path, number):
    assert ana.post(path.format(number)).status_code == 404


def test_a_page_asked_in_the_wrong_way_says_so(carl, soda_idea):
    assert carl.get(f"/ideas/{soda_idea}/vote").status_code == 405


def test_what_is_broken_says_so_plainly_and_is_logged(app, nobody, caplog, monkeypatch):
    def fall(*args, **kwargs):
        raise RuntimeError("the secret reason")

    monkeypatch.setitem(app.view_functions, "pages.health", fall)
    app.testing = False
    page = nobody.get("/healthz")
    assert page.status_code == 500
    assert "Something broke on our side" in page.text
    assert "the secret reason" not in page.text
    assert "the secret reason" in caplog.text


def test_what_breaks_after_the_commit_says_so_too(app, carl):
    def fall(session):
        raise RuntimeError("too late to undo")

    app.testing = False
    event.listen(Session, "after_commit", fall)
    try:
        page = carl.post("/profile", name="Carlo", language="en")
    finally:
        event.remove(Session, "after_commit", fall)
    assert page.status_code == 500
    assert "Something broke on our side" in page.text
    assert 'value="Carlo"' in carl.get("/profile").text


@pytest.fixture
def another_writes(app, cast, monkeypatch):
    """Somebody else's writing that takes longer than anybody waits."""
    monkeypatch.setattr(database, "WAIT", 0.2)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "postgresql":
            event.listen(engine, "checkout", lambda driver, *rest: driver.execute("SET lock_timeout = 200"))
        with engine.connect() as other:
            if engine.dialect.name == "postgresql":
                tables = "comment, idea, draft, person"
                other.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))  # Can be read, and not be written.
            else:
                other.execute(text("DELETE FROM draft"))
            yield


def test_who_waits_too_long_for_another_writer_is_asked_to_come_again_with_their_words(carl, soda_idea, another_writes):
    page = carl.post(f"/ideas/{soda_idea}/comments", text="Words that took me an hour", key="k" * 32)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "2"
    assert "Our database takes too long to answer" in page.text
    assert "Words that took me an hour</textarea>" in page.text
    page = carl.post("/campaigns/soda/ideas/new", title="A can for the train", language="en", key="k" * 32)
    assert page.status_code == 503
    assert "A can for the train</textarea>" in page.text
    answer = carl.post(
        f"/ideas/{soda_idea}/comments", text="By a program", key="p" * 32, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 503
    assert answer.json["error"].items() >= {"code": "busy", "retry_after": 2}.items()


def test_a_form_without_a_page_of_its_own_can_be_sent_again_too(bea, soda_idea, another_writes):
    page = bea.post("/language", language="fr", next="/campaigns/soda", headers=OURS)
    assert page.status_code == 503
    assert 'name="next" value="/campaigns/soda"' in page.text
    assert 'name="language" value="fr"' in page.text


@pytest.fixture
def database_away(app, cast):
    """A function that takes the database away, from this moment on."""

    def fall(*rest):
        raise OperationalError("SELECT 1", {}, Exception("the connection is gone"))

    def away():
        event.listen(engine, "before_cursor_execute", fall)

    with app.app_context():
        engine = db.engine
    yield away
    event.remove(engine, "before_cursor_execute", fall)


def test_a_page_says_that_the_database_is_away_without_asking_it(carl, soda_campaign, database_away):
    database_away()
    page = carl.get("/campaigns/soda", headers={"Accept-Language": "fr"})
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "2"
    assert '<html lang="fr">' in page.text
    assert 'error-page__status">503<' in page.text


@pytest.mark.one_database
def test_a_statement_that_makes_no_sense_is_broken_and_not_late(app, nobody, database_kind, monkeypatch):
    monkeypatch.setitem(
        app.view_functions, "pages.health", lambda: db.session.execute(text("SELECT nothing FROM nowhere"))
    )
    app.testing = False
    assert nobody.get("/healthz").status_code == 500


def test_what_is_too_large_hears_how_large_it_may_be(carl, soda_campaign):
    form = {"pictures": (io.BytesIO(b"x" * 104 * 1024 * 1024), "large.png")}
    page = carl.post("/campaigns/soda/ideas/new", data=form)
    assert page.status_code == 413
    assert "104 MB" in page.text


def test_as_many_files_as_an_idea_may_have_fit_in_one_form(app):
    assert app.config["MAX_CONTENT_LENGTH"] > 8 * images.LARGEST_FILE + DOCUMENTS_MAX * documents.LARGEST_FILE


def test_every_page_says_what_may_run_on_it(nobody):
    page = nobody.get("/sign-in")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self';" in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in page.text
    assert " style=" not in page.text
    assert nonce not in nobody.get("/sign-in").text


def test_a_refused_act_leads_back_to_what_it_was_about(app, ana, carl, cast, soda_campaign, soda_idea):
    with app.app_context():
        db.session.add(Closing(campaign_id=soda_campaign, by_id=cast["ana"]))
        db.session.commit()
    assert f'href="/ideas/{soda_idea}"' in carl.post(f"/ideas/{soda_idea}/vote").text
    assert 'href="/campaigns/soda"' in carl.get("/campaigns/soda/ideas/new").text
