"""
From bytes to text, never skipping what an editor or an interpreter would read as text.

A scanner that skips what it cannot decode can be hidden from: one latin-1 byte leaves a whole file unscanned by
detect-secrets, and UTF-16 gives it nothing (facts: safety, 0.2). So: byte order mark, UTF-8, UTF-16 by its zero bytes,
then latin-1, which decodes anything.
"""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Bytes that no text holds in number: control characters but for tab, newline, form feed, return, escape.
_CONTROL = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
_BINARY_SHARE = 0.05  # compressed data holds 10 % of them, text next to none
_FEW = 8  # so many may stand in any text, however short
_UTF16_SHARE = 0.3  # of the bytes at even, or at odd, places that are zero: western text has nearly half of all


def decode(data: bytes) -> str | None:
    """Return *data* as text with line ends made alike (LF), or None where it is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lines(data.decode(encoding, "replace"))
    wide = _utf16(data)
    if wide is not None:
        return _lines(data.decode(wide, "replace"))
    control = len(data) - len(data.translate(None, _CONTROL))
    if control > max(_FEW, len(data) * _BINARY_SHARE):
        return None
    try:
        return _lines(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _lines(data.decode("latin-1"))


def _utf16(data: bytes) -> str | None:
    """Return the encoding where *data* looks like UTF-16 without a mark: zeros at every other place, and only there."""
    head = data[:4096]
    if b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * _UTF16_SHARE and even < half * _BINARY_SHARE:
        return "utf-16-le"
    if even > half * _UTF16_SHARE and odd < half * _BINARY_SHARE:
        return "utf-16-be"
    return None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
