"""
Reads what people type behind a command: words, quotes and options, as chat programs spoil them.

Typographic quotes, dashes and spaces count as plain ones. Slack's own marks (`<@U1|ann>`, `<#C1|apps>`, `<https://..>`)
stay whole, and its escapes (`&amp;`) are undone in everything else.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from commands.command import Refused

_MOST = 3000  # characters in one command; Slack lets 4,000 through
_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00a0": " "})
_ALIKE = 0.6  # difflib's own; below it what is proposed has nothing to do with what was typed
_MARK = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed: *plain* words in order, and *options* by name without dashes."""

    plain: tuple[str, ...]
    options: Mapping[str, str]


def readable(text: str, most: int = _MOST, what: str = "That") -> str:
    """Return *text* with plain quotes and spaces; raises Refused where it is too long or cannot be kept as text."""
    if len(text) > most:
        raise Refused(f"{what} has {len(text):,} characters; at most {most:,} fit.")
    for character in text:
        # U+FFFD stands where something was that is no character.
        if (unicodedata.category(character) in {"Cc", "Cs"} or character == "\ufffd") and character not in "\n\r\t":
            raise Refused(f"{what} holds a character that is not text (U+{ord(character):04X}). Type it again.")
    return text.translate(_PLAIN).strip()


def first_word(text: str) -> tuple[str, str]:
    """Return the first word, without quotes around it, and everything behind it as it was typed."""
    text = readable(text)
    if text[:1] in {'"', "'"} and text.find(text[0], 1) > 0:
        word, _, rest = text[1:].partition(text[0])
    else:
        word, rest = [*text.split(None, 1), "", ""][:2]
    return unescaped(word), unescaped(rest.strip())


def whole(text: str) -> str:
    """Return all that was typed as one text, without quotes around it."""
    text = unescaped(readable(text))
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1].strip() if quoted else text


def as_code(text: str) -> str:
    """Return a mark in a note of which bot.views.text.with_channels makes code: a command to type."""
    return f"<!code^{text}>"


def unescaped(text: str) -> str:
    """Undo what Slack escapes in text that people type."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_words(text: str, options: Collection[str]) -> Words:
    """Return the words and *options* of *text*; raises Refused for an open quote or an option that does not exist."""
    plain: list[str] = []
    given: dict[str, str] = {}
    words = iter(_split(readable(text)))
    for word, quoted in words:
        if quoted or not word.startswith(("--", "—")):
            plain.append(word)
            continue
        name, equals, value = word.lstrip("-—").partition("=")
        if name.lower() not in options:
            near = nearest(name, options)
            hint = f"Did you mean --{near}?" if near else f"There are {', '.join(f'--{one}' for one in options)}."
            raise Refused(f"Unknown option --{name}. {hint}")
        if not equals:
            value = next(words, ("", False))[0]
        if not value:
            raise Refused(f"--{name} needs a value behind it.")
        given[name.lower()] = value
    return Words(tuple(plain), given)


def nearest(word: str, words: Collection[str]) -> str:
    """Return the one of *words* that *word* is a slip of, or an empty text where it is like none of them."""
    return next(iter(difflib.get_close_matches(word.lower(), list(words), 1, _ALIKE)), "")


def close_to(word: str, words: Iterable[str], alike: float = _ALIKE) -> tuple[str, ...]:
    """Return up to three of *words* that *word* may have meant, the closest first; *alike* of 1 is the same word."""
    by_key = {one.casefold(): one for one in words}
    found = difflib.get_close_matches(word.casefold(), by_key, n=3, cutoff=alike)
    inside = [key for key in by_key if word.casefold() in key and key not in found] if len(word) > 1 else []
    return tuple(by_key[key] for key in [*found, *inside][:3])


def _split(text: str) -> Iterable[tuple[str, bool]]:
    """Yield each word and whether it began with a quote."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        quoted, begin = text[at] in "\"'", at
        parts: list[str] = []
        while at < len(text) and not text[at].isspace():
            part, at = _part(text, at, begin)
            parts.append(part)
        yield "".join(parts), quoted


def _part(text: str, at: int, begin: int) -> tuple[str, int]:
    """Return one piece of a word, a mark, what stands in quotes or a letter, and where the next begins."""
    mark = _MARK.match(text, at)
    if mark:
        return mark[0], mark.end()
    # An apostrophe within a word (can't) is a letter.
    if text[at] == '"' or (text[at] == "'" and (at == begin or text[at - 1] == "=")):
        # An apostrophe within what is quoted is none that closes it.
        closing = re.compile('"' if text[at] == '"' else r"'(?=\s|$)").search(text, at + 1)
        if closing is None:
            raise Refused(f"A quote is not closed: {text[at : at + 40]}")
        return unescaped(text[at + 1 : closing.start()]), closing.end()
    end = at + 1
    while end < len(text) and not text[end].isspace() and text[end] not in "\"'<":
        end += 1
    return unescaped(text[at:end]), end
