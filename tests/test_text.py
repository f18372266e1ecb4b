"""What people type, tidied; what they write, made safe."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from campaign.text import excerpt, markdown, slugify, squeeze, tidy


@given(st.text())
def test_tidied_twice_is_tidied_once(text):
    assert tidy(tidy(text)) == tidy(text)
    assert squeeze(squeeze(text)) == squeeze(text)


@given(st.text())
def test_markdown_never_opens_a_door(text):
    html = str(markdown(text))
    assert "<script" not in html.lower()
    assert "javascript:" not in html.lower() or "href" not in html.lower()


@given(st.text())
def test_a_slug_is_a_piece_of_an_address(text):
    assert all(character in "abcdefghijklmnopqrstuvwxyz0123456789-" for character in slugify(text))


def test_marks_without_end_are_cut():
    nasty = "a" + "\u0301\u0316" * 40_000
    kept = tidy(nasty)
    assert sum(1 for character in kept if unicodedata.combining(character)) <= 30


def test_writing_that_needs_marks_keeps_them():
    assert tidy("Việt Nam, שָׁלוֹם, ที่นี่") == unicodedata.normalize("NFC", "Việt Nam, שָׁלוֹם, ที่นี่")


def test_an_excerpt_ends_between_words():
    assert excerpt("**One** two three four", 12) == "One two…"
    assert excerpt("# Short") == "Short"
