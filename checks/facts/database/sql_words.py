"""A statement's tokens read from left to right: words, names, groups in brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.facts.database.sql_tokens import Token

_OPENS, _CLOSES = frozenset("(["), frozenset(")]")
LONGEST = 2_000  # characters of an expression that are kept


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its schema ("" where it says none), in small letters unless quoted."""

    schema: str
    name: str


class Words:
    """Reads the tokens of one statement; `at` is the place of the next one."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def next(self) -> Token | None:
        """The next token, or None at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def sees(self, *words: str) -> bool:
        """Whether the next tokens are *words*, in order."""
        ahead = self.tokens[self.at : self.at + len(words)]
        return len(ahead) == len(words) and all(token.says(word) for token, word in zip(ahead, words, strict=True))

    def take(self, *words: str) -> bool:
        """Step over *words* where they stand next; return whether they did."""
        if not self.sees(*words):
            return False
        self.at += len(words)
        return True

    def take_any(self, *words: str) -> str:
        """Step over one of *words* and return it, or an empty string."""
        token = self.next
        if token is None or not token.says(*words):
            return ""
        self.at += 1
        return token.text

    def take_sign(self, sign: str) -> bool:
        """Step over *sign* where it stands next."""
        token = self.next
        if token is None or not token.is_sign(sign):
            return False
        self.at += 1
        return True

    def identifier(self) -> str:
        """Step over one identifier, quoted or not, and return it, or an empty string."""
        token = self.next
        if token is None or token.kind not in {"word", "name"}:
            return ""
        self.at += 1
        return token.text

    def name(self) -> Name:
        """Step over a name with or without its schema."""
        parts = [self.identifier()]
        while parts[-1] and self.take_sign("."):
            parts.append(self.identifier())
        return Name(parts[-2] if len(parts) > 1 else "", parts[-1])

    def group(self) -> list[Token] | None:
        """Step over what stands in round brackets and return it without them; None where no bracket stands next."""
        if not self.take_sign("("):
            return None
        depth, begins = 1, self.at
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "sign":
                depth += (token.text in _OPENS) - (token.text in _CLOSES)
                if not depth:
                    return list(self.tokens[begins : self.at - 1])
        return list(self.tokens[begins:])

    def rest(self) -> Sequence[Token]:
        """Return what is left."""
        return self.tokens[self.at :]


def parted(tokens: Sequence[Token], sign: str = ",", word: str = "") -> list[list[Token]]:
    """Return *tokens* cut at each *sign*, or each *word*, that stands in no bracket."""
    parts: list[list[Token]] = [[]]
    depth = 0
    between = False  # x between a and b
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in _OPENS) - (token.text in _CLOSES)
        if not depth and word == "and" and token.says("between"):
            between = True
        cuts = token.says(word) if word else token.is_sign(sign)
        if cuts and not depth and not between:
            parts.append([])
            continue
        if cuts and not depth:
            between = False
        parts[-1].append(token)
    return parts


def written(tokens: Sequence[Token]) -> str:
    """Return *tokens* as text again, strings quoted, no longer than `LONGEST`."""
    pieces: list[str] = []
    size = 0
    for token in tokens:
        piece = token.text
        if token.kind in {"string", "body"}:
            piece = "'" + token.text.replace("'", "''") + "'"
        elif token.kind == "name":
            piece = '"' + token.text.replace('"', '""') + '"'
        size += len(piece) + 1
        if size > LONGEST:
            break
        pieces.append(piece)
    return " ".join(pieces)
