"""Those who come for the first time share a few orders, and see many ideas nevertheless."""

import pytest

from campaign.board.lots import FEW, lot_of_visitor
from campaign.exposure.drawing import LANES
from campaign.ideas.dealing import LOTS

pytestmark = pytest.mark.one_database


def test_newcomers_are_spread_evenly_over_the_drawn_orders(app):
    lots = []
    for _newcomer in range(5 * FEW):
        with app.test_request_context():
            lots.append(lot_of_visitor())
    assert lots == lots[:FEW] * 5
    assert all(0 < lot < LOTS for lot in lots)
    lanes = sorted((lot - lots[0]) % LANES for lot in lots[:FEW])
    assert lanes == [0, 4, 8, 12]
