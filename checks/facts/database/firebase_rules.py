"""
Firebase's rules: what firestore.rules, storage.rules and database.rules.json let anybody do.

The rules' language is read as far as `match` paths, `allow` lines and helper functions without arguments go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from checks.fact import Collector, Listing
from checks.facts.database.data_words import is_about_people
from checks.facts.tier import Tier, tier_of

_PIECE = re.compile(
    r"//[^\n]*|/\*.*?(?:\*/|\Z)|\bmatch[ \t]{1,20}(?P<path>/\S{0,400})"
    r"|\ballow[ \t]{1,20}(?P<verbs>[\w, \t]{1,80}?)[ \t]{0,20}(?:;|:\s{0,20}if\b"
    r"(?P<condition>(?:(?!\ballow\b|\bmatch\b)[^;]){0,4000});?)|(?P<open>\{)|(?P<close>\})",
    re.DOTALL,
)
_RETURNS = re.compile(r"\breturn\b([^;}]*)")
_SIGNED_IN = re.compile(r"request\.auth(?:\.uid)?!=null|request\.auth\.uid!=\"\"")
_DATE = re.compile(r"request\.time<timestamp\.date\((\d+),(\d+),(\d+)\)")
_SETTING = re.compile(r"\"(\.read|\.write|[\w$.-]{1,200})\"\s{0,20}:\s{0,20}(true|\"[^\"\n]{0,4000}\"|\{)|\}")
_MOST = 500
_MOST_RULES = 5_000
_WRITES = frozenset({"write", "create", "update", "delete"})


@dataclass(frozen=True, slots=True)
class Allowed:
    """
    One line that lets somebody in. *who* is anyone, signed_in or until (a date); *path* is what it is about.

    *verbs* are read and write or finer ones; *until* is the date as YYYY-MM-DD.
    """

    line: int
    path: str
    verbs: tuple[str, ...]
    who: str
    until: str = ""

    @property
    def writes(self) -> bool:
        """Whether it lets somebody change data."""
        return not _WRITES.isdisjoint(self.verbs)

    @property
    def whole(self) -> bool:
        """Whether it is about everything that the database holds."""
        return "=**}" in self.path.rpartition("/documents")[2].rpartition("/o/")[2].split("/")[-1] and (
            self.path.count("/") <= _SHALLOW or self.path in {"", "/"}
        )

    @property
    def people(self) -> bool:
        """Whether the path names people's data, or everything."""
        below = self.path.rpartition("/documents/")[2]
        names = [part for part in below.split("/") if part and not part.startswith(("{", "$"))]
        return self.path in {"", "/"} or self.whole or any(is_about_people(name, ()) for name in names)


_SHALLOW = 5  # /databases/{database}/documents/{document=**}


@dataclass(frozen=True, slots=True)
class RulesFile:
    """
    The lines of one rules file that let in more than an owner.

    *kind* is firestore, storage or realtime; *whole* says that all of it was read.
    """

    kind: str
    allowed: tuple[Allowed, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class FirebaseRules:
    """All rules files, by path."""

    files: Mapping[str, RulesFile]

    @property
    def unseen(self) -> tuple[str, ...]:
        """The files that were read in part."""
        return tuple(
            f"{path}: too many rules to be read" for path, part in sorted(self.files.items()) if not part.whole
        )


def kind_of(path: str) -> str | None:
    """Return which rules *path* holds by its name, or None."""
    if tier_of(path) not in {Tier.CODE, Tier.EXAMPLE}:
        return None
    name = path.rpartition("/")[2].lower()
    if name.endswith(".rules"):
        return "storage" if "storage" in name else "firestore"
    return "realtime" if name in {"database.rules.json", "database-rules.json", "firebase.rules.json"} else None


def read(text: str, kind: str) -> RulesFile:
    """Return what *text* lets in."""
    whole = text.count("allow") + text.count('":') <= _MOST_RULES
    lines = _settings(text) if kind == "realtime" else _matches(text)
    return RulesFile(kind, tuple(islice(lines, _MOST)), whole) if whole else RulesFile(kind, (), whole)


def _matches(text: str) -> Iterator[Allowed]:
    """Yield the allow lines of rules in Firebase's language that let in everybody, or everybody signed in."""
    helpers = _helpers(text)
    stack: list[str] = []
    pending = ""
    for piece in _PIECE.finditer(text):
        if piece["path"] is not None:
            pending = piece["path"].removesuffix("{") or "/"
            if piece["path"].endswith("{") and not piece["path"].endswith("}{"):
                stack.append(pending)
                pending = ""
        elif piece["open"]:
            stack.append(pending)
            pending = ""
        elif piece["close"] and stack:
            stack.pop()
        elif piece["verbs"] is not None:
            line = text.count("\n", 0, piece.start()) + 1
            verbs = tuple(verb.strip() for verb in piece["verbs"].split(",") if verb.strip())
            who, until = _who(piece["condition"], helpers)
            if who:
                yield Allowed(line, "".join(stack), verbs, who, until)


def _helpers(text: str) -> dict[str, str]:
    """Return the conditions that the functions without a body of their own words return, by name."""
    found = {}
    for piece in list(re.finditer(r"\bfunction\s{1,20}(\w{1,80})\s{0,20}\([^)]{0,200}\)\s{0,20}\{", text))[:_MOST]:
        returned = _RETURNS.search(text, piece.end(), piece.end() + 600)
        if returned is not None:
            found[piece[1]] = _plain(returned[1])
    return found


def _plain(condition: str) -> str:
    return re.sub(r"\s+", "", condition)


def _who(condition: str | None, helpers: Mapping[str, str]) -> tuple[str, str]:
    """Return who *condition* lets in (anyone, signed_in, until), and until when; nothing where it asks for more."""
    if condition is None:
        return "anyone", ""
    plain = _plain(condition)
    for _ in range(3):
        called = re.fullmatch(r"(\w+)\(\w*\)", plain)
        if called is None or called[1] not in helpers:
            break
        plain = helpers[called[1]]
    plain = plain.rstrip("}")  # where the line ended without its semicolon
    plain = plain[1:-1] if plain.startswith("(") and plain.endswith(")") else plain
    if plain == "true" or "||true" in plain:
        return "anyone", ""
    if _SIGNED_IN.fullmatch(plain):
        return "signed_in", ""
    date = _DATE.fullmatch(plain)
    return ("until", "-".join(part.zfill(2) for part in date.groups())) if date is not None else ("", "")


def _settings(text: str) -> Iterator[Allowed]:
    """Yield the `.read` and `.write` of a Realtime Database that let in everybody, or everybody signed in."""
    stack: list[str] = []
    for piece in _SETTING.finditer(text):
        if piece.group() == "}":
            if stack:
                stack.pop()
        elif piece[2] == "{":
            stack.append(piece[1])
        elif piece[1] in {".read", ".write"}:
            plain = _plain(piece[2].strip('"')).replace("'", "")
            who = {"true": "anyone", "auth!=null": "signed_in", "auth.uid!=null": "signed_in"}.get(plain)
            if who is not None:
                line = text.count("\n", 0, piece.start()) + 1
                yield Allowed(line, "/" + "/".join(stack[1:]), (piece[1][1:],), who)


def join(parts: Mapping[str, RulesFile], _listing: Listing) -> FirebaseRules:
    """Return all rules files."""
    return FirebaseRules(parts)


source = Collector(fact=FirebaseRules, part=RulesFile, kind_of=kind_of, read=read, join=join)
