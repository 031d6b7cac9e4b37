"""Bytes become text whatever their encoding, and only what is no text is left out."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.text import decode

LINE = "key = 'värde'\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1"],
)
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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-be"])
def test_wide_encodings_are_known_without_a_mark_in_any_script(encoding: str) -> None:
    """Text of which most letters are not western is read too, where only its line ends and names are ASCII."""
    text = "# ключ для сервера, не показывать никому\nAPI_KEY=abc\n"
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("number", [1, 9, 600])
def test_control_characters_hide_no_text(number: int) -> None:
    """However many control characters stand in a comment, the rest is read."""
    text = "#" + "\1" * number + "\nAPI_KEY=abc\n"
    assert decode(text.encode()) == text


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0"])
def test_what_only_looks_like_wide_text_is_not_read_as_such(mark: bytes) -> None:
    """Plain text below a comment in UTF-16 is never read as Chinese letters, which would hide it."""
    line = b"API_KEY=abcdefghijklmnopqrstuvwxyz\n"
    text = decode(mark + "# a long comment".encode("utf-16-le") * 400 + line)
    assert text is None or line.decode() in text


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1))
def test_no_text_is_lost(text: str) -> None:
    """Any text of letters, digits and punctuation is read back as it was written."""
    assert decode(text.encode()) == text
