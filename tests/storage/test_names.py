"""What an app may be called, and what is said of what it may not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.names import RESERVED, clean_name, name_fault, name_key


@pytest.mark.parametrize("name", ["billing-bot", "a1", "Rechnungs_Bot.v2", "счёт", "発票", "x" * 64])
def test_plain_names_are_fine(name: str) -> None:
    """Letters of any script, digits and three marks."""
    assert name_fault(clean_name(name)) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("<!channel>", "“<” is not allowed"),
        ("<@U1>", "“<” is not allowed"),
        ("x" * 200, "has 200 characters"),
        ("🚀🚀", "“🚀” is not allowed"),
        ("a\nb", "A line break is not allowed"),
        ("abc\u202e", "The invisible character U+202E is not allowed"),
        ("a\x00b", "The invisible character U+0000 is not allowed"),
        ("../../x", "“/” is not allowed"),
        ("' or 1=1--", "“'” is not allowed"),
        ("a b", "A space is not allowed"),
        ("..", "must begin with a letter or digit"),
        ("--repo", "must begin with a letter or digit"),
        ("x", "too short"),
        ("\ud800x", "The invisible character U+D800 is not allowed"),
        ("ﷺ", "A space is not allowed"),
    ],
)
def test_other_names_are_refused_with_the_rule_and_what_broke_it(name: str, says: str) -> None:
    """The rule first, then the one thing that is wrong."""
    fault = name_fault(clean_name(name))
    assert fault is not None
    assert fault.startswith("Name may use letters, digits, - _ . (2-64). ")
    assert says in fault


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_words_of_apps_are_reserved_in_any_case(word: str) -> None:
    """An app called "all" could never be shown."""
    assert "word of /apps" in (name_fault(word.upper()) or "")


@given(st.text(max_size=80))
def test_names_that_differ_in_case_and_form_only_are_one_name(text: str) -> None:
    """Every Unicode form and case of a name has the same key, and a key is its own key."""
    key = name_key(text)
    assert name_key(key) == key
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert name_key(unicodedata.normalize(form, text)) == key
    assert name_key(text.casefold()) == key


@given(st.text(max_size=80))
def test_an_allowed_name_holds_nothing_that_acts(text: str) -> None:
    """Whatever passes has no space, control, quote, slash or angle bracket, and can be kept."""
    name = clean_name(text)
    if name_fault(name) is None:
        assert not set(name) & set(" <>/\\\"'`&\n\r\t\x00")
        assert name.encode()
        assert 2 <= len(name) <= 64
