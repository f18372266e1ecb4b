"""Robots at sign-up are slowed by a puzzle, the time that people need, and a field that nobody sees."""

import re

from campaign.accounts.robots import FORMS_OF_ONE, LASTS, MOST, digest_of, new_puzzle, puzzle_in
from campaign.clock import now

ERIN = {"name": "Erin", "email": "erin@example.org", "password": "seven blue herons"}
QUICK = "That was quicker than people type"


def puzzle(app, seconds_ago):
    with app.app_context():
        one = new_puzzle(now().timestamp() - seconds_ago)
        return one.signed, next(n for n in range(MOST) if digest_of(one.nonce, n) == one.challenge)


def test_whoever_solves_the_puzzle_signs_up_after_two_seconds_and_others_after_ten(app, nobody, mails):
    signed, number = puzzle(app, 1)
    assert QUICK in nobody.post("/sign-up", **ERIN, page=signed, solved=str(number)).text
    signed, number = puzzle(app, 3)
    for solved in ("", str(number + 1), "x", "²", "9" * 5000):
        answer = nobody.post("/sign-up", **ERIN, page=signed, solved=solved)
        assert (answer.status_code, QUICK in answer.text) == (429, True)
        assert "A moment, please" in answer.text
        assert "Erin" in answer.text  # What was typed is still there.
        assert f'value="{signed}"' in answer.text  # And the time goes on from where it was.
    assert not mails.to("erin@example.org")
    assert nobody.post("/sign-up", **ERIN, page=signed, solved=str(number)).status_code == 302
    signed, _number = puzzle(app, 11)
    assert nobody.post("/sign-up", **ERIN | {"email": "eve@example.org"}, page=signed).status_code == 302


def test_the_field_for_robots_stays_empty_and_whoever_filled_it_in_is_told(nobody, mails):
    answer = nobody.post("/sign-up", **ERIN, fax="0123")
    assert answer.status_code == 422
    assert "A field that is there for robots only was filled in" in answer.text
    assert "0123" not in answer.text
    assert not mails.to("erin@example.org")


def test_a_page_is_ours_of_late_and_good_for_a_few_forms(app, nobody):
    signed, number = puzzle(app, LASTS + 1)
    for page in (signed, "", "forged", signed[:-1], puzzle(app, -60)[0]):
        answer = nobody.post("/sign-up", **ERIN, page=page, solved=str(number))
        assert "This page was open for a long time." in answer.text
        fresh = re.search(r'name="page" value="([^"]+)"', answer.text)[1]
        assert fresh != page  # The next one is as good as new.
    signed, number = puzzle(app, 60)
    for n in range(FORMS_OF_ONE.amount):
        sent = ERIN | {"email": f"erin{n}@example.org"}
        assert nobody.post("/sign-up", **sent, page=signed, solved=str(number)).status_code == 302
    answer = nobody.post("/sign-up", **ERIN, page=signed, solved=str(number))
    assert answer.status_code == 429
    assert f'value="{signed}"' not in answer.text


def test_the_page_has_what_the_script_needs(app, nobody):
    page = nobody.get("/sign-up").text
    signed = re.search(r'name="page" value="([^"]+)"', page)[1]
    with app.app_context():
        one = puzzle_in(signed)
    assert f'data-nonce="{one.nonce}" data-challenge="{one.challenge}"' in page
