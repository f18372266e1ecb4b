"""What `campaign serve --demo` does before it serves."""

import os

import pytest

from campaign.accounts.models import Person
from campaign.accounts.outbox import key_of
from campaign.demo.command import prepare
from campaign.demo.loading import demo_campaign
from campaign.demo.simulation import begin_simulation, end_simulation, simulation_on
from campaign.extensions import db


@pytest.fixture
def quiet(monkeypatch):
    """A start without simulated participants, which has not been told whether it is for developers."""
    for name in ("HOST", "PUBLIC_URL", "PROXIES", "DEVELOPMENT", "MAIL_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("DEMO_ACTIVITY", "off")


def test_it_says_who_may_sign_in_and_where_mail_lands(demo_app, quiet, capsys):
    prepare(demo_app)
    said = capsys.readouterr().out
    assert "http://127.0.0.1:5000/campaigns/cafe-de-demain" in said
    roles = ("owner", "manager", "moderator", "evaluator", "analyst", "participant")
    accounts = [line.split() for line in said.splitlines() if "@" in line]
    assert [role for _email, _password, role in accounts] == list(roles)
    assert f"http://127.0.0.1:5000/outbox?key={key_of(demo_app)} (" in said
    with demo_app.app_context():
        known = set(db.session.scalars(db.select(Person.email).where(Person.confirmed_at.is_not(None))))
    assert {email for email, _password, _role in accounts} <= known


def test_on_somebodys_own_machine_it_is_for_developers(demo_app, quiet):
    prepare(demo_app)
    assert os.environ["DEVELOPMENT"] == "1"


@pytest.mark.parametrize(
    "setting", [("HOST", "0.0.0.0"), ("PUBLIC_URL", "https://ideas.example.org"), ("PROXIES", "1")]
)
def test_where_others_come_in_it_is_not_and_says_what_that_means(demo_app, quiet, monkeypatch, capsys, setting):
    monkeypatch.setenv(*setting)
    prepare(demo_app)
    assert not os.environ["DEVELOPMENT"]
    said = capsys.readouterr().out
    assert "can sign in with these passwords" in said
    assert "/outbox?key" not in said


def test_it_never_contradicts_what_was_set(demo_app, quiet, monkeypatch):
    monkeypatch.setenv("DEVELOPMENT", "0")
    prepare(demo_app)
    assert os.environ["DEVELOPMENT"] == "0"


def test_switched_off_nobody_is_simulated(demo_app, demo, quiet):
    begin_simulation(demo)
    db.session.commit()
    prepare(demo_app)
    db.session.expire_all()
    assert simulation_on(demo) is None


@pytest.fixture
def sent(monkeypatch):
    """Whom a start sends in, without doing it."""
    sent = []

    class Process:
        pid = os.getpid()

        def __init__(self, command, **_options):
            sent.append(command)

    monkeypatch.setattr("campaign.demo.command.subprocess.Popen", Process)
    monkeypatch.setattr(os, "setpriority", lambda *_what: None)
    return sent


def test_simulated_people_come_by_themselves_at_the_first_start_only(app, quiet, monkeypatch, sent, capsys):
    monkeypatch.setenv("DEMO_ACTIVITY", "")
    prepare(app)
    assert len(sent) == 1
    assert "Six simulated participants" in capsys.readouterr().out
    prepare(app)
    assert len(sent) == 1
    assert "DEMO_ACTIVITY=on" in capsys.readouterr().out
    with app.app_context():
        assert simulation_on(demo_campaign()) is None


def test_asked_for_they_come_again(demo_app, quiet, monkeypatch, sent):
    monkeypatch.setenv("DEMO_ACTIVITY", "on")
    prepare(demo_app)
    assert len(sent) == 1
    with demo_app.app_context():
        end_simulation(demo_campaign())
        db.session.commit()


def test_a_house_with_a_brand_of_its_own_is_left_alone(app, cast, quiet, capsys):
    prepare(app)
    assert "maison-lutece" not in capsys.readouterr().out
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Person)) == len(cast)
