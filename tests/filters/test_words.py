"""Words of a list are found as people write them."""

import pytest

from campaign.filters.coarse import coarse_words
from campaign.filters.looking import hosts_in
from campaign.filters.words import found_in, listed, why_not


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("rival", "Buy RIVAL cola", True),
        ("rival", "Their rivals do", False),
        ("rival*", "Their rivals do", True),
        ("*rival*", "An archrivalry", True),
        ("crème brûlée", "la CREME   brulee", True),
        ("crème brûlée", "crème-brûlée", True),
        ("œuf", "un oeuf", True),
        ("l'eau", "l’eau", True),
        ("c++", "with c++ inside", True),
        ("cola", "chocolat", False),
        ("straße", "STRASSE", True),
    ],
)
def test_a_word_is_found_whole_whatever_its_case_and_accents(word, text, found):
    assert found_in(text, [word]) == ([word] if found else [])


def test_each_word_that_stands_there_is_named():
    assert found_in("Free money, freely", ["free", "free money", "fre*", "gold"]) == ["free", "free money", "fre*"]


def test_a_list_is_tidied_and_what_would_hold_everything_is_not_taken():
    assert listed("  Rival \n\nrival\nCafé\ncafe\nfree   money") == ["Rival", "Café", "free money"]
    assert [why_not(word) for word in ("ok", "*", "a*", "x" * 61, "a*b*c*", "ab**")] == [
        None,
        "empty",
        "empty",
        "long",
        "stars",
        "stars",
    ]


def test_a_text_made_to_keep_the_filter_busy_is_read_at_once():
    assert found_in("a" * 50_000, ["*a*b", "*ab*"]) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("C’est de la merde", "fr", True),
        ("MERDEEEE", "fr", True),
        ("Des connards", "fr", True),
        ("What sh1t is this", "en", True),
        ("f.u.c.k it", "en", True),
        ("Le train est en retard, avec du fromage râpé", "fr", False),
        ("Take a bite, weigh the pros and cons", "en", False),
        ("La veuve appuie sur la pédale", "fr", False),
        ("A classic assessment of Scunthorpe", "en", False),
    ],
)
def test_coarse_words_are_found_and_everyday_ones_left(text, language, found):
    assert bool(coarse_words(text, language)) == found


def test_hosts_are_found_as_people_type_them():
    text = "See https://Evil.example/path?x, www.spam.com. and http://u@x.org:80/; promo.shop! But etc.Il, 3.5 and bea@mail.com"
    assert hosts_in(text) == ["evil.example", "spam.com", "x.org", "promo.shop"]
