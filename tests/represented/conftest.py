"""A campaign that also takes contributions on paper."""

import pytest

from campaign.extensions import db
from campaign.represented.actions import Given, take_paper


@pytest.fixture
def on_paper(campaign, people):
    """soda, as a row, once ana said so."""
    take_paper(campaign, people.ana, True)
    db.session.commit()
    return campaign


def given(reference="17", name="Odile M.", how="paper", event=""):
    return Given(reference, name, how, event)
