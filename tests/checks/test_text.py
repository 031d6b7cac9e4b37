"""Bytes become text whatever their encoding, and only what is no text is left out."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.text import decode

LINE = "key = 'värde'\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    """Text is read in whatever encoding an editor may have written it."""
    assert decode((LINE * 5).encode(encoding)) == LINE * 5


def test_line_ends_are_made_alike() -> None:
    """Windows' and old Mac's line ends become plain ones, so that line numbers are those of an editor."""
    assert decode(b"a\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    "data",
    [zlib.compress(bytes(range(256)) * 40), b"\x89PNG\r\n\x1a\n" + bytes(200), b"\x7fELF" + bytes(300)],
    ids=["compressed", "picture", "program"],
)
def test_what_is_no_text_is_told_as_such(data: bytes) -> None:
    """Compressed data, pictures and programs are no text."""
    assert decode(data) is None


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1))
def test_no_text_is_lost(text: str) -> None:
    """Any text of letters, digits and punctuation is read back as it was written."""
    assert decode(text.encode()) == text
