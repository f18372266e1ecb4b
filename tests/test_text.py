"""What people type, tidied; what they write, made safe."""

import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from campaign.text import excerpt, markdown, slugify, squeeze, tidy, unbroken


@given(st.text())
def test_tidied_twice_is_tidied_once(text):
    assert tidy(tidy(text)) == tidy(text)
    assert squeeze(squeeze(text)) == squeeze(text)


class Elements(HTMLParser):
    """The elements of a piece of HTML, as a browser takes them."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


TRICKS = """[a]( <a href=" ) > <script> </script> <img src=x onerror=y> <svg/onload= " ' ` javascript: JaVaScRiPt: java\\script:
data:text/html, vbscript: https://x.example &#106;avascript: &colon; \t \n [1]: ![a]( # * \u0001 word""".split(" ")


@given(st.one_of(st.text(), st.lists(st.sampled_from(TRICKS), max_size=8).map("".join)))
@example("[a](javascript:alert(1))")
@example("<a href='javascript:alert(1)' onclick='x'>a</a>")
@example("[a]: javascript:x\n\n[a]")
@example("<javascript:x>")
def test_markdown_never_opens_a_door(text):
    for tag, attributes in Elements(str(markdown(text))).found:
        assert tag in {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "h3", "h4", "hr"}
        assert attributes.keys() <= {"href", "rel"}
        assert urlsplit(attributes.get("href") or "").scheme in {"", "http", "https", "mailto"}


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


def test_no_line_begins_with_a_mark_of_the_word_before_it():
    assert (
        unbroken("Eisenhower : des arbres ; « ici » !")
        == "Eisenhower\u00a0: des arbres\u202f; «\u202fici\u202f»\u202f!"
    )
    assert unbroken("A can: yes? Yes!") == "A can: yes? Yes!"
