"""The pages of filters: who opens them, what they take, and what is written down."""

import pytest

from campaign.extensions import db
from campaign.filters.choosing import Chosen, chosen_by, words_of_campaign
from campaign.history import Entry

BRAND, CAMPAIGN = "/brands/soda/filters", "/campaigns/soda/filters"


@pytest.mark.parametrize("address", [BRAND, CAMPAIGN])
def test_managers_alone_choose(nobody, bea, drew, mod, ana, soda_campaign, address):
    for browser, status in ((nobody, 302), (bea, 404), (drew, 404), (mod, 404), (ana, 200)):
        assert browser.get(address).status_code == status
    for browser, status in ((nobody, 302), (bea, 404), (drew, 404), (mod, 404), (ana, 302)):
        assert browser.post(address, words="rival").status_code == status


def test_what_is_chosen_is_shown_again_and_written_down_once(people, ana, soda_campaign):
    sent = {
        "words": "Rival*\n\nrival*\nfree money",
        "hosts": "https://www.Good.example/a\nshop.fr",
        "links": "y",
        "coarse": "y",
    }
    for _twice in range(2):
        assert ana.post(BRAND, **sent).status_code == 302
    assert chosen_by(people.soda.id) == Chosen(
        ("Rival*", "free money"), ("good.example", "shop.fr"), True, False, True, False
    )
    page = ana.get(BRAND).text
    assert "Rival*\r\nfree money" in page or "Rival*\nfree money" in page
    assert "good.example" in page
    written = db.session.scalars(db.select(Entry).where(Entry.what == "filters.chosen")).all()
    assert [set(entry.details["changes"]) for entry in written] == [{"words", "hosts", "links", "coarse"}]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("words", "a*", "“a*” needs two letters at least"),
        ("words", "x" * 61, "is too long: 60 characters at most."),
        ("words", "*a*b*", "has too many stars"),
        ("words", "\n".join(f"word{n}" for n in range(501)), "500 words at most, and these are 501."),
        ("hosts", "no site", "“no site” is no site: write it like example.org."),
        ("hosts", "localhost", "is no site"),
    ],
)
def test_what_would_hold_everything_or_is_no_site_is_said_beside_its_field(people, ana, field, typed, told):
    answer = ana.post(BRAND, **{field: typed})
    assert answer.status_code == 422
    assert told in answer.text
    assert chosen_by(people.soda.id) == Chosen()


def test_words_of_a_campaign_are_its_own_and_go_along_with_a_copy(people, ana, campaign, draft):
    assert ana.post(CAMPAIGN, words="plastic").status_code == 302
    assert (words_of_campaign(campaign.id), words_of_campaign(draft.id)) == (("plastic",), ())
    assert "chose words that wait for a moderator" in ana.get("/campaigns/soda/history").text
    assert "plastic" not in ana.get("/campaigns/soda/moderation").text


def test_everybody_reads_what_is_looked_for_and_nobody_the_words(ana, nobody, soda_campaign):
    ana.post(BRAND, words="rival", links="y", repeats="y")
    page = nobody.get("/campaigns/soda/moderation").text
    assert "Links by somebody who is new" in page
    assert "Coarse words" not in page
    assert "rival" not in page


def test_the_console_tells_how_well_somebody_is_known(people, ana, bea, mod, soda_campaign):
    ana.post(BRAND, words="folds")
    form = {"title": "A can that folds", "text": "Along two lines.", "language": "en", "category": "can"}
    assert bea.post("/campaigns/soda/ideas/new", **form, key="k").status_code == 302
    page = bea.get("/campaigns/soda").text
    assert "A moderator reads your idea before it is on the board." in page
    assert "Your idea is on the board" not in page
    assert "On the first day" in mod.get("/campaigns/soda/console/first").text
