"""An address is refused for its length before anybody looks for what is in it."""

import pytest

from campaign.accounts import actions
from campaign.accounts.actions import NotAnAddress, tidy_email
from tests.cast import PASSWORD

ENDLESS = "a" * 10_000_000 + "@example.org"


@pytest.fixture
def unasked(monkeypatch):
    """The validator of addresses, which takes seconds for megabytes, is asked nothing."""
    monkeypatch.setattr(actions, "validate_email", lambda *given, **more: pytest.fail("it was asked"))


@pytest.mark.parametrize("path", ["/sign-up", "/forgotten", "/sign-in"])
def test_an_endless_address_is_refused_for_its_length_alone(nobody, unasked, path):
    answer = nobody.post(path, name="Erin", email=ENDLESS, password="seven blue herons")
    assert answer.status_code == 422
    assert "254 characters at most, and this has " in answer.text
    assert "an e-mail address that we can write to" not in answer.text


def test_so_are_a_new_address_of_ones_own_and_an_invitation(ana, unasked):
    assert ana.post("/profile/address", email=ENDLESS, present_password=PASSWORD).status_code == 422
    assert ana.post("/brands/soda/members", email=ENDLESS, role="manager").status_code == 422


def test_an_endless_address_is_none(unasked):
    with pytest.raises(NotAnAddress):
        tidy_email(ENDLESS)
