"""A report as Markdown: it shows what a stranger wrote, and does nothing that the stranger wanted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.markdown import escaped

#: What GitHub would turn into a link, a mention, a reference, HTML, code or a new cell.
ALIVE = re.compile(r"(?<!\\)[@#<>|`\[\]*_~]|https?://|(?<!\\)\bwww\.")


@given(st.text())
def test_nothing_that_is_escaped_is_alive(text: str) -> None:
    """Whatever the text, no character that Markdown acts on stands in it unescaped, and it is one line."""
    safe = escaped(text)
    assert not ALIVE.search(re.sub(r"\\\\", "", safe))
    assert "\n" not in safe


@pytest.mark.parametrize(
    "text",
    ["@channel", "#1", "[x](https://evil.example)", "<img src=x>", "a | b", "`rm`", "https://evil.example", "**bold**"],
)
def test_what_would_act_is_shown(text: str) -> None:
    """Mentions, links, HTML and cells come out as the words they are."""
    plain = escaped(text).replace("\\", "").replace("\u2060", "").replace("&amp;", "&")
    assert plain == text
    assert not ALIVE.search(escaped(text))
