"""What a client prefers is looked for among a few things, however many it names."""

import sys

import pytest

ENDLESS = ",".join(f"a{number}" for number in range(60_000))


@pytest.mark.parametrize("path", ["/", "/nonsense"])
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Accept-Language", ENDLESS),
        ("Accept", ENDLESS.replace(",", "/b,")),
        ("If-None-Match", '""' + ',""' * 100_000),
        ("Cookie", "a=b; " * 80_000),
    ],
)
def test_a_page_is_made_at_once(client, path, header, value):
    client.get(path)
    assert calls_for(client, path, {header: value}) < 2 * calls_for(client, path, {})


def calls_for(client, path, headers):
    """How many functions are called for a page: what an endless header costs, whatever the machine is doing.

    It is the least of a few times, as what is only done once, or is somebody else's rubbish, says nothing of the header.
    """

    def called():
        calls = []
        sys.setprofile(lambda *_: calls.append(None))
        client.get(path, headers=headers)
        sys.setprofile(None)
        return len(calls)

    return min(called() for _ in range(3))


def test_what_comes_first_counts(client):
    assert 'lang="fr"' in client.get("/", headers={"Accept-Language": f"fr,{ENDLESS}"}).text
    assert client.get("/nope", headers={"Accept": f"application/json,{ENDLESS}"}).json["error"]["code"] == "not_there"
