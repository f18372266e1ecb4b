"""Caches hear what a page depends on."""


def test_a_page_depends_on_the_languages_that_the_browser_prefers(client):
    assert "Accept-Language" in client.get("/").vary
    assert "Accept-Language" not in client.get("/healthz").vary


def test_a_page_is_its_readers_own_and_asked_for_anew(bea, nobody, soda_campaign):
    for page in (nobody.get("/"), bea.get("/campaigns/soda"), bea.get("/nowhere"), nobody.get("/profile")):
        assert page.headers["Cache-Control"] == "private, no-cache"
    assert "private" not in nobody.get("/assets/ensemble.css").headers.get("Cache-Control", "")


def test_a_page_that_says_more_of_itself_is_heard(app):
    @app.get("/own")
    def own():
        return "A page", {"Cache-Control": "no-store"}

    assert app.test_client().get("/own").headers["Cache-Control"] == "no-store"
