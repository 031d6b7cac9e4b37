"""
SQL cut into tokens and statements, for PostgreSQL's dialect: comments, strings, dollar quotes, COPY data.

One pass, linear in the text. What is never closed ends with the text, so no file is refused; a file with more tokens
than `MOST` is read as far as that, and says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MOST = 500_000  # tokens of one file: some 3 MB of SQL
_TOKEN = re.compile(
    r"--[^\n]*|/\*|[eE]'|'|\"|\$(?:[A-Za-z_]\w*)?\$|[^\W\d][\w$]*|\d[\w.]*|::|->>|->|#>>|\|\||[<>!:]=|<>|^\\[^\n]*|\S",
    re.MULTILINE,
)
_COPY_ENDS = re.compile(r"^\\\.[ \t\r]*$", re.MULTILINE)


class Token(NamedTuple):  # a dump has half a million of them, and a tuple is made in a third of the time
    """
    One token. *kind* is word, name ("quoted"), string, body (dollar-quoted) or sign.

    *text* is the word in small letters, or what stands between the quotes; *line* is from 1, *start* the offset of what
    stands between the quotes.
    """

    kind: str
    text: str
    line: int
    start: int = 0

    def says(self, *words: str) -> bool:
        """Whether this is one of the unquoted *words*."""
        return self.kind == "word" and self.text in words

    def is_sign(self, sign: str) -> bool:
        """Whether this is the sign *sign*."""
        return self.kind == "sign" and self.text == sign


@dataclass(frozen=True, slots=True)
class Script:
    """The statements of one text, each a list of tokens without its semicolon; *whole* is False where it was cut."""

    statements: tuple[tuple[Token, ...], ...]
    whole: bool = True


def script_of(text: str, first_line: int = 1) -> Script:
    """Return the statements of *text*, whose first line is number *first_line* of its file."""
    statements: list[tuple[Token, ...]] = []
    current: list[Token] = []
    tokens = _Tokens(text, first_line)
    for count, token in enumerate(tokens.all()):
        if count >= MOST:
            return Script(tuple(statements), whole=False)
        if not token.is_sign(";"):
            current.append(token)
        elif current:
            statements.append(tuple(current))
            tokens.skip_data(current)
            current = []
    if current:
        statements.append(tuple(current))
    return Script(tuple(statements))


class _Tokens:
    """The tokens of *text*; `skip_data` moves on behind the rows of a COPY."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._first = first_line
        self._position = 0

    def skip_data(self, statement: list[Token]) -> None:
        """Move on behind the data that follow *statement*, where it is COPY ... FROM stdin."""
        if statement[0].says("copy") and any(token.says("stdin") for token in statement):
            ends = _COPY_ENDS.search(self._text, self._position)
            self._position = ends.end() if ends is not None else len(self._text)

    def all(self) -> Iterator[Token]:
        """Yield the tokens in order, comments left out."""
        while (match := _TOKEN.search(self._text, self._position)) is not None:
            start, found = match.start(), match.group()
            self._position = match.end()
            if found.startswith(("--", "\\")):
                continue
            if found == "/*":
                self._position = self._comment_end(match.end())
                continue
            yield self._token(start, found)

    def _token(self, start: int, found: str) -> Token:
        line = self._first + bisect_right(self._ends, start - 1)
        if found in {"'", "e'", "E'", '"'}:
            inner = self._position
            end = self._quote_end(inner, found[-1], escapes=found in {"e'", "E'"})
            self._position = min(end + 1, len(self._text))
            text = self._text[inner:end].replace(found[-1] * 2, found[-1])
            return Token("name" if found == '"' else "string", text, line, inner)
        if found[0] == "$" and found[-1] == "$" and len(found) > 1:
            inner = self._position
            end = self._text.find(found, inner)
            end = len(self._text) if end < 0 else end
            self._position = min(end + len(found), len(self._text))
            return Token("body", self._text[inner:end], line, inner)
        if found[0].isalpha() or found[0] == "_":
            return Token("word", found.lower(), line, start)
        return Token("number" if found[0].isdigit() else "sign", found, line, start)

    def _quote_end(self, position: int, quote: str, *, escapes: bool) -> int:
        """Return where the text that begins at *position* ends: at the first quote that is not doubled nor escaped."""
        text = self._text
        while True:
            end = text.find(quote, position)
            if end < 0:
                return len(text)
            if escapes:
                slashes = end
                while slashes > position and text[slashes - 1] == "\\":
                    slashes -= 1
                if (end - slashes) % 2:
                    position = end + 1
                    continue
            if text[end + 1 : end + 2] == quote:
                position = end + 2
                continue
            return end

    def _comment_end(self, position: int) -> int:
        """Return where a comment ends; comments nest in PostgreSQL."""
        depth = 1
        for match in re.compile(r"/\*|\*/").finditer(self._text, position):
            depth += 1 if match.group() == "/*" else -1
            if not depth:
                return match.end()
        return len(self._text)
