"""The locks hold everything, by hash, and name no address."""

import json
import re
import tomllib

import pytest

from campaign.settings import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock", "requirements-oracles.lock"]
NODE_LOCKS = ["package-lock.json", "bench/package-lock.json"]


def pins(lock: str) -> dict[str, str]:
    """Each package of a lock, with its lines."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())
    return {entry.split("==")[0]: entry for entry in entries if not entry.startswith("#")}


@pytest.mark.parametrize("lock", [*LOCKS, *NODE_LOCKS])
def test_a_lock_names_no_address(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r'"resolved"|--(extra-)?index-url|--find-links|--trusted-host|file:|(?m:^[^#].* @ )', text)
    if lock not in NODE_LOCKS:
        assert "://" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_held_by_version_and_hash(lock):
    assert pins(lock)
    for package, entry in pins(lock).items():
        assert re.match(r"[a-z0-9._-]+==\S+", entry), package
        assert "--hash=sha256:" in entry, package


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    assert names(project["dependencies"]) <= pins("requirements.lock").keys()
    assert names(extras) <= pins("requirements-dev.lock").keys()


def test_the_reference_libraries_are_held_and_stay_out_of_the_product():
    asked = names(tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["oracles"])
    held, ours = pins("requirements-oracles.lock").keys(), pins("requirements-dev.lock").keys()
    assert asked <= held
    assert not {"abcvoting", "choix", "pabutools", "pref-voting", "votekit"} & ours


def test_what_is_tested_is_what_is_served():
    served, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: version(entry) for name, entry in served.items()} == {name: version(tested[name]) for name in served}


@pytest.mark.parametrize("lock", NODE_LOCKS)
def test_the_packages_of_npm_are_those_asked_for(lock):
    asked = json.loads((ROOT / lock).with_name("package.json").read_text())
    held = json.loads((ROOT / lock).read_text())["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert held[""].get(kind) == asked.get(kind)


@pytest.mark.parametrize("lock", NODE_LOCKS)
def test_every_package_of_npm_is_held_by_its_hash(lock):
    held = json.loads((ROOT / lock).read_text())["packages"]
    assert all("integrity" in package for path, package in held.items() if path)


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ;]", name)[0].lower().replace("_", "-") for name in requirements}


def version(entry: str) -> str:
    return entry.split("==")[1].split()[0]
