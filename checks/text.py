"""
From bytes to text, never skipping what an editor or an interpreter would read as text.

A scanner that skips what it cannot decode can be hidden from: one latin-1 byte leaves a whole file unscanned by
detect-secrets, and UTF-16 gives it nothing. So: byte order mark, UTF-32 and UTF-16 by their zero
bytes, UTF-8, then latin-1, which decodes anything. Control characters alone make nothing binary: zero bytes among them
do, or bytes that are no UTF-8.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Bytes that no text holds in number: control characters but for tab, newline, form feed, return, escape.
_CONTROL = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
_ODD = dict.fromkeys((*_CONTROL, 0xFFFD))
_SHARE = 0.05  # compressed data holds 10 % of control characters, text next to none
_FEW = 8  # so many may stand in any text, however short
_LOPSIDED = 0.1  # in UTF-16 the zeros at one parity are at most so many, as a share of those at the other
#: So much ASCII in a row stands in no UTF-16 or UTF-32, where other bytes are between: it would be read as Chinese,
#: and what another program takes from it would be hidden.
_ASCII = re.compile(rb"[ -~]{24}")


def decode(data: bytes) -> str | None:
    """Return *data* as text with line ends made alike (LF), or None where it is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            hides = encoding != "utf-8-sig" and _ASCII.search(data)
            return None if hides else _lines(data.decode(encoding, "replace"))
    if b"\0" in data and not _ASCII.search(data):
        for encoding in _wide(data):
            text = data.decode(encoding, "replace")
            if _few(len(text) - len(text.translate(_ODD)), len(text)):
                return _lines(text)
    few = _few(len(data) - len(data.translate(None, _CONTROL)), len(data))
    try:
        return _lines(data.decode("utf-8")) if few or b"\0" not in data else None
    except UnicodeDecodeError:
        return _lines(data.decode("latin-1")) if few else None


def _wide(data: bytes) -> tuple[str, ...]:
    """Return the encodings of two or four bytes a character that the places of zeros in *data* allow."""
    first, second, third, fourth = (data[place::4].count(0) for place in range(4))
    whole = len(data) // 4
    if whole and first >= whole and second > whole * (1 - _LOPSIDED):
        return ("utf-32-be",)
    if whole and fourth >= whole and third > whole * (1 - _LOPSIDED):
        return ("utf-32-le",)
    even, odd = first + third, second + fourth
    if min(even, odd) > max(even, odd) * _LOPSIDED or max(even, odd) < len(data) // 2 * _SHARE:
        return ()
    return ("utf-16-le",) if odd > even else ("utf-16-be",)


def _few(odd: int, length: int) -> bool:
    return odd <= max(_FEW, length * _SHARE)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
