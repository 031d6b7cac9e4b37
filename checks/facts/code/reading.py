"""What the readers of Python and JavaScript share: the walk over a file's tree, and what it gathers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from checks.facts.code.believed import unproved
from checks.facts.code.bodies import LONGEST_BODY, Body, finished
from checks.facts.code.conditions import Condition, Surroundings
from checks.facts.code.outline import Assign, Call, Class, Expr, Function, Import, Outline
from checks.facts.code.path_tests import paths_in
from checks.facts.code.syntax import descend, parse, text_of

MOST_NODES = 1_500_000  # of one file; a larger one is read in part, and says so
LONGEST_NAME = 80
_TIMES, _FREE = 10, 200_000  # how often a file's text is searched for all its functions, and what is free beside
Inside = tuple[str, Body | None]  # the scope and the function that a node stands in

_LOGIN = re.compile(r"redirect\w*\(|seeother|httpfound", re.IGNORECASE)
_LOGIN_TARGET = re.compile(
    r"log_?-?in|sign_?-?in|sso|/auth|auth\.|unauthori|forbidden|denied|not-?allowed", re.IGNORECASE
)
_401 = re.compile(
    r"\b401\b|unauth(?:ori[sz]ed|enticated)|not_?authenticated|not authenticated|authenticationfailed|www-authenticate"
    r"|not logged in|login required|(?:must|need to) (?:be logged|log ?in|sign ?in)",
    re.IGNORECASE,
)
_403 = re.compile(r"\b403\b|forbidden|permissiondenied|not allowed|access denied|not authori[sz]ed", re.IGNORECASE)
_DEVELOPMENT = re.compile(
    r"NODE_ENV\s*!==?\s*[\"']production|NODE_ENV\s*===?\s*[\"'](?:dev|test|local)|is_?dev|debug|development|\blocal\b"
    r"|\btesting\b|__DEV__|is_?local",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(r"404|not_?found|DoesNotExist", re.IGNORECASE)


def how_of(text: str) -> str | None:
    """Return how statement *text* turns somebody away: 401, 403, login, or None where it does not say."""
    if _LOGIN.search(text):
        return "login" if _LOGIN_TARGET.search(text) else None
    if _401.search(text):
        return "401"
    return "403" if _403.search(text) else None


def thrown(text: str) -> str:
    """Return how a throw *text* that names no login leaves: throw, or exit where something was not found."""
    return "exit" if _NOT_FOUND.search(text) else "throw"


#: A middleware hands the request on, for what comes after to answer.
_LETS_BY = re.compile(r"return\s+(?:await\s+)?(?:self\.)?(?:next\(\s*\)|call_next\(|get_response\()")
_NONE_SENT = re.compile(
    r"(?:\bnot\s+|!\s*)\(?\s*(?P<name>(?:\w{1,60}\.){0,6}\w{0,60}(?:token|auth|bearer|credential|jwt|user|session)\w{0,60})"
    r"\s*(?:$|[)|&?:]|\b(?:or|and)\b)",
    re.IGNORECASE,
)
_OWN_SWITCH = re.compile(r"\benv|config|settings|(?i:required|enabled|disabled|needed)|[A-Z][A-Z0-9_]{2,}$")


def lets_strangers_by(text: str, conditions: Sequence[Condition], local: Mapping[str, str]) -> bool:
    """Whether statement *text* hands on the request of who sent no credential: what follows asks only those who did."""
    holding = next((one for one in conditions if one.enclosing and one.holds), None)
    found = _NONE_SENT.search(holding.text[:400]) if holding is not None and _LETS_BY.match(text) else None
    if found is None:
        return False
    name = found["name"]
    return not _OWN_SWITCH.search(name) and not _OWN_SWITCH.search(local.get(name, "").partition(" ;")[0][:80])


_TOKEN_WORK = re.compile(r"[dD]ecode|split\(\s*[\"']\.")
#: Supabase's gateway looks at the signature before one of its functions is called.
_BEHIND_A_GATE = re.compile(r"\bDeno\.|deno\.land|[\"']jsr:")
_LONGEST_READER = 2_000  # bytes of a function that reads a token; longer ones do more than that


@dataclass(slots=True)
class Reader:
    """Gathers one file's outline; a language's reader says what each node means (`visit`)."""

    text: str
    language: str
    source: bytes = b""
    imports: list[Import] = field(default_factory=list)
    bodies: list[tuple[Body, Node]] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    assigns: list[Assign] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    exports: list[tuple[str, Expr]] = field(default_factory=list)
    directives: list[str] = field(default_factory=list)
    state: set[str] = field(default_factory=set)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unsearched: bool = False

    def read(self) -> Outline:
        """Walk the tree and return what was gathered; no depth of the file can end it."""
        self.source = self.text.encode("utf-8", "replace")
        root = parse(self.text, self.language).root_node
        outside: Inside = ("", None)
        ended_early = descend(root, outside, lambda node, inside: self.visit(node, *inside), MOST_NODES)
        functions = self._finished()
        return Outline(
            "python" if self.is_python else "javascript",
            tuple(self.imports),
            functions,
            tuple(self.classes),
            tuple(self.assigns),
            tuple(self.calls),
            tuple(self.exports),
            tuple(self.directives),
            truncated=ended_early or self.unsearched,
        )

    @property
    def is_python(self) -> bool:
        """Whether the file is Python; the others are JavaScript or TypeScript."""
        return self.language == "python"

    def _finished(self) -> tuple[Function, ...]:
        """Return the functions; each one's text is searched, so functions within functions cost their file again."""
        left = _FREE + _TIMES * len(self.source)
        found = []
        module = Surroundings({}, frozenset(), frozenset(self.state), self.lists, self._unproved(), self.is_python)
        for body, node in self.bodies:
            text = self.short(node, LONGEST_BODY) if left > 0 else ""
            left -= len(text)
            found.append(finished(body, text, module))
        self.unsearched = left <= 0
        return tuple(found)

    def _unproved(self) -> frozenset[str] | None:
        """Return the names of the functions that take a token apart and never look at its signature (Surroundings)."""
        if not _TOKEN_WORK.search(self.text) or _BEHIND_A_GATE.search(self.text):
            return None
        short = (pair for pair in self.bodies if pair[1].end_byte - pair[1].start_byte < _LONGEST_READER)
        return frozenset(
            body.name.rpartition(".")[2]
            for body, node in short
            if unproved(self.short(node, _LONGEST_READER), python=self.is_python)
        )

    def visit(self, node: Node, scope: str, body: Body | None) -> Inside | None:
        """Note what *node* says; return where its children stand, or None to leave them out."""
        raise NotImplementedError

    def short(self, node: Node, limit: int = 400) -> str:
        """Return the beginning of *node*'s text, *limit* bytes at most."""
        return self.source[node.start_byte : min(node.end_byte, node.start_byte + limit)].decode("utf-8", "replace")

    def shared(
        self, name: str, value: Node, literals: Mapping[str, object] | frozenset[str], lists: frozenset[str]
    ) -> None:
        """Note *name* of the module: state that every caller shares (a literal), or a list of paths."""
        if value.type in literals:
            self.state.add(name)
        if value.type in lists and value.end_byte - value.start_byte < 4_000:  # noqa: PLR2004 - a list, not data
            paths = paths_in(text_of(value))
            if paths:
                self.lists[name] = paths


def in_development(texts: list[str]) -> bool:
    """Whether one of the conditions *texts* holds only where the app is developed."""
    return any(_DEVELOPMENT.search(text) for text in texts)
