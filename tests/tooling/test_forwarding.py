"""What a request says of a proxy counts only where one is set."""

import dataclasses
import runpy

import pytest
from flask import request

from campaign import create_app
from campaign.settings import ROOT

CLAIMS = {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(("proxies", "seen"), [(0, "http://localhost/ None"), (1, "https://elsewhere.example/ https")])
def test_a_claim_of_a_proxy_counts_only_behind_one(settings, proxies, seen):
    app = create_app(dataclasses.replace(settings, proxies=proxies))
    app.add_url_rule(
        "/what-is-seen", view_func=lambda: f"{request.host_url} {request.headers.get('X-Forwarded-Proto')}"
    )
    assert app.test_client().get("/what-is-seen", headers=CLAIMS).text == seen


@pytest.mark.parametrize(("proxies", "believed"), [("", ""), ("0", ""), ("1", None)])
def test_gunicorn_believes_nobody_unless_a_proxy_stands_in_front(monkeypatch, proxies, believed):
    monkeypatch.setenv("PROXIES", proxies)
    said = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    assert said.get("forwarder_headers") == said.get("forwarded_allow_ips") == believed
