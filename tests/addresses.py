"""Every page that the application has: a new route is among them by itself, or fails who walks them until the walk knows what to put into
its address.
"""

from collections.abc import Collection, Iterator

from flask import Flask

# Where a test has nothing of that kind: an address that leads nowhere.
NOTHING = {
    "comment_id": 1,
    "first": 1,
    "number": 1,
    "question_id": 1,
    "amendment_id": 1,
    "person_id": 1,
    "stage_id": 1,
    "template_id": 1,
    "newsletter_id": 1,
    "other_id": 1,
    "vote_id": 1,
    "update_id": 1,
    "act": "vote",
    "queue_key": "first",
    "kind": "ideas",
    "place": 1,
    "key": "declined",
    "name": "none.png",
    "filename": "none",
    "token": "none",
    "code": "1",
    "language": "en",
}


def addresses(app: Flask, without: Collection[str], **known: object) -> Iterator[tuple[str, str]]:
    """What can be asked for, as (endpoint, address), with what is `known` in its place; `without` is how the others begin."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or str(rule).startswith(tuple(without)):
            continue
        given = {name: (NOTHING | known).get(name) for name in rule.arguments}
        missing = [name for name, value in given.items() if value is None]
        assert not missing, f"The walk doesn’t know what to put into {rule}: {missing}"
        built = rule.build(given, append_unknown=False)
        assert built is not None
        yield rule.endpoint, built[1]
