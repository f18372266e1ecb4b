"""Answers to a campaign's questions leave it with the ideas; private ones only where somebody says so."""

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest

from campaign.campaigns.questions import Question
from campaign.clock import now
from campaign.command import command
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.ideas.replies import keep_replies
from tests.ideas.asking import SIZE, a, ask

SECRET = "In the bath, with my cat"


@pytest.fixture
def answered(app, people, campaign, resealable):
    ids = ask(
        app,
        campaign.id,
        a(),
        a("several", names={"en": "Which sizes?"}, choices=SIZE),
        a("scale", names={"en": "How much?"}),
        a(names={"en": "And at home?"}, private=True),
    )
    values = ["=On a train", SIZE, 4, SECRET]
    keep_replies(
        resealable, {db.session.get_one(Question, number): value for number, value in zip(ids, values, strict=True)}
    )
    db.session.commit()
    db.session.refresh(campaign)
    return ids


def csv_of(campaign, **options):
    [line] = csv.DictReader(StringIO("".join(as_csv(campaign, **options)).removeprefix("\ufeff"), newline=""))
    return {name: value for name, value in line.items() if name.startswith("answer ")}


def json_of(campaign, **options):
    [idea] = json.loads("".join(as_json(campaign, **options)))["ideas"]
    return [(one["asked"], one["private"], one["answer"]) for one in idea["answers"]]


def test_public_answers_are_in_both_files(campaign, answered):
    first, second, third, _private = answered
    assert json_of(campaign) == [
        ("Where would you use it?", False, "=On a train"),
        ("Which sizes?", False, ["Small", "Large"]),
        ("How much?", False, 4),
    ]
    assert csv_of(campaign) == {
        f"answer {first}: Where would you use it?": "'=On a train",
        f"answer {second}: Which sizes?": "Small|Large",
        f"answer {third}: How much?": "4",
    }


def test_private_answers_are_there_only_when_asked_for_and_until_their_date(app, campaign, answered):
    private = answered[-1]
    assert json_of(campaign, private=True)[-1] == ("And at home?", True, SECRET)
    assert csv_of(campaign, private=True)[f"answer {private}: And at home?"] == SECRET
    db.session.get_one(Question, private).private = False  # What was given in private stays private.
    assert SECRET not in str(json_of(campaign)) + str(csv_of(campaign))
    campaign.private_until = now() - timedelta(seconds=1)
    assert SECRET not in str(json_of(campaign, private=True)) + str(csv_of(campaign, private=True))
    db.session.rollback()


def test_the_command_has_the_option():
    assert any("--private" in option.opts for option in command.commands["export"].params)
