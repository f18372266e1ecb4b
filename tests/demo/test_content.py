"""The demo's texts: complete, consistent in time, and typeset as printers do."""

import re
import tomllib
from pathlib import Path

import pytest
from PIL import Image

import campaign.demo.illustrations as illustrations
from campaign.demo.texts import read_content, read_ideas

CONTENT = Path(illustrations.__file__).parent / "content"


def load(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


IDEAS = {path.stem: load(path) for path in sorted((CONTENT / "ideas").glob("*.toml"))}
CAMPAIGN = load(CONTENT / "campaign.toml")
# The campaigns that are retold, with their ideas.
RETOLD = {name: (read_content(f"{name}/campaign"), read_ideas(name)) for name in ("drinks", "cups")}
BRAND = load(CONTENT / "brand.toml")
PEOPLE = {person["key"]: person for person in load(CONTENT / "people.toml")["people"]}
TEAM = {member["key"]: member for member in BRAND["team"]}


OFFICE = load(CONTENT / "office.toml")
SAID = ("title", "text", "why", "reason", "place", "likes", "misses", "received", "deposit")


def sentences(node, language, where):
    """Every text below `node` that a person reads, with the language it is in."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from sentences(item, language, f"{where}[{number}]")
    elif isinstance(node, dict):
        language = node.get("language", language)
        for key, value in node.items():
            if key in ("fr", "en"):
                yield from sentences(value, key, f"{where}.{key}")
            elif isinstance(value, (dict, list)) or key in SAID:
                yield from sentences(value, language, f"{where}.{key}")
    elif isinstance(node, str):
        yield where, language, node


TEXTS = [
    found
    for name, content in {
        "campaign": CAMPAIGN,
        "brand": BRAND,
        "office": OFFICE,
        **IDEAS,
        **{name: campaign for name, (campaign, _ideas) in RETOLD.items()},
        **{f"{name}/{key}": idea for name, (_campaign, ideas) in RETOLD.items() for key, idea in ideas.items()},
    }.items()
    for found in sentences(content, None, name)
    if found[1]
]


def test_the_board_opens_with_forty_ideas_in_two_languages():
    languages = [idea["language"] for idea in IDEAS.values()]
    assert (languages.count("fr"), languages.count("en")) == (26, 14)
    assert sum("earlier" in idea for idea in IDEAS.values()) == 3
    assert sum("withdrawal" in idea for idea in IDEAS.values()) == 1
    assert sum("illustration" in idea for idea in IDEAS.values()) == 12
    assert sum("answer" in idea for idea in IDEAS.values()) == 34


@pytest.mark.parametrize("key", IDEAS)
def test_an_idea_keeps_to_the_rules_of_its_campaign(key):
    idea = IDEAS[key]
    categories = {category["key"] for category in CAMPAIGN["categories"]}
    tags = {tag["key"] for tag in CAMPAIGN["tags"]}
    assert idea["author"] in PEOPLE
    assert idea["category"] in categories
    assert set(idea["tags"]) <= tags
    assert CAMPAIGN["title_min"] <= len(idea["title"]) <= CAMPAIGN["title_max"]
    assert len(idea["text"]) <= CAMPAIGN["text_max"]
    assert 3 <= idea["votes"] <= 350


@pytest.mark.parametrize("key", IDEAS)
def test_what_happened_to_an_idea_happened_after_it_was_given(key):
    idea = IDEAS[key]
    assert idea["days_ago"] < CAMPAIGN["opened_days_ago"]

    amended = [earlier["until_days_ago"] for earlier in idea.get("earlier", [])]
    assert amended == sorted(amended, reverse=True)
    assert all(0 < days < idea["days_ago"] for days in amended)

    for remark in idea.get("remarks", []):
        assert remark["author"] in PEOPLE | TEAM
        assert 0 < remark["days_ago"] < idea["days_ago"]
        before = remark["days_ago"]
        for reply in remark.get("replies", []):
            assert reply["author"] in PEOPLE | TEAM
            assert 0 < reply["days_ago"] <= before
            before = reply["days_ago"]

    if "answer" in idea:
        assert TEAM[idea["answer"]["by"]]["role"] in ("owner", "manager")
        assert idea["answer"]["verdict"] in ("yes", "no", "test")
        assert 0 < len(idea["answer"]["role"]) <= 60
        assert 0 < idea["answer"]["days_ago"] < idea["days_ago"]


def test_every_tag_category_and_person_is_used():
    authors = {idea["author"] for idea in IDEAS.values()}
    assert authors == set(PEOPLE)
    assert {tag for idea in IDEAS.values() for tag in idea["tags"]} == {tag["key"] for tag in CAMPAIGN["tags"]}
    assert {idea["category"] for idea in IDEAS.values()} == {item["key"] for item in CAMPAIGN["categories"]}


def test_a_thing_has_one_tag_and_most_tags_are_used_again():
    names = [tag["name"] for tag in CAMPAIGN["tags"]]
    assert len(set(names)) == len(names) <= 24
    given = [tag for idea in IDEAS.values() for tag in idea["tags"]]
    assert all(given.count(tag) > 1 for tag in given)


def test_french_is_set_with_its_own_spaces():
    wrong = [
        (where, text)
        for where, language, text in TEXTS
        if language == "fr"
        and re.search(r"(?<!\u202f)[;!?%»]|«(?!\u202f)|(?<!\u00a0):(?!//)|\d [h€]|[\"']|\.\.\.", text)
    ]
    assert wrong == []


def test_english_has_real_quotation_marks_and_no_french_spaces():
    wrong = [
        (where, text)
        for where, language, text in TEXTS
        if language == "en" and re.search(r"[\"']|\u202f|[ \u00a0][;:!?%]|\.\.\.", text)
    ]
    assert wrong == []


def test_the_cover_and_every_illustrated_idea_have_pictures_of_their_own_described_in_both_languages():
    illustrated = {key: idea["illustration"] for key, idea in IDEAS.items() if "illustration" in idea}
    illustrated[CAMPAIGN["slug"]] = CAMPAIGN["cover"]
    for campaign, ideas in RETOLD.values():
        illustrated[campaign["slug"]] = campaign["cover"]
        illustrated |= {key: idea["illustration"] for key, idea in ideas.items() if "illustration" in idea}
    assert set(illustrated) == set(illustrations.COMPOSITIONS)
    assert all(set(words) == {"fr", "en"} for words in illustrated.values())


@pytest.mark.parametrize("key", ["gourde-consignee", "an-idea-drawn-by-chance"])
def test_a_picture_is_the_same_each_time(key, tmp_path):
    picture = illustrations.draw(key)
    assert picture.size == (1280, 640)
    assert picture.tobytes() == illustrations.draw(key).tobytes()
    with Image.open(illustrations.save(key, tmp_path)) as saved:
        assert saved.format == "PNG"
