"""Caches hear what a page depends on."""


def test_a_page_depends_on_the_languages_that_the_browser_prefers(client):
    assert "Accept-Language" in client.get("/").vary
    assert "Accept-Language" not in client.get("/healthz").vary
