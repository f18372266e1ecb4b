"""What people type, tidied; what they write, made safe."""

import time
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.text import excerpt, markdown, plain, slugify, squeeze, tidy, unbroken


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
data:text/html, vbscript: https://x.example https:// http://a@b.example/ HTTPS://x.example/?a=1&b=(2) &#106;avascript: &colon; \t \n [1]: ![a]( # * \u0001 word""".split(
    " "
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(TRICKS), max_size=8).map("".join)))
@example("[a](javascript:alert(1))")
@example("<a href='javascript:alert(1)' onclick='x'>a</a>")
@example("[a]: javascript:x\n\n[a]")
@example("<javascript:x>")
@example('https://x.example/"onmouseover="alert(1)')
@example("https://x.example/<script>alert(1)</script>")
@example("https://x.example/'><img src=x onerror=alert(1)>")
@example("javascript:https://x.example/%0aalert(1)")
@example("[https://x.example](javascript:alert(1))")
@example("[[https://x.example]: javascript:alert(1)")
def test_markdown_never_opens_a_door(text):
    for tag, attributes in Elements(str(markdown(text))).found:
        assert tag in {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "h3", "h4", "hr"}
        assert attributes.keys() <= {"href", "rel"}
        assert urlsplit(attributes.get("href") or "").scheme in {"", "http", "https", "mailto"}


def test_lines_stay_as_they_were_typed():
    template = "For whom:\nMy neighbours\n\nWhat for:\n- warmth\n- company"
    shown = markdown(template)
    assert [tag for tag, _attributes in Elements(str(shown)).found] == ["p", "br", "p", "ul", "li", "li"]
    assert excerpt(template) == "For whom: My neighbours What for: warmth company"


def links(text):
    """The addresses that a text links to."""
    return [attributes["href"] for tag, attributes in Elements(str(markdown(text))).found if tag == "a"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org/a_b_c?x=1&y=2#top.", ["https://example.org/a_b_c?x=1&y=2#top"]),
        ("(see http://example.org/a_(b))", ["http://example.org/a_(b)"]),
        ("http://example.org, HTTPS://EXAMPLE.org!", ["http://example.org", "HTTPS://EXAMPLE.org"]),
        ("**https://example.org/x** and _https://example.org/y_", ["https://example.org/x", "https://example.org/y"]),
        ("https://example.org/_a_/*b*/c", ["https://example.org/_a_/*b*/c"]),
        ("« https://example.org/é »", ["https://example.org/%C3%A9"]),
        ("http://localhost:5000/ideas/1", ["http://localhost:5000/ideas/1"]),
        ("- https://a.example\n- https://b.example", ["https://a.example", "https://b.example"]),
        ("<https://example.org>", ["https://example.org"]),
        ("[https://a.example](https://b.example)", ["https://b.example"]),
        ("[as told at https://a.example]", ["https://a.example"]),
        ("[x https://a.example/[y](z) x](https://b.example)", ["https://a.example/", "z", "https://b.example"]),
        ("`https://example.org` and\n\n    https://example.org", []),
        ("ftp://example.org xhttps://example.org javascript://example.org https:// https://?", []),
        ("https://brand.example@evil.example/", []),
        ("https://brand.example:80@evil.example/", []),
    ],
)
def test_a_bare_address_is_a_link(text, found):
    assert links(text) == found


def test_a_bare_address_reads_as_typed_and_passes_no_rank():
    assert markdown("Look: https://example.org/é.") == (
        '<p>Look: <a href="https://example.org/%C3%A9" rel="nofollow ugc noopener">https://example.org/é</a>.</p>\n'
    )


def test_a_letter_and_a_card_say_a_bare_address_once():
    assert plain("Look: https://example.org/a_b.") == "Look: https://example.org/a_b."
    assert plain("Look: https://example.org/é.") == "Look: https://example.org/é."
    assert excerpt("Look: https://example.org/a_b.") == "Look: https://example.org/a_b."


def test_a_letter_says_the_address_behind_a_links_words():
    assert plain("[the plan](https://example.org)") == "the plan (https://example.org)"
    assert plain("[https://example.org](https://example.org)") == "https://example.org"
    assert plain("<ana@example.org>") == "ana@example.org"


def test_addresses_without_end_take_no_time():
    begin = time.perf_counter()
    for text in ("https://a" * 2_000, "https://a/" + "(" * 10_000 + ")" * 10_000, "http" + "://a" * 5_000):
        markdown(text)
    assert time.perf_counter() - begin < 2


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
