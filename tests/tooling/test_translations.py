"""Every sentence exists in every language, and French looks like French."""

import re
from pathlib import Path

import pytest
import translations
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from campaign.settings import ROOT

CATALOGUES = sorted((ROOT / "campaign" / "translations").glob("*/LC_MESSAGES/messages.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}|%[sd]")
MARKUP = re.compile(r"<[^>]+>|&\w+;|https?://\S+|`[^`]*`")

STRAIGHT = re.compile(r"\w'|'\w")
MISTAKES = {
    "narrow space before ; ! ? and percent": re.compile(r"[^\u202f;!?%(]([;!?%])(?!\w)"),
    "narrow space inside quotation marks": re.compile(r"«(?!\u202f)|(?<!\u202f)»"),
    "no-break space before a colon": re.compile(r"(?<!\u00a0):(?=\s|$)"),
    "real apostrophes": STRAIGHT,
    "French quotation marks": re.compile(r'"'),
    "a real ellipsis": re.compile(r"\.\.\."),
}


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What code and templates say, as `make translations` collects it."""
    collected = tmp_path_factory.mktemp("translations") / "messages.pot"
    translations.collect(collected)
    return read(collected)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3] if path.suffix == ".po" else None)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def sources(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def plain(text: str) -> str:
    """The words alone: a placeholder becomes a letter, for what stands beside it must still be right."""
    return MARKUP.sub("", PLACEHOLDER.sub("x", text)).replace("%%", "%")


def test_there_is_french():
    assert [path.parts[-3] for path in CATALOGUES] == ["fr"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_sentence_is_translated(path, sentences):
    catalogue = read(path)
    missing = [
        message.id
        for message in sentences
        if message.id
        and not ((found := catalogue.get(message.id, message.context)) and all(forms(found)) and not found.fuzzy)
    ]
    assert not missing, f"make translations, then translate in {path.name}: {missing}"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_translation_is_left_of_a_sentence_that_went(path, sentences):
    catalogue = read(path)
    assert not catalogue.obsolete
    assert not [
        message.id for message in catalogue if message.id and sentences.get(message.id, message.context) is None
    ]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_keeps_the_placeholders(path):
    for message in read(path):
        allowed = {name for source in sources(message) for name in PLACEHOLDER.findall(source)}
        for form in filter(None, forms(message)) if message.id else []:
            assert set(PLACEHOLDER.findall(form)) <= allowed, message.id
        # A plural may drop the number ("un jour"); a sentence without plural drops nothing.
        if message.id and message.string and not message.pluralizable:
            assert set(PLACEHOLDER.findall(message.string)) == allowed, message.id


@pytest.mark.parametrize("rule", MISTAKES)
def test_french_has(rule):
    wrong = [
        form
        for message in read(ROOT / "campaign" / "translations" / "fr" / "LC_MESSAGES" / "messages.po")
        for form in forms(message)
        if message.id and MISTAKES[rule].search(plain(form))
    ]
    assert not wrong


def test_english_has_real_apostrophes(sentences):
    wrong = [source for message in sentences for source in sources(message) if STRAIGHT.search(plain(source))]
    assert not wrong
