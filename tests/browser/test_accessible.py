"""Every page, in both languages and both themes, on a phone and on a desk: no violation that axe-core knows, and no sideways scroll."""

import pytest

from tests.campaign_cast import suggest

PUBLIC = ["/", "/sign-in", "/sign-up", "/forgotten", "/nonsense"]
CAMPAIGN = ["", "?order=supported", "?q=nothing-has-this-word", "/brief", "/withdrawn"]
SIGNED_IN = ["/profile", "/brands/new", "{campaign}/ideas/new", "{idea}/edit", "{idea}/withdrawal"]
TEAM = ["{campaign}/settings", "{campaign}/history", "{idea}/answer", "{brand}", "{brand}/settings", "{brand}/members"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "width"), [("fr-FR", 360), ("en-GB", 1440)])
def test_pages_are_accessible(server, open_as, stage, axe, locale, scheme, width):
    options = {"locale": locale, "color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    options["reduced_motion"] = "reduce"  # What fades in has no contrast yet.
    places = {
        "campaign": stage.url,
        "brand": stage.url.replace("/campaigns/", "/brands/"),
        "idea": f"/ideas/{stage.ideas[0]}",
    }
    suggest(server.app, stage.campaign, stage.people["carl"], "Une canette que l’on rapporte", language="fr")
    asked = {
        None: [*PUBLIC, *(stage.url + path for path in CAMPAIGN), places["idea"], f"{places['idea']}/versions"],
        "bea": [path.format(**places) for path in SIGNED_IN],
        "ana": [path.format(**places) for path in TEAM],
    }
    for name, paths in asked.items():
        page = open_as(name, paths[0], **options)
        for path in paths:
            assert page.goto(path).status == (404 if path == "/nonsense" else 200), path
            axe(page)
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert sideways == 0, f"{path} scrolls sideways by {sideways} px"


def test_the_styleguide_shows_everything_accessibly(open_as, axe):
    for scheme in ("light", "dark"):
        page = open_as(None, "/styleguide", color_scheme=scheme, reduced_motion="reduce")
        axe(page)
