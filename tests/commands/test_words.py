"""Reading what people type."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.command import Refused
from commands.words import close_to, first_word, nearest, read_words, whole

OPTIONS = {"repo", "owner", "purpose"}


@pytest.mark.parametrize(
    ("text", "plain", "options"),
    [
        ("a b  c", ("a", "b", "c"), {}),
        ('a "b c" d', ("a", "b c", "d"), {}),
        ("a 'b c'", ("a", "b c"), {}),
        ("it's fine, isn't it", ("it's", "fine,", "isn't", "it"), {}),
        ("a --repo x --Owner=@ann b", ("a", "b"), {"repo": "x", "owner": "@ann"}),
        ("a —repo x", ("a",), {"repo": "x"}),
        ('--purpose="x y"', (), {"purpose": "x y"}),
        ("--purpose ‘don’t know’", (), {"purpose": "don't know"}),
        ('"--repo" x', ("--repo", "x"), {}),
        ("<@U1|ann lee> <https://a.b/c?d=1&amp;e=2|a b>", ("<@U1|ann lee>", "<https://a.b/c?d=1&amp;e=2|a b>"), {}),
        ("a &lt;b&gt; &amp;", ("a", "<b>", "&"), {}),
        ("a\u00a0b", ("a", "b"), {}),
        ("", (), {}),
    ],
)
def test_words_quotes_and_options(text: str, plain: tuple[str, ...], options: dict[str, str]) -> None:
    """As a person means them, whatever their phone made of them."""
    words = read_words(text, OPTIONS)
    assert (words.plain, words.options) == (plain, options)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text ends in anything but words or a sentence for who typed it."""
    for read in (first_word, whole, lambda typed: read_words(typed, OPTIONS)):
        with contextlib.suppress(Refused):
            read(text)


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L", "Nd"]), min_size=1), max_size=6))
def test_plain_words_come_back_as_they_are(words: list[str]) -> None:
    """Whatever stands between them."""
    assert read_words("  ".join(words), OPTIONS).plain == tuple(words)


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("billing-bot it's down & out", "billing-bot", "it's down & out"),
        ('"billing-bot"  down', "billing-bot", "down"),
        ("“billing-bot” “quoted”", "billing-bot", '"quoted"'),
        ("billing-bot", "billing-bot", ""),
        ("", "", ""),
    ],
)
def test_the_rest_of_a_page_is_kept_as_it_was_typed(text: str, word: str, rest: str) -> None:
    """Only the name is taken apart from it."""
    assert first_word(text) == (word, rest)


def test_close_words_come_first() -> None:
    """Misspelt, in another case, or a part of one."""
    names = ["billing-bot", "tea-bot", "Invoices"]
    assert close_to("biling-bot", names)[0] == "billing-bot"
    assert close_to("invoice", names) == ("Invoices",)
    assert close_to("bill", names) == ("billing-bot",)
    assert close_to("zzz", names) == ()
    assert nearest("reop", OPTIONS) == "repo"
    assert nearest("Purpos", OPTIONS) == "purpose"
    assert not nearest("foo", OPTIONS)
