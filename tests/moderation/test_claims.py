"""Who looks at what: said anew while they do, and taken for gone when they say it no more."""

from datetime import timedelta

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.live import board_seq
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import CLAIMED_FOR, claim, looker_at

CONSOLE = "/campaigns/soda/console"


@pytest.fixture
def case(people, reads_first, suggested):
    return open_case_about(suggested(people.bea))


def test_who_still_looks_keeps_it_and_tells_nobody_anew(people, case, moderator):
    claim(case, moderator)
    case.held_since = now() - CLAIMED_FOR + timedelta(seconds=10)
    db.session.commit()
    seq = board_seq(case.campaign.board)
    claim(case, moderator)
    db.session.commit()
    assert case.held_since > now() - timedelta(seconds=60)
    assert board_seq(case.campaign.board) == seq
    claim(case, people.ana)
    assert looker_at(case) == moderator


def test_who_has_gone_away_is_not_said_to_look(people, ana, mod, case, moderator):
    assert mod.post(f"{CONSOLE}/claims", case=case.id).status_code == 204
    page = ana.get(f"{CONSOLE}/first?case={case.id}").text
    assert page.count("Max looks at it") == 2  # In the list, and above the item, for a phone shows one of them.
    assert "looks at it" not in mod.get(f"{CONSOLE}/first?case={case.id}").text
    db.session.expire_all()
    case.held_since -= 2 * CLAIMED_FOR
    db.session.commit()
    assert "looks at it" not in ana.get(f"{CONSOLE}/first?case={case.id}").text
    claim(case, people.ana)
    assert looker_at(case) == people.ana
