"""Forms of a few lines take a few lines: what is far longer is refused before anybody waits for it."""

import pytest

from campaign.accounts import actions
from campaign.accounts.actions import NotAnAddress, tidy_email
from campaign.forms import SHORT
from tests.cast import PASSWORD

ENDLESS = "a" * 1000 + "@example.org"


@pytest.fixture
def unasked(monkeypatch):
    """The validator of addresses, which takes seconds for megabytes, is asked nothing."""
    monkeypatch.setattr(actions, "validate_email", lambda *given, **more: pytest.fail("it was asked"))


@pytest.mark.parametrize("path", ["/sign-up", "/forgotten", "/sign-in"])
def test_an_endless_address_is_refused_for_its_length_alone(nobody, unasked, path):
    answer = nobody.post(path, name="Erin", email=ENDLESS, password="seven blue herons")
    assert answer.status_code == 422
    assert "254 characters at most." in answer.text
    assert "an e-mail address that we can write to" not in answer.text


def test_so_are_a_new_address_of_ones_own_and_an_invitation(ana, unasked):
    assert ana.post("/profile/address", email=ENDLESS, present_password=PASSWORD).status_code == 422
    assert ana.post("/brands/soda/members", email=ENDLESS, role="manager").status_code == 422


def test_an_endless_address_is_none(unasked):
    with pytest.raises(NotAnAddress):
        tidy_email(ENDLESS)


@pytest.mark.parametrize(
    "path",
    "/sign-up /sign-in /forgotten /reset/x /profile /profile/password /profile/address /brands/soda/members".split(),
)
def test_a_form_of_a_few_lines_is_refused_unread_when_it_is_long(ana, path):
    answer = ana.post(path, name="a" * SHORT)
    assert answer.status_code == 413
    assert "this form holds 64 KB" in answer.text


def test_an_idea_may_still_be_long(bea, soda_campaign):
    answer = bea.post("/campaigns/soda/ideas/new", title="A can you can reseal", text="a" * 2 * SHORT)
    assert answer.status_code == 422
